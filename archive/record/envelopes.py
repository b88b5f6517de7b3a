"""Envelopes: what came around a page (URL, headers, wire, network), kept once for all captures it is the same for.

Of headers that differ from one answer to the next, the envelope holds the name and null for the value; the values stand with the
capture, in the order of their places. Every header comes back as it was, in its order.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping

from archive.documents import dump, dump_entry, storable
from cleaners.records import Capture

Headers = tuple[tuple[str, str], ...]
"""Names and values in the order received."""

VARYING = frozenset({"age", "cookie", "date", "expires", "set-cookie", "x-cache-lookup", "x-request-id", "x-timer", "x-trace-id"})
"""Names of headers whose values stand with the capture; one that is missing here costs room, nothing else."""

TEXTS = ("method", "content_encoding", "wire_digest", "protocol", "ip", "truncated", "redirected_to", "vantage")
COLUMNS = (*TEXTS, "url", "headers", "request_headers", "wire_length", "tls", "entry")


def keep_envelope(connection: sqlite3.Connection, capture: Capture) -> tuple[int, str | None]:
    """Keep what came around a page unless it is there already; gives its number, and the values that stand with the capture."""
    row: dict[str, object] = {name: storable(getattr(capture, name)) for name in TEXTS} | {
        "url": storable(capture.url),
        "headers": _fixed(capture.headers),
        "request_headers": _fixed(capture.request_headers),
        "wire_length": capture.wire_length,
        "tls": dump(dict(capture.tls)),
        "entry": dump_entry(capture.entry),
    }
    values = [value for name, value in (*capture.headers, *capture.request_headers) if name.lower() in VARYING]
    return _number(connection, row), dump(values) if values else None


def open_headers(headers: str, request_headers: str, varying: str | None) -> tuple[Headers, Headers]:
    """Give the headers of a response and of its request as they were."""
    values = iter(json.loads(varying or "[]"))
    return _filled(headers, values), _filled(request_headers, values)


def digest_of_envelope(row: Mapping[str, object] | sqlite3.Row) -> bytes:
    """Give what an envelope is known by, and sealed with: the SHA-256 of what it holds, as JSON."""
    return hashlib.sha256(dump([row[name] for name in COLUMNS]).encode()).digest()


def _number(connection: sqlite3.Connection, row: dict[str, object]) -> int:
    digest = digest_of_envelope(row)
    known = connection.execute("select id from envelopes where digest = ?", (digest,)).fetchone()
    if known:
        return int(known[0])
    statement = f"insert into envelopes (digest, {', '.join(row)}) values (?{', ?' * len(row)})"  # noqa: S608 - the names are ours
    return int(connection.execute(statement, (digest, *row.values())).lastrowid or 0)


def _fixed(headers: Headers) -> str:
    return dump([(name, None if name.lower() in VARYING else value) for name, value in headers])


def _filled(headers: str, values: Iterator[str]) -> Headers:
    return tuple((name, next(values) if value is None else value) for name, value in json.loads(headers))
