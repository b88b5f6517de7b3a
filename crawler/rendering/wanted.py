"""Which pages are rendered, and the captures of what comes of it. Pure.

Of a page that is rendered two captures are kept: the server's answer as it came, under role `other`, since nothing is read of it, and
the page as its scripts made it, under the role it was asked for, with the header `X-Dibao-Rendered`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from cleaners.records import Capture
from crawler.exchanges.challenge import classify
from spiders.site import Site

MARK = "X-Dibao-Rendered"
"""The header that says of a capture that it is no server's answer: the browser, and what the page's scripts asked for."""
_ROLES = frozenset({"listing", "notice"})
_SHELL = "script_shell"  # what crawler.exchanges.challenge calls an empty element that scripts are to fill; a challenge is none
_NOT_OF_THE_DOM = frozenset({
    "content-type", "content-length", "content-encoding", "transfer-encoding", "content-md5", "digest", "etag", "last-modified",
    MARK.lower(),
})  # fmt: skip
"""Headers that speak of the bytes the server sent. A validator of an empty shell says nothing of what its scripts fill in."""


def awaits_browser(site: Site | None, capture: Capture) -> bool:
    """Say whether an answer is to be rendered: list pages of a site with `javascript = true`, and its notices that are empty shells."""
    if not getattr(site, "javascript", False) or capture.method != "GET" or capture.status != 200 or capture.role not in _ROLES:
        return False
    if capture.role == "notice":
        return capture.outcome == "failed" and capture.reason.startswith(_SHELL)
    return capture.outcome == "ok" and _is_html(capture)


def _is_html(capture: Capture) -> bool:
    kind = next((value.lower() for name, value in capture.headers if name.lower() == "content-type"), "")
    start = capture.body[:1000].lstrip().lower()
    return start.startswith(b"<") and not start.startswith(b"<?xml") and (not kind or "html" in kind)


def as_answer(capture: Capture) -> Capture:
    """Give the capture of an answer that is rendered next: of the page asked for it is only the raw material."""
    return replace(capture, role="other", outcome="ok", reason="; ".join(filter(None, ("rendered next", capture.reason))))


def as_page(answer: Capture, role: str, html: str, mark: str, note: str = "") -> Capture:
    """Give the capture of a rendered page: its tree written as UTF-8 with a mark of it (U+FEFF), judged as any answer is."""
    headers = tuple((name, value) for name, value in answer.headers if name.lower() not in _NOT_OF_THE_DOM)
    page = replace(
        _of(answer, role),
        headers=(*headers, ("Content-Type", "text/html; charset=utf-8"), (MARK, mark)),
        body=html.encode("utf-8-sig", "replace"),
    )
    return classify(replace(page, outcome="ok", reason=note))


def as_failure(answer: Capture, role: str, reason: str) -> Capture:
    """Give the capture of a page that could not be rendered."""
    return replace(_of(answer, role), headers=(), body=b"", outcome="failed", phase="browser", reason=reason[:500])


def _of(answer: Capture, role: str) -> Capture:
    return replace(
        answer,
        role=role,
        record_id=None,
        captured_at=datetime.now(UTC),
        elapsed=None,
        content_encoding="",
        wire_length=None,
        wire_digest="",
        truncated="",
    )


def told(version: str, asked: int, refused: Mapping[str, int]) -> str:
    """Write the mark: the browser, how many requests of the page's scripts were sent, and how many were not and why."""
    held = "".join(f"; {why}={number}" for why, number in sorted(refused.items()))
    return f"chromium/{version}; requests={asked}{held}"
