"""Data tables: told from the tables that only lay a page out, and read row by row with the cells that span several."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from cleaners.pages.tags import Kind
from cleaners.pages.tree import Tree
from cleaners.text import Line

_CELLS = frozenset({"td", "th"})
_PARAGRAPHS = frozenset({"p", "div", "br", "h1", "h2", "h3"})
_MOST_PARAGRAPHS = 3
_LONGEST = 400
"""Characters of a cell with several paragraphs from which on it is a page and no datum."""


@dataclass(slots=True)
class Row:
    """One row while it is read."""

    cells: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    links: int = 0

    def add(self, text: str, span: tuple[int, int], links: int) -> None:
        """Add a cell: its text, the (columns, rows) it spans, the characters of it that are links."""
        self.cells.append(text)
        self.spans.append(span)
        self.links += links

    def line(self, table: int, *, seldom: bool) -> Line | None:
        """Give the row as a line, empty cells at its end left out; None when all are empty."""
        count = next((index for index in range(len(self.cells), 0, -1) if self.cells[index - 1]), 0)
        if not count:
            return None
        cells = tuple(self.cells[:count])
        merged = tuple(self.spans[:count]) if any(span != (1, 1) for span in self.spans[:count]) else ()
        return Line("\t".join(cells).lstrip("\t"), "row", 0, cells, self.links, seldom, table, merged)


def is_data_table(tree: Tree, token: int) -> bool:
    """Say whether the table a tag opens holds data (rows of short cells) and is not the scaffold of a page."""
    look = _Look()
    for kind, text in islice(zip(tree.kinds, tree.texts, strict=True), token + 1, None):
        if kind.name == "table":
            return kind.step < 0 and look.ends()
        if not look.read(kind, text):
            return False
    return False


@dataclass(slots=True)
class _Look:
    """What was seen of a table: rows of more than one cell, and of the cell that is open its paragraphs and its length."""

    wide: int = 0
    heads: int = 0
    cells: int = 0
    depth: int = 0  # of open elements inside the cell, the cell itself counted; 0 outside cells
    paragraphs: int = 0
    length: int = 0

    def read(self, kind: Kind, text: str) -> bool:
        """Take a tag and the text after it; False when the cell it is in is a page of its own."""
        if kind.name in _CELLS and kind.step >= 0 and not self.depth:
            self.cells += 1
            self.heads += kind.name == "th"
            self.paragraphs = self.length = 0
        elif kind.name == "tr":
            self.ends()
        elif self.depth == 1 and kind.step >= 0 and kind.name in _PARAGRAPHS:
            self.paragraphs += 1
        if self.depth or kind.name in _CELLS:
            self.depth = max(0, self.depth + kind.step)
        self.length += len(text)
        return not self.depth or self.paragraphs <= _MOST_PARAGRAPHS or self.length <= _LONGEST

    def ends(self) -> bool:
        """End a row; says whether two rows so far are wide, or one that is a row of headings: its table goes on in another one."""
        self.wide += self.cells > 1
        self.cells = 0
        return self.wide > 1 or (self.wide == 1 and self.heads > 1)
