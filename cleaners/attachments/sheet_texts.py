"""Spreadsheets that are text: HTML tables, XML of Excel 2003 and CSV, as rows of cells.

Sources: HTML 4.9 (tables); the XML Spreadsheet schema (urn:schemas-microsoft-com:office:spreadsheet); RFC 4180 for CSV.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from lxml import etree

from cleaners.attachments.package import Element, child, children, local, number, parse_xml, value
from cleaners.attachments.sheet_values import number as written_number
from cleaners.decoding.decode import decode
from cleaners.errors import FileError

Rows = list[list[str]]
WIDEST = 1000
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BREAKS = frozenset({"br", "p", "div", "li"})
_UNSEEN = frozenset({"script", "style", "head", "title"})
_EXACT = 16
"""Characters of a number that stands as it was typed; a longer one is a machine's."""
_DELIMITERS = "\t,;|"
_EXCEL_TEXT = re.compile(r'="?(.*?)"?$', re.DOTALL)


def read_html_tables(body: bytes) -> list[Rows]:
    """Read the outermost tables of an HTML page."""
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    text = decode(body).text.encode("utf-8", "replace")
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileError(f"the HTML cannot be parsed: {error}", "damaged") from error
    tables = () if root is None else root.iter("table")
    return [_html_rows(table) for table in tables if next(table.iterancestors("table"), None) is None]


def _html_rows(table: Element) -> Rows:
    rows: Rows = []
    open_spans: dict[int, int] = {}
    for element in table.iter("tr"):
        if next(element.iterancestors("table")) is not table or _HIDDEN.search(element.get("style") or ""):
            continue
        rows.append(_html_row(element, open_spans))
    return rows


def _html_row(element: Element, open_spans: dict[int, int]) -> list[str]:
    """Read one row; `open_spans` are the rows that cells from above still reach down, by column."""
    row: list[str] = []
    for cell in element.iterchildren("td", "th"):
        _skip_spanned(row, open_spans)
        columns, rows = _clamp(cell.get("colspan")), _clamp(cell.get("rowspan"))
        for column in range(len(row), len(row) + columns) if rows > 1 else ():
            open_spans[column] = rows - 1
        row += [_html_text(cell), *[""] * (columns - 1)]
    _skip_spanned(row, open_spans)
    return row


def _skip_spanned(row: list[str], open_spans: dict[int, int]) -> None:
    while open_spans.get(len(row)):
        open_spans[len(row)] -= 1
        row.append("")


def _clamp(text: str | None) -> int:
    return min(max(number(text, 1), 1), WIDEST)


def _html_text(cell: Element) -> str:
    """Give a cell's text: white space folded, lines at breaks and blocks."""
    parts: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            if element.tag in _BREAKS and element is not cell:
                parts.append("\n")
            if element.tag not in _UNSEEN:
                parts.append(_folded(element.text))
        elif element is not cell:
            parts.append(("\n" if element.tag in _BREAKS - {"br"} else "") + _folded(element.tail))
    return "\n".join(filter(None, (line.strip() for line in "".join(parts).split("\n"))))


def _folded(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def read_spreadsheet_xml(body: bytes) -> tuple[list[tuple[str, Rows, bool]], bool]:
    """Read a workbook saved as XML: name, rows and whether it is hidden, of each sheet; and whether the file is whole."""
    root, whole = parse_xml(body)
    return list(_xml_sheets(root)), whole


def _xml_sheets(root: Element | None) -> Iterator[tuple[str, Rows, bool]]:
    for sheet in children(root):
        if local(sheet) == "Worksheet":
            visible = child(child(sheet, "WorksheetOptions"), "Visible")
            yield value(sheet, "Name") or "", _xml_rows(child(sheet, "Table")), visible is not None and visible.text != "SheetVisible"


def _xml_rows(table: Element | None) -> Rows:
    """Read the rows that have cells; `ss:Index` only skips empty ones, which are left out anyway."""
    rows: Rows = []
    below: dict[int, int] = {}
    for element in children(table):
        if local(element) == "Row" and value(element, "Hidden") != "1":
            rows.append(_xml_row(element, below))
    return rows


def _xml_row(element: Element, below: dict[int, int]) -> list[str]:
    row: list[str] = []
    for cell in children(element):
        if local(cell) != "Cell":
            continue
        _skip_spanned(row, below)
        place = min(number(value(cell, "Index"), 0), WIDEST)
        row += [""] * (place - 1 - len(row))
        columns = min(number(value(cell, "MergeAcross")), WIDEST)
        for column in range(len(row), len(row) + columns + 1):
            below[column] = number(value(cell, "MergeDown"))
        row += [_xml_text(child(cell, "Data")), *[""] * columns]
    return row


def _xml_text(cell: Element | None) -> str:
    text = "" if cell is None else "".join(cell.itertext())
    kind = value(cell, "Type")
    if kind == "DateTime":
        day, _, clock = text.partition("T")
        clock = clock.partition(".")[0]
        return day if clock in {"", "00:00:00"} else f"{day} {clock}"
    if kind == "Number" and len(text) > _EXACT:
        try:
            return written_number(float(text))
        except ValueError:
            return text
    return text


def read_csv(body: bytes) -> Rows:
    """Read separated values, whichever sign parts them; a text with none has one cell a row."""
    text = decode(body).text.replace("\0", "")
    lines = text.splitlines(keepends=True)
    delimiter = _delimiter(lines[:50])
    if not delimiter:
        return [[line.strip()] for line in lines]
    try:
        return [[_csv_cell(cell) for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:  # a field of over 128 KiB: an open quotation mark
        return [[_csv_cell(cell) for cell in line.rstrip("\r\n").split(delimiter)] for line in lines]


def _delimiter(lines: list[str]) -> str:
    """Give the sign that stands in most of the lines, tabs before commas; none where it is in few."""
    full = [line for line in lines if line.strip()]
    counts = {sign: sum(sign in line for line in full) for sign in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda sign: counts[sign])
    return best if full and counts[best] * 2 > len(full) else ""


def _csv_cell(cell: str) -> str:
    """Take off what makes Excel read a number as text: ="0012" and a tab in front."""
    cell = cell.strip()
    match = _EXCEL_TEXT.match(cell) if cell.startswith('="') else None
    return match[1] if match else cell
