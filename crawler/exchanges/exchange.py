"""One exchange as a Capture: what Scrapy's request, response or exception says, in the archive's words. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urldefrag, urljoin, urlsplit

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
from w3lib.url import safe_url_string

from cleaners.records import Capture
from crawler.exchanges.challenge import REDIRECTS, classify
from crawler.exchanges.damage import broken_off, cut_short, lacks_end, left_over
from crawler.exchanges.transfer import decode_transfer
from crawler.network.guard import RefusedRequest, refused_hosts
from crawler.network.tls import explain

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

MOST_REDIRECTS = 10
"""Hops from the address asked for; no honest chain is longer."""
LastGood = Callable[[str], Capture | None]


def _never(_url: str) -> Capture | None:
    """Know of no earlier capture."""
    return None


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


def from_response(
    request: Request, response: Response, site: str, limit: int, *, last_good: LastGood = _never, cookies: bool = False
) -> Capture:
    """Make the capture of an answered request: strictly decoded, classified; `limit` bounds the decoded body in bytes.

    `last_good` gives the last good capture of an address, and is asked only where a page ends without its end; `cookies` says
    whether the site's cookies are kept, so that a redirect which only sets one makes sense.
    """
    headers = pairs(response.headers)
    values = {name.lower(): value for name, value in reversed(headers)}
    coding = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
    transfer = decode_transfer(response.body, coding, limit, textual=_is_text(values.get("content-type", "")))
    cut = "" if transfer.damaged else _cut(request, response, transfer.body)
    location, misled = _location(request, response)
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
        redirected_to=location,
    )
    if misled:
        return replace(capture, outcome="refused", phase="guard", reason=misled)
    return _without_end(request, _looping(request, classify(capture), cookies=cookies), last_good)


def _is_text(media_type: str) -> bool:
    return any(word in media_type.lower() for word in ("html", "text/", "xml", "json", "javascript"))


def _cut(request: Request, response: Response, body: bytes) -> str:
    """Say whether the body is not all there was: by its declared length or chunks, or by the end its kind of file has."""
    if "dataloss" in response.flags:
        return "the connection ended before the body did"
    if surplus := left_over(int(request.meta.get("surplus", 0))):
        return surplus
    return broken_off(body) if "partial" in response.flags and response.status == 200 else ""


def _location(request: Request, response: Response) -> tuple[str, str]:
    """Give where a redirect leads, as Scrapy would follow it, and why it is not followed: no URL, or none of the web."""
    given = response.headers.get("Location") if response.status in REDIRECTS else None
    if not given:
        return "", ""
    try:
        target = urljoin(request.url, safe_url_string(given.decode("latin-1") if given.isascii() else given))
        scheme = urlsplit(target).scheme
    except ValueError as error:
        return "", f"not a URL: {error}"
    return target, "" if scheme in {"http", "https"} else f"scheme {scheme[:40]!r} is not http or https"


def _looping(request: Request, capture: Capture, *, cookies: bool) -> Capture:
    """Judge a redirect by those before it: one that leads back is followed only to bring a cookie, once."""
    if capture.outcome != "redirected":
        return capture
    came = [*request.meta.get("redirect_urls", ()), request.url]
    target = urldefrag(capture.redirected_to)[0]
    if target not in came:
        most = f"redirect loop: more than {MOST_REDIRECTS} redirects"
        return capture if len(came) <= MOST_REDIRECTS else replace(capture, outcome="failed", phase="redirect", reason=most)
    sets = any(name.lower() == "set-cookie" for name, _ in capture.headers)
    if sets and cookies and came.count(target) == 1:
        return capture
    reason = f"redirect loop: {target} leads back to itself"
    if sets and not cookies:
        reason = "redirect loop: it sets a cookie and comes again (cookies = true in the site file allows it)"
    return replace(capture, outcome="failed", phase="redirect", reason=reason)


def _without_end(request: Request, capture: Capture, last_good: LastGood) -> Capture:
    """Judge a page that came as a whole and ends without `</html>`: the server may have declared too short a length."""
    if capture.outcome != "ok" or capture.status != 200 or not lacks_end(capture.body):
        return capture
    reason = cut_short(capture, last_good(capture.url), str(request.meta.get("damaged", "")))
    return replace(capture, outcome="damaged", phase="transfer", reason=reason, truncated="disconnect") if reason else capture


def from_failure(request: Request, error: BaseException, site: str) -> Capture:
    """Make the capture of a request that got no response: `outcome`, `phase` and `reason` say what became of it."""
    outcome, phase = next(_phases(error), ("failed", "unknown"))
    reason = str(error) or type(error).__name__
    if isinstance(error, DownloadCancelledError) and not str(error):
        reason = "the body is larger than may be downloaded"
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
