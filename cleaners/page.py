"""A page as its lines: one walk over its tags gives paragraphs, headings and table rows in reading order.

Block elements break lines, inline elements never do; a data table is read row by row. Beside each line stands what the
choice of the body needs: how much of it is link text and whether it stands in a part of the page that is seldom text.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cleaners.tables import Row, is_data_table
from cleaners.tags import ANCHOR, BLOCK, BREAK, HOLDERS, IMAGE, INLINE, MEDIA, SKIP, Kind, unescape
from cleaners.text import Line, collapse
from cleaners.tree import Tree

_NO_NODES: Container[int] = ()
_CELLS = frozenset({"td", "th"})
_SPACED = frozenset({"p", "div", "li"})


@dataclass
class Page:
    """The lines of a page and where its elements stand in them, by node.

    `first` and `last` (exclusive) are lines, -1 for an element that was not read; `end` is the node after the last inside; `blocks`
    says of each node whether it breaks lines; `start` is the token that opens it, `at` the node each token leaves the walk in;
    `anchors` and `images` are pairs of line and node, `media` nodes.
    """

    lines: list[Line]
    kinds: list[Kind]
    tags: list[str]
    start: list[int]
    parent: list[int]
    first: list[int]
    last: list[int]
    end: list[int]
    blocks: list[bool]
    at: list[int] = field(default_factory=list)
    anchors: list[tuple[int, int]] = field(default_factory=list)
    images: list[tuple[int, int]] = field(default_factory=list)
    media: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, tree: Tree) -> Page:
        """Give a page of which nothing is read yet."""
        start = [token for token, kind in enumerate(tree.kinds) if kind.step >= 0]
        kinds = [tree.kinds[token] for token in start]
        none = [-1] * len(start)
        ends = list(range(1, len(start) + 1))
        blocks = [kind.role == BLOCK for kind in kinds]
        return cls([], kinds, [tree.tags[token] for token in start], start, none[:], none[:], none[:], ends, blocks)

    @classmethod
    def flat(cls, lines: Sequence[Line]) -> Page:
        """Give the lines of a text without elements."""
        return cls(list(lines), [], [], [], [], [], [], [], [])

    @cached_property
    def named(self) -> Mapping[str, Sequence[int]]:
        """The nodes by tag name, `.class` and `#id`, in document order."""
        found: dict[str, list[int]] = {}
        for node, kind in enumerate(self.kinds):
            found.setdefault(kind.name, []).append(node)
            for name in kind.names:
                found.setdefault(name, []).append(node)
        return found

    def range_of(self, node: int) -> tuple[int, int]:
        """Give the lines (first, last + 1) of a node; none for one that was not read."""
        return (self.first[node], self.last[node]) if self.blocks[node] else (0, 0)

    def inside(self, node: int) -> Iterator[int]:
        """Give the elements right inside a node."""
        child = node + 1
        while child < self.end[node]:
            yield child
            child = self.end[child]

    def children(self, node: int) -> Iterator[int]:
        """Give the blocks right inside a node."""
        return (child for child in self.inside(node) if self.blocks[child])


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
        self.node = -1  # the last one opened
        self.stack = [-1]
        self.parts: list[str] = []
        self.links = 0
        self.link_depth = 0
        self.seldom = 0
        self.level = 0
        self.caption = False
        self.tables = 0
        self.row: Row | None = None
        self.in_table = -1

    def run(self) -> None:
        """Read all there is."""
        at, stack = self.page.at, self.stack
        for kind, text in self.tokens:
            tail, step = text, kind.step
            if step < 0:
                self._close()
            elif not self._open(kind):
                tail = self._pass_over(kind, text)
            elif not step:
                self._close()
            if tail and (self.parts or not tail.isspace()):
                self.parts.append(tail)
                if self.link_depth:
                    self.links += len(tail.strip())
            at.append(stack[-1])
        self._flush()

    def _open(self, kind: Kind) -> bool:
        """Open an element; False when it and all in it is not to be read."""
        role, page = kind.role, self.page
        node = self.node + 1
        if role == SKIP or (kind.hidden and not self.hidden) or node in self.without:
            return False
        if role == BLOCK:
            self._open_block(kind)
        self.node = node
        page.parent[node] = self.stack[-1]
        page.first[node] = len(page.lines)
        self.stack.append(node)
        if role == INLINE:
            return True
        if role == BLOCK:
            self._hold(node)
            if kind.name == "table" and self.in_table < 0 and is_data_table(self.tree, page.start[node]):
                self.in_table = node
                self.tables += 1
        elif role == BREAK:
            self._hold(node)
            self._break()
        elif role == ANCHOR:
            self.link_depth += 1
            page.anchors.append((len(page.lines), node))
        elif role == IMAGE:
            page.images.append((len(page.lines), node))
            page.media.append(node)
        return True

    def _pass_over(self, kind: Kind, text: str) -> str:
        """Count what is not read and give the text after it."""
        page, depth = self.page, 0
        while True:
            if kind.step < 0:
                page.end[self.stack.pop()] = self.node + 1
            else:
                self.node += 1
                page.parent[self.node] = self.stack[-1]
                page.blocks[self.node] = False
                if not depth and kind.role == BLOCK:
                    self._hold(self.node)
                if kind.name in MEDIA:
                    page.media.append(self.node)
                if kind.step:
                    self.stack.append(self.node)
            depth += kind.step
            if not depth:
                return text
            page.at.append(self.stack[-1])
            kind, text = next(self.tokens)

    def _hold(self, node: int) -> None:
        """Make the inline element around a block or break a block itself: <font id=Zoom><p>."""
        outer = self.page.parent[node]
        if outer >= 0 and not self.page.blocks[outer] and self.page.kinds[outer].name not in HOLDERS:
            self.page.blocks[outer] = True

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
            self.parts = []
            self.row = self.row or Row()
        if kind.seldom:
            self.seldom += 1
        if kind.level:
            self.level = kind.level
        elif kind.name in {"caption", "figcaption"}:
            self.caption = True

    def _close(self) -> None:
        """Close the innermost element."""
        node = self.stack.pop()
        page = self.page
        kind = page.kinds[node]
        if page.blocks[node]:
            self._close_block(node, kind)
        elif kind.role == ANCHOR:
            self.link_depth -= 1
        page.last[node] = len(page.lines)
        page.end[node] = self.node + 1

    def _close_block(self, node: int, kind: Kind) -> None:
        if self.in_table < 0:
            if self.parts:
                self._flush()
        elif kind.name in _CELLS and self.row is not None:
            self.row.add(collapse(unescape("".join(self.parts))), kind.span, self.links)
            self.parts, self.links = [], 0
        elif kind.name == "tr" or node == self.in_table:
            self._close_row()
        elif kind.name in _SPACED:
            self.parts.append(" ")
        if node == self.in_table:
            self.in_table = -1
            self._flush()
        if kind.seldom:
            self.seldom -= 1
        if kind.level:
            self.level = 0
        elif kind.name in {"caption", "figcaption"}:
            self.caption = False

    def _close_row(self) -> None:
        if self.row is not None and (line := self.row.line(self.tables, seldom=self.seldom > 0)):
            self.page.lines.append(line)
        self.row, self.parts, self.links = None, [], 0

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
