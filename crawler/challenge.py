"""Tells content from what stands in its place: missing pages, soft 404s, firewall challenges, blocks. Pure.

The signatures are data (`challenge.toml`). A challenge is recorded and reported, its host is left alone for the rest of
the run, and nothing is ever done to pass it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from cleaners.decoding.decode import decode
from cleaners.records import Capture

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_STATUSES: Mapping[int, tuple[str, str]] = {
    304: ("unchanged", ""),
    404: ("missing", "HTTP 404"),
    410: ("gone", "HTTP 410"),
    **{status: ("blocked", f"HTTP {status}") for status in (401, 403, 405, 418, 429, 451, 503)},
}
_JUDGED_BYTES = 131072  # longer bodies are content: no challenge or not-found page is that long
_HIDDEN = re.compile(r"(?is)<(script|style|head|noscript)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>|&nbsp;|\s+")
_TITLE = re.compile(r"(?is)<title[^>]*>(.*?)</title")
_STUB_BYTES = 1200


@dataclass(frozen=True, slots=True)
class Signature:
    """What gives one kind of challenge or block away; every condition given must hold."""

    id: str
    outcome: str
    status: frozenset[int]
    header: re.Pattern[str] | None
    body: re.Pattern[str] | None
    max_bytes: int
    max_text: int

    def fits(self, capture: Capture, text: str, visible: str) -> bool:
        """Say whether a capture bears this signature; `text` is its body decoded, `visible` what of it is shown."""
        return (
            (not self.status or capture.status in self.status)
            and (not self.max_bytes or len(capture.body) <= self.max_bytes)
            and (not self.max_text or len(visible) <= self.max_text)
            and (self.header is None or any(self.header.search(f"{name.lower()}: {value}") for name, value in capture.headers))
            and (self.body is None or bool(self.body.search(text)))
        )


@dataclass(frozen=True, slots=True)
class SoftMissing:
    """What a page that says "not found" with status 200 looks like, or where a redirect that means it leads."""

    title: re.Pattern[str]
    body: re.Pattern[str]
    home: re.Pattern[str]
    error_page: re.Pattern[str]
    max_text: int
    max_titled: int


@cache
def signatures() -> tuple[tuple[Signature, ...], SoftMissing]:
    """Read `challenge.toml` once."""
    tables = tomllib.loads(files(__package__).joinpath("challenge.toml").read_text("utf-8"))
    return tuple(_signature(table) for table in tables["signatures"]), _soft_missing(tables["soft_404"])


def _signature(table: Mapping[str, Any]) -> Signature:
    header, body = (re.compile(table[key], re.IGNORECASE) if key in table else None for key in ("header", "body"))
    statuses = frozenset(table.get("status", ()))
    return Signature(table["id"], table["outcome"], statuses, header, body, table.get("max_bytes", 0), table.get("max_text", 0))


def _soft_missing(table: Mapping[str, Any]) -> SoftMissing:
    patterns = {key: re.compile(value, re.IGNORECASE) for key, value in table.items() if isinstance(value, str)}
    return SoftMissing(**patterns, max_text=table["max_text"], max_titled=table["max_titled"])


def classify(capture: Capture) -> Capture:
    """Give the capture back with its outcome and reason; a failure without a response or a damaged body stays as it is."""
    if capture.status is None or capture.outcome == "damaged":
        return capture
    outcome, reason = _verdict(capture, capture.status)
    return replace(capture, outcome=outcome, reason="; ".join(filter(None, (reason, capture.reason))))


def _verdict(capture: Capture, status: int) -> tuple[str, str]:
    text = _text(capture)
    visible = _HIDDEN.sub("", text)
    for signature in signatures()[0]:
        if signature.fits(capture, text, visible):
            return signature.outcome, f"{signature.id} (HTTP {status})"
    if status in REDIRECTS and capture.redirected_to:
        return _redirect(capture)
    if status in _STATUSES:
        return _STATUSES[status]
    if not 200 <= status < 300:
        return "failed", f"HTTP {status}"
    return _success(capture, text, visible)


_PAGES = frozenset({"notice", "part", "attachment"})


def _redirect(capture: Capture) -> tuple[str, str]:
    """Judge a redirect: a notice sent to the home page or to an error page is not there any more."""
    target, origin, soft = urlsplit(capture.redirected_to), urlsplit(capture.url), signatures()[1]
    if capture.role not in _PAGES or soft.home.match(origin.path):
        return "redirected", ""
    if soft.home.match(target.path) and not target.query:
        return "soft_404", f"redirected to the home page {capture.redirected_to}"
    if soft.error_page.search(target.path.lower()):
        return "soft_404", f"redirected to the error page {capture.redirected_to}"
    return "redirected", ""


def _success(capture: Capture, text: str, visible: str) -> tuple[str, str]:
    if capture.method == "HEAD" or capture.role == "robots":
        return "ok", ""
    if not capture.body.strip():
        return "failed", "empty body"
    if capture.role in _PAGES and _says_missing(text, visible):
        return "soft_404", "the page says it is not there"
    if text and _is_stub(capture, text, visible):
        return "challenge", f"js_stub (HTTP {capture.status})"
    return "ok", ""


def _says_missing(text: str, visible: str) -> bool:
    soft = signatures()[1]
    if not text:
        return False
    title = _TITLE.search(text)
    if title and soft.title.match(title.group(1)) and len(visible) <= soft.max_titled:
        return True
    return len(visible) <= soft.max_text and bool(soft.body.search(visible))


def _is_stub(capture: Capture, text: str, visible: str) -> bool:
    """Say whether a page is nothing but a script: no text to see, no link, and no more than about a kilobyte."""
    return len(capture.body) <= _STUB_BYTES and not visible and "<script" in text.lower() and "<a " not in text.lower()


def _text(capture: Capture) -> str:
    """Decode what could be a page; empty for files, and for bodies too long to be anything but content."""
    if not capture.body or len(capture.body) > _JUDGED_BYTES:
        return ""
    kind = next((value.lower() for name, value in capture.headers if name.lower() == "content-type"), "")
    if b"<" not in capture.body[:64] and not kind.startswith("text/"):
        return ""
    return decode(capture.body, capture.headers).text
