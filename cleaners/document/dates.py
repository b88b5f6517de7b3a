"""Dates as Chinese pages write them, with their precision and place in the text.

One table of patterns over a folded copy (width, script, dashes), the strictest first; what one pattern took, no later one
reads again. A wrong date is worse than none: masked dates (xx月), index numbers (2026-02-00018), document numbers
(〔2020〕7号), relative days (昨日) and lunar days are no dates. Naive times are Asia/Shanghai.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from cleaners.characters.fold import fold_aligned
from cleaners.document.moments import SHANGHAI, day, from_epoch, nearest, timed
from cleaners.document.numerals import ONES, TENS, ZEROS, read_numeral
from cleaners.records import Moment

__all__ = ["SHANGHAI", "Found", "find_dates", "parse_date", "url_date"]

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─━", "-"))
_MAY_HOLD_ONE = re.compile(r"[年月]|\d\W{1,3}\d|\A\W{0,9}\d{8,14}")

_GAP = r"\s{0,8}"
_YEAR = rf"(?P<y>(?<!\d)\d(?:\s?\d){{3}}|(?<![{ZEROS}{ONES}])[{ONES}{ZEROS}](?:\s?[{ZEROS}{ONES}]){{3}})"
_MONTH = rf"(?P<m>\d{{1,2}}|[元正{ONES}十拾][十拾{ONES}]{{0,2}})"
_SPACED_MONTH = (
    rf"(?P<m>1\s[012](?!\d)|\d{{1,2}}|[元正{ONES}十拾](?:\s?[十拾{ONES}]){{0,2}})"  # behind a year it cannot be another number's end
)
_DAY = rf"(?P<d>[123]\s\d(?!\d)|\d{{1,2}}|[{ZEROS}{ONES}{TENS}](?:\s?[{ZEROS}{ONES}{TENS}]){{0,3}})"
_TO = r"(?:至|到|-{1,2}|~)"
_ENDS = r"(?!\d|[./]\d|-\d+(?![\d:./]))"  # not 2026-02-00018, not 2020.9.15.3, but 2020-05-07-10:11
_CLOCK = (
    rf"(?:{_GAP}[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?)?"
    rf"(?:{_GAP}[T,-]?{_GAP}(?P<half>上午|下午|凌晨|中午|晚上|傍晚|早上|晚)?{_GAP}(?P<H>\d{{1,2}}){_GAP}[:时点]{_GAP}(?P<M>\d{{2}})(?!\d)"
    rf"(?:{_GAP}[:分]{_GAP}(?P<S>\d{{2}})(?!\d)(?:\.\d{{1,6}})?)?[分秒]?(?P<zone>Z(?![A-Za-z])|[+-]\d{{2}}:?\d{{2}}(?!\d))?)?"
)


class _Form(NamedTuple):
    """One way to write a date: `needs` is a character without which the pattern finds nothing."""

    kind: str
    needs: str
    pattern: re.Pattern[str]


def _form(kind: str, needs: str, pattern: str) -> _Form:
    return _Form(kind, needs, re.compile(pattern))


_FORMS = (
    _form(
        "roc",
        "民",
        rf"民国{_GAP}(?P<y>\d{{1,3}}|[{ZEROS}{ONES}{TENS}百]{{1,5}}|元){_GAP}年{_GAP}{_MONTH}{_GAP}月{_GAP}{_DAY}{_GAP}日",
    ),
    _form("roc", "民", r"民国\s?(?P<y>\d{1,3})(?P<sep>[./-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)"),
    _form(
        "chinese",
        "年",
        rf"{_YEAR}{_GAP}年{_GAP}{_SPACED_MONTH}{_GAP}月{_GAP}{_DAY}{_GAP}(?:[日号]{_CLOCK}|(?=(?:{_TO}|、){_GAP}\d{{1,2}}{_GAP}[日号]))",
    ),
    _form(
        "numeric",
        "",
        rf"(?<!\d)(?<!\d[-./])(?P<y>\d{{4}})(?P<sep>-{{1,2}}|/|\.) ?(?P<m>\d{{1,2}})(?P=sep) ?(?P<d>\d{{1,2}}){_ENDS}{_CLOCK}",
    ),
    _form("day-first", ".", rf"(?<!\d)(?<!\d\.)(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}})(?!\d|\.\d){_CLOCK}"),
    _form("year-month", "年", rf"{_YEAR}{_GAP}年{_GAP}{_SPACED_MONTH}{_GAP}月(?!{_GAP}[\dxX×*_某]{{1,3}}{_GAP}[日号])"),
    _form("year", "年", rf"(?<![〔\[(]){_YEAR}{_GAP}年(?!度|代|{_GAP}[xX×*_某]+{_GAP}月|{_GAP}\d{{1,2}}{_GAP}月)"),
    _form("month-day", "月", rf"(?<!\d){_MONTH}{_GAP}月{_GAP}{_DAY}{_GAP}[日号]{_CLOCK}"),
)
_RANGE_DAY = re.compile(rf"{_GAP}(?:{_TO}|、){_GAP}(?P<whole>{_DAY}{_GAP}[日号])")
_RANGE_NUMBERS = re.compile(rf"{_GAP}{_TO}{_GAP}(?P<whole>(?P<m>\d{{1,2}})[./](?P<d>\d{{1,2}}))(?![\d./])")
_RANGE = re.compile(rf"{_GAP}{_TO}{_GAP}$")
_WHOLE = (
    ("compact", re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?)?")),
    ("epoch", re.compile(r"(?P<epoch>1[0-8]\d{8}(?:\d{3})?|9\d{8})|/?Date\((?P<json>1[0-8]\d{11})\)/?")),
    ("month-day", re.compile(r"[\[(【]?\s{0,9}(?P<m>\d{2})[-/](?P<d>\d{2})\s{0,9}[\])】]?")),
)
_LONGEST_WHOLE = 21
_URL = (
    re.compile(r"(?<![A-Za-z\d])[tc]_?(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})_"),
    re.compile(r"(?<!\d)(?P<y>\d{4})(?P<sep>[-/])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?=[/_.]|$)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{1,2})/(?P<d>\d{1,2})/"),
    re.compile(r"(?<!\d)(?P<y>\d{4})/(?P<m>\d{2})(?P<d>\d{2})/"),
    re.compile(r"/(?P<y>(?:19|20)\d{2})(?P<m>\d{2})/(?P<d>\d{2})/"),
    re.compile(r"(?<=[/_])(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?=\d{0,6}(?:[/_.]|$))"),
    re.compile(r"/(?P<y>\d{4})[-/]?(?P<m>\d{2})/"),
)
_MASKED = re.compile(r"[xX×*某_]\s?年\s*$")
_LUNAR = re.compile(r"(?:农历|阴历|旧历|夏历)(?:[^。，,;()]|\([^()]{0,8}\)){0,12}$")
_LUNAR_RIGHT_BEFORE = re.compile(r"(?:农历|阴历|旧历|夏历)\W{0,3}$")
_LOOK_BACK = 24  # characters


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
    if not _MAY_HOLD_ONE.search(text) and "Date(" not in text:
        return ()
    folded = fold_aligned(text).translate(_DASHES)
    if (whole := _whole(text, folded, anchor)) is not None:
        return (whole,)
    taken = bytearray(len(folded))
    found: list[Found] = []
    for kind, needs, pattern in _FORMS:
        for match in pattern.finditer(folded) if needs in folded else ():
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                found += _found(kind, match, text, anchor)
    return tuple(_with_ranges(sorted(found, key=lambda each: each.start), text, folded))


def parse_date(text: str, anchor: Moment | None = None) -> Moment | None:
    """Give the first date of a text that is known to the day, or None; see `find_dates`."""
    return next((found.value for found in find_dates(text, anchor) if found.value is not None), None)


def url_date(url: str) -> Found | None:
    """Give the date an address carries (/t20200115_1, /art/2020/5/7/, /202005/), to the day where it can be, else the month."""
    path = _path_of(url)
    offset = max(url.find(path), 0)
    read = (found for pattern in _URL for match in pattern.finditer(path) for found in _found("url", match, path, None))
    return next((replace(found, start=found.start + offset, end=found.end + offset) for found in read), None)


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return url


def _whole(text: str, folded: str, anchor: Moment | None) -> Found | None:
    """Read a text that is nothing but a number or a month and day: inside a sentence it could be anything."""
    stripped = folded.strip()
    if len(stripped) > _LONGEST_WHOLE:
        return None
    offset = len(folded) - len(folded.lstrip())
    matches = ((kind, match) for kind, pattern in _WHOLE if (match := pattern.fullmatch(stripped)))
    read = (found for kind, match in matches for found in _found(kind, match, stripped, anchor))
    for found in read:
        end = offset + found.end
        return replace(found, start=offset, end=end, text=text[offset:end])
    return None


def _found(kind: str, match: re.Match[str], text: str, anchor: Moment | None) -> Iterator[Found]:
    """Read one match; nothing where its numbers make no date of our time."""
    parts = match.groupdict()
    epoch = parts.get("epoch") or parts.get("json")
    value, precision = (from_epoch(epoch), "second") if epoch else _value(kind, match, parts, anchor)
    if precision:
        yield Found(value, precision, match.start(), match.end(), text[match.start() : match.end()], kind)


def _value(kind: str, match: re.Match[str], parts: dict[str, str | None], anchor: Moment | None) -> tuple[Moment | None, str]:
    month, number = (read_numeral(parts.get(key) or "") for key in ("m", "d"))
    before = match.string[max(0, match.start() - _LOOK_BACK) : match.start()]
    if kind == "month-day":
        return _month_day(month, number, before, anchor, parts)
    year = read_numeral(parts["y"] or "") + (1911 if kind == "roc" else 0)
    if not 1949 <= year <= 2099 or (parts.get("m") and not 1 <= month <= 12) or _LUNAR_RIGHT_BEFORE.search(before):
        return None, ""
    if not parts.get("d"):
        return None, "month" if parts.get("m") else "year"
    whole = day(year, month, number)
    return timed(whole, parts) if whole else (None, "")


def _month_day(month: int, number: int, before: str, anchor: Moment | None, parts: dict[str, str | None]) -> tuple[Moment | None, str]:
    if _MASKED.search(before) or _LUNAR.search(before) or not day(2000, month, number) or re.search(r"\d年\s*$", before):
        return None, ""
    year_said = before.rstrip().endswith("年") and not before.rstrip().endswith("今年")
    near = None if anchor is None or year_said else nearest(month, number, anchor)
    return timed(near, parts) if near else (None, "day")


def _with_ranges(found: list[Found], text: str, folded: str) -> Iterator[Found]:
    """Let the second half of a range inherit the year (28日至11月18日) or year and month (24日至27日) of the first."""
    last: Found | None = None
    for each in found:
        current = _inherit(last, each, folded) if last else each
        yield current
        last = current
        if tail := _RANGE_DAY.match(folded, current.end) or (
            (current.kind == "numeric" and _RANGE_NUMBERS.match(folded, current.end)) or None
        ):
            last = _range_end(current, tail, text)
            yield last


def _inherit(first: Found, second: Found, folded: str) -> Found:
    if second.kind != "month-day" or first.value is None or not _RANGE.fullmatch(folded[first.end : second.start]):
        return second
    month_day = re.match(rf"{_MONTH}\D*?{_DAY}", folded[second.start : second.end])
    if month_day is None:
        return second
    month, number = read_numeral(month_day["m"]), read_numeral(month_day["d"])
    return replace(second, value=_later(first.value, month, number), precision="day", kind="range")


def _later(first: Moment, month: int, number: int) -> Moment | None:
    """Give the end of a range: in the year it begins in, or the next where the day lies before."""
    return day(first.year + ((month, number) < (first.month, first.day)), month, number)


def _range_end(first: Found, tail: re.Match[str], text: str) -> Found:
    month = tail.groupdict().get("m")
    value = None
    if first.value is not None:
        number = read_numeral(tail["d"])
        value = _later(first.value, read_numeral(month), number) if month else day(first.value.year, first.value.month, number)
    start, end = tail.span("whole")
    return Found(value, "day", start, end, text[start:end], "range")
