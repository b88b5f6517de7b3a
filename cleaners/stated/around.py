"""What stands right around a text: its title and date above it, labelled values, a day below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaners.document.dates import find_dates
from cleaners.noise.matching import Matcher
from cleaners.pages.page import Page
from cleaners.stated.fields import Reading
from cleaners.stated.labels import is_label, labels_of
from cleaners.stated.pagetags import PageTags
from cleaners.stated.titles import (
    BRACKETED_DATE,
    DATED,
    is_site_name,
    is_title_like,
)
from cleaners.text import Line

LONGEST_DATE_LINE = 120
LINES_OF_TITLE = 3
TITLE_NAME = re.compile(r"title|biaoti|(?:^|[#._-])(?:bt|tit|tt)(?:$|[\d_-])", re.IGNORECASE)
"""What elements that hold a title are named."""
DATED_LAST = re.compile(
    r"[^\d。；，：:]{2,30}(?:19|20)\d{2} ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2} ?日?(?: ?\d{1,2}:\d{2}(?::\d{2})?)?\W{0,3}"
)
"""A line of a name and the date behind it: 市应急管理局 2024-05-06 10:00."""
END_MARK = re.compile(r"[(（]?(?:本文)?(?:完|全文完|Ends?)[)）]?[/／#]{0,3}", re.IGNORECASE)
DAY_ALONE = re.compile(r"(?:19|20)\d{2} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日 ?(?:[(（](?:星期|周|週)[一二三四五六日天][)）])?")
WRITTEN_DATE = re.compile(r"[\"'](?P<date>(?:19|20)\d{2}[-/年.]\d{1,2}[-/月.]\d{1,2}[^\"'<>]{0,20})[\"']")
ISSUED_NAME = re.compile(r"(?:pub|publish|issue|create|release|fb)\w{0,12}\s{0,4}[=:]\s{0,4}", re.IGNORECASE)
"""What a script calls the variable that holds the date of issue, before its value."""
LONGEST_NAME = 30


def near_title(page: Page, start: int, stop: int, matcher: Matcher) -> Iterator[Reading]:
    """Give the last line above the text that could be a title, when nothing but noise stands between."""
    for index in range(stop - 1, start - 1, -1):
        line = page.lines[index]
        text = BRACKETED_DATE.sub("", line.text)
        if matcher.match(text, "head") or DATED.match(text) or DATED_LAST.fullmatch(text):
            continue
        if line.links * 2 <= len(text) and is_title_like(text) and not is_site_name(text):
            yield Reading(_whole_title(page, index) or text, "near", line.text)
            return
        if not find_dates(line.text):
            return


def title_within(page: Page, first: int) -> Iterator[Reading]:
    """Give the title that a text begins with in an element named as one, all its lines (a title broken in two for its looks)."""
    starts = (node for node, start in enumerate(page.first) if start == first and 1 <= page.last[node] - start <= LINES_OF_TITLE)
    named = next((node for node in starts if any(TITLE_NAME.search(name) for name in page.tree.kinds[node].names)), None)
    title = "".join(line.text for line in page.lines[first : page.last[named]]) if named is not None else ""
    if is_title_like(title) and not is_site_name(title):
        yield Reading(title, "near", title)


def _whole_title(page: Page, index: int) -> str:
    """Give all lines of the element named as a title that a line ends; empty where that line is all of it."""
    blocks = (node for node, last in enumerate(page.last) if last == index + 1 and 2 <= last - page.first[node] <= LINES_OF_TITLE)
    named = next((node for node in blocks if any(TITLE_NAME.search(name) for name in page.tree.kinds[node].names)), None)
    return "".join(line.text for line in page.lines[page.first[named] : index + 1]) if named is not None else ""


def near_dates(above: Sequence[Line], near: Sequence[Reading]) -> Iterator[Reading]:
    """Give dates that open or are a line between the title and the text."""
    for line in reversed(above):
        if near and line.text == near[0].value:
            break
        if len(line.text) <= LONGEST_DATE_LINE and (DATED.match(line.text) or DATED_LAST.fullmatch(line.text)):
            yield Reading(line.text, "near", line.text)


def dates_below(below: Sequence[Line]) -> Iterator[Reading]:
    """Give the day that press releases set below their end mark: 完, 2031年5月14日（星期三）."""
    ended = False
    for line in below:
        if ended and DAY_ALONE.fullmatch(line.text):
            yield Reading(line.text, "below", line.text)
        ended = ended or END_MARK.fullmatch(line.text) is not None


def labelled_texts(lines: Sequence[Line]) -> Iterator[str]:
    """Give the texts of lines, a label in a cell or block of its own (发布时间 | 2024-05-06) with the value that follows it."""
    label = ""
    for text in (part for line in lines for part in (line.cells or (line.text,))):
        alone = text.rstrip(":：")
        if is_label(alone):
            label = alone
            continue
        yield f"{label}：{text}" if label and not labels_of((text,)) else text
        label = ""


def script_dates(text: str, tags: PageTags) -> Iterator[Reading]:
    """Give the date a script writes, where the page shows none itself."""
    if any(found.place != "meta" for found in tags.all("issued")):
        return
    for found in WRITTEN_DATE.finditer(text):
        before = text[max(0, found.start() - LONGEST_NAME) : found.start()]
        if (name := next((name for name in ISSUED_NAME.finditer(before) if name.end() == len(before)), None)) is not None:
            yield Reading(found["date"], "script", name.group() + found.group())
            return
