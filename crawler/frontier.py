"""Scrapy's scheduler over the archive's frontier (`archive.record.frontier`): what is to be asked for outlives a kill.

Requests are kept as JSON, never pickled. A row's number travels in the request's meta, so that a redirect or a repetition takes
the row of the request it stands for; the row leaves with the capture of the answer (`crawler.site_run`). Of what waits, a few
dozen requests a host are held in memory.
"""

from __future__ import annotations

import json
import logging
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from typing import Any

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler, Scheduler
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached

from archive.documents import dump, dump_entry, load_entry
from archive.record.frontier import Waiting, fingerprint
from cleaners.urls import canonical_url
from crawler.site_run import ROW, SiteRun
from spiders.walk import Walk

_log = logging.getLogger(__name__)

HELD = 64
"""Requests a host in memory; the others wait in the archive."""

_OF_ONE_EXCHANGE = frozenset(
    {ROW, "address", "capture", "download_latency", "download_slot", "download_timeout", "sent", "tls", "tls_level"}
)
_CALLBACK = re.compile(r"parse_\w+")
_ERRBACK = re.compile(r"\w+_failed|")


def dump_request(request: Request, number: int, spider: Spider, key: bytes | None = None) -> Waiting | None:
    """Write a request as a row of the frontier; None for one whose callback is no method of the spider (`scrapy shell`).

    `key` is its fingerprint where that is known. What is of one exchange only is left out of its meta; TypeError where the rest holds
    what is neither JSON nor an Entry or a Walk.
    """
    if getattr(request.callback, "__self__", None) is not spider:
        return None
    meta = request.meta
    return Waiting(
        number=number,
        fingerprint=key or _fingerprint(request),
        role=str(meta.get("role", "other")),
        channel=str(meta.get("channel", "")),
        host=urlparse_cached(request).hostname or "",
        url=request.url,
        method=request.method,
        headers=_dump_headers(request),
        body=request.body or None,
        priority=request.priority,
        filtered=not request.dont_filter,
        callback=_name(request.callback),
        errback=_name(request.errback),
        kwargs=dump(request.cb_kwargs) if request.cb_kwargs else None,
        meta=dump({key: _plain(key, value) for key, value in meta.items() if key not in _OF_ONE_EXCHANGE}),
    )


def load_request(row: Waiting, spider: Spider) -> Request:
    """Read what `dump_request` wrote; LookupError where the spider has no such methods any more."""
    if not _CALLBACK.fullmatch(row.callback) or not _ERRBACK.fullmatch(row.errback):
        raise LookupError(f"{row.url}: {row.callback!r} and {row.errback!r} are no names of callbacks")
    methods = [getattr(spider, name, None) if name else None for name in (row.callback, row.errback)]
    if methods[0] is None or (row.errback and methods[1] is None):
        raise LookupError(f"{row.url}: the spider has no {row.callback} or {row.errback}")
    return Request(
        row.url,
        method=row.method,
        headers=json.loads(row.headers) if row.headers else None,
        body=row.body or b"",
        priority=row.priority,
        dont_filter=not row.filtered,
        callback=methods[0],
        errback=methods[1],
        cb_kwargs=json.loads(row.kwargs) if row.kwargs else None,
        meta=_load_meta(json.loads(row.meta)) | {ROW: row.number},
    )


def _fingerprint(request: Request) -> bytes:
    return fingerprint(canonical_url(request.url), request.method, request.body)


def _dump_headers(request: Request) -> str | None:
    if not request.headers:
        return None
    return dump([(name.decode("latin-1"), value.decode("latin-1")) for name, values in request.headers.items() for value in values])


def _name(method: Any) -> str:
    return "" if method is None else str(method.__name__)


def _plain(key: str, value: Any) -> object:
    if key == "entry":
        return dump_entry(value)
    return value.dump() if isinstance(value, Walk) else value


def _load_meta(meta: dict[str, Any]) -> dict[str, Any]:
    if "entry" in meta:
        meta["entry"] = load_entry(meta["entry"])
    if "walk" in meta:
        meta["walk"] = Walk.load(meta["walk"])
    return meta


@dataclass
class _Host:
    """What waits of one host: requests in memory, first come first, and how many more are in the archive."""

    held: list[tuple[int, int, int, Request]] = field(default_factory=list)
    behind: int = 0
    leasing: bool = False  # some of those behind are on their way

    @property
    def head(self) -> tuple[int, int]:
        return self.held[0][:2] if self.held else (0, 0)

    def __bool__(self) -> bool:
        return bool(self.held or self.behind)


