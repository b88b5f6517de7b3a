"""The versions of an address between the database and their pure form."""

from __future__ import annotations

import sqlite3
from collections.abc import Set as AbstractSet

from archive.life.keeping import again
from archive.preservation.fixity import fixity
from archive.versions import Timeline, Version, in_effect, load_parts


def load_timeline(connection: sqlite3.Connection, address: int) -> Timeline:
    """Give the versions of an address that stand, in the order of capture times."""
    rows = connection.execute("select * from versions where address = ? and merged_into is null order by captured_at", (address,))
    return tuple(
        Version(
            row["captured_at"], row["capture"], row["reading"], row["text_digest"], load_parts(row["parts"]), row["class"], row["number"]
        )
        for row in rows
    )


def save_timeline(connection: sqlite3.Connection, address: int, before: Timeline, after: Timeline) -> dict[str, int]:
    """Write the versions that are new or differ; those gone stay under their names and point to the one that stood at their time.

    `after` is not empty where `before` is not. Gives the numbers of the versions written, by name.
    """
    known = {version.captured_at: version for version in before}
    written = {
        version.captured_at: _save(connection, address, version, first=not before)
        for version in after
        if known.get(version.captured_at) != version
    }
    names = {version.captured_at for version in after}
    if before and known.keys() != names:
        _resolve(connection, address, after, known.keys() - names)
        again(connection, address)
    return written


def _resolve(connection: sqlite3.Connection, address: int, after: Timeline, gone: AbstractSet[str]) -> None:
    """Point the names of versions that are no longer cut, now or before, to the version that stood at their time, or the first."""
    numbers = {version.captured_at: version_id(connection, address, version.captured_at) for version in after}
    merged = "select id, captured_at, merged_into from versions where address = ? and merged_into is not null"
    rows = connection.execute(merged, (address,)).fetchall()
    rows += [
        connection.execute("select * from versions where address = ? and captured_at = ?", (address, name)).fetchone() for name in gone
    ]
    for row in rows:
        into = numbers[(in_effect(after, row["captured_at"]) or after[0]).captured_at]
        if row["merged_into"] != into:
            connection.execute("update versions set merged_into = ? where id = ?", (into, row["id"]))


def version_id(connection: sqlite3.Connection, address: int, captured_at: str) -> int:
    """Give the number of a version by its permanent name, following what it was merged into."""
    row = connection.execute(
        "select id, merged_into from versions where address = ? and captured_at = ?", (address, captured_at)
    ).fetchone()
    while row["merged_into"] is not None:
        row = connection.execute("select id, merged_into from versions where id = ?", (row["merged_into"],)).fetchone()
    return int(row["id"])


def _save(connection: sqlite3.Connection, address: int, version: Version, *, first: bool) -> int:
    row = {
        "capture": version.capture,
        "number": version.number,
        "class": version.kind,
        "reading": version.reading,
        "text_digest": version.text_digest,
        "parts_digest": version.parts.digest,
        "parts": version.parts.dump(),
        "merged_into": None,
    }
    row["fixity"] = fixity("versions", row | {"address": address, "captured_at": version.captured_at})
    # no upsert: see archive.sightings; an address without versions has none merged away either
    name = (address, version.captured_at)
    known = None if first else connection.execute("select id from versions where address = ? and captured_at = ?", name).fetchone()
    if known:
        connection.execute(f"update versions set {', '.join(f'{column} = ?' for column in row)} where id = ?", (*row.values(), known["id"]))  # noqa: S608
        return int(known["id"])
    columns = ", ".join(("address", "captured_at", *row))
    cursor = connection.execute(f"insert into versions ({columns}) values ({', '.join('?' * (len(row) + 2))})", (*name, *row.values()))  # noqa: S608
    return int(cursor.lastrowid or 0)
