"""The generic listing reader: finds the rows of a page's main list by structure, whatever made the page.

Anchors are grouped by the path of tags and classes that leads to them, since rows of one list repeat one structure. A group is
worth what its rows look like: titles long enough to be titles, dates beside them, addresses shaped like notices, and not standing
in navigation, side columns or footers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from lxml import etree

from cleaners.records import Entry
from spiders.paging import followable, words_of

Element = etree._Element  # noqa: SLF001 - lxml's public element type has no other name

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FORMATTING = frozenset(("a", "b", "strong", "font", "span", "em", "i", "u", "big", "small", "center", "nobr", *HEADINGS))
ASIDE = re.compile(
    r"nav|menu|foot|header|\bhead\b|crumb|location|position|friend|yqlj|copyright|sidebar|side-|aside|\bleft|_left|hot\b|rank|relat|recommend"
    r"|pag(e|er|ing|ination)\b|toolbar|\btop\b|login|share|banner|slide|swiper|focus|lunbo|topic|tag",
    re.IGNORECASE,
)
MAIN = re.compile(r"list|news|main|content|right|result|zwgk|xxgk|con\b", re.IGNORECASE)
FULL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.．年]\s*(1[0-2]|0?[1-9])\s*[-/.．月]\s*(3[01]|[12]\d|0?[1-9])(?!\d)")
SPLIT_DATE = re.compile(
    r"(?<![\d-])(?P<d1>3[01]|[12]\d|0?[1-9])\s*日?\s*[/|]?\s*(?P<y1>20\d\d)\s*[-/.年]\s*(?P<m1>1[0-2]|0?[1-9])(?![\d-])"
    r"|(?<!\d)(?P<y2>20\d\d)\s*[-/.年]\s*(?P<m2>1[0-2]|0?[1-9])\s*月?\s+(?P<d2>3[01]|[12]\d|0?[1-9])(?!\d)"
    r"|(?<!\d)(?P<m3>1[0-2]|0?[1-9])[-/.](?P<d3>3[01]|[12]\d|0?[1-9])\s+(?P<y3>20\d\d)(?!\d)"
    r"|(?<!\d)(?P<d4>3[01]|[12]\d|0?[1-9])\s+(?P<m4>1[0-2]|0?[1-9])月?\s*[-/.]?\s*(?P<y4>20\d\d)(?!\d)"
)
COMPACT_DATE = re.compile(r"[\[(（]\s*(20\d\d)(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])\s*[\])）]")
DIRECTORY = re.compile(r"(/|/index(_\d+)?\.\w+|/(list|col\d+|channel|column)[^/]*)$|^[^/]*//[^/]*$")
ID_SHAPED = re.compile(r"\d{4,}|[0-9a-f]{16,}|\d{4}[-/]\d{1,2}|[?&]\w*id=\d+|/\d+\.s?html?", re.IGNORECASE)
PLAIN_WORDS = re.compile(
    r"^[\[【(（]?\s*(更多|more|详细|详情|查看|阅读|全文|下载|进入|返回|首页|尾页|上一页|下一页|\d+)\W*$", re.IGNORECASE
)
FILE = re.compile(r"\.(pdf|docx?|xlsx?|wps|ofd|zip|rar)$", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One anchor with its resolved address and the text of the row around it."""

    anchor: Element
    url: str

    @cached_property
    def text(self) -> str:
        """What the anchor shows, white space folded."""
        return folded(words_of(self.anchor))

    @cached_property
    def title(self) -> str:
        """The notice's title: the `title` attribute where the text is cut, else a heading inside, else the text without a date."""
        stated = folded(self.anchor.get("title") or "")
        heading = next((folded(words_of(part)) for part in self.anchor.iter(*HEADINGS)), "")
        shown = heading or self.text
        if stated and not FULL_DATE.fullmatch(stated) and (len(stated) >= len(shown.rstrip(".…")) or cut(shown)):
            return stated
        return shown


@dataclass(frozen=True)
class Group:
    """The anchors of one structure, in document order."""

    path: tuple[str, ...]
    rows: tuple[Row, ...]

    @cached_property
    def segments(self) -> tuple[tuple[Element, ...], ...]:
        """For each row the elements that belong to it alone."""
        return tuple(segments([row.anchor for row in self.rows]))


def folded(text: str) -> str:
    """Fold every run of white space (U+3000 and U+00A0 too) to one space."""
    return " ".join(text.split())


def cut(text: str) -> bool:
    """Say whether a listing shortened the title."""
    return text.endswith(("...", "…", "..", "⋯"))


