"""The archive as WARC 1.1 (ISO 28500:2017): every exchange of a site or of days, in the order kept.

Own captures are written from what is kept of them (`archive.warc.records`), imported records as they stood (`archive.warc.given`).
Nothing depends on the clock: the same archive and the same wishes give the same bytes.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.metadata import version
from typing import Self

from archive.record.captures import open_capture, open_record_id, select
from archive.record.payloads import open_payload
from archive.store import Archive
from archive.warc.cdxj import Lines
from archive.warc.given import as_written, given_back, stated_digest
from archive.warc.keeping import Kept, open_record, records_of, stray_records
from archive.warc.record import PAGES
from archive.warc.records import Earlier, Written, is_saved, own_records, part_record
from archive.warc.volumes import Span, Volumes
from cleaners.errors import ArchiveError
from cleaners.records import Capture

_NAMESPACE = uuid.UUID("6f1f2c0e-6a0b-5e7e-9d55-64696261000c")
_NOTE = (
    "Exchanges this archive crawled itself are reconstructed from what it keeps: bodies are stored content-decoded, so that the headers"
    " Content-Encoding, Transfer-Encoding and Content-Length of the original stand under X-Archive-Orig-*; header names are written as"
    " the crawler's HTTP library gives them, reason phrases are the standard ones. What else is known of an exchange, and exchanges"
    " without a response, are metadata records (field dibao-capture, JSON). Pages that were saved elsewhere without their HTTP message"
    " are resource records. Records imported from other WARC files have their HTTP header and payload bytes as they stood there."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What of the archive is wanted: one site, and captures of days (UTC, both included); `operator` is named in the warcinfo."""

    site: str | None = None
    since: date | None = None
    until: date | None = None
    operator: str = ""

    @property
    def all_of_it(self) -> bool:
        """Whether nothing is left out."""
        return self.site is None and self.since is None and self.until is None

    def where(self) -> tuple[str, tuple[object, ...]]:
        """Give the condition on rows of captures `c`, and its values."""
        until = self.until and self.until + timedelta(days=1)
        asked = {"c.site = ?": self.site, "c.captured_at >= ?": self.since, "c.captured_at < ?": until}
        chosen = {name: value.isoformat() if isinstance(value, date) else value for name, value in asked.items() if value is not None}
        return " and ".join(chosen) or "1", tuple(chosen.values())


@dataclass
class Exported:
    """What an export wrote: captures, records by kind, captures left out by the reason, and its files."""

    captures: int = 0
    without_response: int = 0
    records: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    files: list[str] = field(default_factory=list)


def write(archive: Archive, wish: Wish, volumes: Volumes, lines: Lines | None = None) -> Exported:
    """Write what is wished for to files, and the lines of its index where asked."""
    with archive.reading() as connection, _Earlier() as earlier:
        newest = _newest(connection, wish)
        volumes.begin = lambda name: iter([_warcinfo(connection, wish, newest, name)])
        with volumes:
            writer = _Writer(connection, volumes, lines, earlier)
            for row in select(connection, *wish.where()):
                writer.capture(row)
            writer.strays(wanted=wish.all_of_it)
        writer.told.records["warcinfo"] += len(volumes.names)
        writer.told.files = list(volumes.names)
        return writer.told


def _newest(connection: sqlite3.Connection, wish: Wish) -> str:
    where, values = wish.where()
    newest = connection.execute(f"select max(captured_at) from captures c where {where}", values).fetchone()[0]  # noqa: S608 - ours
    return str(newest or "1970-01-01T00:00:00.000000Z")


def _warcinfo(connection: sqlite3.Connection, wish: Wish, newest: str, name: str) -> bytes:
    software = f"dibao/{version('dibao')}"
    said = {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "operator": wish.operator,
        "isPartOf": wish.site or "",
        "description": _NOTE,
    }
    block = "".join(f"{key}: {value}\r\n" for key, value in said.items() if value).encode()
    places = [str(connection.execute("select count(*) from captures").fetchone()[0]), newest, *map(str, wish.where()[1]), name, software]
    fields = (
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", f"<{uuid.uuid5(_NAMESPACE, chr(10).join(places)).urn}>"),
        ("WARC-Date", newest),
        ("WARC-Filename", name),
        ("Content-Type", "application/warc-fields"),
    )
    return _whole(Written("warcinfo", fields, block))


def _whole(record: Written) -> bytes:
    return record.head + record.block + b"\r\n\r\n"


