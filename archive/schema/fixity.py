"""The fixity of each row of the record: a digest over what the row says (`archive.preservation.fixity`)."""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_SEALED = (*("sites", "channels", "runs", "entries", "dictionaries", "payloads", "captures", "readings", "versions", "moves"),)


@migrations()
def fixity(db: Database) -> None:
    """Give the rows of the record a fixity; the index holds those that have none yet: rows an older dibao wrote."""
    for table in _SEALED:
        run(db, _fixity(table))
    run(db, "alter table envelopes add column fixity blob")  # only where a row was changed: their digest is over all they hold


@migrations()
def file_text_fixity(db: Database) -> None:
    """Give the texts of files a fixity."""
    run(db, _fixity("file_texts"))


@migrations()
def takedown_fixity(db: Database) -> None:
    """Give takedowns, their log, what is barred and what was put away a fixity."""
    for table in ("takedowns", "takedown_acts", "barred", "sealed"):
        run(db, f"alter table {table} add column fixity blob")


def _fixity(table: str) -> str:
    return f"alter table {table} add column fixity blob; create index {table}_without_fixity on {table} (fixity) where fixity is null"
