"""The date printed in a list row: whole dates only, from the same row, never from the title."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
MONTH_DAY = re.compile(r"^[\[(（]?(1[0-2]|0?[1-9])[-/.月](3[01]|[12]\d|0?[1-9])日?[\])）]?$")
YEAR_IN_PATH = re.compile(r"/t?(20\d\d)[-/]?(1[0-2]|0[1-9])?(?=[-/_]|\d\d[-/_])")
REPUBLICAN = re.compile(r"^(1[0-3]\d)[-./年](1[0-2]|0?[1-9])[-./月](3[01]|[12]\d|0?[1-9])日?$")
"""民國 year, month and day (Taiwan): 115.03.19 is 2026-03-19."""
LABEL = re.compile(rf"(?:发布|发表|更新)(?:时间|日期)\s?[:：]?\s?{FULL_DATE.pattern}")
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
    pieces = [(text, around) for text, around in _texts(segment) if text != title]
    texts = [text for text, _ in pieces]
    alone = [(found.group(), around) for text, around in pieces if len(text) <= LABELLED and (found := ALONE.match(text))]
    if alone:
        return moment(_best_placed(alone))
    republican = next((found for text in texts if (found := REPUBLICAN.match(text))), None)
    if republican:
        return day(str(int(republican[1]) + 1911), republican[2], republican[3])
    in_pieces = _split_date(" ".join(text for text in texts if len(text) <= SHORT))
    if in_pieces:
        return in_pieces
    text = " ".join(text for text in texts if len(text) <= LABELLED or EDGE_DATE.search(text)).replace(title, " ")
    labelled = (found.group() for text in texts if (found := LABEL.search(text)))
    dates = [parts for pattern in (FULL_DATE, COMPACT_DATE) for parts in pattern.findall(text)] or FULL_DATE.findall(" ".join(labelled))
    return day(*dates[-1]) if dates else _split_date(text)


def dated_by(url: str, segment: tuple[etree._Element, ...]) -> date | None:
    """Read a month and day printed alone in a row, in the year that the row's address names (`/202405/`, `/2024/05/`, `/2024/`).

    None where nothing or several are printed, and where the address names another month.
    """
    printed = {(int(found[1]), int(found[2])) for text, _ in _texts(segment) if (found := MONTH_DAY.match(text))}
    named = YEAR_IN_PATH.search(url.partition("?")[0])
    if len(printed) != 1 or named is None:
        return None
    month, number = printed.pop()
    return day(named[1], str(month), str(number)) if not named[2] or int(named[2]) == month else None


def _split_date(text: str) -> date | None:
    """Read a date printed in pieces, such as a large day above year and month."""
    split = SPLIT_DATE.search(text)
    if split is None:
        return None
    parts = {key[0]: value for key, value in split.groupdict().items() if value}
    return day(parts["y"], parts["m"], parts["d"])


def _best_placed(alone: list[tuple[str, etree._Element]]) -> str:
    """Choose among dates that stand alone the first that has an element for itself: a line of a summary has not."""
    if len(alone) > 1:
        return next((text for text, around in alone if len("".join(map(str, around.itertext()))) <= LABELLED), alone[0][0])
    return alone[0][0]


def _texts(segment: tuple[etree._Element, ...]) -> Iterator[tuple[str, etree._Element]]:
    """Give the pieces of text in a row, white space folded, with the elements they stand in.

    What follows an element is part of the row only where the row is no block of its own.
    """
    tails = len(segment) > 1 or segment[0].tag in {"a", "span", "b", "strong", "font"}
    for part in segment:
        for element in part.iter():
            if element.text and (folded := " ".join(element.text.split())):
                yield folded, element
            if element is not part and element.tail and (folded := " ".join(element.tail.split())):
                yield folded, element.getparent()
        if tails and (folded := " ".join((part.tail or "").split())):
            yield folded, part


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
    if len(title) <= LABELLED and (ALONE.match(title) or REPUBLICAN.match(title)):
        return ""
    return EDGE_DATE.sub("", title).strip() or title
