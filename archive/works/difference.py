"""The difference of two versions of a notice, with the ids of their paragraphs and what made it: the source, our cleaner, or both."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from archive.differences.changes import Changes, ParagraphChange, compare
from archive.differences.paragraphs import Text, history, numbered
from archive.works.naming import NamedVersion, document
from cleaners.records import Notice


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions compared: what differs, attached files that were swapped as (URL, digest before, digest after), and the cause.

    `cause` is source, cleaner (the page is the same, our reading is not), both, or empty where nothing differs. `old_ids` and `new_ids` are
    those of the paragraphs before and after; for versions of two addresses they have nothing to do with each other.
    """

    before: NamedVersion
    after: NamedVersion
    changes: Changes
    files: tuple[tuple[str, str, str], ...]
    cause: str
    old_ids: tuple[int, ...]
    new_ids: tuple[int, ...]

    def ids(self, change: ParagraphChange) -> tuple[int | None, int | None]:
        """Give the ids of a paragraph before and after."""
        old = self.old_ids[change.old] if change.old is not None and change.old < len(self.old_ids) else None
        return old, self.new_ids[change.new] if change.new is not None and change.new < len(self.new_ids) else None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions with what they say and the readings of their addresses: everything a comparison needs, out of the archive."""

    before: NamedVersion
    after: NamedVersion
    readings: tuple[int, int]
    notices: tuple[Notice, Notice]
    histories: tuple[dict[int, Text], dict[int, Text]]
    cause: str


def difference(connection: sqlite3.Connection, before: NamedVersion, after: NamedVersion) -> Difference:
    """Compare two versions; a version with itself shows what its first reading and the one of today read differently."""
    return differ(gather(connection, before, after))


def gather(connection: sqlite3.Connection, before: NamedVersion, after: NamedVersion) -> Pair:
    """Read what a comparison of two versions needs."""
    one, other = before.reading, after.reading
    if before.id == after.id:
        one = _first_reading(connection, before)
    histories = history(connection, before.address), history(connection, after.address)
    cause = _cause(connection, one, other)
    return Pair(before, after, (one, other), (document(connection, one), document(connection, other)), histories, cause)


def differ(pair: Pair) -> Difference:
    """Compare two versions; pure, and a second of work for the longest texts."""
    changes = compare(*pair.notices)
    files = swapped(pair.before.parts, pair.after.parts)
    one, other = (numbered(readings).get(reading, ()) for readings, reading in zip(pair.histories, pair.readings, strict=True))
    return Difference(pair.before, pair.after, changes, files, pair.cause if changes or files else "", one, other)


def swapped(before: str, after: str) -> tuple[tuple[str, str, str], ...]:
    """Give the attached files whose bytes differ between the parts of two versions, both digests known."""
    old, new = (dict(json.loads(parts or "{}").get("files", [])) for parts in (before, after))
    return tuple((url, old[url], new[url]) for url in old if old[url] and new.get(url) and old[url] != new[url])


def _first_reading(connection: sqlite3.Connection, version: NamedVersion) -> int:
    return int(
        connection.execute("select min(id) from readings where capture = ? and version is not null", (version.capture,)).fetchone()[0]
    )


def _cause(connection: sqlite3.Connection, one: int, other: int) -> str:
    """Say what made two readings differ: other bytes, other rules, or both; not both where one page was read by the rules of the other."""
    rows = [connection.execute(_READ, (reading,)).fetchone() for reading in (one, other)]
    if rows[0]["payload"] == rows[1]["payload"]:
        return "cleaner" if rows[0]["rules"] != rows[1]["rules"] else "source"
    return "source" if rows[0]["rules"] == rows[1]["rules"] else "both"


_READ = "select c.payload, r.rules from readings r join captures c on c.id = r.capture where r.id = ?"
