"""The browser of one run: scrapy-playwright's handler, which holds the pages. Imported only where the extra js is installed."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as BrowserError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from cleaners.errors import NoticeError
from crawler.rendering.chromium import context_options
from crawler.rendering.page import TICK, Load, refuse

_CLOSING = 5  # seconds a page has to close; one whose script never ends may take the browser with it


class RenderError(NoticeError):
    """Says that a page could not be rendered; its capture says why, and the list it stands for is not complete."""


class Browser:
    """Loads pages one at a time; started with the engine, as scrapy-playwright does it."""

    def __init__(self, crawler: Crawler) -> None:
        logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)  # what goes wrong is in the capture
        self._handler = ScrapyPlaywrightDownloadHandler.from_crawler(crawler)
        self._agent = str(crawler.settings["USER_AGENT"])
        self._seconds = crawler.settings.getfloat("DIBAO_RENDER_SECONDS")
        self._one = asyncio.Lock()
        self._context: BrowserContext | None = None

    @property
    def version(self) -> str:
        """The browser's version, once a page was loaded."""
        return str(self._handler.browser.version) if hasattr(self._handler, "browser") else ""

    async def load(self, load: Load, url: str) -> None:
        """Load a page and leave it in `load.html`; RenderError where it does not come to rest in its time.

        The time waited for the crawl's own stack is not the page's.
        """
        meta = {
            "playwright": True,
            "playwright_context_kwargs": context_options(self._agent),
            "playwright_page_init_callback": partial(self._begin, load),
            "playwright_page_goto_kwargs": {"wait_until": "commit"},
            "playwright_page_methods": [PageMethod(load.settle)],
        }
        async with self._one:
            task = asyncio.ensure_future(self._handler.download_request(Request(url, meta=meta)))
            try:
                await self._watch(task, load)
            except BrowserError as error:
                raise RenderError(f"the browser failed: {error.message.splitlines()[0]}") from error
            finally:
                task.cancel()
                await _close(load.page)
                await asyncio.gather(task, return_exceptions=True)

    async def _begin(self, load: Load, page: Page, _request: Request) -> None:
        if page.context is not self._context:  # a browser that was ended is started anew
            self._context = page.context
            await page.context.route("**", refuse)
        await load.begin(page)

    async def _watch(self, task: asyncio.Task[object], load: Load) -> None:
        own = 0.0
        while not (task.done() or load.html):  # what the handler waits for beyond that is of no use here
            await asyncio.wait({task}, timeout=TICK)
            own += 0.0 if load.pending else TICK
            if own > self._seconds:
                raise RenderError(f"the page did not come to rest within {self._seconds:g} s")
        if not load.html:
            task.result()

    async def close(self) -> None:
        """End the browser."""
        await self._handler.close()


async def _close(page: Page | None) -> None:
    if page is None or page.is_closed():
        return
    browser = page.context.browser
    try:
        await asyncio.wait_for(page.close(), _CLOSING)
    except (BrowserError, TimeoutError):
        with suppress(BrowserError, TimeoutError):
            if browser is not None:
                await asyncio.wait_for(browser.close(), _CLOSING)
