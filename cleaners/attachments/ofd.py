"""OFD, China's fixed-layout format (版式文档): the text of its pages in order, with that of their templates.

Source: GB/T 33190-2016: 7.4 (OFD.xml), 7.5 (Document.xml), 7.7 (pages and templates), 11 (text), 13 (composite objects), 15
(annotations), 18 (signatures), 20 (attachments). Annotations (watermarks, stamps, remarks) are no part of the text and left out;
seals are not verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cleaners.attachments.failures import recorded
from cleaners.attachments.ofd_page import Chunk, Matrix, chunks, page_text, placed
from cleaners.attachments.package import Element, Package, child, children, local, number, resolve
from cleaners.attachments.records import FileText
from cleaners.errors import FileError

MEDIA_TYPE = "application/ofd"
MOST_PAGES = 5000
MOST_OBJECTS = 2_000_000
DEEPEST = 8
"""Composite objects in one another."""
_WHOLE: Matrix = (1, 0, 0, 1, 0, 0)
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]")
_BODY, _PICTURES = "TextObject", frozenset({"ImageObject"})


@recorded(MEDIA_TYPE)
def read_ofd(body: bytes) -> FileText:
    """Read an OFD: `text` has a line a paragraph, `pages` counts those of all its documents, `files` are the attached ones."""
    package = Package(body)
    root = package.xml("OFD.xml")
    if root is None:
        raise FileError("OFD.xml is missing or cannot be parsed", "damaged")
    reader = _Reader(package)
    for document in children(root):
        if local(document) == "DocBody":
            reader.read_document(_document_root(package, document))
            reader.signed |= child(document, "Signatures") is not None
    return _record(reader)


def _document_root(package: Package, document: Element) -> str:
    """Name the root of a document: that of its current version where it keeps several (7.4, 19)."""
    for version in children(child(document, "Versions")):
        if version.get("Current") == "true":
            base = resolve("", version.get("BaseLoc") or "")
            location = _text(child(package.xml(base), "DocRoot"))
            if location:
                return resolve(base, location)
    return resolve("", _text(child(document, "DocRoot")))


def _text(element: Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _record(reader: _Reader) -> FileText:
    text = "\n".join(reader.lines)
    signs = sum(not sign.isspace() for sign in text)
    found = {
        "signed": reader.signed,
        "scanned": reader.scanned > 0,
        "empty": not signs and not reader.scanned,
        "garbled": len(_NO_TEXT.findall(text)) * 5 > signs > 0,
    }
    record = FileText(text, reader.pages, MEDIA_TYPE, files=tuple(reader.files))
    record = record.flagged(*(flag for flag, is_so in found.items() if is_so))
    if reader.missing or reader.package.damaged:
        record = record.flagged("damaged", "partial", reason="Pages are missing or broken: ask the office for the file again.")
    if reader.left < 0 or reader.pages == MOST_PAGES:
        record = record.flagged("partial", "too_large", reason="Only its first pages were read: open the file itself for the rest.")
    return record


@dataclass(slots=True)
class _Page:
    """What was met on one page: placed text, placed text that is not to be seen, pictures."""

    chunks: list[Chunk] = field(default_factory=list)
    unseen: list[Chunk] = field(default_factory=list)
    pictures: int = 0


@dataclass(slots=True)
class _Reader:
    """Reads the documents of one package; `left` is how many objects may still be placed."""

    package: Package
    lines: list[str] = field(default_factory=list)
    files: list[FileText] = field(default_factory=list)
    pages: int = 0
    scanned: int = 0
    missing: int = 0
    signed: bool = False
    left: int = MOST_OBJECTS
    templates: dict[str, tuple[str, str]] = field(default_factory=dict)
    composites: dict[str, Element] = field(default_factory=dict)
    parsed: dict[str, Element | None] = field(default_factory=dict)

    def read_document(self, name: str) -> None:
        """Read the pages of one document."""
        root = self.package.xml(name)
        if root is None:
            self.missing += 1
            return
        common = child(root, "CommonData")
        self.templates = dict(_templates(common, name))
        self.composites = {}
        for part in children(common):
            if local(part) in {"PublicRes", "DocumentRes"}:
                self._read_resources(resolve(name, _text(part)))
        for page in children(child(root, "Pages")):
            if local(page) == "Page" and self.pages < MOST_PAGES:
                self._read_page(resolve(name, page.get("BaseLoc") or ""))
        self.files += _attachments(self.package, root, name)

    def _read_resources(self, name: str) -> None:
        root = self.package.xml(name)
        for unit in () if root is None else root.iter("*"):
            if local(unit) == "CompositeGraphicUnit":
                self.composites[unit.get("ID") or ""] = unit

    def _read_page(self, name: str) -> None:
        self.pages += 1
        root = self._part(name)
        if root is None:
            self.missing += 1
            return
        page = _Page()
        for template in children(root):
            if local(template) == "Template":
                location = self.templates.get(template.get("TemplateID") or "", ("", ""))[0]
                self._place(child(self._part(location), "Content"), page, _WHOLE, 0)
            elif local(template) == "PageRes":
                self._read_resources(resolve(name, _text(template)))
        self._place(child(root, "Content"), page, _WHOLE, 0)
        lines = page_text(page.chunks or page.unseen)
        self.lines += lines
        self.scanned += not lines and page.pictures > 0

    def _part(self, name: str) -> Element | None:
        """Parse a page or a template; templates serve many pages."""
        if name not in self.parsed:
            if len(self.parsed) > len(self.templates) + 8:
                self.parsed.clear()
            self.parsed[name] = self.package.xml(name)
        return self.parsed[name]

    def _place(self, parent: Element | None, page: _Page, space: Matrix, depth: int, *, seen: bool = True) -> None:
        """Place the text below a layer, block or composite object."""
        for element in () if parent is None or depth > DEEPEST else children(parent):
            name = local(element)
            self.left -= 1
            if self.left < 0:
                return
            shown = seen and element.get("Visible") not in {"false", "0"}
            if name == _BODY:
                (page.chunks if shown else page.unseen).extend(chunks(element, space))
            elif name in {"Layer", "PageBlock", "Content"}:
                self._place(element, page, space, depth, seen=shown)
            elif name == "CompositeObject":
                unit = self.composites.get(element.get("ResourceID") or "")
                self._place(unit, page, placed(element, space), depth + 1, seen=shown)
            page.pictures += name in _PICTURES


def _templates(common: Element | None, document: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for part in children(common):
        if local(part) == "TemplatePage":
            yield part.get("ID") or "", (resolve(document, part.get("BaseLoc") or ""), part.get("ZOrder") or "")


def _attachments(package: Package, root: Element, document: str) -> Iterator[FileText]:
    location = _text(child(root, "Attachments"))
    listed = package.xml(resolve(document, location)) if location else None
    for part in children(listed):
        if local(part) == "Attachment":
            yield FileText(name=part.get("Name") or _text(child(part, "FileLoc")), size=number(part.get("Size")))
