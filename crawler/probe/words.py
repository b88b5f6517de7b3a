"""The words of a probe, Chinese and English, from `words.toml`; what stands there in no group comes from the notices' own words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from crawler.explain import words as explained


@cache
def _own() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


def pair(group: str, key: str, **values: object) -> tuple[str, str]:
    """Give a word in Chinese and English with its places filled; the key itself where there is none, so that nothing is hidden."""
    own = _own().get(group, {}).get(key)
    chinese, english = own or explained.pair(group, key)
    return (chinese.format(**values), english.format(**values)) if values else (chinese, english)


def both(group: str, key: str, **values: object) -> str:
    """Give a word in both languages, once where they are the same."""
    return explained.joined(pair(group, key, **values))
