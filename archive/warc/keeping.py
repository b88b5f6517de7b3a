"""Records of imported WARC files as they are kept, so that each can be given back byte for byte.

A record's header and that of its HTTP message are kept as they stood. The bytes behind them mostly are the capture's own payload
(`source` body), put into the same chunks again where they came in chunks. Only where a body was compressed on its way are the
transferred bytes kept, too (payload): no compressor of today is sure to make the same bytes in ten years.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive.documents import dump, storable
from archive.preservation.fixity import renew_fixity, with_fixity
from archive.record.captures import open_capture, pack_record_id, select
from archive.record.payloads import digest_of, keep_dictionary, keep_payload, open_payload, pack, unpack
from archive.warc.coding import framed, framing_of
from archive.warc.reading import Found
from archive.warc.record import Record, agrees
from cleaners.errors import ArchiveError
from cleaners.records import Capture

_SITE = "WARC headers"
"""Stands as the site of the dictionary that headers are packed with."""
_COMMON = (
    b"WARC/1.0\r\nWARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Type: metadata\r\nWARC-Type: resource\r\nWARC-Type: revisit\r\n"
    b"WARC-Profile: http://netpreserve.org/warc/1.0/revisit/server-not-modified\r\n"
    b"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\nWARC-Refers-To-Target-URI: https://www.\r\n"
    b"WARC-Refers-To-Date: 20\r\nWARC-Truncated: length\r\nWARC-Type: request\r\nWARC-Concurrent-To: <urn:uuid:\r\n"
    b"Content-Type: application/http; msgtype=request\r\n\r\nGET / HTTP/1.1\r\nHost: www.\r\nUser-Agent: Mozilla/5.0 (compatible; \r\n"
    b"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: zh-CN,zh;q=0.9,en;q=0.8\r\n"
    b"Accept-Encoding: gzip, deflate, br\r\nConnection: close\r\n\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:\r\n"
    b"WARC-Warcinfo-ID: <urn:uuid:\r\nWARC-Target-URI: http://www.\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nWARC-IP-Address: \r\n"
    b"WARC-Payload-Digest: sha256:\r\nWARC-Block-Digest: sha256:\r\nWARC-Payload-Digest: sha1:\r\nWARC-Block-Digest: sha1:\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: \r\n\r\nHTTP/1.1 404 Not Found\r\nHTTP/1.1 302 Found\r\n"
    b"Location: \r\n"
    b"HTTP/1.1 304 Not Modified\r\nHTTP/1.1 200 OK\r\nServer: nginx\r\nServer: Apache\r\nDate: Mon, 01 Jan 2026 00:00:00 GMT\r\n"
    b"Content-Type: text/html; charset=utf-8\r\nContent-Length: \r\nConnection: keep-alive\r\nVary: Accept-Encoding\r\nETag: W/\r\n"
    b"Last-Modified: Mon, 01 Jan 2026 00:00:00 GMT\r\nX-Frame-Options: SAMEORIGIN\r\nX-Content-Type-Options: nosniff\r\n"
    b"Cache-Control: no-cache\r\nSet-Cookie: path=/; HttpOnly\r\nAccept-Ranges: bytes\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Encoding: gzip\r\n\r\n"
)
_INLINE = 1 << 16
"""Blocks of records that are no captures stand with their header up to this many bytes."""


@dataclass(frozen=True)
class Kept:
    """A record given back: itself, the number of the warcinfo record it belongs to, and its capture's number where it has one."""

    number: int
    record: Record
    warcinfo: int | None


def keep_records(connection: sqlite3.Connection, found: Found, capture: Capture | None) -> None:
    """Keep the records of what was found; `capture` is the one kept of it, if any. Records kept before stay as they are."""
    if found.own or (capture is not None and capture.outcome == "withheld"):
        return
    number = None if capture is None else _number(connection, capture)
    warcinfo = _keep(connection, found.warcinfo, None, None) if found.warcinfo else None
    if found.record:
        _keep(connection, found.record, number, warcinfo, capture)
    for record in found.beside:
        _keep(connection, record, number, warcinfo)


