"""Pages saved elsewhere as captures: folders of HTML and text files with sidecars, and WARC files.

A page saved as NAME.html may have a sidecar NAME.json (or NAME.html.json), of which only `url` and `captured_at` are read. Attached
files (PDF, DOCX, ...) come along where a sidecar NAME.pdf.json says from where: without an address no notice links to them.
Without a URL a page gets the address `urn:sha256:DIGEST`; without a time it is known by the time of its import. A capture's
record id is made from what it is, so that importing twice adds nothing.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from archive.store import Archive
from archive.warc import read_warc
from cleaners.attachments.kinds import KINDS
from cleaners.errors import LayoutError, NoticeError
from cleaners.records import Capture, Notice
from crawler.exchanges.challenge import classify
from crawler.reading import read_file, reader_for
from spiders.site import Site

PAGES = {".html": "text/html", ".htm": "text/html", ".shtml": "text/html", ".xhtml": "application/xhtml+xml", ".txt": "text/plain"}
FILES = {
    suffix: kind.media_type
    for kind in reversed(KINDS.values())
    if kind.media_type.startswith("application/") and kind.media_type not in {"application/xml", "application/x-empty"}
    for suffix in (f".{suffix}" for suffix in kind.suffixes)
}
"""Suffixes of attached files and their media types."""
WARCS = (".warc", ".warc.gz")
_NAMESPACE = uuid.UUID("6f1f2c0e-6a0b-5e7e-9d55-64696261000a")
_CHINA = ZoneInfo("Asia/Shanghai")
Reader = Callable[[Capture], tuple[Notice, str]]


@dataclass
class Imported:
    """What came of an import: pages taken in, read and already there, and files passed over with the reason.

    `files` are attached files by the flag that says why not all of their text was read, empty where it was.
    """

    captures: int = 0
    read: int = 0
    known: int = 0
    files: Counter[str] = field(default_factory=Counter)
    skipped: dict[str, str] = field(default_factory=dict)


def import_paths(archive: Archive, paths: list[Path], sites: dict[str, Site], site: str = "") -> Imported:
    """Take everything under `paths` into the archive; one file that cannot be read is reported and stops nothing."""
    report, reader = Imported(), reader_for(sites)
    run = archive.start_run(site or None, kind="import")
    for path in list_files(paths):
        try:
            for capture in captures_in(path, site, report.skipped):
                _take(archive, capture, run, report, reader)
        except (NoticeError, OSError) as error:
            report.skipped[str(path)] = str(error)
    counts = {"captures": report.captures, "read": report.read, "known": report.known, "skipped": len(report.skipped)}
    counts |= {f"file/{flag or 'read'}": number for flag, number in sorted(report.files.items())}
    archive.end_run(run, "incomplete" if report.skipped else "complete", counts=counts)
    return report


def _take(archive: Archive, capture: Capture, run: int, report: Imported, reader: Reader) -> None:
    """Keep one capture and what it says; one that is there already is left as it is."""
    if archive.holds(capture):
        report.known += 1
        return
    kept = archive.add(classify(capture) if capture.outcome == "ok" else capture, run)
    report.captures += 1
    if kept.role == "notice" and kept.outcome == "ok":
        try:
            notice, fingerprint = reader(kept)
        except LayoutError as error:
            report.skipped[kept.url] = str(error)
            return
        archive.read(kept, notice, fingerprint=fingerprint)
        report.read += 1
    elif kept.role == "attachment" and kept.outcome == "ok":
        text = None if archive.has_text(kept) else read_file(kept)
        archive.attach(kept, text)
        report.files.update([] if text is None else [text.shortfall])


def list_files(paths: list[Path]) -> Iterator[Path]:
    """List the files that can be imported, folders searched to any depth in the order of names; NoticeError for what is not there."""
    for path in paths:
        if not path.exists():
            raise NoticeError(f"{path}: no such file or folder to import.")
        if path.is_file():
            yield path
        else:
            yield from (file for file in sorted(path.rglob("*")) if file.is_file() and _is_wanted(file))


def _is_wanted(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix in PAGES or _is_warc(path) or (suffix in FILES and path.with_name(f"{path.name}.json").is_file())


def _is_warc(path: Path) -> bool:
    return path.name.lower().endswith(WARCS)


def captures_in(path: Path, site: str, skipped: dict[str, str]) -> Iterator[Capture]:
    """Give the captures in one file; `skipped` takes the records of a WARC that are damaged.

    NoticeError for a kind of file that is not known, or a sidecar that cannot be used.
    """
    if _is_warc(path):

        def note(place: int, what: str) -> None:
            skipped[f"{path}, record at byte {place}"] = f"left out, it is damaged: {what}"

        yield from (_named(replace(capture, site=capture.site or site)) for capture in read_warc(path, note))
    elif path.suffix.lower() in {*PAGES, *FILES}:
        yield page_capture(path, site)
    else:
        raise NoticeError(f"{path}: not a kind of file that can be imported; known are {', '.join((*PAGES, *WARCS, *sorted(FILES)))}.")


def page_capture(path: Path, site: str = "") -> Capture:
    """Make the capture of a saved page or attached file from the file and its sidecar."""
    body = path.read_bytes()
    url, captured_at = read_sidecar(path)
    address = url or f"urn:sha256:{hashlib.sha256(body).hexdigest()}"
    page = PAGES.get(path.suffix.lower())
    headers = (("Content-Type", page or FILES[path.suffix.lower()]),)
    role = "notice" if page else "attachment"
    return _named(
        Capture(site, address, captured_at or datetime.now(UTC), 200, headers, body, role=role, time_known=captured_at is not None)
    )


def _named(capture: Capture) -> Capture:
    """Name a capture by what it is, where its source did not."""
    if capture.record_id:
        return capture
    time = capture.captured_at.astimezone(UTC).isoformat() if capture.time_known else "unknown"
    name = "\n".join((capture.url, time, str(capture.status), capture.payload_digest))
    return replace(capture, record_id=f"urn:uuid:{uuid.uuid5(_NAMESPACE, name)}")


def read_sidecar(path: Path) -> tuple[str, datetime | None]:
    """Read (url, captured_at) from the sidecar of a page; empty and None where it does not say. Times without a zone are China's.

    NAME.json is that of a page alone: an attached file beside it has one named after all of its own name.
    """
    names = [path.with_suffix(".json")] if path.suffix.lower() in PAGES else []
    sidecar = next((file for file in (*names, path.with_name(path.name + ".json")) if file.is_file()), None)
    if sidecar is None:
        return "", None
    try:
        row = json.loads(sidecar.read_text("utf-8"))
        url, time = row.get("url") or "", row.get("captured_at")
        moment = datetime.fromisoformat(time) if time else None
    except (ValueError, AttributeError, TypeError) as error:
        raise NoticeError(f"{sidecar}: not a usable sidecar ({error}); it is a JSON object with url and captured_at (ISO 8601).") from error
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=_CHINA)
    return str(url), moment
