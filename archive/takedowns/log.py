"""The log of acts: everything that was sealed, removed, lifted or kept away, in the order it happened."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.documents import storable
from archive.preservation.fixity import renew_fixity
from archive.times import now


@dataclass(frozen=True, slots=True)
class Act:
    """One act: sealed, removed, lifted, or barred (something came again and was not kept; `reason` is its address or notice)."""

    takedown: int
    act: str
    reason: str
    acted_at: str


def log(connection: sqlite3.Connection, takedown: int, act: str, reason: str) -> None:
    """Log an act; nothing is ever taken out of the log."""
    cursor = connection.execute(
        "insert into takedown_acts (takedown, act, reason, acted_at) values (?, ?, ?, ?)", (takedown, act, storable(reason), now())
    )
    renew_fixity(connection, "takedown_acts", cursor.lastrowid or 0)


def acts(connection: sqlite3.Connection, takedown: int | None = None) -> tuple[Act, ...]:
    """Give what was logged, of one takedown where it is named."""
    rows = connection.execute(
        "select takedown, act, reason, acted_at from takedown_acts where ?1 is null or takedown = ?1 order by id", (takedown,)
    )
    return tuple(Act(*row) for row in rows)
