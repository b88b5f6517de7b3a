"""PowerPoint presentations (.pptx, and WPS files of that kind): the text of their slides in order.

Source: ECMA-376-1 19 (PresentationML), 21.1.2 (DrawingML text), 21.1.3 (tables), 21.4 (diagrams). Hidden slides, speaker notes and what
every slide repeats (slide number, date, footer) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cleaners.attachments.failures import recorded
from cleaners.attachments.package import Element, Package, child, children, local, relations, value
from cleaners.attachments.records import FileText, Table
from cleaners.attachments.tables import cell_text, row_text
from cleaners.errors import FileError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MACRO_TYPE = "application/vnd.ms-powerpoint.presentation.macroEnabled.12"
_REPEATED = frozenset({"sldNum", "dt", "ftr", "hdr"})
_TITLES = frozenset({"title", "ctrTitle"})


@recorded(MEDIA_TYPE)
def read_pptx(body: bytes) -> FileText:
    """Read a .pptx: `text` has a line a paragraph and a line a row, `pages` counts the slides that are shown."""
    package = Package(body)
    main = next((part for kind, part in relations(package, "").values() if kind == "officeDocument"), "ppt/presentation.xml")
    root = package.xml(main)
    if root is None:
        raise FileError(f"{main} is missing or cannot be parsed", "damaged")
    parts = relations(package, main)
    names = [next((text for key, text in slide.items() if key.endswith("}id")), "") for slide in children(child(root, "sldIdLst"))]
    slides = _Slides(package)
    for name in names:
        slides.read(parts.get(name, ("", ""))[1])
    return _record(slides)


def _record(slides: _Slides) -> FileText:
    macro = any(name.lower().endswith("vbaproject.bin") for name in slides.package.names)
    text = "\n".join(slides.lines)
    record = FileText(text, slides.shown, MACRO_TYPE if macro else MEDIA_TYPE, tables=tuple(slides.tables))
    found = {"macro": macro, "hidden": slides.hidden, "scanned": slides.scanned, "empty": not text and not slides.scanned}
    record = record.flagged(*(flag for flag, is_so in found.items() if is_so))
    if slides.package.damaged or slides.missing:
        record = record.flagged("damaged", "partial", reason="Slides are missing or broken: ask the office for the file again.")
    return record


@dataclass(slots=True)
class _Slides:
    """Reads slides one after the other."""

    package: Package
    lines: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    shown: int = 0
    hidden: bool = False
    scanned: bool = False
    missing: int = 0

    def read(self, name: str) -> None:
        """Read one slide: its title first, then its shapes as they lie on one another."""
        root = self.package.xml(name)
        if root is None:
            self.missing += 1
            return
        if root.get("show") in {"0", "false"}:
            self.hidden = True
            return
        self.shown += 1
        shapes = list(_shapes(child(child(root, "cSld"), "spTree")))
        shapes.sort(key=lambda shape: _place(shape) not in _TITLES)
        lines = [line for shape in shapes for line in self._shape(shape)]
        lines += [line for kind, part in relations(self.package, name).values() if kind == "diagramData" for line in self._diagram(part)]
        self.lines += lines
        self.scanned |= not lines and any(local(shape) == "pic" for shape in shapes)

    def _shape(self, shape: Element) -> Iterator[str]:
        if _place(shape) in _REPEATED:
            return
        table = next((element for element in shape.iter("*") if local(element) == "tbl"), None)
        yield from _paragraphs(child(shape, "txBody")) if table is None else self._table(table)

    def _table(self, table: Element) -> Iterator[str]:
        rows = [[_cell(cell) for cell in children(row) if local(cell) == "tc"] for row in children(table) if local(row) == "tr"]
        self.tables.append(tuple(tuple(map(cell_text, row)) for row in rows))
        for row in rows:
            yield from row_text(row)

    def _diagram(self, part: str) -> Iterator[str]:
        root = self.package.xml(part)
        for point in children(child(root, "ptLst")):
            yield from _paragraphs(child(point, "t"))


def _shapes(tree: Element | None) -> Iterator[Element]:
    for element in children(tree):
        name = local(element)
        if name == "grpSp":
            yield from _shapes(element)
        elif name == "AlternateContent":
            yield from _shapes(next(children(element), None))
        elif name in {"sp", "pic", "graphicFrame", "cxnSp"}:
            yield element


def _place(shape: Element) -> str:
    """Name the placeholder that a shape fills; empty for none."""
    own = next((element for element in children(shape) if local(element).startswith("nv")), None)
    return value(child(child(own, "nvPr"), "ph"), "type") or ""


def _cell(cell: Element) -> list[str]:
    """Give the lines of a cell; one that another reaches over is empty."""
    if value(cell, "hMerge") in {"1", "true"} or value(cell, "vMerge") in {"1", "true"}:
        return []
    return list(_paragraphs(child(cell, "txBody")))


def _paragraphs(body: Element | None) -> Iterator[str]:
    for paragraph in children(body):
        if local(paragraph) == "p":
            text = "".join(_runs(paragraph))
            yield from (line.strip() for line in text.split("\n") if line.strip())


def _runs(paragraph: Element) -> Iterator[str]:
    for element in paragraph.iter("*"):
        if local(element) == "t":
            yield (element.text or "").replace("\t", " ")
        elif local(element) == "br":
            yield "\n"
