"""The pace at which each host is asked: the default, raised by the site file or by robots.txt, lowered for models only.

Scrapy reads `DOWNLOAD_SLOTS` before the site is known and does not act on Crawl-delay, so the downloader's slots are set
from here; nothing else touches them.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler

from crawler.addresses import is_model_host
from crawler.settings import DOWNLOAD_DELAY

LONGEST = 60.0  # seconds: what robots.txt may ask for beyond this would make a run endless


class Slots(dict[str, dict[str, Any]]):
    """Answers for every host, also for those no site file names (a redirect's target): never faster than the default."""

    def get(self, host: str, default: Any = None) -> Any:  # noqa: ARG002 - there is always an answer
        """Give the settings of a host's slot."""
        return super().get(host) or {"delay": DOWNLOAD_DELAY}


def delay_for(host: str, default: float, asked: float | None) -> float:
    """Give the seconds between two requests to a host: `asked` by the site file may only raise it, but for a model's hosts."""
    if asked is None:
        return default
    return asked if is_model_host(host) else max(default, asked)


class Pace:
    """Sets, as an extension, each host's delay when the spider opens and when its robots.txt is read."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pace:
        """Build and listen."""
        pace = cls(crawler)
        crawler.signals.connect(pace.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(pace.robots_parsed, signal=signals.robots_parsed)
        return pace

    def spider_opened(self) -> None:
        """Give each host of the site its delay before the first request."""
        site = getattr(self._crawler.spider, "site", None)
        self._downloader.per_slot_settings = Slots()
        for host in getattr(site, "hosts", ()):
            self._set(host, delay_for(host, DOWNLOAD_DELAY, getattr(site, "delay", None)))

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Slow down to the Crawl-delay of a robots.txt."""
        asked = robotparser.crawl_delay(self._agent)
        host = urlsplit(request.url).hostname or ""
        if asked:
            self._set(host, min(LONGEST, max(float(asked), self.delay(host))))

    def delay(self, host: str) -> float:
        """Give the seconds between two requests to a host."""
        return float(self._downloader.per_slot_settings.get(host)["delay"])

    @property
    def _downloader(self) -> Any:
        assert self._crawler.engine is not None
        return self._crawler.engine.downloader

    def _set(self, host: str, delay: float) -> None:
        self._downloader.per_slot_settings[host] = {"delay": delay}
        if host in self._downloader.slots:
            self._downloader.slots[host].delay = delay