class _Earlier:
    """Which record first held a payload, on disk."""

    def __enter__(self) -> Self:
        self._database = sqlite3.connect("")
        self._database.execute("create table earlier (digest text primary key, id text, url text, date text) without rowid")
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def note(self, digest: str, capture: Capture, at: str, *, response: bool) -> None:
        """Note that a payload was written; only what came as a response is referred to by revisits."""
        number = capture.record_id if response else None
        statement = "insert into earlier values (?, ?, ?, ?) on conflict (digest) do update set id = excluded.id, url = excluded.url,"
        self._database.execute(f"{statement} date = excluded.date where id is null", (digest, number, capture.url, at))

    def holds(self, digest: str) -> bool:
        return self._database.execute("select 1 from earlier where digest = ?", (digest,)).fetchone() is not None

    def of(self, digest: str) -> Earlier | None:
        row = self._database.execute("select id, url, date from earlier where digest = ? and id is not null", (digest,)).fetchone()
        return Earlier(*row) if row else None


@dataclass
class _Writer:
    """Writes captures one by one, and counts them."""

    connection: sqlite3.Connection
    volumes: Volumes
    lines: Lines | None
    earlier: _Earlier
    told: Exported = field(default_factory=Exported)
    _warcinfos: set[int] = field(default_factory=set)

    def capture(self, row: sqlite3.Row) -> None:
        """Write what is kept of a capture, or count why not."""
        if row["takedown"] is not None or row["outcome"] == "withheld":
            self.told.left_out["withheld by a takedown"] += 1
            return
        kept = records_of(self.connection, row["id"])
        named = open_record_id(row["record_id"])
        self.volumes.turn()
        try:
            if any(each.record.record_id == named for each in kept):
                self._imported(kept, row)
            else:
                self._own(row)
        except ArchiveError as error:
            self.told.left_out[f"cannot be opened ({error})"] += 1
            return
        self.told.captures += 1

    def strays(self, *, wanted: bool) -> None:
        """Write the imported records that belong to no capture; of a choice of captures they are no part."""
        for kept in stray_records(self.connection):
            if wanted:
                self.volumes.turn()
                self._give_back(kept)
            else:
                self.told.left_out["imported records that belong to no capture"] += 1

    def _imported(self, kept: list[Kept], row: sqlite3.Row) -> None:
        for each in kept:
            self._give_back(each, row["captured_at"])

    def _give_back(self, kept: Kept, at: str = "") -> None:
        if kept.warcinfo and kept.warcinfo not in self._warcinfos:
            self._warcinfos.add(kept.warcinfo)
            self._give_back(open_record(self.connection, kept.warcinfo))
        record = kept.record
        span = self.volumes.put(given_back(record))
        self.told.records[record.kind] += 1
        if self.lines and at and record.kind in PAGES:
            self.lines.add(as_written(record), stated_digest(record), at, span)

    def _own(self, row: sqlite3.Row) -> None:
        capture = open_capture(self.connection, row)
        digests = json.loads(row["parts"] or "[]")
        same = self.earlier.of(row["digest"]) if capture.body and not is_saved(capture) else None
        before = self._before(row) if capture.status == 304 else None
        main, *others = own_records(capture, digests, same=same, before=before)
        for digest in digests:
            if digest != row["digest"] and not self.earlier.holds(digest):
                self._put(part_record(digest, open_payload(self.connection, digest), capture))
                self.earlier.note(digest, capture, row["captured_at"], response=False)
        span = self._put(main)
        for record in others:
            self._put(record)
        if main.kind in {"response", "resource"} and capture.body:
            self.earlier.note(row["digest"], capture, row["captured_at"], response=main.kind == "response")
        self.told.without_response += main.kind == "metadata"
        if self.lines and main.kind in PAGES and capture.method == "GET":
            self.lines.add(main, capture.payload_digest, row["captured_at"], span)

    def _put(self, record: Written) -> Span:
        self.told.records[record.kind] += 1
        return self.volumes.put(_whole(record))

    def _before(self, row: sqlite3.Row) -> Earlier | None:
        """Give the newest capture with content before a 304 of its address."""
        found = self.connection.execute(_BEFORE, (row["address"], row["id"])).fetchone()
        return Earlier(open_record_id(found["record_id"]), found["url"], found["captured_at"]) if found else None


_BEFORE = """
    select c.record_id, e.url, c.captured_at from captures c join envelopes e on e.id = c.envelope
    where c.address = ? and c.id < ? and c.outcome = 'ok' and c.payload is not null order by c.id desc limit 1
"""
