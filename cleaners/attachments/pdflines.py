"""The lines of a PDF page as it shows them, and the paragraphs that they clearly make.

A PDF knows where glyphs stand, not what a paragraph is. Lines are joined only where the layout leaves no doubt: the first reaches the
right edge of the text, the second starts at its left edge, no further away than lines are, and neither is a row of cells, an entry of
a table of contents or the start of a numbered clause behind a full stop.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Box = tuple[float, float, float, float]
"""Left, bottom, right and top of a character's cell, in points."""

_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff"
_SPACE = re.compile(f"(?<=[{_HAN}“”‘’—…·]) (?=\\S)|(?<=\\S) (?=[{_HAN}“”‘’—…·])")
_GAP = re.compile(r"(?<=\S) +(?=\S)")
_IS_HAN = re.compile(f"[{_HAN}]")
_WORD = re.compile(r"[A-Za-z0-9]")
_SOFT = re.compile("[\u00ad\u0002\ufffe]$")
_ENDS = re.compile("[。！？；：:;!?][”’」』）)]?$")
_CONTENTS = re.compile(r"[.．·…]{3}[\s\d]{0,20}$")
_CLAUSE = re.compile(
    r"[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十百零〇\d]{1,5}[章节条款篇]"
    r"|\d{1,3}(?:[.．]\d{1,3}){1,4}\s|[A-Za-z][)）.．、]|[①-⑳]|附件|注[：:]|——"
)
_NUMBER = re.compile(r"\d{1,3}(?:[、.．]|\s|(?=[\u4e00-\u9fff]))")
"""May start a clause, and may as well be a number that the line end stands in front of."""
LONG = 12
"""Characters of a line that may say where the text's edges are."""
GLUED = 0.45
"""Character widths between a Chinese character and another: as much as typesetters put there."""
CELL = 2.0
"""Character widths that part the cells of a row."""
WIDE = 20
"""Characters between the edges of a text; what is narrower is no running text."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, edges, baseline side and the width of its characters in points; whether gaps part it into cells."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    em: float
    cells: bool = False


def read_lines(text: str, box: Callable[[int], Box | None], is_made_up: Callable[[int], bool]) -> list[Line]:
    """Cut a page's text at its line ends; `box` gives the place of its character i, `is_made_up` whether i stands only for a gap."""
    lines, start = [], 0
    for part in text.split("\n"):
        body = part.rstrip("\r")
        lines.append(_line(body, start, box, is_made_up))
        start += len(part) + 1
    return _side_by_side([line for line in lines if line.text])


def _line(text: str, start: int, box: Callable[[int], Box | None], is_made_up: Callable[[int], bool]) -> Line:
    stripped = text.strip()
    if not stripped:
        return Line("", 0, 0, 0, 0, 0)
    first = start + len(text) - len(text.lstrip())
    head, tail = box(first), box(first + len(stripped) - 1)
    if head is None or tail is None or abs(tail[1] - head[1]) > max(0.0, tail[2] - head[0]):
        return Line(stripped, 0, 0, 0, 0, 0)  # no place, or written up or down the page
    em = _em(stripped, first, box) or (head[3] - head[1])
    text, cells = _without_gaps(stripped, first, em, box, is_made_up)
    return Line(text, head[0], tail[2], min(head[1], tail[1]), max(head[3], tail[3]), em, cells)


def _side_by_side(lines: Sequence[Line]) -> list[Line]:
    """Put lines of one height behind each other: a raised figure and what follows it, the cells of a row."""
    found = list(lines[:1])
    for line in lines[1:]:
        last = found[-1]
        overlap = min(last.top, line.top) - max(last.bottom, line.bottom)
        em = max(last.em, line.em)
        if em and overlap > 0.5 * min(last.top - last.bottom, line.top - line.bottom) and -0.3 * em < (gap := line.left - last.right):
            between = "\t" if gap > CELL * em else " " if gap > GLUED * em else ""
            text, cells = last.text + between + line.text, last.cells or line.cells or between == "\t"
            found[-1] = Line(text, last.left, line.right, min(last.bottom, line.bottom), max(last.top, line.top), em, cells)
        else:
            found.append(line)
    return found