class Frontier(BaseScheduler):
    """Hands out requests by priority, then in the order they were found, to hosts that are free for them."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run = SiteRun.of(crawler)
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._seen: set[bytes] = set()
        self._number = -1
        self._tie = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BaseScheduler:  # type: ignore[override]  # one or the other scheduler
        """Build for a crawler; where nothing is kept (no site file: `scrapy shell`) Scrapy's own scheduler does."""
        return Scheduler.from_crawler(crawler) if SiteRun.of(crawler).site is None else cls(crawler)

    def has_pending_requests(self) -> bool:
        """Say whether there is anything for this run to ask for: what waits for a host that is left alone is not."""
        self._begin()
        return any(waiting for host, waiting in self._hosts.items() if not self._left_alone(host))

    def enqueue_request(self, request: Request) -> bool:
        """Keep a request, or refuse one whose address was asked for in this run already."""
        self._begin()
        number: int | None = request.meta.get(ROW)
        key = None if request.dont_filter else _fingerprint(request)
        if key is not None and key in self._seen:
            if number is not None:
                self._run.answered(number)
            return False
        if key is not None:
            self._seen.add(key)
        self._keep(request, number, key)
        return True

    def next_request(self) -> Request | None:
        """Give the next request, None where every host that has any is busy or left alone, or what came is still to be kept."""
        self._begin()
        while not self._run.batch.full and (host := self._choose()) is not None:
            waiting = self._hosts[host]
            if waiting.held:
                return heappop(waiting.held)[-1]
            waiting.leasing = True
            self._run.lease(host, HELD, partial(self._leased, waiting, waiting.behind))
        return None

    def _begin(self) -> None:
        """Take up what earlier runs left, once the archive is open."""
        frontier = self._run.frontier
        if self._number >= 0 or frontier is None:
            return
        self._number = frontier.last()
        self._run.batch.relieved = self._wake_engine
        self._seen.update(frontier.fingerprints())
        for host, behind in frontier.hosts(self._run.channels).items():
            self._hosts[host].behind = behind

    def _keep(self, request: Request, number: int | None, key: bytes | None) -> None:
        """Put a request into the archive, and hold it in memory too while there is room; one that cannot be kept is only held."""
        spider = self._crawler.spider
        frontier = self._run.frontier
        assert spider is not None
        row = None
        if frontier is not None:
            row = dump_request(request, self._number + 1 if number is None else number, spider, key)
        host = self._hosts[urlparse_cached(request).hostname or ""]
        at_once = row is None or self._goes_before(host, request.priority)
        if row is not None:
            self._number = max(self._number, row.number)
            request.meta[ROW] = row.number
            self._run.ask(row, leased=at_once, follows=row.role == "listing" and number is None)
        if at_once:
            self._hold(host, request, row.number if row else 0)
        else:
            host.behind += 1

    def _goes_before(self, host: _Host, priority: int) -> bool:
        """Say whether a request is to be held: there is room, and none that waits in the archive comes first."""
        if host.behind == 0 and len(host.held) < HELD:
            return True
        return priority > 0

    def _hold(self, host: _Host, request: Request, number: int) -> None:
        self._tie += 1
        heappush(host.held, (-request.priority, number, self._tie, request))

    def _choose(self) -> str | None:
        """Give the host whose next request comes first, of those that are free and not left alone."""
        free = (
            host
            for host, waiting in self._hosts.items()
            if (waiting.held or (waiting.behind and not waiting.leasing)) and self._has_room(host) and not self._left_alone(host)
        )
        return min(free, key=lambda host: self._hosts[host].head, default=None)

    def _has_room(self, host: str) -> bool:
        """Say whether the downloader has at most one request to a host in line: more would only keep the others from theirs."""
        engine = self._crawler.engine
        if engine is None:
            return True
        in_hand = sum(urlparse_cached(request).hostname == host for request in engine.downloader.active)
        return in_hand <= max(1, engine.downloader.domain_concurrency)

    def _left_alone(self, host: str) -> bool:
        return host in self._run.hosts.stopped

    def _leased(self, waiting: _Host, behind: int, rows: list[Waiting] | None) -> None:
        """Take the next requests of a host, which came out of the archive; so many were `behind` when they were asked for."""
        waiting.leasing = False
        waiting.behind -= min(len(rows), behind) if rows and len(rows) == HELD else behind  # what was put in since is still there
        for row in rows or ():
            self._load(row, waiting)
        self._wake_engine()

    def _wake_engine(self) -> None:
        """Have the engine ask for requests now; it asks of itself only every few seconds."""
        slot = getattr(self._crawler.engine, "_slot", None)  # Scrapy has no public way but to crawl one more
        if slot is not None:
            slot.nextcall.schedule()

    def _load(self, row: Waiting, waiting: _Host) -> None:
        assert self._crawler.spider is not None
        try:
            self._hold(waiting, load_request(row, self._crawler.spider), row.number)
        except (LookupError, ValueError, TypeError) as error:
            _log.warning("a request of an earlier run is dropped: %s", error)
            self._run.answered(row.number)
