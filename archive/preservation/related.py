"""What notices have to do with one another, related again and compared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from archive.preservation.damage import Damage, Report, Told
from archive.preservation.standin import columns, stand_in
from archive.relations.passes import fingerprint

RELATE = "relate again (dibao relate --all)"
TABLES = ("profiles", "title_names", "sketches", "bands", "crowds", "likenesses", "citations", "relations", "validities")
BATCH = 256
_VOLATILE = {"id", "found_at", "version"}  # a file replaced makes a version that says the same


def compare_related(connection: sqlite3.Connection, report: Report, told: Told) -> Iterator[Damage]:
    """Relate all notices again and compare; not where notices wait to be related, or other rules than today's related them."""
    if not _is_todays(connection):
        return
    from archive.relations.following import follow, look  # noqa: PLC0415 - numpy is loaded only where there is something to do

    kept = {table: ", ".join(f'"{name}"' for name in columns(connection, table) if name not in _VOLATILE) for table in TABLES}
    works = [row[0] for row in connection.execute("select id from main.notices order by id")]
    with stand_in(connection, *TABLES):
        for place in range(0, len(works), BATCH):
            fresh = look(connection, works[place : place + BATCH])
            if fresh:
                follow(connection, fresh)
            report.looked_at["notices related"] += len(works[place : place + BATCH])
            told("relations", place, len(works))
        for table, names in kept.items():
            for row in connection.execute(_DIFFERENT.format(table=table, columns=names)).fetchall():
                yield Damage(table, None, str(row[0]), "is not what the notices give", RELATE)


_DIFFERENT = """
    select * from (select {columns} from main.{table} except select {columns} from temp.{table})
    union select * from (select {columns} from temp.{table} except select {columns} from main.{table})
"""


def _is_todays(connection: sqlite3.Connection) -> bool:
    until = dict(map(tuple, connection.execute("select record, number from related_until").fetchall()))
    newest = {table: connection.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0] for table in ("readings", "moves")}  # noqa: S608 - ours
    return until.get("code") == fingerprint() and all(until.get(table, 0) == number for table, number in newest.items())
