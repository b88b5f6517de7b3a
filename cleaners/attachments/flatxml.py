"""Word documents saved as one XML file: WordprocessingML of Office 2003, named .doc as a rule (workbooks of that kind: `sheets`)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from cleaners.attachments.package import local, parse_xml
from cleaners.attachments.records import FileText
from cleaners.errors import FileError

_SPACES = {"tab": "\t", "br": "\n", "cr": "\n"}


def read_word_xml(body: bytes) -> FileText:
    """Read a document: its paragraphs and tables in order, a row as one line of cells parted by tabs."""
    root, whole = _parsed(body)
    lines = [line for block in root.iter("{*}body") for line in _blocks(block)]
    found = FileText("\n".join(lines))
    return found if whole else found.flagged("damaged", "partial", reason="Its end is missing or it is broken: fetch it again.")


def _parsed(body: bytes) -> tuple[etree._Element, bool]:
    root, whole = parse_xml(body)
    if root is None:
        raise FileError("It is no XML that can be read: fetch it again, or ask the office for it")
    return root, whole


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
