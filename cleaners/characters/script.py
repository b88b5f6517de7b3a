"""Traditional and Simplified script: which one a text is in, and its Simplified form for search and matching.

The stored text is never converted; what these functions give stands beside it. The character table is kept as data
(`hans.txt`, derived from OpenCC's t2s) so that digests do not depend on the version of OpenCC installed.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Protocol


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


_IN_WORDS = frozenset("瞭藉")
"""Characters that t2s changes in words only."""


def to_hans(text: str) -> str:
    """Give the text in Simplified script, always as long as the text itself, so that offsets hold in both.

    By phrase with OpenCC t2s (乾燥 -> 干燥, 乾隆 stays) line by line where the length stays, else by character.
    """
    if not has_traditional(text):
        return text
    return "".join(_line(line) for line in text.splitlines(keepends=True))


def to_hans_chars(text: str) -> str:
    """Give the text in Simplified script character by character: coarser than `to_hans`, and the same everywhere."""
    return text.translate(hans_table())


def has_traditional(text: str) -> bool:
    """Say whether the text holds a character that has a Simplified form, be it only in some words (瞭解)."""
    return not _convertible().isdisjoint(text)


def detect(text: str) -> str:
    """Name the script of a text: Hans, Hant, mixed, or empty where it has no Han characters.

    A Han character counts as Traditional when t2s changes it, and as Simplified when t2s makes it of another and Big5 has
    no place for it (于 and 后 are in use in both). More than 15 % of the first and less than 5 % of the second is Hant,
    less than 2 % of the first is Hans.
    """
    if _is_gb2312(text):
        return "Hans" if any(map(_is_han, text)) else ""
    counts = Counter(text)
    if _traditional().isdisjoint(counts):
        return "Hans" if any(map(_is_han, counts)) else ""
    han = sum(count for character, count in counts.items() if _is_han(character))
    if not han:
        return ""
    traditional = sum(map(counts.__getitem__, _traditional().intersection(counts))) / han
    simplified = sum(map(counts.__getitem__, _simplified().intersection(counts))) / han
    if traditional < 0.02:
        return "Hans"
    return "Hant" if traditional > 0.15 and simplified < 0.05 else "mixed"


def wrong_words(text: str) -> dict[str, int]:
    """Count the words that a conversion of each character by itself leaves in a Traditional text (干部 for 幹部, 公裏 for 公里).

    The words are data (`script.toml`): those not converted and those converted to another character's form.
    """
    return {word: count for word in _wrong_words() if (count := text.count(word))}


@cache
def hans_table() -> dict[int, str]:
    """Give the table for `str.translate` from Traditional to Simplified characters, one for one; not to be changed."""
    lines = files("cleaners.characters").joinpath("hans.txt").read_text(encoding="utf-8").splitlines()
    return {ord(pair[0]): pair[1] for line in lines if not line.startswith("#") for pair in line.split()}


def _line(line: str) -> str:
    if not has_traditional(line):
        return line
    try:
        converted = _converter().convert(line)
    except UnicodeEncodeError:  # a lone surrogate: OpenCC takes UTF-8 only
        return to_hans_chars(line)
    return converted if len(converted) == len(line) else to_hans_chars(line)


@cache
def _converter() -> _Converter:
    from opencc import OpenCC  # noqa: PLC0415 - most pages are Simplified and never need it

    converter: _Converter = OpenCC("t2s")
    return converter


@cache
def _traditional() -> frozenset[str]:
    return frozenset(map(chr, hans_table()))


@cache
def _convertible() -> frozenset[str]:
    return _traditional() | _IN_WORDS


@cache
def _in_gb2312() -> tuple[str, ...]:
    return tuple(character for character in sorted(_traditional()) if _is_encodable(character))


def _is_gb2312(text: str) -> bool:
    """Say whether a text is within GB 2312 and without the few Traditional characters in it: most pages are."""
    return _is_encodable(text) and not any(character in text for character in _in_gb2312())


def _is_encodable(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _wrong_words() -> tuple[str, ...]:
    table = tomllib.loads(files("cleaners.characters").joinpath("script.toml").read_text(encoding="utf-8"))
    return (*table["left"], *table["wrong"])


@cache
def _simplified() -> frozenset[str]:
    made = set(hans_table().values()) - _traditional()
    return frozenset(character for character in made if not character.encode("big5", "ignore"))


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\U00020000" <= character <= "\U000323af"
