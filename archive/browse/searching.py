"""The search page: what is asked for in its address, what was found, and how the query was read."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from archive.browse import queries, views
from archive.browse.page import Page
from archive.browse.queries import Row
from archive.search import SCORED, Filters, Hit, Remark, count, find, telling
from archive.search.days import read_days
from archive.search.language import Query

TYPES = (
    *("决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "函", "纪要"),
    *("公示", "办法", "规定", "细则", "方案", "规划", "要点", "解读", "名单"),
)
"""文种 offered in the filter: the fifteen of 《党政机关公文处理工作条例》 (2012), article 8, and what else is common on the web."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader asks for: the query, the filters beside it, how hits are ordered, whether earlier versions count, and the page."""

    query: str = ""
    site: str = ""
    type: str = ""
    creator: str = ""
    since: str = ""
    until: str = ""
    relevance: bool = False
    history: bool = False
    before: int | None = None
    offset: int = 0

    @property
    def filters(self) -> Filters:
        """The filters, without a day that is none."""
        since, until = (day if read_days(day, "since") else None for day in (self.since, self.until))
        return Filters(self.site or None, self.type or None, self.creator or None, since, until)

    @property
    def misread(self) -> tuple[Remark, ...]:
        """Remarks on days that cannot be read."""
        return tuple(Remark("value", day) for day in (self.since, self.until) if day and not read_days(day, "since"))

    @property
    def asked(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.query or self.filters.nodes() or self.misread)


def wish(page: Page) -> Wish:
    """Read what a page's address asks for."""
    query, site, kind, creator, since, until = (page.arg(name).strip() for name in ("q", "site", "type", "creator", "since", "until"))
    offset = min(max(0, page.number("offset") or 0), SCORED)
    order = page.arg("by") == "relevance", page.arg("history") == "1"
    return Wish(query, site, kind, creator, since, until, *order, page.number("before"), offset)


def found(conn: sqlite3.Connection, asked: Wish) -> dict[str, Any]:
    """Give what the search page shows."""
    filters, size = asked.filters, queries.PAGE
    hits = find(conn, asked.query, size + 1, asked.before, filters, relevance=asked.relevance, history=asked.history, offset=asked.offset)
    more = len(hits) > size
    return {
        "hits": [_shown(conn, hit) for hit in hits[:size]],
        "older": hits[size - 1].row if more and not asked.relevance else None,
        "further": asked.offset + size if more and asked.relevance else None,
        "count": count(conn, asked.query, filters, history=asked.history),
        "scored": hits.scored,
        "pending": hits.pending,
        "read": hits.query,
        "remarks": hits.query.remarks + asked.misread,
    }


def told(page: Page, read: Query) -> str:
    """Say how a query was read where that is not plain to see."""
    if read.tree is None or read.plain:
        return ""
    return telling.told(read.tree, lambda key: page.word("query", key))


def _shown(conn: sqlite3.Connection, hit: Hit) -> Row:
    card = queries.card(conn, hit.notice)
    return card | {"badges": views.badges(card), "hit": hit}


NOTHING: dict[str, Any] = {
    "hits": [],
    "older": None,
    "further": None,
    "count": 0,
    "scored": None,
    "pending": 0,
    "read": Query(""),
    "remarks": (),
}
"""What the page shows where nothing is asked for."""
