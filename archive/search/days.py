"""Days and ranges of days as they are typed into a query: 2024, 2024-05, 2024年5月7日, 20240507, 2024-01..2024-06."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date

FIRST, LAST = "00000101", "99991231"

_RANGE = re.compile(r"\s*(?:\.\.+|…+|~|至|到|—+|--+)\s*")
_PARTED = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)")
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})?")

Days = tuple[str, str]
"""The first and the last day, as YYYYMMDD."""


def read_days(text: str, meant: str = "day") -> Days | None:
    """Read a day, month or year (`since` it, `until` it), or a range with two dots; None where it is none of these.

    A range may be open at either end; its ends given the wrong way round are turned.
    """
    ends = [_span(end) if end else None for end in _RANGE.split(text.strip(), maxsplit=1)]
    given = _RANGE.split(text.strip(), maxsplit=1)
    if not any(given) or any(end is None and typed for end, typed in zip(ends, given, strict=True)):
        return None
    spans = [end for end in ends if end]
    return _BOUNDS[meant](spans, given) if len(given) == 1 else _between(ends)


def _between(ends: list[Days | None]) -> Days:
    first, last = ends
    if first and last and first > last:
        first, last = last, first
    return first[0] if first else FIRST, last[1] if last else LAST


_BOUNDS: dict[str, Callable[[list[Days], list[str]], Days]] = {
    "since": lambda spans, _: (spans[0][0], LAST),
    "until": lambda spans, _: (FIRST, spans[0][1]),
    "day": lambda spans, _: spans[0],
}


def _span(text: str) -> Days | None:
    """Give the days a day, month or year holds."""
    found = _RUN.fullmatch(text) or _PARTED.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if not year or (month is not None and not 1 <= month <= 12):
        return None
    first, last = month or 1, month or 12
    longest = monthrange(year, last)[1]
    if day is not None and not 1 <= day <= longest:
        return None
    # a whole month ends with day 31, whichever it has: no day stands between them
    return f"{year:04}{first:02}{day or 1:02}", f"{year:04}{last:02}{day or 31:02}"


def day_bounds(since: date | str | None, until: date | str | None) -> Days | None:
    """Give the days between two, either open; text is read as in a query. None where both are open; ValueError where one cannot be read."""
    if since is None and until is None:
        return None
    return _bound(since, "since")[0], _bound(until, "until")[1]


def _bound(given: date | str | None, meant: str) -> Days:
    if given is None:
        return FIRST, LAST
    days = read_days(f"{given:%Y}{given:%m}{given:%d}".rjust(8, "0") if isinstance(given, date) else given, meant)
    if days is None:
        raise ValueError(f"{given}: is no day, month or year, such as 2024-05-07, 2024-05 or 2024")
    return days
