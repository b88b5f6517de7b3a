"""Everything a cleaner is told as one frozen value: layouts, boilerplate rules and learned lines, with a fingerprint."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from cleaners.errors import LayoutError
from cleaners.noise.linear import why_not_linear
from cleaners.noise.matching import Matcher, Rule
from cleaners.pages.layout import Layout, family_layouts

PLACES = frozenset({"head", "tail", "any", "page"})
ACTIONS = frozenset({"drop", "rest", "keep", "cut", "flag"})
KEYS = frozenset({"name", "category", "where", "action", "lines", "patterns", "flag", "needs", "sentences", "after", "least"})


@dataclass(frozen=True)
class Rules:
    """What a cleaner knows: layouts (a site's own first), boilerplate rules and lines learned from a site's template."""

    layouts: tuple[Layout, ...]
    boilerplate: tuple[Rule, ...]
    learned: tuple[str, ...] = ()

    def with_layouts(self, layouts: Iterable[Layout]) -> Rules:
        """Put a site's own layouts before the families'."""
        return replace(self, layouts=(*layouts, *self.layouts))

    def __reduce__(self) -> tuple[type[Rules], tuple[object, ...]]:
        """Travel to a child process as the rules alone: what is made of them is made there."""
        return Rules, (self.layouts, self.boilerplate, self.learned)

    @cached_property
    def matcher(self) -> Matcher:
        """The rules made ready to meet lines, once for all pages."""
        return Matcher(self.boilerplate, self.learned)

    @cached_property
    def fingerprint(self) -> str:
        """`sha256:<16 hex>` over the cleaners' source and every rule: readings made by the same cleaner carry the same one."""
        digest = hashlib.sha256(_source_digest().encode())
        digest.update(repr((self.layouts, self.boilerplate, self.learned)).encode("utf-8", "surrogatepass"))
        return "sha256:" + digest.hexdigest()[:16]


@lru_cache(maxsize=1)
def _source_digest() -> str:
    digest = hashlib.sha256()
    for name, content in sorted((entry.name, entry.read_bytes()) for entry in _sources(files("cleaners"))):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


def _sources(folder: Traversable) -> Iterator[Traversable]:
    """Give the files that say how a page is read, not those that say how it is told or how attached files are read."""
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in {"attachments", "__pycache__"}:
            yield from _sources(entry)
        elif entry.name.endswith((".py", ".toml", ".txt")) and entry.name not in {"words.py", "words.toml"}:
            yield entry


@lru_cache(maxsize=1)
def default_rules() -> Rules:
    """Give the rules dibao ships: the families' layouts and `boilerplate.toml`, read once."""
    text = files("cleaners.noise").joinpath("boilerplate.toml").read_text(encoding="utf-8")
    return Rules(family_layouts(), read_rules(text, "cleaners/noise/boilerplate.toml"))


def read_rules(text: str, name: str) -> tuple[Rule, ...]:
    """Read boilerplate rules from TOML; LayoutError names the file and the rule that cannot be used."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LayoutError(f"{name} is not valid TOML: {error}.") from error
    return tuple(_rule(row, name) for row in table.get("rules", ()))


def _rule(row: Mapping[str, Any], source: str) -> Rule:
    name = row.get("name", "(a rule without a name)")
    if unknown := set(row) - KEYS:
        raise LayoutError(f"{source}: rule {name!r} has the unknown key {min(unknown)!r}; known are {', '.join(sorted(KEYS))}.")
    try:
        rule = Rule(
            row["name"], row["category"], tuple(row["where"].split()), row.get("action", "drop"),
            tuple(row.get("lines", ())), tuple(row.get("patterns", ())), row.get("flag", ""), row.get("needs", ""),
            bool(row.get("sentences", False)), row.get("after", ""), int(row.get("least", 3)),
        )  # fmt: skip
    except KeyError as error:
        raise LayoutError(f"{source}: rule {name!r} lacks the key {error}.") from error
    check_rule(rule, source)
    return rule


def check_rule(rule: Rule, source: str = "rules") -> None:
    """Refuse, with a LayoutError naming it, a rule whose place, action or regular expressions cannot be used in linear time."""
    if not PLACES.issuperset(rule.where) or not rule.where:
        raise LayoutError(f"{source}: rule {rule.name!r} has where = {' '.join(rule.where)!r}; use {', '.join(sorted(PLACES))}.")
    if rule.action not in ACTIONS:
        raise LayoutError(f"{source}: rule {rule.name!r} has action = {rule.action!r}; use one of {', '.join(sorted(ACTIONS))}.")
    for pattern in rule.patterns:
        _check_pattern(rule.name, pattern, source)


def _check_pattern(name: str, pattern: str, source: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise LayoutError(f"{source}: rule {name!r} holds a regular expression that does not compile: {pattern!r}: {error}.") from error
    if reason := why_not_linear(pattern):
        raise LayoutError(f"{source}: rule {name!r} could take more than linear time: {pattern!r}: {reason}. Bound the repeats.")
