"""The downloader middleware nearest the network: every exchange and every failure becomes a capture in the archive.

The stored capture stands in `meta["capture"]` of the request; the response passed on carries the strictly decoded body.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from cleaners.records import Capture
from crawler.download import HostStoppedError
from crawler.exchange import from_failure, from_response
from crawler.hosts import WAITING, retry_after
from crawler.site_run import SiteRun

_CONDITIONAL_ROLES = frozenset({"notice", "attachment"})


class CaptureMiddleware:
    """Records each exchange through the run's archive, and stops asking hosts that challenge or refuse."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run = SiteRun.of(crawler)
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._longest_wait = crawler.settings.getfloat("DIBAO_RETRY_AFTER_MAX")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CaptureMiddleware:
        """Build for a crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Forget an earlier hop's capture, refuse stopped hosts and ask conditionally where an earlier answer allows it."""
        request.meta.pop("capture", None)
        request.meta.pop("sent", None)
        reason = self._run.hosts.why_stopped(request.url)
        if reason:
            raise HostStoppedError(reason)
        if "entry" in request.meta:
            request.meta["entry"] = self._run.listed(request.meta["entry"])
        if request.method == "GET" and request.meta.get("role") in _CONDITIONAL_ROLES:
            for name, value in self._run.validators(request.url).items():
                request.headers.setdefault(name, value)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Keep the exchange; ask again for a damaged body, or when the server said to come back later."""
        limit = int(request.meta.get("download_maxsize", self._limit))
        capture = self._keep(request, from_response(request, response, self._run.name, limit))
        if capture.outcome == "soft_404" and capture.redirected_to:
            request.meta["dont_redirect"] = True
        if capture.status in WAITING and not request.meta.get("dont_retry"):
            return await self._wait(request, capture) or _decoded(response, capture)
        if capture.outcome == "damaged":
            return self._again(request, capture.reason) or _decoded(response, capture)
        return _decoded(response, capture)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Keep a request that got no response; those held back from a stopped host were never sent and are not exchanges."""
        if isinstance(exception, HostStoppedError):
            self._run.tally.held += 1
        else:
            self._keep(request, from_failure(request, exception, self._run.name))

    def _keep(self, request: Request, capture: Capture) -> Capture:
        kept = self._run.keep(capture)
        request.meta["capture"] = kept
        return kept

    async def _wait(self, request: Request, capture: Capture) -> Request | None:
        """Wait as long as the server asks (RFC 9110, section 10.2.3), then ask again; a longer wait is the next run's."""
        seconds = retry_after(capture.headers, datetime.now(UTC))
        if seconds is None:
            return None
        if seconds > self._longest_wait:
            self._run.hosts.stop(_host(request), f"{_host(request)} asks to be left alone for {seconds:.0f} s")
            return None
        until = monotonic() + seconds
        while self._crawler.crawling and monotonic() < until:  # noqa: ASYNC110 - a stop sets no event, and does not wait for this
            await asyncio.sleep(min(1.0, until - monotonic()))
        return self._again(request, f"HTTP {capture.status}")

    def _again(self, request: Request, reason: str) -> Request | None:
        assert self._crawler.spider is not None
        return get_retry_request(request, spider=self._crawler.spider, reason=reason)


def _host(request: Request) -> str:
    return request.url.split("/", 3)[2]


def _decoded(response: Response, capture: Capture) -> Response:
    """Pass the response on with its decoded body and without the codings that were undone.

    It is built anew: `Response.replace` would guess a text encoding from the bytes as transferred first.
    """
    if not capture.content_encoding and capture.body == response.body:
        return response
    headers = response.headers.copy()
    headers.pop("Content-Encoding", None)
    kind = responsetypes.from_args(headers=headers, url=response.url, body=capture.body)
    return kind(
        response.url,
        status=response.status,
        headers=headers,
        body=capture.body,
        flags=response.flags,
        certificate=response.certificate,
        ip_address=response.ip_address,
        protocol=response.protocol,
    )
