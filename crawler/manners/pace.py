"""The pace at which each host is asked: the default, raised by the site file, robots.txt, refusals and slow answers.

Scrapy reads `DOWNLOAD_SLOTS` before the site is known, does not act on Crawl-delay, and knows no slot of several hosts, so the
downloader's slots are set from here; nothing else touches them.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.record.manners import KeptPace
from crawler.manners.backoff import asked_delay, delay_for, doubled, eased, halved, wait_for
from crawler.manners.domains import Gateways, domain_of
from crawler.settings import DOWNLOAD_DELAY
from crawler.site_run import SiteRun


class Slots(dict[str, dict[str, Any]]):
    """Answers for every slot, also for those of hosts no site file names (a redirect's target): never faster than the default."""

    def get(self, slot: str, default: Any = None) -> Any:  # noqa: ARG002 - there is always an answer
        """Give the settings of a slot."""
        return super().get(slot) or {"delay": DOWNLOAD_DELAY}


_paces: WeakKeyDictionary[Crawler, Pace] = WeakKeyDictionary()


class Pace:
    """Sets, as an extension, each slot's delay, and says how long a host that refused is to be left alone."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run = SiteRun.of(crawler)
        self._agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"])
        self._longest_wait = crawler.settings.getfloat("DIBAO_RETRY_AFTER_MAX")
        self._gateways = Gateways()
        self._own: dict[str, float] = {}  # domain -> seconds that its site file and its robots.txt ask for
        self._kept: dict[str, KeptPace] = {}  # domain -> what earlier runs and this one were taught
        self._refusals: Counter[str] = Counter()  # domain -> in a row
        self._taught: set[str] = set()  # domains that refused in this run
        self._until: dict[str, float] = {}  # slot -> monotonic seconds before which nothing is sent

    @classmethod
    def of(cls, crawler: Crawler) -> Pace:
        """Give the pace of a crawler; one and the same for all its parts."""
        if crawler not in _paces:
            _paces[crawler] = cls(crawler)
        return _paces[crawler]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pace:
        """Give the crawler's and listen."""
        pace = cls.of(crawler)
        crawler.signals.connect(pace.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(pace.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(pace.response_downloaded, signal=signals.response_downloaded)
        crawler.signals.connect(pace.spider_closed, signal=signals.spider_closed)
        return pace

    def spider_opened(self) -> None:
        """Give each host of the site its delay before the first request, and leave alone what asked for it in an earlier run."""
        site = self._run.site
        self._downloader.per_slot_settings = Slots()
        self._kept = self._run.manners.paces() if self._run.manners else {}
        for host in sorted(getattr(site, "hosts", ())):
            self._own[domain_of(host)] = delay_for(host, DOWNLOAD_DELAY, getattr(site, "delay", None))
            self._apply(self._gateways.slot(host))
            self._leave_alone(host)

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Slow down to the Crawl-delay and the Request-rate of a robots.txt."""
        asked = asked_delay(robotparser.crawl_delay(self._agent), *robotparser.request_rate(self._agent))
        host = urlsplit(request.url).hostname or ""
        if asked > self._own.get(domain_of(host), DOWNLOAD_DELAY):
            self._own[domain_of(host)] = asked
            self._apply(self._gateways.slot(host))

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Ask as slowly as the server answers; an answer that is no refusal ends a row of them."""
        name = str(request.meta.get("download_slot", ""))
        slot, latency = self._downloader.slots.get(name), request.meta.get("download_latency")
        if slot is not None and latency is not None and response.status == 200:
            slot.delay = eased(slot.delay, float(latency), self.delay(name))
        if response.status < 400:
            self._refusals[domain_of(urlsplit(response.url).hostname or "")] = 0

    def slot(self, host: str, addresses: tuple[str, ...] = ()) -> str:
        """Give the slot of a host with these IP addresses."""
        before, after = self._gateways.slot(host), self._gateways.slot(host, addresses)
        if before != after:
            self._apply(after)
        return after

    def delay(self, slot: str) -> float:
        """Give the seconds between two requests of a slot, however fast its servers answer."""
        return float(self._downloader.per_slot_settings.get(slot)["delay"])

    def refused(self, url: str, asked: float | None, reason: str) -> bool:
        """Slow down after a refusal (429, 503, 418) and leave the slot alone for a while; says whether that is within this run.

        `asked` are the seconds of a Retry-After. The slower pace, and until when to wait, are kept for the next run.
        """
        host = urlsplit(url).hostname or ""
        domain = domain_of(host)
        slot = self._gateways.slot(host)
        self._refusals[domain] += 1
        self._taught.add(domain)
        own = self._own.get(domain, DOWNLOAD_DELAY)
        seconds = wait_for(own, self._refusals[domain], asked)
        before = self._kept[domain].delay if domain in self._kept else own
        self._kept[domain] = KeptPace(doubled(max(own, before)), datetime.now(UTC) + timedelta(seconds=seconds), reason)
        if self._run.manners:
            self._run.put(partial(self._run.manners.keep_pace, domain, self._kept[domain]))
        self._apply(slot)
        return self._pause(host, seconds)

    def waits(self, slot: str) -> float:
        """Give the seconds for which a slot is still to be left alone."""
        return max(0.0, self._until.get(slot, 0.0) - monotonic())

    def spider_closed(self) -> None:
        """Let what earlier runs were taught fade, domain by domain, after a run in which it was not said again."""
        manners = self._run.manners
        for domain in set(self._kept) & set(self._own) - self._taught:
            kept = self._kept[domain]
            if manners and self._refusals.get(domain) == 0:  # it was asked, and answered
                delay = halved(kept.delay, self._own[domain])
                self._run.put(partial(manners.keep_pace, domain, None if delay is None else KeptPace(delay, None, kept.reason)))

    def _leave_alone(self, host: str) -> None:
        """Wait, or do without a host for this run, where it asked an earlier one to come back later."""
        kept = self._kept.get(domain_of(host))
        if kept and kept.not_before and (seconds := (kept.not_before - datetime.now(UTC)).total_seconds()) > 0:
            self._pause(host, seconds)

    def _pause(self, host: str, seconds: float) -> bool:
        if seconds > self._longest_wait:
            self._run.hosts.stop(host, f"{host} asks to be left alone for {seconds:.0f} s")
            return False
        slot = self._gateways.slot(host)
        self._until[slot] = max(self._until.get(slot, 0.0), monotonic() + seconds)
        return True

    def _apply(self, slot: str) -> None:
        """Give a slot the delay of the slowest domain in it."""
        asked = [delay for domain, delay in self._own.items() if self._gateways.slot(domain) == slot]
        kept = [pace.delay for domain, pace in self._kept.items() if self._gateways.slot(domain) == slot]
        delay = max(asked + kept, default=DOWNLOAD_DELAY)
        self._downloader.per_slot_settings[slot] = {"delay": delay}
        if slot in self._downloader.slots:
            self._downloader.slots[slot].delay = delay

    @property
    def _downloader(self) -> Any:
        assert self._crawler.engine is not None
        return self._crawler.engine.downloader
