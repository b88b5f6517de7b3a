"""The notices an export holds, as plain values, read from the archive a batch at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from archive.captures import open_record_id
from archive.documents import load_notice
from archive.store import Archive
from archive.times import write_moment
from cleaners.records import Notice

BATCH = 200


@dataclass(frozen=True, slots=True)
class Exported:
    """One notice: its row (notice, address, site, capture), the reading shown, its addresses and its versions."""

    row: sqlite3.Row
    notice: Notice
    addresses: tuple[dict[str, Any], ...]
    versions: tuple[dict[str, Any], ...]


def exported(archive: Archive, site: str | None = None, since: date | None = None, until: date | None = None) -> Iterator[Exported]:
    """Give the notices of a site and of days, in the order of days and ids; a batch at a time, so memory does not grow."""
    asked = {"site": site, "since": since and since.isoformat(), "until": until and until.isoformat()}
    last = ("", "")
    while True:
        with archive.reading() as connection:
            rows = connection.execute(_NOTICES, asked | {"day": last[0], "id": last[1], "batch": BATCH}).fetchall()
            batch = [_exported(connection, row) for row in rows]
        if not batch:
            return
        yield from batch
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
    dates = {name: write_moment(getattr(notice, name)) for name in ("issued", "created", "effective")}
    capture = {
        "captured_at": row["captured_at"],
        "payload": row["payload"],
        "record_id": open_record_id(row["record_id"]),
        "time_known": bool(row["time_known"]),
    }
    body = {
        "text": notice.text,
        "paragraphs": [_paragraph(paragraph) for paragraph in notice.paragraphs],
        "attachments": json.loads(row["attachments"]),
        "versions": entry.versions,
        "capture": capture,
        "state": row["state"],
        "flags": notice.flags,
        "text_digest": notice.text_digest,
    }
    return head | origin | fields | dates | body


_FIELDS = (
    *("title", "source", "author", "speaker", "creator", "publisher", "document_number", "identifier", "addressee"),
    *("signatory", "type", "subject", "validity", "script"),
)

_NOTICES = """
    select n.id, n.state, a.url, n.site, s.title as site_title, s.level, s.division_code,
        c.captured_at, p.digest as payload, c.record_id, c.time_known,
        coalesce(r.document, o.document) as document, coalesce(substr(n.issued, 1, 10), substr(n.first_seen, 1, 10)) as day,
        (select coalesce(json_group_array(json_object('url', url, 'title', title, 'media_type', media_type, 'digest', payload)), '[]')
         from (select * from attachments where address = a.id and last_version = v.id order by position, id)) as attachments
    from notices n join versions v on v.id = n.version join addresses a on a.id = v.address join captures c on c.id = v.capture
    left join payloads p on p.id = c.payload
    join readings r on r.id = v.reading left join readings o on o.id = r.same_as left join sites s on s.name = n.site
    where (:site is null or n.site = :site) and (:since is null or day >= :since) and (:until is null or day <= :until)
        and (day, n.id) > (:day, :id)
    order by day, n.id limit :batch
"""

_VERSIONS = (
    'select number, "class", captured_at, text_digest, parts_digest from versions'
    " where merged_into is null and address = (select v.address from notices n join versions v on v.id = n.version where n.id = ?)"
    " order by number"
)
_ADDRESSES = "select url, pointer_reason as reason, state from addresses where notice = ? order by id"


def _exported(connection: sqlite3.Connection, row: sqlite3.Row) -> Exported:
    addresses = tuple(map(dict, connection.execute(_ADDRESSES, (row["id"],))))
    versions = tuple(map(dict, connection.execute(_VERSIONS, (row["id"],))))
    return Exported(row, load_notice(row["document"]), addresses, versions)


def _paragraph(paragraph: Any) -> dict[str, Any]:
    document = {"text": paragraph.text, "kind": paragraph.kind}
    document |= {"level": paragraph.level} if paragraph.level else {}
    return document | ({"cells": list(paragraph.cells)} if paragraph.cells else {})
