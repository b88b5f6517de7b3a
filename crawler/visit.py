"""Visits a few pages, through the very stack a crawl uses (guard, robots.txt, pace, honest User-Agent); nothing is kept in an archive.

The Twisted reactor cannot start twice, so the pages are asked for by a child process, `python -m crawler.visit`: its first line
of standard input is a site, each further one a request; each line of its standard output holds the captures of one request.
The end of standard input ends it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import urlsplit

from pydantic import ConfigDict, TypeAdapter
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import Settings

from archive.locks import hold
from cleaners.errors import NoticeError
from cleaners.records import Capture
from crawler.exchanges.exchange import from_failure
from crawler.manners.domains import domain_of
from crawler.network.addresses import read_literal, refuse_url
from crawler.network.guard import NO_CONTACT
from crawler.rendering.chromium import require_browser
from crawler.settings import DIBAO_DB
from spiders.paging import Next
from spiders.site import Site, parse_site

MOST = 8  # pages of one visit
NO_ANSWER = (
    OSError,
    IgnoreRequest,
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
"""What it looks like when a request gets no answer; each is told as the capture of a failure."""
_PATIENCE = 5  # seconds a child has to end
_AS_BASE64 = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
_captures = TypeAdapter(list[Capture], config=_AS_BASE64)
_asked = TypeAdapter(tuple[Next, str], config=_AS_BASE64)


class Visit:
    """Asks for pages one after the other: `with Visit.of(url, contact) as visit: capture = visit.fetch(url)`.

    `most` bounds the pages asked for (robots.txt and redirects are not counted); `captures` holds every exchange, in order.
    Raises NoticeError where no contact is given, the bound is reached or the child process fails.
    """

    def __init__(self, site: Site, contact: str, *, most: int = MOST, environment: Mapping[str, str] | None = None) -> None:
        if not contact.strip():
            raise NoticeError(NO_CONTACT)
        if site.javascript:
            require_browser(site.homepage)
        self.site, self.left, self._most = site, most, most
        self.captures: list[Capture] = []
        self._environment = {**os.environ, "DIBAO_CONTACT": contact.strip(), **(environment or {})}
        self._child: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._held = ExitStack()

    @classmethod
    def of(  # the keys of a site file that a site of which there is none may need
        cls, url: str, contact: str, *, delay: float | None = None, most: int = MOST, javascript: bool = False, tls: str = "default"
    ) -> Self:
        """Make a visit to the host of an address no site file names; `delay` may only slow down, but for a model's hosts.

        `javascript` has its pages rendered, and `tls` makes its certificates and ciphers be taken, as a site file's keys do.
        """
        return cls(stranger(url, delay, javascript=javascript, tls=tls), contact, most=most)

    def __enter__(self) -> Self:
        """Start the child process; ArchiveError where a crawl is asking the same domain, which is told by the archive's locks."""
        self._lock()
        self._log = TemporaryFile()
        command = [sys.executable, "-P", "-m", "crawler.visit"]
        pipe = subprocess.PIPE
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=pipe, stdout=pipe, stderr=self._log, env=self._environment, start_new_session=True
        )
        self._say(self.site.model_dump_json(by_alias=True, exclude_unset=True).encode())
        return self

    def _lock(self) -> None:
        """Take the locks of the site's domains, all or none; where there is no archive, nothing is crawled that could clash."""
        archive = Path(self._environment.get("DIBAO_DB") or DIBAO_DB)
        with ExitStack() as locks:
            for domain in sorted(set(map(domain_of, self.site.hosts))) if archive.exists() else ():
                locks.enter_context(hold(archive, f"host:{domain}", f"visit {self.site.homepage}"))
            self._held = locks.pop_all()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the child process; one that is still waiting for a server is not waited for long."""
        self._held.close()
        assert self._child is not None
        assert self._child.stdin is not None
        assert self._log is not None
        with suppress(BrokenPipeError):
            self._child.stdin.close()
        try:
            self._child.wait(0.2 if kind else _PATIENCE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        assert self._child.stdout is not None
        self._child.stdout.close()
        self._log.close()

    def fetch(self, asked: str | Next, role: str = "listing") -> Capture:
        """Ask for one page and give its capture, after redirects; what became of it is in `outcome` and `reason`.

        `role` is that of the capture: listing, notice, other.
        """
        if not self.left:
            raise NoticeError(f"{self.site.homepage}: this visit has asked for {self._most} pages, which is all it may")
        self.left -= 1
        following = Next(asked) if isinstance(asked, str) else asked
        self._say(_asked.dump_json((following, role)))
        captures = self._answer()
        self.captures += captures
        return captures[-1]

    def _say(self, line: bytes) -> None:
        assert self._child is not None
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(line + b"\n")
            self._child.stdin.flush()
        except BrokenPipeError as error:
            raise NoticeError(self._why()) from error

    def _answer(self) -> list[Capture]:
        assert self._child is not None
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise NoticeError(self._why())
        return _captures.validate_json(line)

    def _why(self) -> str:
        """Say why the child process is gone: the last line it logged."""
        assert self._child is not None
        assert self._log is not None
        self._child.wait()
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines() or [f"exit code {self._child.returncode}"]
        return f"{self.site.homepage}: the visit ended early: {lines[-1]}"


def stranger(url: str, delay: float | None = None, *, javascript: bool = False, tls: str = "default") -> Site:
    """Give a site that stands for the host of an address no site file names yet; NoticeError where it is no public address."""
    split = urlsplit(url)
    if split.scheme not in {"http", "https"} or not split.hostname:
        raise NoticeError(f"{url!r} is no address: give one that begins with http:// or https://")
    if refused := refuse_url(url):
        raise NoticeError(f"{url}: {refused}; give the http or https address of a public site")
    channels = [{"name": "visited", "url": f"{split.scheme}://{split.netloc}/"}]
    twin = split.hostname.removeprefix("www.")  # the usual first redirect is from one to the other
    table: dict[str, Any] = {"title": split.hostname, "homepage": channels[0]["url"], "level": "central", "channels": channels}
    table |= {"javascript": javascript, "tls": tls}
    table["allow_offsite"] = [] if read_literal(split.hostname) else [twin, f"www.{twin}"]
    return parse_site(table | ({} if delay is None else {"delay": delay}), "visit", url)


class VisitingSpider(Spider):
    """Fetches what it reads from standard input, one request at a time."""

    name = "visit"
    site: Site

    async def start(self) -> AsyncIterator[Any]:
        """Answer line by line until there is none; yields nothing to Scrapy's scheduler."""
        reader = asyncio.StreamReader(limit=1 << 20)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        async for line in reader:
            captures = await self._fetch(*_asked.validate_json(line))
            sys.stdout.buffer.write(_captures.dump_json(captures) + b"\n")
            sys.stdout.buffer.flush()
        for request in list[Request]():  # an asynchronous generator, as Scrapy asks for one
            yield request

    async def _fetch(self, asked: Next, role: str) -> list[Capture]:
        request = Request(
            asked.url,
            method=asked.method,
            body=asked.body,
            headers=list(asked.headers),
            callback=NO_CALLBACK,
            meta={"role": role},
        )
        trail = Trail.of(self.crawler)
        trail.clear()
        engine = self.crawler.engine
        assert engine is not None
        try:
            await engine.download_async(request)
        except NO_ANSWER as error:
            if not any(capture.role == role for capture in trail):  # not even tried: its host is left alone
                trail.append(from_failure(request, error, self.site.name))
        return sorted(trail, key=lambda capture: capture.role != "robots")


