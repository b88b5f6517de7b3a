"""One run of one site: its archive, its locks, its counts, and what earlier runs have left for it.

Middlewares, pipeline and extensions of one Scrapy crawler share it through `SiteRun.of`. Where the spider has no site file
(`scrapy shell`, `scrapy fetch`) nothing is kept, and the rest works the same.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from archive.locks import hold
from archive.rebuilding.learned import in_force
from archive.record.frontier import Frontier, Waiting
from archive.record.manners import Manners
from archive.store import Archive
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Entry
from crawler.batch import Batch, Step, Then
from crawler.history import ArchiveHistory
from crawler.manners.domains import domain_of
from crawler.manners.hosts import Hosts
from crawler.monitor import Tally, verdict
from crawler.rules import rules_for
from spiders.site import Site
from spiders.spider import ChannelEnd, Listed

_log = logging.getLogger(__name__)

ROW = "frontier_row"
"""The key of a request's meta under which the number of its row in the frontier stands."""

ANSWERED = frozenset({"ok", "unchanged", "missing", "gone", "soft_404", "redirected", "refused"})
"""Outcomes after which nothing is left to ask of an address; after any other, it waits on where its host is left alone."""

LOCK_SECONDS = 15  # what a run that was told to stop needs to finish its last page


def _nobody(counts: Mapping[str, int]) -> None:
    """Take the counts of a run nobody watches."""


def _nobody_stops(reason: str) -> None:
    """Take the reason to stop of a run that has not begun."""


_runs: WeakKeyDictionary[Crawler, SiteRun] = WeakKeyDictionary()


