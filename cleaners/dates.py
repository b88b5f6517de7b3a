"""Dates as Chinese pages write them, with their precision and place in the text.

One table of patterns over a folded copy (width, script, dashes), the strictest first; what one pattern took, no later one
reads again. A wrong date is worse than none: masked dates (xx月), index numbers (2026-02-00018), document numbers
(〔2020〕7号), relative days (昨日) and lunar days are no dates. Naive times are Asia/Shanghai.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cleaners.fold import fold_aligned
from cleaners.records import Moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FIRST = date(1949, 10, 1)
_LAST_YEAR = 2099
_DIGITS = {
    glyph: digit
    for digit, glyphs in enumerate(("〇○◯零oOΟО", "一元正壹", "二贰两", "三叁", "四", "五", "六", "七", "八", "九"))
    for glyph in glyphs
}
_TENS = {"十": 10, "廿": 20, "卅": 30, "拾": 10}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─━", "-"))

_YEAR = r"(?P<y>(?<![\d〔\[(])\d{4}|[〇○◯零oOΟО0一二三四五六七八九]{4})"
_MONTH = r"(?P<m>\d{1,2}|[元正一二三四五六七八九十]{1,3})"
_DAY = r"(?P<d>\d{1,2}|[〇○零一二三四五六七八九十廿卅]{1,4})"
_GAP = r"\s{0,8}"
_ENDS = r"(?!\d|[./]\d|-\d+(?![\d:]))"  # not 2026-02-00018, not 2020.9.15.3, but 2020-05-07-10:11
_CLOCK = (
    rf"(?:{_GAP}[(（]?(?:星期|周)[一二三四五六日天][)）]?)?"
    rf"(?:{_GAP}[T,-]?{_GAP}(?P<half>上午|下午|凌晨|中午|晚上)?{_GAP}(?P<H>\d{{1,2}}){_GAP}[::时]{_GAP}(?P<M>\d{{2}})(?!\d)"
    rf"(?:{_GAP}[:分]{_GAP}(?P<S>\d{{2}})(?!\d)(?:\.\d{{1,6}})?)?[分秒]?(?P<zone>Z(?![A-Za-z])|[+-]\d{{2}}:?\d{{2}}(?!\d))?)?"
)
_PATTERNS = (
    ("roc", rf"民国{_GAP}(?P<y>\d{{1,3}}|[〇○零一二三四五六七八九十]{{1,4}}){_GAP}年{_GAP}{_MONTH}{_GAP}月{_GAP}{_DAY}{_GAP}日"),
    ("roc", r"民国\s?(?P<y>\d{1,3})(?P<sep>[./-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)"),
    ("chinese", rf"{_YEAR}{_GAP}年{_GAP}{_MONTH}{_GAP}月{_GAP}{_DAY}{_GAP}[日号]{_CLOCK}"),
    (
        "numeric",
        rf"(?<!\d)(?<!\d[-./])(?P<y>\d{{4}})(?P<sep>-{{1,2}}|/|\.) ?(?P<m>\d{{1,2}})(?P=sep) ?(?P<d>\d{{1,2}}){_ENDS}{_CLOCK}",
    ),
    ("day-first", rf"(?<!\d)(?<!\d\.)(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}})(?!\d|\.\d){_CLOCK}"),
    ("year-month", rf"{_YEAR}{_GAP}年{_GAP}{_MONTH}{_GAP}月(?!{_GAP}[\dxX×*_]{{1,3}}{_GAP}[日号])"),
    ("year", rf"{_YEAR}{_GAP}年(?!度|代|{_GAP}[xX×*_某]+{_GAP}月|{_GAP}\d{{1,2}}{_GAP}月)"),
    ("month-day", rf"(?<!\d){_MONTH}{_GAP}月{_GAP}{_DAY}{_GAP}日{_CLOCK}"),
)
_TABLE = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_RANGE_DAY = re.compile(rf"{_GAP}(?:至|到|-{{1,2}}|~){_GAP}(?P<whole>{_DAY}{_GAP}[日号])")
_RANGE = re.compile(rf"{_GAP}(?:至|到|-{{1,2}}|~){_GAP}$")
_WHOLE = (
    ("compact", re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?)?")),
    ("epoch", re.compile(r"(?P<epoch>1[0-8]\d{8}(?:\d{3})?|9\d{8})")),
    ("month-day", re.compile(r"[\[(【]?\s*(?P<m>\d{2})[-/](?P<d>\d{2})\s*[\])】]?")),
)
_URL = (
    ("url", re.compile(r"(?<![A-Za-z\d])[tc]_?(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})_")),
    ("url", re.compile(r"(?<!\d)(?P<y>\d{4})(?P<sep>[-/])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?=[/_.]|$)")),
    ("url", re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{1,2})/(?P<d>\d{1,2})/")),
    ("url", re.compile(r"(?<!\d)(?P<y>\d{4})/(?P<m>\d{2})(?P<d>\d{2})/")),
    ("url", re.compile(r"(?<=[/_])(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?=\d{0,6}(?:[/_.]|$))")),
    ("url", re.compile(r"/(?P<y>\d{4})[-/]?(?P<m>\d{2})/")),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text: `value` is None where it is coarser than a day or its year is unknown.

    `precision` is year, month, day, minute or second; `text` is text[start:end]; `kind` names the way it was written:
    chinese, numeric, day-first, compact, epoch, month-day, range, year-month, year, roc, url.
    """

    value: Moment | None
    precision: str
    start: int
    end: int
    text: str
    kind: str


