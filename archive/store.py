"""The archive as the rest of dibao sees it: one class, each call one transaction; what it does stands in the modules beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archive import files, filetexts, readings, search, views
from archive.connection import Store
from archive.documents import dump
from archive.history import History
from archive.life.events import TOLD, Event, Wish, events
from archive.life.keeping import keep_policy
from archive.life.kinds import EventKind
from archive.life.outages import find_outage, judge_interrupted, keep_outage
from archive.readings import Change
from archive.rebuilding.rebuild import Progress, Rebuild, rebuild
from archive.record import captures, packing, runs
from archive.record.frontier import Frontier
from archive.record.runs import ChannelClock
from archive.relations import relate, relate_new
from archive.search import Count, Filters, Hits
from archive.status import SiteStatus, status
from archive.views import KeptNotice, KeptVersion
from archive.works import notices
from archive.works.keys import fill
from archive.works.settling import settle
from cleaners.attachments.records import FileText
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Entry, Notice
from cleaners.urls import canonical_url


class Archive:
    """Everything kept of what sites published: captures as they came, and what follows from them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, path: Path | str, *, create: bool = True, for_reading: bool = False) -> Self:
        """Open the archive at `path`, making it where there is none; ArchiveError says what is wrong with the file.

        One that may not be written to is opened `for_reading` only, and never made.
        """
        return cls(Store.open(Path(path), create=create, for_reading=for_reading))

    @property
    def path(self) -> Path:
        """The database file."""
        return self._store.path

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def write(self) -> AbstractContextManager[sqlite3.Connection]:
        """Make several calls one transaction: all of them are kept, or none."""
        return self._store.write()

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """Give the connection for reading; the tables are described in `archive.schema`."""
        return self._store.reading()

    def keep_site(  # noqa: PLR0917 - the fields of a site file
        self,
        name: str,
        title: str = "",
        homepage: str = "",
        level: str = "",
        division_code: str = "",
        family: str = "",
        channels: Iterable[tuple[str, str, str]] = (),
        definition: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep what a site file says, its channels as (name, URL, frequency)."""
        site = {"name": name, "title": title, "homepage": homepage, "level": level, "division_code": division_code, "family": family}
        with self.write() as connection:
            runs.keep_site(connection, site, channels, dump(definition or site))

    def start_run(self, site: str | None, kind: str = "crawl") -> int:
        """Open a run of a site (crawl, import, ...) and give its number."""
        with self.write() as connection:
            return runs.start_run(connection, site, kind)

    def interrupt_runs(self, site: str) -> int:
        """Close the crawls of a site that were killed; for whoever holds the site's lock, so that none of them can be running."""
        with self.write() as connection:
            number = runs.interrupt_runs(connection, site)
        judge_interrupted(self._store, site, number)
        return number

    def end_run(self, run: int, outcome: str, reason: str = "", counts: Mapping[str, int] | None = None) -> None:
        """Close a run: `outcome` is complete where every channel was read to its end; without counts, captures by outcome.

        Then the file is put in order: segments of the index are merged, payloads packed better (`archive.record.packing`), and what came
        is related to what there was (`archive.relations`).
        """
        with self.reading() as connection:
            outage = find_outage(connection, run)
        if outage is not None:
            keep_outage(self._store, outage)
            reason = "; ".join(filter(None, (reason, outage.reason)))
        with self.write() as connection:
            runs.end_run(connection, run, outcome, reason, counts)
            site = connection.execute("select site from runs where id = ?", (run,)).fetchone()[0]
        if site is not None:
            packing.regrow(self._store, site)
        packing.tend(self._store)
        settle(self._store, run)
        relate_new(self._store)
        self._tidy()

    def add(self, capture: Capture, run: int | None = None) -> Capture:
        """Keep one capture and give it back with its record id."""
        with self.write() as connection:
            return captures.add_capture(connection, capture, run)

    def carry(self, capture: Capture, parts: tuple[bytes, ...]) -> Capture:
        """Keep the further parts of a split notice with the capture of its first one; gives the capture that carries them."""
        with self.write() as connection:
            return captures.carry_parts(connection, capture, parts)

    def holds(self, capture: Capture) -> bool:
        """Say whether a capture with its record id is kept."""
        with self.reading() as connection:
            return capture.record_id is not None and captures.holds(connection, capture.record_id)

    def list_entries(self, run: int, site: str, channel: str, entries: Iterable[Entry]) -> None:
        """Keep what a listing page said."""
        with self.write() as connection:
            runs.list_entries(connection, run, site, channel, entries)

    def end_channel(
        self, run: int, site: str, channel: str, complete: bool, resume: Any = None, *, full: bool = False, begun: datetime | None = None
    ) -> None:
        """Note that a channel was read to its end, or the page (a mapping or a `Next`) where the next run goes on.

        `full` says that it was the whole list, and not only what is new: what it did not show since it was `begun` (by default with the
        run) is in the list no more.
        """
        with self.write() as connection:
            runs.end_channel(connection, run, site, channel, runs.dump_next(resume), complete=complete, full=full, begun=begun)

    def read(self, capture: Capture, notice: Notice, *, fingerprint: str, principal: tuple[str, str] | None = None) -> Change:
        """Keep what a cleaner read in a capture that was added, and everything that follows from it.

        `fingerprint` names the cleaner's code and rules; `principal` is the address this one stands for, with the reason.
        """
        with self.write() as connection:
            return readings.keep_reading(connection, capture, notice, fingerprint, principal)

    def attach(self, capture: Capture, text: FileText | None = None) -> Change | None:
        """Let a captured file count for the notices that link to it, and keep its text where it was read (`cleaners.attachments`).

        Gives the version it cut, None where nothing changed.
        """
        with self.write() as connection:
            return readings.attach(connection, capture, text)

    def has_text(self, capture: Capture) -> bool:
        """Say whether the text of a captured file is kept: the same bytes are read once."""
        with self.reading() as connection:
            return filetexts.has_text(connection, capture)

    def stale(self, capture: Capture, fingerprint: str) -> tuple[Capture, ...]:
        """Give the captures of this address to be read again before this one, where another cleaner read them.

        Reading them again first keeps "the cleaner changed" apart from "the source changed". It is the one that the version of its time
        was read from, as a rule; for a capture that is read late, all that another cleaner read.
        """
        with self.reading() as connection:
            return readings.stale(connection, capture, fingerprint)

    def unread(self, site: str | None = None) -> Iterator[Capture]:
        """Give notice captures with outcome ok that were never read, oldest first: what a killed run left."""
        where = "c.read = 0 and c.role = 'notice' and c.outcome = 'ok'"
        return self._captures(where + (" and c.site = ?" if site is not None else ""), () if site is None else (site,))

    def unattached(self, site: str) -> Iterator[Capture]:
        """Give captured files that do not count yet for the notices of a site that link to them: what a killed run left."""
        with self.reading() as connection:
            numbers = files.unattached(connection, site)
        return (capture for number in numbers for capture in self._captures("c.id = ?", (number,)))

    def unread_files(self, killed: str | None = None, *, stale: bool = False) -> Iterator[Capture]:
        """Give captured files that were never read, the first capture of each payload: what a killed run or an older dibao left.

        `killed` names a site and asks only for what its killed runs left; `stale` asks for those that another reader read, too.
        """
        with self.reading() as connection:
            rows = filetexts.unread_files(connection, killed, stale=stale)
        return (captures.open_capture(connection, row) for row in rows)

    def captures(self, site: str | None = None, role: str | None = None, url: str | None = None) -> Iterator[Capture]:
        """Give captures in the order kept, payloads opened, of one site, role or address where asked."""
        asked = {"c.site = ?": site, "c.role = ?": role, "c.address = (select id from addresses where url = ?)": url and canonical_url(url)}
        chosen = {condition: value for condition, value in asked.items() if value is not None}
        return self._captures(" and ".join(chosen) or "1", tuple(chosen.values()))

    def notices(
        self, site: str | None = None, since: date | None = None, until: date | None = None, state: str | None = None
    ) -> Iterator[KeptNotice]:
        """Give notices in the order of days and ids, of a site, of days (both included), in a state where asked."""
        return views.notices(self._store, site, since, until, state)

    def notice(self, work: str) -> KeptNotice:
        """Give one notice by its id; ArchiveError where there is none."""
        with self.reading() as connection:
            found = views.notice(connection, work)
        if found is None:
            raise ArchiveError(f"{work}: the archive has no such notice; its id is the last part of its page's address, or from search()")
        return found

    def versions(self, work: str) -> tuple[KeptVersion, ...]:
        """Give the versions of every address of a notice, in the order of capture times."""
        with self.reading() as connection:
            return views.versions(connection, work)

    def validators(self, url: str) -> dict[str, str]:
        """Give the request headers that ask for a page only if it changed."""
        with self.reading() as connection:
            return captures.validators(connection, url)

    def rebuild(
        self,
        read: Callable[[Capture], tuple[Notice, str]],
        read_file: Callable[[Capture], FileText] | None = None,
        *,
        site: str | None = None,
        everything: bool = False,
        processes: int = 0,
        watch: Callable[[Progress], None] = lambda _: None,
    ) -> Rebuild:
        """Read captures again (`read` gives the notice and the fingerprint) and derive everything from that anew: docs/rebuild.md.

        With `read_file`, attached files are read that were not, or by another reader than today's. What a `read` that knows today's
        fingerprints (`archive.rebuilding.rebuild.SiteReader`) finds read by them is skipped unless `everything` is asked for.
        """
        report = rebuild(self._store, read, read_file, site=site, everything=everything, processes=processes, watch=watch)
        fill(self._store, afresh=everything)
        if report.readings or report.cut or report.merged or everything:
            relate(self._store, compare=True)
        else:
            relate_new(self._store)
        return report

    def history(self, site: str) -> History:
        """Give what a spider of the site may ask."""
        return History(self._store, site)

    def frontier(self, site: str) -> Frontier:
        """Give what is still to be asked of a site."""
        return Frontier(self._store, site)

    def move(self, address: int, notice: str | None, reason: str, evidence: Mapping[str, str] | None = None) -> int:
        """Point an address to another notice, or (None) to its own; gives the number of the move."""
        with self.write() as connection:
            return notices.move(connection, address, notice, reason, evidence or {})

    def undo(self, move: int) -> int:
        """Undo a move."""
        with self.write() as connection:
            return notices.undo(connection, move)

    def due_channels(self) -> list[ChannelClock]:
        """Give the clock of every channel."""
        with self.reading() as connection:
            return runs.channel_clocks(connection)

    def set_due(self, site: str, channel: str, when: datetime | None) -> None:
        """Set when a channel is due next."""
        with self.write() as connection:
            runs.set_due(connection, site, channel, when)

    def events(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        *,
        site: str = "",
        notice: str = "",
        kinds: Iterable[str] = (),
        newest_first: bool = False,
        most: int | None = None,
    ) -> Iterator[Event]:
        """Give what happened (docs/life.md) from `since` on and before `until`, both aware, in the order of time.

        Of a site, a notice or some `kinds` (of `archive.life.kinds.EventKind`) where asked; by default all but our own new readings.
        """
        wish = Wish(since, until, site, notice, frozenset(map(EventKind, kinds)) or TOLD)
        with self.reading() as connection:
            return events(connection, wish, newest_first=newest_first, most=most)

    def keep_policy(self, failures: int = 0, hours: float = 0) -> None:
        """Set from how many failures over how many hours on a page is gone; what is 0 stays as the archive has it (3 and 48)."""
        keep_policy(self._store, failures, hours)

    def status(self) -> list[SiteStatus]:
        """Give what is kept, a row a site."""
        with self.reading() as connection:
            return status(connection)

    def search(
        self,
        query: str,
        limit: int = 20,
        before: int | None = None,
        *,
        site: str | None = None,
        type: str | None = None,  # noqa: A002 - as the field of a notice is called
        creator: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        relevance: bool = False,
        history: bool = False,
        offset: int = 0,
    ) -> Hits:
        """Give the newest hits of a query (docs/search.md), older ones from row `before` on.

        By `relevance`, those of the newest that fit best, from `offset` on; with `history`, what notices said in earlier versions, too.
        The filters are those of the query's language: a site's name or part of its title, a 文种, part of an issuer's name, days.
        """
        filters = Filters(site, type, creator, since, until)
        with self.reading() as connection:
            return search.find(connection, query, limit, before, filters, relevance=relevance, history=history, offset=offset)

    def count(
        self,
        query: str,
        *,
        site: str | None = None,
        type: str | None = None,  # noqa: A002 - as in search
        creator: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        history: bool = False,
    ) -> Count:
        """Give the number of hits, as far as they are counted: `capped` says that there are more, and `str` writes a plus sign then."""
        with self.reading() as connection:
            return search.count(connection, query, Filters(site, type, creator, since, until), history=history)

    def catch_up_search(self) -> int:
        """Bring notices that wait for it up to date in the search index (`Hits.pending`), in short steps; gives how many."""
        return search.catch_up_all(self._store)

    def train_dictionary(self, site: str) -> int:
        """Train a dictionary on the site's pages; its payloads are compressed with it from now on."""
        return packing.make(self._store, site)

    def _tidy(self) -> None:
        """Bring what is searched up to date and merge the index's segments, a step a transaction: other runs may write in between."""
        search.catch_up_all(self._store)
        more = True
        while more:
            with self.write() as connection:
                more = search.tidy(connection)
        self._store.fold_log()

    def _captures(self, where: str, values: tuple[object, ...]) -> Iterator[Capture]:
        with self.reading() as connection:
            rows = captures.select(connection, where, values)
        return (captures.open_capture(connection, row) for row in rows)
