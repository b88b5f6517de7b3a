"""A page as its lines: one walk over its tags gives paragraphs, headings and table rows in reading order.

Block elements break lines, inline elements never do; a data table is read row by row. Beside each line stands what the
choice of the body needs: how much of it is link text and whether it stands in a part of the page that is seldom text.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from cleaners.pages.tables import Row, is_data_table
from cleaners.pages.tags import ANCHOR, BLOCK, BREAK, HOLDERS, IMAGE, INLINE, MEDIA, SKIP, Kind, unescape
from cleaners.pages.tree import Tree
from cleaners.text import Line, collapse

_NO_NODES: Container[int] = ()
_CELLS = frozenset({"td", "th"})
_SPACED = frozenset({"p", "div", "li"})


@dataclass
class Page:
    """The lines of a page and where its elements stand in them.

    A node is the place of the tag that opens an element. By node: `first` and `last` (exclusive) are lines, -1 for an element
    that was not read; `blocks` says whether it breaks lines. `anchors` and `images` are pairs of line and node, `media` nodes.
    """

    tree: Tree
    lines: list[Line]
    first: list[int]
    last: list[int]
    blocks: list[bool]
    anchors: list[tuple[int, int]] = field(default_factory=list)
    images: list[tuple[int, int]] = field(default_factory=list)
    media: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, tree: Tree) -> Page:
        """Give a page of which nothing is read yet."""
        none = [-1] * len(tree.kinds)
        return cls(tree, [], none[:], none, [kind.role == BLOCK and kind.step >= 0 for kind in tree.kinds])

    @classmethod
    def flat(cls, lines: Sequence[Line]) -> Page:
        """Give the lines of a text without elements."""
        page = cls.of(Tree(etree.Element("html")))
        page.lines.extend(lines)
        return page

    def range_of(self, node: int) -> tuple[int, int]:
        """Give the lines (first, last + 1) of a node; none for one that was not read."""
        return (self.first[node], self.last[node]) if self.blocks[node] else (0, 0)

    def children(self, node: int) -> Iterator[int]:
        """Give the blocks right inside a node."""
        return (child for child in self.tree.children(node) if self.blocks[child])

    def count(self, node: int) -> int:
        """Give the number of lines of a node."""
        first, last = self.range_of(node)
        return last - first


def read_lines(tree: Tree, *, hidden: bool = False, without: Container[int] = _NO_NODES) -> Page:
    """Walk a page once and give its lines; `hidden` reads what is marked as not shown as well, nodes of `without` are left out."""
    walk = _Walk(tree, hidden=hidden, without=without)
    walk.run()
    return walk.page


class _Walk:
    """Collects the text of a walk: `_open` opens an element, `_close` closes the innermost one."""

    def __init__(self, tree: Tree, *, hidden: bool, without: Container[int]) -> None:
        self.tree = tree
        self.page = Page.of(tree)
        self.hidden = hidden
        self.without = without
        self.tokens = iter(zip(tree.kinds, tree.texts, strict=True))
        self.token = -1
        self.stack = [-1]
        self.parts: list[str] = []
        self.links = 0
        self.link_depth = 0
        self.seldom = 0
        self.written = 0
        self.level = 0
        self.caption = False
        self.tables = 0
        self.row: Row | None = None
        self.in_table = -1

    def run(self) -> None:
        """Read all there is."""
        stack, blocks, plain = self.stack, self.page.blocks, not self.without
        for kind, text in self.tokens:
            self.token += 1
            tail = text
            if kind.role != INLINE or kind.hidden or not plain:
                tail = self._step(kind, text)
            elif kind.step > 0:
                stack.append(self.token)
            elif kind.step and not blocks[stack[-1]]:
                stack.pop()
            elif kind.step:
                self._close()
            if tail and (self.parts or not tail.isspace()):
                self._read(tail)
        self._flush()

    def _read(self, text: str) -> None:
        """Take a text: a line break in it is white space, but where the text is set as it is written (<pre>)."""
        if self.written and self.in_table < 0 and "\n" in text:
            *lines, text = text.split("\n")
            for line in lines:
                self.parts.append(line)
                self._flush()
        self.parts.append(text)
        if self.link_depth:
            self.links += len(text.strip())

    def _step(self, kind: Kind, text: str) -> str:
        """Take a tag that may do something to the lines, and give the text after it."""
        if kind.step < 0:
            self._close()
        elif not self._open(kind):
            return self._pass_over(kind, text)
        elif not kind.step:
            self._close()
        return text

    def _open(self, kind: Kind) -> bool:
        """Open an element; False when it and all in it is not to be read."""
        role, page, node = kind.role, self.page, self.token
        if role == SKIP or (kind.hidden and not self.hidden) or node in self.without:
            return False
        if role == BLOCK:
            self._hold()
            self._open_block(kind)
            page.first[node] = len(page.lines)
            if kind.name == "table" and self.in_table < 0 and is_data_table(self.tree, node):
                self.in_table = node
                self.tables += 1
        elif role == BREAK:
            self._hold()
            self._break()
        elif role == ANCHOR:
            self.link_depth += 1
            page.anchors.append((len(page.lines), node))
        elif role == IMAGE:
            page.images.append((len(page.lines), node))
            page.media.append(node)
        self.stack.append(node)
        return True

    def _pass_over(self, kind: Kind, text: str) -> str:
        """Leave out an element and give the text after it."""
        page, node = self.page, self.token
        self.token = self.tree.close_of(node)
        if self.token > node:
            _, text = next(islice(self.tokens, self.token - node - 1, None))
        page.blocks[node : self.token + 1] = [False] * (self.token + 1 - node)
        if kind.role == BLOCK:
            self._hold()
        if kind.name in MEDIA:
            page.media.append(node)
        return text

    def _hold(self) -> None:
        """Make the inline element around a block or break a block itself: <font id=Zoom><p>."""
        outer = self.stack[-1]
        if outer >= 0 and not self.page.blocks[outer] and self.tree.kinds[outer].name not in HOLDERS:
            self.page.blocks[outer] = True
            self.page.first[outer] = len(self.page.lines)

    def _open_block(self, kind: Kind) -> None:
        if self.in_table < 0:
            if self.parts:
                self._flush()
        elif kind.name in _SPACED:
            self.parts.append(" ")
        elif kind.name == "tr":
            self._close_row()
            self.row = Row()
        elif kind.name in _CELLS:
            self._flush()  # text beside the cells of a row stands before it
            self.row = self.row or Row()
        if kind.seldom:
            self.seldom += 1
        if kind.name == "pre":
            self.written += 1
        if kind.level:
            self.level = kind.level
        elif kind.name in {"caption", "figcaption"}:
            self.caption = True

    def _close(self) -> None:
        """Close the innermost element."""
        node = self.stack.pop()
        page = self.page
        kind = self.tree.kinds[node]
        if page.blocks[node]:
            self._close_block(node, kind)
        elif kind.role == ANCHOR:
            self.link_depth -= 1
        page.last[node] = len(page.lines)

    def _close_block(self, node: int, kind: Kind) -> None:
        if self.in_table >= 0:
            self._close_in_table(node, kind)
        elif self.parts:
            self._flush()
        if kind.seldom:
            self.seldom -= 1
        if kind.name == "pre":
            self.written -= 1
        if kind.level:
            self.level = 0
        elif kind.name in {"caption", "figcaption"}:
            self.caption = False

    def _close_in_table(self, node: int, kind: Kind) -> None:
        if kind.name in _CELLS and self.row is not None:
            self.row.add(collapse(unescape("".join(self.parts))), kind.span, self.links)
            self.parts, self.links = [], 0
        elif kind.name == "tr" or node == self.in_table:
            self._close_row()
        elif kind.name == "caption":
            self._flush()
        elif kind.name in _SPACED:
            self.parts.append(" ")
        if node == self.in_table:
            self.in_table = -1
            self._flush()

    def _close_row(self) -> None:
        if self.row is not None and (line := self.row.line(self.tables, seldom=self.seldom > 0)):
            self.page.lines.append(line)
        self.row = None
        self._flush()

    def _break(self) -> None:
        if self.in_table < 0:
            self._flush()
        else:
            self.parts.append(" ")

    def _flush(self) -> None:
        """End the line read so far."""
        if self.parts and (text := collapse("".join(self.parts))):
            kind = "caption" if self.caption else "heading" if self.level else "text"
            self.page.lines.append(Line(unescape(text), kind, self.level, (), self.links, self.seldom > 0))
        self.parts, self.links = [], 0
