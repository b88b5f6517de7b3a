"""The text of a notice as a page shows it: paragraphs and tables with what was removed in its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from cleaners.records import Notice, Paragraph, Removal


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text: kept, or removed, with the removal it came from."""

    text: str
    removal: Removal | None = None


class Cell(NamedTuple):
    """A cell of a table, and how many columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Block:
    """What stands between two other blocks: a paragraph, heading, caption, table, or a group of removed lines.

    `number` is the paragraph's, counted from 1 (its anchor on the page); a table has `table` rows of cells and
    the number of its table in the notice as `level`.
    """

    kind: str
    number: int = 0
    level: int = 0
    segments: list[Segment] = field(default_factory=list)
    table: list[tuple[Cell, ...]] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a removal stood: before paragraph `paragraph` (from 0) when `inline` is false, else at `offset` within it."""

    paragraph: int
    offset: int
    removal: Removal
    inline: bool


def blocks(notice: Notice) -> list[Block]:
    """Lay a notice's paragraphs out with its removals in their places, rows gathered into tables."""
    placed = places(notice)
    out: list[Block] = []
    for index, paragraph in enumerate(notice.paragraphs):
        here = [place for place in placed if place.paragraph == index]
        _add_removed(out, [place.removal for place in here if not place.inline])
        _add_paragraph(out, index, paragraph, [place for place in here if place.inline])
    _add_removed(out, [place.removal for place in placed if place.paragraph >= len(notice.paragraphs)])
    return out


def _add_removed(out: list[Block], removals: list[Removal]) -> None:
    if removals:
        out.append(Block("removed", removals=removals))


def _add_paragraph(out: list[Block], index: int, paragraph: Paragraph, inline: list[Place]) -> None:
    if paragraph.kind == "row":
        if not out or (out[-1].kind, out[-1].level) != ("table", paragraph.table):
            out.append(Block("table", number=index + 1, level=paragraph.table))
        out[-1].table.append(_cells(paragraph))
        return
    out.append(Block(paragraph.kind, index + 1, min(max(paragraph.level, 1), 4), list(_segments(paragraph.text, inline))))


def _cells(paragraph: Paragraph) -> tuple[Cell, ...]:
    """Give the cells of a row; spans are those HTML allows (HTML Living Standard, 4.9.11)."""
    texts = paragraph.cells or (paragraph.text,)
    spans = paragraph.merged if len(paragraph.merged) == len(texts) else ((1, 1),) * len(texts)
    return tuple(
        Cell(text, min(max(columns, 1), 1000), min(max(rows, 1), 65534)) for text, (columns, rows) in zip(texts, spans, strict=True)
    )


def _segments(text: str, inline: list[Place]) -> list[Segment]:
    segments: list[Segment] = []
    start = 0
    for place in sorted(inline, key=lambda place: place.offset):
        segments += [Segment(text[start : place.offset]), Segment(place.removal.text, place.removal)]
        start = place.offset
    return [segment for segment in [*segments, Segment(text[start:])] if segment.text]


def places(notice: Notice) -> list[Place]:
    """Find where each removal stood, by counting the characters kept before it (white space aside, paragraphs may be joined)."""
    lines = notice.uncleaned.split("\n")
    gone: dict[int, list[tuple[int, int]]] = {}
    for removal in notice.removals:
        gone.setdefault(removal.position[0], []).append(removal.position[1:])
    kept = list(accumulate((_kept(line, gone.get(number, [])) for number, line in enumerate(lines)), initial=0))
    ends = list(accumulate(len(_solid(paragraph.text)) for paragraph in notice.paragraphs))
    ordered = sorted(notice.removals, key=lambda removal: removal.position)
    return [_place(notice.paragraphs, removal, _counts(removal, lines, kept, gone), ends) for removal in ordered]


def _kept(line: str, gone: list[tuple[int, int]]) -> int:
    """Count the solid characters of a line that no removal took."""
    return sum(not character.isspace() and not any(a <= i < b for a, b in gone) for i, character in enumerate(line))


def _counts(removal: Removal, lines: list[str], kept: list[int], gone: dict[int, list[tuple[int, int]]]) -> tuple[int, int, int] | None:
    """Count the kept characters before the removal's line, on the line before it, and on the whole line; None off the text."""
    number, start, _ = removal.position
    if not 0 <= number < len(lines):
        return None
    return kept[number], _kept(lines[number][:start], gone[number]), kept[number + 1] - kept[number]


def _place(paragraphs: Sequence[Paragraph], removal: Removal, counts: tuple[int, int, int] | None, ends: list[int]) -> Place:
    if counts is None:
        return Place(len(ends), 0, removal, inline=False)
    above, before, on_line = counts
    # after kept text of its line it belongs to the paragraph that ends there, else to the one that begins
    index = bisect_right(ends, above + before - bool(before))
    inside = above + before - (ends[index - 1] if index else 0)
    if index >= len(ends) or not (on_line or inside) or paragraphs[index].kind == "row":
        return Place(index, 0, removal, inline=False)
    return Place(index, _offset(paragraphs[index].text, inside), removal, inline=True)


def _solid(text: str) -> str:
    return "".join(character for character in text if not character.isspace())


def _offset(text: str, count: int) -> int:
    """Give the offset just after the first `count` solid characters of a text."""
    for offset, character in enumerate(text):
        if count <= 0:
            return offset
        count -= not character.isspace()
    return len(text)
