"""The text of an OFD page as it stands on the page: glyphs placed, joined into lines, lines into paragraphs.

Source: GB/T 33190-2016 (《电子文件存储与交换格式 版式文档》) 8.5 (graphic units: Boundary, CTM), 11.3 (TextCode: X, Y, DeltaX, DeltaY).
Lengths are millimetres, y grows downwards.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cleaners.attachments.package import Element, children, local
from cleaners.attachments.pdflines import CELL, GLUED, Line, paragraphs

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?|g")
_HIGHEST = 1e6
LONGEST = 100_000
"""Characters of one TextCode."""
_RAISED = 0.45
"""Of a character's height that baselines of one line may differ."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Characters behind one another: their text, edges, baseline and height; `upright` is off where they run down the page."""

    text: str
    left: float
    right: float
    base: float
    size: float
    upright: bool = True


def numbers(text: str | None) -> list[float]:
    """Read an ST_Array of numbers; what is none is left out."""
    found = (float(word) for word in _NUMBER.findall(text or "") if word != "g")
    return [number if abs(number) < _HIGHEST else 0.0 for number in found]


def deltas(text: str | None, most: int) -> list[float]:
    """Expand DeltaX and DeltaY, where `g n v` stands for n times v (11.3); at most `most` values."""
    words = _NUMBER.findall((text or "")[: 32 * LONGEST])
    found: list[float] = []
    at = 0
    while at < len(words) and len(found) < most:
        if words[at] == "g":
            if at + 2 < len(words) and words[at + 2] != "g" and words[at + 1].isdigit():
                found += [float(words[at + 2])] * min(int(words[at + 1][:9]), most - len(found))
            at += 3
        else:
            found.append(float(words[at]))
            at += 1
    return found


def matrix(element: Element, name: str = "CTM") -> Matrix:
    """Read a transformation; the identity where there is none."""
    values = numbers(element.get(name))
    return (values[0], values[1], values[2], values[3], values[4], values[5]) if len(values) == 6 else _SAME


def combined(inner: Matrix, outer: Matrix) -> Matrix:
    """Give the transformation that does `inner` and then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, x, y = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + x, e * q + f * s + y


def placed(element: Element, outer: Matrix = _SAME) -> Matrix:
    """Give the transformation from an object's own space to the page: its CTM, then the corner of its Boundary."""
    box = numbers(element.get("Boundary"))
    corner = (box[0], box[1]) if len(box) >= 2 else (0.0, 0.0)
    return combined(combined(matrix(element), (1, 0, 0, 1, *corner)), outer)


def chunks(element: Element, outer: Matrix = _SAME) -> Iterator[Chunk]:
    """Place the characters of a TextObject; text at a slant is a watermark's or a stamp's and is left out."""
    space = placed(element, outer)
    size = (numbers(element.get("Size")) or [0.0])[0]
    height = size * math.hypot(space[2], space[3])
    slant = math.degrees(math.atan2(space[1], space[0])) % 90
    if not height or 8 < slant < 82:
        return
    is_turned = abs(space[1]) > abs(space[0])
    x = y = 0.0
    for code in children(element):
        if local(code) == "TextCode":
            x, y = (numbers(code.get("X")) or [x])[0], (numbers(code.get("Y")) or [y])[0]
            yield from _cut(_glyphs(code, x, y, size, space), height, is_turned=is_turned)


Glyph = tuple[str, float, float]


def _glyphs(code: Element, x: float, y: float, size: float, space: Matrix) -> list[Glyph]:
    text = "".join(code.itertext())[:LONGEST]
    across, down = deltas(code.get("DeltaX"), len(text)), deltas(code.get("DeltaY"), len(text))
    found = []
    for at, sign in enumerate(text):
        found.append((sign, x * space[0] + y * space[2] + space[4], x * space[1] + y * space[3] + space[5]))
        x += across[at] if at < len(across) else 0.0 if down else advance(sign) * size
        y += down[at] if at < len(down) else 0.0
    return found


def advance(sign: str) -> float:
    """Say how wide a character is, in character heights: as much as fonts agree on."""
    return 1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5


def _cut(glyphs: Sequence[Glyph], height: float, *, is_turned: bool) -> Iterator[Chunk]:
    """Cut characters where they start a new line or leave a gap."""
    steps = [(after[1] - before[1], after[2] - before[2]) for before, after in pairwise(glyphs)]
    if is_turned or (steps and all(abs(x) < 0.3 * height < abs(y) for x, y in steps)):
        yield from _chunk(glyphs, height, upright=False)
        return
    start = 0
    for at, (x, y) in enumerate(steps, 1):
        free = x - advance(glyphs[at - 1][0]) * height
        if abs(y) > 0.3 * height or not -0.3 * height < free < _gap(glyphs, at) * height or _is_blank(glyphs, at):
            yield from _chunk(glyphs[start:at], height)
            start = at
    yield from _chunk(glyphs[start:], height)


