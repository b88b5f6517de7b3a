"""What `verify` says: damaged records by name, with what to do about each, and what was looked at."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from archive.record.payloads import zstd
from cleaners.errors import NoticeError

RESTORE = "restore it from a backup (dibao restore)"
REBUILD = "derive it again (dibao rebuild --all)"
SEARCH_ANEW = "make the search index anew (dibao rebuild --index)"
REINDEX = "nothing is lost: `dibao backup` writes the index anew, and the copy replaces the file"

UNREADABLE = (
    *(sqlite3.DatabaseError, NoticeError, zstd.ZstdError),
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, MemoryError),
)
"""What code that derives may meet in damaged rows."""

Told = Callable[[str, int, int], None]
"""Is told how far a part of the work is: what is looked at, how many rows are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged record: its table and row number, what people know it by (an address, a name), what is wrong, what to do."""

    table: str
    row: int | str | None
    shows: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Say it in one line."""
        row = "" if self.row is None else f" row {self.row}"
        return f"{self.table}{row}{f' ({self.shows})' if self.shows else ''}: {self.what}; {self.remedy}"


@dataclass
class Report:
    """What was looked at (rows by table), what is damaged, and the rows that carry no fixity yet, by table."""

    looked_at: Counter[str] = field(default_factory=Counter)
    damages: list[Damage] = field(default_factory=list)
    without_fixity: dict[str, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether nothing is damaged."""
        return not self.damages

    def as_document(self) -> dict[str, Any]:
        """Give the report as a JSON object."""
        damages = [asdict(damage) for damage in self.damages]
        return {"sound": self.sound, "looked_at": dict(self.looked_at), "without_fixity": self.without_fixity, "damages": damages}