def find_dates(text: str, anchor: Moment | None = None) -> tuple[Found, ...]:
    """Find every date in a text, in order; a month and day without year take theirs from `anchor` (within -330..+45 days).

    Dates before 1949-10-01 and impossible ones are left out. A midnight time (00:00) is taken as no time.
    """
    folded = fold_aligned(text).translate(_DASHES)
    if (whole := _whole(text, folded, anchor)) is not None:
        return (whole,)
    taken = bytearray(len(folded))
    found: list[Found] = []
    for kind, pattern in _TABLE:
        for match in pattern.finditer(folded):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                found += _found(kind, match, text, anchor)
    ordered = sorted(found, key=lambda each: each.start)
    return tuple(_with_ranges(ordered, text, folded))


def parse_date(text: str, anchor: Moment | None = None) -> Moment | None:
    """Give the first date of a text that is known to the day, or None; see `find_dates`."""
    return next((found.value for found in find_dates(text, anchor) if found.value is not None), None)


def url_date(url: str) -> Found | None:
    """Give the date an address carries (/t20200115_1, /art/2020/5/7/, /202005/), to the day where it can be, else the month."""
    path = _path_of(url)
    offset = max(url.find(path), 0)
    for kind, pattern in _URL:
        for match in pattern.finditer(path):
            for found in _found(kind, match, path, None):
                return Found(found.value, found.precision, found.start + offset, found.end + offset, found.text, "url")
    return None


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return url


def _whole(text: str, folded: str, anchor: Moment | None) -> Found | None:
    """Read a text that is nothing but a number or a month and day: inside a sentence it could be anything."""
    stripped = folded.strip()
    offset = len(folded) - len(folded.lstrip())
    for kind, pattern in _WHOLE:
        if len(stripped) <= 16 and (match := pattern.fullmatch(stripped)):
            for found in _found(kind, match, stripped, anchor):
                end = offset + found.end
                return Found(found.value, found.precision, offset, end, text[offset:end], kind)
    return None


def _found(kind: str, match: re.Match[str], text: str, anchor: Moment | None) -> Iterator[Found]:
    """Read one match; nothing where its numbers make no date of our time."""
    parts = match.groupdict()
    value, precision = _epoch(parts["epoch"]) if parts.get("epoch") else _value(kind, match, parts, anchor)
    if precision:
        yield Found(value, precision, match.start(), match.end(), text[match.start() : match.end()], kind)


def _value(kind: str, match: re.Match[str], parts: dict[str, str | None], anchor: Moment | None) -> tuple[Moment | None, str]:
    month, day = (_number(parts.get(key) or "") for key in ("m", "d"))
    if kind == "month-day":
        return _month_day(match, month, day, anchor, parts)
    year = _number(parts["y"] or "") + (1911 if kind == "roc" else 0)
    if not _FIRST.year <= year <= _LAST_YEAR or (parts.get("m") and not 1 <= month <= 12):
        return None, ""
    if not parts.get("d"):
        return None, "month" if parts.get("m") else "year"
    whole = _date(year, month, day)
    return _timed(whole, parts) if whole else (None, "")


