"""The sweep over the rows of the record: every fixity, and every payload opened and its SHA-256 compared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from archive.preservation.damage import RESTORE, Damage, Report, Told
from archive.preservation.fixity import Table, fixity, tables
from archive.record.envelopes import digest_of_envelope
from archive.record.payloads import open_payload
from cleaners.errors import ArchiveError

BATCH = 500


def sweep(connection: sqlite3.Connection, report: Report, told: Told, *, payloads: bool = True) -> None:
    """Compare the fixity of every row of the record, and open every payload unless told not to."""
    for table in tables().values():
        if table.kind == "record":
            report.damages += _sweep_table(connection, table, report, told, payloads and table.name == "payloads")


def rows(connection: sqlite3.Connection, table: str, report: Report, told: Told) -> Iterator[sqlite3.Row]:
    """Give the rows of a table in the order of their numbers, a batch at a time; pages that cannot be read are passed over and told."""
    most = connection.execute(f"select coalesce(max(rowid), 0) from {table}").fetchone()[0]  # noqa: S608 - the names are ours
    statement = f"select rowid as row_, * from {table} where rowid > ? order by rowid limit {BATCH}"  # noqa: S608 - the same
    last, leap = -1, 1
    while last < most:
        try:
            batch = connection.execute(statement, (last,)).fetchall()
        except sqlite3.DatabaseError as error:
            if leap == 1:
                report.damages.append(Damage(table, None, "", f"rows after {max(last, 0)} cannot be read ({error})", RESTORE))
            last, leap = last + leap, leap * 2
            continue
        if not batch:
            return
        leap = 1
        yield from batch
        last = batch[-1]["row_"]
        report.looked_at[table] += len(batch)
        told(table, report.looked_at[table], most)


def name_of(connection: sqlite3.Connection, table: str, row: int) -> str:
    """Give what people know a row by: an address, a name; nothing where that is damaged, too."""
    shows = tables()[table].shows
    try:
        found = connection.execute(f"select {shows} from {table} t where t.rowid = ?", (row,)).fetchone() if shows else None  # noqa: S608 - ours
    except sqlite3.DatabaseError:
        return ""
    return str(found[0]) if found and found[0] is not None else ""


def _sweep_table(connection: sqlite3.Connection, table: Table, report: Report, told: Told, opened: bool) -> Iterator[Damage]:
    for row in _rowless(connection, table.name, report) if table.rowless else rows(connection, table.name, report, told):
        what = ""
        if row["fixity"] is None and not table.own_digest:
            report.without_fixity[table.name] = report.without_fixity.get(table.name, 0) + 1
        elif not _is_whole(table, row):
            what = "does not fit its fixity"
        if opened and not what:
            what = _unopened(connection, row)
        if what:
            shows = str(row["value"]) if table.rowless else name_of(connection, table.name, row["row_"])
            yield Damage(table.name, row["row_"], shows, what, RESTORE)


def _rowless(connection: sqlite3.Connection, table: str, report: Report) -> Iterator[sqlite3.Row]:
    """Give the rows of a table that has no numbers: they are told by their place."""
    for row in connection.execute(f"select row_number() over () as row_, * from {table}"):  # noqa: S608 - the names are ours
        report.looked_at[table] += 1
        yield row


def _is_whole(table: Table, row: sqlite3.Row) -> bool:
    if row["fixity"] is None:
        return bool(digest_of_envelope(row) == row["digest"])
    return bool(fixity(table.name, row) == row["fixity"])


def _unopened(connection: sqlite3.Connection, row: sqlite3.Row) -> str:
    """Say why a payload's bytes cannot be had again; nothing where they can, or where a takedown withholds them."""
    if row["takedown"] is not None:
        return ""
    try:
        body = open_payload(connection, row["digest"])
    except (ArchiveError, MemoryError, TypeError) as error:
        return str(error)
    return "" if len(body) == row["size"] else "has another size than it says"
