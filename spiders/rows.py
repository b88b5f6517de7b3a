"""The anchors of a page, grouped by the path of tags and classes that leads to them: rows of one list repeat one structure."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from cleaners.records import Entry, Moment
from cleaners.urls import join
from spiders.paging import words_of
from spiders.pinned import pinned, without_mark
from spiders.rowdates import FULL_DATE, row_date, undated
from spiders.segments import Element, segments

ROW_TAGS = frozenset(("li", "tr", "td", "dd", "dt", "p"))
BLOCKS = ("p", "div", "dt", "dd", "td", "span")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FORMATTING = frozenset(("a", "b", "strong", "font", "span", "em", "i", "u", "big", "small", "center", "nobr", *HEADINGS))
SCRIPTED_TAGS = ("li", "tr", "td", "div", "dl", "dd", "p", "span", "h3", "h4")
PATH_IN_SCRIPT = re.compile(
    r"['\"](?:([^'\"\s<>]{1,200}\.(?:[sjt]?html?|jspx?|aspx?|php|action|do|pdf|docx?|xlsx?)(?:\?[^'\"\s<>]{0,300})?)"
    r"|((?:https?:/|\.{1,2})?/[^'\"\s<>]{2,300}))['\"]"
)
PLAIN_WORDS = re.compile(
    r"^[\[【(（]?\s*(更多|more|详细|详情|查看|阅读|全文|下载|进入|返回|首页|尾页|末页|[上下前后][一\d]{0,2}页|第一页|最后一页|第\d+页|跳转|转到|确定|GO"
    r"|\d+)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Row:
    """One anchor with its resolved address, which is empty where only a script follows it."""

    anchor: Element
    url: str

    @cached_property
    def text(self) -> str:
        """What the anchor shows, white space folded."""
        return folded(words_of(self.anchor))

    @cached_property
    def title(self) -> str:
        """The notice's title: the `title` attribute where the text is cut, else a heading inside, else the text."""
        return self.stated or self.shown

    @cached_property
    def stated(self) -> str:
        """The `title` attribute, where it gives in full what the row shows; empty where it says something else or is not there."""
        stated, shown = folded(self.anchor.get("title") or ""), self.shown
        if not stated or FULL_DATE.fullmatch(stated):
            return ""
        longer = len(stated) >= len(shown.rstrip(".…")) and (stated[:6] in shown or undated(shown)[:6] in stated)
        return stated if longer or cut(shown) else ""

    @cached_property
    def name(self) -> str:
        """The title without a date that the row shows before or after it."""
        return self.stated or undated(self.shown)

    @cached_property
    def shown(self) -> str:
        """The text of the title inside an anchor that may wrap a whole row with summary and date."""
        if len(self.anchor) == 0:
            return self.text
        inner = [part for tags in (HEADINGS, BLOCKS) for part in self.anchor.iter(*tags) if part is not self.anchor]
        parts = [folded(words_of(part)) for part in inner if next(part.iterdescendants(*HEADINGS, *BLOCKS), None) is None]
        if len(parts) < 2 and next(self.anchor.iter(*HEADINGS), None) is None:
            return self.text
        return next((part for part in parts if len(part) > 3 and undated(part)), self.text)


@dataclass(frozen=True)
class Group:
    """The anchors of one structure, in document order."""

    path: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def live(self) -> tuple[Row, ...]:
        """The rows that have an address."""
        return tuple(row for row in self.rows if row.url)

    @cached_property
    def segments(self) -> tuple[tuple[Element, ...], ...]:
        """For each row the elements that belong to it alone."""
        return tuple(segments([row.anchor for row in self.rows]))

    @cached_property
    def dates(self) -> tuple[Moment | None, ...]:
        """For each row the date printed in it."""
        return tuple(row_date(segment, row.name) for segment, row in zip(self.segments, self.rows, strict=True))


def folded(text: str) -> str:
    """Fold every run of white space (U+3000 and U+00A0 too) to one space."""
    return " ".join(text.split())


def cut(text: str) -> bool:
    """Say whether a listing shortened the title."""
    return text.endswith(("...", "…", "..", "⋯"))


def groups(tree: Element, url: str) -> list[Group]:
    """Group a page's usable anchors by structure; one that only a script follows is kept when its text is long."""
    found: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for anchor in (*tree.iter("a"), *_scripted(tree)):
        row = Row(anchor, address(anchor, url))
        if len(row.title) >= (2 if row.url else 8) and not PLAIN_WORDS.match(row.text) and row.name:
            found[path_of(anchor)].setdefault(row.url or row.title, row)
    return [Group(path, tuple(rows.values())) for path, rows in found.items()]


def address(anchor: Element, url: str) -> str:
    """Resolve where a row leads: by its `href`, else by the path that its script or a `data-` attribute names; empty for nowhere."""
    href = (anchor.get("href") or "").strip()
    if href and not href.startswith("#") and (found := join(url, href)):
        return found
    named = PATH_IN_SCRIPT.search(f"{href} {anchor.get('onclick') or ''}")
    path = next(filter(None, named.groups()), "") if named else anchor.get("data-href") or anchor.get("data-url") or ""
    return join(url, path) or "" if path else ""


def _scripted(tree: Element) -> list[Element]:
    """Give the rows that are no links and that a script follows when they are clicked on."""
    found = [element for element in tree.iter(*SCRIPTED_TAGS) if element.get("onclick") and PATH_IN_SCRIPT.search(element.get("onclick"))]
    return [element for element in found if next(element.iter("a"), None) is None]


def path_of(anchor: Element) -> tuple[str, ...]:
    """Give the tags from the root to the anchor: containers with id and class (numbers as 0), rows and cells by tag alone."""
    steps: list[str] = []
    for element in anchor.iterancestors():
        tag = str(element.tag)
        if tag in FORMATTING or tag == "tbody":
            continue
        if tag in ROW_TAGS or not steps:
            steps.append(tag)
        else:
            steps.append(re.sub(r"\d+", "0", f"{tag}#{element.get('id', '')}.{element.get('class', '')}"))
    return tuple(reversed(steps))


def entries(group: Group) -> tuple[Entry, ...]:
    """Make the entries of a group's rows that have an address."""
    marks = pinned(group.segments, [row.name for row in group.rows])
    return tuple(
        Entry(url=row.url, title=without_mark(row.name), issued=issued, pinned=mark)
        for row, issued, mark in zip(group.rows, group.dates, marks, strict=True)
        if row.url
    )
