"""Reads model.toml and families.toml: the sites of the model web and the days of its clock."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from crawler.demo.records import ModelColumn, ModelSite


@cache
def model() -> Mapping[str, Any]:
    """Read model.toml."""
    table: Mapping[str, Any] = tomllib.loads(files("crawler.demo").joinpath("model.toml").read_text("utf-8"))
    return table


@cache
def families() -> tuple[ModelSite, ...]:
    """Give the sites of families.toml in file order: one a CMS family that the demo does not crawl."""
    table = tomllib.loads(files("crawler.demo").joinpath("families.toml").read_text("utf-8"))
    return tuple(_site(site) for site in table["sites"])


@cache
def sites() -> tuple[ModelSite, ...]:
    """Give the model sites in file order."""
    return tuple(_site(table) for table in model()["sites"])


def _site(table: Mapping[str, Any]) -> ModelSite:
    columns = tuple(ModelColumn(**{**column, "forms": tuple(column["forms"])}) for column in table["columns"])
    lists = {key: tuple(table[key]) for key in ("topics", "files") if key in table}
    return ModelSite(**{**table, **lists, "columns": columns})


def site_named(name: str) -> ModelSite:
    """Give the model site of that name; KeyError where there is none."""
    return {site.name: site for site in (*sites(), *families())}[name]


def today(day: int) -> date:
    """Give the date on which day 1, 2, ... of the model web falls; days after the last listed one follow it."""
    listed: list[date] = model()["days"]
    return listed[day - 1] if day <= len(listed) else listed[-1] + timedelta(days=day - len(listed))
