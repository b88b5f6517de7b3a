"""One spider for all sites: it walks the lists, asks for notices, and hands on what came. It never cleans and never stores."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.url import safe_url_string

from cleaners.records import Capture, Entry
from cleaners.urls import join
from spiders.history import History, MemoryHistory
from spiders.listing import Listing, read_safely
from spiders.paging import Next
from spiders.site import Channel, Paging, Site
from spiders.walk import Phase, Seen, Walk, begin, fresh, step

MISSING = frozenset({404, 410})
PLACE = "900000001"  # stands for the page number in a template while it is resolved
NOTHING = ("暂无".encode(), "暂无".encode("gbk"))
AGAIN = -1
"""The priority of re-checks: after what is new, so that a host which then refuses has given that."""
NOT_CONTENT = frozenset({"challenge", "soft_404", "blocked", "damaged", "refused", "failed"})


@dataclass(frozen=True, slots=True)
class Listed:
    """A list page was read: its channel, its address and what it lists, in order; `first` says whether its list begins there."""

    channel: str
    url: str
    entries: tuple[Entry, ...]
    first: bool = True


@dataclass(frozen=True, slots=True)
class Fetched:
    """A notice or an attachment came."""

    capture: Capture


@dataclass(frozen=True, slots=True)
class FurtherPart:
    """A further part of a split notice came; `capture` is None where it did not. `notice` is the record id of the first part's capture."""

    notice: str
    url: str
    capture: Capture | None


@dataclass(frozen=True, slots=True)
class ChannelEnd:
    """A channel's chain ended: `complete` when its list was read to its end, else `resume` says where to go on in the next run.

    `full` says whether the walk was of the whole list, and not only of what is new; `empty` whether it found no entry at all; `begun` is
    when the walk began, in an earlier run it may be.
    """

    channel: str
    complete: bool
    reason: str
    resume: Next | None = None
    full: bool = False
    empty: bool = False
    begun: datetime | None = field(default=None, compare=False)


Record = Request | Listed | Fetched | FurtherPart | ChannelEnd


