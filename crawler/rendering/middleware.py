"""The downloader middleware right behind `crawler.exchanges.capture`: gives the page a script fills in place of the empty one sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from cleaners.errors import NoticeError
from cleaners.records import Capture
from crawler.rendering.chromium import require_browser
from crawler.rendering.wanted import as_failure, as_page, told
from crawler.site_run import ROW, SiteRun

if TYPE_CHECKING:
    from crawler.rendering.browser import Browser
    from crawler.rendering.page import Load


class Rendering:
    """Renders what `crawler.rendering.wanted` says; for a site without `javascript = true` it does nothing.

    Raises NoticeError, which keeps the run from beginning, where the site needs a browser and there is none.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run = SiteRun.of(crawler)
        self._scripts: dict[str, Response] = {}
        self._browser: Browser | None = None
        if getattr(self._run.site, "javascript", False):
            require_browser(f"site {self._run.name} (javascript = true)")
            from crawler.rendering.browser import Browser  # noqa: PLC0415 - the extra js

            self._browser = Browser(crawler)
            crawler.signals.connect(self._browser.close, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Rendering:
        """Build for a crawler."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Give the rendered page for an answer that was kept as its raw material, any other answer as it is."""
        role, answer = request.meta.get("role"), request.meta.get("capture")
        if self._browser is None or not isinstance(answer, Capture) or answer.role != "other" or role not in {"listing", "notice"}:
            return response
        page = await self._render(self._browser, answer, role, request, response)
        kept = self._run.keep(page, request.meta.get(ROW))
        request.meta["capture"] = kept
        return HtmlResponse(response.url, status=200, headers=list(page.headers), body=page.body, encoding="utf-8", request=request)

    async def _render(self, browser: Browser, answer: Capture, role: str, request: Request, response: Response) -> Capture:
        load = self._load(response)
        fragment = request.url.partition("#")[2]  # the route of a page that has but one address
        try:
            await browser.load(load, f"{response.url}#{fragment}" if fragment else response.url)
        except NoticeError as error:
            return as_failure(answer, role, str(error))
        stopped = self._run.hosts.why_stopped(response.url)
        if stopped or load.failed:
            return as_failure(answer, role, stopped or f"a request of the page's scripts got no answer: {load.failed[0]}")
        refused = ", ".join(f"{number} {why}" for why, number in sorted(load.refused.items()) if why in {"robots", "limit"})
        note = f"requests of its scripts not sent: {refused}" if refused else ""
        return as_page(answer, role, load.html, told(browser.version, len(load.requests), load.refused), note)

    def _load(self, document: Response) -> Load:
        from crawler.rendering.page import Load  # noqa: PLC0415 - the extra js
        from crawler.visit import NO_ANSWER  # noqa: PLC0415 - its process imports this module in turn

        engine, site = self._crawler.engine, self._run.site
        assert engine is not None
        assert site is not None
        largest = self._crawler.settings.getint("DOWNLOAD_MAXSIZE")
        return Load(document, site.hosts, engine.download_async, NO_ANSWER, self._scripts, largest)
