"""How much a group of anchors looks like a page's list.

A group is worth what its rows look like: titles long enough to be titles, dates beside them, addresses shaped like notices; and less
where it stands in navigation, side columns or footers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from spiders.lists.rows import Group, Row
from spiders.lists.segments import Element

ASIDE = re.compile(
    r"nav|menu|foot|header|crumb|location|position|friend|yqlj|copyright|sidebar|side-|aside|pag(er|ing|ination)\b|toolbar|login|share|banner"
    r"|slide|swiper|lunbo|(?<![a-z])(?<!padding-)(?<!margin-)(hot|rank|relat|recommend|recent|top|head|prev|next|tags|tag-?cloud|topic|focus|random)",
    re.IGNORECASE,
)
ASIDE_WORTH = (1.0, 0.25, 0.12)  # by how many of the elements around say so
MAIN = re.compile(r"list|news|main|content|result|zwgk|xxgk|con\b", re.IGNORECASE)
DIRECTORY = re.compile(r"(/|/index(_\d+)?\.\w+|/(list|col\d+|channel|column)[^/]*)$|^[^/]*//[^/]*$")
ID_SHAPED = re.compile(r"\d{4,}|[0-9a-f]{16,}|\d{4}[-/]\d{1,2}|[?&]\w*id=\d+|/\d+\.s?html?", re.IGNORECASE)
DATED_PATH = re.compile(r"/(19|20)\d\d[-/]?\d\d?[-/]\d\d?/")
FILE = re.compile(r"\.(pdf|docx?|xlsx?|wps|ofd|zip|rar)$", re.IGNORECASE)
MOST_JUDGED = 12
LONG_NAME = 12  # characters: longer than the names of columns


@dataclass(frozen=True, slots=True)
class Judged:
    """A group with what it is worth, the mean worth of a row before place and dates, and the share of rows with a date."""

    group: Group
    worth: float
    mean: float
    dated: float

    @property
    def container(self) -> Element | None:
        """The closest element that holds all rows."""
        first, *others = [list(row.anchor.iterancestors()) for row in self.group.rows]
        common = set(first).intersection(*others) if others else set(first)
        return next((element for element in first if element in common), None)


def likeliest(found: Iterable[Group], is_article: Callable[[str], bool]) -> list[Judged]:
    """Judge the groups whose rows alone promise most, the best first; reading dates of the hundreds of others would change nothing."""
    named = [(total * _place(group), total, group) for group in found if (total := _total(group, is_article))]
    named.sort(key=lambda one: -one[0])
    judged = [_judge(_without_labels(group, is_article), worth, total) for worth, total, group in named[:MOST_JUDGED]]
    return sorted(judged, key=lambda one: -one.worth)


def _judge(group: Group, worth: float, total: float) -> Judged:
    group = _without_dateless_blocks(group)
    dated = sum(date is not None for date in group.dates) / len(group.rows)
    return Judged(group, worth * (1 + 4 * dated), total / len(group.rows), dated)


def _total(group: Group, is_article: Callable[[str], bool]) -> float:
    """Add up what the rows are worth alone; a picture's title that others share is worth one."""
    named = Counter(row.title for row in group.rows if not row.text)
    return sum(_row_worth(row, is_article) / (named[row.title] or 1) for row in group.rows)


def _place(group: Group) -> float:
    """Weigh where a group stands: aside it is worth less, in what is called a list or content more."""
    names = [step.partition("#")[2] for step in group.path]
    place = ASIDE_WORTH[min(2, sum(map(bool, map(ASIDE.search, names[-6:]))))]
    place *= 1.2 if any(map(MAIN.search, names[-4:])) else 1.0
    return place * (0.3 if any(step.startswith(("nav#", "footer#", "header#", "aside#", "marquee#")) for step in group.path) else 1.0)


def is_aside(group: Group) -> bool:
    """Say whether a group stands in what is named a navigation, side column or footer."""
    return _place(group) < 1


def _without_labels(group: Group, is_article: Callable[[str], bool]) -> Group:
    """Leave out the short links to columns ("[社会]") among rows that nearly all lead to notices."""
    notices = [_is_notice_shaped(row.url, is_article) for row in group.rows]
    if sum(notices) < 0.75 * len(notices):
        return group
    kept = tuple(row for row, notice in zip(group.rows, notices, strict=True) if notice or len(row.title) >= 7)
    return group if len(kept) == len(group.rows) else Group(group.path, kept)


def _is_notice_shaped(url: str, is_article: Callable[[str], bool]) -> bool:
    return is_article(url) or bool(ID_SHAPED.search(url) and not DIRECTORY.search(url))


def _without_dateless_blocks(group: Group) -> Group:
    """Leave out blocks without a single date where the rows of the other blocks are dated: a side list of the same make."""
    dates = [date is not None for date in group.dates]
    blocks = [segment[0].getparent() for segment in group.segments]
    dated = {block for block, date in zip(blocks, dates, strict=True) if date}
    kept = [block in dated for block in blocks]
    if all(kept) or sum(dates) < max(3, 0.9 * sum(kept)):
        return group
    return Group(group.path, tuple(row for row, keep in zip(group.rows, kept, strict=True) if keep))


def _row_worth(row: Row, is_article: Callable[[str], bool]) -> float:
    length = len(row.title)
    score = 0.1 if length < 5 else 0.4 if length < 8 else 1.0 if length < 12 else 1.6
    if not row.url:
        return score * 0.8
    if is_article(row.url):
        return score * 2
    if FILE.search(row.url):
        return score * 1.2
    if DIRECTORY.search(row.url) and not DATED_PATH.search(row.url):
        return score * (0.6 if length >= LONG_NAME else 0.2)
    return score * (1.5 if ID_SHAPED.search(row.url) else 0.8)
