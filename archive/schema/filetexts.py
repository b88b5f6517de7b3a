"""The texts of attached files, one a payload."""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_FILE_TEXTS = """
    create table file_texts (
        payload integer primary key references payloads(id), fingerprint text not null, media_type text not null, pages integer not null,
        flags text not null, reason text not null, text text not null, contents blob, read_at integer not null
    );
    create index captures_files on captures (payload) where role = 'attachment' and outcome = 'ok';
    """


@migrations()
def file_texts(db: Database) -> None:
    """Create the texts of attached files, one a payload; `contents` is JSON by Zstandard: tables, and the files inside an archive."""
    run(db, _FILE_TEXTS)
