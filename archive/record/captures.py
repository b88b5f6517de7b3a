"""Captures: every exchange as it happened, with or without a response. They are the record; nothing here interprets."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from archive.documents import dump, load_entry, storable
from archive.life.keeping import meet, observe
from archive.preservation.fixity import renew_fixity, with_fixity
from archive.record.envelopes import TEXTS, keep_envelope, open_headers
from archive.record.payloads import digest_of, keep_payload, open_payload
from archive.takedowns.barred import barred_arrival, note_arrival
from archive.times import now, read_stamp, stamp
from cleaners.errors import ArchiveError
from cleaners.records import Capture
from cleaners.urls import canonical_url

BATCH = 100


def add_capture(connection: sqlite3.Connection, capture: Capture, run: int | None) -> Capture:
    """Keep one capture with its payload and move its address on; give it back with its record id.

    A record id that is kept already is given back and nothing is added, so that a WARC can be read twice.
    """
    if capture.record_id and holds(connection, capture.record_id):
        return capture
    kept = replace(capture, record_id=capture.record_id or uuid.uuid4().urn)
    seen, url = stamp(capture.captured_at), storable(canonical_url(capture.url))
    if (takedown := barred_arrival(connection, url, capture.payload_digest)) is not None:
        kept = replace(kept, body=b"", parts=(), entry=None, outcome="withheld", reason=f"takedown {takedown}")
        note_arrival(connection, takedown, url)
    met = meet(connection, url, kept, seen)
    # the digest is that of the capture given: a copy does not know it yet
    digest = capture.payload_digest if kept.body is capture.body else kept.payload_digest
    row = with_fixity("captures", _row(connection, kept, run, digest) | {"captured_at": seen, "address": met.address})
    cursor = connection.execute(
        f"insert into captures ({', '.join(row)}) values ({', '.join('?' * len(row))})",  # noqa: S608 - the names are ours
        tuple(row.values()),
    )
    observe(connection, met, kept, seen, int(cursor.lastrowid or 0))
    return kept


def carry_parts(connection: sqlite3.Connection, capture: Capture, parts: tuple[bytes, ...]) -> Capture:
    """Note with a kept capture the further parts of its notice, in order, so that it is read with them from now on."""
    carrying = replace(capture, parts=parts)
    row = kept_row(connection, capture)
    connection.execute("update captures set parts = ? where id = ?", (_parts(connection, carrying), row["id"]))
    renew_fixity(connection, "captures", row["id"])
    return carrying


def holds(connection: sqlite3.Connection, record_id: str) -> bool:
    """Say whether a capture of this record id is kept."""
    return connection.execute(_RECORD, (packed := pack_record_id(record_id), packed)).fetchone() is not None


@lru_cache(maxsize=256)  # that of a capture just kept is asked for again when it is read
def pack_record_id(record_id: str) -> str | bytes:
    """Give a record id as it is kept: the 16 bytes of a UUID where it is urn:uuid: in its usual form, else the text."""
    try:
        number = uuid.UUID(record_id)
    except ValueError:
        return storable(record_id)
    return number.bytes if number.urn == record_id else storable(record_id)


def open_record_id(kept: str | bytes) -> str:
    """Give a record id as it was."""
    return uuid.UUID(bytes=kept).urn if isinstance(kept, bytes) else kept


def keep_address(connection: sqlite3.Connection, url: str, site: str, seen: str) -> int:
    """Give the number of a canonical address, keeping it first where it is new."""
    url = storable(url)
    row = connection.execute("select id from addresses where url = ?", (url,)).fetchone()
    if row is None:
        return int(connection.execute("insert into addresses (url, site, first_seen) values (?, ?, ?)", (url, site, seen)).lastrowid or 0)
    return int(row[0])


def kept_row(connection: sqlite3.Connection, capture: Capture) -> sqlite3.Row:
    """Give the row of a capture the archive keeps; ArchiveError when it was never added."""
    packed = pack_record_id(capture.record_id or "")
    row = connection.execute(f"{ROWS} where substr(c.record_id, -4) = substr(?, -4) and c.record_id = ?", (packed, packed)).fetchone()
    return _known(row, capture)


def row_to_read(connection: sqlite3.Connection, capture: Capture) -> sqlite3.Row:
    """Give of the row of a capture the archive keeps what its reading goes by; ArchiveError when it was never added."""
    packed = pack_record_id(capture.record_id or "")
    return _known(connection.execute(_TO_READ, (packed, packed)).fetchone(), capture)


def _known(row: sqlite3.Row | None, capture: Capture) -> sqlite3.Row:
    if row is None:
        raise ArchiveError(f"{capture.url}: this capture is not in the archive; add it before it is read")
    return row


def open_capture(connection: sqlite3.Connection, row: sqlite3.Row | dict[str, Any]) -> Capture:
    """Build a capture from its row (of `ROWS`), its payload opened."""
    headers, request_headers = open_headers(row["headers"], row["request_headers"], row["varying"])
    if row["takedown"] is not None:
        return replace(open_capture(connection, _bare(row)), outcome="withheld", reason=f"takedown {row['takedown']}")
    return Capture(
        record_id=open_record_id(row["record_id"]),
        captured_at=read_stamp(row["captured_at"]),
        headers=headers,
        body=b"" if row["digest"] is None else open_payload(connection, row["digest"]),
        entry=load_entry(row["entry"]),
        parts=tuple(_open_parts(connection, json.loads(row["parts"] or "[]"))),
        request_headers=request_headers,
        request_body=row["request_body"] or b"",
        tls=json.loads(row["tls"]),
        time_known=bool(row["time_known"]),
        **{name: row[name] for name in ("url", "wire_length", *_SAME, *TEXTS)},
    )


def select(connection: sqlite3.Connection, where: str = "1", values: tuple[object, ...] = ()) -> Iterator[sqlite3.Row]:
    """Give the rows of captures in the order kept, a batch at a time, so that writes may go on in between."""
    last = 0
    while rows := connection.execute(
        f"{ROWS} where c.id > ? and ({where}) order by c.id limit {BATCH}",
        (last, *values),
    ).fetchall():
        yield from rows
        last = rows[-1]["id"]


def last_good(connection: sqlite3.Connection, url: str) -> Capture | None:
    """Give the newest capture of an address that came as it is, with its payload."""
    row = connection.execute(
        f"{ROWS} join addresses a on a.id = c.address where a.url = ? and c.outcome = 'ok' and c.payload is not null"
        " order by c.captured_at desc, c.id desc limit 1",
        (storable(canonical_url(url)),),
    ).fetchone()
    return open_capture(connection, row) if row else None


def validators(connection: sqlite3.Connection, url: str) -> dict[str, str]:
    """Give the request headers that ask for a page only if it changed (RFC 9110, section 13.1), from its newest good capture.

    Role `other` is left out: what a rendered page was made of says nothing of the page.
    """
    row = connection.execute(
        "select e.headers, c.varying from captures c join addresses a on a.id = c.address join envelopes e on e.id = c.envelope"
        " where a.url = ? and c.outcome = 'ok' and c.role <> 'other' and c.payload is not null"
        " order by c.captured_at desc, c.id desc limit 1",
        (storable(canonical_url(url)),),
    ).fetchone()
    headers = {name.lower(): value for name, value in open_headers(row["headers"], "[]", row["varying"])[0]} if row else {}
    asked = {"If-None-Match": headers.get("etag"), "If-Modified-Since": headers.get("last-modified")}
    return {name: value for name, value in asked.items() if value}


ROWS = f"""
    select c.*, p.digest, p.takedown, e.url, e.headers, e.request_headers, e.wire_length, e.tls, e.entry,
        {", ".join(f"e.{name}" for name in TEXTS)}
    from captures c join envelopes e on e.id = c.envelope left join payloads p on p.id = c.payload
