"""Obeys robots.txt (RFC 9309): no page of a host is asked for before its rules are known.

Scrapy's own middleware hands the rules to one of several waiting requests and lets the others pass, and takes a robots.txt
that cannot be had for leave to fetch everything; both are done by the letter here. The exchange itself is a capture like any
other (`crawler.capture`).
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

UNREACHABLE = (OSError, IgnoreRequest, DownloadFailedError, DownloadTimeoutError, DownloadConnectionRefusedError)
FIRST = 1000  # before every page that waits for it


class Robots:
    """Refuses, as a downloader middleware, what a host's robots.txt forbids; asks for it once a run and an origin."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"])
        self._rules: dict[str, asyncio.Task[ProtegoRobotParser | str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        """Build for a crawler."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass or raise IgnoreRequest with the reason."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        split = urlsplit(request.url)
        origin = f"{split.scheme}://{split.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._read(f"{origin}/robots.txt", request))
        rules = await asyncio.shield(self._rules[origin])  # a request that is cancelled must not take the others' rules with it
        if isinstance(rules, str):
            raise IgnoreRequest(rules)
        if not rules.allowed(request.url, self._agent):
            raise IgnoreRequest("Forbidden by robots.txt")

    async def _read(self, url: str, request: Request) -> ProtegoRobotParser | str:
        """Give the rules of an origin, or why nothing may be asked of it.

        An error of ours (4xx) leaves everything open, one of the server's or of the network closes it (RFC 9309, 2.3.1.3 and 2.3.1.4).
        """
        engine = self._crawler.engine
        assert engine is not None
        asked = Request(url, priority=FIRST, callback=NO_CALLBACK, meta={"dont_obey_robotstxt": True})
        try:
            response = await engine.download_async(asked)
        except UNREACHABLE as error:
            return f"robots.txt could not be read ({error or type(error).__name__}), so nothing else is asked for"
        if response.status >= 500:
            return f"robots.txt could not be read (HTTP {response.status}), so nothing else is asked for"
        rules = ProtegoRobotParser.from_crawler(self._crawler, response.body if response.status < 300 else b"")
        assert isinstance(rules, ProtegoRobotParser)
        await self._crawler.signals.send_catch_log_async(signal=signals.robots_parsed, robotparser=rules, request=request)
        return rules
