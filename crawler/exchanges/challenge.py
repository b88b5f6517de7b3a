"""Tells content from what stands in its place: missing pages, soft 404s, firewall challenges, blocks, error pages, empty shells. Pure.

The signatures are data (`challenge.toml`). A challenge is recorded and reported, its host is left alone for the rest of
the run, and nothing is ever done to pass it. What is judged here was read by nobody before, on the event loop: every step takes
time in proportion to the body, and bodies longer than any such page are not looked into.
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
from crawler.exchanges.shown import Shown, read_shown

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_STATUSES: Mapping[int, tuple[str, str]] = {
    304: ("unchanged", ""),
    404: ("missing", "HTTP 404"),
    410: ("gone", "HTTP 410"),
    **{status: ("blocked", f"HTTP {status}") for status in (401, 403, 405, 418, 429, 451, 503)},
}
_JUDGED_BYTES = 131072  # longer bodies are content: no challenge or not-found page is that long
_STUB_BYTES = 4096
_SHELL_BYTES = 32768
_HEAD = 3000  # characters of shown text in which an error says what it is
_PAGES = frozenset({"notice", "part", "attachment"})


@dataclass(frozen=True, slots=True)
class Signature:
    """What gives one kind of challenge, block or error page away; every condition given must hold, `unless` must not."""

    id: str
    outcome: str
    status: frozenset[int] = frozenset()
    header: re.Pattern[str] | None = None
    title: re.Pattern[str] | None = None
    text: re.Pattern[str] | None = None
    body: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    max_bytes: int = 0
    max_text: int = 0

    def fits(self, capture: Capture, source: str, shown: Shown) -> bool:
        """Say whether a capture bears this signature; `source` is its body decoded, `shown` what of it is shown."""
        return (
            (not self.status or capture.status in self.status)
            and (not self.max_bytes or len(capture.body) <= self.max_bytes)
            and (not self.max_text or len(shown.text) <= self.max_text)
            and (self.header is None or any(self.header.search(f"{name.lower()}: {value}"[:2000]) for name, value in capture.headers))
            and (self.title is None or bool(self.title.search(shown.title)))
            and (self.text is None or bool(self.text.search(shown.text[:_HEAD].lower())))
            and (self.body is None or bool(self.body.search(source)))
            and not (self.unless is not None and self.unless.search(shown.text, 0, _HEAD))
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


@dataclass(frozen=True, slots=True)
class Shells:
    """What pages without content of their own look like: they set a cookie and come again, send on, or wait for a script."""

    cookie: re.Pattern[str]
    send_on: re.Pattern[str]
    refresh: re.Pattern[str]
    mount: re.Pattern[str]
    carried: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Signatures:
    """All of `challenge.toml`: `firewalls` judge every answer, `errors` only those that say they are good."""

    firewalls: tuple[Signature, ...]
    errors: tuple[Signature, ...]
    soft: SoftMissing
    shells: Shells


@cache
def signatures() -> Signatures:
    """Read `challenge.toml` once."""
    tables = tomllib.loads(files(__package__).joinpath("challenge.toml").read_text("utf-8"))
    firewalls, errors = (tuple(Signature(**_compiled(table)) for table in tables[key]) for key in ("signatures", "errors"))
    return Signatures(firewalls, errors, SoftMissing(**_compiled(tables["soft_404"])), Shells(**_compiled(tables["shells"])))


def _compiled(table: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in table.items() if key in {"id", "outcome"} or isinstance(value, int)}
    statuses = {"status": frozenset(table["status"])} if "status" in table else {}
    texts = {key: re.compile(value, 0 if key == "text" else re.IGNORECASE) for key, value in table.items() if isinstance(value, str)}
    return texts | statuses | plain


def classify(capture: Capture) -> Capture:
    """Give the capture back with its outcome and reason; a failure without a response or a damaged body stays as it is."""
    if capture.status is None or capture.outcome == "damaged":
        return capture
    outcome, reason = _verdict(capture, capture.status)
    return replace(capture, outcome=outcome, reason="; ".join(filter(None, (reason, capture.reason))))


def _verdict(capture: Capture, status: int) -> tuple[str, str]:
    source = _source(capture)
    shown = read_shown(source) if source else Shown()
    for signature in signatures().firewalls:
        if signature.fits(capture, source, shown):
            return signature.outcome, f"{signature.id} (HTTP {status})"
    if status in REDIRECTS and capture.redirected_to:
        return _redirect(capture)
    if status in _STATUSES:
        return _STATUSES[status]
    if not 200 <= status < 300:
        return "failed", f"HTTP {status}"
    return _success(capture, source, shown)


def _redirect(capture: Capture) -> tuple[str, str]:
    """Judge a redirect: a notice sent to the home page or to an error page is not there any more."""
    try:
        target, origin, soft = urlsplit(capture.redirected_to), urlsplit(capture.url), signatures().soft
    except ValueError:
        return "redirected", ""
    if capture.role not in _PAGES or soft.home.match(origin.path):
        return "redirected", ""
    if soft.home.match(target.path) and not target.query:
        return "soft_404", f"redirected to the home page {capture.redirected_to[:200]}"
    if soft.error_page.search(target.path[-200:].lower()):
        return "soft_404", f"redirected to the error page {capture.redirected_to[:200]}"
    return "redirected", ""


def _success(capture: Capture, source: str, shown: Shown) -> tuple[str, str]:
    if capture.method == "HEAD" or capture.role == "robots":
        return "ok", ""
    if not capture.body or capture.body.isspace():
        return "failed", "empty body"
    if not source:
        return "ok", ""
    if capture.role in _PAGES and _says_missing(shown, source):
        return "soft_404", "the page says it is not there"
    for signature in signatures().errors:
        if signature.fits(capture, source, shown):
            return signature.outcome, f"{signature.id} (HTTP {capture.status})"
    return _shell(capture, source, shown)


def _says_missing(shown: Shown, source: str) -> bool:
    """Say whether a page says that it is not there, in its title, in a sentence of a page with little else, or in a box that pops up."""
    soft, text = signatures().soft, shown.text
    if soft.title.match(shown.title) and len(text) <= soft.max_titled:
        return True
    if len(text) <= soft.max_text and soft.body.search(text):
        return True
    return not text and len(source) <= _STUB_BYTES and bool(soft.body.search(source))


def _shell(capture: Capture, source: str, shown: Shown) -> tuple[str, str]:
    """Judge a page that shows no text, no link and no picture; what a list page of the kind leads to, its reader sees."""
    shells, page = signatures().shells, capture.role in _PAGES
    shows = len(shown.text) > 20 or shown.links or shown.embeds or len(capture.body) > _SHELL_BYTES
    if shows or shells.carried.search(source):
        return "ok", ""
    if shells.mount.search(source):
        return ("failed", f"script_shell (HTTP {capture.status})") if page else ("ok", "")
    if shown.text or len(capture.body) > _STUB_BYTES:
        return "ok", ""
    return _stub(source, shown, page=page, status=f"(HTTP {capture.status})")


def _stub(source: str, shown: Shown, *, page: bool, status: str) -> tuple[str, str]:
    """Judge a short page that shows nothing: a script that sets a cookie and comes again, or one that sends on, or an empty one."""
    shells = signatures().shells
    sends_on = shells.send_on.search(source) and not shells.cookie.search(source)
    if shells.refresh.search(source) or sends_on:
        return ("failed", f"sends_on {status}") if page else ("ok", "")
    if shown.scripts:
        return "challenge", f"js_stub {status}"
    return ("failed", f"empty_page {status}") if page and re.search("<html|<body", source, re.IGNORECASE) else ("ok", "")


def _source(capture: Capture) -> str:
    """Decode what could be a page; empty for files, and for bodies too long to be anything but content."""
    if not capture.body or len(capture.body) > _JUDGED_BYTES:
        return ""
    kind = next((value.lower() for name, value in capture.headers if name.lower() == "content-type"), "")
    if b"<" not in capture.body[:64] and not kind.startswith("text/"):
        return ""
    return decode(capture.body, capture.headers).text
