"""Obeys robots.txt (RFC 9309): no page of a host is asked for before its rules are known.

Scrapy's own middleware hands the rules to one of several waiting requests and lets the others pass, and takes a robots.txt
that cannot be had for leave to fetch everything; both are done by the letter here. Each exchange is a capture like any other
(`crawler.exchanges.capture`), and what the archive was answered in the last 24 hours is not asked for again (section 2.4).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urljoin, urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from cleaners.records import Capture
from crawler.exchanges.challenge import REDIRECTS
from crawler.site_run import SiteRun

UNREACHABLE = (OSError, IgnoreRequest, DownloadFailedError, DownloadTimeoutError, DownloadConnectionRefusedError)
FIRST = 1000  # before every page that waits for it
LONGEST = 500 * 1024  # bytes that are read (section 2.5)
KEPT = timedelta(hours=24)
HOPS = 5  # redirects that are followed (section 2.3.1.2)
UNREAD = "robots.txt could not be read"  # begins the reason why a host is closed
_GOOD = frozenset({"ok", "missing", "gone", "redirected", "soft_404"})
_TOO_MANY = 429  # no leave to ask for more, whatever section 2.3.1.3 says of other errors of ours


class Rules(ProtegoRobotParser):
    """The rules of one origin, with what some robots.txt say beyond RFC 9309."""

    def request_rate(self, agent: str) -> tuple[int, float]:
        """Give the requests allowed in how many seconds; (0, 0) where nothing is said."""
        rate = self.rp.request_rate(agent)
        return (int(rate.requests), float(rate.seconds)) if rate else (0, 0.0)

    def visit_time(self, agent: str) -> tuple[time, time] | None:
        """Give from when until when the site may be visited, in UTC; None where nothing is said."""
        found = self.rp.visit_time(agent)
        return (found.start_time, found.end_time) if found else None


def outside(hours: tuple[time, time] | None, now: datetime) -> bool:
    """Say whether an aware moment lies outside the hours (UTC) of a Visit-time, which may go over midnight."""
    if hours is None:
        return False
    begin, end = hours
    moment = now.astimezone(UTC).time()
    return not (begin <= moment <= end if begin <= end else moment >= begin or moment <= end)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered: status, body, where it redirects to, and when."""

    status: int
    body: bytes
    target: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """The rules of an origin, or why nothing may be asked of it, and when that was read."""

    rules: Rules | str
    at: datetime


class Robots:
    """Refuses, as a downloader middleware, what a host's robots.txt forbids; asks for it once a day and an origin."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run = SiteRun.of(crawler)
        self._agent = str(crawler.settings["ROBOTSTXT_USER_AGENT"])
        self._known: dict[str, asyncio.Task[Known]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        """Build for a crawler."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass or raise IgnoreRequest with the reason."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._of(request)
        if isinstance(rules, str):
            raise IgnoreRequest(rules)
        if not rules.allowed(request.url, self._agent):
            raise IgnoreRequest("Forbidden by robots.txt")
        if outside(hours := rules.visit_time(self._agent), datetime.now(UTC)):
            assert hours is not None
            host = urlsplit(request.url).hostname or ""
            self._run.hosts.stop(host, f"{host} is to be visited from {hours[0]:%H:%M} to {hours[1]:%H:%M} UTC only, says its robots.txt")

    async def _of(self, request: Request) -> Rules | str:
        split = urlsplit(request.url)
        origin = f"{split.scheme}://{split.netloc}"
        while True:
            task = self._known.get(origin) or asyncio.ensure_future(self._read(f"{origin}/robots.txt", request))
            self._known[origin] = task
            known = await asyncio.shield(task)  # a request that is cancelled must not take the others' rules with it
            if datetime.now(UTC) - known.at < KEPT:
                return known.rules
            if self._known.get(origin) is task:
                del self._known[origin]

    async def _read(self, url: str, request: Request) -> Known:
        """Read the rules of an origin.

        An error of ours (4xx) leaves everything open, one of the server's or of the network closes it (RFC 9309, 2.3.1.3 and 2.3.1.4).
        """
        try:
            answer = await self._follow(url)
        except UNREACHABLE as error:
            return Known(_closed(str(error) or type(error).__name__), datetime.now(UTC))
        if answer.status >= 500 or answer.status == _TOO_MANY:
            return Known(_closed(f"HTTP {answer.status}"), answer.at)
        rules = Rules.from_crawler(self._crawler, answer.body[:LONGEST] if answer.status < 300 else b"")
        assert isinstance(rules, Rules)
        await self._crawler.signals.send_catch_log_async(signal=signals.robots_parsed, robotparser=rules, request=request)
        return Known(rules, answer.at)

    async def _follow(self, url: str) -> Answer:
        """Give what a robots.txt answers, redirects followed, onto other hosts too; after too many there is none."""
        oldest = datetime.now(UTC)
        for _ in range(HOPS + 1):
            answer = self._kept(url) or await self._ask(url)
            oldest = min(oldest, answer.at)
            if answer.status not in REDIRECTS or not answer.target:
                return replace(answer, at=oldest)
            url = urljoin(url, answer.target)
        return Answer(404, b"", "", oldest)

    def _kept(self, url: str) -> Answer | None:
        """Give what the archive was answered in the last 24 hours; None where that was nothing good."""
        manners = self._run.manners
        kept = manners.answered(url, "robots", datetime.now(UTC) - KEPT) if manners else None
        if kept is None or kept.status is None or kept.outcome not in _GOOD:
            return None
        return Answer(kept.status, kept.body, kept.redirected_to, kept.captured_at)

    async def _ask(self, url: str) -> Answer:
        engine = self._crawler.engine
        assert engine is not None
        meta = {"dont_obey_robotstxt": True, "role": "robots", "dont_redirect": True, "allow_offsite": True}
        request = Request(url, priority=FIRST, callback=NO_CALLBACK, meta=meta)
        try:
            response = await engine.download_async(request)
        except UNREACHABLE as error:
            capture = request.meta.get("capture")  # its reason is for people: what a library says of TLS is not
            raise IgnoreRequest(capture.reason if isinstance(capture, Capture) else str(error)) from error
        target = (response.headers.get("Location") or b"").decode("latin-1")
        return Answer(response.status, response.body, target, datetime.now(UTC))


def _closed(why: str) -> str:
    return f"{UNREAD} ({why}), so nothing else is asked for"
