"""The download handler: Scrapy's own, with what is decided at the moment of sending, and what is learnt from the connection.

`meta["sent"]` is the moment of sending; `meta["tls"]` says what the connection's handshake was like (`crawler.network.tls`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.manners.gate import Gate
from crawler.manners.pace import Pace
from crawler.manners.turns import Turns
from crawler.network.tls import DEFAULT, TlsPolicy
from crawler.network.wire import BoundedHandler
from crawler.site_run import SiteRun


class HostStoppedError(IgnoreRequest):
    """Says that a request was not sent because its host, or the run, is over for now."""


class TimedHandler(BoundedHandler):
    """Sends a request when its host and the machine's other runs let it; what waited while its host was stopped is not sent."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        run = SiteRun.of(crawler)
        self._gate, self._pace = Gate(crawler), Pace.of(crawler)
        self._turns = Turns(run.path, lambda: not crawler.crawling)
        self._tls = TlsPolicy(getattr(run.site, "tls", DEFAULT), getattr(run.site, "hosts", ()))
        self._contextFactory = self._tls  # type: ignore[assignment]  # zope's interfaces are none to mypy

    async def download_request(self, request: Request) -> Response:
        """Send one request, with `meta["sent"]` = (moment in UTC, monotonic seconds) of its sending."""
        delay = self._pace.delay(str(request.meta.get("download_slot", "")))
        async with self._turns.at(request.meta.get("address", ""), delay) as free:
            reason = await self._gate.refusal(request) if free else "the run was stopped while another asked the same server"
            if reason:
                raise HostStoppedError(reason)
            request.meta["sent"] = (datetime.now(UTC), monotonic())
            try:
                return await super().download_request(request)
            finally:
                request.meta["tls"] = self._tls.account(request.url)
