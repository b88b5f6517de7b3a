"""WARC files (ISO 28500:2017, and 1.0) as captures, with every other record beside the capture it belongs to.

A file is gone through twice: first for what its records are and refer to, then for the captures in their order. So requests are
joined to their responses (WARC-Concurrent-To) and revisits to what they repeat, wherever in the file those stand. What is known of
a file's records is kept on disk meanwhile, so memory does not grow with the file.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

from archive.record.payloads import digest_of
from archive.warc.coding import decode
from archive.warc.cutting import Cutter, DamagedError, Note, Place
from archive.warc.index import Index
from archive.warc.own import PART, load_capture, own_field
from archive.warc.record import NOT_MODIFIED, PAGES, Record, agrees, parse_record
from cleaners.records import Capture

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """A capture of a WARC file, the record it was, and the records beside it (its request, metadata); or records of no capture.

    `own` says that it is a capture dibao wrote there, given back as it was; `unresolved` that it is a revisit of something
    that is not in the file: its body is empty.
    """

    capture: Capture | None
    record: Record | None = None
    beside: tuple[Record, ...] = ()
    warcinfo: Record | None = None
    own: bool = False
    unresolved: bool = False


Original = Callable[[Record], Capture | None]
"""Gives the capture a revisit repeats, from elsewhere than its own file."""


def read_warc(path: Path | str, note: Note | None = None) -> Iterator[Capture]:
    """Give the captures of a WARC file in its order, without revisits of what is not in the file.

    ArchiveError where the file cannot be read at all; `note` is told what is wrong with single records, by default the log is.
    """
    return (found.capture for found in read_records(path, note) if found.capture and not found.unresolved)


def read_records(
    path: Path | str | IO[bytes],
    note: Note | None = None,
    elsewhere: Original | None = None,
    payload: Callable[[str], bytes | None] | None = None,
) -> Iterator[Found]:
    """Give everything in a WARC file, in its order: captures with what belongs to them, and what belongs to none.

    What is not in the file is asked of `elsewhere` (what a revisit repeats) and `payload` (bytes by their digest).
    """
    note = note or _log_of(path)
    with Cutter(path) as cutter, Index() as index:
        for place, raw in cutter.records(lambda _place, _what: None):
            index.add(place, raw)
        yield from _Reading(cutter, index, note, elsewhere, payload).all()


def _log_of(path: Path | str | IO[bytes]) -> Note:
    return lambda place, what: _log.warning("%s: record at byte %d left out: %s", path, place, what)


@dataclass
class _Reading:
    """One going through a file, with what is known of its records."""

    cutter: Cutter
    index: Index
    note: Note
    elsewhere: Original | None
    payload: Callable[[str], bytes | None] | None

    def all(self) -> Iterator[Found]:
        warcinfo: Record | None = None
        warcinfos: dict[str, Record] = {}
        for place, raw in self.cutter.records(self.note):
            try:
                record = parse_record(raw)
                if record.kind == "warcinfo":
                    warcinfo = warcinfos[record.record_id] = record
                elif found := self._found(record):
                    yield replace(found, warcinfo=warcinfos.get(record.field("WARC-Warcinfo-ID"), warcinfo))
            except DamagedError as error:
                self.note(place.member, str(error))

    def _found(self, record: Record) -> Found | None:
        if record.url.startswith(PART):
            return None
        if record.kind in PAGES and (record.kind != "response" or record.http_head):
            return self._page(record)
        if self.index.belongs(record):
            return None
        if (row := own_field(record)) is not None:
            return Found(load_capture(row, b"", self._part), own=True)
        return Found(None, beside=(record,))

    def _page(self, record: Record) -> Found:
        beside = tuple(self._beside(record))
        for other in beside:
            if (row := own_field(other)) is not None:
                return self._own(record, row)
        found = revisited(record, self._original(record)) if record.kind == "revisit" else Found(page_capture(record), record)
        request = next((other for other in beside if other.kind == "request" and other.http_head), None)
        return replace(found, capture=_asked(found.capture, request), beside=beside)

    def _own(self, record: Record, row: dict[str, Any]) -> Found:
        repeats = record.kind == "revisit" and not record.field("WARC-Profile").endswith(NOT_MODIFIED)
        original = self._original(record) if repeats else None
        body = original.body if original else b"" if record.kind == "revisit" else record.payload
        return Found(load_capture(row, body, self._part), record, own=True, unresolved=repeats and original is None)

    def _beside(self, record: Record) -> Iterator[Record]:
        for place in self.index.beside(record):
            try:
                yield parse_record(self.cutter.at(place))
            except DamagedError:
                continue  # it was noted, or will be, where it stands

    def _original(self, record: Record) -> Capture | None:
        for place in self.index.originals(record):
            original = self._at(place)
            if original and _is_of(record, original):
                return page_capture(original)
        return self.elsewhere(record) if self.elsewhere else None

    def _at(self, place: Place) -> Record | None:
        try:
            record = parse_record(self.cutter.at(place))
        except DamagedError:
            return None
        return record if record.kind != "response" or record.http_head else None

    def _part(self, digest: str) -> bytes | None:
        for place in self.index.holding(digest):
            record = self._at(place)
            if record and digest_of(record.payload) == digest:
                return record.payload
        return self.payload(digest) if self.payload else None


def _is_of(revisit: Record, original: Record) -> bool:
    """Say whether a record holds what a revisit says it repeats: as transferred, or as it was before its codings."""
    stated = revisit.field("WARC-Payload-Digest")
    return not stated or agrees(stated, original.payload) or agrees(stated, page_capture(original).body)


def revisited(record: Record, original: Capture | None) -> Found:
    """Give the capture of a revisit: with the body of what it repeats, or without one where that is not known."""
    head = _headed(record) if record.http_head else None
    if record.field("WARC-Profile").endswith(NOT_MODIFIED):
        return Found(_bodiless(record, head or (304, ())), record)
    if original is None:
        reason = f"revisit of {record.field('WARC-Refers-To-Target-URI') or record.url}, whose bytes are not here"
        return Found(replace(_bodiless(record, head or (200, ())), reason=reason), record, unresolved=True)
    status, headers = head or (original.status or 200, original.headers)
    outcome, reason = _outcome(status, _header(headers, "location"))
    return Found(
        replace(
            _bodiless(record, (status, headers)),
            body=original.body,
            outcome=outcome,
            reason=reason,
            content_encoding=original.content_encoding,
            wire_length=original.wire_length,
            wire_digest=original.wire_digest,
        ),
        record,
    )


def resolve(found: Found, original: Capture) -> Found:
    """Give what was found with the body of what it repeats, once that is known."""
    if found.record is None or found.capture is None:
        return found
    if found.own:
        return replace(found, capture=replace(found.capture, body=original.body), unresolved=False)
    capture = revisited(found.record, original).capture
    request = next((other for other in found.beside if other.kind == "request" and other.http_head), None)
    whole = _asked(capture, request)
    return replace(found, capture=whole and replace(whole, site=found.capture.site, record_id=found.capture.record_id), unresolved=False)


def _bodiless(record: Record, head: tuple[int, tuple[tuple[str, str], ...]]) -> Capture:
    status, headers = head
    role = _role(record.url, status, _header(headers, "content-type"))
    return Capture(status=status, headers=headers, body=b"", role=role, outcome="unchanged", **_common(record))


def page_capture(record: Record) -> Capture:
    """Give the capture of a response or resource; a body that cannot be decoded, or is cut, makes it a damaged one."""
    common = _common(record)
    if record.kind == "resource" or not record.http_head:
        kind = record.field("Content-Type")
        headers = (("Content-Type", kind),)
        capture = Capture(status=200, headers=headers, body=record.payload, role=_role(record.url, 200, kind), **common)
    else:
        capture = _response(record, common)
    if capture.truncated and capture.outcome == "ok":
        return replace(capture, outcome="damaged", phase="transfer", reason=f"WARC-Truncated: {capture.truncated}")
    return capture


def _response(record: Record, common: dict[str, Any]) -> Capture:
    status, headers = _headed(record)
    wire, coding = record.payload, ", ".join(value for name, value in headers if name.lower() == "content-encoding").strip().lower()
    outcome, reason = _outcome(status, location := _header(headers, "location"))
    phase = ""
    try:
        body = decode(wire, _header(headers, "transfer-encoding"), coding)
    except DamagedError as error:
        body, outcome, reason, phase = wire, "damaged", str(error), "decode"
    return Capture(
        status=status,
        headers=headers,
        body=body,
        role=_role(record.url, status, _header(headers, "content-type")),
        outcome=outcome,
        reason=reason,
        phase=phase,
        content_encoding=coding,
        wire_length=len(wire),
        wire_digest="sha256:" + hashlib.sha256(wire).hexdigest(),
        redirected_to=_joined(record.url, location) if outcome == "redirected" else "",
        **common | {"protocol": common["protocol"] or record.message.protocol},
    )


def _common(record: Record) -> dict[str, Any]:
    return {
        "site": "",
        "url": record.url,
        "captured_at": record.date,
        "record_id": record.record_id or None,
        "ip": record.field("WARC-IP-Address"),
        "truncated": record.field("WARC-Truncated"),
        "protocol": record.field("WARC-Protocol"),
    }


def _headed(record: Record) -> tuple[int, tuple[tuple[str, str], ...]]:
    try:
        status = int(record.message.get_statuscode())
    except ValueError as error:
        raise DamagedError(f"no HTTP response in the record: {error}") from error
    return status, tuple((name, value or "") for name, value in record.message.headers)


def _asked(capture: Capture | None, request: Record | None) -> Capture | None:
    """Note with a capture what was asked."""
    if capture is None or request is None:
        return capture
    headers = tuple((name, value or "") for name, value in request.message.headers)
    return replace(capture, method=request.message.protocol or "GET", request_headers=headers, request_body=request.payload)


def _header(headers: tuple[tuple[str, str], ...], name: str) -> str:
    return next((value for given, value in headers if given.lower() == name), "")


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _outcome(status: int, location: str) -> tuple[str, str]:
    if status == 304:
        return "unchanged", ""
    if 300 <= status < 400 and location:
        return "redirected", ""
    if 200 <= status < 300:
        return "ok", ""
    return {404: "missing", 410: "gone"}.get(status, "failed"), f"HTTP {status}"


def _role(url: str, status: int, content_type: str) -> str:
    if _path(url) == "/robots.txt":
        return "robots"
    if 300 <= status < 400 and status != 304:
        return "redirect"
    kind = content_type.partition(";")[0].strip().lower()
    if kind in {"text/html", "application/xhtml+xml", "text/plain", ""}:
        return "notice"
    return "attachment" if kind.startswith("application/") else "other"


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


__all__ = ["Found", "Original", "page_capture", "read_records", "read_warc", "resolve", "revisited"]
