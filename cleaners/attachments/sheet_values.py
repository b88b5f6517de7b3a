"""Cells of spreadsheets as people see them: numbers without a machine's decimals, dates as days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

_EXACT = 15
"""Digits that a spreadsheet's numbers carry; what stands behind them is the machine's."""


def shown(value: object) -> str:
    """Write a cell's value: 1.0 as 1, 0.1 + 0.2 as 0.3, midnight of a day as the day; text without blanks around it."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, datetime | date | time):
        return _moment(value)
    return "" if value is None else str(value)


def number(value: float) -> str:
    """Write a number of a sheet in full, without an exponent.

    >>> number(450000000000000064.0)
    '450000000000000064'
    """
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 - nan is what differs from itself
        return ""
    if value.is_integer() and abs(value) < 1e18:
        return str(int(value))
    return format(Decimal(f"{value:.{_EXACT}g}"), "f") if 1e-12 < abs(value) < 1e18 else f"{value:.{_EXACT}g}"


def _moment(value: datetime | date | time) -> str:
    if isinstance(value, datetime):
        clock = value.time()
        return value.date().isoformat() if clock == time() else f"{value.date().isoformat()} {_clock(clock)}"
    return value.isoformat() if isinstance(value, date) else _clock(value)


def _clock(clock: time) -> str:
    return clock.isoformat("seconds" if clock.second else "minutes")


def _duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02d}:{rest % 60:02d}"
