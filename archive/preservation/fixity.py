"""Fixity: each row of the record carries a digest over what it says, so that a single changed bit is found and the record named.

It is the BLAKE2b digest (RFC 7693) of 8 bytes over a row written down as Python's `ascii()` of the tuple (table, value, value, ...),
its columns in the order of `tables.toml`: numbers, text, bytes and NULL are told apart, and all is ASCII. The columns named `large`
follow it as they are, each after a byte for its type. Columns that change after a row was written are left out where they can
be derived again (`derived`, each with what it comes from); where they cannot, whoever changes the row calls `renew_fixity`.

A column that a later dibao adds is named under `added` with the value rows have that were there before: at that value it does not
count, so what older rows carry stays good.
"""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from operator import itemgetter
from typing import Any, cast

FIXITY_BYTES = 8

Row = Mapping[str, Any] | sqlite3.Row
"""A row by the names of its columns."""


@dataclass(frozen=True, slots=True)
class Table:
    """What `tables.toml` says of a table: its kind (record, derived, scratch), why, and what becomes of each column."""

    name: str
    kind: str
    why: str
    covered: tuple[str, ...] = ()
    large: tuple[str, ...] = ()
    added: Mapping[str, Any] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)
    shows: str = ""
    own_digest: bool = False
    rowless: bool = False

    @property
    def has_fixity(self) -> bool:
        """Whether its rows have to carry a fixity; those with a digest of their own do only where they were changed."""
        return bool(self.covered) and not self.own_digest

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns a fixity is made of."""
        return (*self.covered, *self.added, *self.large)


@cache
def tables() -> dict[str, Table]:
    """Give every table of the archive by its name."""
    text = files("archive.preservation").joinpath("tables.toml").read_text("utf-8")
    return {
        name: Table(name, **cast("Any", {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}))
        for name, row in tomllib.loads(text).items()
    }


def fixity(table: str, row: Row) -> bytes:
    """Give the fixity (PREMIS: message digest) of a row, which has every column its table's is made of, as SQLite gives them back."""
    return _maker(table)(row)


def with_fixity(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Give a row that is about to be written with its fixity."""
    row["fixity"] = _maker(table)(row)
    return row


def renew_fixity(connection: sqlite3.Connection, table: str, row: int) -> None:
    """Renew the fixity of a row, by its rowid, after a statement that changed it in the same transaction; not in tables without."""
    told = tables()[table]
    if told.covered:
        found = connection.execute(f"select {', '.join(map(_quoted, told.columns))} from {table} where rowid = ?", (row,)).fetchone()  # noqa: S608 - the names are ours
        now = fixity(table, dict(zip(told.columns, found, strict=True)))
        connection.execute(f"update {table} set fixity = ? where rowid = ?", (now, row))  # noqa: S608 - the same


def without_fixity(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the rows without a fixity, by table: those an older dibao wrote."""
    counts = {
        name: connection.execute(f"select count(*) from {name} where fixity is null").fetchone()[0]  # noqa: S608 - the names are ours
        for name, table in tables().items()
        if table.has_fixity
    }
    return {name: number for name, number in counts.items() if number}


def give_some(connection: sqlite3.Connection, most: int = 500) -> int:
    """Give rows their fixity that have none, at most so many; gives how many there were."""
    number = 0
    for table, row in _without_fixity(connection, most):
        renew_fixity(connection, table, row)
        number += 1
    return number


def _without_fixity(connection: sqlite3.Connection, most: int) -> Iterator[tuple[str, int]]:
    for name, table in tables().items():
        if table.has_fixity and not table.rowless and most > 0:
            statement = f"select rowid from {name} where fixity is null limit ?"  # noqa: S608 - the names are ours
            rows = connection.execute(statement, (most,)).fetchall()
            most -= len(rows)
            yield from ((name, row[0]) for row in rows)


def _quoted(name: str) -> str:
    return f'"{name}"'


@cache
def _maker(name: str) -> Callable[[Row], bytes]:
    table = tables()[name]
    pick = itemgetter(*table.covered)

    def plain(row: Row) -> bytes:
        return blake2b(ascii((name, *pick(row))).encode(), digest_size=FIXITY_BYTES).digest()

    def whole(row: Row) -> bytes:
        made = blake2b(ascii((name, *pick(row), *_late(table, row))).encode(), digest_size=FIXITY_BYTES)
        for column in table.large:
            made.update(_plain(row[column]))
        return made.digest()

    make = whole if table.large or table.added else plain
    return (lambda row: make(_as_arrived(row))) if name == "captures" else make


def _plain(value: str | bytes | float | None) -> bytes:
    if value is None:
        return b"n"
    if isinstance(value, int | float):
        return b"i" + ascii(value).encode()
    return b"b" + value if isinstance(value, bytes) else b"t" + value.encode("utf-8", "surrogateescape")


def _late(table: Table, row: Row) -> list[tuple[str, Any]]:
    return [(column, row[column]) for column, before in table.added.items() if row[column] != (None if before == "NULL" else before)]


def _as_arrived(row: Row) -> Row:
    """Give the row of a capture as it arrived: what its reading made of its outcome ("as read") is derived."""
    return {**row, "outcome": "ok", "reason": ""} if row["reason"] == "as read" else row
