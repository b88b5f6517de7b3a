"""One exchange as a Capture: what Scrapy's request, response or exception says, in the archive's words. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urljoin, urlsplit

from OpenSSL.SSL import Error as TlsError
from scrapy import Request
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
from scrapy.http.headers import Headers
from twisted.internet.error import ConnectError, ConnectionClosed

from cleaners.records import Capture
from crawler.challenge import REDIRECTS, classify
from crawler.guard import RefusedRequest, refused_hosts
from crawler.tls import explain
from crawler.transfer import decode_transfer

_PHASES: tuple[tuple[type[BaseException], str, str], ...] = (
    (RefusedRequest, "refused", "guard"),
    (UnsupportedURLSchemeError, "refused", "guard"),
    (CannotResolveHostError, "failed", "dns"),
    (DownloadConnectionRefusedError, "failed", "connect"),
    (ConnectError, "failed", "connect"),
    (DownloadTimeoutError, "failed", "timeout"),
    (ResponseDataLossError, "damaged", "transfer"),
    (DownloadCancelledError, "failed", "transfer"),
    (TlsError, "failed", "tls"),
    (ConnectionClosed, "failed", "transfer"),
    (DownloadFailedError, "failed", "transfer"),
)


def pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Give headers as (name, value) pairs; bytes beyond ASCII are read as Latin-1, which loses none."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values)


def _base(request: Request, site: str) -> Capture:
    """Begin a capture with what is known of the request."""
    sent, ticks = request.meta.get("sent", (datetime.now(UTC), monotonic()))
    return Capture(
        site=site,
        url=request.url,
        captured_at=sent,
        status=None,
        headers=(),
        body=b"",
        entry=request.meta.get("entry"),
        role=_role(request),
        elapsed=round(monotonic() - ticks, 6),
        method=request.method,
        request_headers=pairs(request.headers),
        request_body=request.body,
    )


def _role(request: Request) -> str:
    if request.meta.get("dont_obey_robotstxt") and urlsplit(request.url).path == "/robots.txt":
        return "robots"
    return str(request.meta.get("role", "other"))


def from_response(request: Request, response: Response, site: str, limit: int) -> Capture:
    """Make the capture of an answered request: strictly decoded, classified; `limit` bounds the decoded body in bytes."""
    headers = pairs(response.headers)
    values = {name.lower(): value for name, value in reversed(headers)}
    coding = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
    transfer = decode_transfer(response.body, coding, limit, textual="html" in values.get("content-type", ""))
    cut = _cut(response, transfer.body)
    location = values.get("location", "")
    capture = replace(
        _base(request, site),
        status=response.status,
        headers=headers,
        body=transfer.body,
        outcome="damaged" if transfer.damaged or cut else "ok",
        reason=transfer.damaged or cut or transfer.note,
        phase="decode" if transfer.damaged else "transfer" if cut else "",
        content_encoding=coding,
        wire_length=len(response.body),
        wire_digest="sha256:" + hashlib.sha256(response.body).hexdigest(),
        protocol=str(response.protocol or ""),
        ip=str(response.ip_address or ""),
        tls=request.meta.get("tls", {}),
        truncated="length" if transfer.too_long else "disconnect" if cut else "",
        redirected_to=urljoin(request.url, location) if response.status in REDIRECTS and location else "",
    )
    return classify(capture)


def _cut(response: Response, body: bytes) -> str:
    """Say whether the connection ended before the body did: by its declared length or chunks, or by an HTML page without its end."""
    if "dataloss" in response.flags:
        return "the connection ended before the body did"
    if "partial" in response.flags and b"<html" in body[:4096].lower() and b"</html" not in body[-4096:].lower():
        return "the connection was closed before </html>"
    return ""


def from_failure(request: Request, error: BaseException, site: str) -> Capture:
    """Make the capture of a request that got no response: `outcome`, `phase` and `reason` say what became of it."""
    outcome, phase = next(_phases(error), ("failed", "unknown"))
    reason = str(error) or type(error).__name__
    guarded = refused_hosts.get(urlsplit(request.url).hostname or "") if phase == "dns" else None
    if guarded:
        outcome, phase, reason = "refused", "guard", guarded
    if isinstance(error, IgnoreRequest) and phase == "unknown":
        outcome, phase = "refused", "robots" if "robots.txt" in reason else "offsite" if "ffsite" in reason else "policy"
    tls = request.meta.get("tls", {}) if phase == "tls" else {}
    if phase == "tls":
        reason = explain(urlsplit(request.url).hostname or "", tls, reason)
    truncated = {"timeout": "time", "transfer": "length" if "larger than" in reason else "disconnect"}.get(phase, "")
    return replace(_base(request, site), outcome=outcome, phase=phase, reason=reason[:500], truncated=truncated, tls=tls)


def _phases(error: BaseException) -> Iterator[tuple[str, str]]:
    """List (outcome, phase) from the innermost cause outwards: a TLS failure arrives wrapped."""
    for cause in reversed(list(_causes(error))):
        yield from ((outcome, phase) for kind, outcome, phase in _PHASES if isinstance(cause, kind))


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    for failure in getattr(error, "reasons", None) or ():
        yield from _causes(failure.value)
    if error.__cause__ is not None:
        yield from _causes(error.__cause__)
