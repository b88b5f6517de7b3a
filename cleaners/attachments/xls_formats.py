"""The number formats of the cells of a binary workbook.

Source: [MS-XLS] 2.4.126 (Format), 2.4.353 (XF), 2.4.28 (BoundSheet8), and the cell records, which all begin with row, column and XF.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleaners.attachments.sheet_formats import BUILT_IN, check_extent

_BOUND_SHEET, _FORMAT, _XF, _BOF, _EOF = 0x0085, 0x041E, 0x00E0, 0x0809, 0x000A
_MANY_RK = 0x00BD
_NUMBERS = frozenset({0x0203, 0x027E, 0x0006, 0x0206, 0x0406, _MANY_RK})
_CELLS = _NUMBERS | {0x0204, 0x0205, 0x00D6, 0x00FD}
MOST = 2_000_000


def xls_formats(stream: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Give the format codes of the cells with numbers, by the names of their sheets."""
    codes, styles, places = dict(BUILT_IN), [], {}
    wide = int.from_bytes(stream[4:6], "little") >= 0x0600
    for kind, record in _records(stream, 0):
        if kind == _FORMAT:
            codes[int.from_bytes(record[:2], "little")] = _code(record, wide=wide)
        elif kind == _XF:
            styles.append(int.from_bytes(record[2:4], "little"))
        elif kind == _BOUND_SHEET:
            places[_text(record[6:], wide=wide)] = int.from_bytes(record[:4], "little")
    known = [codes.get(style, "") for style in styles]
    return {name: _sheet(stream, place, known) for name, place in places.items()}


def _code(record: bytes, *, wide: bool) -> str:
    return _text(record[2:3] + record[4:], wide=True) if wide else _text(record[2:], wide=False)


def _text(block: bytes, *, wide: bool) -> str:
    """Read a length of one byte and what follows: in BIFF8 a flag and one or two bytes a character, before it a code page's bytes."""
    if len(block) < 2:
        return ""
    if not wide:
        return block[1 : 1 + block[0]].decode("gb18030", "replace")
    is_double = bool(block[1] & 1)
    return block[2 : 2 + block[0] * (2 if is_double else 1)].decode("utf-16-le" if is_double else "latin-1", "replace")


def _sheet(stream: bytes, place: int, known: list[str]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    rows, columns = set(), set()
    for kind, record in _records(stream, place):
        if kind not in _CELLS or len(found) > MOST:
            continue
        row, column = int.from_bytes(record[:2], "little"), int.from_bytes(record[2:4], "little")
        rows.add(row)
        columns.add(column)
        styles = range(4, len(record) - 2, 6) if kind == _MANY_RK else (4,)
        for at, start in enumerate(styles if kind in _NUMBERS else ()):
            style = int.from_bytes(record[start : start + 2], "little")
            if style < len(known) and known[style]:
                found[row, column + at] = known[style]
    check_extent(rows, columns)
    return found


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Give the records of the substream that begins here; those of charts inside it are left out."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = int.from_bytes(stream[at : at + 2], "little"), int.from_bytes(stream[at + 2 : at + 4], "little")
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