def complete_revisit(connection: sqlite3.Connection, capture: Capture) -> bool:
    """Give a kept capture of a revisit the body that was not known when it was kept; False where it had one, or was no revisit."""
    number = _number(connection, capture)
    row = connection.execute("select payload, outcome from captures where id = ?", (number,)).fetchone()
    revisit = connection.execute("select 1 from imported_records where capture = ? and kind = 'revisit'", (number,)).fetchone()
    if row["payload"] is not None or row["outcome"] != "unchanged" or not revisit or not capture.body:
        return False
    payload = keep_payload(connection, capture.body, capture.site, capture.payload_digest)
    statement = "update captures set payload = ?, outcome = ?, reason = ?, role = ? where id = ?"
    connection.execute(statement, (payload, capture.outcome, storable(capture.reason), capture.role, number))
    renew_fixity(connection, "captures", number)
    return True


def holds_record(connection: sqlite3.Connection, record: Record) -> bool:
    """Say whether a record of this id is kept."""
    return connection.execute("select 1 from imported_records where record_id = ?", (_name(record),)).fetchone() is not None


def records_of(connection: sqlite3.Connection, capture: int) -> list[Kept]:
    """Give the records of a capture, itself first, as they stood in their file."""
    return list(_open(connection, "r.capture = ?", (capture,)))


def stray_records(connection: sqlite3.Connection) -> Iterator[Kept]:
    """Give the records that belong to no capture, but for what warcinfo records say of files."""
    numbers = connection.execute("select id from imported_records where capture is null and kind <> 'warcinfo' order by id").fetchall()
    for (number,) in numbers:
        yield from _open(connection, "r.id = ?", (number,))


def open_record(connection: sqlite3.Connection, number: int) -> Kept:
    """Give a record by its number."""
    return next(_open(connection, "r.id = ?", (number,)))


def original_of(connection: sqlite3.Connection, revisit: Record) -> Capture | None:
    """Give the capture in the archive that a revisit repeats: by record id, address and time, or the digest of its payload."""
    stated = revisit.field("WARC-Payload-Digest")
    for number in _candidates(connection, revisit, stated):
        row = next(iter(select(connection, "c.id = ?", (number,))), None)
        if row is None or row["digest"] is None:
            continue
        capture = open_capture(connection, row)
        if capture.outcome != "withheld" and (not stated or agrees(stated, capture.body) or _sent(connection, number, stated)):
            return capture
    return None


def payload_of(connection: sqlite3.Connection, digest: str) -> bytes | None:
    """Give the bytes of a digest where the archive has them."""
    try:
        return open_payload(connection, digest)
    except ArchiveError:
        return None


def _candidates(connection: sqlite3.Connection, revisit: Record, stated: str) -> Iterator[int]:
    asked = [
        (_BY_ID, (pack_record_id(revisit.field("WARC-Refers-To")),) * 2),
        (_BY_TIME, (storable(revisit.field("WARC-Refers-To-Target-URI") or revisit.url), revisit.field("WARC-Refers-To-Date"))),
        (_BY_DIGEST, (stated,)),
        (_BY_PAYLOAD, (_plain_digest(stated),)),
    ]
    for statement, values in asked:
        if all(values):
            yield from (row[0] for row in connection.execute(statement, values).fetchall())


_BY_ID = "select id from captures where substr(record_id, -4) = substr(?, -4) and record_id = ?"
_BY_TIME = (
    "select c.id from addresses a join captures c on c.address = a.id where a.url = ?"
    " and replace(c.captured_at, '.000000', '') = replace(?, '.000000', '') order by c.id limit 20"
)
_BY_DIGEST = "select capture from imported_records where payload_digest = ? and capture is not null order by id limit 20"
_BY_PAYLOAD = (
    "select r.capture from payloads p join imported_records r on r.payload = p.id where p.digest = ? and r.capture is not null limit 20"
)


def _plain_digest(stated: str) -> str:
    """Give a SHA-256 in whatever base as payloads are named."""
    algorithm, _, value = stated.partition(":")
    if algorithm.lower().replace("-", "") != "sha256":
        return ""
    try:
        raw = bytes.fromhex(value) if len(value) == 64 else base64.b32decode(value.upper() + "=" * (-len(value) % 8))
    except ValueError:
        return ""
    return f"sha256:{raw.hex()}"


