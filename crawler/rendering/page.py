"""One page in the browser: each of its requests is answered from here, with what the crawl's own stack was answered, or not at all.

So robots.txt, the guard's addresses, the site's hosts, the pace, the limits and the recognition of challenges hold for a page's
scripts as for any request, and every answer is a capture. Imported only where the extra js is installed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page, Route
from playwright.async_api import Request as Asked
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.manners.never import why_never

MOST: Final = 40  # requests of one page's scripts that are sent
MOST_BYTES: Final = 64 * 1024 * 1024  # of their answers together
QUIET: Final = 0.8  # seconds without a request after which a page is taken to be done
TICK: Final = 0.05
STATE: Final = "document.readyState"
NO_PEERS: Final = "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'SharedWorker']) delete self[name];"
_CARRIED = frozenset({"script", "xhr", "fetch"})
_METHODS = frozenset({"GET", "HEAD", "POST"})
_OURS = frozenset({
    "user-agent", "cookie", "host", "connection", "content-length", "accept-encoding", "accept-language", "origin", "referer",
    "upgrade-insecure-requests",
})  # fmt: skip
"""Request headers that the crawl sets itself, or does not send."""
_NOT_PASSED = frozenset({
    "set-cookie", "content-length", "content-encoding", "transfer-encoding", "connection", "refresh", "link", "clear-site-data",
    "location", "strict-transport-security",
})  # fmt: skip
"""Headers of answers that speak of the transfer, or would have the browser remember or ask for something."""
Ask = Callable[[Request], Awaitable[Response]]
"""Sends a request through the crawl's stack; raises what the stack raises."""


@dataclass
class Load:
    """The loading of one page whose document has come already.

    `requests` are the addresses its scripts asked for and got an answer from, `refused` counts those not sent by reason, `failed` says
    what became of those that got none; `pending` counts those on their way. `html` is the page as it is in the end.
    """

    document: Response
    hosts: frozenset[str]
    ask: Ask
    lasting: tuple[type[BaseException], ...]
    scripts: dict[str, Response]
    largest: int
    requests: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    pending: int = 0
    html: str = ""
    page: Page | None = None
    _bytes: int = 0
    _begun: bool = False
    _last: float = field(default_factory=monotonic)

    async def begin(self, page: Page) -> None:
        """Take over a page that is still empty; windows that it opens are closed."""
        self.page, self._begun = page, False
        page.on("popup", _close)
        await page.add_init_script(NO_PEERS)
        await page.route("**", self.answer)

    async def answer(self, route: Route) -> None:
        """Answer one request of the page."""
        self.pending += 1
        try:
            with suppress(BrowserError):  # the page is closed already
                await self._answer(route, route.request)
        finally:
            self.pending -= 1

    async def _answer(self, route: Route, asked: Asked) -> None:
        if not self._begun and asked.is_navigation_request():
            self._begun, self._last = True, monotonic()
            await _fulfill(route, self.document)
        elif asked.is_navigation_request():
            self.refused["navigation"] += 1
            # the page stays; with any other word the browser would put its own page of an error there, which in a frame does no harm
            await route.abort("aborted" if asked.frame.parent_frame is None else "blockedbyclient")
        elif asked.resource_type == "stylesheet":  # nothing is drawn; some loaders take a missing one for a failure of theirs
            await route.fulfill(status=200, content_type="text/css", body="")
        elif (reason := self._refusal(asked)) or (response := await self._answered(asked)) is None:
            self.refused.update([reason] if reason else [])
            await route.abort("blockedbyclient")
        else:
            await _fulfill(route, response)
            self._last = monotonic()

    def _refusal(self, asked: Asked) -> str:
        """Say why a request is not sent; empty when it is."""
        if asked.resource_type not in _CARRIED or asked.method not in _METHODS:
            return "unneeded"
        if urlsplit(asked.url).hostname not in self.hosts:
            return "offsite"
        if why_never(asked.url):
            return "counter"
        if asked.url in self.scripts:
            return ""
        return "limit" if len(self.requests) >= MOST or self._bytes >= MOST_BYTES else ""

    async def _answered(self, asked: Asked) -> Response | None:
        """Give what the stack was answered; None, and a word of it, where there is nothing."""
        if asked.url in self.scripts:
            return self.scripts[asked.url]
        self.requests.append(asked.url)
        try:
            response = await self.ask(self._request(asked))
        except IgnoreRequest as error:
            self.refused["robots" if "robots.txt" in str(error) else "policy"] += 1
            return None
        except self.lasting as error:
            self.failed.append(f"{asked.url[:200]}: {str(error) or type(error).__name__}")
            return None
        self._bytes += len(response.body)
        if response.status >= 500:
            self.failed.append(f"{asked.url[:200]}: HTTP {response.status}")
        elif response.status == 200 and asked.method == "GET" and urlsplit(asked.url).path.endswith((".js", ".mjs")):
            self.scripts[asked.url] = response
        return response

    def _request(self, asked: Asked) -> Request:
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in _OURS and not name.startswith("sec-")}
        page = urlsplit(self.document.url)
        if urlsplit(asked.url).netloc != page.netloc:
            headers["Origin"] = f"{page.scheme}://{page.netloc}"  # without it, a server that allows its sites by name allows none
        headers["Referer"] = self.document.url
        body = asked.post_data_buffer or b""
        meta = {"role": "other", "rendering": self.document.url}
        return Request(asked.url, method=asked.method, headers=headers, body=body, callback=NO_CALLBACK, meta=meta, dont_filter=True)

    async def settle(self, page: Page) -> None:
        """Wait until the page asks for nothing more, and take it as it then is; the time it may take is bounded by the caller."""
        while self.pending or monotonic() - self._last < QUIET or await page.evaluate(STATE) == "loading":  # noqa: ASYNC110 - silence is no event
            await asyncio.sleep(TICK)
        if urlsplit(page.url)[:2] != urlsplit(self.document.url)[:2]:
            raise BrowserError(f"the page left for {page.url[:200]}")
        length = await page.evaluate("document.documentElement ? document.documentElement.outerHTML.length : 0")
        if length > self.largest:
            raise BrowserError(f"the page its scripts made has {length} characters, more than is taken")
        self.html = await page.content()


async def _fulfill(route: Route, response: Response) -> None:
    headers: Mapping[str, str] = {
        name.decode("latin-1"): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
        if name.decode("latin-1").lower() not in _NOT_PASSED
    }
    await route.fulfill(status=response.status, headers=dict(headers), body=response.body)


async def refuse(route: Route) -> None:
    """Answer nothing: for whatever is asked outside a page that is being loaded."""
    with suppress(BrowserError):
        await route.abort("blockedbyclient")


async def _close(page: Page) -> None:
    with suppress(BrowserError):
        await page.close()
