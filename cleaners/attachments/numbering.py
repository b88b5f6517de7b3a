"""Lists that number themselves: levels and counters, the same for .docx and .doc.

Sources: ECMA-376-1 17.9 (Numbering); [MS-DOC] 2.4.6 and 2.9.150 (LVL), whose model is the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cleaners.attachments.numerals import numeral

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_CLOSED = "、，。．；：）】〕》」』"
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list.

    `text` holds the number of level n as %n (`第%1章`); `restart` is the level (from 1) after which this one starts again,
    0 for never, None for any higher one; `suffix` is tab, space or nothing; `legal` writes every number decimal.
    """

    text: str
    number_format: str = "decimal"
    start: int = 1
    restart: int | None = None
    suffix: str = "tab"
    legal: bool = False


@dataclass(slots=True)
class Counters:
    """Counts the paragraphs of every list of one document."""

    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, counted: str, levels: Mapping[int, Level], depth: int, starts: Mapping[int, int], number: str) -> str:
        """Give the number of the next paragraph at `depth` (from 0), with what parts it from the text.

        `counted` names the list whose counters are used; `starts` are the values at which the list `number` begins afresh when it
        is first met.
        """
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self.counts.setdefault(counted, {})
        self._step(counts, levels, depth, starts, number)
        return _with_suffix(_written(level, levels, counts), level)

    def _step(self, counts: dict[int, int], levels: Mapping[int, Level], depth: int, starts: Mapping[int, int], number: str) -> None:
        if depth in starts and (number, depth) not in self.begun:
            counts[depth] = starts[depth]
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else levels[depth].start
        self.begun.add((number, depth))
        for lower in range(depth + 1, LEVELS):
            restart = levels[lower].restart if lower in levels else None
            if restart is None or depth < restart:
                counts.pop(lower, None)


def _written(level: Level, levels: Mapping[int, Level], counts: Mapping[int, int]) -> str:
    if level.number_format == "bullet":
        return _PRIVATE.sub("•", level.text)[:_LONGEST]

    def place(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        other = levels.get(at, level)
        return numeral(counts.get(at, other.start), "decimal" if level.legal and other.number_format != "none" else other.number_format)

    return _PLACE.sub(place, level.text[:_LONGEST])


def _with_suffix(label: str, level: Level) -> str:
    """Part a number from the text by a blank where the document shows a gap; after 、 and ） the sign itself parts them."""
    if not label or level.suffix == "nothing" or label[-1] in _CLOSED:
        return label
    return label + " "
