"""MHTML (RFC 2557): the page in a file that Word and Excel save as "single file web page" and name .doc or .xls."""

from __future__ import annotations

import email
from dataclasses import replace
from email.message import Message

from cleaners.attachments.bounds import DEEPEST, Bounds
from cleaners.attachments.reading import read_inside
from cleaners.attachments.records import FileText, damaged


def read_mhtml(body: bytes, bounds: Bounds) -> FileText:
    """Read the first page, else the first text, among the parts of an MHTML file."""
    parts = [part for part in email.message_from_bytes(body).walk() if part.get_content_maintype() == "text"]
    parts.sort(key=lambda part: part.get_content_subtype() != "html")
    content = _payload(parts[0]) if parts else b""
    if not content or bounds.depth > DEEPEST:  # a broken head leaves a part that is the file itself
        return damaged("It holds no page: fetch it again.")
    found = read_inside(content, None, None, bounds.inside)
    return replace(found, media_type="multipart/related", flags=tuple(flag for flag in found.flags if flag != "mislabelled"))


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