class SiteSpider(Spider):
    """Crawls one site; `spiders.loader` makes a subclass for every site file.

    Arguments: `history` (what earlier runs left; an empty one by default), `channels` (names, comma-separated or as a list;
    all by default) and `full` (read whole lists, whenever they were last read so).
    """

    site: Site

    def __init__(
        self, *args: Any, history: History | None = None, channels: str | Iterable[str] = (), full: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.history: History = history or MemoryHistory()
        self.room: Callable[[], Awaitable[None]] = _at_once  # waits until more requests can be kept; a list may be of any length
        self.full = full
        chosen = frozenset(channels.split(",") if isinstance(channels, str) else channels) - {""}
        unknown = chosen - {channel.name for channel in self.site.channels}
        if unknown:
            raise ValueError(f"{self.site.name} has no channel {', '.join(sorted(unknown))}")
        self.channels = {channel.name: channel for channel in self.site.channels if not chosen or channel.name in chosen}

    async def start(self) -> AsyncIterator[Any]:
        """Yield the first list page of each channel, then what was listed and never captured, then what is due for a re-check.

        Files are looked at again beside their notices: a notice whose server says "unchanged" may link to another file than before.
        """
        now = datetime.now(UTC)
        for channel in self.channels.values():
            if not self.history.waiting(channel.name):
                resume, since = self.history.resume_point(channel.name), self._since(channel, now)
                yield self.listing_request(begin(channel.name, channel.url, now, resume=resume, since=since))
        for entry in await asyncio.to_thread(self.history.pending):
            if self.follows(entry.url):
                await self.room()
                yield self.notice_request(entry.url, entry=entry)
        for url in await asyncio.to_thread(self.history.due, now):
            if self.follows(url):
                await self.room()
                yield self.notice_request(url, priority=AGAIN)
        for url, page in await asyncio.to_thread(self.history.due_files, now):
            request = self.attachment_request(url, Capture(self.site.name, page, now, None, (), b""), priority=AGAIN)
            if request is not None:
                await self.room()
                yield request

    def _since(self, channel: Channel, now: datetime) -> datetime | None:
        """Give from when on a channel's entries are new; None where its whole list is to be read."""
        last = self.history.last_full_walk(channel.name)
        due = self.full or last is None or now - last >= timedelta(days=self.site.full_every)
        return None if due else self.history.last_complete_run()

    def follows(self, url: str) -> bool:
        """Say whether the address is on a host of this site; others are kept as entries and never asked for."""
        try:
            split = urlsplit(safe_url_string(url))  # as it would be asked for
        except ValueError:
            return False
        return split.scheme in {"http", "https"} and split.hostname in self.site.hosts

    def listing_request(self, walk: Walk) -> Request:
        """Make the request for the list page at which a walk stands.

        It passes the duplicate filter, since a resumed channel reads some pages twice in one run.
        """
        return Request(
            walk.at.url,
            method=walk.at.method,
            body=walk.at.body,
            headers=list(walk.at.headers),
            callback=self.parse_listing,
            errback=self.listing_failed,
            meta={"role": "listing", "channel": walk.channel, "walk": walk},
            priority=1,
            dont_filter=True,
        )

    def notice_request(self, url: str, *, entry: Entry | None = None, priority: int = 0) -> Request:
        """Make the request for a notice, found in a list or due for a re-check."""
        known = entry or Entry(url)
        meta = {"role": "notice", "entry": known, "channel": known.channel}
        return Request(url, callback=self.parse_notice, errback=self.page_failed, meta=meta, priority=priority)

    def attachment_request(self, url: str, notice: Capture, *, priority: int = 0) -> Request | None:
        """Make the request for a file a notice links to, new or due for a re-check.

        None where the site file says not to fetch, or the host is not the site's.
        """
        if self.site.attachments != "fetch" or not self.follows(url):
            return None
        entry = Entry(url, channel=notice.entry.channel if notice.entry else "")
        meta = {"role": "attachment", "entry": entry, "channel": entry.channel, "notice": notice.url}
        headers = {"Referer": notice.url}
        return Request(url, callback=self.parse_attachment, errback=self.page_failed, meta=meta, headers=headers, priority=priority)

    def part_request(self, url: str, notice: Capture) -> Request | None:
        """Make the request for a further part of a split notice; None where its host is not the site's.

        It passes the duplicate filter: a part is read with its notice, whatever else the address was asked for as.
        """
        if not self.follows(url):
            return None
        entry = Entry(url, channel=notice.entry.channel if notice.entry else "")
        return Request(
            url,
            callback=self.parse_part,
            errback=self.part_failed,
            cb_kwargs={"url": url, "notice": notice.record_id or ""},
            meta={"role": "part", "entry": entry, "channel": entry.channel, "notice": notice.url},
            headers={"Referer": notice.url},
            priority=1,
            dont_filter=True,
        )

    async def parse_listing(self, response: Response) -> AsyncIterator[Record]:
        """Yield what the page lists, requests for what is new, and the next page or the channel's end."""
        walk: Walk = response.meta["walk"]
        seen = await self._seen(response, walk)
        if seen.entries:
            yield Listed(walk.channel, response.url, seen.entries, first=walk.phase is Phase.TOP and (walk.page == 1 or walk.rows == 0))
        for entry in fresh(seen.entries, seen.known | seen.again):
            if self.follows(entry.url):
                await self.room()
                yield self.notice_request(entry.url, entry=entry)
        yield self._go_on(walk, seen)

    def listing_failed(self, failure: Failure) -> Iterator[Record]:
        """Yield the channel's end where a list page did not come: missing pages end a list, failures break the chain."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        response = getattr(failure.value, "response", None)
        missing = response is not None and response.status in MISSING
        yield self._go_on(request.meta["walk"], Seen(missing=missing, failed=not missing))

    def parse_notice(self, response: Response) -> Iterator[Record]:
        """Yield the notice as it came."""
        yield Fetched(self._capture(response))

    def parse_attachment(self, response: Response) -> Iterator[Record]:
        """Yield the attachment as it came."""
        yield Fetched(self._capture(response))

    def parse_part(self, response: Response, url: str, notice: str) -> Iterator[Record]:
        """Yield a further part as it came."""
        yield FurtherPart(notice, url, self._capture(response))

    def part_failed(self, failure: Failure) -> Iterator[Record]:
        """Yield that a further part did not come."""
        self.page_failed(failure)
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        yield FurtherPart(request.cb_kwargs["notice"], request.cb_kwargs["url"], None)

    def page_failed(self, failure: Failure) -> None:
        """Log that a notice or attachment did not come; the exchange itself is recorded where it happened."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        self.logger.info("%s: %s", request.url, failure.getErrorMessage())

    def _go_on(self, walk: Walk, seen: Seen) -> Request | ChannelEnd:
        done = step(walk, seen)
        if done.walk is not None:
            return self.listing_request(done.walk)
        empty = not (walk.rows or seen.entries)
        return ChannelEnd(walk.channel, done.complete, str(done.end), done.resume, full=walk.full, empty=empty, begun=walk.begun)

    async def _seen(self, response: Response, walk: Walk) -> Seen:
        capture = response.meta.get("capture")
        if response.status in MISSING or self._sent_home(response, walk):
            return Seen(missing=True)
        if response.status != 200 or (capture is not None and capture.outcome in NOT_CONTENT) or not self.follows(response.url):
            return Seen(content=False)
        return await asyncio.to_thread(self._read, response, walk)

    def _listing(self, response: Response, walk: Walk) -> Listing:
        fragment = urlsplit(walk.at.url).fragment  # a gkmlpt channel's category stands there; Scrapy's responses have lost it
        url = f"{response.url}#{fragment}" if fragment else response.url
        return read_safely(response.body, url, self.site.family, walk.at)

    def _read(self, response: Response, walk: Walk) -> Seen:
        """Read a list page and ask what of it is known: in a thread, so that the network waits for no list, however long."""
        listing = self._listing(response, walk)
        entries = tuple(replace(entry, channel=walk.channel) for entry in listing.entries)
        urls = [entry.url for entry in entries]
        following, promised = self._following(self.channels[walk.channel], walk, listing)
        return Seen(
            entries=entries,
            known=self.history.known(urls),
            again=self.history.listed_since(walk.channel, urls, walk.begun),
            next=following,
            promised=promised,
            content=not listing.trouble,
            shell=listing.kind == "needs_js",
            size=len(response.body),
            structured=_answers(response.body),
            total=listing.total,
            oldest=listing.oldest,
            newer=listing.newer,
        )

    def _sent_home(self, response: Response, walk: Walk) -> bool:
        """Say whether a page beyond the first was answered by a redirect to the home page."""
        redirected = response.url != walk.at.url and walk.page > 1
        return redirected and urlsplit(response.url).path in {"", "/", urlsplit(self.site.homepage).path}

    def _following(self, channel: Channel, walk: Walk, listing: Listing) -> tuple[Next | None, bool]:
        """Give the next page as the site file says, else as the page says; one on a strange host is none."""
        if channel.paging is not None:
            return _by_hand(channel, channel.paging, walk), False
        if listing.next == walk.at:
            return None, False
        if listing.next is not None and not self.follows(listing.next.url):
            return None, listing.promised
        return listing.next, listing.promised

    def _capture(self, response: Response) -> Capture:
        """Give the capture made nearest the network, or one made of the response where there is none (`scrapy shell`)."""
        capture = response.meta.get("capture")
        if isinstance(capture, Capture):
            return capture
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, values in response.headers.items() for value in values)
        return Capture(
            site=self.site.name,
            url=response.url,
            captured_at=datetime.now(UTC),
            status=response.status,
            headers=headers,
            body=response.body,
            entry=response.meta.get("entry"),
            role=response.meta.get("role", "notice"),
        )


async def _at_once() -> None:
    """Wait for nothing: where nothing is kept."""


def _answers(body: bytes) -> bool:
    """Say whether a short page is an answer and no stub: JSON, XML, or a fragment that says in words that there is nothing (暂无)."""
    return body.lstrip()[:1] in {b"{", b"["} or b"<recordset" in body or any(word in body for word in NOTHING)


def _by_hand(channel: Channel, paging: Paging, walk: Walk) -> Next | None:
    """Give the page after the one the walk stands at: its number is in its address, since a resumed walk begins anywhere."""
    pattern = join(channel.url, paging.template.replace("{page}", PLACE))
    if not paging.template or pattern is None:
        return None
    before, _, after = pattern.partition(PLACE)
    number = walk.at.url.removeprefix(before).removesuffix(after)
    inside = walk.at != walk.top and walk.at.url == f"{before}{number}{after}" and re.fullmatch("[0-9]{1,9}", number)
    following = int(number) + paging.step if inside else paging.second
    return Next(f"{before}{following}{after}") if following >= 0 else None
