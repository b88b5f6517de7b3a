"""The words of the interface, Chinese and English, read from `words.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The words in one language, by group; a key without a word stands for itself."""

    lang: str
    groups: dict[str, dict[str, str]]

    def word(self, group: str, key: object) -> str:
        """Give the word for a key; the key itself where the group has none, so that nothing is hidden."""
        text = "" if key is None else str(key)
        return self.groups.get(group, {}).get(text, text)

    def knows(self, group: str, key: str) -> bool:
        """Say whether the group has a word of its own for the key."""
        return key in self.groups.get(group, {})


@cache
def words(lang: str) -> Words:
    """Give the words of a language (`zh` or `en`); anything else is Chinese."""
    column = LANGUAGES.index(lang) if lang in LANGUAGES else 0
    tables = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    groups = {group: {key: pair[column] for key, pair in table.items()} for group, table in tables.items()}
    return Words(LANGUAGES[column], groups)
