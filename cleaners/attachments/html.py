"""HTML files: read as the pages of a site are, without what stands around the text."""

from __future__ import annotations

from datetime import UTC, datetime

from cleaners.attachments.records import FileText
from cleaners.clean import clean
from cleaners.records import Capture
from cleaners.worker import is_plain, read_stripped

_TOLD = {
    "challenge": "It is a page that asks for a proof of being human: fetch the file again later.",
    "soft_404": "It is a page that says there is no such file: ask the office for it.",
    "script_shell": "It is a page that a script would fill: open its address in a browser.",
}


def read_html(body: bytes) -> FileText:
    """Read an HTML file; one that is no document (a challenge, an error, a script) is flagged `unsupported`."""
    page = Capture("", "https://attachment.invalid/", datetime(1970, 1, 1, tzinfo=UTC), 200, (), body)
    notice = clean(page) if is_plain(body) else read_stripped(page)  # what parsers may stall at is read without one
    text = notice.text if (notice.title or "") in notice.text else f"{notice.title}\n{notice.text}"
    found = FileText(text.strip())
    if "damaged_characters" in notice.flags:
        found = found.flagged("damaged", reason="Some of its characters are broken: compare with the file itself.")
    told = next((_TOLD[flag] for flag in notice.flags if flag in _TOLD), "")
    return found.flagged("unsupported", reason=told) if told else found
