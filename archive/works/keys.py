"""The keys of official documents in the archive: one a notice that bears a number of its own, in step with what the notice shows."""

from __future__ import annotations

import sqlite3

from archive.connection import Store
from archive.documents import load_notice
from archive.works.titles import explains
from cleaners.document.authority import Identity, Publisher, identify
from cleaners.records import Notice

STEP = 500
"""Notices of an older archive that are looked at in one transaction."""


def identity_of(connection: sqlite3.Connection, notice: Notice, site: str) -> Identity | None:
    """Give the identity of a document by its own number; None without one, and for a page that explains another document."""
    if not notice.document_number or (explains(notice.title or "") and notice.type in _OWN_WORDS):
        return None
    return identify(notice.document_number, notice.creator or "", notice.type or "", _publisher(connection, site))


def keep_key(connection: sqlite3.Connection, work: str, notice: Notice | None, site: str = "", *, new: bool = False) -> None:
    """Bring the key of a notice in step with what it shows (None: nothing any more); one row, by its key. A `new` one has none."""
    identity = identity_of(connection, notice, site) if notice else None
    if new and identity is None:
        return
    known = connection.execute(f"select {', '.join(_COLUMNS)} from document_keys where notice = ?", (work,)).fetchone()  # noqa: S608 - ours
    row = _row(identity) if identity else None
    if row == (tuple(known) if known else None):
        return
    # no upsert: see archive.sightings
    if known:
        connection.execute("delete from document_keys where notice = ?", (work,))
    if row:
        columns = ", ".join(("notice", *_COLUMNS))
        connection.execute(f"insert into document_keys ({columns}) values (?, ?, ?, ?, ?, ?, ?, ?)", (work, *row))  # noqa: S608 - ours


def fill(store: Store, *, afresh: bool = False) -> int:
    """Give the notices of an older archive their keys, going on where it was stopped; gives how many were looked at.

    `afresh` looks at all notices, whatever keys they have.
    """
    number = 0
    if afresh:
        with store.write() as connection:
            connection.execute(
                "insert into unfilled (part, after) values ('document_keys', '') on conflict (part) do update set after = ''"
            )
    while step := _fill_some(store):
        number += step
    return number


def _fill_some(store: Store) -> int:
    with store.reading() as connection:
        waiting = connection.execute("select after from unfilled where part = 'document_keys'").fetchone()
        if waiting is None:
            return 0
        rows = connection.execute(_SHOWN, (waiting[0], STEP)).fetchall()
    with store.write() as connection:
        for row in rows:
            keep_key(connection, row["id"], load_notice(row["document"]) if row["document"] else None, row["site"])
        if rows:
            connection.execute("update unfilled set after = ? where part = 'document_keys'", (rows[-1]["id"],))
        else:
            connection.execute("delete from unfilled where part = 'document_keys'")
    return len(rows)


_COLUMNS = ("key", "authority", "basis", "code", "year", "serial", "kind")
_OWN_WORDS = {"解读", "问答", "", None}
"""文种 of a page that explains; a notice on how to explain documents (关于做好政策解读的通知) is one of its own."""

_SHOWN = """
    select n.id, n.site, case when n.document_number is null then null else coalesce(r.document, s.document) end as document
    from notices n left join versions v on v.id = n.version left join readings r on r.id = v.reading
    left join readings s on s.id = r.same_as
    where n.id > ? order by n.id limit ?
"""


def _row(identity: Identity) -> tuple[object, ...]:
    key = identity.key
    return (key.canonical, identity.authority, identity.basis, key.code, key.year, key.serial, key.kind)


def _publisher(connection: sqlite3.Connection, site: str) -> Publisher | None:
    row = connection.execute("select title, level, division_code from sites where name = ?", (site,)).fetchone() if site else None
    return Publisher(*row) if row else None
