"""Readings of one field from several places -> the value to believe, with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cleaners.document.dates import find_dates, url_date
from cleaners.document.moments import FIRST, day_of
from cleaners.records import Capture, Evidence, Moment

CONFLICT = timedelta(days=3)
AHEAD = timedelta(days=3)
_AROUND = "[]()（）【】 　"
_SHORT_YEAR = re.compile(r"[\[(（【\s]{0,3}\d{2,3}(?P<sep>[-/.])\d{1,2}(?P=sep)\d{1,2}(?!\d|[-/.]\d)")


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a field: the value as the page writes it, where it stood and the words around it."""

    value: str
    place: str
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """One reading of a date."""

    value: Moment
    precision: str
    place: str
    snippet: str


def choose_text(readings: Sequence[Reading]) -> tuple[str | None, Evidence | None]:
    """Give the first reading that says something, the others as candidates; blanks set into a name make no other value of it."""
    said = [reading for reading in readings if reading.value.strip()]
    if not said:
        return None, None
    first, *others = said
    candidates = tuple(dict.fromkeys((other.value, other.place) for other in others if _plain(other.value) != _plain(first.value)))
    return first.value, Evidence(first.value, "", first.snippet or first.value, first.place, candidates)


def _plain(value: str) -> str:
    return "".join(value.split())


def read_dates(readings: Iterable[Reading], capture: Capture) -> list[Dated]:
    """Read the dates of several places, leaving out those coarser than a day and those no page can have been issued on.

    A month and day alone take their year from the other places, where one says it.
    """
    said = list(readings)
    dated = [(place, found) for place, reading in enumerate(said) if (found := _dated(reading)) is not None]
    read = [found for _, found in dated] + list(_known(capture))
    if read:
        known = {place for place, _ in dated}
        read += [
            found for place, reading in enumerate(said) if place not in known and (found := _dated(reading, read[-1].value)) is not None
        ]
    latest = (capture.captured_at.astimezone(UTC) + AHEAD).date()
    return [one for one in read if FIRST <= day_of(one.value) <= latest]


def as_republican(reading: Reading) -> Reading:
    """Give a reading whose value is a day with a year of two or three digits (110-03-22) as one of the Republic, 民国110年.

    Only for pages in Traditional script, where such a year is counted from 1912.
    """
    return replace(reading, value=f"民国{reading.value.strip(_AROUND)}") if _SHORT_YEAR.match(reading.value) else reading


def _known(capture: Capture) -> Iterator[Dated]:
    """Give what the listing and the address say of the date."""
    if capture.entry is not None and capture.entry.issued is not None:
        issued = capture.entry.issued
        yield Dated(issued, "minute" if isinstance(issued, datetime) else "day", "list", capture.entry.title)
    if (named := url_date(capture.url)) is not None and named.value is not None:
        yield Dated(named.value, named.precision, "url", named.text)


def _dated(reading: Reading, anchor: Moment | None = None) -> Dated | None:
    found = next((found for found in find_dates(reading.value, anchor) if found.value is not None), None)
    if found is None or found.value is None:
        return None
    return Dated(found.value, found.precision, reading.place, reading.snippet or reading.value)


TRUST = ("layout", "table", "json", "label", "near", "text", "script", "list", "meta", "url", "below", "updated")


def choose_date(dated: Sequence[Dated]) -> tuple[Moment | None, Evidence | None, bool]:
    """Give the most trusted date, its evidence, and whether the places disagree by more than three days.

    Trust: header table, label near the title, the listing's row, meta PubDate, the address; 更新时间 only where nothing else is said.
    A time of day is taken from a less trusted place when it gives the same day.
    """
    if not dated:
        return None, None, False
    ranked = sorted(dated, key=lambda one: TRUST.index(one.place) if one.place in TRUST else len(TRUST))
    first = ranked[0]
    same_day = (one for one in ranked if day_of(one.value) == day_of(first.value) and isinstance(one.value, datetime))
    if not isinstance(first.value, datetime):
        first = next(same_day, first)
    conflict = any(abs(day_of(one.value) - day_of(first.value)) > CONFLICT for one in ranked)
    candidates = tuple(dict.fromkeys((one.value.isoformat(), one.place) for one in ranked if one is not first))
    return first.value, Evidence(first.value.isoformat(), first.precision, first.snippet, first.place, candidates), conflict


def contradicts(issued: Moment | None, created: Moment | None) -> bool:
    """Say whether a page claims to be older than the document on it by more than a day: one of the two dates is wrong."""
    return issued is not None and created is not None and day_of(created) - day_of(issued) > timedelta(days=1)
