"""The words of the interface, Chinese and English: the cleaners' and those of `words.toml`; stored reasons put into Chinese."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cleaners.words import LANGUAGES, word_tables

LONGEST = 8000
"""Characters of a reason that are looked at; a longer one stands as it is."""
_BETWEEN = re.compile(r"; (?![^()]*\))")  # parts are joined by this, where it is not within brackets
_DEEPEST = 4
_REASONS = "reasons"


@dataclass(frozen=True, slots=True)
class Words:
    """The words in one language, by group; a key without a word stands for itself.

    `reasons` are what a stored reason may look like, and how it reads in this language; none where it is the language stored.
    """

    lang: str
    groups: dict[str, dict[str, str]]
    reasons: tuple[tuple[re.Pattern[str], str], ...] = ()

    def word(self, group: str, key: object) -> str:
        """Give the word for a key; the key itself where the group has none, so that nothing is hidden."""
        text = "" if key is None else str(key)
        return self.groups.get(group, {}).get(text, text)

    def knows(self, group: str, key: str) -> bool:
        """Say whether the group has a word of its own for the key."""
        return key in self.groups.get(group, {})

    def reason(self, text: str) -> str:
        """Give a stored reason in this language; parts nobody wrote a pattern for stand as they are."""
        return self._reason(text, _DEEPEST) if len(text) <= LONGEST else text

    def _reason(self, text: str, depth: int) -> str:
        parts = _BETWEEN.split(text)
        said = [self._part(part, depth) for part in parts]
        return text if said == parts else "；".join(said)

    def _part(self, part: str, depth: int) -> str:
        tried = ((pattern.fullmatch(part), said) for pattern, said in self.reasons if depth)
        found = next(((match, said) for match, said in tried if match), None)
        if found is None:
            return part
        match, said = found
        return said.format_map({name: self._piece(name, value, depth) for name, value in match.groupdict().items()})

    def _piece(self, name: str, value: str, depth: int) -> str:
        return self._reason(value, depth - 1) if name.startswith("reason") else self.word(name, value)


@cache
def words(lang: str) -> Words:
    """Give the words of a language (`zh` or `en`); anything else is Chinese."""
    column = LANGUAGES.index(lang) if lang in LANGUAGES else 0
    tables = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    reasons = tables.pop(_REASONS)
    groups: dict[str, dict[str, str]] = {}
    for group, table in (*word_tables().items(), *tables.items()):
        groups.setdefault(group, {}).update((key, pair[column]) for key, pair in table.items())
    patterns = tuple((re.compile(pattern, re.DOTALL), said) for pattern, said in reasons.items()) if column == 0 else ()
    return Words(LANGUAGES[column], groups, patterns)
