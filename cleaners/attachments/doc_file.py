"""The streams of a binary Word file and where its text lies in them.

Source: [MS-DOC] 2.5.1 (Fib), 2.4.1 (Retrieving Text), 2.9.38 (Clx), 2.8.35 (PlcPcd), 2.9.177 (Pcd), 2.9.73 (FcCompressed). A character
position (CP) counts UTF-16 units, a file position (FC) bytes of the WordDocument stream.
"""

from __future__ import annotations

import io
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import olefile

from cleaners.errors import FileError

_ENCRYPTED, _OTHER_TABLE = 0x0100, 0x0200
_WORD97, _WORD6 = 0xA5EC, 0xA5DC
_CCP = ("text", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header_boxes")
_CHINESE = {0x0804: "gb18030", 0x1004: "gb18030", 0x0404: "big5hkscs", 0x0C04: "big5hkscs"}
_OLE_ERRORS = (OSError, ValueError, TypeError, AttributeError, LookupError, struct.error, RuntimeError, EOFError)
"""What olefile raises on broken files: it checks much and not everything."""
LARGEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: from CP `start` on, at FC `position`, one or two bytes a character."""

    start: int
    end: int
    position: int
    width: int


@dataclass(frozen=True)
class WordFile:
    """The parts of a binary Word file that the text is read from.

    `units` are the UTF-16 units of all text by CP; `areas` the first and last CP of each part of it; `table` is the stream of the
    structures that the FIB points at by number (`structure`); a Word 6 file has none. `extra` is the Data stream: long properties.
    """

    main: bytes
    table: bytes
    units: array[int]
    pieces: tuple[Piece, ...]
    areas: dict[str, tuple[int, int]]
    extra: bytes = b""

    def structure(self, number: int) -> tuple[int, int]:
        """Give where the table stream holds the FIB's structure `number` (the n-th pair of FibRgFcLcb97), and its length."""
        if not self.table or len(self.main) < 154 + 8 * number + 8 or number >= _u16(self.main, 152):
            return 0, 0
        start, length = struct.unpack_from("<II", self.main, 154 + 8 * number)
        return (start, length) if start < len(self.table) else (0, 0)

    def plc(self, number: int, size: int) -> tuple[tuple[int, ...], list[bytes]]:
        """Read a PLC ([MS-DOC] 2.2.2): its positions and the elements of `size` bytes between them."""
        start, length = self.structure(number)
        return read_plc(self.table[start : start + length], size)


def open_word(body: bytes) -> WordFile:
    """Open a binary Word file: Word 97 and later, and what Word 6 and 95 hold as plain runs of text."""
    streams = read_streams(body, ("WordDocument", "0Table", "1Table", "Data"))
    main = streams.get("WordDocument", b"")
    if len(main) < 512:
        raise FileError("the file holds no Word text", "damaged" if main else "unsupported")
    flags = _u16(main, 10)
    if flags & _ENCRYPTED:
        raise FileError("the document asks for a password", "encrypted")
    if _u16(main, 0) == _WORD6 or _u16(main, 2) < 0x00C1:
        return _word6(main)
    table = streams.get("1Table" if flags & _OTHER_TABLE else "0Table") or streams.get("0Table") or streams.get("1Table") or b""
    return _word97(main, table, streams.get("Data", b""))


def read_streams(body: bytes, names: tuple[str, ...]) -> dict[str, bytes]:
    """Read streams of a compound file ([MS-CFB]) by name; one that asks for a password is an error."""
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as compound:
            if compound.exists("EncryptedPackage"):
                raise FileError("the file asks for a password", "encrypted")
            return {name: compound.openstream(name).read(LARGEST) for name in names if compound.exists(name)}
    except _OLE_ERRORS as error:
        raise FileError(f"the compound file is broken: {error}", "damaged") from error


def read_plc(block: bytes, size: int) -> tuple[tuple[int, ...], list[bytes]]:
    """Read positions and the elements of `size` bytes that stand between them."""
    count = max(0, (len(block) - 4) // (4 + size))
    if not count:
        return (), []
    positions = struct.unpack_from(f"<{count + 1}I", block)
    first = 4 * (count + 1)
    return positions, [block[at : at + size] for at in range(first, first + count * size, size)]


def _word97(main: bytes, table: bytes, extra: bytes) -> WordFile:
    lengths = struct.unpack_from("<8i", main, 76)
    areas, at = {}, 0
    for name, length in zip(_CCP, lengths, strict=True):
        if not 0 <= length <= len(main):
            raise FileError(f"the header says that the {name} have {length} characters", "damaged")
        areas[name] = (at, at + length)
        at += length
    word = WordFile(main, table, array("H"), tuple(_pieces(main, table)), areas, extra)
    for piece in word.pieces:
        word.units.extend(_units(main, piece))
    return word


def _pieces(main: bytes, table: bytes) -> Iterator[Piece]:
    """Read the piece table; pieces that lie outside the stream end it, and no more text is given than the stream has bytes."""
    start, length = struct.unpack_from("<II", main, 154 + 8 * 33)
    positions, pieces = read_plc(_piece_table(table[start : start + length]), 8)
    expected, left = 0, len(main)
    for first, last, piece in zip(positions, positions[1:], pieces, strict=False):
        compressed = _u32(piece, 2)
        narrow = bool(compressed & 0x4000_0000)
        position = (compressed & 0x3FFF_FFFF) // (2 if narrow else 1)
        width = 1 if narrow else 2
        end = min(last, first + max(0, len(main) - position) // width)
        left -= (end - first) * width
        if first != expected or end < first or left < 0:
            return
        yield Piece(first, end, position, width)
        if end < last:
            return
        expected = last


def _piece_table(clx: bytes) -> bytes:
    at = 0
    while at + 5 <= len(clx) and clx[at] == 1:
        at += 3 + _u16(clx, at + 1)
    if at + 5 > len(clx) or clx[at] != 2:
        raise FileError("the table of text pieces is missing", "damaged")
    return clx[at + 5 : at + 5 + _u32(clx, at + 1)]


def _units(main: bytes, piece: Piece) -> array[int]:
    block = main[piece.position : piece.position + (piece.end - piece.start) * piece.width]
    if piece.width == 1:
        return to_units(block.decode("cp1252", "replace"))
    units = array("H")
    units.frombytes(block)
    return units


def to_units(text: str) -> array[int]:
    """Give the UTF-16 units of a text."""
    units = array("H")
    units.frombytes(text.encode("utf-16-le", "surrogatepass"))
    return units


def to_text(units: array[int]) -> str:
    """Give the text of UTF-16 units; halves of a pair that stand alone become U+FFFD."""
    return units.tobytes().decode("utf-16-le", "replace")


def _word6(main: bytes) -> WordFile:
    """Read Word 6 and 95: one run of bytes in the code page of the document's language, where it was not saved piecemeal."""
    if _u16(main, 10) & 0x4:
        raise FileError("a fast-saved document of Word 6 or 95 is not read: save it anew in a word processor", "unsupported")
    first, last = struct.unpack_from("<II", main, 24)
    units = to_units(main[first : min(last, len(main))].decode(_CHINESE.get(_u16(main, 6), "cp1252"), "replace"))
    return WordFile(main, b"", units, (), {"text": (0, len(units))})


def _u16(block: bytes, at: int) -> int:
    return int.from_bytes(block[at : at + 2], "little")


def _u32(block: bytes, at: int) -> int:
    return int.from_bytes(block[at : at + 4], "little")
