"""Properties of the text of a binary Word file: which paragraphs are cells, rows or list entries, which runs are deleted or hidden.

Source: [MS-DOC] 2.8.5 (PlcBteChpx), 2.8.6 (PlcBtePapx), 2.9.33 (ChpxFkp), 2.9.174 (PapxFkp), 2.2.5 (Sprm and grpprl), 2.9.271 (STSH).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from cleaners.attachments.doc_file import Piece, WordFile

_PAGE = 512
_CHPX, _PAPX, _STSH = 12, 13, 1
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
_DEEPEST = 12
IN_TABLE, ROW_END, DEPTH, INNER_CELL, INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
LEVEL, LIST = 0x260A, 0x460B
_DELETED, _HIDDEN, _SYMBOL = 0x0800, 0x083C, 0x6A09
_LONG = frozenset({0x6645, 0x6646})
_PARAGRAPH = frozenset({IN_TABLE, ROW_END, DEPTH, INNER_CELL, INNER_ROW_END, LEVEL, LIST})
_CHARACTER = frozenset({_DELETED, _HIDDEN, _SYMBOL})
_TABLE_DEFINITION, _TABS = 0xD608, 0xC615
Properties = dict[int, int]
"""Operands by sprm, of those sprms that are read."""


def sprms(block: bytes, wanted: frozenset[int]) -> Properties:
    """Read a grpprl ([MS-DOC] 2.2.5.1): the operands of the wanted sprms."""
    return {code: int.from_bytes(operand, "little") for code, operand in _operands(block) if code in wanted}


def _operands(block: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 3 <= len(block):
        code = int.from_bytes(block[at : at + 2], "little")
        at += 2
        size = _SIZES[code >> 13] or _variable(code, block, at)
        yield code, block[at : at + size]
        at += size


def _variable(code: int, block: bytes, at: int) -> int:
    if code == _TABLE_DEFINITION:
        return int.from_bytes(block[at : at + 2], "little") + 1
    if code == _TABS and block[at] == 255:
        deleted = block[at + 1] if at + 1 < len(block) else 0
        added = at + 2 + 4 * deleted
        return 3 + 4 * deleted + 3 * (block[added] if added < len(block) else 0)
    return block[at] + 1


@dataclass(frozen=True, slots=True)
class Runs:
    """Marks on runs of characters by CP: deleted under tracked changes, hidden, and the codes of symbols."""

    deleted: tuple[tuple[int, int], ...]
    hidden: tuple[tuple[int, int], ...]
    symbols: dict[int, int]


def character_runs(word: WordFile) -> Runs:
    """Read which characters are deleted, hidden or symbols."""
    by_position = sorted(word.pieces, key=lambda piece: piece.position)
    deleted: list[tuple[int, int]] = []
    hidden: list[tuple[int, int]] = []
    symbols: dict[int, int] = {}
    for first, last, block in _formatted(word, _CHPX):
        marks = sprms(block[1 : 1 + block[0]] if block else b"", _CHARACTER)
        if not marks:
            continue
        ranges = _positions(by_position, first, last)
        if marks.get(_DELETED, 0) & 1:
            deleted += ranges
        if marks.get(_HIDDEN) == 1:
            hidden += ranges
        if _SYMBOL in marks:
            symbols |= {at: marks[_SYMBOL] >> 16 for start, end in ranges for at in range(start, min(end, start + 100))}
    return Runs(tuple(deleted), tuple(hidden), symbols)


def _positions(pieces: list[Piece], first: int, last: int) -> list[tuple[int, int]]:
    """Give the CPs between two FCs; `pieces` are ordered by FC and do not overlap."""
    found = []
    at = max(0, bisect_right(pieces, first, key=lambda piece: piece.position) - 1)
    for piece in pieces[at:]:
        if piece.position >= last:
            break
        start = piece.start + max(0, first - piece.position) // piece.width
        end = min(piece.end, piece.start + (last - piece.position) // piece.width)
        if start < end:
            found.append((start, end))
    return found


class Paragraphs:
    """The properties of the paragraphs of one file, by the CP of the mark that ends them."""

    def __init__(self, word: WordFile) -> None:
        self._pieces = word.pieces
        self._extra = word.extra
        self._starts_of_pieces = [piece.start for piece in word.pieces]
        runs = sorted(_formatted(word, _PAPX), key=lambda run: run[0])
        self._starts = [first for first, _, _ in runs]
        self._runs = runs
        self._styles = _styles(word)

    def at(self, position: int) -> Properties | None:
        """Give the properties of the paragraph that ends at a CP; None where the file does not say."""
        block = self._block(position)
        if block is None:
            return None
        style = int.from_bytes(block[:2], "little")
        return self._styles.get(style, {}) | sprms(block[2:], _PARAGRAPH)

    def edges(self, position: int) -> tuple[int, ...]:
        """Give where the cells of the row that ends at a CP begin and end, in twentieths of a point (sprmTDefTable)."""
        for code, operand in _operands((self._block(position) or b"")[2:]):
            if code == _TABLE_DEFINITION and len(operand) > 2 and len(operand) >= 5 + 2 * operand[2]:
                return struct.unpack_from(f"<{operand[2] + 1}h", operand, 3)
        return ()

    def _block(self, position: int) -> bytes | None:
        found = self._file_position(position)
        run = bisect_right(self._starts, found) - 1
        if found < 0 or run < 0 or found >= self._runs[run][1]:
            return None
        block = _papx(self._runs[run][2])
        return block + self._long(block[2:])

    def _long(self, block: bytes) -> bytes:
        """Follow properties too long for a page, as rows of many cells have, to the Data stream ([MS-DOC] 2.6.2, sprmPHugePapx)."""
        at = next(iter(sprms(block, _LONG).values()), len(self._extra))
        size = int.from_bytes(self._extra[at : at + 2], "little")
        return self._extra[at + 2 : at + 2 + size]

    def _file_position(self, position: int) -> int:
        at = bisect_right(self._starts_of_pieces, position) - 1
        if at < 0 or position >= self._pieces[at].end:
            return -1
        piece = self._pieces[at]
        return piece.position + (position - piece.start) * piece.width


def _papx(block: bytes) -> bytes:
    """Give the GrpPrlAndIstd of a PapxInFkp ([MS-DOC] 2.9.175)."""
    if not block:
        return b""
    return block[1 : 2 * block[0]] if block[0] else block[2 : 2 + 2 * block[1]] if len(block) > 1 else b""


def _formatted(word: WordFile, number: int) -> Iterator[tuple[int, int, bytes]]:
    """Give the runs of a kind of property: first FC, last FC, and the bytes from where its properties stand to the page's end."""
    _, pages = word.plc(number, 4)
    size = 13 if number == _PAPX else 1
    for page in dict.fromkeys(int.from_bytes(page, "little") & 0x3F_FFFF for page in pages[: len(word.main) // _PAGE]):
        block = word.main[page * _PAGE : (page + 1) * _PAGE]
        if len(block) < _PAGE:
            continue
        count = block[-1]
        if 4 * (count + 1) + size * count >= _PAGE:
            continue
        edges = struct.unpack_from(f"<{count + 1}I", block)
        for run in range(count):
            at = 2 * block[4 * (count + 1) + size * run]
            yield edges[run], edges[run + 1], block[at : _PAGE - 1] if at else b""


def _styles(word: WordFile) -> dict[int, Properties]:
    """Read what the styles say of paragraphs, each with what it is based on."""
    own: dict[int, tuple[int, Properties]] = {}
    start, length = word.structure(_STSH)
    sheet = word.table[start : start + length]
    at = 2 + int.from_bytes(sheet[:2], "little")
    base_size = int.from_bytes(sheet[4:6], "little")
    for number in range(int.from_bytes(sheet[2:4], "little")):
        size = int.from_bytes(sheet[at : at + 2], "little")
        style = sheet[at + 2 : at + 2 + size]
        if len(style) > base_size >= 10 and style[2] & 0xF == 1:
            own[number] = (int.from_bytes(style[2:4], "little") >> 4, _style_properties(style, base_size))
        at += 2 + size
    return {number: _inherited(number, own) for number in own}


def _style_properties(style: bytes, base_size: int) -> Properties:
    name_length = int.from_bytes(style[base_size : base_size + 2], "little")
    at = base_size + 2 + 2 * name_length + 2
    size = int.from_bytes(style[at : at + 2], "little")
    return sprms(style[at + 4 : at + 2 + size], _PARAGRAPH)


def _inherited(number: int, own: dict[int, tuple[int, Properties]]) -> Properties:
    found: Properties = {}
    for _ in range(_DEEPEST):
        if number not in own:
            break
        number, properties = own[number]
        found = properties | found
    return found
