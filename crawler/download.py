"""The download handler: Scrapy's own, with the moment of sending noted and hosts that were left alone not asked."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.site_run import SiteRun


class HostStoppedError(IgnoreRequest):
    """Says that a request was not sent because its host is left alone for the rest of the run."""


class TimedHandler(HTTP11DownloadHandler):
    """Sends a request; requests that waited in the queue while their host was stopped are not sent."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._run = SiteRun.of(crawler)

    async def download_request(self, request: Request) -> Response:
        """Send one request, with `meta["sent"]` = (moment in UTC, monotonic seconds) of its sending."""
        reason = self._run.hosts.why_stopped(request.url)
        if reason:
            raise HostStoppedError(reason)
        request.meta["sent"] = (datetime.now(UTC), monotonic())
        return await super().download_request(request)
