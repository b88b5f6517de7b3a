"""WARC files (ISO 28500:2017) as captures; damaged records are passed over with a note and never end the reading.

warcio stops at the first damaged gzip member, so files are taken apart here: a compressed WARC keeps each record in a member
of its own (annex D), and reading goes on at the next one that opens. A record shorter than it says, or with another block
digest than it says, is damaged: it is never given as whole.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import mmap
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from archive.payloads import zstd
from cleaners.errors import ArchiveError
from cleaners.records import Capture

MOST_BYTES = 256 * 1024 * 1024
"""A member is unpacked no further than this, and so is a body: few bytes may unpack to anything."""

_MAGIC = b"\x1f\x8b\x08"
_LENGTH = re.compile(rb"^Content-Length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)
_CHUNK = 1 << 18
_log = logging.getLogger(__name__)
Note = Callable[[int, str], None]
"""Is told at which byte a record begins that is left out, and why."""


class _DamagedError(Exception):
    """Says what is wrong with one record."""


def read_warc(path: Path | str, note: Note | None = None) -> Iterator[Capture]:
    """Give the responses and resources of a WARC file as captures, in its order; revisits are no payload and are left out.

    ArchiveError where the file cannot be read at all; `note` is told what is wrong with single records, by default the log is.
    """
    note = note or _log_of(path)
    try:
        size = Path(path).stat().st_size
        with Path(path).open("rb") as file:
            if size:
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                    yield from _captures(note, content)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read ({error}); check the path and its permissions") from error


def _log_of(path: Path | str) -> Note:
    return lambda place, what: _log.warning("%s: record at byte %d left out: %s", path, place, what)


def _captures(note: Note, content: mmap.mmap) -> Iterator[Capture]:
    packed = content[:3] == _MAGIC or content.find(b"WARC/1.") < 0
    records = _members(note, content) if packed else _plain(note, content, 0)
    for place, record in records:
        try:
            capture = _capture(record)
        except _DamagedError as error:
            note(place, str(error))
            continue
        if capture:
            yield capture


def _members(note: Note, content: mmap.mmap) -> Iterator[tuple[int, bytes]]:
    """Unpack gzip members one by one; after a damaged one, look for the next."""
    place = 0
    while place >= 0:
        try:
            unpacked, following = _unpack(content, place)
        except _DamagedError as error:
            note(place, str(error))
            place = content.find(_MAGIC, place + 1)
            continue
        for _, record in _plain(note, unpacked, place):
            yield place, record
        place = content.find(_MAGIC, following)


def _unpack(content: mmap.mmap, place: int) -> tuple[bytes, int]:
    unpacker = zlib.decompressobj(wbits=31)
    pieces, size, at = [], 0, place
    while not unpacker.eof and at < len(content) and size < MOST_BYTES:
        chunk = content[at : at + _CHUNK]
        try:
            pieces.append(unpacker.decompress(chunk, MOST_BYTES))
        except zlib.error as error:
            raise _DamagedError(f"gzip member damaged: {error}") from error
        size += len(pieces[-1])
        at += len(chunk) - len(unpacker.unused_data)
    if not unpacker.eof:
        raise _DamagedError("gzip member cut short or too large")
    return b"".join(pieces), at


def _plain(note: Note, content: mmap.mmap | bytes, base: int) -> Iterator[tuple[int, bytes]]:
    """Cut uncompressed records apart by their lengths."""
    start = content.find(b"WARC/1.")
    while start >= 0:
        head = content.find(b"\r\n\r\n", start)
        length = _LENGTH.search(content[start:head]) if head >= 0 else None
        if length is None:
            note(base + start, "no length in the record's header")
            start = content.find(b"\r\nWARC/1.", start + 1)
            start += 2 if start >= 0 else 0
            continue
        end = head + 4 + int(length[1])
        if end > len(content):
            note(base + start, "record shorter than it says")
            end = head
        else:
            yield start, content[start:end] + b"\r\n\r\n"
        start = content.find(b"WARC/1.", end)


def _capture(raw: bytes) -> Capture | None:
    """Read one record; None for kinds that carry no payload."""
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(raw), no_record_parse=True)), None)
        block = record.raw_stream.read() if record else b""
    except (ArchiveLoadFailed, StatusAndHeadersParserException, ValueError, EOFError) as error:
        raise _DamagedError(str(error)) from error
    if record is None or record.rec_type not in {"response", "resource"}:
        return None
    header = record.rec_headers.get_header
    _check_digest(header("WARC-Block-Digest") or "", block)
    url = (header("WARC-Target-URI") or "").strip("<> ")
    common: dict[str, Any] = {
        "site": "",
        "url": url,
        "captured_at": _date(header("WARC-Date") or ""),
        "record_id": (header("WARC-Record-ID") or "").strip("<> ") or None,
        "ip": header("WARC-IP-Address") or "",
        "truncated": header("WARC-Truncated") or "",
        "protocol": header("WARC-Protocol") or "",
    }
    if record.rec_type == "resource":
        headers = (("Content-Type", header("Content-Type") or ""),)
        return Capture(status=200, headers=headers, body=block, role=_role(url, 200, headers[0][1]), **common)
    return _response(block, common) if urlsplit(url).scheme in {"http", "https"} else None


def _response(block: bytes, common: dict[str, Any]) -> Capture:
    stream = io.BytesIO(block)
    try:
        head = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/2.0"], verify=False).parse(stream)
        status = int(head.get_statuscode())
    except (StatusAndHeadersParserException, ValueError, EOFError) as error:
        raise _DamagedError(f"no HTTP response in the record: {error}") from error
    wire = stream.read()
    encoding = (head.get_header("Content-Encoding") or "").strip().lower()
    location = head.get_header("Location") or ""
    outcome, reason = _outcome(status, location)
    return Capture(
        status=status,
        headers=tuple((name, value) for name, value in head.headers),
        body=_decode(head, wire, encoding),
        role=_role(common["url"], status, head.get_header("Content-Type") or ""),
        outcome=outcome,
        reason=reason,
        content_encoding=encoding,
        wire_length=len(wire),
        wire_digest="sha256:" + hashlib.sha256(wire).hexdigest(),
        redirected_to=urljoin(common["url"], location) if outcome == "redirected" else "",
        **common | {"protocol": common["protocol"] or head.protocol},
    )


def _decode(head: Any, wire: bytes, encoding: str) -> bytes:
    """Take off transfer and content encoding; a tool may have done so already and left the header."""
    known = encoding in {"", "identity", "gzip", "x-gzip", "deflate", "br", "zstd"}
    if not known:
        raise _DamagedError(f"content-encoding {encoding!r} is not known")
    try:
        if encoding == "zstd":
            return zstd.decompress(wire) if wire.startswith(b"\x28\xb5\x2f\xfd") else wire
        body: bytes = ArcWarcRecord("warc", "response", None, io.BytesIO(wire), head, None, len(wire)).content_stream().read(MOST_BYTES)
    except (zlib.error, zstd.ZstdError, ArchiveLoadFailed, ValueError, EOFError) as error:
        raise _DamagedError(f"body cannot be decoded: {error}") from error
    return body


def _outcome(status: int, location: str) -> tuple[str, str]:
    if status == 304:
        return "unchanged", ""
    if 300 <= status < 400 and location:
        return "redirected", ""
    if 200 <= status < 300:
        return "ok", ""
    return {404: "missing", 410: "gone"}.get(status, "failed"), f"HTTP {status}"


def _role(url: str, status: int, content_type: str) -> str:
    if urlsplit(url).path == "/robots.txt":
        return "robots"
    if 300 <= status < 400:
        return "redirect"
    kind = content_type.partition(";")[0].strip().lower()
    return (
        "notice"
        if kind in {"text/html", "application/xhtml+xml", "text/plain", ""}
        else "attachment"
        if kind.startswith("application/")
        else "other"
    )


def _date(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _DamagedError(f"no WARC-Date: {text!r}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _check_digest(stated: str, block: bytes) -> None:
    algorithm, _, value = stated.partition(":")
    if algorithm not in {"sha1", "sha256"}:
        return
    digest = hashlib.new(algorithm, block, usedforsecurity=False)
    if value.lower() != digest.hexdigest() and value.upper().rstrip("=") != base64.b32encode(digest.digest()).decode().rstrip("="):
        raise _DamagedError(f"the block has another digest than {stated}")
