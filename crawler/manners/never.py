"""Addresses that are never asked for: counters, likes, search suggestions, print and share views (never.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

_LONGEST = 4096  # characters: an address beyond is not read further


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of address looks like, in its host, path or query, and what it is for."""

    reason: str
    host: str = ""
    path: str = ""
    query: str = ""

    def takes(self, parts: Mapping[str, str]) -> bool:
        """Say whether an address, given by its parts in lower case, is one."""
        return any(pattern and re.search(pattern, parts[name]) for name, pattern in self._patterns())

    def _patterns(self) -> tuple[tuple[str, str], ...]:
        return ("host", self.host), ("path", self.path), ("query", self.query)


@cache
def rules() -> tuple[Rule, ...]:
    """Give the rules of never.toml."""
    table = tomllib.loads(files(__package__).joinpath("never.toml").read_text("utf-8"))
    return tuple(Rule(**rule) for rule in table["rules"])


def why_never(url: str) -> str:
    """Say why an address is never asked for; empty where it may be."""
    return _why(url[:_LONGEST].lower())


@lru_cache(4096)  # asked when an address is listed, and before it is sent
def _why(url: str) -> str:
    try:
        split = urlsplit(url)
        parts = {"host": split.hostname or "", "path": split.path, "query": split.query}
    except ValueError:
        return ""
    found = next((rule for rule in rules() if rule.takes(parts)), None)
    return f"never asked for: {found.reason}" if found else ""


class Never:
    """Refuses such addresses, as a downloader middleware, before anything is sent; the refusal is recorded with its reason."""

    def process_request(self, request: Request) -> None:
        """Let the request pass or raise IgnoreRequest."""
        if reason := why_never(request.url):
            raise IgnoreRequest(reason)
