"""gzip (RFC 1952): the one file inside."""

from __future__ import annotations

import gzip
import io

from cleaners.attachments.bounds import Bounds
from cleaners.attachments.members import Member, read_members
from cleaners.attachments.records import FileText

_HAS_NAME = 0x08
_HAS_EXTRA = 0x04


def read_gzip(body: bytes, bounds: Bounds) -> FileText:
    """Read the file inside; it goes by the name that the packer noted."""
    return read_members([Member(_name(body), 0, len(body), lambda: gzip.open(io.BytesIO(body)))], bounds)


def _name(body: bytes) -> str:
    if len(body) < 10 or not body[3] & _HAS_NAME:
        return ""
    start = 10 + (2 + int.from_bytes(body[10:12], "little") if body[3] & _HAS_EXTRA else 0)
    return body[start : start + 255].split(b"\0")[0].decode("latin-1")
