"""What a spider asks before it goes on, answered from the archive: read-only and small."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from archive.connection import Store
from archive.documents import storable
from archive.runs import load_next
from archive.times import read_moment, read_stamp, stamp
from cleaners.records import Entry
from cleaners.urls import canonical_url

MOST_OFTEN, LEAST_OFTEN = timedelta(days=1), timedelta(days=90)

_HELD = "select 1 from addresses a join captures c on c.address = a.id where a.url = ? and c.role = 'notice' and c.outcome = 'ok' limit 1"


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

    def last_complete_run(self) -> datetime | None:
        """Give when the last run started that ended with the outcome "complete"."""
        row = self._one("select max(started_at) from runs where site = ? and kind = 'crawl' and outcome = 'complete'")
        return read_stamp(row[0]) if row[0] else None

    def resume_point(self, channel: str) -> dict[str, Any] | None:
        """Give the page where the last run stopped in a channel, as the keyword arguments of a next page."""
        row = self._one("select resume from channels where site = ? and name = ?", channel)
        return load_next(row[0]) if row else None

    def pending(self) -> tuple[Entry, ...]:
        """Give the entries listed so far whose page never came: nothing fetched, or only failures and refusals."""
        rows = self._all(
            "select e.url, e.title, e.issued, c.name from entries e join channels c on c.id = e.channel where c.site = ? and not exists ("
            " select 1 from addresses a join captures k on k.address = a.id where a.url = e.url and k.role in ('notice', 'redirect')"
            " and k.outcome in ('ok', 'unchanged', 'missing', 'gone', 'soft_404', 'redirected')) order by e.id"
        )
        return tuple(Entry(row["url"], row["title"], read_moment(row["issued"]), row["name"]) for row in rows)

    def due(self, now: datetime, every: timedelta | None = None) -> tuple[str, ...]:
        """Give the addresses of notices to look at again, longest unchecked first.

        Those not checked for `every`; without it, for the `recheck_after` of their age.
        """
        rows = self._all(
            "select url, first_seen, last_checked from addresses where site = ? and notice is not null order by last_checked, id"
        )
        return tuple(
            row["url"] for row in rows if row["last_checked"] is None or _is_due(row["first_seen"], row["last_checked"], now, every)
        )

    def _one(self, statement: str, *values: object) -> Any:
        with self._store.reading() as connection:
            return connection.execute(statement, (self._site, *values)).fetchone()

    def _all(self, statement: str) -> list[Any]:
        with self._store.reading() as connection:
            return connection.execute(statement, (self._site,)).fetchall()


def recheck_after(age: timedelta) -> timedelta:
    """Give how long a notice known for `age` rests before it is looked at again: a tenth of it, at least a day, at most 90."""
    return min(max(age / 10, MOST_OFTEN), LEAST_OFTEN)


def _is_due(first_seen: str, last_checked: str, now: datetime, every: timedelta | None) -> bool:
    rest = recheck_after(now - read_stamp(first_seen)) if every is None else every
    return stamp(now - rest) >= last_checked
