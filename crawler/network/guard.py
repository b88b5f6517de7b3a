"""Keeps the crawler on the public web: a resolver that hands out public addresses only, and a check of every request.

The resolver's answer is the address connected to, so nothing lies between check and use. In demo mode (`DIBAO_MODEL_WEB`)
names under `.example` are answered with the model web's loopback address and port; nothing else is loosened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer, provider

from cleaners.errors import NoticeError
from crawler.network.addresses import model_hosts, refuse_address, refuse_url

NO_CONTACT = (
    "No contact is set, and dibao does not crawl anonymously. "
    "Give an address the operators of a site can write to: --contact you@example.org, or DIBAO_CONTACT."
)
refused_hosts: dict[str, str] = {}  # host -> why its addresses were refused: what the capture of the failure says


class RefusedRequest(IgnoreRequest):
    """Says that a request was not sent because its address may not be reached."""


class Guard:
    """Refuses, as a downloader middleware, every request whose URL may not be reached; each redirect hop passes here too."""

    def __init__(self, contact: str) -> None:
        if not contact:
            raise NoticeError(NO_CONTACT)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Guard:
        """Build from settings; raises NoticeError where no contact is set, which keeps the engine from starting."""
        return cls(str(crawler.settings.get("DIBAO_CONTACT") or ""))

    def process_request(self, request: Request) -> None:
        """Let the request pass or raise RefusedRequest."""
        reason = refuse_url(request.url)
        if reason:
            raise RefusedRequest(reason)


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves host names (Scrapy's TWISTED_DNS_RESOLVER) and passes on public addresses only."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._system = reactor.nameResolver
        self._model = model_hosts()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:  # noqa: ARG003 - the signature is Scrapy's
        """Build for a reactor."""
        return cls(reactor)

    def install_on_reactor(self) -> None:
        """Take the place of the reactor's own resolver."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - the name is Twisted's
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Resolve one name; a model's name never reaches the system resolver."""
        place = self._model.get(hostName.lower().rstrip("."))
        if place is None:
            filtered = _PublicOnly(resolutionReceiver, hostName)
            return self._system.resolveHostName(filtered, hostName, portNumber, addressTypes, transportSemantics)
        answer = _Answer(hostName)
        resolutionReceiver.resolutionBegan(answer)
        resolutionReceiver.addressResolved(IPv4Address("TCP", *place))
        resolutionReceiver.resolutionComplete()
        return answer


@provider(IResolutionReceiver)
class _PublicOnly:
    """Passes on the addresses that may be reached; remembers why one was not."""

    def __init__(self, receiver: Any, host: str) -> None:
        self._receiver, self._host = receiver, host
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:  # noqa: N802 - the name is Twisted's
        reason = refuse_address(address.host)
        if reason:
            refused_hosts[self._host] = reason
        else:
            refused_hosts.pop(self._host, None)
            self._receiver.addressResolved(address)


@implementer(IHostResolution)
class _Answer:
    """Is an answer given at once: there is nothing left to cancel."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: the answer is already there."""
