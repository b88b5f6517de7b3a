"""What the scripts of a page ask for (`dibao probe --js`): often one address that gives the list itself, with no browser at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from cleaners.decoding.decode import decode
from cleaners.records import Capture
from crawler.probe.words import both, pair
from crawler.rendering.wanted import MARK
from spiders.listing import Listing, read_safely
from spiders.lists import json_lists
from spiders.paging import Next

LEAST = 3
"""Entries from which an answer may be a column's list; fewer are a teaser or a menu."""
_SHOWN = 3  # titles of an answer that are printed


@dataclass(frozen=True, slots=True)
class Answered:
    """A request of a page's scripts that brought no script: what came, and what the listing reader finds in it.

    `shown` counts the entries that stand on the rendered page too; `rows` those of the longest list in it whose entries have no address.
    """

    capture: Capture
    listing: Listing
    shown: int = 0
    rows: int = 0

    @property
    def is_column(self) -> bool:
        """Whether a channel's `url` can be this address, without a browser."""
        return self.capture.method == "GET" and len(self.listing.entries) >= LEAST


def answered(captures: Sequence[Capture], listing: Listing | None) -> tuple[Answered, ...]:
    """Give what the scripts of the first rendered page asked for, lists first; `listing` is what that page lists."""
    shown = {entry.url for entry in listing.entries} if listing is not None else set[str]()
    first = takewhile(lambda capture: not is_rendered(capture), captures)
    found = [_read(capture, shown) for capture in first if capture.role == "other" and not _is_script(capture)]
    return tuple(sorted(found, key=lambda one: (-one.shown, -len(one.listing.entries))))


def is_rendered(capture: Capture) -> bool:
    """Say whether a capture is a page as a browser had it, or failed to have it."""
    return capture.phase == "browser" or any(name == MARK for name, _ in capture.headers)


def _is_script(capture: Capture) -> bool:
    """Say whether an answer is a program; a call with JSON in it is none."""
    kind = next((value.lower() for name, value in capture.headers if name.lower() == "content-type"), "")
    return "javascript" in kind and json_lists.load(decode(capture.body).text) is None


def _read(capture: Capture, shown: set[str]) -> Answered:
    if capture.outcome != "ok":
        return Answered(capture, Listing())
    asked = Next(capture.url, capture.method, capture.request_body)
    listing = read_safely(capture.body, capture.url, None, asked)
    if listing.entries:
        return Answered(capture, listing, shown=sum(entry.url in shown for entry in listing.entries))
    return Answered(capture, listing, rows=_longest(json_lists.load(decode(capture.body).text)))


def _longest(value: Any, depth: int = json_lists.MAX_DEPTH) -> int:
    """Give the length of the longest list of tables in a JSON value."""
    if not depth or not isinstance(value, (dict, list)):
        return 0
    own = len(value) if isinstance(value, list) and value and all(isinstance(part, dict) for part in value) else 0
    return max([own, *(_longest(part, depth - 1) for part in (value.values() if isinstance(value, dict) else value[:200]))])


def lines(found: Iterable[Answered]) -> Iterator[tuple[str, str]]:
    """Tell each answer as labels and values."""
    for number, one in enumerate(found, 1):
        capture, listing = one.capture, one.listing
        yield f"{number}", f"{capture.method} {capture.url}"
        if capture.request_body:
            yield "", capture.request_body[:300].decode("utf-8", "replace")
        yield "", _told(one)
        for entry in listing.entries[:_SHOWN]:
            yield "", f"  {entry.issued or '-'!s:<10.10}  {entry.title}"
        if listing.next is not None:
            yield "", f"  {both('ui', 'next_page')}: {listing.next.method} {listing.next.url}"


def _told(one: Answered) -> str:
    if one.capture.outcome != "ok":
        return f"{both('kinds', one.capture.outcome)} {one.capture.reason}".strip()
    if one.listing.entries:
        return both("scripts", "entries", entries=len(one.listing.entries), shown=one.shown)
    return both("scripts", "rows", rows=one.rows) if one.rows else both("scripts", "nothing", size=len(one.capture.body))


def next_step(found: Sequence[Answered], url: str) -> tuple[str, str]:
    """Say in Chinese and in English what to do: add the address that gives the list, or have the column rendered."""
    best = next((one for one in found if one.is_column), None)
    return pair("scripts", "add", url=best.capture.url) if best is not None else pair("scripts", "render", url=url)


def rows(found: Iterable[Answered]) -> list[dict[str, Any]]:
    """Give the answers as plain values."""
    from crawler.probe.report import listing_row  # noqa: PLC0415 - it imports the terminal's words

    return [
        {
            "url": one.capture.url,
            "method": one.capture.method,
            "body": one.capture.request_body.decode("utf-8", "replace"),
            "outcome": one.capture.outcome,
            "reason": one.capture.reason,
            "listing": listing_row(one.listing) if one.listing.entries else None,
            "shown": one.shown,
            "rows": one.rows,
            "column": one.is_column,
        }
        for one in found
    ]
