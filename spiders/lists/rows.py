"""The anchors of a page, grouped by the path of tags and classes that leads to them: rows of one list repeat one structure."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from cleaners.records import Entry, Moment
from cleaners.urls import join
from spiders.lists.landmarks import in_trail
from spiders.lists.pinned import pinned, without_mark
from spiders.lists.rowdates import ALONE, FULL_DATE, dated_by, row_date, undated
from spiders.lists.segments import Element, segments
from spiders.paging import words_of

ROW_TAGS = frozenset(("li", "tr", "td", "dd", "dt", "p"))
BLOCKS = ("p", "div", "dt", "dd", "td", "span")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TITLED = re.compile(r"(?:^|[\s_-])(?:tit|title|bt|biaoti|subject|name)(?:$|[\s_-])", re.IGNORECASE)
NEIGHBOUR = re.compile(r"(?:^|[\s_-])(?:prev|next)", re.IGNORECASE)
BOLD = ("strong", "b")
FORMATTING = frozenset(("a", "b", "strong", "font", "span", "em", "i", "u", "big", "small", "center", "nobr", *HEADINGS))
SCRIPTED_TAGS = ("li", "tr", "td", "div", "dl", "dd", "p", "span", "h3", "h4")
PATH_IN_SCRIPT = re.compile(
    r"['\"](?:([^'\"\s<>]{1,200}\.(?:[sjt]?html?|jspx?|aspx?|php|action|do|pdf|docx?|xlsx?)(?:\?[^'\"\s<>]{0,300})?)"
    r"|((?:https?:/|\.{1,2})?/[^'\"\s<>]{2,300}))['\"]"
)
NUMBER = re.compile(r"\d+")
BREAKS = frozenset(("br", "hr"))
LONGEST_TITLE = 70  # characters; what is longer and leads to where a shorter text does is a summary
LONGEST_LABEL = 8  # characters, with brackets
PLAIN_WORDS = re.compile(
    r"^[\[【(（]?\s*(更多|more|详细|详情|查看|阅读|全文|下载|进入|返回\w{0,4}|首页|尾页|末页|[上下前后][一\d]{0,2}页|第一页|最后一页|第\d+页|跳转|转到|确定|GO"
    r"|\d+|(?:[今昨前]天|刚刚|\d{1,2}\s?(?:分钟|小时|天|个月|年)前)\s{0,9}[\d:]{0,8})\W*$|^(?:https?://|www\.)[\w./?=&%-]{1,200}$",
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
        if len(stated) > LONGEST_LABEL and stated in self.text:
            return stated
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
        inner = [part for part in self.anchor.iter(*HEADINGS, *BLOCKS) if part is not self.anchor]
        named = [part for part in inner if TITLED.search(part.get("class") or "")]
        heads = [*self.anchor.iter(*HEADINGS), *named, *(self.anchor.iter(*BOLD) if inner else ())]
        parts = [part for part in inner if next(part.iterdescendants(*HEADINGS, *BLOCKS), None) is None]
        if not heads and len(parts) < 2:
            return _words(self.anchor)
        texts = map(_words, (*heads, *parts))
        return next((text for text in texts if len(text) > 3 and undated(text) and any(map(str.isalpha, text))), self.text)


def _words(part: Element) -> str:
    """Give the text of an element without the pieces in it that are dates."""
    pieces = [str(piece) for piece in part.itertext()]
    kept = [piece for piece in pieces if not ALONE.match(piece)] if len(pieces) > 1 else pieces
    return folded("".join(kept)) or folded("".join(pieces))


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

    @property
    def issued(self) -> tuple[Moment | None, ...]:
        """The dates; where all rows print month and day alone, in the years that their addresses name."""
        if any(self.dates):
            return self.dates
        named = tuple(dated_by(row.url, segment) for segment, row in zip(self.segments, self.rows, strict=True))
        return named if all(named) else self.dates


def folded(text: str) -> str:
    """Fold every run of white space (U+3000 and U+00A0 too) to one space."""
    return " ".join(text.split())


def cut(text: str) -> bool:
    """Say whether a listing shortened the title."""
    return text.endswith(("...", "…", "..", "⋯"))


def groups(tree: Element, url: str) -> list[Group]:
    """Group a page's usable anchors by structure; one that only a script follows is kept when its text is long."""
    found: dict[tuple[str, ...], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    known: dict[Element, tuple[str, ...]] = {}
    for anchor in (*tree.iter("a"), *_scripted(tree)):
        row = Row(anchor, address(anchor, url))
        if (
            len(row.title) >= (2 if row.url else 8)
            and not PLAIN_WORDS.match(row.text)
            and row.name
            and not in_trail(anchor)
            and not _is_neighbour(anchor)
        ):
            found[path_of(anchor, known)][row.url or row.title].append(row)
    return _once(_united([Group(path, _one_a_line(_best(rows.values()))) for path, rows in found.items()]))


def _is_neighbour(anchor: Element) -> bool:
    """Say whether a link is named as the one to a notice's neighbour."""
    parent = anchor.getparent()
    return parent is not None and bool(NEIGHBOUR.search(parent.get("class") or ""))


def _once(found: list[Group]) -> list[Group]:
    """Leave out the groups that lead where another does: pictures, "details", a list for small screens, and longer texts: summaries."""
    alike: dict[frozenset[str], list[Group]] = defaultdict(list)
    for group in found:
        alike[frozenset(row.url or row.title for row in group.rows)].append(group)
    kept = [min(same, key=_group_doubt) for same in alike.values()]
    short = [{row.url for row in group.rows} for group in kept if not _is_long(group)]
    return [group for group in kept if not any(_is_part(group, urls) for urls in short)]


def _is_part(group: Group, urls: set[str]) -> bool:
    """Say whether another group leads where this one of summaries does, or is this one with a few rows more."""
    own = {row.url for row in group.rows}
    return own <= urls if _is_long(group) else len(own) > 2 and own < urls and len(urls) < 2 * len(own)


def _group_doubt(group: Group) -> tuple[bool, bool, bool, bool]:
    length = sum(len(row.title) for row in group.rows)
    short = length <= LONGEST_LABEL * len(group.rows)
    return _is_long(group), not _is_headed(group.rows[0]), short, not all(row.text for row in group.rows)


def _is_headed(row: Row) -> bool:
    """Say whether a link is a heading, or holds one."""
    inner = next(row.anchor.iter(*HEADINGS), None)
    around = itertools.takewhile(lambda element: element.tag in FORMATTING, row.anchor.iterancestors())
    return inner is not None or any(element.tag in HEADINGS for element in around)


def _is_long(group: Group) -> bool:
    """Say whether rows are longer than titles, or sentences."""
    sentences = sum("。" in row.title[:-1] for row in group.rows)
    return sum(len(row.title) for row in group.rows) > LONGEST_TITLE * len(group.rows) or sentences * 2 > len(group.rows)


def _best(rows: Collection[list[Row]]) -> tuple[Row, ...]:
    """Choose among the links to one address the one that names it: words before a picture's, none that others share, no short one."""
    if max(map(len, rows)) == 1:
        return tuple(row for (row,) in rows)
    shared = Counter(title for same in rows for title in {row.title for row in same})
    return tuple(min(same, key=lambda row: _doubt(row, shared)) for same in rows)


def _doubt(row: Row, shared: Mapping[str, int]) -> tuple[bool, bool, bool, bool]:
    return shared[row.title] > 2, len(row.title) <= LONGEST_LABEL, len(row.title) > LONGEST_TITLE, not row.text


def _one_a_line(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Leave out the short links beside a long one in the same line of the same block: its column, its author, "details"."""
    lines: dict[tuple[Element, int], list[Row]] = defaultdict(list)
    for row in rows:
        lines[_line(row.anchor)].append(row)
    if len(lines) == len(rows):
        return rows
    longest = {line: max(len(row.title) for row in beside) for line, beside in lines.items()}
    return tuple(row for row in rows if len(row.title) > LONGEST_LABEL or len(row.title) * 2 > longest[_line(row.anchor)])


def _line(anchor: Element) -> tuple[Element, int]:
    """Give the block an anchor stands in, and how many line breaks there are in it before the anchor."""
    inner = anchor
    for element in anchor.iterancestors():
        if element.tag not in FORMATTING or element.tag in HEADINGS:
            return element, sum(sibling.tag in BREAKS for sibling in inner.itersiblings(preceding=True))
        inner = element
    return inner, 0


def _united(found: list[Group]) -> list[Group]:
    """Unite groups that differ only in names given to single rows: each row is alone in a child of one element, by the same tags."""
    by_tags: dict[tuple[str, ...], list[Group]] = defaultdict(list)
    for group in found:
        by_tags[tuple(step.partition("#")[0] for step in group.path)].append(group)
    return [united for alike in by_tags.values() for united in (_by_container(alike) if len(alike) > 1 else alike)]


def _by_container(alike: list[Group]) -> list[Group]:
    count = Counter(element for group in alike for row in group.rows for element in row.anchor.iterancestors())
    containers = {group.path: {_shared(row.anchor, count) for row in group.rows} for group in alike}
    united: dict[Element, list[Group]] = defaultdict(list)
    for group in alike:
        if len(containers[group.path]) == 1:
            united[next(iter(containers[group.path]))].append(group)
    joined = {group.path for groups_ in united.values() if len(groups_) > 1 for group in groups_}
    whole = [_joined(groups_) for groups_ in united.values() if len(groups_) > 1]
    return [*(group for group in alike if group.path not in joined), *whole]


def _shared(anchor: Element, count: Mapping[Element, int]) -> Element:
    """Give the closest element that holds other anchors too."""
    return next((element for element in anchor.iterancestors() if count[element] > 1), anchor)


def _joined(alike: list[Group]) -> Group:
    order = {row.anchor: row for group in alike for row in group.rows}
    container = next(element for element in alike[0].rows[0].anchor.iterancestors() if all(element in row.iterancestors() for row in order))
    rows = {row.url or row.title: row for row in reversed([order[anchor] for anchor in container.iter() if anchor in order])}
    return Group(alike[0].path, tuple(rows.values())[::-1])


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


def path_of(anchor: Element, known: dict[Element, tuple[str, ...]]) -> tuple[str, ...]:
    """Give the tags from the root to the anchor: containers with id and class (numbers as 0), rows and cells by tag alone.

    `known` keeps the paths of the elements met, for the anchors to come.
    """
    missing = list(itertools.takewhile(lambda element: element not in known, anchor.iterancestors()))
    above = missing[-1].getparent() if missing else anchor.getparent()
    path = known.get(above, ())
    for element in reversed(missing):
        path = known[element] = (*path, *_step(element))
    return path


def _step(element: Element) -> tuple[str, ...]:
    tag = str(element.tag)
    if tag in FORMATTING or tag == "tbody":
        return ()
    return (tag if tag in ROW_TAGS else NUMBER.sub("0", f"{tag}#{element.get('id', '')}.{element.get('class', '')}"),)


def entries(group: Group) -> tuple[Entry, ...]:
    """Make the entries of a group's rows that have an address."""
    marks = pinned(group.segments, [row.name for row in group.rows])
    return tuple(
        Entry(url=row.url, title=without_mark(row.name), issued=issued, pinned=mark)
        for row, issued, mark in zip(group.rows, group.issued, marks, strict=True)
        if row.url
    )
