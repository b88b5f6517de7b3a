"""Imported records given back: the same HTTP header and payload bytes under the same id and date, as WARC 1.1."""

from __future__ import annotations

import base64
import hashlib

from archive.record.payloads import digest_of
from archive.warc.record import PAGES, Record
from archive.warc.records import Written

_RENAMED = "X-Archive-Orig-"


def given_back(record: Record) -> bytes:
    """Give a record as it stood but for the version, and digests that are missing or that the usual checks would not confirm.

    Such a digest stays under X-Archive-Orig-*: many tools take that of a payload after its transfer coding was undone.
    """
    lines = record.head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    fields = [b"WARC/1.1", *(line.replace(b"/warc/1.0/revisit/", b"/warc/1.1/revisit/") for line in lines[1:])]
    if record.kind != "revisit":
        if record.kind in PAGES:
            fields = _digest(fields, "WARC-Payload-Digest", record.payload)
        fields = _digest(fields, "WARC-Block-Digest", record.block)
    return b"\r\n".join(fields) + b"\r\n\r\n" + record.block + b"\r\n\r\n"


def as_written(record: Record) -> Written:
    """Give what an index says of a page."""
    status, mime = 200, record.field("Content-Type")
    if record.http_head:
        code = record.message.get_statuscode()
        status = int(code) if code.isdecimal() else 0
        mime = record.message.get_header("Content-Type") or ""
    return Written(record.kind, (), record.block, record.payload, record.url, status, "warc/revisit" if record.kind == "revisit" else mime)


def stated_digest(record: Record) -> str:
    """Give the digest of a page's payload: as stated, else its SHA-256."""
    return record.field("WARC-Payload-Digest") or digest_of(record.payload)


def _digest(fields: list[bytes], name: str, content: bytes) -> list[bytes]:
    """Let the digest of a name be one that can be checked: the one given, else our own."""
    begins = f"{name}:".lower().encode()
    given = [line for line in fields if line.lower().startswith(begins)]
    if len(given) == 1 and _holds(given[0].split(b":", 1)[1].strip().decode("latin-1"), content):
        return fields
    kept = [_RENAMED.encode() + line if line in given else line for line in fields]
    return [*kept, f"{name}: {digest_of(content)}".encode()]


def _holds(stated: str, content: bytes) -> bool:
    algorithm, _, value = stated.partition(":")
    if algorithm not in {"md5", "sha1", "sha256", "sha512"}:
        return False
    digest = hashlib.new(algorithm, content, usedforsecurity=False).digest()
    return value == base64.b32encode(digest).decode() or value.lower() == digest.hex()