def groups(tree: Element, url: str) -> list[Group]:
    """Group a page's usable anchors by structure."""
    found: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for anchor in tree.iter("a"):
        address = followable(anchor.get("href") or "", url)
        if address is None:
            continue
        row = Row(anchor, address)
        if len(row.title) >= 2 and not PLAIN_WORDS.match(row.text):
            found[path_of(anchor)].setdefault(address, row)
    return [Group(path, tuple(rows.values())) for path, rows in found.items()]


def path_of(anchor: Element) -> tuple[str, ...]:
    """Give the tags from the root to the anchor, with id and class above the row, formatting tags left out."""
    steps: list[str] = []
    below = True
    for element in anchor.iterancestors():
        tag = str(element.tag)
        if tag in FORMATTING or tag == "tbody":
            continue
        if below and tag in {"li", "tr", "td", "dd", "dt", "dl", "p", "ul"}:
            steps.append(tag)
            below = tag in {"td", "dd", "dt", "p"}
            continue
        if below and not steps:
            steps.append(tag)
            below = False
            continue
        below = False
        steps.append(f"{tag}#{element.get('id', '')}.{element.get('class', '')}")
    return tuple(reversed(steps))


def segments(anchors: list[Element]) -> Iterator[tuple[Element, ...]]:
    """Give for each anchor its row: the widest ancestor that holds no other anchor of the list, and what follows it up to the next."""
    count: dict[Element, int] = defaultdict(int)
    for anchor in anchors:
        for element in (anchor, *anchor.iterancestors()):
            count[element] += 1
    for anchor in anchors:
        yield _segment(anchor, count, alone=len(anchors) == 1)


def _segment(anchor: Element, count: dict[Element, int], *, alone: bool) -> tuple[Element, ...]:
    row = anchor
    for element in anchor.iterancestors():
        if count[element] > 1 or element.tag in {"body", "ul", "ol", "table", "tbody"}:
            break
        row = element
        if alone and element.tag in {"li", "tr", "dl", "p"}:
            break
    following: list[Element] = []
    if row.tag in {"a", "dt", "span", "h3", "h4", "b", "td", "p", "div"} and not alone:
        for sibling in row.itersiblings():
            if count.get(sibling, 0) or len(following) > 4 or sibling.tag == "br":
                break
            following.append(sibling)
    return (row, *following)


def row_date(segment: tuple[Element, ...], title: str) -> date | None:
    """Read the date printed in a row beside its title; the last one where there are several, None where the year is missing."""
    tails = len(segment) > 1 or segment[0].tag == "a"
    words = " ".join(" ".join([*map(str, part.itertext()), part.tail or "" if tails else ""]) for part in segment)
    text = folded(words).replace(title, " ")
    for pattern in (FULL_DATE, COMPACT_DATE):
        found = pattern.findall(text)
        if found:
            return _day(*found[-1])
    split = SPLIT_DATE.search(text)
    if split:
        parts = {key[0]: value for key, value in split.groupdict().items() if value}
        return _day(parts["y"], parts["m"], parts["d"])
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def worth(group: Group, is_article: Callable[[str], bool]) -> float:
    """Score a group: the sum over its rows, lowered where it stands aside and raised where dates stand beside most rows."""
    rows = group.rows
    dates = sum(row_date(segment, row.title) is not None for segment, row in zip(group.segments, rows, strict=True))
    total = sum(_row_worth(row, is_article) for row in rows)
    place = 0.25 if any(ASIDE.search(step.partition("#")[2]) for step in group.path) else 1.0
    place *= 1.2 if any(MAIN.search(step.partition("#")[2]) for step in group.path[-4:]) else 1.0
    if any(step.startswith(("nav#", "footer#", "header#", "aside#", "marquee#")) for step in group.path):
        place *= 0.3
    return total * place * (1 + 2 * dates / len(rows))


def _row_worth(row: Row, is_article: Callable[[str], bool]) -> float:
    length = len(row.title)
    score = 0.1 if length < 5 else 0.4 if length < 8 else 1.0 if length < 12 else 1.6
    if is_article(row.url):
        return score * 2
    if FILE.search(row.url):
        return score * 1.2
    if DIRECTORY.search(row.url):
        return score * 0.2
    return score * (1.5 if ID_SHAPED.search(row.url) else 0.8)


def entries(group: Group) -> tuple[Entry, ...]:
    """Make the entries of a group's rows."""
    pairs = zip(group.segments, group.rows, strict=True)
    return tuple(Entry(url=row.url, title=_undated(row.title), issued=row_date(segment, row.title)) for segment, row in pairs)


def _undated(title: str) -> str:
    """Drop a date that the anchor holds before or after the title."""
    bare = re.sub(rf"^\W?\s*{FULL_DATE.pattern}日?\s*\W?\s|\s\W?\s*{FULL_DATE.pattern}日?\s*\W?$", "", title).strip()
    return bare or title
