"""Days and times of day made of numbers: nothing where they make none of our time; naive times are Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from cleaners.records import Moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = date(1949, 10, 1)
LAST_YEAR = 2099
BEFORE, AFTER = -330, 45
"""Days around an anchor in which a month and day without year is looked for."""
_AFTERNOON = frozenset({"下午", "晚上", "傍晚", "夜间", "晚"})


def day(year: int, month: int, number: int) -> date | None:
    """Give a day, None where there is none such or it is before 1949-10-01 or after 2099."""
    try:
        found = date(year, month, number)
    except ValueError:
        return None
    return found if found >= FIRST and year <= LAST_YEAR else None


def day_of(value: Moment) -> date:
    """Give the day of a moment."""
    return value.date() if isinstance(value, datetime) else value


def nearest(month: int, number: int, anchor: Moment) -> date | None:
    """Give the day of a month that lies within -330..+45 days of an anchor, the nearest where two do."""
    around = day_of(anchor)
    days = [day(year, month, number) for year in (around.year - 1, around.year, around.year + 1)]
    near = [each for each in days if each and BEFORE <= (each - around).days <= AFTER]
    return min(near, key=lambda each: abs((each - around).days), default=None)


def timed(on: date, clock: Mapping[str, str | None]) -> tuple[Moment, str]:
    """Give a day with its time, and the precision: `clock` holds half, H, M, S and zone; midnight to the second is no time."""
    if not clock.get("H"):
        return on, "day"
    hour, minute, second = (int(clock.get(key) or 0) for key in ("H", "M", "S"))
    if clock.get("half") in _AFTERNOON and hour < 12:
        hour += 12
    if hour > 23 or minute > 59 or second > 59 or hour == minute == second == 0:
        return on, "day"
    moment = datetime.combine(on, time(hour, minute, second), tzinfo=_zone(clock.get("zone") or ""))
    return moment.astimezone(SHANGHAI), "second" if clock.get("S") else "minute"


def from_epoch(digits: str) -> Moment:
    """Give the moment of a Unix time in seconds, or in milliseconds where it has thirteen digits."""
    return datetime.fromtimestamp(int(digits) // (1000 if len(digits) > 10 else 1), SHANGHAI)


def _zone(zone: str) -> timezone | ZoneInfo:
    if zone in {"", "Z"}:
        return UTC if zone else SHANGHAI
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes)) if minutes <= 14 * 60 else SHANGHAI
