"""Pictures: read by OCR where that was asked for, flagged as scans otherwise."""

from __future__ import annotations

from cleaners.attachments import ocr
from cleaners.attachments.bounds import Bounds
from cleaners.attachments.records import FileText


def read_picture(body: bytes, bounds: Bounds) -> FileText:
    """Read a picture of text as one page."""
    if bounds.ocr_pages.left < 1 or not ocr.is_installed():
        return FileText(pages=1).flagged("scanned", reason=f"It is a picture: {ocr.next_step()}.")
    bounds.ocr_pages.left -= 1
    return FileText(ocr.read_image(body), 1).flagged("ocr", reason="It was read by OCR: compare with the file before quoting.")
