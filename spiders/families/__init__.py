"""CMS families as data (families.toml): how their listing pages look, what their articles are called, how lists go on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """How a family's JSON names a row's address, title and date; `address` makes an address of a number, which stands for `{}`."""

    url: tuple[str, ...]
    title: tuple[str, ...]
    date: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """One CMS family: how its listing pages are known, what they list, how they go on, and what all this was built on.

    `html` are texts of which one in a page is enough, `url` patterns of listing addresses, `article` patterns of notice
    addresses, `pagers` names in `spiders.paging.pagers`, `rows` a selector of the rows of its lists. `listing`, `paging`, `dates`,
    `identity` and `evidence` say in words where lists are, how they go on, what a notice's address says of its day, what in it is the
    notice's own, and what stands behind it all.
    """

    id: str
    name: str
    verified: bool
    html: tuple[str, ...]
    url: tuple[re.Pattern[str], ...]
    article: tuple[re.Pattern[str], ...]
    pagers: tuple[str, ...]
    rows: str = ""
    answer: Answer | None = None
    listing: str = ""
    paging: str = ""
    dates: str = ""
    identity: str = ""
    evidence: str = ""

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


def _family(entry: Mapping[str, Any]) -> Family:
    return Family(
        id=entry["id"],
        name=entry["name"],
        verified=entry["verified"],
        html=tuple(entry.get("html", ())),
        url=_patterns(entry, "url"),
        article=_patterns(entry, "article"),
        pagers=tuple(entry["pagers"]),
        rows=", ".join(entry.get("rows", ())),
        answer=_answer(entry["answer"]) if "answer" in entry else None,
        listing=entry["listing"],
        paging=entry["paging"],
        dates=entry["dates"],
        identity=entry["identity"],
        evidence=entry["evidence"],
    )


def _patterns(entry: Mapping[str, Any], key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in entry.get(key, ()))


def _answer(entry: Mapping[str, Any]) -> Answer:
    return Answer(tuple(entry["url"]), tuple(entry["title"]), tuple(entry.get("date", ())), entry.get("address", ""))
