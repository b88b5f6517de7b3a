"""Damaged double-byte text: one lost byte costs one character, not the rest of the line.

In GB18030 and Big5 a character is two bytes, so after a lost or broken byte every pair is read across two characters until
the next ASCII byte. The damaged run is read again with the one byte left out where that gives the most ordinary text.
"""

from __future__ import annotations

import re
from itertools import accumulate

from cleaners.plausible import plausibility

_RUN = re.compile(rb"[\x80-\xff]+")
_MOST_REPAIRS = 400  # a page with more, or with more bytes to mend, is not damaged Chinese but something else
_MOST_BYTES = 100_000
_LONGEST_RUN = 20_000  # bytes without any ASCII: a paragraph of ten thousand characters


def decode_damaged(body: bytes, encoding: str) -> str:
    """Decode with U+FFFD for what cannot be read, resynchronising damaged runs of double-byte encodings; never raises."""
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        first = error.start
    if encoding not in {"gb18030", "big5hkscs"}:
        return body.decode(encoding, "replace")
    view = memoryview(body)  # what is left is looked at again after each repair, and not copied
    pieces: list[str] = []
    position = mended = 0
    while mended < _MOST_BYTES and len(pieces) < 2 * _MOST_REPAIRS:
        run = _run_around(body, position, first)
        pieces += [body[position : run[0]].decode(encoding, "replace"), _repair(body[run[0] : run[1]], encoding)]
        position = run[1]
        mended += run[1] - run[0]
        try:
            return "".join(pieces) + str(view[position:], encoding)
        except UnicodeDecodeError as error:
            first = position + error.start
    return "".join(pieces) + body[position:].decode(encoding, "replace")


def _run_around(body: bytes, position: int, error: int) -> tuple[int, int]:
    """Give the bytes above ASCII around an error, not before `position`; at least the byte of the error itself."""
    start = error
    while start > position and body[start - 1] > 0x7F:
        start -= 1
    match = _RUN.match(body, error)
    return start, match.end() if match else error + 1


def _repair(run: bytes, encoding: str) -> str:
    """Leave out the byte (in an even run the two) without which both sides read best; very long runs are only replaced."""
    if len(run) > _LONGEST_RUN:
        return run.decode(encoding, "replace")
    gap = 1 if len(run) % 2 else 2
    before = list(accumulate((_worth(run[i : i + 2], encoding) for i in range(0, len(run) - gap, 2)), initial=0.0))
    after = list(accumulate((_worth(run[i : i + 2], encoding) for i in range(len(run) - 2, gap - 1, -2)), initial=0.0))
    pairs = (len(run) - gap) // 2
    cut = 2 * max(range(pairs + 1), key=lambda count: before[count] + after[pairs - count])
    return run[:cut].decode(encoding, "replace") + "\ufffd" + run[cut + gap :].decode(encoding, "replace")


def _worth(pair: bytes, encoding: str) -> float:
    try:
        return plausibility(pair.decode(encoding))
    except UnicodeDecodeError:
        return -2.0
