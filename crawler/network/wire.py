"""HTTP/1.1 as Scrapy speaks it, held to limits: an answer's headers are bounded, and bytes after a body's declared end are noticed.

Twisted bounds one header line and no number of them, and drops what follows a body that was longer than its Content-Length said
(RFC 9112, section 6.3): the only trace a page leaves that was cut by a wrong length.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.web.client import URI

MOST_HEADER_BYTES = 65536
"""Bytes of all headers of one answer, of interim answers too; servers allow themselves 8 to 32 KiB."""
_BODILESS = frozenset({204, 304})


class HeadersTooLongError(Exception):
    """Says that an answer's headers grew over the limit; the connection is closed."""

    def __init__(self) -> None:
        super().__init__(f"headers larger than {MOST_HEADER_BYTES} bytes")


class _BoundedParser(_LenientHTTPClientParser):
    """Parses an answer whose headers are bounded; the count outlives interim answers (100 Continue), of which there may be many."""

    header_bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - the name is Twisted's
        """Take one header line."""
        self.header_bytes += len(line) + 1
        if self.header_bytes > MOST_HEADER_BYTES:
            raise HeadersTooLongError
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802
        """Refuse a line without end."""
        raise HeadersTooLongError


class _WatchedProtocol(_LenientHTTP11ClientProtocol):
    """Parses with `_BoundedParser`, and keeps in `surplus` how many bytes followed the body of which address."""

    surplus: dict[bytes, int]

    def request(self, request: Any) -> Any:
        """Send one request; the parser is made by Twisted, whose class is fixed there."""
        answered = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = _BoundedParser
        return answered

    def _finishResponse_WAITING(self, rest: bytes) -> None:  # noqa: N802
        asked = self._currentRequest
        if rest.strip(b"\r\n") and asked is not None:
            self.surplus[asked.absoluteURI] = len(rest)
            asked.persistent = False  # what follows is no answer to the next request
        super()._finishResponse_WAITING(rest)

    _finishResponse_TRANSMITTING = _finishResponse_WAITING  # noqa: N815


class _WatchedFactory(_LenientHTTP11ClientFactory):
    """Builds protocols that share one `surplus`."""

    def __init__(self, surplus: dict[bytes, int], *args: Any) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]
        self._surplus = surplus

    def buildProtocol(self, _address: Any) -> _WatchedProtocol:  # noqa: N802
        protocol = _WatchedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
        protocol.surplus = self._surplus
        return protocol


class BoundedHandler(HTTP11DownloadHandler):
    """Is Scrapy's handler with these limits; `meta["surplus"]` says how many bytes followed a body after its declared end."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._surplus: dict[bytes, int] = {}
        self._pool._factory = partial(_WatchedFactory, self._surplus)  # type: ignore[assignment]  # noqa: SLF001 - as Scrapy's own does

    async def download_request(self, request: Request) -> Response:
        """Send one request."""
        key = bytes(URI.fromBytes(request.url.partition("#")[0].encode("ascii")).toBytes())  # type: ignore[no-untyped-call]
        self._surplus.pop(key, None)
        request.meta.pop("surplus", None)
        response = await super().download_request(request)
        surplus = self._surplus.pop(key, 0)
        if surplus and "Content-Length" in response.headers and response.status not in _BODILESS and request.method != "HEAD":
            request.meta["surplus"] = surplus
        return response
