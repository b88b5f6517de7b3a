"""The words for fields, places, flags and categories, Chinese and English, read from `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("zh", "en")


@cache
def word_tables() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Give the words by group and key, each as (Chinese, English)."""
    tables = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    return {group: {key: (pair[0], pair[1]) for key, pair in table.items()} for group, table in tables.items()}


def word(group: str, key: str, lang: str = "zh") -> str:
    """Give the word for a key in a language (`zh` or `en`); the key itself where there is none, so that nothing is hidden."""
    return word_tables().get(group, {}).get(key, (key, key))[LANGUAGES.index(lang)]
