"""Whether a page is small and plain enough for a parser whose time grows with the square of what one element holds."""

from __future__ import annotations

import re

LARGEST = 1 << 20
"""Bytes; a larger page is read by a child."""
MOST_TAGS = 60_000
LONGEST_TAG = 20_000
"""Bytes between < and >: where more stand, an element has thousands of attributes."""
MOST_VALUES = 4_000
"""Equals signs between two <: the same for attributes whose values hold a >."""
MOST_CELLS = 5_000
_LONG_TAG = re.compile(rb"<[^<>]{%d}" % LONGEST_TAG)
_CELL = re.compile(rb"<\0?t\0?[dh]\b", re.IGNORECASE)  # with the zero bytes of UTF-16


def is_plain(body: bytes) -> bool:
    """Say, in one pass, whether a page is small and plain enough to be read in this process."""
    tags = body.count(b"<")
    if len(body) > LARGEST or tags > MOST_TAGS or _LONG_TAG.search(body):
        return False
    if body.count(b"=") > MOST_VALUES and max(part.count(b"=") for part in body.split(b"<")) > MOST_VALUES:
        return False
    return tags <= MOST_CELLS or sum(1 for _ in _CELL.finditer(body)) <= MOST_CELLS
