"""The date printed in a list row: whole dates only, from the same row, never from the title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from lxml import etree

from cleaners.document.dates import parse_date
from cleaners.records import Moment

FULL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.．年]\s*(1[0-2]|0?[1-9])\s*[-/.．月]\s*(3[01]|[12]\d|0?[1-9])(?!\d)")
SPLIT_DATE = re.compile(
    r"(?<![\d-])(?P<d1>3[01]|[12]\d|0?[1-9])\s*日?\s*[/|]?\s*(?P<y1>20\d\d)\s*[-/.年]\s*(?P<m1>1[0-2]|0?[1-9])(?![\d-])"
    r"|(?<!\d)(?P<y2>20\d\d)\s*[-/.年]\s*(?P<m2>1[0-2]|0?[1-9])\s*月?\s+(?P<d2>3[01]|[12]\d|0?[1-9])(?!\d)"
    r"|(?<!\d)(?P<m3>1[0-2]|0?[1-9])[-/.](?P<d3>3[01]|[12]\d|0?[1-9])\s+(?P<y3>20\d\d)(?!\d)"
    r"|(?<!\d)(?P<d4>3[01]|[12]\d|0?[1-9])\s+(?P<m4>1[0-2]|0?[1-9])月?\s*[-/.]?\s*(?P<y4>20\d\d)(?!\d)"
)
COMPACT_DATE = re.compile(r"[\[(（]\s*(20\d\d)(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])\s*[\])）]")
CLOCK = re.compile(r"\d\s?:\s?\d\d")
LABELLED = 60  # characters: a date with its label
SHORT = 12  # characters: pieces of a date, not running text
ALONE = re.compile(
    rf"^\W*(?:发布|发文|成文|公开|更新)?(?:时间|日期)?\W*{FULL_DATE.pattern}\s*日?(?:\s+\d\d?:\d\d(?::\d\d(?:\.\d+)?)?)?\W*$"
)


def row_date(segment: tuple[etree._Element, ...], title: str) -> Moment | None:
    """Read the date printed in a row beside its title; None where there is none or its year is missing.

    A date that stands alone in its place is preferred to one in running text (a summary), the last of those to the others.
    """
    texts = [text for text in _texts(segment) if text != title]
    alone = next((found for text in texts if len(text) <= LABELLED and (found := ALONE.match(text))), None)
    if alone:
        return moment(alone.group())
    in_pieces = _split_date(" ".join(text for text in texts if len(text) <= SHORT))
    if in_pieces:
        return in_pieces
    text = " ".join(texts).replace(title, " ")
    dates = [parts for pattern in (FULL_DATE, COMPACT_DATE) for parts in pattern.findall(text)]
    return day(*dates[-1]) if dates else _split_date(text)


def _split_date(text: str) -> date | None:
    """Read a date printed in pieces, such as a large day above year and month."""
    split = SPLIT_DATE.search(text)
    if split is None:
        return None
    parts = {key[0]: value for key, value in split.groupdict().items() if value}
    return day(parts["y"], parts["m"], parts["d"])


def _texts(segment: tuple[etree._Element, ...]) -> Iterable[str]:
    """Give the pieces of text in a row, white space folded; what follows an element only where the row is no block of its own."""
    tails = len(segment) > 1 or segment[0].tag in {"a", "span", "b", "strong", "font"}
    for part in segment:
        for text in part.itertext():
            if folded := " ".join(str(text).split()):
                yield folded
        if tails and (folded := " ".join((part.tail or "").split())):
            yield folded


def moment(text: str) -> Moment | None:
    """Read a text that holds a whole date, with its time of day (in China) where one is printed."""
    found = FULL_DATE.search(text)
    whole = day(*found.groups()) if found else None
    timed = parse_date(text) if whole and CLOCK.search(text) else None
    return timed if isinstance(timed, datetime) and timed.date() == whole else whole


def day(year: str, month: str, number: str) -> date | None:
    """Make a date of three groups of digits, None for one that does not exist."""
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None


NUMERIC_DATE = r"(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d)"
TIME = r"(?:\s+\d\d?:\d\d(?::\d\d)?)?"
EDGE_DATE = re.compile(rf"^\W?{NUMERIC_DATE}\W?\s?|\s\W?\s*{FULL_DATE.pattern}日?{TIME}\s*\W?$|(?<!\d)\W?{NUMERIC_DATE}{TIME}\W?$")


def undated(title: str) -> str:
    """Drop a date that an anchor holds before or after the title; empty for a text that is only a date."""
    if len(title) <= LABELLED and ALONE.match(title):
        return ""
    return EDGE_DATE.sub("", title).strip() or title
