"""What the pages say of takedowns: the tombstone of a notice, and the public list of all of them."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from archive.takedowns.acts import takedowns
from archive.takedowns.log import acts

SEALED_TABLE = "sealed"


def tombstone(conn: sqlite3.Connection, notice: str) -> dict[str, Any] | None:
    """Give the takedown that withholds a notice now, None where none does."""
    row = conn.execute("select t.* from notices n join takedowns t on t.id = n.takedown where n.id = ?", (notice,)).fetchone()
    return None if row is None else dict(row)


def listed(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Give every takedown, newest first, with the title left on its tombstone, its counts and its acts."""
    log = acts(conn)
    return [
        {
            **{name: getattr(taken, name) for name in taken.__slots__},
            "counts": json.loads(taken.counts),
            "title": _title(conn, taken.notice) if taken.titled else None,
            "acts": [act for act in log if act.takedown == taken.id],
        }
        for taken in takedowns(conn)
    ]


def _title(conn: sqlite3.Connection, notice: str) -> str | None:
    row = conn.execute("select title from notices where id = ?", (notice,)).fetchone()
    return str(row[0]) if row and row[0] else None


def deny_sealed(action: int, table: str | None, *_rest: object) -> int:
    """Say to SQLite whether a statement may be run: what seals put away is read by no page and no visitor's SQL."""
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_READ and table == SEALED_TABLE else sqlite3.SQLITE_OK
