"""The seal of each row of the record: a digest over what the row says (`archive.preservation.seals`)."""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_SEALED = (*("sites", "channels", "runs", "entries", "dictionaries", "payloads", "captures", "readings", "versions", "moves"),)


@migrations()
def seals(db: Database) -> None:
    """Give the rows of the record a seal; the index holds those that have none yet: rows an older dibao wrote."""
    for table in _SEALED:
        run(db, _seal(table))
    run(db, "alter table envelopes add column seal blob")  # only where a row was changed: their digest is over all they hold


@migrations()
def file_text_seals(db: Database) -> None:
    """Give the texts of files a seal."""
    run(db, _seal("file_texts"))


@migrations()
def takedown_seals(db: Database) -> None:
    """Give takedowns, their log, what is barred and what was put away a seal."""
    for table in ("takedowns", "takedown_acts", "barred", "sealed"):
        run(db, f"alter table {table} add column seal blob")


def _seal(table: str) -> str:
    return f"alter table {table} add column seal blob; create index {table}_unsealed on {table} (seal) where seal is null"
