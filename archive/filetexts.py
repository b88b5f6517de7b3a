"""The texts of attached files: what a reader made of a payload, kept once whatever links to it, with the reader's fingerprint.

They are derived, as readings are: a rebuild reads again what another reader read. Which capture of a payload is read (its headers and
address are hints for the reader) does not depend on what happened in between: it is the first one kept.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from archive.documents import dump, storable
from archive.preservation.fixity import with_fixity
from archive.record.captures import ROWS, kept_row
from archive.record.payloads import zstd
from archive.search import expect
from cleaners.attachments.fingerprint import fingerprint
from cleaners.attachments.records import FileText
from cleaners.records import Capture

LARGEST_CONTENTS = 64 << 20
"""Bytes of JSON: beyond it tables and the files of an archive are kept as text alone, where they stand anyway."""


def keep_text(connection: sqlite3.Connection, capture: Capture, found: FileText) -> bool:
    """Keep what was read in a captured file in place of what was read before; says whether it differs."""
    payload = kept_row(connection, capture)["payload"]
    if payload is None:
        return False
    row = _row(found)
    known = connection.execute("select * from file_texts where payload = ?", (payload,)).fetchone()
    values = with_fixity("file_texts", row | {"fingerprint": fingerprint(), "read_at": int(time.time()), "payload": payload})
    if known:  # no upsert: see archive.sightings
        changes = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(f"update file_texts set {changes} where payload = :payload", values)  # noqa: S608 - the names are ours
    else:
        places = ", ".join(f":{name}" for name in values)
        connection.execute(f"insert into file_texts ({', '.join(values)}) values ({places})", values)  # noqa: S608 - the same
    differs = known is None or any(known[name] != value for name, value in row.items())
    if differs:
        expect(connection, payload)
    return differs


def has_text(connection: sqlite3.Connection, capture: Capture) -> bool:
    """Say whether the text of a captured file's payload is kept; the capture itself need not be yet."""
    known = "select 1 from payloads p join file_texts t on t.payload = p.id where p.digest = ?"
    return connection.execute(known, (capture.payload_digest,)).fetchone() is not None


def unread_files(connection: sqlite3.Connection, killed: str | None = None, *, stale: bool = False) -> Iterator[sqlite3.Row]:
    """Give the rows of the files that were never read, one for each payload.

    `killed` names a site and asks only for what its killed runs left, `stale` also for what another reader read.
    """
    asked = {"site": killed, "fingerprint": fingerprint() if stale else None}
    numbers = [row[0] for row in connection.execute(_UNREAD, asked)]
    return (connection.execute(f"{ROWS} where c.id = ?", (number,)).fetchone() for number in numbers)


def open_text(row: Mapping[str, Any] | sqlite3.Row, largest: int = LARGEST_CONTENTS) -> FileText:
    """Build the text of a file from its row in `file_texts`; of more than `largest` bytes of tables and files inside, without them."""
    packed = row["contents"]
    opened = packed and zstd.get_frame_info(packed).decompressed_size <= largest
    return _file(
        (json.loads(zstd.decompress(packed)) if opened else {})
        | {"text": row["text"], "pages": row["pages"], "media_type": row["media_type"], "reason": row["reason"]}
        | {"flags": json.loads(row["flags"])}
    )


_UNREAD = """
    select min(c.id) as first from captures c left join file_texts t on t.payload = c.payload
    where c.role = 'attachment' and c.outcome = 'ok' and c.payload is not null
        and (t.payload is null or t.fingerprint <> :fingerprint)
        and (:site is null or c.payload in (select k.payload from runs r join captures k on k.run = r.id
            where r.site = :site and r.outcome = 'interrupted' and k.role = 'attachment' and k.outcome = 'ok'))
    group by c.payload order by first
"""


def _row(found: FileText) -> dict[str, object]:
    return {
        "media_type": storable(found.media_type),
        "pages": found.pages,
        "flags": dump(found.flags),
        "reason": storable(found.reason),
        "text": storable(found.text),
        "contents": _contents(found),
    }


def _contents(found: FileText) -> bytes | None:
    """Pack tables and the files inside, where there are any."""
    if not (found.tables or found.files):
        return None
    written = dump({"tables": found.tables, "files": [asdict(file) for file in found.files]}).encode()
    return zstd.compress(written, 3) if len(written) <= LARGEST_CONTENTS else None


def _file(document: Mapping[str, Any]) -> FileText:
    tables = tuple(tuple(map(tuple, table)) for table in document.get("tables", ()))
    files = tuple(map(_file, document.get("files", ())))
    return FileText(**{**document, "flags": tuple(document["flags"]), "tables": tables, "files": files})
