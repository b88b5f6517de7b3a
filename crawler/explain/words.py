"""The words of an account, Chinese and English: its own from `words.toml`, those of fields and categories from the cleaners."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from cleaners.words import word_tables


@cache
def _own() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


def pair(group: str, key: str) -> tuple[str, str]:
    """Give a word in Chinese and English; the key itself where there is none, so that nothing is hidden."""
    chinese, english = _own().get(group, {}).get(key) or word_tables().get(group, {}).get(key) or (key, key)
    return chinese, english


def flag_pair(flag: str) -> tuple[str, str]:
    """Say what a flag of a notice or a file means."""
    own = pair("file_flags", flag)
    return own if own[0] != flag else pair("flags", flag)


def both(group: str, key: str) -> str:
    """Give a word in both languages, once where they are the same."""
    return joined(pair(group, key))


def place_pair(place: str) -> tuple[str, str]:
    """Say where a value was read: `meta:PubDate` is the page's metadata, PubDate."""
    return _named("places", place)


def reader_pair(reader: str) -> tuple[str, str]:
    """Say how the text was found: `layout:#zoom` is a layout rule and its selector."""
    return _named("readers", (reader or "none").replace(" ", ":", 1))


def method_pair(method: str) -> tuple[str, str]:
    """Say how bytes became text."""
    return _named("methods", method)


def joined(words: tuple[str, str]) -> str:
    """Put a pair on one line: what both say alike (a selector, a name of metadata) once, at the end."""
    chinese, english = words
    if words[0] != words[1] and " " in chinese and english.endswith(name := chinese[chinese.find(" ") :]):
        chinese = chinese.removesuffix(name)
    return chinese if chinese == english else f"{chinese} {english}"


def _named(group: str, key: str) -> tuple[str, str]:
    kind, _, name = key.partition(":")
    chinese, english = (" ".join(filter(None, (word, name))) for word in pair(group, kind))
    return chinese, english
