"""Notices and versions as whoever reads an archive sees them: frozen records, so that nobody has to write SQL for them.

`dibao`'s own pages and exports stand on the same rows; the tables are described in docs/archive.md for those who do write SQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from archive.connection import Store
from archive.documents import load_notice
from archive.record.captures import open_record_id
from archive.times import read_moment, read_stamp
from cleaners.records import Moment, Notice

BATCH = 500


class _Read:
    """What was read, as both a notice and a version of it give it; the document is loaded when it is asked for."""

    _document: str

    @cached_property
    def reading(self) -> Notice:
        """Everything the cleaner read: paragraphs, attachments, removals, evidence."""
        return load_notice(self._document)

    @property
    def text(self) -> str:
        """The cleaned text, paragraphs parted by line ends."""
        return self.reading.text


@dataclass(frozen=True)
class KeptNotice(_Read):
    """One notice (the work) as the current version of its principal address says it.

    Times are aware, in UTC; `issued`, `created` and `effective` are days, or times with the zone the page gives them. `versions` and
    `addresses` are how many there are, `state` is how the source answers now (docs/life.md).
    """

    id: str
    url: str
    site: str
    title: str | None
    issued: Moment | None
    created: Moment | None
    effective: Moment | None
    document_number: str | None
    creator: str | None
    publisher: str | None
    source: str | None
    type: str | None
    validity: str | None
    script: str
    state: str
    first_seen: datetime
    last_changed: datetime | None
    versions: int
    addresses: int
    _document: str


@dataclass(frozen=True)
class KeptVersion(_Read):
    """One version of one address of a notice; address and `captured_at` are its permanent name.

    `kind` is first, substantive (title or text) or metadata (文号, issuer, dates, validity, files); `number` counts from 1 for each
    address. `record_id` names the capture it was cut from (WARC-Record-ID), `payload` the SHA-256 of what came.
    """

    notice: str
    url: str
    number: int
    captured_at: datetime
    kind: str
    record_id: str
    payload: str | None
    text_digest: str
    parts_digest: str
    _document: str


def notices(
    store: Store, site: str | None = None, since: date | None = None, until: date | None = None, state: str | None = None
) -> Iterator[KeptNotice]:
    """Give notices in the order of days (of issue, else first seen), a batch at a time, so that memory does not grow.

    Days are both included. A notice that gets another date meanwhile may be left out or given twice.
    """
    wanted = {
        "n.site = ?": site,
        "n.state = ?": state,
        f"{_DAY} >= ?": since and since.isoformat(),
        f"{_DAY} <= ?": until and until.isoformat(),
    }
    asked = {condition: value for condition, value in wanted.items() if value is not None}
    statement = f"{_NOTICE} where {' and '.join(('n.search_row > ?', *asked))} order by n.search_row limit {BATCH}"
    last = 0
    while True:
        with store.reading() as connection:
            rows = connection.execute(statement, (last, *asked.values())).fetchall()
        yield from map(_notice, rows)
        if len(rows) < BATCH:
            return
        last = rows[-1]["search_row"]


def notice(connection: sqlite3.Connection, work: str) -> KeptNotice | None:
    """Give one notice by its id, None where there is none or it shows nothing."""
    row = connection.execute(f"{_NOTICE} where n.id = ?", (work,)).fetchone()
    return None if row is None else _notice(row)


def versions(connection: sqlite3.Connection, work: str) -> tuple[KeptVersion, ...]:
    """Give the versions of every address of a notice that stand, in the order of capture times."""
    return tuple(map(_version, connection.execute(_VERSIONS, (work,))))


_NOTICE = """
    select n.*, a.url, coalesce(r.document, o.document) as document
    from notices n join versions v on v.id = n.version join addresses a on a.id = v.address
    join readings r on r.id = v.reading left join readings o on o.id = r.same_as
"""

_DAY = "coalesce(substr(n.issued, 1, 10), substr(n.first_seen, 1, 10))"

_VERSIONS = """
    select a.notice, a.url, v.number, v.captured_at, v."class" as kind, c.record_id, p.digest as payload, v.text_digest, v.parts_digest,
        coalesce(r.document, o.document) as document
    from addresses a join versions v on v.address = a.id and v.merged_into is null join captures c on c.id = v.capture
    left join payloads p on p.id = c.payload join readings r on r.id = v.reading left join readings o on o.id = r.same_as
    where a.notice = ? order by v.captured_at, v.id
"""

_SAME = (
    *("id", "url", "site", "title", "document_number", "creator", "publisher", "source", "type", "validity", "script", "state"),
    *("versions", "addresses"),
)


def _notice(row: sqlite3.Row) -> KeptNotice:
    return KeptNotice(
        **{name: row[name] for name in _SAME},
        issued=read_moment(row["issued"]),
        created=read_moment(row["created"]),
        effective=read_moment(row["effective"]),
        first_seen=read_stamp(row["first_seen"]),
        last_changed=row["last_changed"] and read_stamp(row["last_changed"]),
        _document=row["document"],
    )


def _version(row: sqlite3.Row) -> KeptVersion:
    return KeptVersion(
        **{name: row[name] for name in ("notice", "url", "number", "kind", "payload", "text_digest", "parts_digest")},
        captured_at=read_stamp(row["captured_at"]),
        record_id=open_record_id(row["record_id"]),
        _document=row["document"],
    )
