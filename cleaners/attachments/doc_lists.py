"""The lists of a binary Word file, as the number each paragraph begins with.

Source: [MS-DOC] 2.9.191 (PlfLst), 2.9.147 (LSTF), 2.9.150 (LVLF), 2.9.149 (LVL), 2.9.190 (PlfLfo), 2.9.131 (LFO), 2.9.133 (LFOLVL).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from cleaners.attachments.doc_file import WordFile
from cleaners.attachments.doc_properties import LEVEL, LIST, Properties
from cleaners.attachments.numbering import LEVELS, Counters, Level
from cleaners.attachments.numerals import MSONFC

_LISTS, _OVERRIDES = 73, 74
_MOST = 4000
_SUFFIXES = ("tab", "space", "nothing")


@dataclass(slots=True)
class _Cursor:
    """A place in the table stream that moves on with what is read; reading past the end raises struct.error."""

    block: bytes
    at: int

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.block, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def skip(self, count: int) -> None:
        self.at += count

    def text(self, length: int) -> str:
        """Read UTF-16 units."""
        end = self.at + 2 * length
        if end > len(self.block):
            raise struct.error("text past the end")
        text, self.at = self.block[self.at : end].decode("utf-16-le", "replace"), end
        return text


@dataclass(slots=True)
class DocLists:
    """Gives each paragraph of one file its number, in the order they are asked for."""

    levels: dict[int, dict[int, Level]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    overrides: dict[int, dict[int, Level]] = field(default_factory=dict)
    starts: dict[int, dict[int, int]] = field(default_factory=dict)
    counters: Counters = field(default_factory=Counters)

    def label(self, properties: Properties) -> str:
        """Give the number that a paragraph with these properties begins with; empty where it has none."""
        number, depth = properties.get(LIST, 0), properties.get(LEVEL, 0)
        if not 0 < number <= len(self.numbers) or depth >= LEVELS:
            return ""
        counted = self.numbers[number - 1]
        levels = self.levels.get(counted, {}) | self.overrides.get(number, {})
        return self.counters.label(str(counted), levels, depth, self.starts.get(number, {}), str(number))


def read_lists(word: WordFile) -> DocLists:
    """Read the lists of a file; what is cut off is left out, and its paragraphs have no numbers then."""
    lists = DocLists()
    for number, read in ((_LISTS, _read_lists), (_OVERRIDES, _read_overrides)):
        start, length = word.structure(number)
        if length:
            try:
                read(_Cursor(word.table, start), lists)
            except struct.error:
                continue
    return lists


def _read_lists(cursor: _Cursor, lists: DocLists) -> None:
    found = []
    (count,) = cursor.take("H")
    for _ in range(min(count, _MOST)):
        name, _, *_, flags, _ = cursor.take("ii9hBB")
        found.append((name, 1 if flags & 1 else LEVELS))
    for name, depth in found:
        lists.levels[name] = {level: _level(cursor) for level in range(depth)}


def _read_overrides(cursor: _Cursor, lists: DocLists) -> None:
    (count,) = cursor.take("I")
    counts = []
    for _ in range(min(count, _MOST)):
        name, _, _, depth, *_ = cursor.take("iIIBBBB")
        lists.numbers.append(name)
        counts.append(depth)
    for number, depth in enumerate(counts, 1):
        cursor.skip(4)
        for _ in range(depth):
            start, flags = cursor.take("iI")
            if flags & 0x20:
                lists.overrides.setdefault(number, {})[flags & 0xF] = _level(cursor)
            elif flags & 0x10:
                lists.starts.setdefault(number, {})[flags & 0xF] = start


def _level(cursor: _Cursor) -> Level:
    start, code, flags = cursor.take("iBB")
    cursor.skip(9)
    (follow,) = cursor.take("B")
    cursor.skip(8)
    characters, paragraphs, restart, _ = cursor.take("BBBB")
    cursor.skip(characters + paragraphs)
    (length,) = cursor.take("H")
    text = "".join(f"%{ord(sign) + 1}" if ord(sign) < LEVELS else sign for sign in cursor.text(length))
    return Level(
        text=text,
        number_format=MSONFC.get(code, "decimal"),
        start=start,
        restart=restart if flags & 0x8 else None,
        suffix=_SUFFIXES[follow] if follow < len(_SUFFIXES) else "tab",
        legal=bool(flags & 0x4),
    )
