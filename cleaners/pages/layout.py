"""What pages of a CMS look like inside: which element holds the text, and until when."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

from cssselect import SelectorError
from lxml.cssselect import CSSSelector

from cleaners.errors import LayoutError

FAR_FUTURE = date.max


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a page keeps its parts: CSS selectors, good for captures made up to and including `valid_until` (None: still valid).

    `body` and `title` may list several selectors separated by commas; `drop` names what goes before the body is read. A layout
    of a `family` is general knowledge and has to stand a comparison with the text found by density; one without is a site's own
    and is believed.
    """

    valid_until: date | None
    body: str
    title: str = ""
    drop: tuple[str, ...] = ()
    family: str = ""


def choose(layouts: Iterable[Layout], captured_at: datetime) -> tuple[Layout, ...]:
    """Give the layouts valid when a page was captured, the one that expires first coming first, order kept otherwise."""
    day = captured_at.date()
    valid = [layout for layout in layouts if layout.valid_until is None or layout.valid_until >= day]
    return tuple(sorted(valid, key=lambda layout: layout.valid_until or FAR_FUTURE))


SIMPLE = re.compile(r"(?P<tag>[a-z]\w*)?(?P<name>[#.][\w-]+)?")


@lru_cache(maxsize=1024)
def plain_names(css: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Split a list of selectors into plain ones (tag, #id, .class, tag.class) as (tag, name), looked up by name, and the rest as CSS."""
    simple: list[tuple[str, str]] = []
    others: list[str] = []
    for part in (part.strip() for part in css.split(",")):
        if part and (plain := SIMPLE.fullmatch(part)):
            simple.append((plain["tag"] or "", plain["name"] or ""))
        elif part:
            others.append(part)
    return tuple(simple), ", ".join(others)


@lru_cache(maxsize=2048)
def selector(css: str) -> CSSSelector:
    """Compile a CSS selector; LayoutError names one that is not valid."""
    try:
        return CSSSelector(css, translator="html")
    except SelectorError as error:
        raise LayoutError(f"layout selector {css!r} is not valid CSS: {error}. Mend it in the site file or in layouts.toml.") from error


@lru_cache(maxsize=1)
def family_layouts() -> tuple[Layout, ...]:
    """Read the layouts of the CMS families from `layouts.toml`."""
    table = tomllib.loads(files("cleaners.pages").joinpath("layouts.toml").read_text(encoding="utf-8"))
    return tuple(
        Layout(row.get("valid_until"), ", ".join(row["body"]), ", ".join(row.get("title", ())), tuple(row.get("drop", ())), row["family"])
        for row in table["layouts"]
    )
