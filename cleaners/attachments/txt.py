"""Plain text: decoded as pages are."""

from __future__ import annotations

from cleaners.attachments.records import FileText
from cleaners.decoding.decode import decode


def read_txt(body: bytes) -> FileText:
    """Read a text file in whatever encoding it is; characters it does not hold whole are flagged `damaged`."""
    decoded = decode(body)
    found = FileText(decoded.text)
    if decoded.method != "lossy":
        return found
    return found.flagged("damaged", reason=f"{decoded.replacements} characters of it are broken: compare with the file itself.")
