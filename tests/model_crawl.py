"""Crawls a site of the model web without a network: plays the engine between a spider's callbacks and `crawler.demo.pages.answer`.

What Scrapy, the middlewares and the archive do for a history is done here in its plainest form: requests by priority, each notice once a
run, a host left alone after a challenge, no second attempt at a failed page, and between runs the facts that an archive keeps.
"""

from __future__ import annotations

import asyncio
import heapq
import inspect
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse
from scrapy.utils.request import fingerprint
from twisted.python.failure import Failure

from cleaners.records import Entry
from cleaners.urls import canonical_url
from crawler.demo import pages
from crawler.demo.scenes import Scene
from spiders.history import MemoryHistory
from spiders.loader import spider_class
from spiders.paging import Next
from spiders.site import Paging, load_site
from spiders.spider import ChannelEnd, Fetched, Listed, SiteSpider

DEMO = Path(pages.__file__).parents[1]
MOST = 400  # list pages a run may ask for: a walk that asks for more is caught in a loop


def site_file(name: str) -> Path:
    """Find the site file of a model site."""
    return next(path for path in (DEMO / "sites" / f"{name}.toml", DEMO / "families" / f"{name}.toml") if path.exists())


class History(MemoryHistory):
    """A MemoryHistory that knows addresses in their canonical form, as an archive does."""

    def known(self, urls):
        return frozenset(url for url in urls if canonical_url(url) in self.captured)


@dataclass
class ModelCrawl:
    """The crawls of one channel of a model site, run after run; `fetched` counts how often each notice came, over all runs."""

    site: str
    scene: Scene
    channel: int = 0
    day: int = 1
    template: str = ""  # paging given by hand
    fetched: Counter = field(default_factory=Counter)
    missing: set[str] = field(default_factory=set)
    listed: dict[str, Entry] = field(default_factory=dict)
    shown: dict = field(default_factory=dict)
    resume: dict[str, Next] = field(default_factory=dict)
    complete: datetime | None = None
    full: dict[str, datetime] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)  # the list pages asked for in the last run

    def __post_init__(self) -> None:
        site = load_site(site_file(self.site))
        if self.template:
            paged = site.channels[self.channel].model_copy(update={"paging": Paging(template=self.template)})
            site = site.model_copy(update={"channels": (paged,)})
        self.spider = spider_class(site)
        self.name = site.channels[self.channel].name

    def run(self, *, full: bool = False) -> ChannelEnd:
        """Crawl once and give the channel's end."""
        pending = tuple(entry for url, entry in self.listed.items() if url not in self.fetched and url not in self.missing)
        resume = dict(self.resume)
        history = History(frozenset(self.fetched), self.complete, resume, pending, full=dict(self.full), listed=self.shown)
        begun = datetime.now(UTC)
        end = asyncio.run(self._crawl(self.spider(history=history, channels=[self.name], full=full)))
        self.resume = {self.name: end.resume} if end.resume else {}
        if end.complete:
            self.complete = begun
            if end.full:
                self.full[self.name] = begun
        return end

    async def _crawl(self, spider: SiteSpider) -> ChannelEnd:
        self.lists, ends, asked, numbers, challenged = [], [], set(), count(), False
        queue = [(-request.priority, next(numbers), request) async for request in spider.start()]
        heapq.heapify(queue)
        while queue:
            _, _, request = heapq.heappop(queue)
            if not request.dont_filter and fingerprint(request) in asked:
                continue
            asked.add(fingerprint(request))
            response = None if challenged else self._answer(request)
            challenged = response is None or response.status == 412
            async for record in _records(_given(request, response)):
                if isinstance(record, Request):
                    heapq.heappush(queue, (-record.priority, next(numbers), record))
                elif isinstance(record, ChannelEnd):
                    ends.append(record)
                else:
                    self._keep(spider, record, response.status)
        (end,) = ends
        return end

    def _answer(self, request: Request) -> HtmlResponse:
        split = urlsplit(request.url)
        target = split.path + (f"?{split.query}" if split.query else "")
        query = dict(parse_qsl(split.query, keep_blank_values=True)) | pages.form(request.body, _media_type(request))
        asked = pages.Request(split.hostname or "", split.path, target, request.method, query)
        reply = pages.answer(asked, self.day, self.scene)
        if request.meta["role"] == "listing":
            self.lists.append(request.url)
            assert len(self.lists) < MOST, self.lists[-5:]
        if reply.listing:
            self.scene = self.scene.served_one(asked.page)
        return HtmlResponse(request.url, status=reply.status, body=reply.body, headers={"Content-Type": reply.media_type}, request=request)

    def _keep(self, spider: SiteSpider, record: Listed | Fetched, status: int) -> None:
        if isinstance(record, Listed):
            spider.history.note(record.channel, record.entries)
            self.listed.update((canonical_url(entry.url), entry) for entry in record.entries)
        elif status == 200:
            self.fetched[canonical_url(record.capture.url)] += 1
        else:
            self.missing.add(canonical_url(record.capture.url))


def _media_type(request: Request) -> str:
    return (request.headers.get("Content-Type") or b"").decode("latin-1")


def _given(request: Request, response: HtmlResponse | None):
    """Call back with the response, or as the engine does for a host left alone."""
    if response is not None:
        return request.callback(response, **request.cb_kwargs)
    failure = Failure(IgnoreRequest("left alone"))
    failure.request = request
    return request.errback(failure)


async def _records(given) -> AsyncIterator:
    if inspect.isasyncgen(given):
        async for record in given:
            yield record
    else:
        for record in given or ():
            yield record