def _sent(connection: sqlite3.Connection, capture: int, stated: str) -> bool:
    """Say whether a capture's bytes as they were transferred have a digest."""
    return any(
        kept.record.kind in {"response", "resource"} and agrees(stated, kept.record.payload) for kept in records_of(connection, capture)
    )


def _keep(
    connection: sqlite3.Connection, record: Record, capture: int | None, warcinfo: int | None, body: Capture | None = None
) -> int | None:
    known = connection.execute("select id from imported_records where record_id = ?", (_name(record),)).fetchone()
    if known:
        return int(known[0])
    head, source, payload, framing = _split(connection, record, body)
    dictionary = _dictionary(connection)
    row = {
        "record_id": _name(record),
        "kind": storable(record.kind),
        "capture": capture,
        "warcinfo": warcinfo,
        "payload_digest": _payload_digest(record) if body else None,
        "dictionary": dictionary,
        "head": pack(connection, head, dictionary),
        "source": source,
        "payload": payload,
        "framing": framing,
    }
    row = with_fixity("imported_records", row)
    statement = f"insert into imported_records ({', '.join(row)}) values ({', '.join('?' * len(row))})"  # noqa: S608 - the names are ours
    return connection.execute(statement, tuple(row.values())).lastrowid


def _split(connection: sqlite3.Connection, record: Record, body: Capture | None) -> tuple[bytes, str, int | None, str | None]:
    """Give what is kept of a record: its headers, where the rest comes from, its payload's number, the lines of its chunks."""
    if (body is None or not body.body) and len(record.block) <= _INLINE:
        return record.head + record.block, "none", None, None
    head, wire = record.head + record.http_head, record.payload
    if not wire:
        return head, "none", None, None
    if body is not None and body.body and body.body == wire:
        return head, "body", None, None
    if body is not None and body.body and (framing := framing_of(wire)) and framed(body.body, framing) == wire:
        return head, "body", None, dump(framing)
    return head, "payload", keep_payload(connection, wire, body.site if body else ""), None


def _payload_digest(record: Record) -> str:
    stated = record.field("WARC-Payload-Digest")
    sha1 = hashlib.sha1(record.payload, usedforsecurity=False)
    return stated or f"sha1:{base64.b32encode(sha1.digest()).decode()}"


def _open(connection: sqlite3.Connection, where: str, values: tuple[int]) -> Iterator[Kept]:
    rows = connection.execute(f"{_RECORDS} where {where} order by r.id", values).fetchall()
    for row in rows:
        whole = unpack(connection, row["head"], row["dictionary"])
        end = whole.find(b"\r\n\r\n") + 4
        yield Kept(row["id"], Record(whole[:end], whole[end:] + _rest(connection, row)), row["warcinfo"])


_RECORDS = """
    select r.id, r.head, r.dictionary, r.warcinfo, r.source, r.framing, p.digest as payload, b.digest as body from imported_records r
    left join payloads p on p.id = r.payload left join captures c on c.id = r.capture left join payloads b on b.id = c.payload
"""


def _rest(connection: sqlite3.Connection, row: sqlite3.Row) -> bytes:
    if row["source"] == "none":
        return b""
    content = open_payload(connection, row[row["source"]])
    return framed(content, json.loads(row["framing"])) if row["framing"] else content


def _name(record: Record) -> str | bytes:
    return pack_record_id(record.record_id or f"urn:{digest_of(record.head + record.block)}")


def _number(connection: sqlite3.Connection, capture: Capture) -> int:
    packed = pack_record_id(capture.record_id or "")
    return int(connection.execute(_BY_ID, (packed, packed)).fetchone()[0])


def _dictionary(connection: sqlite3.Connection) -> int:
    known = connection.execute("select max(id) from dictionaries where site = ?", (_SITE,)).fetchone()[0]
    return int(known) if known else keep_dictionary(connection, _SITE, _COMMON)


__all__ = [
    "Kept",
    "complete_revisit",
    "holds_record",
    "keep_records",
    "open_record",
    "original_of",
    "payload_of",
    "records_of",
    "stray_records",
]
