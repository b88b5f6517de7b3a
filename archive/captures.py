"""Captures: every exchange as it happened, with or without a response. They are the record; nothing here interprets."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import replace

from archive.documents import dump, dump_entry, load_entry, storable
from archive.payloads import keep_payload, open_payload
from archive.times import now, read_stamp, stamp
from cleaners.errors import ArchiveError
from cleaners.records import Capture
from cleaners.urls import canonical_url

BATCH = 100

STATES = {
    "ok": "live",
    "unchanged": "live",
    "missing": "missing",
    "gone": "missing",
    "soft_404": "missing",
    "challenge": "blocked",
    "blocked": "blocked",
    "refused": "blocked",
    "redirected": "redirected",
}
"""What an outcome says of the address; any other (failed, damaged) leaves its state as it was."""


def add_capture(connection: sqlite3.Connection, capture: Capture, run: int | None) -> Capture:
    """Keep one capture with its payload and move its address on; give it back with its record id.

    A record id that is kept already is given back and nothing is added, so that a WARC can be read twice.
    """
    record_id = capture.record_id or f"urn:uuid:{uuid.uuid4()}"
    if connection.execute("select 1 from captures where record_id = ?", (record_id,)).fetchone():
        return capture
    address = keep_address(connection, canonical_url(capture.url), capture.site, stamp(capture.captured_at))
    row = _row(connection, capture, run) | {"record_id": record_id, "address": address}
    connection.execute(
        f"insert into captures ({', '.join(row)}) values ({', '.join('?' * len(row))})",  # noqa: S608 - the names are ours
        tuple(row.values()),
    )
    _move_on(connection, address, capture)
    return replace(capture, record_id=record_id)


def keep_address(connection: sqlite3.Connection, url: str, site: str, seen: str) -> int:
    """Give the number of a canonical address, keeping it first where it is new."""
    url = storable(url)
    row = connection.execute("select id from addresses where url = ?", (url,)).fetchone()
    if row is None:
        return int(connection.execute("insert into addresses (url, site, first_seen) values (?, ?, ?)", (url, site, seen)).lastrowid or 0)
    return int(row[0])


def set_state(connection: sqlite3.Connection, address: int, outcome: str) -> None:
    """Set what an address is now (live, missing, blocked, ...) from an outcome, on its notice too when it is the principal one."""
    if state := STATES.get(outcome):
        connection.execute("update addresses set state = ? where id = ?", (state, address))
        # by its key: a statement that may change several rows makes FTS5 write out what it holds in memory
        for (work,) in connection.execute("select id from notices where address = ? and state <> ?", (address, state)).fetchall():
            connection.execute("update notices set state = ? where id = ?", (state, work))


def kept_row(connection: sqlite3.Connection, capture: Capture) -> sqlite3.Row:
    """Give the row of a capture the archive keeps; ArchiveError when it was never added."""
    row = connection.execute("select * from captures where record_id = ?", (capture.record_id,)).fetchone()
    if row is None:
        raise ArchiveError(f"{capture.url}: this capture is not in the archive; add it before it is read")
    return row  # type: ignore[no-any-return]


def open_capture(connection: sqlite3.Connection, row: sqlite3.Row) -> Capture:
    """Build a capture from its row, its payload opened."""
    return Capture(
        site=row["site"],
        url=row["url"],
        captured_at=read_stamp(row["captured_at"]),
        status=row["status"],
        headers=_pairs(row["headers"]),
        body=b"" if row["payload"] is None else open_payload(connection, row["payload"]),
        entry=load_entry(row["entry"]),
        parts=tuple(open_payload(connection, digest) for digest in json.loads(row["parts"] or "[]")),
        request_headers=_pairs(row["request_headers"]),
        request_body=row["request_body"] or b"",
        tls=json.loads(row["tls"]),
        time_known=bool(row["time_known"]),
        **{name: row[name] for name in _SAME},
    )


def select(connection: sqlite3.Connection, where: str = "1", values: tuple[object, ...] = ()) -> Iterator[sqlite3.Row]:
    """Give the rows of captures in the order kept, a batch at a time, so that writes may go on in between."""
    last = 0
    while rows := connection.execute(
        f"select * from captures as c where c.id > ? and ({where}) order by c.id limit {BATCH}",  # noqa: S608 - conditions are ours
        (last, *values),
    ).fetchall():
        yield from rows
        last = rows[-1]["id"]


def validators(connection: sqlite3.Connection, url: str) -> dict[str, str]:
    """Give the request headers that ask for a page only if it changed (RFC 9110, section 13.1), from its newest good capture."""
    row = connection.execute(
        "select c.headers from captures c join addresses a on a.id = c.address"
        " where a.url = ? and c.outcome = 'ok' and c.payload is not null order by c.captured_at desc, c.id desc limit 1",
        (storable(canonical_url(url)),),
    ).fetchone()
    headers = {name.lower(): value for name, value in _pairs(row["headers"])} if row else {}
    asked = {"If-None-Match": headers.get("etag"), "If-Modified-Since": headers.get("last-modified")}
    return {name: value for name, value in asked.items() if value}


_SAME = [
    "record_id",
    "role",
    "outcome",
    "reason",
    "phase",
    "elapsed",
    "method",
    "content_encoding",
    "wire_length",
    "wire_digest",
    "protocol",
    "ip",
    "truncated",
    "redirected_to",
    "vantage",
]


def _row(connection: sqlite3.Connection, capture: Capture, run: int | None) -> dict[str, object]:
    kind = connection.execute("select kind from runs where id = ?", (run,)).fetchone() if run else None
    row: dict[str, object] = {name: _fit(getattr(capture, name)) for name in _SAME}
    return row | {
        "site": capture.site,
        "run": run,
        "url": storable(capture.url),
        "captured_at": stamp(capture.captured_at),
        "time_known": int(capture.time_known),
        "imported_at": now() if kind and kind[0] == "import" else None,
        "status": capture.status,
        "payload": _payload(connection, capture),
        "headers": dump(capture.headers),
        "request_headers": dump(capture.request_headers),
        "request_body": capture.request_body or None,
        "tls": dump(dict(capture.tls)),
        "entry": dump_entry(capture.entry),
        "parts": dump([keep_payload(connection, part, capture.site) for part in capture.parts]) if capture.parts else None,
    }


def _payload(connection: sqlite3.Connection, capture: Capture) -> str | None:
    # an empty body of a response is a payload too; no response (status None) with no bytes has none
    if capture.status in {None, 304} and not capture.body:
        return None
    return keep_payload(connection, capture.body, capture.site, capture.payload_digest)


def _move_on(connection: sqlite3.Connection, address: int, capture: Capture) -> None:
    seen = stamp(capture.captured_at)
    newest = connection.execute("select coalesce(last_checked, '') from addresses where id = ?", (address,)).fetchone()[0]
    connection.execute("update addresses set first_seen = min(first_seen, ?) where id = ?", (seen, address))
    if seen >= newest:
        live = STATES.get(capture.outcome) == "live"
        connection.execute(
            "update addresses set last_checked = ?, last_seen = iif(?, ?, last_seen) where id = ?", (seen, live, seen, address)
        )
        set_state(connection, address, capture.outcome)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in json.loads(text))


def _fit(value: object) -> object:
    return storable(value) if isinstance(value, str) else value
