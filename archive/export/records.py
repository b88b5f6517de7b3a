"""The notices an export holds, as plain values, read from the archive a batch at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from archive.documents import load_notice
from archive.filetexts import open_text
from archive.record.captures import open_record_id
from archive.store import Archive
from archive.times import write_moment
from cleaners.records import Notice, Paragraph

BATCH = 200


@dataclass(frozen=True, slots=True)
class Exported:
    """One notice: its row (notice, address, site, capture), the reading shown, its addresses, versions and attachments with their texts."""

    row: sqlite3.Row
    notice: Notice
    addresses: tuple[dict[str, Any], ...]
    versions: tuple[dict[str, Any], ...]
    attachments: tuple[dict[str, Any], ...]


def exported(archive: Archive, site: str | None = None, since: date | None = None, until: date | None = None) -> Iterator[Exported]:
    """Give the notices of a site and of days, in the order of days and ids.

    Rows come a batch at a time and texts of files a notice at a time, so memory does not grow.
    """
    asked = {"site": site, "since": since and since.isoformat(), "until": until and until.isoformat()}
    last = ("", "")
    while True:
        with archive.reading() as connection:
            rows = connection.execute(_NOTICES, asked | {"day": last[0], "id": last[1], "batch": BATCH}).fetchall()
        for row in rows:
            with archive.reading() as connection:
                entry = _exported(connection, row)
            yield entry
        if not rows:
            return
        last = (rows[-1]["day"], rows[-1]["id"])


def as_document(entry: Exported) -> dict[str, Any]:
    """Give an entry as the JSON object the README describes: dates in ISO 8601, every field of the notice under its own name."""
    row, notice = entry.row, entry.notice
    head = {name: row[name] for name in ("id", "url")} | {"addresses": entry.addresses}
    origin = {
        "site": row["site"],
        "site_title": row["site_title"] or "",
        "level": row["level"] or "",
        "division_code": row["division_code"] or "",
    }
    fields = {name: getattr(notice, name) for name in _FIELDS}
    dates = {name: write_moment(getattr(notice, name)) for name in ("issued", "created", "printed", "effective", "repealed")}
    capture = {
        "captured_at": row["captured_at"],
        "payload": row["payload"],
        "record_id": open_record_id(row["record_id"]),
        "time_known": bool(row["time_known"]),
    }
    body = {
        "text": notice.text,
        "paragraphs": [_paragraph(paragraph) for paragraph in notice.paragraphs],
        "attachments": entry.attachments,
        "images": [asdict(picture) for picture in notice.images],
        "parts": notice.parts,
        "versions": entry.versions,
        "capture": capture,
        "state": row["state"],
        "flags": notice.flags,
        "reader": notice.reader,
        "confidence": notice.confidence,
        "text_digest": notice.text_digest,
    }
    return head | origin | fields | dates | body


_FIELDS = (
    *("title", "source", "author", "reporter", "editor", "reviewer", "speaker", "creator", "publisher", "document_number", "identifier"),
    *("addressee", "signatory", "copied_to", "attachment_notes", "type", "subject", "validity", "script"),
)

_NOTICES = """
    select n.id, n.state, a.url, n.site, s.title as site_title, s.level, s.division_code,
        c.captured_at, p.digest as payload, c.record_id, c.time_known,
        coalesce(r.document, o.document) as document, coalesce(substr(n.issued, 1, 10), substr(n.first_seen, 1, 10)) as day
    from notices n join versions v on v.id = n.version join addresses a on a.id = v.address join captures c on c.id = v.capture
    left join payloads p on p.id = c.payload
    join readings r on r.id = v.reading left join readings o on o.id = r.same_as left join sites s on s.name = n.site
    where n.takedown is null and (:site is null or n.site = :site)
        and (:since is null or day >= :since) and (:until is null or day <= :until) and (day, n.id) > (:day, :id)
    order by day, n.id limit :batch
"""

_VERSIONS = (
    'select number, "class", captured_at, text_digest, parts_digest from versions'
    " where merged_into is null and address = (select v.address from notices n join versions v on v.id = n.version where n.id = ?)"
    " order by number"
)
_ATTACHMENTS = """
    select t.url, t.title, t.media_type, t.payload as digest, x.media_type as file_type, x.pages, x.flags, x.reason, x.text, x.contents
    from notices n join versions v on v.id = n.version join attachments t on t.address = v.address and t.last_version = v.id
    left join payloads p on p.digest = t.payload
    left join file_texts x on x.payload = p.id where n.id = ? order by t.position, t.id
"""
_ADDRESSES = "select url, pointer_reason as reason, state from addresses where notice = ? order by id"


def _exported(connection: sqlite3.Connection, row: sqlite3.Row) -> Exported:
    addresses = tuple(map(dict, connection.execute(_ADDRESSES, (row["id"],))))
    versions = tuple(map(dict, connection.execute(_VERSIONS, (row["id"],))))
    notice = load_notice(row["document"])
    files = tuple(map(_attachment, connection.execute(_ATTACHMENTS, (row["id"],))))
    nowhere = tuple({"url": "", "title": file.title} for file in notice.attachments if not file.url)
    return Exported(row, notice, addresses, versions, (*files, *nowhere))


def _attachment(row: sqlite3.Row) -> dict[str, Any]:
    """Give a file's link and, where it was read, what it says; of files inside an archive what they are (its text holds theirs)."""
    document = {name: row[name] for name in ("url", "title", "media_type", "digest")}
    if row["text"] is None:
        return document
    found = open_text(row)
    said = {"file_type": row["file_type"], "pages": found.pages, "flags": found.flags, "reason": found.reason, "text": found.text}
    inside = [{name: getattr(file, name) for name in ("name", "size", "media_type", "flags", "reason")} for file in found.files]
    return document | said | ({"files": inside} if inside else {})


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    document: dict[str, Any] = {"text": paragraph.text, "kind": paragraph.kind}
    document |= {"level": paragraph.level} if paragraph.level else {}
    for name in ("cells", "table", "merged"):
        document |= {name: value} if (value := getattr(paragraph, name)) else {}
    return document
