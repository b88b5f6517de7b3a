"""Transfer and content codings of recorded bodies (RFC 9112, section 7.1; RFC 9110, section 8.4) undone, within a limit."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator

import brotli  # type: ignore[import-untyped]

from archive.record.payloads import zstd
from archive.warc.cutting import MOST_BYTES, DamagedError

_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")
_STEP = 1 << 16
_MOST_CODINGS = 3


def decode(wire: bytes, transfer: str, content: str) -> bytes:
    """Give a body as it was before its codings; DamagedError where that cannot be done to the end.

    A tool may have undone a coding already and left the header: what does not look coded is taken as it is.
    """
    body = wire
    if "chunked" in transfer.lower() and (frames := frames_of(wire)):
        body = b"".join(wire[start:end] for _, start, end in frames[:-1])
    codings = [word.strip().lower() for word in content.split(",") if word.strip()]
    if len(codings) > _MOST_CODINGS:
        raise DamagedError(f"{len(codings)} content codings one upon another")
    for coding in reversed(codings):
        body = _undo(coding, body)
    return body


Frame = tuple[bytes, int, int]
"""The line that gives a chunk's size, and where its bytes begin and end; last the end mark with what follows it."""


def frames_of(wire: bytes) -> list[Frame]:
    """Take a chunked body apart; nothing where it is not chunked, or not to its end."""
    frames: list[Frame] = []
    at = 0
    while found := _SIZE.match(wire, at):
        start = wire.find(b"\r\n", at) + 2
        size = int(found[0], 16)
        if start < 2 or start + size > len(wire):
            return []
        if size == 0:
            return [*frames, (wire[at:], len(wire), len(wire))]
        if wire[start + size : start + size + 2] != b"\r\n":
            return []
        frames.append((wire[at:start], start, start + size))
        at = start + size + 2
    return []


def framing_of(wire: bytes) -> list[str]:
    """Give the lines of a chunked body without its bytes."""
    return [line.decode("latin-1") for line, _, _ in frames_of(wire)]


def framed(body: bytes, framing: list[str]) -> bytes:
    """Put a body into its chunks again."""
    return b"".join(_framed(body, framing))


def _framed(body: bytes, framing: list[str]) -> Iterator[bytes]:
    at = 0
    for line in framing[:-1]:
        size = int(line.encode("latin-1")[: len(_SIZE.match(line.encode("latin-1"))[0])], 16)  # type: ignore[index]
        yield line.encode("latin-1") + body[at : at + size] + b"\r\n"
        at += size
    yield framing[-1].encode("latin-1")


def _undo(coding: str, body: bytes) -> bytes:
    if coding in {"identity", "none"} or not body:
        return body
    if coding not in _READERS:
        raise DamagedError(f"content-encoding {coding[:40]!r} is not known")
    begins, reader = _READERS[coding]
    if begins and not body.startswith(begins):
        return body
    try:
        return reader(body)
    except (zlib.error, zstd.ZstdError, brotli.error) as error:
        if not begins and body[:64].lstrip()[:1] in {b"<", b"{", b"["}:
            return body
        raise DamagedError(f"body cannot be decoded: {error}") from error


def _gunzip(body: bytes) -> bytes:
    whole, at = bytearray(), 0
    while body.startswith(b"\x1f\x8b", at):
        at = _inflate(body, at, whole, 31)
    return bytes(whole)


def _undeflate(body: bytes) -> bytes:
    """Read a deflate body: zlib-wrapped as RFC 9110 has it, or bare as some servers send it."""
    for wbits in (15, -15):
        whole = bytearray()
        try:
            _inflate(body, 0, whole, wbits)
        except zlib.error:
            if wbits == -15:
                raise
        else:
            return bytes(whole)
    return body


def _inflate(body: bytes, at: int, whole: bytearray, wbits: int) -> int:
    """Add one stream's bytes to `whole` and give the place behind it."""
    reader = zlib.decompressobj(wbits)
    while not reader.eof:
        step = body[at : at + _STEP]
        if not step:
            raise DamagedError("body cannot be decoded: the compressed stream was cut off")
        whole += _bounded(reader.decompress(step, MOST_BYTES + 1 - len(whole)), len(whole))
        at += len(step) - len(reader.unused_data)
    return at


def _unbrotli(body: bytes) -> bytes:
    reader, whole, at = brotli.Decompressor(), bytearray(), 0
    while not reader.is_finished():
        more = reader.can_accept_more_data()
        step = body[at : at + _STEP] if more else b""
        if more and not step:
            raise DamagedError("body cannot be decoded: the compressed stream was cut off")
        at += len(step)
        whole += _bounded(reader.process(step, output_buffer_limit=MOST_BYTES + 1 - len(whole)), len(whole))
    return bytes(whole)


def _unzstd(body: bytes) -> bytes:
    whole, rest = bytearray(), body
    while rest.startswith(_ZSTD):
        reader = zstd.ZstdDecompressor()
        whole += _bounded(reader.decompress(rest, max_length=MOST_BYTES + 1 - len(whole)), len(whole))
        if not reader.eof:
            raise DamagedError("body cannot be decoded: the compressed stream was cut off")
        rest = reader.unused_data
    return bytes(whole)


def _bounded(piece: bytes, before: int) -> bytes:
    if len(piece) + before > MOST_BYTES:
        raise DamagedError(f"body larger than {MOST_BYTES} bytes when decoded")
    return piece


_ZSTD = b"\x28\xb5\x2f\xfd"
_READERS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "gzip": (b"\x1f\x8b", _gunzip),
    "x-gzip": (b"\x1f\x8b", _gunzip),
    "deflate": (b"", _undeflate),
    "br": (b"", _unbrotli),
    "zstd": (_ZSTD, _unzstd),
}
