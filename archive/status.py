"""What an archive holds, a row a site, for `dibao status`."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archive.times import read_stamp


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """One site: its last run (None before the first) with outcome and reason, captures by outcome, notices, versions, removals.

    `states` counts its notices by what the source does with them now (docs/life.md).
    """

    site: str
    title: str
    last_run: datetime | None
    last_outcome: str
    captures: Mapping[str, int]
    notices: int
    versions: int
    removals: Mapping[str, int]
    last_reason: str = ""
    states: Mapping[str, int] = field(default_factory=dict)


def status(connection: sqlite3.Connection) -> list[SiteStatus]:
    """Give the rows for `dibao status`, by site name; what belongs to no site stands under an empty one."""
    outcomes = _grouped(connection, "select site, outcome, count(*) from captures group by 1, 2")
    removals = _grouped(connection, _REMOVALS)
    states = _grouped(connection, "select site, state, count(*) from notices where version is not null group by 1, 2")
    notices = {site: sum(numbers.values()) for site, numbers in states.items()}
    versions = dict(connection.execute(_VERSIONS).fetchall())
    runs = {row["site"]: row for row in connection.execute(_LAST_RUNS)}
    titles = dict(connection.execute("select name, title from sites").fetchall())
    return [
        SiteStatus(
            site,
            titles.get(site, ""),
            read_stamp(runs[site]["started_at"]) if site in runs else None,
            runs[site]["outcome"] if site in runs else "",
            outcomes.get(site, {}),
            notices.get(site, 0),
            versions.get(site, 0),
            removals.get(site, {}),
            runs[site]["reason"] or "" if site in runs else "",
            states.get(site, {}),
        )
        for site in sorted(titles.keys() | outcomes.keys() | notices.keys())
    ]


_REMOVALS = """
    select a.site, m.category, count(*) from removals m join readings r on r.id = m.reading
    join captures c on c.id = r.capture join addresses a on a.id = c.address
    where r.id in (select reading from versions where merged_into is null) group by 1, 2
"""
_VERSIONS = "select a.site, count(*) from versions v join addresses a on a.id = v.address where v.merged_into is null group by 1"
_LAST_RUNS = "select site, started_at, outcome, reason, max(id) from runs where site is not null group by site"


def _grouped(connection: sqlite3.Connection, statement: str) -> dict[str, dict[str, int]]:
    grouped: dict[str, dict[str, int]] = {}
    for site, name, number in connection.execute(statement):
        grouped.setdefault(site, {})[name] = number
    return grouped
