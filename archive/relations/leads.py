"""Documents that notices name and the archive does not have: leads to what else to collect."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lacking:
    """A document by its 文号 or title (either may be empty), how many notices name it, and the first published of those."""

    number: str
    title: str
    named: int
    notice: str
    notice_title: str


def lacking(connection: sqlite3.Connection, most: int = -1) -> Iterator[Lacking]:
    """Give the documents that are cited and not in the archive, those that most notices name first; -1 gives all."""
    for row in connection.execute(_LACKING, (most,)).fetchall():
        yield Lacking(*row)


# one document by its key where a number is given, else by the heart of its title; what could be several here is not lacking
_LACKING = """
    with named as (
        select max(coalesce(c.number, '')) as number, max(coalesce(c.title, '')) as title, count(distinct c.notice) as named,
            min(coalesce(n.issued, '~') || ' ' || n.id) as first
        from citations c join notices n on n.id = c.notice
        where c.target is null and c.how = '' and c.relation <> 'issues' group by c.key, iif(c.key = '', c.core, '')
    )
    select d.number, d.title, d.named, n.id, coalesce(n.title, '') from named d
    join notices n on n.id = substr(d.first, instr(d.first, ' ') + 1)
    order by d.named desc, d.number = '', d.number, d.title limit ?
"""
