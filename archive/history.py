"""What a spider asks before it goes on, answered from the archive: read-only and small."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.connection import Store
from archive.documents import storable
from archive.life.due import Due, due
from archive.record.frontier import Frontier, fingerprint
from archive.record.runs import load_next
from archive.times import read_moment, read_stamp, stamp
from cleaners.records import Entry
from cleaners.urls import canonical_url

_HELD = "select 1 from addresses a join captures c on c.address = a.id where a.url = ? and c.role = 'notice' and c.outcome = 'ok' limit 1"

_LISTED = """
    select 1 from entries e join channels c on c.id = e.channel where c.site = ? and c.name = ? and e.url = ? and e.last_seen >= ? limit 1
"""
_MOVED = """
    select 1 from addresses a join captures c on c.address = a.id
    where a.url = ? and a.state = 'moved' and c.outcome = 'redirected' limit 1
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """An address of a notice, when it was first seen and when last checked."""

    url: str
    first_seen: datetime
    last_checked: datetime


class History:
    """The facts behind `spiders.history.History` for one site."""

    def __init__(self, store: Store, site: str) -> None:
        self._store = store
        self._site = site

    def known(self, urls: Iterable[str]) -> frozenset[str]:
        """Give those of some URLs whose page the archive holds."""
        with self._store.reading() as connection:
            return frozenset(
                url
                for url in urls
                if connection.execute(
                    _HELD,
                    (storable(canonical_url(url)),),
                ).fetchone()
            )

    def listed_since(self, channel: str, urls: Iterable[str], begun: datetime) -> frozenset[str]:
        """Give those of some URLs that a channel's list has shown since a moment."""
        since = stamp(begun)
        with self._store.reading() as connection:
            asked = ((url, (self._site, channel, storable(canonical_url(url)), since)) for url in urls)
            return frozenset(url for url, values in asked if connection.execute(_LISTED, values).fetchone())

    def last_full_walk(self, channel: str) -> datetime | None:
        """Give when the whole list of a channel was last read to its end."""
        row = self._one("select last_full from channels where site = ? and name = ?", channel)
        return read_stamp(row[0]) if row and row[0] else None

    def last_complete_run(self) -> datetime | None:
        """Give when the last run started that ended with the outcome "complete"."""
        row = self._one("select max(started_at) from runs where site = ? and kind = 'crawl' and outcome = 'complete'")
        return read_stamp(row[0]) if row[0] else None

    def resume_point(self, channel: str) -> dict[str, Any] | None:
        """Give the page where the last run stopped in a channel, as the keyword arguments of a next page."""
        row = self._one("select resume from channels where site = ? and name = ?", channel)
        return load_next(row[0]) if row else None

    def pending(self) -> tuple[Entry, ...]:
        """Give the entries listed so far whose page never came (nothing fetched, or only failures and refusals) and does not wait."""
        waiting = frozenset(Frontier(self._store, self._site).fingerprints())
        rows = self._all(
            "select e.url, e.title, e.issued, c.name from entries e join channels c on c.id = e.channel where c.site = ? and not exists ("
            " select 1 from addresses a join captures k on k.address = a.id where a.url = e.url and k.role in ('notice', 'redirect')"
            " and k.outcome in ('ok', 'unchanged', 'missing', 'gone', 'soft_404', 'redirected')) order by e.id"
        )
        left = (row for row in rows if fingerprint(row["url"]) not in waiting)
        return tuple(Entry(row["url"], row["title"], read_moment(row["issued"]), row["name"]) for row in left)

    def checked(self) -> tuple[Checked, ...]:
        """Give when each address of a notice was first seen and last checked, longest unchecked first."""
        rows = self._all(
            "select url, first_seen, coalesce(last_checked, first_seen) as last_checked from addresses"
            " where site = ? and notice is not null order by last_checked, id"
        )
        return tuple(Checked(row["url"], read_stamp(row["first_seen"]), read_stamp(row["last_checked"])) for row in rows)

    def due(self, now: datetime) -> tuple[Due, ...]:
        """Give the addresses, of notices and of their files, that are to be looked at again now."""
        with self._store.reading() as connection:
            return due(connection, self._site, now)

    def files(self) -> tuple[tuple[str, str], ...]:
        """Give (file, notice) addresses of all attached files that were captured, in the order of their notices."""
        rows = self._all(
            "select f.url, a.url as notice from attachments f join addresses a on a.id = f.address"
            " where a.site = ? and f.capture is not null order by f.id"
        )
        return tuple((row["url"], row["notice"]) for row in rows)

    def moved(self, urls: Iterable[str]) -> frozenset[str]:
        """Give those of some URLs that answered with a redirect when last asked."""
        with self._store.reading() as connection:
            return frozenset(url for url in urls if connection.execute(_MOVED, (storable(canonical_url(url)),)).fetchone())

    def listed(self, url: str) -> Entry | None:
        """Give what the site's lists last said of an address."""
        row = self._one(
            "select e.title, e.issued, c.name from channels c join entries e on e.channel = c.id where c.site = ? and e.url = ?"
            " order by e.id limit 1",
            storable(canonical_url(url)),
        )
        return Entry(url, row["title"], read_moment(row["issued"]), row["name"]) if row else None

    def missing_files(self) -> tuple[tuple[str, str], ...]:
        """Give (file, notice) addresses of attachments that were never asked for, in the order of their notices."""
        rows = self._all(
            "select f.url, a.url as notice from attachments f join addresses a on a.id = f.address where a.site = ? and f.capture is null"
            " and not exists (select 1 from addresses k join captures c on c.address = k.id where k.url = f.url and c.role = 'attachment')"
            " order by f.id"
        )
        return tuple((row["url"], row["notice"]) for row in rows)

    def _one(self, statement: str, *values: object) -> Any:
        with self._store.reading() as connection:
            return connection.execute(statement, (self._site, *values)).fetchone()

    def _all(self, statement: str) -> list[Any]:
        with self._store.reading() as connection:
            return connection.execute(statement, (self._site,)).fetchall()
