"""What a crawl remembers of its manners: how slowly a domain is to be asked, how often it was asked, what its robots.txt said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from archive.documents import storable
from archive.record.captures import ROWS, open_capture
from archive.store import Archive
from archive.times import now, read_stamp, stamp
from cleaners.records import Capture
from cleaners.urls import canonical_url


@dataclass(frozen=True, slots=True)
class KeptPace:
    """How slowly a domain is to be asked: `delay` in seconds, not at all before `not_before`, and for what reason."""

    delay: float
    not_before: datetime | None = None
    reason: str = ""


class Manners:
    """Reads and writes what an open archive keeps of the crawler's manners."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def paces(self) -> dict[str, KeptPace]:
        """Give the pace kept for each domain that asked us to slow down."""
        with self._archive.reading() as connection:
            rows = connection.execute("select domain, delay, not_before, reason from host_pace").fetchall()
        return {domain: KeptPace(delay, read_stamp(until) if until else None, reason) for domain, delay, until, reason in rows}

    def keep_pace(self, domain: str, pace: KeptPace | None) -> None:
        """Keep a domain's pace for the runs to come; None: its own again."""
        with self._archive.write() as connection:
            connection.execute("delete from host_pace where domain = ?", (domain,))
            if pace is not None:
                until = stamp(pace.not_before) if pace.not_before else None
                connection.execute(
                    "insert into host_pace (domain, delay, not_before, reason, noted_at) values (?, ?, ?, ?, ?)",
                    (domain, pace.delay, until, storable(pace.reason), now()),
                )

    def sent(self, domain_of: Callable[[str], str], since: datetime) -> Counter[str]:
        """Count the requests sent since an aware moment, by the domain of their host, whatever run sent them."""
        counts: Counter[str] = Counter()
        with self._archive.reading() as connection:
            rows = connection.execute(
                "select e.url, count(*) from captures c join envelopes e on e.id = c.envelope"
                " where c.run in (select id from runs where kind = 'crawl' and (ended_at is null or ended_at > ?))"
                " and c.captured_at > ? and c.outcome <> 'refused' group by e.url",
                (stamp(since), stamp(since)),
            ).fetchall()
        for url, number in rows:
            counts[domain_of(urlsplit(url).hostname or "")] += number
        return counts

    def answered(self, url: str, role: str, since: datetime) -> Capture | None:
        """Give the newest capture of an address in a role that was answered since an aware moment, None where there is none."""
        with self._archive.reading() as connection:
            row = connection.execute(
                f"{ROWS} join addresses a on a.id = c.address where a.url = ? and c.role = ? and c.captured_at > ?"
                " and c.status is not null order by c.captured_at desc, c.id desc limit 1",
                (storable(canonical_url(url)), role, stamp(since)),
            ).fetchone()
            return None if row is None else open_capture(connection, row)
