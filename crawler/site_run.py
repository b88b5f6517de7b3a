"""One run of one site: its archive, its locks, its counts, and what earlier runs have left for it.

Middlewares, pipeline and extensions of one Scrapy crawler share it through `SiteRun.of`. Where the spider has no site file
(`scrapy shell`, `scrapy fetch`) nothing is kept, and the rest works the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from archive.locks import hold
from archive.manners import Manners
from archive.store import Archive
from cleaners.records import Capture, Entry
from crawler.domains import domain_of
from crawler.history import ArchiveHistory
from crawler.hosts import Hosts
from crawler.monitor import Tally, verdict
from spiders.site import Site

LOCK_SECONDS = 15  # what a run that was told to stop needs to finish its last page


def _nobody(counts: Mapping[str, int]) -> None:
    """Take the counts of a run nobody watches."""


_runs: WeakKeyDictionary[Crawler, SiteRun] = WeakKeyDictionary()


class SiteRun:
    """Is the run a Scrapy crawler makes: begun before its first request, ended with a verdict."""

    def __init__(self, site: Site | None, settings: Any) -> None:
        self.site = site
        self.name = site.name if site else ""
        self.hosts = Hosts(patience=settings.getint("DIBAO_BLOCKED_MAX"))
        self.tally = Tally()
        self.outcome: tuple[str, str] = ("failed", "the run did not begin")
        self._path = Path(settings["DIBAO_DB"])
        self._recheck = str(settings["DIBAO_RECHECK"])
        self.watch: Callable[[dict[str, int]], None] = _nobody
        self._locks = ExitStack()
        self._number = 0
        self._channels: Collection[str] | None = None
        self._archive: Archive | None = None

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
            self._locks.enter_context(hold(self._path, name, f"crawl {site.name}", wait=LOCK_SECONDS))
        self._archive = self._locks.enter_context(Archive.open(self._path))
        keep_site(self._archive, site)
        self._archive.interrupt_runs(site.name)  # the site's lock is ours: a run that says it is running was killed
        self._number = self._archive.start_run(site.name)

    @property
    def number(self) -> int:
        """The run's number in the archive."""
        return self._number

    def history(self) -> ArchiveHistory:
        """Give what a spider may ask of earlier runs."""
        return ArchiveHistory(self.archive, self.name, self._recheck)

    def listed(self, entry: Entry) -> Entry:
        """Give an entry with what the lists said of it, where it came without (a re-check knows only the address)."""
        if entry.title or entry.issued or self._archive is None:
            return entry
        return self.history().listed(entry.url) or entry

    def keep(self, capture: Capture) -> Capture:
        """Keep one exchange, count it, and learn from it which hosts to leave alone."""
        kept = self._archive.add(capture, self._number) if self._archive else capture
        self.hosts.note(kept)
        self.tally.add(kept)
        self.watch(self.tally.counts())
        return kept

    def validators(self, url: str) -> dict[str, str]:
        """Give the headers of a conditional request for an address captured before."""
        return self._archive.validators(url) if self._archive else {}

    def end(self, closed: str) -> None:
        """End the run for the reason Scrapy gives, keep its outcome, and let the locks go."""
        if self.site is None or self._archive is None:
            return
        self.outcome = verdict(self.site, self.tally, closed, self.hosts.stopped, self._channels)
        self._archive.end_run(self._number, *self.outcome, counts=self.tally.counts())
        self._locks.close()
        self._archive = None


def keep_site(archive: Archive, site: Site) -> None:
    """Write what the site file says into the archive."""
    channels = [(channel.name, channel.url, channel.frequency or site.frequency) for channel in site.channels]
    facts = (site.name, site.title, site.homepage, site.level, site.division_code or "", site.family)
    archive.keep_site(*facts, channels=channels, definition=site.model_dump(mode="json"))