def _month_day(
    match: re.Match[str], month: int, day: int, anchor: Moment | None, parts: dict[str, str | None]
) -> tuple[Moment | None, str]:
    before = match.string[max(0, match.start() - 8) : match.start()].rstrip()
    if re.search(r"[xX×*某_\d]年$|农历$|阴历$", before) or not _date(2000, month, day):
        return None, ""
    if anchor is None or (before.endswith("年") and not before.endswith("今年")):
        return None, "day"
    nearest = _nearest(month, day, anchor.date() if isinstance(anchor, datetime) else anchor)
    return _timed(nearest, parts) if nearest else (None, "day")


def _nearest(month: int, day: int, anchor: date) -> date | None:
    years = [_date(year, month, day) for year in (anchor.year - 1, anchor.year, anchor.year + 1)]
    near = [each for each in years if each and -330 <= (each - anchor).days <= 45]
    return min(near, key=lambda each: abs((each - anchor).days), default=None)


def _timed(day: date, parts: dict[str, str | None]) -> tuple[Moment, str]:
    if not parts.get("H"):
        return day, "day"
    hour, minute, second = (int(parts.get(key) or 0) for key in ("H", "M", "S"))
    if parts.get("half") in {"下午", "晚上"} and hour < 12:
        hour += 12
    if hour > 23 or minute > 59 or second > 59 or hour == minute == second == 0:
        return day, "day"
    moment = datetime.combine(day, time(hour, minute, second), tzinfo=_zone(parts.get("zone") or ""))
    return moment.astimezone(SHANGHAI), "second" if parts.get("S") else "minute"


def _zone(zone: str) -> timezone | ZoneInfo:
    if zone in {"", "Z"}:
        return UTC if zone else SHANGHAI
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes)) if minutes <= 14 * 60 else SHANGHAI


def _epoch(digits: str) -> tuple[Moment | None, str]:
    seconds = int(digits) / (1000 if len(digits) > 10 else 1)
    return datetime.fromtimestamp(int(seconds), SHANGHAI), "second"


def _date(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found >= _FIRST else None


def _number(numeral: str) -> int:
    """Read Arabic digits, or Chinese ones either by place (二〇二〇, 一五) or with tens (二十三, 廿一); 0 where empty."""
    if numeral.isdecimal():
        return int(numeral)
    total = 0
    for glyph in numeral:
        if glyph in _TENS:
            total = (total or 1) * _TENS[glyph] if _TENS[glyph] == 10 else _TENS[glyph]
        elif total and total % 10 == 0 and total < 100 and not set(numeral).isdisjoint(_TENS):
            total += _digit(glyph)
        else:
            total = total * 10 + _digit(glyph)
    return total


def _digit(glyph: str) -> int:
    return int(glyph) if glyph.isdecimal() else _DIGITS[glyph]


def _with_ranges(found: list[Found], text: str, folded: str) -> Iterator[Found]:
    """Let the second half of a range inherit the year (28日至11月18日) or year and month (24日至27日) of the first."""
    last: Found | None = None
    for each in found:
        current = _inherit(last, each, folded) if last else each
        yield current
        last = current
        if tail := _RANGE_DAY.match(folded, current.end):
            last = _range_end(current, tail, text)
            yield last


def _inherit(first: Found, second: Found, folded: str) -> Found:
    if second.kind != "month-day" or first.value is None or not _RANGE.fullmatch(folded[first.end : second.start]):
        return second
    month_day = re.match(rf"{_MONTH}\D*?{_DAY}", folded[second.start : second.end])
    if month_day is None:
        return second
    month, day = _number(month_day["m"]), _number(month_day["d"])
    year = first.value.year + ((month, day) < (first.value.month, first.value.day))
    return Found(_date(year, month, day), "day", second.start, second.end, second.text, "range")


def _range_end(first: Found, tail: re.Match[str], text: str) -> Found:
    value = _date(first.value.year, first.value.month, _number(tail["d"])) if first.value else None
    start, end = tail.span("whole")
    return Found(value, "day", start, end, text[start:end], "range")
