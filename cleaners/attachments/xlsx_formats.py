"""The number formats of the cells of an XLSX workbook, and which of its sheets keep formulas without results.

Source: ECMA-376-1 18.8.30 (numFmts), 18.8.10 (cellXfs), 18.3.1.4 (c). Sheets are searched as bytes: their cells are many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaners.attachments.package import Package, child, children, local, number, relations, value
from cleaners.attachments.sheet_formats import BUILT_IN, check_extent

_CELL = re.compile(rb"<(?:\w{1,9}:)?c ([^<>]{1,300})>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_ROW = re.compile(rb'c r="[A-Z]{1,3}([0-9]{1,7})"')
_LETTERS = re.compile(rb'c r="([A-Z]{1,3})[0-9]')
_STYLE = re.compile(rb'\bs="([0-9]{1,5})"')
_UNCACHED = re.compile(rb"<f\b[^<>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>\s*|<v></v>\s*)?</c>")
MOST = 2_000_000


def sheet_parts(package: Package) -> dict[str, str]:
    """Name the part of each worksheet by the sheet's name."""
    main = next((part for kind, part in relations(package, "").values() if kind == "officeDocument"), "xl/workbook.xml")
    parts = relations(package, main)
    root = package.xml(main) if main.lower().endswith(".xml") else None
    sheets = child(root, "sheets")
    return {
        value(sheet, "name") or "": parts[next((text for key, text in sheet.items() if key.endswith("}id")), "")][1]
        for sheet in children(sheets)
        if any(key.endswith("}id") and text in parts for key, text in sheet.items())
    }


def cell_codes(package: Package, main: str = "xl/workbook.xml") -> list[str]:
    """Give the format codes of the cell styles, in their order; empty for those without."""
    part = next((name for kind, name in relations(package, main).values() if kind == "styles"), "xl/styles.xml")
    root = package.xml(part)
    codes = dict(BUILT_IN)
    formats, styles = child(root, "numFmts"), child(root, "cellXfs")
    for element in children(formats):
        codes[number(value(element, "numFmtId"))] = value(element, "formatCode") or ""
    return [codes.get(number(value(style, "numFmtId")), "") for style in children(styles) if local(style) == "xf"]


def xlsx_formats(sheet: bytes, codes: list[str]) -> dict[tuple[int, int], str]:
    """Give the format codes of the cells of a sheet, from its bytes; a sheet too wide and high is an error."""
    check_extent(map(int, set(_ROW.findall(sheet))), map(_column, set(_LETTERS.findall(sheet))))
    found: dict[tuple[int, int], str] = {}
    for row, column, style in _styled(sheet):
        if 0 < style < len(codes) and codes[style]:
            found[row, column] = codes[style]
            if len(found) > MOST:
                break
    return found


def _styled(sheet: bytes) -> Iterator[tuple[int, int, int]]:
    for cell in _CELL.finditer(sheet):
        place, style = _PLACE.search(cell[1]), _STYLE.search(cell[1])
        if place and style:
            yield int(place[2]) - 1, _column(place[1]), int(style[1])


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def has_uncached(sheet: bytes) -> bool:
    """Say whether a sheet holds formulas that were saved without results."""
    return _UNCACHED.search(sheet) is not None
