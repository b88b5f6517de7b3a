"""What a notice's page says of other notices: copies, citations both ways, repeals and the rest, and whether it is in force."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from archive.relations.copies import COPY, REPOST, canonical, group
from archive.relations.leads import Lacking, lacking
from archive.relations.series import Series, Wish, series

Row = dict[str, Any]
SHOWN = 30
"""Notices of one kind that a page lists; more are counted."""
MOST_SERIES = 50
MOST_LACKING = 500
ORDER = (
    "repost",
    "copy",
    "same number",
    "same form",
    "repeals",
    "amends",
    "corrects",
    "forwards",
    "issues",
    "explains",
    "confirms",
    "cites",
)
_COPIES = frozenset(ORDER[:4])
_AGAINST = ("废止", "失效", "已修改", "有效")
_STATES = {"repeals": "废止", "amends": "已修改", "confirms": "有效"}

_RELATED = """
    select r.kind, r.evidence, r."from" = ?1 as outward, n.id, n.title, n.issued, n.first_seen, n.site, s.title as site_title
    from (select * from relations where "from" = ?1 union select * from relations where "to" = ?1) r
    join notices n on n.id = iif(r."from" = ?1, r."to", r."from") and n.addresses > 0 left join sites s on s.name = n.site
    order by n.issued is null, n.issued, n.id
"""
_WANTED = """
    select title, number, sentence, paragraph, how from citations
    where notice = ? and target is null and relation <> 'issues' order by paragraph, "start" limit ?
"""


def related(conn: sqlite3.Connection, work: str) -> Row:
    """Give everything related to a notice: groups by kind and direction, documents it names that are not here, copies, validity.

    `copies` has the ids of those that are compared as texts; `first` that of the first published among them.
    """
    rows = [dict(zip(_names(cursor), row, strict=True)) for cursor in [conn.execute(_RELATED, (work,))] for row in cursor]
    for row in rows:
        row["evidence"] = json.loads(row["evidence"])
    wanted = conn.execute(_WANTED, (work, SHOWN + 1)).fetchall()
    return {
        "groups": list(_groups(rows)),
        "wanted": [dict(zip(("title", "number", "sentence", "paragraph", "how"), row, strict=True)) for row in wanted],
        "copies": frozenset(row["id"] for row in rows if row["kind"] in _COPIES),
        "first": _first(conn, work) if any(row["kind"] in {REPOST, COPY} for row in rows) else "",
        **_validity(conn, work, rows),
    }


def _names(cursor: sqlite3.Cursor) -> list[str]:
    return [column[0] for column in cursor.description]


def _groups(rows: list[Row]) -> Iterator[Row]:
    for kind in ORDER:
        for outward in (1, 0):
            found = [row for row in rows if row["kind"] == kind and row["outward"] == outward]
            if found:
                yield {"name": f"{kind.replace(' ', '_')}_{'out' if outward else 'in'}", "rows": found[:SHOWN], "more": len(found) - SHOWN}


def _first(conn: sqlite3.Connection, work: str) -> str:
    """Give the canonical one among the copies of a notice."""
    factory, conn.row_factory = conn.row_factory, sqlite3.Row
    try:
        return canonical(group(conn, work))
    finally:
        conn.row_factory = factory


def _validity(conn: sqlite3.Connection, work: str, rows: list[Row]) -> Row:
    """Give the state a notice is in today, with everything that speaks of it; empty where nothing does."""
    day = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
    said = [
        {"state": state, "since": since, "source": source, "words": json.loads(evidence)["words"], "notice": ""}
        for state, since, source, evidence in conn.execute(
            "select state, since, source, evidence from validities where notice = ? order by id", (work,)
        )
    ]
    said += [
        {"state": _STATES[row["kind"]], "since": None, "source": row["kind"], "words": row["evidence"]["sentence"], "notice": row["id"]}
        for row in rows
        if not row["outward"] and row["kind"] in _STATES
    ]
    now = [one for one in said if one["since"] is None or one["since"] <= day]
    states = {one["state"] for one in now}
    state = next((word for word in _AGAINST if word in states), "")
    return {"validity": state, "validity_said": said, "validity_conflict": "有效" in states and bool(states & {"废止", "失效"})}


def listed_series(conn: sqlite3.Connection, wish: Wish) -> list[Series]:
    """Give the largest series of document numbers that are asked for."""
    factory, conn.row_factory = conn.row_factory, sqlite3.Row
    try:
        return list(series(conn, wish, MOST_SERIES))
    finally:
        conn.row_factory = factory


def listed_lacking(conn: sqlite3.Connection) -> list[Lacking]:
    """Give the documents that notices name and the archive does not have, those that most name first."""
    return list(lacking(conn, MOST_LACKING))
