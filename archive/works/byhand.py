"""Merging, splitting and undoing by hand: pointers move, the log says why, and nothing that was kept changes."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.documents import storable
from archive.store import Archive
from archive.works import notices
from cleaners.errors import ArchiveError
from cleaners.urls import canonical_url

BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Moved:
    """One move: its number (by which it is undone), the address, and the notices it pointed to before and points to now."""

    number: int
    url: str
    before: str
    after: str


def merge(archive: Archive, work: str, into: str, reason: str) -> tuple[Moved, ...]:
    """Point every address of one notice to another: both are one document, for the reason given.

    ArchiveError where one of them is not known, shows nothing, or was taken down.
    """
    if work == into:
        raise ArchiveError(f"{work}: a notice is not merged into itself; name two")
    with archive.write() as connection:
        for each in (work, into):
            _check(connection, each)
        rows = connection.execute("select id from addresses where notice = ? order by id", (work,)).fetchall()
        return tuple(_move(connection, row["id"], into, reason) for row in rows)


def split(archive: Archive, where: str, reason: str) -> Moved:
    """Point an address (its URL, or its number in the table addresses) to a notice of its own: it is another document.

    ArchiveError where it is not known, or is the address its notice is named after.
    """
    with archive.write() as connection:
        row = _address(connection, where)
        if row["notice"] is None:
            raise ArchiveError(f"{where}: this address has no notice; only what was read as a notice can be split off")
        if row["notice"] == notices.notice_id(row["url"]):
            raise ArchiveError(
                f"{where}: its notice is named after this address; split the other addresses off (`dibao works {row['notice']}`)"
            )
        _check(connection, row["notice"])
        return _move(connection, row["id"], None, reason)


def undo(archive: Archive, number: int) -> Moved:
    """Undo a move, whether a person or dibao made it; the address is never moved again by itself."""
    with archive.write() as connection:
        back = notices.undo(connection, number)
        return _moved(connection, back)


def _check(connection: sqlite3.Connection, work: str) -> None:
    row = connection.execute("select version, takedown from notices where id = ?", (work,)).fetchone()
    if row is None:
        raise ArchiveError(f"{work}: there is no such notice; `dibao search` and the notice's page give its id")
    if row["takedown"] is not None:
        raise ArchiveError(f"{work}: was taken down, and is neither merged nor split; lift the takedown first")
    if row["version"] is None:
        gone = connection.execute("select notice_after from moves where notice_before = ? order by id desc", (work,)).fetchone()
        raise ArchiveError(f"{work}: shows nothing" + (f"; it was merged into {gone[0]}, name that one" if gone else ""))


def _address(connection: sqlite3.Connection, where: str) -> sqlite3.Row:
    column, value = ("id", int(where)) if where.isascii() and where.isdecimal() else ("url", storable(canonical_url(where)))
    row = connection.execute(f"select * from addresses where {column} = ?", (value,)).fetchone()  # noqa: S608 - one of two names
    if row is None:
        raise ArchiveError(f"{where}: there is no such address; `dibao works NOTICE` lists those of a notice")
    return row  # type: ignore[no-any-return]


def _move(connection: sqlite3.Connection, address: int, work: str | None, reason: str) -> Moved:
    if not reason.strip():
        raise ArchiveError("a reason is missing; say with --reason why these are one document, or two")
    return _moved(connection, notices.move(connection, address, work, BY_HAND, {"why": storable(reason.strip())}))


def _moved(connection: sqlite3.Connection, number: int) -> Moved:
    row = connection.execute("select m.*, a.url from moves m join addresses a on a.id = m.address where m.id = ?", (number,)).fetchone()
    return Moved(number, row["url"], row["notice_before"] or "", row["notice_after"])