def _is_blank(glyphs: Sequence[Glyph], at: int) -> bool:
    """Say whether two blanks stand here: room that a form leaves for what another object fills in."""
    return glyphs[at][0].isspace() and glyphs[at - 1][0].isspace()


def _gap(glyphs: Sequence[Glyph], at: int) -> float:
    """Say how wide a gap is one, in character heights: widths of Latin letters are only guessed."""
    return GLUED if max(advance(glyphs[at - 1][0]), advance(glyphs[at][0])) == 1.0 else 1.0


def _chunk(glyphs: Sequence[Glyph], height: float, *, upright: bool = True) -> Iterator[Chunk]:
    full = [glyph for glyph in glyphs if not glyph[0].isspace()]
    if full:
        text = "".join(glyph[0] for glyph in glyphs).strip()
        right = full[-1][1] + advance(full[-1][0]) * height
        yield Chunk(text, full[0][1], right, full[0][2], height, upright)


def page_text(found: Sequence[Chunk]) -> list[str]:
    """Give the paragraphs of a page, top down and left to right, the left side of an open booklet before the right."""
    fold = _fold(found)
    sides = [[chunk for chunk in found if (chunk.left > fold) is right] for right in (False, True)]
    return [line for side in sides for line in _side_text(side)]


def _fold(found: Sequence[Chunk]) -> float:
    """Give where a page wider than high falls into two: a gap from top to bottom near its middle; infinity where it does not."""
    edges = sorted((chunk.left, chunk.right) for chunk in found)
    left, right = min((edge[0] for edge in edges), default=0.0), max((edge[1] for edge in edges), default=0.0)
    width, reached = right - left, left
    for start, end in edges:
        if start - reached > 0.04 * width and 0.3 * width < reached - left and start - left < 0.7 * width:
            sides = [[chunk.base for chunk in found if (chunk.left > reached) is right] for right in (False, True)]
            return reached if all(0.25 * width < max(side) - min(side) < width for side in sides) else math.inf
        reached = max(reached, end)
    return math.inf


def _side_text(found: Sequence[Chunk]) -> list[str]:
    upright = [chunk for chunk in _once(found) if chunk.upright]
    rows = [[chunk] for chunk in _once(found) if not chunk.upright] + _rows(upright)
    rows.sort(key=lambda row: row[0].base)
    return paragraphs([_line(row) for row in rows])


def _once(found: Sequence[Chunk]) -> list[Chunk]:
    """Leave out what is printed twice in one place: bold type made by hand."""
    seen: dict[tuple[str, int, int], Chunk] = {}
    for chunk in found:
        seen.setdefault((chunk.text, round(2 * chunk.left / chunk.size), round(2 * chunk.base / chunk.size)), chunk)
    return list(seen.values())


def _rows(found: Sequence[Chunk]) -> list[list[Chunk]]:
    """Gather what stands on one line, however far baselines are shifted, raised figures with it; the largest characters lead."""
    rows: list[list[Chunk]] = []
    bases: list[float] = []
    for chunk in sorted(found, key=lambda chunk: (-chunk.size, chunk.base)):
        at = bisect_left(bases, chunk.base)
        near = min(range(max(0, at - 1), min(len(rows), at + 1)), key=lambda row: abs(bases[row] - chunk.base), default=-1)
        if near >= 0 and abs(bases[near] - chunk.base) < _RAISED * min(rows[near][0].size, 2 * chunk.size):
            rows[near].append(chunk)
        else:
            rows.insert(at, [chunk])
            bases.insert(at, chunk.base)
    return rows


def _line(row: Sequence[Chunk]) -> Line:
    ordered = sorted(row, key=lambda chunk: chunk.left)
    size = row[0].size
    text, cells = ordered[0].text, False
    for before, after in pairwise(ordered):
        gap = (after.left - before.right) / max(before.size, after.size)
        narrow = GLUED if max(advance(before.text[-1]), advance(after.text[0])) == 1.0 else 0.2
        text += ("\t" if gap > CELL else " " if gap > narrow else "") + after.text
        cells |= gap > CELL
    base = row[0].base
    return Line(text, ordered[0].left, max(chunk.right for chunk in ordered), -base, size - base, size, cells)
