"""`dibao verify`: whether each record is what it was when it was written, and what follows from the record still does.

Four questions, each of the whole file as it stood at one moment (a read transaction: a crawl writes on meanwhile): is the file sound
as SQLite sees it (pages, indexes, keys, the text of its tables); does each row of the record fit its fixity; does each payload open and
have its SHA-256; and is what is derived what would be derived again.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from archive.connection import BUSY_SECONDS, Store, check_file, is_frozen, names
from archive.preservation.damage import REBUILD, REINDEX, RESTORE, Damage, Report, Told
from archive.preservation.derived import compare
from archive.preservation.fixity import give_some, tables
from archive.preservation.sweep import sweep
from archive.schema import migrations

FAULTS = 1000  # how many faults SQLite is asked to name


def verify(path: Path, *, quick: bool = False, told: Told = lambda *_: None) -> Report:
    """Look the archive at `path` over; `quick` leaves out payloads and what is derived, and still compares every fixity.

    A file that SQLite cannot read is a report, too; ArchiveError where there is none, or it is no archive of ours, or a newer dibao's.
    """
    report = Report()
    check_file(path, create=False, read_only=True)
    try:
        if not _is_todays(path):
            Store.open(path, create=False, for_reading=True).close()  # brings it up to date, or says that it is newer
        with closing(_open(path)) as connection:
            connection.execute("begin")
            _look(connection, report, quick=quick, told=told)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter where the message itself holds damaged text
        report.damages.append(Damage("file", None, str(path), f"cannot be read on ({error})", RESTORE))
    return report


def _is_todays(path: Path) -> bool:
    """Say whether exactly today's migrations were applied."""
    with closing(_open(path)) as connection:
        return {row[0] for row in connection.execute("select name from _sqlite_migrations")} == names()


def give_all(path: Path) -> int:
    """Give the rows that an older dibao wrote their fixity, as they stand now, a few a transaction; gives how many there were."""
    with closing(Store.open(path, create=False)) as store:
        number, some = 0, 1
        while some:
            with store.write() as connection:
                some = give_some(connection)
            number += some
    return number


def _look(connection: sqlite3.Connection, report: Report, *, quick: bool, told: Told) -> None:
    report.damages += _schema(connection)
    if report.damages:
        return  # of tables that are not what they are said to be, nothing else can be told
    for part in (_integrity, _foreign_keys):
        told(part.__name__.strip("_").replace("_", " "), 0, 0)
        report.damages += part(connection)
    sweep(connection, report, told, payloads=not quick)
    if not quick:
        compare(connection, report, told)


def _open(path: Path) -> sqlite3.Connection:
    name = f"{path.absolute().as_uri()}?{'immutable=1' if is_frozen(path) else 'mode=ro'}"
    connection = sqlite3.connect(name, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    connection.row_factory = sqlite3.Row
    # a damaged text may be no UTF-8: its fixity tells, not an exception
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    return connection


def _schema(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Compare the text of every table and index with what the migrations make."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        migrations.apply(Database(fresh, execute_plugins=False))
        wanted = set(map(tuple, fresh.execute(_SCHEMA)))
    found = set(map(tuple, connection.execute(_SCHEMA)))
    for kind, name, *_ in sorted(wanted ^ found, key=str):
        yield Damage("sqlite_schema", str(name), str(kind), "is not what the migrations make", RESTORE)
    if connection.execute("pragma user_version").fetchone()[0]:
        yield Damage("file", None, "user_version", "is not 0", RESTORE)


_SCHEMA = "select type, name, tbl_name, sql from sqlite_schema where name not like 'sqlite_stat%'"


def _integrity(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Ask SQLite whether pages, indexes and columns are sound."""
    try:
        faults = [str(row[0]) for row in connection.execute(f"pragma integrity_check({FAULTS})")]
    except sqlite3.DatabaseError as error:
        faults = [str(error)]
    owners = {row["name"]: row["tbl_name"] for row in connection.execute("select name, tbl_name from sqlite_schema")}
    roots = {row["rootpage"]: row["name"] for row in connection.execute("select name, rootpage from sqlite_schema where rootpage > 0")}
    for fault in (line for text in faults for line in text.splitlines() if line != "ok" and not line.startswith("***")):
        yield _named(fault, owners, roots)


def _named(fault: str, owners: dict[str, str], roots: dict[int, str]) -> Damage:
    """Give a fault as SQLite words it under the name of its table."""
    index = re.search(r"index (\S+)", fault)
    tree = re.search(r"[Tt]ree (\d+)", fault)
    name = index[1] if index else roots.get(int(tree[1]), "") if tree else ""
    table = owners.get(name, "")
    row = re.match(r"row (\d+)", fault)
    found = tables().get(table)
    lost = not name or name == table
    remedy = RESTORE if lost and (found is None or found.kind == "record") else REBUILD if lost else REINDEX
    return Damage(table or "file", int(row[1]) if row else None, name if name != table else "", fault, remedy)


def _foreign_keys(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Ask SQLite for rows that name another one which is not there."""
    for row in connection.execute("pragma foreign_key_check"):
        yield Damage(row["table"], row["rowid"], "", f"names a row of {row['parent']} that is not there", RESTORE)
