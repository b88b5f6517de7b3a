"""Content codings (RFC 9110, section 8.4) undone strictly: a body that was cut or altered on its way is said to be damaged.

Every coding is read to its end-of-stream mark and its checksum. Plain text labelled as compressed, a body compressed twice
and a compressed body without a label are recovered by their magic bytes and noted.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
MOST_CODINGS = 3
"""Codings of one body: none has more than two, and each costs a pass over all of it."""
MOST_MEMBERS = 1024
"""Members of a gzip body or frames of a zstd one: block-wise writers make one for each 64 KiB, nobody thousands."""
_GZIP, _ZSTD, _STEP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", 65536
_ZSTD_OPTIONS: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}  # 8 MiB: what RFC 9659 allows as a content coding


class _DamagedError(ValueError):
    """Says in what way a body is damaged."""


class _TooLongError(_DamagedError):
    """Says that a body grew over the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"larger than {limit} bytes when decoded")


@dataclass(frozen=True, slots=True)
class Transfer:
    """A body after its content codings.

    `damaged` says why it cannot be trusted (the body is then as transferred), `note` what had to be recovered,
    `too_long` that it grew over the limit.
    """

    body: bytes
    note: str = ""
    damaged: str = ""
    too_long: bool = False


def decode_transfer(wire: bytes, content_encoding: str, limit: int, *, textual: bool = True) -> Transfer:
    """Undo the codings of a `Content-Encoding` value, last first; `limit` bounds the decoded size in bytes.

    The work is bounded by the limit and the length of the body, whatever the body holds.
    """
    body, notes = wire, []
    try:
        codings = _codings(content_encoding)
        for coding in reversed(codings):
            body, note = _undo(coding, body, limit)
            notes.append(note)
        if textual and body.startswith(_GZIP):
            body, note = _gunzip(body, limit)
            notes += ["compressed twice" if codings else "compressed without a Content-Encoding", note]
    except _DamagedError as error:
        return Transfer(wire, damaged=str(error), too_long=isinstance(error, _TooLongError))
    return Transfer(body, note="; ".join(filter(None, notes)))


def _codings(content_encoding: str) -> list[str]:
    codings = [word.strip().lower() for word in content_encoding.split(",") if word.strip()]
    if len(codings) > MOST_CODINGS:
        raise _DamagedError(f"{len(codings)} content codings one upon another")
    return codings


def _undo(coding: str, body: bytes, limit: int) -> tuple[bytes, str]:
    reader = _READERS.get(coding)
    if reader is None:
        if coding == "identity":
            return body, ""
        raise _DamagedError(f"unknown content coding {coding[:40]!r}")
    if not body or _is_plain(coding, body):
        return body, f"labelled {coding}, sent plain" if body else ""
    return reader(body, limit)


def _is_plain(coding: str, body: bytes) -> bool:
    """Say whether a body labelled as compressed is not: by magic bytes, or for codings without them by how it begins."""
    if coding in {"gzip", "x-gzip"}:
        return not body.startswith(_GZIP)
    if coding == "zstd":
        return not body.startswith(_ZSTD)
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or body[:2] in {b'{"', b'["', b"[{"}


def _gunzip(body: bytes, limit: int) -> tuple[bytes, str]:
    """Read every member of a gzip body (RFC 1952); zero bytes after the last are padding."""
    whole, offset = bytearray(), 0
    for _ in range(MOST_MEMBERS):
        offset = _inflate(body, offset, whole, limit, 31)
        if not body.startswith(_GZIP, offset):
            return bytes(whole), _after(body, offset, padding=b"\0")
    raise _DamagedError(f"more than {MOST_MEMBERS} gzip members")


def _inflate(body: bytes, offset: int, whole: bytearray, limit: int, wbits: int) -> int:
    """Add one stream's bytes to `whole` and give the offset behind it; the body is fed in steps, so that no rest is copied often."""
    reader = zlib.decompressobj(wbits)
    while not reader.eof:
        if offset >= len(body):
            raise _DamagedError("the compressed stream was cut off")
        step = body[offset : offset + _STEP]
        try:
            whole += reader.decompress(step, limit + 1 - len(whole))
        except zlib.error as error:
            raise _DamagedError(f"broken {'gzip' if wbits == 31 else 'deflate'} stream: {error}") from error
        if len(whole) > limit:
            raise _TooLongError(limit)
        offset += len(step) - len(reader.unused_data)
    return offset


def _after(body: bytes, offset: int, padding: bytes = b"") -> str:
    """Note what follows the end of a stream that was whole: it is no part of it."""
    left = len(body[offset:].strip(padding + b" \r\n")) if offset < len(body) else 0
    return f"{left} bytes after the end of the compressed stream" if left else ""


def _undeflate(body: bytes, limit: int) -> tuple[bytes, str]:
    """Read a deflate body: zlib-wrapped as RFC 9110 has it, or bare as some servers send it."""
    try:
        return _deflated(body, limit, 15)
    except _TooLongError:
        raise
    except _DamagedError as wrapped:
        if "broken" not in str(wrapped):
            raise
        try:
            return _deflated(body, limit, -15)
        except _DamagedError as bare:
            raise bare if "cut off" in str(bare) else wrapped from None


def _deflated(body: bytes, limit: int, wbits: int) -> tuple[bytes, str]:
    whole = bytearray()
    offset = _inflate(body, 0, whole, limit, wbits)
    return bytes(whole), _after(body, offset)


def _unbrotli(body: bytes, limit: int) -> tuple[bytes, str]:
    """Read a brotli body (RFC 7932), which has an end mark and no checksum; its reader takes no bytes behind the end mark."""
    reader, whole, offset = brotli.Decompressor(), bytearray(), 0
    try:
        while not reader.is_finished():
            more = reader.can_accept_more_data()
            if more and offset >= len(body):
                raise _DamagedError("the compressed stream was cut off")
            step = body[offset : offset + _STEP] if more else b""
            offset += len(step)
            whole += reader.process(step, output_buffer_limit=limit + 1 - len(whole))
            if len(whole) > limit:
                raise _TooLongError(limit)
    except brotli.error as error:
        raise _DamagedError(f"broken br stream: {error}") from error
    return bytes(whole), _after(body, offset)


def _unzstd(body: bytes, limit: int) -> tuple[bytes, str]:
    """Read every frame of a zstd body (RFC 8878); a window larger than a content coding may have is damage."""
    whole, offset = bytearray(), 0
    for _ in range(MOST_MEMBERS):
        offset = _unframe(body, offset, whole, limit)
        if not body.startswith(_ZSTD, offset):
            return bytes(whole), _after(body, offset)
    raise _DamagedError(f"more than {MOST_MEMBERS} zstd frames")


def _unframe(body: bytes, offset: int, whole: bytearray, limit: int) -> int:
    """Add one frame's bytes to `whole` and give the offset behind it."""
    reader = zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)
    while not reader.eof:
        if reader.needs_input and offset >= len(body):
            raise _DamagedError("the compressed stream was cut off")
        step = body[offset : offset + _STEP] if reader.needs_input else b""
        try:
            whole += reader.decompress(step, max_length=limit + 1 - len(whole))
        except zstd.ZstdError as error:
            raise _DamagedError(f"broken zstd stream: {error}") from error
        if len(whole) > limit:
            raise _TooLongError(limit)
        offset += len(step)
    return offset - len(reader.unused_data)


_READERS: dict[str, Callable[[bytes, int], tuple[bytes, str]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