def _em(text: str, first: int, box: Callable[[int], Box | None]) -> float:
    """Measure the first Chinese character, which is as wide as high."""
    han = _IS_HAN.search(text)
    place = box(first + han.start()) if han else None
    return place[2] - place[0] if place else 0.0


def _without_gaps(
    text: str, first: int, em: float, box: Callable[[int], Box | None], is_made_up: Callable[[int], bool]
) -> tuple[str, bool]:
    """Take out the spaces that only stand for a narrow gap beside a Chinese character; a wide gap becomes a tab, and there is one."""
    pieces, end, cells = [], 0, False
    for gap in _GAP.finditer(text):
        before, after = box(first + gap.start() - 1), box(first + gap.end())
        width = after[0] - before[2] if before and after else 0.0
        both = _IS_HAN.match(text, gap.start() - 1) and _IS_HAN.match(text, gap.end())
        beside = _SPACE.search(text[gap.start() - 1] + " " + text[gap.end()])
        narrow = beside and width <= em * (1.0 if both else GLUED) and is_made_up(first + gap.start())
        between = "\t" if width > CELL * em else "" if narrow else gap[0]
        cells |= between == "\t"
        pieces += [text[end : gap.start()], between]
        end = gap.end()
    return "".join((*pieces, text[end:])), cells


def paragraphs(lines: Sequence[Line]) -> list[str]:
    """Join the lines of a page into paragraphs where the layout clearly says so."""
    if not lines:
        return []
    edges = _edges(lines)
    found = [lines[0].text]
    for above, below in pairwise(lines):
        if _goes_on(above, below, edges):
            found[-1] = _joined(found[-1], below.text)
        else:
            found.append(below.text)
    return [_SOFT.sub("", text) for text in found]


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where the page's text starts and ends, and whether its paragraphs are indented."""

    left: float
    right: float
    indented: bool


def _edges(lines: Sequence[Line]) -> _Edges:
    long = [line for line in lines if len(line.text) >= LONG and line.em and not line.cells]
    if not long:
        return _Edges(0.0, float("inf"), indented=False)
    step = min(line.em for line in long)
    left, right = _outermost([line.left for line in long], step, min), _outermost([line.right for line in long], step, max)
    if right - left < WIDE * step:  # a table of contents, a list of names
        right = float("inf")
    return _Edges(left, right, any(1.5 * line.em < line.left - left < 2.7 * line.em for line in long))


def _outermost(values: Sequence[float], step: float, extreme: Callable[[Iterable[float]], float]) -> float:
    """Find the outermost edge that two lines share, give or take a character; where none is shared, the outermost."""
    counts = Counter(round(value / step) for value in values)
    shared = (value for value in values if sum(counts[round(value / step) + beside] for beside in (-1, 0, 1)) > 1)
    return extreme(tuple(shared) or values)


def _goes_on(above: Line, below: Line, edges: _Edges) -> bool:
    """Say whether a line goes on in the next one."""
    em = above.em
    if not em or abs(below.em - em) > 0.15 * em or above.cells or below.cells or _CONTENTS.search(above.text):
        return False
    apart = above.bottom - below.bottom
    if not 0.8 * em < apart < 2.6 * em or above.right < edges.right - 1.6 * em or _CLAUSE.match(below.text):
        return False
    ended = bool(_ENDS.search(above.text))
    if below.left > above.left + 0.6 * em or below.left > edges.left + 0.6 * em:
        return not ended and _hangs(above, below)
    return not ended or (edges.indented and not _NUMBER.match(below.text))


def _hangs(above: Line, below: Line) -> bool:
    """Say whether a line stands below the text of a numbered one, to the right of its number."""
    numbered = _CLAUSE.match(above.text) or _NUMBER.match(above.text)
    return bool(numbered) and above.left < below.left < above.left + 3.5 * above.em


def _joined(above: str, below: str) -> str:
    if _SOFT.search(above):
        return above[:-1] + below
    between = " " if _WORD.match(above[-1]) and _WORD.match(below[0]) else ""
    return above + between + below
