"""Cells and rows as lines of text: one row a line, cells parted by tabs, as in the text of pages."""

from __future__ import annotations

from collections.abc import Sequence


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
