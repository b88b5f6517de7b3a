"""Word documents (.docx, .docm, and WPS files of that kind): paragraphs and tables in order, as people see them.

Source: ECMA-376-1 (Office Open XML), transitional and strict, which differ in namespaces only and are read by local names. Text boxes
stand before the paragraph they are anchored in (the letterhead 红头 often is one), a first page's own header before the body, notes
after it; running headers and footers and comments are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cleaners.attachments.bounds import starting_now
from cleaners.attachments.docx_lists import Lists
from cleaners.attachments.docx_runs import Runs
from cleaners.attachments.failures import recorded
from cleaners.attachments.package import Element, Package, child, children, is_on, local, number, relations, value
from cleaners.attachments.reading import read_inside
from cleaners.attachments.records import FileText, Table
from cleaners.attachments.tables import cell_text, row_text
from cleaners.errors import FileError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.12"
WIDEST = 1000
"""Columns one cell may span."""
_THROUGH = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})


@recorded(MEDIA_TYPE)
def read_docx(body: bytes) -> FileText:
    """Read a .docx: `text` has a line a paragraph and a line a row, cells parted by tabs; `tables` are the outermost tables."""
    package = Package(body)
    main = _main_part(package)
    root = package.xml(main)
    document = child(root, "body")
    if document is None:
        raise FileError(f"{main} is missing or cannot be parsed", "damaged")
    reader = _read(package, main, document, fields=True)
    if reader.runs.open:  # a field that does not end would hide the rest of the document
        reader = _read(package, main, document, fields=False)
    return _record(package, reader)


def _main_part(package: Package) -> str:
    kinds = relations(package, "").values()
    return next((part for kind, part in kinds if kind == "officeDocument" and part in package), "word/document.xml")


def _read(package: Package, main: str, document: Element, *, fields: bool) -> _Reader:
    parts = relations(package, main)
    roots = {kind: package.xml(part) for kind, part in parts.values() if kind in {"numbering", "styles", "footnotes", "endnotes"}}
    reader = _Reader(Lists(roots.get("numbering"), roots.get("styles")), Runs(fields=fields))
    reader.chunks = {name: package.read(part) or b"" for name, (kind, part) in parts.items() if kind == "aFChunk"}
    header = _first_header(document, parts)
    lines = reader.lines(package.xml(header)) if header else []
    lines += reader.lines(document)
    reader.text = "\n".join([*lines, *_notes(reader, roots)])
    return reader


def _first_header(document: Element, parts: dict[str, tuple[str, str]]) -> str:
    """Name the header of the first page where that page has one of its own."""
    section = next((element for element in document.iter("*") if local(element) == "sectPr"), None)
    if section is None or not is_on(child(section, "titlePg")):
        return ""
    for reference in children(section):
        if local(reference) == "headerReference" and value(reference, "type") == "first":
            return parts.get(value(reference, "id") or "", ("", ""))[1]
    return ""


def _notes(reader: _Reader, roots: dict[str, Element | None]) -> Iterator[str]:
    for kind in ("footnote", "endnote"):
        root = roots.get(f"{kind}s")
        notes = {value(note, "id"): note for note in children(root)}
        for name in dict.fromkeys(name for found, name in tuple(reader.runs.notes) if found == kind):
            if name in notes:
                yield from reader.lines(notes[name])


def _record(package: Package, reader: _Reader) -> FileText:
    macro = any(name.lower().endswith("vbaproject.bin") for name in package.names)
    embedded = tuple(FileText(name=name) for name in package.names if "/embeddings/" in name and not name.endswith("/"))
    runs, text = reader.runs, reader.text.strip("\n")
    record = FileText(text, media_type=MACRO_TYPE if macro else MEDIA_TYPE, files=embedded, tables=tuple(reader.tables))
    found = {
        "macro": macro,
        "revisions": runs.changed,
        "hidden": runs.hidden,
        "empty": not text.strip() and not runs.pictures,
        "scanned": not text.strip() and runs.pictures > 0,
    }
    record = record.flagged(*(flag for flag, is_so in found.items() if is_so))
    if package.damaged:
        record = record.flagged("damaged", reason="Parts of the document are broken: ask the office for the file again.")
    if reader.foreign:
        record = record.flagged(
            "partial", reason="Text that was put in as a file of another kind was not read: open it in a word processor."
        )
    return record


@dataclass(slots=True)
class _Reader:
    """Walks the blocks of a document; `chunks` are the texts of other kinds put in it (w:altChunk), `foreign` counts those not read."""

    lists: Lists
    runs: Runs
    text: str = ""
    tables: list[Table] = field(default_factory=list)
    chunks: dict[str, bytes] = field(default_factory=dict)
    foreign: int = 0
    depth: int = 0

    def lines(self, parent: Element | None) -> list[str]:
        """Give the lines of a part that holds paragraphs and tables."""
        lines: list[str] = []
        carried = ""
        for name, block in _blocks(parent):
            if name == "p":
                boxed, text = self._paragraph(block)
                lines += boxed
                if _is_joined(block):
                    carried += text
                    continue
                lines += (carried + text).split("\n")
                carried = ""
            elif name == "tbl":
                lines += self._table(block)
            else:
                lines += self._chunk(value(block, "id") or "")
        return [line.rstrip() for line in [*lines, carried] if line.strip()]

    def _chunk(self, name: str) -> list[str]:
        """Read text that was put in as a file of another kind, as programs do that make documents of web pages."""
        body = self.chunks.get(name, b"")
        found = FileText() if not body or body.startswith(b"PK") else read_inside(body, None, None, starting_now())
        self.foreign += not found.text
        return found.text.split("\n")

    def _paragraph(self, paragraph: Element) -> tuple[list[str], str]:
        runs = self.runs
        outer, runs.boxes = runs.boxes, []
        text = runs.take(paragraph)
        boxes, runs.boxes = runs.boxes, outer
        label = "" if _is_gone(paragraph, text) else self.lists.label(child(paragraph, "pPr"))
        boxed = [line for box in boxes for line in self.lines(box)]
        return boxed, label + text if text.strip() else text

    def _table(self, table: Element) -> list[str]:
        """Read a table; one that is nested is a part of its cell and none of its own."""
        self.depth += 1
        rows = [self._row(row) for row in _rows(table)]
        self.depth -= 1
        cells = tuple(tuple(cell_text(cell) for cell in row) for row in rows)
        if not self.depth and any(map(any, cells)):
            self.tables.append(cells)
        return [line for row in rows for line in row_text(row)]

    def _row(self, row: Element) -> list[list[str]]:
        """Give the lines of each cell; a cell over several columns is followed by empty ones, a continued one is empty."""
        properties = child(row, "trPr")
        cells: list[list[str]] = [[] for _ in range(_span(properties, "gridBefore", 0))]
        for cell in _cells(row):
            own = child(cell, "tcPr")
            merge = child(own, "vMerge")
            continued = merge is not None and value(merge) in {None, "continue"}
            lines = self.lines(cell)
            cells.append([] if continued else lines)
            cells += [[] for _ in range(_span(own, "gridSpan", 1) - 1)]
        return cells


def _blocks(parent: Element | None) -> Iterator[tuple[str, Element]]:
    for element in children(parent):
        name = local(element)
        if name in {"p", "tbl", "altChunk"}:
            yield name, element
        elif name in _THROUGH:
            yield from _blocks(element)
        elif name == "AlternateContent":
            yield from _blocks(next(children(element), None))


def _rows(table: Element) -> Iterator[Element]:
    for element in children(table):
        name = local(element)
        if name in _THROUGH:
            yield from _rows(element)
        elif name == "tr":
            properties = child(element, "trPr")
            if child(properties, "del") is None and not is_on(child(properties, "hidden")):
                yield element


def _cells(row: Element) -> Iterator[Element]:
    for element in children(row):
        name = local(element)
        if name in _THROUGH:
            yield from _cells(element)
        elif name == "tc" and child(child(element, "tcPr"), "cellDel") is None:
            yield element


def _span(properties: Element | None, name: str, other: int) -> int:
    return min(number(value(child(properties, name)), other), WIDEST)


def _is_joined(paragraph: Element) -> bool:
    """Say whether the mark that ends a paragraph was deleted under tracked changes: its text goes on in the next."""
    marks = child(child(paragraph, "pPr"), "rPr")
    return child(marks, "del") is not None or child(marks, "moveFrom") is not None


def _is_gone(paragraph: Element, text: str) -> bool:
    return not text and _is_joined(paragraph)
