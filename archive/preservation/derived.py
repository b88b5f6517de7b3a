"""What is derived, derived again and compared."""

from __future__ import annotations

import sqlite3

from archive.preservation.damage import Report, Told


def compare(connection: sqlite3.Connection, report: Report, told: Told) -> None:
    """Compare what is derived with the record."""
