"""What is decided at the moment of sending: whether a host is left alone, its window is open, its budget lasts, and how long to wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.manners.budget import Budget
from crawler.manners.domains import domain_of
from crawler.manners.pace import Pace
from crawler.manners.window import may_ask
from crawler.network.addresses import is_model_host
from crawler.site_run import SiteRun

_TICK = 1.0  # seconds after which a wait looks whether the run was stopped


class Gate:
    """Lets requests of one run pass one by one; a run that may send nothing more is closed in an orderly way."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run = SiteRun.of(crawler)
        self._pace = Pace.of(crawler)
        self._closing: asyncio.Task[None] | None = None
        self._closed = ""
        self._window = getattr(self._run.site, "crawl_window", None)
        self._budget = Budget(self._limit(), self._sent)

    async def refusal(self, request: Request) -> str:
        """Wait as long as the host is to be left alone; then say why the request is not to be sent, empty when it is."""
        slot = str(request.meta.get("download_slot", ""))
        while not (reason := self._closed or self._run.hosts.why_stopped(request.url)) and (seconds := self._pace.waits(slot)):
            if not self._crawler.crawling:  # a stop sets no event, and does not wait for this
                return "the run was stopped while its host was to be left alone"
            await asyncio.sleep(min(_TICK, seconds))
        return reason or self._spent(request.url)

    def _spent(self, url: str) -> str:
        now = datetime.now(UTC)
        if not may_ask(self._window, now):
            return self._close(f"outside the crawl window {self._window} (Asia/Shanghai)")
        if not self._budget.spend(domain_of(urlsplit(url).hostname or ""), now):
            return self._close(f"daily budget of {self._budget.limit} requests reached")
        return ""

    def _close(self, reason: str) -> str:
        """End the run: what is in hand is finished, what waits is left to the next run."""
        engine = self._crawler.engine
        assert engine is not None
        if self._closing is None:
            self._closed = reason
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason=reason))
        return reason

    def _limit(self) -> int | None:
        """Give the site file's budget, or the default where a host is a real one."""
        site = self._run.site
        own: int | None = getattr(site, "daily_budget", None)
        if own is not None or site is None or all(map(is_model_host, site.hosts)):
            return own
        return self._crawler.settings.getint("DIBAO_DAILY_BUDGET")

    def _sent(self, since: datetime) -> Counter[str]:
        return self._run.manners.sent(domain_of, since) if self._run.manners else Counter()
