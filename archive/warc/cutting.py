"""WARC files taken apart into records, damaged ones passed over with a note; only one record at a time is in memory.

warcio stops at the first damaged gzip member, so files are taken apart here: a compressed WARC keeps each record in a member
of its own (ISO 28500:2017, annex D), and reading goes on at the next one that opens. A member larger than a record may be (the
whole file in one) is unpacked to a temporary file first.
"""

from __future__ import annotations

import mmap
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple, Self

from cleaners.errors import ArchiveError

MOST_BYTES = 256 * 1024 * 1024
"""A record is read no further than this, and so is a body: few bytes may unpack to anything."""
MOST_UNPACKED = 16 * 1024 * 1024 * 1024
"""A member that holds many records is unpacked no further than this."""

_MAGIC = b"\x1f\x8b\x08"
_LENGTH = re.compile(rb"^Content-Length:[ \t]*(\d{1,18})", re.IGNORECASE | re.MULTILINE)
_CHUNK = 1 << 18
_HEAD = 1 << 20
Note = Callable[[int, str], None]
"""Is told at which byte a record begins that is left out, and why."""


class DamagedError(Exception):
    """Says what is wrong with one record."""


class Place(NamedTuple):
    """Where a record begins: the byte of its gzip member (or of itself), and its byte within what is unpacked there."""

    member: int
    inside: int


class Cutter:
    """An open WARC file: its records one after the other, or the one at a place met before."""

    def __init__(self, path: Path | str | IO[bytes]) -> None:
        self._named = path
        self._stack = ExitStack()
        self._spooled: dict[int, tuple[mmap.mmap, int]] = {}
        self._last: tuple[int, bytes, int] = (-1, b"", 0)

    def __enter__(self) -> Self:
        """Open the file; ArchiveError where it cannot be read."""
        try:
            self._content = _mapped(self._stack, self._named)
        except OSError as error:
            self._stack.close()
            raise ArchiveError(f"{self._named}: cannot be read ({error}); check the path and its permissions") from error
        self._packed = self._content[:3] == _MAGIC or self._content.find(b"WARC/1.") < 0
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def records(self, note: Note) -> Iterator[tuple[Place, bytes]]:
        """Give every record that is whole, with its place."""
        if not self._packed:
            yield from ((Place(start, 0), raw) for start, raw in _plain(note, self._content, 0))
            return
        place = self._content.find(_MAGIC)
        if place and len(self._content):
            note(0, "no WARC record and no gzip member begins here")
        while place >= 0:
            try:
                unpacked, following = self._member(place)
            except DamagedError as error:
                note(place, str(error))
                place = self._content.find(_MAGIC, place + 1)
                continue
            yield from ((Place(place, inside), raw) for inside, raw in _plain(note, unpacked, place))
            place = self._content.find(_MAGIC, following)

    def at(self, place: Place) -> bytes:
        """Give the record at a place that `records` gave."""
        content: mmap.mmap | bytes = self._member(place.member)[0] if self._packed else self._content
        start = place.inside if self._packed else place.member
        found = next(iter(_plain(lambda _place, _what: None, content, 0, start)), None)
        if found is None or found[0] != start:
            raise DamagedError("the file changed while it was read")
        return found[1]

    def _member(self, place: int) -> tuple[bytes | mmap.mmap, int]:
        if place in self._spooled:
            return self._spooled[place]
        if self._last[0] == place:
            return self._last[1:]
        pieces, size = [], 0
        unpacker = _Unpacker(self._content, place)
        for piece in unpacker:
            pieces.append(piece)
            size += len(piece)
            if size > MOST_BYTES:
                return self._spool(place, pieces, unpacker)
        self._last = (place, b"".join(pieces), unpacker.at)
        return self._last[1:]

    def _spool(self, place: int, pieces: list[bytes], unpacker: _Unpacker) -> tuple[mmap.mmap, int]:
        """Unpack a member to a temporary file; the rest of the file is that member or what follows it."""
        file = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the cutter
        size = sum(file.write(piece) for piece in pieces)
        pieces.clear()
        for piece in unpacker:
            size += file.write(piece)
            if size > MOST_UNPACKED:
                raise DamagedError(f"gzip member unpacks to more than {MOST_UNPACKED} bytes")
        file.flush()
        content = self._stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        self._spooled[place] = content, unpacker.at
        return self._spooled[place]


class _Unpacker:
    """Unpacks the gzip member at a place, piece by piece; `at` is the byte behind what was read."""

    def __init__(self, content: mmap.mmap, place: int) -> None:
        self._content = content
        self.at = place
        self._zlib = zlib.decompressobj(wbits=31)

    def __iter__(self) -> Iterator[bytes]:
        while not self._zlib.eof:
            chunk = self._zlib.unconsumed_tail or self._content[self.at : self.at + _CHUNK]
            if not chunk:
                raise DamagedError("gzip member cut short")
            fresh = not self._zlib.unconsumed_tail
            try:
                piece = self._zlib.decompress(chunk, MOST_BYTES)
            except zlib.error as error:
                raise DamagedError(f"gzip member damaged: {error}") from error
            if fresh:
                self.at += len(chunk)
            yield piece
        self.at -= len(self._zlib.unused_data)


def _mapped(stack: ExitStack, named: Path | str | IO[bytes]) -> mmap.mmap:
    file = stack.enter_context(Path(named).open("rb")) if isinstance(named, str | Path) else named  # noqa: SIM115 - the stack closes it
    if file.seek(0, 2) == 0:
        return stack.enter_context(mmap.mmap(-1, 1))  # one zero byte: no record
    return stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _plain(note: Note, content: mmap.mmap | bytes, base: int, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Cut uncompressed records apart by their lengths."""
    start = content.find(b"WARC/1.", start)
    while start >= 0:
        head = content.find(b"\r\n\r\n", start, start + _HEAD)
        length = _LENGTH.search(content[start:head]) if head >= 0 else None
        if length is None:
            note(base + start, "no length in the record's header")
            start = content.find(b"\r\nWARC/1.", start + 1)
            start += 2 if start >= 0 else 0
            continue
        end = head + 4 + int(length[1])
        if end > len(content):
            note(base + start, "record shorter than it says")
            end = head
        elif end - start > MOST_BYTES:
            note(base + start, f"record larger than {MOST_BYTES} bytes")
        else:
            yield start, content[start:end]
        start = content.find(b"WARC/1.", end)