class Trail(list[Capture]):
    """Notes, as the downloader middleware around `crawler.exchanges.capture`, every capture made for a request."""

    @classmethod
    def of(cls, crawler: Crawler) -> Trail:
        """Give the trail of a crawler: one and the same for its spider and its downloader."""
        trail: Trail = crawler.__dict__.setdefault("visit_trail", cls())
        return trail

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Trail:
        """Build as Scrapy asks."""
        return cls.of(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the capture of an answer."""
        self._note(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 - the signature is Scrapy's
        """Note the capture of a request that got none."""
        self._note(request)

    def _note(self, request: Request) -> None:
        capture = request.meta.get("capture")
        if isinstance(capture, Capture):
            self.append(capture)


def visit_settings() -> Settings:
    """Give the settings of a crawl without what keeps: no archive, no scheduler of ours, no pipeline."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings["DOWNLOADER_MIDDLEWARES"]["crawler.visit.Trail"] = 890  # around the middleware that makes captures
    settings.update(
        {"ITEM_PIPELINES": {}, "SCHEDULER": "scrapy.core.scheduler.Scheduler", "SPIDER_LOADER_CLASS": "scrapy.spiderloader.SpiderLoader"},
        priority="cmdline",
    )
    return settings


def main() -> int:
    """Visit the site named by the first line of standard input."""
    with open(0, "rb", buffering=0, closefd=False) as lines:
        table = TypeAdapter(dict[str, Any]).validate_json(lines.readline())
    site = parse_site({key: value for key, value in table.items() if key != "name"}, table["name"])
    process = AsyncCrawlerProcess(visit_settings())
    settings = {"DOWNLOAD_DELAY": site.delay} if site.delay is not None else {}
    spider = type("Visiting", (VisitingSpider,), {"site": site, "allowed_domains": sorted(site.hosts), "custom_settings": settings})
    task = process.crawl(spider)
    process.start()
    if task.done() and not task.cancelled() and task.exception() is not None:
        raise task.exception() or AssertionError
    return 0


if __name__ == "__main__":
    sys.exit(main())
