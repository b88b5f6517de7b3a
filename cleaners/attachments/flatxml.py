"""Word and Excel documents saved as one XML file: WordprocessingML and SpreadsheetML of Office 2003, named .doc and .xls as a rule."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from cleaners.attachments.package import local, parse_xml
from cleaners.attachments.records import FileText, Table
from cleaners.errors import FileError

_SPACES = {"tab": "\t", "br": "\n", "cr": "\n"}
WIDEST = 16_384
"""Columns of a sheet (Excel's own limit): what says it stands further right stands in the next cell."""


def read_word_xml(body: bytes) -> FileText:
    """Read a document: its paragraphs and tables in order, a row as one line of cells parted by tabs."""
    root, whole = _parsed(body)
    lines = [line for block in root.iter("{*}body") for line in _blocks(block)]
    return _record("\n".join(lines), (), whole=whole)


def read_excel_xml(body: bytes) -> FileText:
    """Read a workbook: its sheets in order, rows as lines of cells parted by tabs; sheets without content are left out."""
    root, whole = _parsed(body)
    sheets = [tuple(_row(row) for row in sheet.iter("{*}Row")) for sheet in root.iter("{*}Worksheet")]
    tables = tuple(tuple(row for row in sheet if any(row)) for sheet in sheets if any(map(any, sheet)))
    text = "\n".join("\t".join(cell.replace("\n", " ") for cell in row).rstrip("\t") for table in tables for row in table)
    return _record(text, tables, whole=whole)


def _parsed(body: bytes) -> tuple[etree._Element, bool]:
    root, whole = parse_xml(body)
    if root is None:
        raise FileError("It is no XML that can be read: fetch it again, or ask the office for it")
    return root, whole


def _record(text: str, tables: tuple[Table, ...], *, whole: bool) -> FileText:
    found = FileText(text, tables=tables)
    return found if whole else found.flagged("damaged", "partial", reason="Its end is missing or it is broken: fetch it again.")


def _blocks(parent: etree._Element) -> Iterator[str]:
    """Give the lines of a body or a cell."""
    for child in parent.iterchildren("*"):
        name = local(child)
        if name == "p":
            yield _paragraph(child)
        elif name == "tbl":
            for row in child.iterchildren("{*}tr"):
                yield "\t".join(" ".join(filter(None, _blocks(cell))) for cell in row.iterchildren("{*}tc"))
        elif name in {"sect", "sub-section", "smartTag", "annotation"}:
            yield from _blocks(child)


def _paragraph(paragraph: etree._Element) -> str:
    """Give the text of a paragraph, without what was deleted under tracked changes (that is in delText)."""
    return "".join(_SPACES.get(local(part), part.text or "" if local(part) == "t" else "") for part in paragraph.iter("*"))


def _row(row: etree._Element) -> tuple[str, ...]:
    """Give the cells of a row, empty ones where a cell says that it stands further right (ss:Index)."""
    cells: list[str] = []
    for cell in row.iterchildren("{*}Cell"):
        place = next((value for name, value in cell.items() if name.endswith("}Index")), "")
        if place.isascii() and place.isdigit() and len(cells) < int(place) <= WIDEST:
            cells += [""] * (int(place) - 1 - len(cells))
        cells.append("".join(text for part in cell.iterchildren("{*}Data") for text in part.itertext()))
    return tuple(cells)
