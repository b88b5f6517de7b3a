"""Spreadsheets: XLSX, XLSB, XLS, ODS and WPS tables (.et) by calamine, and the HTML, XML and CSV that go by the same names.

`text` has a line a row, cells parted by tabs, empty rows and cells at the end left out; sheets are headed by their names where several
have content. `tables` are the sheets that have content. Merged cells stand once, at their first place. Hidden sheets are left out.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from cleaners.attachments.doc_file import read_streams
from cleaners.attachments.failures import recorded
from cleaners.attachments.package import Package
from cleaners.attachments.records import FileText, Table
from cleaners.attachments.sheet_formats import Formats, written
from cleaners.attachments.sheet_texts import read_csv, read_html_tables, read_spreadsheet_xml
from cleaners.attachments.sheet_values import shown
from cleaners.attachments.tables import flat
from cleaners.attachments.xls_formats import xls_formats
from cleaners.attachments.xlsx_formats import cell_codes, has_uncached, sheet_parts, xlsx_formats
from cleaners.errors import FileError

XLSX, XLS, ODS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
)
_ZIP, _OLE2 = b"PK", b"\xd0\xcf\x11\xe0"
_UNPACKED = 512 << 20
_PASSWORD = b"\x2f\x00"
"""The record FILEPASS of [MS-XLS] 2.4.117."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its rows as text, whether it is hidden."""

    name: str
    rows: Table
    hidden: bool = False


@recorded(XLS)
def read_sheets(body: bytes) -> FileText:
    """Read a workbook of any kind by what its bytes are."""
    if body.startswith(_ZIP):
        return _read_package(body)
    if body.startswith(_OLE2):
        return _read_compound(body)
    head = body[:4096].replace(b"\0", b"").lower()
    if b"<workbook" in head and b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        sheets, whole = read_spreadsheet_xml(body)
        record = _record(_named(sheets), "application/xml")
        return record if whole else record.flagged("damaged", "partial", reason="Its end is missing or it is broken: fetch it again.")
    if b"<table" in body.replace(b"\0", b"").lower():
        return _record(_unnamed(read_html_tables(body)), "text/html")
    return _record(_unnamed([read_csv(body)]), "text/csv")


def _read_package(body: bytes) -> FileText:
    package = Package(body)
    if package.unpacked() > _UNPACKED:
        raise FileError(f"the workbook unpacks to {package.unpacked()} bytes, more than is read", "too_large")
    if "content.xml" in package:
        return _record(_calamine(body, {}), ODS)
    formats, uncached = _package_formats(package)
    record = _record(_calamine(body, formats), XLSX)
    if any(name.lower().endswith("vbaproject.bin") for name in package.names):
        record = record.flagged("macro")
    if uncached:
        record = record.flagged("partial", reason="Formulas were saved without their results: open the file in a spreadsheet program.")
    return record


def _package_formats(package: Package) -> tuple[dict[str, Formats], bool]:
    """Give the formats of the cells by the names of their sheets, and whether a formula lacks its result."""
    codes = cell_codes(package)
    formats: dict[str, Formats] = {}
    uncached = False
    for name, part in sheet_parts(package).items():
        if part.lower().endswith(".xml"):
            sheet = package.read(part) or b""
            formats[name] = xlsx_formats(sheet, codes)
            uncached |= has_uncached(sheet)
    return formats, uncached


def _read_compound(body: bytes) -> FileText:
    streams = read_streams(body, ("Workbook", "Book", "_VBA_PROJECT_CUR/VBA/dir"))
    workbook = streams.get("Workbook") or streams.get("Book") or b""
    if not workbook:
        raise FileError("the file holds no workbook", "damaged")
    if _asks_password(workbook):
        raise FileError("the workbook asks for a password", "encrypted")
    record = _record(_calamine(body, xls_formats(workbook)), XLS)
    return record.flagged("macro") if "_VBA_PROJECT_CUR/VBA/dir" in streams else record


def _asks_password(workbook: bytes) -> bool:
    """Say whether FILEPASS stands among the first records; a write-reserved workbook may stand before it ([MS-XLS] 2.1.7.20.1)."""
    at = 0
    for _ in range(8):
        if workbook[at : at + 2] == _PASSWORD:
            return True
        at += 4 + int.from_bytes(workbook[at + 2 : at + 4], "little")
    return False


def _calamine(body: bytes, formats: Mapping[str, Formats]) -> list[Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(body))
        found = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        return [
            Sheet(
                sheet.name,
                _values(workbook.get_sheet_by_name(sheet.name), formats.get(sheet.name, {})),
                sheet.visible != SheetVisibleEnum.Visible,
            )
            for sheet in found
        ]
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        flag = "encrypted" if "assword" in str(error) else "damaged"
        raise FileError(f"the workbook cannot be read: {error}", flag) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # what a bug of the library looks like; derives from BaseException
            raise FileError(f"the workbook cannot be read: {error}", "damaged") from error
        raise


def _values(sheet: CalamineSheet, formats: Formats) -> Table:
    """Write the cells of a sheet, those with a format in it."""
    top, left = sheet.start or (0, 0)
    return _rows(
        [_cell(value, formats.get((row, column), "")) for column, value in enumerate(values, left)]
        for row, values in enumerate(sheet.to_python(), top)
    )


def _cell(value: object, code: str) -> str:
    text = written(value, code) if code and not isinstance(value, str) else None
    return shown(value) if text is None else text


def _rows(values: Iterable[Sequence[str]]) -> Table:
    """Give the rows of a sheet, without the empty rows and the columns that are empty at the end of all."""
    rows = [[shown(value) for value in row] for row in values]
    rows = [row for row in rows if any(row)]
    width = max((at + 1 for row in rows for at in range(len(row) - 1, -1, -1) if row[at]), default=0)
    return tuple((*row[:width], *[""] * (width - len(row))) for row in rows)


def _named(sheets: Iterable[tuple[str, list[list[str]], bool]]) -> list[Sheet]:
    return [Sheet(name, _rows(rows), hidden) for name, rows, hidden in sheets]


def _unnamed(tables: Iterable[list[list[str]]]) -> list[Sheet]:
    return [Sheet("", _rows(rows)) for rows in tables]


def _record(sheets: Sequence[Sheet], media_type: str) -> FileText:
    full = [sheet for sheet in sheets if sheet.rows]
    seen = [sheet for sheet in full if not sheet.hidden]
    lines = [line for sheet in seen for line in _lines(sheet, named=len(seen) > 1)]
    record = FileText("\n".join(lines), media_type=media_type, tables=tuple(sheet.rows for sheet in seen))
    if not lines:
        record = record.flagged("empty")
    hidden = [sheet.name for sheet in full if sheet.hidden]
    if hidden:
        record = record.flagged("hidden", reason=f"Hidden sheets were left out: {'、'.join(hidden)}.")
    return record


def _lines(sheet: Sheet, *, named: bool) -> list[str]:
    rows = ["\t".join(map(flat, row)).rstrip() for row in sheet.rows]
    return [flat(sheet.name), *rows] if named and sheet.name.strip() else rows
