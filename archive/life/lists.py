"""What lists show no more, and show again: only a walk of the whole list, read to its end, ends an interval. It is not gone for that.

An entry that a list lost off its end, as one does that only ever shows the newest, is told apart from one taken out of its midst.
"""

from __future__ import annotations

import sqlite3

from archive.preservation.fixity import with_fixity


def relist(connection: sqlite3.Connection, entry: int, run: int, seen: str) -> None:
    """Begin a new interval of an entry that a list shows again."""
    connection.execute("update entries set vanished = null, listed_since = ?, listed_run = ? where id = ?", (seen, run, entry))


def end_intervals(connection: sqlite3.Connection, run: int, channel: int, begun: str, now: str) -> int:
    """End the intervals of what a walk of a channel's whole list, begun at a time, did not show; gives how many there were.

    What left the list is looked at soon. A walk that showed nothing at all ends nothing.
    """
    shown = connection.execute(_SHOWN, (channel, begun)).fetchone()
    if not shown["number"]:
        return 0
    lost = connection.execute(_LOST, (channel, begun)).fetchall()
    for entry in lost:
        rolled_off = entry["issued"] is not None and shown["oldest"] is not None and entry["issued"] <= shown["oldest"]
        row = {name: entry[name] for name in ("number", "first_run", "first_seen", "last_run", "last_seen")}
        row |= {"entry": entry["id"], "ended_run": run, "ended": now, "rolled_off": int(rolled_off)}
        row = with_fixity("entry_intervals", row)
        connection.execute(
            f"insert into entry_intervals ({', '.join(row)}) values ({', '.join('?' * len(row))})",  # noqa: S608 - the names are ours
            tuple(row.values()),
        )
        connection.execute("update entries set vanished = ? where id = ?", (now, entry["id"]))
        connection.execute(
            "update addresses set next_check = min(next_check, ?) where url = ? and next_check is not null", (now, entry["url"])
        )
    return len(lost)


_SHOWN = """
    select count(*) as number, min(case when pinned then null else issued end) as oldest from entries where channel = ? and last_seen >= ?
"""

_LOST = """
    select e.id, e.url, e.issued, 1 + (select count(*) from entry_intervals i where i.entry = e.id) as number,
        coalesce(e.listed_run, e.first_run) as first_run, coalesce(e.listed_since, e.first_seen) as first_seen, e.last_run, e.last_seen
    from entries e where e.channel = ? and e.vanished is null and e.last_seen < ? order by e.id
"""
