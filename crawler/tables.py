"""Rows of text as columns of a terminal, a Chinese character two columns wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Set rows of equally many cells below each other, two blanks between columns and none behind the last."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_padded(row, widths)).rstrip() for row in rows]


def _padded(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for cell, width in zip(row, widths, strict=True):
        yield cell + " " * (width - cell_len(cell))
