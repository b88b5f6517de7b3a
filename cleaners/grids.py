"""The rows of a table as a grid: every row as many cells as the widest, what spans several standing in each place it covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaners.records import Paragraph

MOST_COLUMNS = 400
"""Columns of the widest grid; a row that claims more is cut there."""


def grid(rows: Sequence[Paragraph]) -> tuple[tuple[str, ...], ...]:
    """Lay the rows of one table out; places that nothing covers are empty."""
    below: dict[int, tuple[int, str]] = {}  # by column: rows still covered from above, and the text
    laid = []
    for row in rows:
        cells = dict(_covered(below))
        _lay(row, cells, below)
        laid.append(cells)
    width = max((column + 1 for cells in laid for column in cells), default=0)
    return tuple(tuple(cells.get(column, "") for column in range(width)) for cells in laid)


def _covered(below: dict[int, tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Give the cells of a row that reach into it from above, each one row less from then on."""
    for column, (rows, text) in list(below.items()):
        yield column, text
        if rows > 1:
            below[column] = (rows - 1, text)
        else:
            del below[column]


def _lay(row: Paragraph, cells: dict[int, str], below: dict[int, tuple[int, str]]) -> None:
    column = 0
    spans = row.merged or ((1, 1),) * len(row.cells)
    for text, (columns, rows) in zip(row.cells, spans, strict=False):
        while column in cells:
            column += 1
        for place in range(column, min(column + columns, MOST_COLUMNS)):
            cells[place] = text
            if rows > 1:
                below[place] = (rows - 1, text)
        column += columns
