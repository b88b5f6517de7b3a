"""Which addresses of a site are to be looked at now, by `addresses.next_check`: read along an index, never from all addresses."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from archive.times import stamp


@dataclass(frozen=True, slots=True)
class Due:
    """An address to look at now; `page` is the page that links to it where it is an attached file, else None."""

    url: str
    page: str | None


def due(connection: sqlite3.Connection, site: str, now: datetime) -> tuple[Due, ...]:
    """Give the addresses of a site that are due, the longest due first.

    What no page links to any more, and was never a notice nor listed, is left alone.
    """
    rows = connection.execute(_DUE, (site, stamp(now))).fetchall()
    return tuple(Due(row["url"], None if row["notice"] or row["page"] is None else row["page"]) for row in rows)


_DUE = """
    select a.url, a.notice, (
        select p.url from attachments f join addresses p on p.id = f.address where f.url = a.url order by f.id limit 1) as page
    from addresses a where a.site = ? and a.next_check <= ?
        and (a.notice is not null or page is not null or exists (select 1 from entries e where e.url = a.url))
    order by a.next_check, a.id
"""
