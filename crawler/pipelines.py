"""The pipeline: what the spider hands on goes into the archive, and what was captured is read."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from archive.readings import Change
from cleaners.attachments import FileText
from cleaners.errors import LayoutError
from cleaners.records import Capture, Notice
from cleaners.worker import is_plain
from crawler.identity import strangers
from crawler.manners.never import why_never
from crawler.reading import read, read_file
from crawler.site_run import SiteRun
from crawler.split import SplitNotices
from spiders.spider import ChannelEnd, Fetched, FurtherPart, Listed, SiteSpider

_log = logging.getLogger(__name__)


AT_ONCE = 64 << 10
"""Bytes of a page that may be read in the event loop's thread; of the worst kind they take half a second (`benchmarks/loop.py`)."""


class ReadingPipeline:
    """Begins the run, keeps lists, reads notices, asks for their attachments, and ends the run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run = SiteRun.of(crawler)
        self._split = SplitNotices()
        self._left: list[tuple[Capture, Notice]] = []  # split notices a killed run left, until requests can be made
        self._one_file = asyncio.Lock()  # one file is read at a time: each may take as much memory as a file may
        self._few_pages = asyncio.Semaphore(2)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ReadingPipeline:
        """Build and listen for the end."""
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(pipeline.spider_closed, signal=signals.spider_closed)
        return pipeline

    async def open_spider(self) -> None:
        """Begin the run, read and attach what a killed one left, and tell the spider what is known."""
        spider = self._crawler.spider
        if not isinstance(spider, SiteSpider):
            return
        self._run.begin(spider.channels)
        self._run.stop = self._stop
        spider.room = self._run.batch.room
        await self._read_leftovers()
        spider.history = self._run.history()

    async def _read_leftovers(self) -> None:
        for capture in self._run.archive.unread(self._run.name):
            self._heed_stop()
            try:
                notice = await self._notice(capture)
                if notice.parts:
                    self._left.append((capture, notice))
                else:
                    await self._keep_reading(capture, notice)
            except LayoutError as error:
                self._leave_unread(error)
            await self._run.batch.written()
        for files in (self._run.archive.unattached(self._run.name), self._run.archive.unread_files(self._run.name)):
            for file in files:
                self._heed_stop()
                self._keep_file(file, None if self._run.archive.has_text(file) else await asyncio.to_thread(read_file, file))
                await self._run.batch.written()

    def _heed_stop(self) -> None:
        """Close the spider where it was told to stop while it opened; the engine would not hear of it."""
        if not self._crawler.crawling:
            raise CloseSpider("shutdown")

    async def spider_opened(self) -> None:
        """Ask for the attachments and the further parts a killed run did not come to."""
        if self._run.site is None:
            return
        for capture, notice in self._left:
            if not self._ask_parts(capture, notice):
                await self._keep_reading(capture, notice)
        for url, page in self._run.history().missing_files():
            await self._ask(url, Capture(self._run.name, page, datetime.now(UTC), None, (), b""))
        self._heed_stop()

    async def spider_closed(self, reason: str) -> None:
        """End the run with the reason Scrapy gives, in a thread: the archive is put in order, too."""
        await self._run.batch.written()
        await asyncio.to_thread(self._run.end, reason)

    async def process_item(self, item: Listed | Fetched | FurtherPart | ChannelEnd) -> object:
        """Take one record of the spider's (Scrapy names the method)."""
        if self._run.site is None:
            return item
        if isinstance(item, Listed):
            self._run.list(await asyncio.to_thread(_to_ask, item))
        elif isinstance(item, ChannelEnd):
            self._run.end_channel(item)
        elif isinstance(item, FurtherPart):
            await self._join(item)
        elif item.capture.role == "attachment":
            await self._attach(item.capture)
        else:
            await self._read(item.capture)
        return item

    async def _attach(self, capture: Capture) -> None:
        """Read a file that came as it is, in a thread that waits for its child, and let it count for its notices."""
        if capture.outcome != "ok" or not capture.record_id:
            return
        async with self._one_file:
            known = await asyncio.to_thread(self._run.archive.has_text, capture)  # takes its digest
            self._keep_file(capture, None if known else await asyncio.to_thread(read_file, capture))

    def _keep_file(self, capture: Capture, text: FileText | None) -> None:
        self._run.put(partial(self._run.archive.attach, capture, text), self._count)
        if text is not None:
            self._run.tally.files[text.shortfall] += 1

    async def _read(self, capture: Capture, *, ask: bool = True) -> None:
        """Read a notice that came as it is; anything else is recorded already, and no version is cut from it.

        Where it is split and `ask` says so, its further parts are asked for first.
        """
        if capture.outcome != "ok" or not capture.record_id:
            return
        try:
            notice = await self._notice(capture)
            if ask and self._ask_parts(capture, notice):
                return
            await self._keep_reading(capture, notice)
        except LayoutError as error:
            self._leave_unread(error)
            return
        for url in dict.fromkeys(attachment.url for attachment in notice.files if attachment.url):
            await self._ask(url, capture)

    async def _notice(self, capture: Capture) -> Notice:
        """Read a page, in a thread unless it is small and plain; few at a time, for each may take a child's memory."""
        rules = self._run.rules
        if len(capture.body) <= AT_ONCE and not capture.parts and is_plain(capture.body):
            return read(capture, rules)
        async with self._few_pages:
            return await asyncio.to_thread(read, capture, rules)

    async def _join(self, part: FurtherPart) -> None:
        """Read a split notice once all its parts were answered, with those that came."""
        if (done := self._split.take(part)) is None:
            return
        capture, bodies = done
        self._run.put(lambda: self._run.archive.carry(capture, bodies))
        await self._read(replace(capture, parts=bodies), ask=False)

    def _ask_parts(self, capture: Capture, notice: Notice) -> bool:
        """Ask for the further parts of a notice; says whether any is on its way, until when the notice is not read."""
        spider, engine = self._crawler.spider, self._crawler.engine
        assert isinstance(spider, SiteSpider)
        assert engine is not None
        requests = [spider.part_request(url, capture) for url in notice.parts]
        if not requests or None in requests:
            return False
        self._split.wait(capture, notice)
        for request in filter(None, requests):
            engine.crawl(request)
        return True

    async def _ask(self, url: str, notice: Capture) -> None:
        """Ask for a file a notice links to, where the site file says so; what comes passes through here again."""
        await self._run.batch.room()  # a notice may link to any number of files
        spider, engine = self._crawler.spider, self._crawler.engine
        assert isinstance(spider, SiteSpider)
        assert engine is not None
        request = spider.attachment_request(url, notice)
        if request is not None:
            engine.crawl(request)

    async def _keep_reading(self, capture: Capture, notice: Notice) -> None:
        assert self._run.site is not None
        self._run.tally.identify(strangers(self._run.site, capture.url, notice.meta))
        fingerprint = self._run.rules.fingerprint
        for before in self._run.archive.stale(capture, fingerprint):
            # read by another cleaner: again first, so that its change is not taken for the source's
            self._run.put(partial(self._store, before, await self._notice(before), fingerprint))
        self._run.put(partial(self._store, capture, notice, fingerprint), self._count)

    def _store(self, capture: Capture, notice: Notice, fingerprint: str) -> Change:
        assert self._run.site is not None
        return self._run.archive.read(capture, notice, fingerprint=fingerprint, principal=self._run.site.principal(capture.url))

    def _stop(self, reason: str) -> None:
        """End the run in an orderly way: the archive cannot be written to."""
        assert self._crawler.engine is not None
        self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=reason))

    def _leave_unread(self, error: LayoutError) -> None:
        """Go on without a page the cleaner failed on; the run says how many there were."""
        self._run.tally.unread += 1
        _log.error("%s", error)

    def _count(self, change: object) -> None:
        """Count what a reading or a file changed."""
        kind = getattr(change, "kind", None)
        if kind:
            self._run.tally.changes[kind] += 1


def _to_ask(page: Listed) -> Listed:
    """Leave out of a list page what is never asked for."""
    return replace(page, entries=tuple(entry for entry in page.entries if not why_never(entry.url)))
