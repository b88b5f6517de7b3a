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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from archive.rebuilding.learned import in_force
from archive.store import Archive
from archive.warc.keeping import complete_revisit, holds_record, keep_records, original_of, payload_of
from archive.warc.package import read_wacz
from archive.warc.reading import Found, read_records, resolve
from archive.warc.record import Record
from archive.warc.volumes import in_order
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
WARCS = (".warc", ".warc.gz", ".wacz")
_NAMESPACE = uuid.UUID("6f1f2c0e-6a0b-5e7e-9d55-64696261000a")
_CHINA = ZoneInfo("Asia/Shanghai")
Reader = Callable[[Capture], tuple[Notice, str]]


@dataclass
class Imported:
    """What came of an import: pages taken in, read and already there, and files passed over with the reason.

    `files` are attached files by the flag that says why not all of their text was read, empty where it was; `unresolved` are revisits
    of what is neither in these files nor in the archive, `records` those of WARC files that belong to no page.
    """

    captures: int = 0
    read: int = 0
    known: int = 0
    unresolved: int = 0
    records: int = 0
    files: Counter[str] = field(default_factory=Counter)
    skipped: dict[str, str] = field(default_factory=dict)


def import_paths(archive: Archive, paths: list[Path], sites: dict[str, Site], site: str = "") -> Imported:
    """Take everything under `paths` into the archive; one file that cannot be read is reported and stops nothing."""
    with archive.reading() as connection:
        reader = reader_for(sites, in_force(connection))
    report, taking = Imported(), archive.start_run(site or None, kind="import")
    import_ = _Import(archive, taking, reader, report, sites, site)
    for path in list_files(paths):
        try:
            import_.take_file(path)
        except (NoticeError, OSError) as error:
            report.skipped[str(path)] = str(error)
    import_.take_revisits()
    counts = {"captures": report.captures, "read": report.read, "known": report.known, "skipped": len(report.skipped)}
    counts |= {name: number for name in ("unresolved", "records") if (number := getattr(report, name))}
    counts |= {f"file/{flag or 'read'}": number for flag, number in sorted(report.files.items())}
    archive.end_run(taking, "incomplete" if report.skipped else "complete", counts=counts)
    return report


@dataclass
class _Import:
    """One import: where it goes, how its pages are read, and revisits whose originals may come with a later file."""

    archive: Archive
    run: int
    reader: Reader
    report: Imported
    sites: Mapping[str, Site]
    site: str
    revisits: list[Found] = field(default_factory=list)

    def take_file(self, path: Path) -> None:
        for found in found_in(path, self.report.skipped, self._original, self._payload):
            capture = found.capture and _named(replace(found.capture, site=found.capture.site or self.site))
            whole = replace(found, capture=capture)
            if found.unresolved:
                self.revisits.append(whole)
            else:
                self._take(whole)

    def take_revisits(self) -> None:
        """Keep the revisits that waited: with the body of what has come meanwhile, or without one."""
        for found in self.revisits:
            original = self._original(found.record) if found.record else None
            self.report.unresolved += original is None
            self._take(resolve(found, original) if original else found)

    def _original(self, revisit: Record) -> Capture | None:
        with self.archive.reading() as connection:
            return original_of(connection, revisit)

    def _payload(self, digest: str) -> bytes | None:
        with self.archive.reading() as connection:
            return payload_of(connection, digest)

    def _take(self, found: Found) -> None:
        """Keep what was found and what it says; a capture that is there already is left as it is."""
        capture = found.capture
        if capture is None:
            self._take_records(found)
        elif not self.archive.holds(capture):
            self._read(self._keep(found, capture))
        elif found.record and found.record.kind == "revisit" and self._complete(capture):
            self._read(capture)
        else:
            self.report.known += 1

    def _keep(self, found: Found, capture: Capture) -> Capture:
        self.report.captures += 1
        with self.archive.write() as connection:
            kept = self.archive.add(capture if found.own or capture.outcome != "ok" else classify(capture), self.run)
            keep_records(connection, found, kept)
        return kept

    def _complete(self, capture: Capture) -> bool:
        with self.archive.write() as connection:
            completed = complete_revisit(connection, capture)
        self.report.captures += completed
        return completed

    def _take_records(self, found: Found) -> None:
        with self.archive.write() as connection:
            self.report.records += sum(not holds_record(connection, record) for record in found.beside)
            keep_records(connection, found, None)

    def _read(self, kept: Capture) -> None:
        if kept.outcome != "ok":
            return
        if kept.role == "notice":
            try:
                notice, fingerprint = self.reader(kept)
                for before in self.archive.stale(kept, fingerprint):  # read by another cleaner: its change is not the source's
                    self.archive.read(before, self.reader(before)[0], fingerprint=fingerprint)
            except LayoutError as error:
                self.report.skipped[kept.url] = str(error)
                return
            known = self.sites.get(kept.site)
            self.archive.read(kept, notice, fingerprint=fingerprint, principal=known.principal(kept.url) if known else None)
            self.report.read += 1
        elif kept.role == "attachment":
            text = None if self.archive.has_text(kept) else read_file(kept)
            self.archive.attach(kept, text)
            self.report.files.update([] if text is None else [text.shortfall])


def list_files(paths: list[Path]) -> Iterator[Path]:
    """List the files that can be imported, folders searched to any depth in the order of names; NoticeError for what is not there."""
    for path in paths:
        if not path.exists():
            raise NoticeError(f"{path}: no such file or folder to import.")
        if path.is_file():
            yield path
        else:
            yield from (file for file in sorted(path.rglob("*"), key=_order) if file.is_file() and _is_wanted(file))


def _order(path: Path) -> tuple[str, ...]:
    return (*path.parts[:-1], in_order(path.name))


def _is_wanted(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix in PAGES or _is_warc(path) or (suffix in FILES and path.with_name(f"{path.name}.json").is_file())


def _is_warc(path: Path) -> bool:
    return path.name.lower().endswith(WARCS)


def found_in(
    path: Path,
    skipped: dict[str, str],
    elsewhere: Callable[[Record], Capture | None] | None = None,
    payload: Callable[[str], bytes | None] | None = None,
) -> Iterator[Found]:
    """Give what is in one file; `skipped` takes the records of a WARC that are damaged.

    `elsewhere` knows what revisits repeat and `payload` bytes by their digest, where a WARC does not hold them itself.
    NoticeError for a kind of file that is not known, a sidecar that cannot be used, a package that is not as it says.
    """
    if path.name.lower().endswith(".wacz"):
        for name, file in read_wacz(path):
            yield from read_records(file, _noting(f"{path}, {name}", skipped), elsewhere, payload)
    elif _is_warc(path):
        yield from read_records(path, _noting(str(path), skipped), elsewhere, payload)
    elif path.suffix.lower() in {*PAGES, *FILES}:
        yield Found(page_capture(path))
    else:
        raise NoticeError(f"{path}: not a kind of file that can be imported; known are {', '.join((*PAGES, *WARCS, *sorted(FILES)))}.")


def _noting(named: str, skipped: dict[str, str]) -> Callable[[int, str], None]:
    def note(place: int, what: str) -> None:
        skipped[f"{named}, record at byte {place}"] = f"left out, it is damaged: {what}"

    return note


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