"""  # noqa: S608 - the names are ours
"""Captures `c` with what came around them and the digest of their payload."""

_TO_READ = """
    select c.id, c.address, c.captured_at, c.outcome, c.reason, c.read, c.payload, p.takedown
    from captures c left join payloads p on p.id = c.payload where substr(c.record_id, -4) = substr(?, -4) and c.record_id = ?
"""

_SAME = ["site", "status", "role", "outcome", "reason", "phase", "elapsed"]
_RECORD = "select 1 from captures where substr(record_id, -4) = substr(?, -4) and record_id = ?"


def _row(connection: sqlite3.Connection, capture: Capture, run: int | None, digest: str) -> dict[str, object]:
    kind = connection.execute("select kind from runs where id = ?", (run,)).fetchone() if run else None
    row: dict[str, object] = {name: _fit(getattr(capture, name)) for name in _SAME}
    envelope, varying = keep_envelope(connection, capture)
    return row | {
        "record_id": pack_record_id(capture.record_id or ""),
        "elapsed": None if capture.elapsed is None else float(capture.elapsed),
        "envelope": envelope,
        "varying": varying,
        "run": run,
        "time_known": int(capture.time_known),
        "imported_at": now() if kind and kind[0] == "import" else None,
        "payload": _payload(connection, capture, digest),
        "request_body": capture.request_body or None,
        "parts": _parts(connection, capture),
    }


def _payload(connection: sqlite3.Connection, capture: Capture, digest: str) -> int | None:
    # an empty body of a response is a payload too; no response (status None) with no bytes has none
    if (capture.status in {None, 304} or capture.outcome in {"withheld", "unchanged"}) and not capture.body:
        return None
    return keep_payload(connection, capture.body, capture.site or _host(capture.url), digest)


def _host(url: str) -> str:
    """Give the host of an address: pages of no known site share a dictionary by it."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _parts(connection: sqlite3.Connection, capture: Capture) -> str | None:
    for part in capture.parts:
        keep_payload(connection, part, capture.site)
    return dump([digest_of(part) for part in capture.parts]) if capture.parts else None


def _open_parts(connection: sqlite3.Connection, digests: list[str]) -> Iterator[bytes]:
    """Give the further parts of a notice, but for those a takedown withholds."""
    for digest in digests:
        row = connection.execute("select takedown from payloads where digest = ?", (digest,)).fetchone()
        if row is None or row["takedown"] is None:
            yield open_payload(connection, digest)


def _bare(row: sqlite3.Row | dict[str, Any]) -> dict[str, Any]:
    """Give the row of a capture without its content, which a takedown withholds."""
    return dict(row) | {"digest": None, "parts": None, "takedown": None}


def _fit(value: object) -> object:
    return storable(value) if isinstance(value, str) else value
