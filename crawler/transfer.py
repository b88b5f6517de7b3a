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
_GZIP, _ZSTD, _STEP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", 65536


class _DamagedError(ValueError):
    """Says in what way a body is damaged."""


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
    """Undo the codings of a `Content-Encoding` value, last first; `limit` bounds the decoded size in bytes."""
    codings = [word.strip().lower() for word in content_encoding.split(",") if word.strip()]
    body, notes = wire, []
    try:
        for coding in reversed(codings):
            body, note = _undo(coding, body, limit)
            notes.append(note)
        if textual and body.startswith(_GZIP):
            body = _gunzip(body, limit)
            notes.append("compressed twice" if codings else "compressed without a Content-Encoding")
    except _DamagedError as error:
        return Transfer(wire, damaged=str(error), too_long="larger than" in str(error))
    return Transfer(body, note="; ".join(filter(None, notes)))


def _undo(coding: str, body: bytes, limit: int) -> tuple[bytes, str]:
    reader = _READERS.get(coding)
    if reader is None:
        if coding == "identity":
            return body, ""
        raise _DamagedError(f"unknown content coding {coding!r}")
    if not body or _is_plain(coding, body):
        return body, f"labelled {coding}, sent plain" if body else ""
    return reader(body, limit), ""


def _is_plain(coding: str, body: bytes) -> bool:
    """Say whether a body labelled as compressed is not: by magic bytes, or for codings without them by its first character."""
    if coding in {"gzip", "x-gzip"}:
        return not body.startswith(_GZIP)
    if coding == "zstd":
        return not body.startswith(_ZSTD)
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _gunzip(body: bytes, limit: int) -> bytes:
    """Read every member of a gzip body (RFC 1952); zero bytes after the last are padding."""
    whole = b""
    while body.strip(b"\0"):
        part, body = _inflate(body, limit - len(whole), 31)
        whole += part
    return whole


def _inflate(body: bytes, limit: int, wbits: int) -> tuple[bytes, bytes]:
    reader = zlib.decompressobj(wbits)
    try:
        whole = reader.decompress(body, limit + 1)
    except zlib.error as error:
        raise _DamagedError(f"broken {'gzip' if wbits == 31 else 'deflate'} stream: {error}") from error
    _check(whole, limit, ended=reader.eof)
    return whole, reader.unused_data


def _check(body: bytes, limit: int, *, ended: bool) -> None:
    if len(body) > limit:
        raise _DamagedError(f"larger than {limit} bytes when decoded")
    if not ended:
        raise _DamagedError("the compressed stream was cut off")


def _undeflate(body: bytes, limit: int) -> bytes:
    """Read a deflate body: zlib-wrapped as RFC 9110 has it, or bare as some servers send it."""
    try:
        return _inflate(body, limit, 15)[0]
    except _DamagedError as wrapped:
        if "broken" not in str(wrapped):
            raise
        try:
            return _inflate(body, limit, -15)[0]
        except _DamagedError:
            raise wrapped from None


def _unbrotli(body: bytes, limit: int) -> bytes:
    reader, whole, offset = brotli.Decompressor(), bytearray(), 0
    try:
        while offset < len(body) and len(whole) <= limit:
            whole += reader.process(body[offset : offset + _STEP], output_buffer_limit=limit + 1 - len(whole))
            offset += _STEP
            while not reader.can_accept_more_data() and len(whole) <= limit and not reader.is_finished():
                whole += reader.process(b"", output_buffer_limit=limit + 1 - len(whole))
    except brotli.error as error:
        raise _DamagedError(f"broken br stream: {error}") from error
    _check(bytes(whole), limit, ended=reader.is_finished())
    return bytes(whole)


def _unzstd(body: bytes, limit: int) -> bytes:
    whole = b""
    while body:
        reader = zstd.ZstdDecompressor()
        try:
            whole += reader.decompress(body, max_length=limit + 1 - len(whole))
        except zstd.ZstdError as error:
            raise _DamagedError(f"broken zstd stream: {error}") from error
        _check(whole, limit, ended=reader.eof)
        body = reader.unused_data
    return whole


_READERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
