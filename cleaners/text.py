"""Node -> lines: one walk over a page gives its paragraphs, headings and table rows in reading order.

Block elements break lines, inline elements never do; a data table is read row by row. Beside each line stands what the
choice of the body needs: how much of it is link text and whether it stands in a part of the page that is seldom text. The
walk is iterative, so nesting depth costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from cleaners.strips import StripReader

Element = Any  # an lxml element: its type has no public name

_BLOCKS = (
    "html body div p section article main header footer nav aside table thead tbody tfoot tr td th caption ul ol li dl dt dd h1 h2"
    " h3 h4 h5 h6 blockquote pre center form fieldset figure figcaption address hr details summary ucaptitle ucapcontent"
    " publishtime"
)
BLOCKS = frozenset(_BLOCKS.split())
_SKIPPED = (
    "script style noscript iframe object embed applet template select option optgroup button textarea svg math head title meta"
    " link audio video map canvas datalist progress"
)
SKIPPED = frozenset(_SKIPPED.split())
HEADINGS = {f"h{level}": level for level in range(1, 7)}
HIDDEN_CLASSES = frozenset({"hide", "hidden", "ng-hide", "d-none", "dn", "sr-only", "visually-hidden", "none"})
HIDDEN_STYLE = re.compile(r"[dD](?i:isplay)\s{0,3}:\s{0,3}(?i:none)|[vV](?i:isibility)\s{0,3}:\s{0,3}(?i:hidden)")
SELDOM = re.compile(
    r"(?:^|[\s_-])(?:foot|footer|footbox|bottom|copyright|copy-right|nav|navbar|menu|submenu|sidebar|side|aside|crumbs?|breadcrumb|bread"
    r"|share|bdsharebuttonbox|related|relate|xgwz|xgxw|xgyd|recommend|hot|rank|comment|comments|pager|pagination|topbar|toolbar|login|search"
    r"|banner|friendlink|links?|qrcode|ewm|prevnext|weizhi|position|dqwz|xgbd|header|right|rightbox|left-nav|leftnav|leftmenu|lanmu"
    r"|statement|disclaimer|shengming|shenming|mianze|banquan|tuijian|xiangguan|fenxiang|pinglun|daohang|dibu|youce|zuoce|stream"
    r"|morestories)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
"""Class names and ids, in English and Pinyin, of the parts of a page that are seldom its text (`page` is as often the whole of it)."""
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e]+")


@dataclass(slots=True)
class Line:
    """One line of a page: `kind`, `level` and `cells` as in Paragraph; `links` counts the characters inside links."""

    text: str
    kind: str = "text"
    level: int = 0
    cells: tuple[str, ...] = ()
    links: int = 0
    seldom: bool = False


@dataclass(slots=True)
class Page:
    """The lines of a page, which of them each block covers (first, last + 1), its names (.class, #id), links and images by line."""

    lines: list[Line] = field(default_factory=list)
    ranges: dict[Element, tuple[int, int]] = field(default_factory=dict)
    names: dict[Element, tuple[str, ...]] = field(default_factory=dict)
    anchors: list[tuple[int, Element]] = field(default_factory=list)
    images: list[tuple[int, Element]] = field(default_factory=list)


def collapse(text: str) -> str:
    """Collapse each run of white space to one blank and drop characters nobody sees; nothing else of the text is touched."""
    collapsed = " ".join(text.split())
    return collapsed if collapsed.isprintable() else " ".join(INVISIBLE.sub("", collapsed).split())


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Say whether an element's attributes mark it as not shown: `hidden`, display:none or a class that means it."""
    if "hidden" in attributes or ("style" in attributes and HIDDEN_STYLE.search(attributes["style"])):
        return True
    return "class" in attributes and not HIDDEN_CLASSES.isdisjoint(attributes["class"].split())


def is_data_table(table: Element) -> bool:
    """Say whether a table holds data (rows of short cells) and is not the scaffold of a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    wide = 0
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        if any(_is_page_like(cell) for cell in cells):
            return False
        wide += len(cells) > 1
    return wide > 1


def _is_page_like(cell: Element) -> bool:
    blocks = sum(1 for _ in cell.iterchildren("p", "div", "br", "h1", "h2", "h3"))
    return blocks > 3 and len("".join(cell.itertext())) > 400


def read_lines(root: Element, *, hidden: bool = False, strips: StripReader | None = None) -> Page:
    """Walk a page once and give its lines; `hidden` reads what is marked as not shown as well, `strips` are read on the way."""
    reader = _Reader(hidden=hidden, strips=strips)
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            if not reader.start(element):
                walker.skip_subtree()
        else:
            reader.end(element)
    reader.flush()
    return reader.page


class _Reader:
    """Collects the text of a walk: `start` says whether to go into an element, `end` closes it and takes its tail."""

    def __init__(self, *, hidden: bool, strips: StripReader | None) -> None:
        self.page = Page()
        self.hidden = hidden
        self.strips = strips
        self.skipped: Element = None
        self.open: dict[Element, int] = {}
        self.parts: list[str] = []
        self.links = 0
        self.link_depth = 0
        self.seldom: list[Element] = []
        self.level = 0
        self.caption = False
        self.data_table: Element = None
        self.cells: list[str] | None = None
        self.cell_links = 0

    def start(self, element: Element) -> bool:
        """Open an element; False when its subtree is not to be read."""
        tag, attributes = element.tag, dict(element.items())
        if tag in SKIPPED or not isinstance(tag, str) or (attributes and not self.hidden and is_hidden(attributes)):
            self.skipped = element
            if self.strips is not None:
                self.strips.read(element)
            return False
        if self.strips is not None:
            self.strips.start(element, tag)
        if tag in BLOCKS or (len(element) and tag not in {"a", "b", "strong", "em", "i", "u", "br", "img"} and _holds_blocks(element)):
            self._open_block(element, tag, attributes)
        elif tag == "br":
            self._break()
        elif tag == "a":
            self.link_depth += 1
            self.page.anchors.append((len(self.page.lines), element))
        elif tag == "img":
            self.page.images.append((len(self.page.lines), element))
        if element.text:
            self._text(element.text)
        return True

    def _open_block(self, element: Element, tag: str, attributes: Mapping[str, str]) -> None:
        if self.data_table is None:
            if self.parts:
                self.flush()
        elif tag in {"p", "div", "li"}:
            self.parts.append(" ")
        self.open[element] = len(self.page.lines)
        if "class" in attributes or "id" in attributes:
            self._name_block(element, attributes)
        if tag in HEADINGS:
            self.level = HEADINGS[tag]
        elif tag in {"caption", "figcaption"}:
            self.caption = True
        elif tag == "table" and self.data_table is None and is_data_table(element):
            self.data_table = element
        elif self.data_table is not None:
            self._open_cell(tag)

    def _name_block(self, element: Element, attributes: Mapping[str, str]) -> None:
        classes, identifier = attributes.get("class", ""), attributes.get("id", "")
        if SELDOM.search(f"{classes} {identifier}"):
            self.seldom.append(element)
        self.page.names[element] = (*(f".{name}" for name in classes.split()), *([f"#{identifier}"] if identifier else []))

    def _open_cell(self, tag: str) -> None:
        if tag == "tr":
            self._close_row()
            self.cells, self.cell_links = [], 0
        elif tag in {"td", "th"}:
            self.parts = []
            if self.cells is None:
                self.cells, self.cell_links = [], 0

    def end(self, element: Element) -> None:
        """Close an element and take the text after it."""
        tag = element.tag
        if element is self.skipped:
            self.skipped = None
        else:
            if self.strips is not None:
                self.strips.end(element, tag)
            if element in self.open:
                self._close_block(element, tag)
            elif tag == "a":
                self.link_depth -= 1
        if element.tail:
            self._text(element.tail)

    def _close_block(self, element: Element, tag: str) -> None:
        if self.data_table is not None:
            if tag in {"td", "th"} and self.cells is not None:
                self.cells.append(collapse("".join(self.parts)))
                self.cell_links += self.links
                self.parts, self.links = [], 0
            elif tag == "tr" or element is self.data_table:
                self._close_row()
            elif tag in {"p", "div", "li"}:
                self.parts.append(" ")
            if element is self.data_table:
                self.data_table = None
                self.flush()
        else:
            self.flush()
        if tag in HEADINGS:
            self.level = 0
        elif tag in {"caption", "figcaption"}:
            self.caption = False
        self.page.ranges[element] = (self.open.pop(element), len(self.page.lines))
        if self.seldom and self.seldom[-1] is element:
            self.seldom.pop()

    def _close_row(self) -> None:
        if self.cells is None:
            return
        cells = tuple(self.cells)
        while cells and not cells[-1]:
            cells = cells[:-1]
        if any(cells):
            text = "\t".join(cells).lstrip("\t")
            self.page.lines.append(Line(text, "row", 0, tuple(text.split("\t")), self.cell_links, bool(self.seldom)))
        self.cells, self.parts, self.links = None, [], 0

    def _break(self) -> None:
        if self.data_table is None:
            self.flush()
        else:
            self.parts.append(" ")

    def _text(self, text: str) -> None:
        self.parts.append(text)
        if self.link_depth > 0:
            self.links += len(text.strip())

    def flush(self) -> None:
        """End the line read so far."""
        if self.parts:
            text = collapse("".join(self.parts))
            if text:
                kind = "caption" if self.caption else "heading" if self.level else "text"
                self.page.lines.append(Line(text, kind, self.level, (), self.links, bool(self.seldom)))
            self.parts, self.links = [], 0


def _holds_blocks(element: Element) -> bool:
    return any(child.tag in BLOCKS or child.tag == "br" for child in element)


ORDINALS = (
    (1, re.compile(r"第[一二三四五六七八九十百]{1,5}[章编篇部分]{1,2}(?![^\s]{0,3}规定)|[一二三四五六七八九十]{1,3}\s?、")),
    (2, re.compile(r"第[一二三四五六七八九十百]{1,5}节|[(（][一二三四五六七八九十]{1,3}[)）]")),
    (3, re.compile(r"\d{1,2}\s?[.．、](?!\d)")),
    (4, re.compile(r"[(（]\d{1,2}[)）]")),
)
LONE_ORDINAL = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}(?:是|要|[、,，.．])[,，:：]?|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.．、]|[(（]\d{1,2}[)）]"
    r"|第[一二三四五六七八九十百]{1,5}条)"
)
CAPTION = re.compile(r"(?:图[①-⑩]|△|▲|图为|资料图|[(（]资料图片)|.{2,30}摄[)）]?$")
FULL_STOPS = ("。", "；", ";")
LONGEST_HEADING = 80
SENTENCE_END = tuple("。！？；!?;.：:，,、")


def heading_level(text: str) -> int:
    """Give the level of a heading by its ordinal (一、 （一） 1. （1）: GB/T 9704-2012, 7.3.3), 0 for running text."""
    if len(text) > 40 or text.endswith(SENTENCE_END):
        return 0
    return next((level for level, ordinal in ORDINALS if ordinal.match(text)), 0)


def is_sentence(text: str) -> bool:
    """Say whether a line is running text, whatever element it stands in: too long for a heading, or with a sentence's end."""
    return len(text) > LONGEST_HEADING or text.endswith(FULL_STOPS)


def is_lone_ordinal(text: str) -> bool:
    """Say whether a line is no more than an ordinal (五是, 一、, （一）, 1.) cut off from its paragraph."""
    return len(text) < 10 and LONE_ORDINAL.fullmatch(text.replace(" ", "")) is not None


def flat_lines(text: str) -> Iterator[Line]:
    """Read plain text: a line a paragraph, tabs between the cells of a row; empty lines give none."""
    for raw in text.splitlines():
        cells = tuple(collapse(cell) for cell in raw.strip().split("\t"))
        line = "\t".join(cells).strip()
        if "\t" in line:
            yield Line(line, "row", 0, tuple(line.split("\t")))
        elif line:
            yield Line(line)
