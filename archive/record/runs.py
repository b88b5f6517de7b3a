"""Sites, channels, runs and what listings said: what a crawl knows of itself."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from archive.documents import dump, storable
from archive.life.lists import end_intervals, relist
from archive.preservation.fixity import renew_fixity, with_fixity
from archive.takedowns.barred import hides_title
from archive.times import now, read_stamp, stamp, write_moment
from cleaners.errors import ArchiveError
from cleaners.records import Entry
from cleaners.urls import canonical_url


def keep_site(connection: sqlite3.Connection, site: Mapping[str, str], channels: Iterable[tuple[str, str, str]], definition: str) -> None:
    """Keep what a site file says; channels it no longer names stay for the record."""
    digest = "sha256:" + hashlib.sha256(definition.encode()).hexdigest()
    row = with_fixity("sites", {**site, "definition": definition, "definition_digest": digest, "updated_at": now()})
    updates = ", ".join(f"{name} = excluded.{name}" for name in row if name != "name")
    connection.execute(
        f"insert into sites ({', '.join(row)}) values ({', '.join('?' * len(row))}) on conflict (name) do update set {updates}"  # noqa: S608
        " where definition_digest <> excluded.definition_digest",
        tuple(row.values()),
    )
    for name, url, frequency in channels:
        connection.execute(
            "insert into channels (site, name, url, frequency) values (?, ?, ?, ?)"
            " on conflict (site, name) do update set url = excluded.url, frequency = excluded.frequency",
            (site["name"], name, url, frequency),
        )
        renew_fixity(connection, "channels", _channel(connection, site["name"], name))


def start_run(connection: sqlite3.Connection, site: str | None, kind: str) -> int:
    """Open a run (a PREMIS event); a site without a file is kept by its name alone."""
    if site is not None:
        added = connection.execute("insert into sites (name, updated_at) values (?, ?) on conflict (name) do nothing", (site, now()))
        if added.rowcount > 0:
            renew_fixity(connection, "sites", added.lastrowid or 0)
    cursor = connection.execute(
        "insert into runs (site, kind, started_at, version, pid) values (?, ?, ?, ?, ?)", (site, kind, now(), _version(), os.getpid())
    )
    run = int(cursor.lastrowid or 0)
    renew_fixity(connection, "runs", run)
    return run


def interrupt_runs(connection: sqlite3.Connection, site: str) -> int:
    """Close the crawls of a site that say they are running; gives how many there were."""
    running = "select id from runs where site = ? and kind = 'crawl' and outcome = 'running'"
    found = [row[0] for row in connection.execute(running, (site,)).fetchall()]
    for run in found:
        connection.execute("update runs set outcome = 'interrupted', ended_at = ?, reason = 'killed' where id = ?", (now(), run))
        renew_fixity(connection, "runs", run)
    return len(found)


def end_run(connection: sqlite3.Connection, run: int, outcome: str, reason: str, counts: Mapping[str, int] | None) -> None:
    """Close a run; without counts they are those of its captures by outcome."""
    if counts is None:
        counts = dict(
            connection.execute("select outcome, count(*) from captures where run = ? group by outcome order by outcome", (run,)).fetchall()
        )
    connection.execute(
        "update runs set ended_at = ?, outcome = ?, reason = ?, counts = ? where id = ?",
        (now(), outcome, storable(reason), dump(dict(counts)), run),
    )
    renew_fixity(connection, "runs", run)


def list_entries(connection: sqlite3.Connection, run: int, site: str, channel: str, entries: Iterable[Entry]) -> None:
    """Keep what a listing page said: title and date as listed now, and the first and last run that saw each entry."""
    number, seen = _channel(connection, site, channel), now()
    for position, entry in enumerate(entries):
        url, issued = storable(canonical_url(entry.url)), write_moment(entry.issued)
        known = connection.execute(_KNOWN_ENTRY, (number, url)).fetchone()
        first = (known[1], known[2]) if known else (run, seen)
        title = "" if hides_title(connection, url) else storable(entry.title)
        said = (number, url, title, issued, position, int(entry.pinned), first[0], run, first[1], seen)
        row = with_fixity("entries", dict(zip(_ENTRY, said, strict=True)))
        connection.execute(_LIST_AGAIN if known else _LIST, row | {"id": known and known[0]})
        if known and known[3]:
            relist(connection, known[0], run, seen)


def end_channel(
    connection: sqlite3.Connection,
    run: int,
    site: str,
    channel: str,
    resume: str | None,
    *,
    complete: bool,
    full: bool = False,
    begun: datetime | None = None,
) -> None:
    """Note how far a channel was read: to its end, or up to the page where the next run goes on; `full`: its whole list was read.

    Then what the walk did not show, since it was `begun` (by default with the run), is in the list no more.
    """
    number = _channel(connection, site, channel)
    connection.execute(
        "update channels set last_run = ?, last_complete = iif(?, ?, last_complete), resume = ?, last_full = iif(?, ?, last_full)"
        " where id = ?",
        (run, complete, run, None if complete else resume, complete and full, now(), number),
    )
    renew_fixity(connection, "channels", number)
    if complete and full:
        started = connection.execute("select started_at from runs where id = ?", (run,)).fetchone()[0]
        end_intervals(connection, run, number, stamp(begun) if begun else started, now())


def dump_next(following: Any) -> str | None:
    """Write a next page (a mapping, or an object with url, method, body, headers) as JSON."""
    if following is None:
        return None
    given = (
        following if isinstance(following, Mapping) else {name: getattr(following, name) for name in ("url", "method", "body", "headers")}
    )
    body = base64.b64encode(given.get("body", b"")).decode()
    return dump({"url": given["url"], "method": given.get("method", "GET"), "body": body, "headers": list(given.get("headers", ()))})


def load_next(text: str | None) -> dict[str, Any] | None:
    """Read what `dump_next` wrote, as the keyword arguments of a next page."""
    if text is None:
        return None
    row: dict[str, Any] = json.loads(text)
    return row | {"body": base64.b64decode(row["body"]), "headers": tuple((name, value) for name, value in row["headers"])}


@dataclass(frozen=True, slots=True)
class ChannelClock:
    """What decides when a channel is read again: its frequency, when it is due, and when it was last read."""

    site: str
    channel: str
    url: str
    frequency: str
    next_due: datetime | None
    last_started: datetime | None


def channel_clocks(connection: sqlite3.Connection) -> list[ChannelClock]:
    """Give the clock of every channel, by site and name."""
    rows = connection.execute(
        "select c.*, r.started_at from channels c left join runs r on r.id = c.last_run order by c.site, c.id"
    ).fetchall()
    return [
        ChannelClock(row["site"], row["name"], row["url"], row["frequency"], _time(row["next_due"]), _time(row["started_at"]))
        for row in rows
    ]


def set_due(connection: sqlite3.Connection, site: str, channel: str, when: datetime | None) -> None:
    """Set when a channel is due next."""
    number = _channel(connection, site, channel)
    connection.execute("update channels set next_due = ? where id = ?", (when and stamp(when), number))
    renew_fixity(connection, "channels", number)


_ENTRY = ("channel", "url", "title", "issued", "position", "pinned", "first_run", "last_run", "first_seen", "last_seen")
_KNOWN_ENTRY = "select id, first_run, first_seen, vanished from entries where channel = ? and url = ?"
_LIST = f"insert into entries ({', '.join(_ENTRY)}, fixity) values (:{', :'.join(_ENTRY)}, :fixity)"  # noqa: S608 - the names are ours
_LIST_AGAIN = (
    "update entries set title = :title, issued = :issued, position = :position, pinned = :pinned, last_run = :last_run,"
    " last_seen = :last_seen, fixity = :fixity where id = :id"
)


def _channel(connection: sqlite3.Connection, site: str, channel: str) -> int:
    row = connection.execute("select id from channels where site = ? and name = ?", (site, channel)).fetchone()
    if row is None:
        raise ArchiveError(f"{site}: the archive knows no channel {channel!r}; keep the site before its listings")
    return int(row[0])


def _time(text: str | None) -> datetime | None:
    return read_stamp(text) if text else None


def _version() -> str:
    try:
        return version("dibao")
    except PackageNotFoundError:
        return ""
