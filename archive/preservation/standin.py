"""Temporary tables that stand before those of the archive, so that what derives writes there and reads the record as it is.

SQLite looks for a name among temporary tables first (https://www.sqlite.org/lang_naming.html): the code that derives need not know.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def stand_in(connection: sqlite3.Connection, *names: str) -> Iterator[None]:
    """Let empty temporary tables stand before those of these names; a search index is a plain one, which takes what is written."""
    for table in names:
        for kind, sql in connection.execute(_MADE, (table,)).fetchall():
            connection.execute(_temporary(connection, table, kind, sql))
    try:
        yield
    finally:
        for table in names:
            connection.execute(f"drop table temp.{table}")


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """Give the names of a table's columns."""
    return [row["name"] for row in connection.execute(f"pragma main.table_info({table})")]


_MADE = "select type, sql from main.sqlite_schema where tbl_name = ? and sql is not null order by type = 'index'"


def _temporary(connection: sqlite3.Connection, table: str, kind: str, sql: str) -> str:
    if "using fts5" in sql.lower():
        return f"create temp table {table} ({', '.join(columns(connection, table))})"
    if kind == "table":
        return re.sub("create table", "create temp table", sql, count=1, flags=re.IGNORECASE)
    return re.sub("(create (?:unique )?index )", r"\1temp.", sql, count=1, flags=re.IGNORECASE)
