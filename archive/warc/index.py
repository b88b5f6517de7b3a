"""What is known of a WARC file's records while it is read: where each stands, and what refers to what; on disk, not in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Self

from archive.times import stamp
from archive.warc.cutting import DamagedError, Place
from archive.warc.record import PAGES, Record, parse_date

_TABLES = """
    create table records (n integer primary key, member int, inside int, kind text, id text, url text, date text, digest text);
    create table links (target text, source text, n int);
    create index ids on records (id); create index digests on records (digest); create index dates on records (url, date);
    create index targets on links (target); create index sources on links (source)
"""
_MOST = 20


class Index:
    """A temporary database (SQLite keeps it on disk where it grows) of one file's records."""

    def __enter__(self) -> Self:
        """Make it."""
        self._database = sqlite3.connect("")
        for statement in _TABLES.split(";"):
            self._database.execute(statement)
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(self, place: Place, raw: bytes) -> None:
        """Note a record; one whose header cannot be read is none."""
        record = Record(raw[: (end := raw.find(b"\r\n\r\n") + 4)], raw[end:])
        try:
            kind, number = record.kind, record.record_id
        except DamagedError:
            return
        row = (*place, kind, number, record.url, _moment(record.field("WARC-Date")), record.field("WARC-Payload-Digest"))
        n = self._database.execute("insert into records values (null, ?, ?, ?, ?, ?, ?, ?)", row).lastrowid
        targets = {*record.all_of("WARC-Concurrent-To"), *(record.all_of("WARC-Refers-To") if kind not in PAGES else ())}
        self._database.executemany("insert into links values (?, ?, ?)", [(target, number, n) for target in sorted(targets)])

    def beside(self, page: Record) -> Iterator[Place]:
        """Give the places of the records that belong to a page: those that name it, and those it names."""
        yield from self._places(
            "select distinct r.member, r.inside from records r where r.kind in ('request', 'metadata', 'conversion') and ("
            " r.n in (select n from links where target = ?) or r.id in (select target from links where source = ?)) order by r.n",
            (page.record_id, page.record_id),
        )

    def belongs(self, record: Record) -> bool:
        """Say whether a record belongs to a page of the file, and is given with it."""
        pages = "select 1 from links l join records r on r.id = {} where l.{} = ? and r.kind in ('response', 'resource', 'revisit')"
        return record.kind in {"request", "metadata", "conversion"} and any(
            self._database.execute(pages.format(*names), (record.record_id,)).fetchone()
            for names in (("l.target", "source"), ("l.source", "target"))
        )

    def originals(self, revisit: Record) -> Iterator[Place]:
        """Give the places of what a revisit may repeat, the likeliest first: by record id, by address and time, by digest."""
        url, moment = revisit.field("WARC-Refers-To-Target-URI"), _moment(revisit.field("WARC-Refers-To-Date"))
        whole = "select member, inside from records where kind in ('response', 'resource') and {} order by n limit " + str(_MOST)  # noqa: S608 - ours
        if number := revisit.field("WARC-Refers-To"):
            yield from self._places(whole.format("id = ?"), (number,))
        if url and moment:
            yield from self._places(whole.format("url = ? and date = ?"), (url, moment))
        yield from self.holding(revisit.field("WARC-Payload-Digest"))

    def holding(self, digest: str) -> Iterator[Place]:
        """Give the places of records with a payload of this digest."""
        statement = f"select member, inside from records where digest = ? and kind in ('response', 'resource') order by n limit {_MOST}"  # noqa: S608 - ours
        if digest:
            yield from self._places(statement, (digest,))

    def _places(self, statement: str, values: tuple[str, ...]) -> Iterator[Place]:
        return (Place(*row) for row in self._database.execute(statement, values).fetchall())


def _moment(text: str) -> str:
    try:
        return stamp(parse_date(text))
    except DamagedError:
        return ""
