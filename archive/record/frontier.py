"""The frontier: what is still to be asked for, a row a request, so that a killed run loses nothing.

A row is put in when its address is found and leaves in the transaction that keeps what came of it. A column's list is a chain of
rows, one at a time: a list page's row is replaced by that of the next page, or taken away with the note of how the column ended.
A row is leased (`run`) while a run has it in hand. A lease ends with its run, however that ends: whoever holds the site's lock
knows that no other run does, so no clock has to tell which leases are void.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from hashlib import blake2b

from archive.connection import Store
from archive.documents import dump, storable
from archive.times import now


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request that waits: `number` is its place in the order found, `meta` JSON, `headers` JSON or None.

    `callback` and `errback` are names of the spider's methods, `kwargs` JSON of what the callback is given; of those with a higher
    `priority` come first; `filtered` says whether the address is asked for once a run, whoever finds it.
    """

    number: int
    fingerprint: bytes
    role: str
    channel: str
    host: str
    url: str
    method: str
    headers: str | None
    body: bytes | None
    priority: int
    filtered: bool
    callback: str
    errback: str
    kwargs: str | None
    meta: str


def fingerprint(address: str, method: str = "GET", body: bytes = b"") -> bytes:
    """Give what tells requests apart, in 16 bytes: canonical address, method and body (a POST that turns pages keeps its address)."""
    return blake2b(b"\n".join((method.encode(), storable(address).encode(), body)), digest_size=16).digest()


class Frontier:
    """What waits of one site. Each call is a transaction, or belongs to the one it is made in."""

    def __init__(self, store: Store, site: str) -> None:
        self._store = store
        self._site = site

    def put(self, row: Waiting, run: int | None) -> None:
        """Keep a request, in the place of the one of the same number, leased to `run` if one is given.

        A list page takes the place of the page of its channel that was there before.
        """
        with self._store.write() as connection:
            if row.role == "listing":
                connection.execute(_CHAIN, (self._site, row.channel))
            values = (getattr(row, name) for name in _COLUMNS)
            connection.execute(_PUT, (self._site, *values, run, int(run is not None), now()))

    def remove(self, number: int) -> None:
        """Take away a request that was answered."""
        with self._store.write() as connection:
            connection.execute("delete from frontier where site = ? and number = ?", (self._site, number))

    def end_chain(self, channel: str) -> None:
        """Take away the list page of a channel whose end is noted."""
        with self._store.write() as connection:
            connection.execute(_CHAIN, (self._site, channel))

    def lease(self, host: str, run: int, channels: Collection[str], limit: int) -> list[Waiting]:
        """Give the next requests to a host, list pages of `channels` only, and let `run` have them."""
        with self._store.write() as connection:
            rows = connection.execute(_LEASE, (run, self._site, self._site, host, dump(list(channels)), limit)).fetchall()
        found = (Waiting(**{**row, "filtered": bool(row["filtered"])}) for row in map(dict, rows))
        return sorted(found, key=lambda row: (-row.priority, row.number))

    def release(self, number: int) -> None:
        """Give a request back, for the next run."""
        with self._store.write() as connection:
            connection.execute("update frontier set run = null where site = ? and number = ?", (self._site, number))

    def release_all(self) -> None:
        """Give back all that is leased: at the end of a run, or for a new one that holds the site's lock."""
        with self._store.write() as connection:
            connection.execute("update frontier set run = null where site = ? and run is not null", (self._site,))

    def take_over(self, channels: Collection[str]) -> None:
        """Begin where the last run ended, or was killed: its leases are void, its repetitions are forgotten.

        The further parts of split notices go, since they are asked for with their notice; and the pages of lists that the site
        file (`channels`) no longer names.
        """
        with self._store.write() as connection:
            self.release_all()
            connection.execute(_FORGET, (self._site,))
            connection.execute("delete from frontier where site = ? and role = 'part'", (self._site,))
            gone = [row[0] for row in connection.execute(_CHANNELS, (self._site,)) if row[0] not in channels]
            connection.executemany(_CHAIN, [(self._site, channel) for channel in gone])

    def count(self) -> int:
        """Count what waits, leased or not."""
        return int(self._one("select count(*) from frontier where site = ?")[0])

    def last(self) -> int:
        """Give the highest number."""
        return int(self._one("select coalesce(max(number), 0) from frontier where site = ?")[0])

    def waits(self, channel: str) -> bool:
        """Say whether a list page of the channel waits."""
        return self._one("select 1 from frontier where site = ? and channel = ? and role = 'listing'", channel) is not None

    def hosts(self, channels: Collection[str]) -> dict[str, int]:
        """Count what nobody has leased by host; list pages of `channels` only."""
        with self._store.reading() as connection:
            rows = connection.execute(_HOSTS, (self._site,)).fetchall()
        counts: dict[str, int] = {}
        for host, role, channel, number in rows:
            if role != "listing" or channel in channels:
                counts[host] = counts.get(host, 0) + number
        return counts

    def fingerprints(self) -> Iterator[bytes]:
        """Give the fingerprints of what waits and is asked for once."""
        with self._store.reading() as connection:
            rows = connection.execute("select fingerprint from frontier where site = ? and filtered", (self._site,))
            return iter([row[0] for row in rows])

    def _one(self, statement: str, *values: object) -> sqlite3.Row:
        with self._store.reading() as connection:
            return connection.execute(statement, (self._site, *values)).fetchone()  # type: ignore[no-any-return]


_COLUMNS = [field.name for field in fields(Waiting)]
_NAMES = ", ".join(_COLUMNS)
_PUT = (
    f"insert or replace into frontier (site, {_NAMES}, run, attempts, added)"  # noqa: S608 - the names are ours
    f" values (?{', ?' * len(_COLUMNS)}, ?, ?, ?)"
)
_CHAIN = "delete from frontier where site = ? and channel = ? and role = 'listing'"
_CHANNELS = "select distinct channel from frontier where site = ? and role = 'listing'"
_HOSTS = "select host, role, iif(role = 'listing', channel, ''), count(*) from frontier where site = ? and run is null group by 1, 2, 3"
_FORGET = "update frontier set meta = json_remove(meta, '$.retry_times') where site = ? and instr(meta, '\"retry_times\"')"
_LEASE = f"""
    update frontier set run = ?, attempts = attempts + 1 where site = ? and number in (
        select number from frontier where site = ? and host = ? and run is null
        and (role <> 'listing' or channel in (select value from json_each(?))) order by priority desc, number limit ?)
    returning {_NAMES}
"""  # noqa: S608 - the names are ours
