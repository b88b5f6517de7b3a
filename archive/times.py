"""Times and days as the archive writes them: ISO 8601, UTC with microseconds and a trailing Z, so that text sorts as time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

from cleaners.records import Moment


def stamp(moment: datetime) -> str:
    """Write an aware time as text in UTC, for example 2024-01-02T03:04:05.000006Z; a naive one is a ValueError."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone: give captures an aware time")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def now() -> str:
    """Give the present time as text."""
    return stamp(datetime.now(UTC))


@lru_cache(maxsize=256)  # one moment stands in several rows of a capture
def read_stamp(text: str) -> datetime:
    """Read what `stamp` wrote: an aware time in UTC."""
    return datetime.fromisoformat(text)


def write_moment(moment: Moment | None) -> str | None:
    """Write a day (2024-01-02) or a time of day with its own zone (2024-01-02T03:04:05+08:00)."""
    return None if moment is None else moment.isoformat()


def read_moment(text: str | None) -> Moment | None:
    """Read what `write_moment` wrote; days stay days."""
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
