"""CMS families as data (families.toml): how their listing pages look, what their articles are called, how lists go on."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Family:
    """One CMS family: how its listing pages are known and how they go on.

    `html` are texts of which one in a page is enough, `url` patterns of listing addresses, `article` patterns of notice
    addresses, `pagers` names in `spiders.pagers`.
    """

    id: str
    name: str
    verified: bool
    html: tuple[str, ...]
    url: tuple[re.Pattern[str], ...]
    article: tuple[re.Pattern[str], ...]
    pagers: tuple[str, ...]

    def fits(self, text: str, url: str) -> bool:
        """Say whether a listing page with this text at this address is of the family."""
        return any(mark in text for mark in self.html) or any(pattern.search(url) for pattern in self.url)

    def is_article(self, url: str) -> bool:
        """Say whether the address is shaped like one of the family's notices."""
        return any(pattern.search(url) for pattern in self.article)


@cache
def families() -> tuple[Family, ...]:
    """Give the shipped families in the order in which they are tried; `generic` is the last."""
    table = tomllib.loads((files("spiders") / "families.toml").read_text("utf-8"))
    return tuple(_family(entry) for entry in table["families"])


@cache
def family_of(name: str) -> Family:
    """Give the family of that id; raises KeyError for an unknown one."""
    return {family.id: family for family in families()}[name]


def detect(text: str, url: str) -> Family:
    """Recognise the family by page text and address; `generic` where nothing fits."""
    return next((family for family in families() if family.fits(text, url)), family_of("generic"))


def _family(entry: dict[str, Any]) -> Family:
    patterns = {key: tuple(re.compile(pattern) for pattern in entry.get(key, ())) for key in ("url", "article")}
    return Family(
        id=entry["id"],
        name=entry["name"],
        verified=entry["verified"],
        html=tuple(entry.get("html", ())),
        pagers=tuple(entry["pagers"]),
        **patterns,
    )
