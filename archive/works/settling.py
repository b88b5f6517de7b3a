"""What the end of a run settles: pages that came before their redirect, notices whose own address has gone, keys of older notices."""

from __future__ import annotations

import sqlite3

from archive.connection import Store
from archive.documents import storable
from archive.works.finding import MOST, SOURCES, shown_copy
from archive.works.keys import fill
from archive.works.notices import move, refresh_notice
from archive.works.same import judge_redirect
from cleaners.urls import canonical_url


def settle(store: Store, run: int) -> int:
    """Settle what a run left, in small steps; gives how many addresses were moved. What a person decided is left alone."""
    with store.reading() as connection:
        redirects = connection.execute(_REDIRECTS, (run,)).fetchall()
        site = connection.execute("select site from runs where id = ?", (run,)).fetchone()[0]
    moved = 0
    for row in redirects:
        with store.write() as connection:
            moved += _follow(connection, row["address"], storable(canonical_url(row["redirected_to"])))
    with store.reading() as connection:
        led = [row[0] for row in connection.execute(_LED_BY_GONE, (site,))] if site else []
    for work in led:
        with store.write() as connection:
            refresh_notice(connection, work)
    fill(store)
    return moved


def _follow(connection: sqlite3.Connection, address: int, target: str) -> bool:
    """Join two notices, the younger to the older, where the page of one leads to the other and is the same document."""
    rows = [connection.execute(page, (value,)).fetchone() for page, value in ((_BY_NUMBER, address), (_BY_URL, target))]
    if not all(rows) or rows[0]["notice"] == rows[1]["notice"] or any(row["decided"] for row in rows):
        return False
    sources = connection.execute(f"select count(*) from ({SOURCES})", (target, MOST + 1))  # noqa: S608 - ours
    copies = [shown_copy(connection, row["notice"]) for row in rows]
    if sources.fetchone()[0] > MOST or not copies[0] or not copies[1]:
        return False
    verdict = judge_redirect(copies[1], copies[0])
    if not verdict.same:
        return False
    older, younger = sorted(rows, key=lambda row: (row["first_seen"], row["id"]))
    move(connection, younger["id"], older["notice"], verdict.reason, {"url": older["url"], **verdict.evidence}, hand=False)
    return True


_REDIRECTS = """
    select distinct c.address, e.redirected_to from captures c join envelopes e on e.id = c.envelope
    where c.run = ? and c.outcome = 'redirected' and e.redirected_to <> ''
"""
_DECIDED = "exists (select 1 from moves m where m.address = a.id and m.hand = 1) as decided"
_BY_NUMBER = f"select a.*, {_DECIDED} from addresses a where a.id = ? and a.notice is not null"  # noqa: S608 - ours
_BY_URL = f"select a.*, {_DECIDED} from addresses a where a.url = ? and a.notice is not null"  # noqa: S608 - ours
_LED_BY_GONE = """
    select n.id from notices n where n.site = ? and n.addresses > 1 and n.state in ('gone', 'moved')
    and exists (select 1 from addresses a join versions v on v.address = a.id and v.merged_into is null
        where a.notice = n.id and a.state not in ('gone', 'moved'))
"""
