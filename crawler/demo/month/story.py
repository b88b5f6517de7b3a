"""Reads story.toml: the sites, what they publish on which day, and what happens to it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from crawler.demo.records import ModelColumn, ModelSite

DAYS = 30
FOR_GOOD = 10_000

Name = tuple[str, int]
"""How a notice of the story is called: its site and its key."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens on a day to a notice, or (without a key) to a whole site; over on the day `until`."""

    day: int
    site: str
    what: str
    key: int = 0
    until: int = FOR_GOOD
    to: str = ""

    def lasts(self, day: int) -> bool:
        """Say whether it is so on a day."""
        return self.day <= day < self.until


@dataclass(frozen=True, slots=True)
class Written:
    """A notice written for the story, signed by its site's authority; `listed` where it is older than the story."""

    site: str
    key: int
    day: int
    title: str
    paragraphs: tuple[str, ...]
    number: str = ""
    created: date | None = None
    addressee: str = ""
    listed: date | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A notice published again: by another site, or at another address of its own; `edit` says what was changed in it."""

    site: str
    key: int
    day: int
    of: Name
    edit: str = ""


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = tomllib.loads(files(__package__).joinpath("story.toml").read_text("utf-8"))
    return table


@cache
def sites() -> Mapping[str, ModelSite]:
    """Give the sites by name, in the order of the file."""
    return {table["name"]: _site(table) for table in _table()["sites"]}


def _site(table: Mapping[str, Any]) -> ModelSite:
    columns = tuple(ModelColumn(**{**column, "forms": tuple(column["forms"])}) for column in table["columns"])
    own = {key: value for key, value in table.items() if key != "fresh_days"}
    return ModelSite(**{**own, "columns": columns, "files": tuple(table.get("files", ()))})


def fresh_days(site: str) -> tuple[int, ...]:
    """Give the days on which a site publishes anew in each of its columns, beyond what it has on the first day."""
    return next(tuple(table["fresh_days"]) for table in _table()["sites"] if table["name"] == site)


@cache
def happenings() -> tuple[Happening, ...]:
    """Give what happens, in the order of days."""
    told = (Happening(**table) for table in _table()["happenings"])
    return tuple(sorted(told, key=lambda happening: happening.day))


@cache
def written() -> tuple[Written, ...]:
    """Give the notices written for the story."""
    return tuple(Written(**{**table, "paragraphs": tuple(table["paragraphs"])}) for table in _table()["notices"])


@cache
def copies() -> tuple[Copy, ...]:
    """Give the notices that are published again."""
    return tuple(Copy(**{**table, "of": (table["of"][0], table["of"][1])}) for table in _table()["copies"])
