"""The schema as a page for people: every table and column with what it means, written from the archive itself.

`python -m archive.schema.document > docs/schema.md` after a migration; the words stand in `archive/browse/tables.toml`, where Datasette
takes them from too, and what a table is to `dibao verify` in `archive/preservation/tables.toml`. A test demands a word for every column.
"""

from __future__ import annotations

import sqlite3
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from sqlite_utils import Database

from archive.schema import migrations

HEAD = """# The tables of an archive

Written from the archive itself by `python -m archive.schema.document`; do not edit by hand. Whoever uses Python needs none of it:
[archive.md](archive.md). A *record* is what was seen or decided and nothing can give back, what is *derived* follows from the record, and
*scratch* is what crawls leave for the next one. Times are ISO 8601 text in UTC ending in Z, digests `sha256:<hex>`, JSON is UTF-8 text.
"""


def document() -> str:
    """Give the page: a chapter a table, a line a column."""
    connection = sqlite3.connect(":memory:")
    migrations.apply(Database(connection))
    words, kinds = _toml("archive.browse"), _toml("archive.preservation")
    lines = [line for name in tables(connection) for line in _table(connection, name, words.get(name, {}), kinds.get(name, {}))]
    connection.close()
    return "\n".join((HEAD, *lines))


def tables(connection: sqlite3.Connection) -> list[str]:
    """Give the names of the tables, those aside that SQLite makes for itself."""
    rows = connection.execute("select name, sql from sqlite_master where type = 'table' order by rowid").fetchall()
    virtual = [name for name, sql in rows if sql.lower().startswith("create virtual")]
    inner = {f"{name}_{part}" for name in virtual for part in ("data", "idx", "content", "docsize", "config")}
    return [name for name, _ in rows if name not in inner and not name.startswith(("sqlite_", "_"))]


def undescribed(connection: sqlite3.Connection, words: dict[str, Any]) -> list[str]:
    """Give what has no words yet: tables, and columns as table.column."""
    missing = [name for name in tables(connection) if not words.get(name, {}).get("description")]
    columns = ((name, column) for name in tables(connection) for column in _columns(connection, name))
    return missing + [f"{name}.{column[1]}" for name, column in columns if column[1] not in words.get(name, {}).get("columns", {})]


def _toml(package: str) -> dict[str, Any]:
    return tomllib.loads(files(package).joinpath("tables.toml").read_text("utf-8"))


def _table(connection: sqlite3.Connection, name: str, words: dict[str, Any], standing: dict[str, Any]) -> Iterator[str]:
    yield f"\n## {name}\n\n{words.get('description', '')}\n\n*{standing.get('kind', '')}*: {standing.get('why', '')}"
    yield "\n| column | type | |\n|---|---|---|"
    targets = {row[3]: f"{row[2]}.{row[4] or 'id'}" for row in connection.execute(f"pragma foreign_key_list({name})")}
    for _, column, kind, not_null, _, key in _columns(connection, name):
        marks = " ".join(filter(None, (kind or "any", "key" if key else "", "not null" if not_null and not key else "")))
        target = f" → {targets[column]}" if column in targets else ""
        yield f"| {column} | {marks}{target} | {words.get('columns', {}).get(column, '')} |"


def _columns(connection: sqlite3.Connection, name: str) -> list[Any]:
    return connection.execute(f"pragma table_info({name})").fetchall()


if __name__ == "__main__":
    sys.stdout.write(document() + "\n")
