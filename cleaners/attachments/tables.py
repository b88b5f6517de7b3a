"""Cells and rows as lines of text: one row a line, cells parted by tabs, as in the text of pages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

Row = list[list[str]]
"""The lines of each cell."""
Edges = tuple[int, ...]
"""Where the cells of a row begin and end, in twentieths of a point."""
_SAME_EDGE = 60
"""A millimetre between edges of cells that people draw as one."""


def cell_text(lines: Sequence[str]) -> str:
    """Give a cell as it stands in a table's structure: its lines, with no tab in them."""
    return "\n".join(lines).replace("\t", " ").strip()


def row_text(cells: Sequence[Sequence[str]]) -> list[str]:
    """Give a row as lines of text: one, or those of its cell where it has only one (a box around text); none where it is empty."""
    full = [lines for lines in cells if lines]
    if len(full) == 1 and len(cells) == 1:
        return list(full[0])
    line = "\t".join(flat(cell_text(lines)) for lines in cells).rstrip()
    return [line] if line else []


def flat(text: str) -> str:
    """Put a cell's lines on one, parted by blanks; blanks inside a line are kept."""
    return " ".join(line.strip() for line in text.replace("\t", " ").splitlines() if line.strip())


def in_columns(rows: Sequence[tuple[Row, Edges]]) -> list[Row]:
    """Put empty cells behind those that span columns, where one row of the table has a cell in each column."""
    grid: list[int] = []
    for edge in sorted({edge for _, edges in rows for edge in edges}):
        if not grid or edge - grid[-1] > _SAME_EDGE:
            grid.append(edge)
    if len(grid) != max((len(edges) for _, edges in rows), default=0):
        return [row for row, _ in rows]
    return [_spread(row, [bisect_right(grid, edge) for edge in edges]) for row, edges in rows]


def _spread(row: Row, columns: Sequence[int]) -> Row:
    if len(columns) != len(row) + 1:
        return row
    spread: Row = [[] for _ in range(columns[0] - 1)]
    for cell, first, last in zip(row, columns, columns[1:], strict=False):
        spread += [cell, *([] for _ in range(last - first - 1))]
    return spread
