"""PDF (ISO 32000): the text of its pages in the order they are drawn, and which pages are pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice

import pypdfium2
from pypdfium2 import raw

from cleaners.attachments import ocr
from cleaners.attachments.bounds import Bounds
from cleaners.attachments.pdflines import Box, paragraphs, read_lines
from cleaners.attachments.records import FileText, damaged

MEDIA_TYPE = "application/pdf"
FEW = 50
"""Characters of a page, white space aside: a picture with fewer has lost its text (a page number is left, a caption)."""
COVERED = 0.25
"""Of a page that a picture covers which may be its text."""
MOST_OBJECTS = 3_000
MANY_PATHS = 100
"""Drawn shapes of a page without text: letters turned into outlines."""
MOST_PAGES = 5_000
GARBLED = 0.1
"""Of the characters that name no character (private use, replacement): the font says glyphs, not letters."""
_GARBAGE = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_BULLETS = re.compile("[\uf06c-\uf0fe](?=\\s|$)", re.MULTILINE)  # Wingdings and Symbol in front of list entries
_BLANK = re.compile(r"\s")
_CATALOG = re.compile(rb"(\d{1,10})\s+(\d{1,5})\s+obj\s*<<[^>]{0,300}/Type\s*/Catalog\b")


@dataclass
class _Pages:
    """What was seen on the way through a document: page numbers from 1."""

    texts: list[str] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    read: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    left: int = 0


def read_pdf(body: bytes, bounds: Bounds) -> FileText:
    """Read a PDF page by page; what was read before it broke or the time was up is kept."""
    try:
        document = _open(body)
    except pypdfium2.PdfiumError as error:
        return _unopened(error)
    with closing(document):
        count, pages = len(document), _Pages()
        for number in range(1, count + 1):
            if bounds.over or number > MOST_PAGES:
                pages.left = count - number + 1
                break
            _read_page(document, number, pages, bounds)
    return _record(body, count, pages)


def _open(body: bytes) -> pypdfium2.PdfDocument:
    """Open a document; one whose end is cut off, and its trailer with it, by the catalog that still stands in it."""
    try:
        return pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        catalogs = _CATALOG.findall(body)
        if not catalogs or _asks_for_password(error):
            raise
        number, generation = catalogs[-1]
        whole = body[: body.rfind(b"endobj") + len(b"endobj")]
        return pypdfium2.PdfDocument(whole + b"\ntrailer\n<</Root %s %s R>>\n%%%%EOF\n" % (number, generation))


def _asks_for_password(error: pypdfium2.PdfiumError) -> bool:
    return getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()


def _unopened(error: pypdfium2.PdfiumError) -> FileText:
    if _asks_for_password(error):
        reason = "It asks for a password: ask the office for a copy without one."
        return FileText(media_type=MEDIA_TYPE).flagged("encrypted", reason=reason)
    return damaged("It is no PDF that can be opened: fetch it again, or ask the office for it.", media_type=MEDIA_TYPE)


def _read_page(document: pypdfium2.PdfDocument, number: int, pages: _Pages, bounds: Bounds) -> None:
    try:
        with closing(document[number - 1]) as page:
            text = _page_text(page)
            if len(_BLANK.sub("", text)) < FEW and _is_picture(page):
                text = _read_picture(page, number, text, pages, bounds)
    except pypdfium2.PdfiumError:
        pages.broken.append(number)
        return
    pages.texts.append(text)


def _read_picture(page: pypdfium2.PdfPage, number: int, text: str, pages: _Pages, bounds: Bounds) -> str:
    """Read a page that is a picture, where that was asked for and can be done; otherwise note it."""
    if bounds.ocr_pages.left > 0 and ocr.is_installed():
        bounds.ocr_pages.left -= 1
        pages.read.append(number)
        return "\n".join(filter(None, (text, ocr.read_image(_rendered(page)))))
    pages.scanned.append(number)
    return text


def _rendered(page: pypdfium2.PdfPage) -> object:
    """Draw a page at 200 dots an inch, smaller where it is larger than A2, as an array of pixels."""
    scale = min(200 / 72, 4000 / max(1.0, *page.get_size()))
    with closing(page.render(scale=scale)) as bitmap:
        return bitmap.to_numpy().copy()


def _page_text(page: pypdfium2.PdfPage) -> str:
    with closing(page.get_textpage()) as textpage:
        handle = textpage.raw
        codes = [raw.FPDFText_GetUnicode(handle, index) for index in range(textpage.count_chars())]
        text = "".join(map(_character, codes))  # one for one: what stands at an index of the text has its place there too

        turned = _TURNED.get(page.get_rotation(), _upright)

        def box(index: int) -> Box | None:
            place = raw.FS_RECTF()
            found = raw.FPDFText_GetLooseCharBox(handle, index, place)
            return turned((place.left, place.bottom, place.right, place.top)) if found else None

        lines = read_lines(text, box, lambda index: raw.FPDFText_IsGenerated(handle, index) == 1)
    return "\n".join(paragraphs(lines)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _upright(box: Box) -> Box:
    return box


_TURNED: dict[int, Callable[[Box], Box]] = {
    90: lambda box: (box[1], -box[2], box[3], -box[0]),
    180: lambda box: (-box[2], -box[3], -box[0], -box[1]),
    270: lambda box: (-box[3], box[0], -box[1], box[2]),
}
"""Places on pages shown turned clockwise (wide tables mostly), as they are seen; distances alone matter, so no page size is added."""


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 else "\ufffd"


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    """Say whether a picture covers a good part of a page, or drawn shapes alone make it up."""
    width, height = page.get_size()
    covered, paths = 0.0, 0
    for found in islice(page.get_objects(max_depth=3), MOST_OBJECTS):
        if found.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = found.get_bounds()
            # the place of a picture inside a form is in the form's measure: it counts whole
            covered += 1.0 if found.level else (right - left) * (top - bottom) / max(1.0, width * height)
        paths += found.type == raw.FPDF_PAGEOBJ_PATH
    return covered >= COVERED or paths >= MANY_PATHS


def _record(body: bytes, count: int, pages: _Pages) -> FileText:
    """Give what was read, and say in order what was not."""
    text = "\n".join(filter(None, pages.texts))
    found = FileText(text, count, MEDIA_TYPE)
    for flags, reason in _shortfalls(body, count, pages, text):
        found = found.flagged(*flags, reason=reason)
    return found


def _shortfalls(body: bytes, count: int, pages: _Pages, text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    partly = () if len(pages.scanned) == count else ("partial",)
    if pages.scanned:
        yield ("scanned", *partly), f"{_named(pages.scanned, count)} without text: {ocr.next_step()}."
    if pages.read:
        yield ("ocr",), f"{_named(pages.read, count)} read by OCR: compare with the file before quoting."
    if pages.broken:
        yield ("damaged", *(("partial",) if text else ())), f"{_named(pages.broken, count)} broken: fetch the file again."
    elif b"%%EOF" not in body[-4096:]:
        yield ("damaged", "partial"), "Its end is missing: fetch the file again."
    if pages.left:
        why = "too_large" if count - pages.left >= MOST_PAGES else "time_limit"
        yield ("partial", why), f"Its last {pages.left} pages were not read any more: open the file itself for them."
    if _is_garbled(text):
        yield ("garbled",), "Its text layer names glyphs, not characters: print it and read it by OCR."


def _named(numbers: list[int], count: int) -> str:
    """Name pages as people do: Pages 3-5, 8 of 12 are."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    names = ", ".join("-".join(map(str, run)) for run in runs[:20]) + (", ..." if len(runs) > 20 else "")
    return f"Pages {names} of {count} are" if len(numbers) > 1 else f"Page {names} of {count} is"


def _is_garbled(text: str) -> bool:
    garbage = len(_GARBAGE.findall(_BULLETS.sub("", text)))
    return garbage >= 20 and garbage >= GARBLED * len(_BLANK.sub("", text))
