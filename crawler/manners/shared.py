"""The downloader middleware that gives each request the slot of its domain and of its IP address (`crawler.manners.domains`).

Scrapy's own slots are one a host name; `meta["download_slot"]` is its way to say otherwise.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer

from crawler.manners.pace import Pace
from crawler.network.addresses import is_model_host, read_literal


@implementer(IResolutionReceiver)
class Addresses:
    """Gathers the addresses a resolver finds for one name; `found` is done when there are no more."""

    def __init__(self) -> None:
        self.found: asyncio.Future[tuple[str, ...]] = asyncio.get_running_loop().create_future()
        self._hosts: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - the names are Twisted's
        """Begin."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        """Take one address."""
        self._hosts.append(str(address.host))

    def resolutionComplete(self) -> None:  # noqa: N802
        """End."""
        if not self.found.done():
            self.found.set_result(tuple(sorted(set(self._hosts))))


class SharedSlots:
    """Resolves each host once a run, before its first request, through the guarded resolver."""

    def __init__(self, crawler: Crawler) -> None:
        self._pace = Pace.of(crawler)
        self._asked: dict[str, asyncio.Future[tuple[str, ...]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SharedSlots:
        """Build for a crawler."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Set the request's slot, and the address whose turn it has to wait for (`crawler.manners.turns`)."""
        host = urlsplit(request.url).hostname or ""
        addresses = await self._addresses(host)
        request.meta["download_slot"] = self._pace.slot(host, addresses)
        request.meta["address"] = min(addresses, key=_ipv4_first, default="")

    async def _addresses(self, host: str) -> tuple[str, ...]:
        """Give the addresses of a host; none where it has none (the request will say why), and for a model's."""
        if is_model_host(host):
            return ()
        if literal := read_literal(host):
            return (literal,)
        if host not in self._asked:
            self._asked[host] = self._resolve(host)
        return await asyncio.shield(self._asked[host])

    def _resolve(self, host: str) -> asyncio.Future[tuple[str, ...]]:
        receiver = Addresses()
        name_resolver().resolveHostName(receiver, host)
        return receiver.found


def _ipv4_first(address: str) -> tuple[bool, str]:
    return ":" in address, address


def name_resolver() -> Any:
    """Give the reactor's resolver: the guarded one in a crawl."""
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

    return reactor.nameResolver
