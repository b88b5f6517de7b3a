"""What every migration stands on: the file's marks, the set they are registered in, and how a script is run."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x64696261  # "diba": what `file` and PRAGMA application_id tell a dibao archive by
PAGE_SIZE = 16384

migrations = Migrations("dibao")


def run(db: Database, script: str) -> None:
    """Run a script's statements one by one: `executescript` would first commit the transaction a migration stands in."""
    for statement in filter(str.strip, script.split(";")):
        db.conn.execute(statement)
