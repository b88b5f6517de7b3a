"""What is fuzzed of attached files: each reader, from files like those its own tests write."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterator
from functools import partial

import docx

from cleaners.attachments import FLAGS, read_here
from tests.cleaners.attachments import test_doc, test_ofd, test_pdf, test_rars, test_rtf, test_sheets, test_zips

TEXT = "关于做好防汛工作的通知"
_OURS = re.compile(r"could not be read \((?:TypeError|AttributeError|NameError|UnboundLocalError|AssertionError|RecursionError)\b")
"""Errors that say a mistake of a reader rather than of a file."""
Seeds = Callable[[], Iterator[bytes]]


def check_file(name: str, body: bytes) -> None:
    """Any bytes give a record that can be stored, says in known words what is wrong, and hides no mistake of ours."""
    found = read_here(body, name=name)
    for record in (found, *found.files):
        record.text.encode("utf-8")
        assert set(record.flags) <= FLAGS.keys(), record.flags
        assert record.text or record.flags
        assert not _OURS.search(record.reason), record.reason


def seeds_of_pdf() -> Iterator[bytes]:
    """A page of text, a picture, a document without its end, and one that asks for a password."""
    yield test_pdf.pdf(test_pdf.NOTICE, test_pdf.PICTURE)
    yield test_pdf.pdf(test_pdf.shown((60, 700, TEXT)))[:-200]
    yield test_pdf.pdf(b"", trailer=b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")>>")


def seeds_of_archives() -> Iterator[bytes]:
    """Archives of every kind, one in another, names in every encoding."""
    inner = test_zips.packed({"a.txt": TEXT, "b/c.csv": "a,b\n1,2"})
    yield test_zips.packed({"x.zip": inner, "y.gz": gzip.compress(TEXT.encode())})
    yield test_zips.by_hand(TEXT.encode("gb18030"), b"text")
    yield test_rars.rar(("a.txt", TEXT.encode()), ("b.txt", b"text"))
    yield gzip.compress(inner)


def seeds_of_word() -> Iterator[bytes]:
    """Documents of old and new Word, with a table."""
    yield test_doc.plain(TEXT, "一、" + TEXT)
    document = docx.Document()
    document.add_paragraph(TEXT)
    document.add_table(2, 2).cell(0, 0).text = TEXT
    saved = io.BytesIO()
    document.save(saved)
    yield saved.getvalue()


def seeds_of_sheets() -> Iterator[bytes]:
    """Workbooks of new and old Excel, and what pretends to be one."""
    cells = test_sheets.row(1, test_sheets.text("A1", TEXT), test_sheets.number("B1", 3.5))
    yield test_sheets.xlsx(("表", cells, "", ""))
    yield test_sheets.stored(test_sheets.biff([test_sheets.label(0, 0, TEXT)]))
    yield f"<html><table><tr><td colspan=2 rowspan=2>{TEXT}</td><td>1</td></tr><tr><td>2</td></tr></table>".encode()
    yield f"{TEXT}\t1\n2,3;4\n".encode("gb18030")


def seeds_of_ofd() -> Iterator[bytes]:
    """A document of two pages."""
    page = test_ofd.content(test_ofd.line(TEXT, 20, 20), test_ofd.line(TEXT, 20, 30))
    yield test_ofd.ofd(page, page)


def seeds_of_texts() -> Iterator[bytes]:
    """RTF and web pages saved as one file."""
    yield test_rtf.HEAD + rb"\f0 " + test_rtf.quoted(TEXT) + rb"\par\u20851?\trowd a\cell b\cell\row{\pict\bin3 }}}}}"
    yield b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>a\r\n--x--'


TARGETS: dict[str, tuple[Callable[[bytes], None], Seeds, tuple[str | bytes, ...]]] = {
    "pdf": (
        partial(check_file, "a.pdf"),
        seeds_of_pdf,
        ("endobj", "/Kids", "<<", ">>", "stream", "/Root", "/Type", " 0 R", " Tj", "BT", "/Count"),
    ),
    "archives": (partial(check_file, "a.zip"), seeds_of_archives, (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"Rar!\x1a\x07\x01\x00")),
    "word": (partial(check_file, "a.doc"), seeds_of_word, ("w:p", "w:tbl", "w:vMerge", "w:numPr", "word/document.xml")),
    "sheets": (partial(check_file, "a.xls"), seeds_of_sheets, ("<c r=", "<row", "colspan=", "<td", "xl/workbook.xml", "mergeCell")),
    "ofd": (partial(check_file, "a.ofd"), seeds_of_ofd, ("DeltaX", "TextCode", "CTM", "Boundary", "g 9 1", "OFD.xml")),
    "texts": (partial(check_file, "a.doc"), seeds_of_texts, ("\\u", "\\'", "\\uc", "\\bin", "{\\*", "\\fcharset", "boundary=", "--x")),
}
