"""The downloader middleware nearest the network: every exchange and every failure becomes a capture in the archive.

The stored capture stands in `meta["capture"]` of the request; the response passed on carries the strictly decoded body.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from archive.record.captures import last_good
from cleaners.records import Capture
from crawler.exchanges.exchange import from_failure, from_response
from crawler.manners.hosts import WAITING, retry_after
from crawler.manners.pace import Pace
from crawler.network.download import HostStoppedError
from crawler.rendering.wanted import as_answer, awaits_browser
from crawler.site_run import ROW, SiteRun

_FOLLOWED = frozenset({301, 302, 303, 307, 308})
AT_ONCE = 256 << 10
"""Bytes of a body, as transferred, that is looked at in the event loop's thread."""
_CONDITIONAL_ROLES = frozenset({"notice", "attachment"})


class CaptureMiddleware:
    """Records each exchange through the run's archive, and stops asking hosts that challenge or refuse."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run = SiteRun.of(crawler)
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        asked = getattr(self._run.site, "max_file_size", None) or crawler.settings.getint("DIBAO_FILE_MAXSIZE")
        self._file_limit = min(asked, crawler.settings.getint("DIBAO_FILE_MAXSIZE_ALLOWED")) * 1024 * 1024
        self._pace = Pace.of(crawler)
        self._follow_ups = FollowUps(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CaptureMiddleware:
        """Build for a crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Forget an earlier hop's capture, refuse stopped hosts and ask conditionally where an earlier answer allows it."""
        request.meta.pop("capture", None)
        request.meta.pop("sent", None)
        request.meta.pop("tls", None)
        reason = self._run.hosts.why_stopped(request.url)
        if reason:
            raise HostStoppedError(reason)
        if request.meta.get("role") == "attachment":
            request.meta.setdefault("download_maxsize", self._file_limit)
        if "entry" in request.meta:
            request.meta["entry"] = self._run.listed(request.meta["entry"])
        if request.method == "GET" and request.meta.get("role") in _CONDITIONAL_ROLES:
            for name, value in self._run.validators(request.url).items():
                request.headers.setdefault(name, value)

    def process_response(self, request: Request, response: Response) -> Request | Response | Awaitable[Request | Response]:
        """Keep the exchange; ask again for a damaged body, or when the server said to come back later."""
        if len(response.body) > AT_ONCE:
            return self._take_large(request, response)
        return self._take(request, response, self._captured(request, response))

    async def _take_large(self, request: Request, response: Response) -> Request | Response:
        """Undo the codings of a large body, and look at it, in a thread: the network waits for none."""
        return self._take(request, response, await asyncio.to_thread(self._captured, request, response))

    def _captured(self, request: Request, response: Response) -> Capture:
        limit = int(request.meta.get("download_maxsize", self._limit))
        cookies = bool(getattr(self._run.site, "cookies", False))
        return from_response(request, response, self._run.name, limit, last_good=self._last_good, cookies=cookies)

    def _take(self, request: Request, response: Response, capture: Capture) -> Request | Response:
        _direct(request, capture)
        back = self._come_back(request, capture)
        again = back or capture.outcome == "damaged" or self._follow_ups.retries(capture)
        final = not (again and self._follow_ups.may_repeat(request)) and not self._follow_ups.redirects(request, response)
        if awaits_browser(self._run.site, capture):  # its page comes next (crawler.rendering)
            capture, final = as_answer(capture), False
        capture = self._keep(request, capture, final=final)
        if back or capture.outcome == "damaged":
            return self._again(request, capture.reason) or _decoded(response, capture)
        return _decoded(response, capture)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Keep a request that got no response; those held back from a stopped host were never sent and are not exchanges."""
        if isinstance(exception, HostStoppedError):
            self._run.postponed(request.meta.get(ROW), request.meta.get("channel", "") if request.meta.get("role") == "listing" else "")
        else:
            capture = from_failure(request, exception, self._run.name)
            if capture.outcome == "refused" or "fault" in capture.tls:
                request.meta["dont_retry"] = True  # a name that leads inwards, or a certificate that is wrong, gets no better
            self._keep(request, capture, final=not self._follow_ups.repeats(request, exception))

    def _last_good(self, url: str) -> Capture | None:
        if self._run.site is None:
            return None
        with self._run.archive.reading() as connection:
            return last_good(connection, url)

    def _keep(self, request: Request, capture: Capture, *, final: bool) -> Capture:
        """Keep an exchange; its request leaves the frontier with it unless a redirect or a repetition takes its place."""
        kept = self._run.keep(capture, request.meta.get(ROW), final=final)
        request.meta["capture"] = kept
        return kept

    def _come_back(self, request: Request, capture: Capture) -> bool:
        """Say whether to ask again after a refusal for now, once the host may be asked; the pace is lowered, and remembered."""
        if capture.status not in WAITING or capture.outcome == "challenge" or self._run.hosts.why_stopped(request.url):
            return False
        within = self._pace.refused(request.url, retry_after(capture.headers, datetime.now(UTC)), capture.reason)
        return within and not request.meta.get("dont_retry")

    def _again(self, request: Request, reason: str) -> Request | None:
        assert self._crawler.spider is not None
        return get_retry_request(request, spider=self._crawler.spider, reason=reason)


class FollowUps:
    """Foresees whether Scrapy's middlewares will follow a redirect or ask again: then a request's row in the frontier has to stay."""

    def __init__(self, settings: BaseSettings) -> None:
        self._redirects = settings.getint("REDIRECT_MAX_TIMES")
        self._times = settings.getint("RETRY_TIMES")
        self._codes = frozenset(map(int, settings.getlist("RETRY_HTTP_CODES")))
        self._exceptions = tuple(map(load_object, settings.getlist("RETRY_EXCEPTIONS")))

    def retries(self, capture: Capture) -> bool:
        """Say whether an answer of this status is asked for again."""
        return capture.status in self._codes

    def may_repeat(self, request: Request) -> bool:
        """Say whether a request may be sent again."""
        times: int = request.meta.get("max_retry_times", self._times)
        return not request.meta.get("dont_retry") and request.meta.get("retry_times", 0) < times

    def repeats(self, request: Request, exception: Exception) -> bool:
        """Say whether a request that failed so is sent again."""
        return isinstance(exception, self._exceptions) and self.may_repeat(request)

    def redirects(self, request: Request, response: Response) -> bool:
        """Say whether a redirect is followed."""
        if request.meta.get("dont_redirect") or response.status not in _FOLLOWED or "Location" not in response.headers:
            return False
        location = urlsplit(urljoin(request.url, (response.headers["Location"] or b"").decode("latin-1")))
        return location.scheme in {"http", "https"} and request.meta.get("redirect_times", 0) < self._redirects


def _direct(request: Request, capture: Capture) -> None:
    """Tell the request's copies what its answer means: a damaged body is asked for once more, a redirect that is none is not followed."""
    if capture.outcome == "damaged":
        if "damaged" in request.meta or capture.truncated == "length":
            request.meta["max_retry_times"] = 0
        request.meta["damaged"] = capture.payload_digest
    if capture.status in _FOLLOWED and capture.outcome != "redirected":
        request.meta["dont_redirect"] = True
    elif capture.redirected_to == request.url:
        request.dont_filter = True  # it came back for its cookie: the same address, not a repetition


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
