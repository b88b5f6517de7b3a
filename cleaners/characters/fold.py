"""Text folded for comparison: what looks the same to a reader becomes the same characters.

Four strengths, each one `str.translate` with a table made once: `fold_aligned` keeps every offset, `fold` is for digests and
equality, `fold_search` is for both sides of a search, `squeeze` for lines met by rules. None of them is ever stored as the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from cleaners.characters.script import hans_table

_ZERO_WIDTH = frozenset(
    map(chr, (0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF))
)
_VARIANTS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Variation selectors: they choose a glyph of the character before them (Unicode 23.4) and say nothing."""
_UNSEEN = _ZERO_WIDTH | _VARIANTS
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_BLANK = frozenset(character for character in map(chr, range(0x3001)) if character.isspace())
_COMPATIBLE = ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0xFE10, 0xFE20), (0xFE30, 0xFE70), (0x2F800, 0x2FA20))
_LONGEST_KEPT = 500  # characters of a line whose folded form is kept for the next step
_PLANE = 0x10000
_PUNCTUATION = {
    '"': "“”„‟「」『』〝〞",
    "'": "‘’‚‛",
    "-": "‐‑‒–—―−─━",
    "·": "•・‧∙⋅･",
    "[": "〔﹝",
    "]": "〕﹞",
}
_SPACE_BETWEEN_WORDS = re.compile(r"(?<=[0-9A-Za-z])\s+(?=[0-9A-Za-z])")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Table:
    """What each character becomes: `plain` by code point for the 65,536 of the first plane, `beyond` for the rest.

    A tuple, because `str.translate` looks a character up in it in under half the time it takes to miss it in a dict.
    """

    plain: tuple[int | str, ...]
    beyond: Mapping[int, str]

    def apply(self, text: str) -> str:
        """Translate a text; characters beyond the first plane, which few have, in a second pass."""
        folded = text.translate(self.plain)
        return folded if 2 * len(folded) == len(folded.encode("utf-16-le", "surrogatepass")) else folded.translate(self.beyond)


def fold(text: str) -> str:
    """Fold a text for digests and equality; the length may change.

    On top of `fold_aligned`: quotes, dashes, middle dots and 〔〕 have one form each, characters of no width are gone, and so
    is all white space (柏　岳 is 柏岳, however lines are broken) but for one space between two Latin letters or digits,
    where taking it away would join words or numbers. Idempotent; case is kept.
    """
    return _folded(text) if len(text) <= _LONGEST_KEPT else _fold(text)


def _fold(text: str) -> str:
    folded = _fold_table().apply(text)
    return _SPACE.sub("", _SPACE_BETWEEN_WORDS.sub("\x00", folded)).replace("\x00", " ")


_folded = lru_cache(2048)(_fold)  # issuers, days and titles are folded by every notice and step


def fold_aligned(text: str) -> str:
    """Fold width and script one character for one, so that offsets hold in both texts.

    Full-width ASCII becomes half-width, U+3000 and other spaces a space, Traditional characters Simplified ones
    (character by character), compatibility ideographs and radicals the plain character. Idempotent.
    """
    return _aligned(text) if len(text) <= _LONGEST_KEPT else _aligned_table().apply(text)


@lru_cache(maxsize=2048)  # a line is folded by every step that reads it
def _aligned(text: str) -> str:
    return _aligned_table().apply(text)


def fold_search(text: str) -> str:
    """Fold a text or a query for searching: `fold_aligned` in lower case without characters of no width. Idempotent."""
    return _search_table().apply(text)


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    """Fold a line for matching: `fold_search` without white space."""
    return _squeeze_table().apply(text)


def squeeze_lines(texts: Iterable[str]) -> list[str]:
    """Fold lines for matching, all in one go; a text with a line break in it gives several."""
    return _squeeze_rows().apply("\n".join(texts)).split("\n")


@cache
def _aligned_pairs() -> dict[int, str]:
    hans = hans_table()
    pairs = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    pairs |= {ord(space): " " for space in _SPACES}
    for start, stop in _COMPATIBLE:
        pairs |= {code: plain for code in range(start, stop) if (plain := _plain(code)) != chr(code)}
    return hans | {code: hans.get(ord(plain), plain) for code, plain in pairs.items()}


@cache
def _search_pairs() -> dict[int, str]:
    lower = {code: low for code in range(_PLANE) if len(low := chr(code).lower()) == 1 and low != chr(code)}
    return lower | {code: plain.lower() for code, plain in _aligned_pairs().items()} | _gone(_UNSEEN)


@cache
def _aligned_table() -> _Table:
    return _table(_aligned_pairs())


@cache
def _fold_table() -> _Table:
    pairs = _aligned_pairs() | _gone(_UNSEEN) | {0: "\ufffd"}
    return _table(pairs | {ord(form): plain for plain, forms in _PUNCTUATION.items() for form in forms})


@cache
def _search_table() -> _Table:
    return _table(_search_pairs())


@cache
def _squeeze_table() -> _Table:
    return _table(_search_pairs() | _gone(_BLANK))


@cache
def _squeeze_rows() -> _Table:
    return _table(_search_pairs() | _gone(_BLANK - {"\n"}))


def _gone(characters: Iterable[str]) -> dict[int, str]:
    return dict.fromkeys(map(ord, characters), "")


def _table(pairs: Mapping[int, str]) -> _Table:
    plain: list[int | str] = [*_same()]
    for code, form in pairs.items():
        if code < _PLANE:
            plain[code] = form
    return _Table(tuple(plain), {code: form for code, form in pairs.items() if code >= _PLANE})


@cache
def _same() -> tuple[int, ...]:
    return tuple(range(_PLANE))


def _plain(code: int) -> str:
    plain = unicodedata.normalize("NFKC", chr(code))
    return plain if len(plain) == 1 else chr(code)
