"""Word 97-2003 documents (.doc, and .wps files of that kind): paragraphs and table rows in order, as people see them.

Source: [MS-DOC], sections beside each module. Read are the main text, the text boxes before the paragraph they are anchored in, and the
notes after it; headers, footers and comments are left out, and so is what is deleted under tracked changes or hidden.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from cleaners.attachments.doc_file import WordFile, open_word, to_text, to_units
from cleaners.attachments.doc_lists import DocLists, read_lists
from cleaners.attachments.doc_properties import (
    DEPTH,
    IN_TABLE,
    INNER_CELL,
    INNER_ROW_END,
    ROW_END,
    Paragraphs,
    Properties,
    Runs,
    character_runs,
)
from cleaners.attachments.failures import recorded
from cleaners.attachments.numerals import circled
from cleaners.attachments.records import FileText, Table
from cleaners.attachments.symbols import symbol
from cleaners.attachments.tables import Edges, Row, cell_text, in_columns, row_text

MEDIA_TYPE = "application/msword"
_BEGIN, _SEPARATE, _END = 0x13, 0x14, 0x15
_DEEPEST_FIELD = 24
_CELL, _PARAGRAPH, _PAGE_BREAK = 0x07, 0x0D, 0x0C
_MARKS = re.compile("[\x07\x0c\r]")
_SIGNS = {0x09: " ", 0x0B: "\n", 0x0E: "\n", 0x1E: "-", 0xA0: "\xa0"}
_CLEAN = {code: _SIGNS.get(code) for code in (*range(0x20),)}
_PICTURES = frozenset({0x01, 0x08})
_BOXES, _ANCHORS = 56, 40


@recorded(MEDIA_TYPE)
def read_doc(body: bytes) -> FileText:
    """Read a .doc: `text` has a line a paragraph and a line a row, cells parted by tabs."""
    word = open_word(body)
    runs = character_runs(word)
    gone = bytearray(len(word.units))
    for start, end in (*runs.deleted, *runs.hidden):
        gone[start:end] = b"\x01" * (min(end, len(gone)) - start)
    _put_symbols(word.units, runs)
    for start, end in word.areas.values():
        _close_fields(word.units, gone, start, min(end, len(gone)))
    story = _Story(word, gone, Paragraphs(word), read_lists(word))
    return _record(word, runs, story)


def _record(word: WordFile, runs: Runs, story: _Story) -> FileText:
    lines = story.area("text")
    for name in ("footnotes", "endnotes"):
        lines += story.area(name)
    lines += [line for box in story.rest() for line in box]
    text = "\n".join(lines).strip("\n")
    pictures = any(word.units.count(sign) for sign in _PICTURES)
    whole = max((end for _, end in word.areas.values()), default=0) <= len(word.units)
    found = {
        "revisions": bool(runs.deleted),
        "hidden": bool(runs.hidden),
        "empty": not text.strip() and not pictures,
        "scanned": not text.strip() and pictures,
    }
    record = FileText(text, media_type=MEDIA_TYPE, tables=tuple(story.tables))
    record = record.flagged(*(flag for flag, is_so in found.items() if is_so))
    if not whole:
        record = record.flagged("damaged", "partial", reason="The document is cut off: ask the office for the file again.")
    return record


def _put_symbols(units: array[int], runs: Runs) -> None:
    for at, code in runs.symbols.items():
        if at < len(units) and units[at] == 0x28:
            units[at] = ord(symbol(code))


def _close_fields(units: array[int], gone: bytearray, start: int, end: int) -> None:
    """Mark what fields do not show: their codes and marks ([MS-DOC] 2.8.25); a field that does not end hides nothing."""
    opened: list[list[int]] = []
    for at in range(start, end):
        unit = units[at]
        if unit == _BEGIN and len(opened) < _DEEPEST_FIELD:
            opened.append([at, -1])
        elif unit == _SEPARATE and opened and opened[-1][1] < 0:
            opened[-1][1] = at
        elif unit == _END and opened:
            begin, separate = opened.pop()
            last = separate if separate >= 0 else at
            gone[begin : last + 1] = b"\x01" * (last + 1 - begin)
            sign = circled(to_text(units[begin + 1 : min(at, begin + 60)])) if separate < 0 else ""
            if sign:
                units[begin], gone[begin] = to_units(sign)[0], 0


@dataclass(slots=True)
class _Row:
    """The table row that is being read: finished cells, the lines of the open one, and the same of a table inside it."""

    cells: list[list[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    inner_lines: list[str] = field(default_factory=list)

    def close_cell(self) -> None:
        self.cells.append(self.lines)
        self.lines = []


class _Story:
    """Reads areas of a file into lines and tables."""

    def __init__(self, word: WordFile, gone: bytearray, paragraphs: Paragraphs, lists: DocLists) -> None:
        self._word, self._gone, self._paragraphs, self._lists = word, gone, paragraphs, lists
        self._text = _one_to_one(word.units)
        self._boxes = _boxes(word)
        self._anchors = sorted(_anchors(word))
        self._row = _Row()
        self._table: list[tuple[Row, Edges]] = []
        self.tables: list[Table] = []

    def area(self, name: str) -> list[str]:
        """Give the lines of an area."""
        start, end = self._word.areas.get(name, (0, 0))
        return self._lines(start, min(end, len(self._text)))

    def rest(self) -> Iterator[list[str]]:
        """Give the lines of each text box that has no anchor of its own: those of grouped shapes."""
        for name in tuple(self._boxes):
            yield self._box(name)

    def _box(self, name: int) -> list[str]:
        start, end = self._boxes.pop(name, (0, 0))
        return self._lines(start, min(end, len(self._text)))

    def _lines(self, start: int, end: int) -> list[str]:
        lines: list[str] = []
        outer = self._row, self._table
        self._row, self._table = _Row(), []
        carried = ""
        while start < end:
            match = _MARKS.search(self._text, start, end)
            mark = match.start() if match else end - 1
            lines += self._anchored(start, mark)
            text = carried + self._shown(start, mark if match else end)
            is_joined = match is not None and self._gone[mark] and self._text[mark] == "\r"
            carried = text if is_joined else ""
            if not is_joined:
                lines += self._paragraph(text, mark, ord(self._text[mark]) if match else 0)
            start = mark + 1
        lines += self._end_table()
        self._row, self._table = outer
        return [line.rstrip() for line in lines if line.strip()]

    def _anchored(self, start: int, end: int) -> list[str]:
        lines: list[str] = []
        while self._anchors and self._anchors[0][0] <= end and start < self._word.areas["text"][1]:
            lines += self._box(self._anchors.pop(0)[1])
        return lines

    def _shown(self, start: int, end: int) -> str:
        text = self._text[start:end]
        if any(self._gone[start:end]):
            text = "".join(sign for sign, gone in zip(text, self._gone[start:end], strict=True) if not gone)
        return text.translate(_CLEAN).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _paragraph(self, text: str, mark: int, sign: int) -> list[str]:
        properties = self._paragraphs.at(mark)
        if properties is None:
            properties = _guessed(text, sign, bool(self._row.cells))
        if text.strip():
            text = self._lists.label(properties) + text
        if sign == _CELL or properties.get(IN_TABLE):
            self._in_table(text, sign, properties, mark)
            return []
        return [*self._end_table(), *text.split("\n")]

    def _in_table(self, text: str, sign: int, properties: Properties, mark: int) -> None:
        row = self._row
        if properties.get(ROW_END):
            self._end_row(self._paragraphs.edges(mark))
        elif properties.get(DEPTH, 1) > 1:
            _nested(row, text, properties)
        else:
            row.lines += [line for line in text.split("\n") if line.strip()]
            if sign == _CELL:
                row.close_cell()

    def _end_row(self, edges: Edges) -> None:
        self._table.append((self._row.cells + ([self._row.lines] if self._row.lines else []), edges))
        self._row = _Row()

    def _end_table(self) -> list[str]:
        """Close the table before a paragraph that is not in it; a row that was cut off is given as it is."""
        if self._row.cells or self._row.lines:
            self._end_row(())
        rows = in_columns(self._table)
        self._table = []
        if any(any(row) for row in rows):
            self.tables.append(tuple(tuple(map(cell_text, row)) for row in rows))
        return [line for row in rows for line in row_text(row)]


def _nested(row: _Row, text: str, properties: Properties) -> None:
    """Read a paragraph of a table inside a cell: its rows become lines of the cell."""
    if properties.get(INNER_ROW_END):
        row.lines.append(" ".join(filter(None, row.inner)))
        row.inner = []
        return
    row.inner_lines.append(text.strip())
    if properties.get(INNER_CELL):
        row.inner.append(" ".join(filter(None, row.inner_lines)))
        row.inner_lines = []


def _guessed(text: str, sign: int, in_row: bool) -> Properties:
    """Say what a paragraph is by its mark alone, where the file's properties are lost: an empty cell after others ends the row."""
    return {IN_TABLE: int(sign == _CELL), ROW_END: int(sign == _CELL and not text and in_row)}


def _one_to_one(units: array[int]) -> str:
    """Give a text with one character a unit, so that CPs count its characters."""
    return units.tobytes().decode("utf-16-le", "surrogatepass") if not _has_pairs(units) else "".join(map(chr, units))


def _has_pairs(units: array[int]) -> bool:
    return any(0xD800 <= unit < 0xE000 for unit in set(units))


def _boxes(word: WordFile) -> dict[int, tuple[int, int]]:
    """Read where the text of each text box lies, by the name of its shape ([MS-DOC] 2.8.33, 2.9.100)."""
    first = word.areas.get("boxes", (0, 0))[0]
    positions, boxes = word.plc(_BOXES, 22)
    found = {}
    for start, end, box in zip(positions, positions[1:], boxes, strict=False):
        if start < end:
            found[int.from_bytes(box[14:18], "little")] = (first + start, first + end)
    return found


def _anchors(word: WordFile) -> Iterator[tuple[int, int]]:
    """Read at which CP each shape is anchored ([MS-DOC] 2.8.37, 2.9.253)."""
    positions, shapes = word.plc(_ANCHORS, 26)
    for position, shape in zip(positions, shapes, strict=False):
        yield position, int.from_bytes(shape[:4], "little")