class SiteRun:
    """Is the run a Scrapy crawler makes: begun before its first request, ended with a verdict."""

    def __init__(self, site: Site | None, settings: Any) -> None:
        self.site = site
        self.name = site.name if site else ""
        self.rules = rules_for(site)
        self.hosts = Hosts(patience=settings.getint("DIBAO_BLOCKED_MAX"))
        self.tally = Tally()
        self.outcome: tuple[str, str] = ("failed", "the run did not begin")
        self.path = Path(settings["DIBAO_DB"])
        self._recheck = str(settings["DIBAO_RECHECK"])
        self._gone = settings.getint("DIBAO_GONE_FAILURES"), settings.getfloat("DIBAO_GONE_HOURS")
        self.watch: Callable[[dict[str, int]], None] = _nobody
        self._locks = ExitStack()
        self._number = 0
        self._channels: Collection[str] | None = None
        self._archive: Archive | None = None
        self.frontier: Frontier | None = None
        self.batch = Batch(self._transaction, self._stop)
        self.stop: Callable[[str], None] = _nobody_stops
        self._pages: dict[str, Listed] = {}
        self._postponed: set[str] = set()

    @classmethod
    def of(cls, crawler: Crawler) -> SiteRun:
        """Give the run of a crawler; one and the same for all its parts."""
        if crawler not in _runs:
            _runs[crawler] = cls(getattr(crawler.spidercls, "site", None), crawler.settings)
        return _runs[crawler]

    @property
    def archive(self) -> Archive:
        """The open archive of a run that has begun."""
        assert self._archive is not None
        return self._archive

    @property
    def manners(self) -> Manners | None:
        """What the archive remembers of hosts; None where nothing is kept."""
        return None if self._archive is None else Manners(self._archive)

    def begin(self, channels: Collection[str] | None = None) -> None:
        """Take the locks of the site and its domains, open the archive and start the run; ArchiveError names who holds a lock.

        `channels` names the columns the run is to read; all of the site's by default.
        """
        site, self._channels = self.site, channels
        if site is None:
            return
        for name in (f"site:{site.name}", *(f"host:{domain}" for domain in sorted(set(map(domain_of, site.hosts))))):
            self._locks.enter_context(hold(self.path, name, f"crawl {site.name}", wait=LOCK_SECONDS))
        self._archive = self._locks.enter_context(Archive.open(self.path))
        keep_site(self._archive, site)
        self._archive.keep_policy(*self._gone)
        with self._archive.reading() as connection:
            self.rules = rules_for(site, in_force(connection).get(site.name, ()))  # no rebuild changes them while the lock is ours
        self._archive.interrupt_runs(site.name)  # the site's lock is ours: a run that says it is running was killed
        self._number = self._archive.start_run(site.name)
        self.frontier = self._archive.frontier(site.name)
        self.frontier.take_over([channel.name for channel in site.channels])

    @property
    def number(self) -> int:
        """The run's number in the archive."""
        return self._number

    @property
    def channels(self) -> list[str]:
        """The names of the columns the run is to read."""
        assert self.site is not None
        return [channel.name for channel in self.site.channels if self._channels is None or channel.name in self._channels]

    def history(self) -> ArchiveHistory:
        """Give what a spider may ask of earlier runs, and of what this one has listed."""
        return ArchiveHistory(self.archive, self.name, self._recheck, settle=self.batch.flush)

    def listed(self, entry: Entry) -> Entry:
        """Give an entry with what the lists said of it, where it came without (a re-check knows only the address)."""
        if entry.title or entry.issued or self._archive is None:
            return entry
        return self.history().listed(entry.url) or entry

    def keep(self, capture: Capture, row: int | None = None, *, final: bool = True) -> Capture:
        """Keep one exchange, count it, and learn from it which hosts to leave alone.

        `row` is the number of its request in the frontier, which leaves with it where nothing more follows from it (`final`). That of a
        list page stays until the next page is known; that of a host that is left alone is for the next run.
        """
        kept = replace(capture, record_id=capture.record_id or uuid.uuid4().urn) if self._archive else capture
        self.hosts.note(kept)
        self.tally.add(kept)
        if self._archive:
            left = kept.outcome in ANSWERED or not self.hosts.why_stopped(kept.url)
            leave = (self._remove if left else self._release) if row is not None and final and kept.role != "listing" else None
            self.batch.put(partial(self._keep, kept, row, leave), captures=1, size=len(kept.body))
        self.watch(self.tally.counts())
        return kept

    def _keep(self, capture: Capture, row: int | None, leave: Callable[[int], None] | None) -> None:
        self.archive.add(capture, self._number)
        if leave is not None and row is not None:
            leave(row)

    def _remove(self, row: int) -> None:
        assert self.frontier is not None
        self.frontier.remove(row)

    def _release(self, row: int) -> None:
        assert self.frontier is not None
        self.frontier.release(row)

    def answered(self, row: int) -> None:
        """Take a request out of the frontier that another one stands for."""
        self.batch.put(partial(self._remove, row))

    def postponed(self, row: int | None, channel: str = "") -> None:
        """Give a request back to the frontier that was not sent; `channel`: of a list page, where its walk goes on in the next run."""
        self.tally.held += 1
        if row is not None and self._archive is not None:
            self.batch.put(partial(self._release, row))
            self._postponed.add(channel)

    def ask(self, row: Waiting, *, leased: bool, follows: bool) -> None:
        """Put a request into the frontier; with one that `follows`, the next page of its column, what the page before it listed is kept."""
        page = self._pages.pop(row.channel, None) if follows else None

        def put() -> None:
            assert self.frontier is not None
            if page is not None:
                self._list(page)
            self.frontier.put(row, self._number if leased else None)

        self.batch.put(put)

    def lease(self, host: str, limit: int, then: Callable[[list[Waiting]], None]) -> None:
        """Take the next requests to a host out of the frontier, after all that was put in; `then` is given them."""
        assert self.frontier is not None
        self.batch.put(partial(self.frontier.lease, host, self._number, self.channels, limit), then=then, urgent=True)

    def list(self, page: Listed) -> None:
        """Take what a list page says; it is kept with what follows from the page, so that a page half read is read again whole."""
        if page.first:
            self.tally.listed.setdefault(page.channel, len(page.entries))
        self._pages[page.channel] = page

    def end_channel(self, end: ChannelEnd) -> None:
        """Keep how a column's chain of list pages ended, and take it out of the frontier, unless its next page was only postponed."""
        self.tally.ended[end.channel] = (end.complete, end.reason)
        if end.empty:
            self.tally.listed.setdefault(end.channel, 0)
        if end.channel in self._postponed:
            return
        page = self._pages.pop(end.channel, None)

        def keep() -> None:
            assert self.frontier is not None
            if page is not None:
                self._list(page)
            self.archive.end_channel(self._number, self.name, end.channel, end.complete, end.resume, full=end.full, begun=end.begun)
            self.frontier.end_chain(end.channel)

        self.batch.put(keep)

    def put(self, step: Step, then: Then | None = None) -> None:
        """Take any other change of the archive, to be made after those before it; `then` is given what it gave, once that is kept."""
        self.batch.put(step, then=then)

    def _transaction(self) -> AbstractContextManager[object]:
        return self.archive.write()

    def _list(self, page: Listed) -> None:
        self.archive.list_entries(self._number, self.name, page.channel, page.entries)

    def _stop(self, reason: str) -> None:
        _log.error("%s", reason)
        self.stop(reason)

    def validators(self, url: str) -> dict[str, str]:
        """Give the headers of a conditional request for an address captured before."""
        return self._archive.validators(url) if self._archive else {}

    def end(self, closed: str) -> None:
        """End the run for the reason Scrapy gives, keep its outcome, and let the locks go."""
        if self.site is None or self._archive is None or self.frontier is None:
            return
        try:
            self.batch.close()
            self.frontier.release_all()
            self.outcome = verdict(self.site, self.tally, closed, self.hosts.stopped, self._channels, waiting=self.frontier.count())
            self._archive.end_run(self._number, *self.outcome, counts=self.tally.counts())
        except ArchiveError as error:
            self.outcome = ("failed", str(error))
        self._locks.close()
        self._archive = self.frontier = None


def keep_site(archive: Archive, site: Site) -> None:
    """Write what the site file says into the archive."""
    channels = [(channel.name, channel.url, channel.frequency or site.frequency) for channel in site.channels]
    facts = (site.name, site.title, site.homepage, site.level, site.division_code or "", site.family)
    archive.keep_site(*facts, channels=channels, definition=site.model_dump(mode="json"))
