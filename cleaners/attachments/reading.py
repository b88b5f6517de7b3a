"""Reading a file: in a child process with limits (`read`), or in this one where it is limited already (`read_here`)."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable
from dataclasses import replace

from cleaners.attachments.attempt import Attempt
from cleaners.attachments.bounds import LARGEST, LONGEST, MEMORY, OCR_MEMORY, OCR_SECONDS, SECONDS, Bounds, starting_now
from cleaners.attachments.kinds import KINDS, Kind, first_kind, is_mislabelled, sniff
from cleaners.attachments.records import FileText
from cleaners.attachments.unread import unread
from cleaners.errors import FileError, LimitError
from cleaners.limits import run_limited

_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_ENDINGS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_IN_PLACE_OF_A_FILE = "It is a web page in the place of a file: see whether it is the document, or a page that asks or regrets."
_LIMIT_FLAGS = {"time": "time_limit", "memory": "memory_limit", "died": "damaged"}


def read(
    body: bytes,
    media_type: str | None = None,
    name: str | None = None,
    *,
    ocr_pages: int = 0,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> FileText:
    """Read a file in a child process; never raises on a bad file, which gives what text there is, flags and a reason.

    `media_type` and `name` are what the server and the link call it: hints, never believed against the bytes. `ocr_pages` is how many
    scanned pages may be read by OCR (extra `ocr`): none unless asked for. `seconds` are of processor time, `memory` in bytes.
    """
    if len(body) > LARGEST:
        return _too_large(body)
    if ocr_pages:
        seconds, memory = seconds + OCR_SECONDS * ocr_pages, memory + OCR_MEMORY
    with Attempt() as attempt:
        return run_limited(_read_quietly, (body, media_type, name, ocr_pages, seconds), seconds=seconds, memory=memory)
    return _failed(attempt.error, first_kind(body) or "unknown")


def read_here(
    body: bytes, media_type: str | None = None, name: str | None = None, ocr_pages: int = 0, seconds: float = SECONDS
) -> FileText:
    """Read a file in this process, for those who are in a limited one already; otherwise as `read`."""
    if len(body) > LARGEST:
        return _too_large(body)
    return read_inside(body, media_type, name, starting_now(seconds, ocr_pages))


def _read_quietly(body: bytes, media_type: str | None, name: str | None, ocr_pages: int, seconds: float) -> FileText:
    """Read a file in a child, where libraries that write their troubles to the terminal (Rust's do) write to nowhere."""
    terminal, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        return read_here(body, media_type, name, ocr_pages, seconds)
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
        os.close(nowhere)


def read_inside(body: bytes, media_type: str | None, name: str | None, bounds: Bounds) -> FileText:
    """Read a file within the bounds of another: what archives call for the files inside them."""
    kind, found = "unknown", None
    with Attempt() as attempt:
        kind = sniff(body, media_type, name)
        found = _tidy(_reader(KINDS[kind], bounds)(body)) if KINDS[kind].reader else unread(kind)
    found = found or _failed(attempt.error, kind)
    if not found.media_type:
        found = replace(found, media_type=KINDS[kind].media_type)
    if not (found.text or found.flags):
        found = found.flagged("empty", reason="It holds no text.")
    if is_mislabelled(KINDS[kind], media_type, name):
        found = found.flagged("mislabelled", reason=_IN_PLACE_OF_A_FILE if kind == "html" and not found.reason else "")
    return found


def _failed(error: Exception | None, kind: str) -> FileText:
    flag, reason = failure(error)
    return FileText(media_type=KINDS[kind].media_type).flagged(flag, reason=reason)


def failure(error: Exception | None) -> tuple[str, str]:
    """Give the flag and the reason for a file that could not be read, by the error that came of it."""
    if isinstance(error, FileError):
        return error.flag, f"{str(error).rstrip('.')}."
    if isinstance(error, MemoryError):
        return "memory_limit", "Reading it took too much memory: open the file itself."
    if isinstance(error, LimitError):
        return _limit_flag(error), f"Reading it went beyond the limits ({error}): open the file itself."
    said = " ".join(str(error).split())[:120]
    return "damaged", f"It could not be read ({type(error).__name__}{': ' if said else ''}{said}): open the file itself, or fetch it again."


def _limit_flag(error: LimitError) -> str:
    """Name the flag of a limit; a parser in C++ that gets no memory aborts."""
    return "memory_limit" if "SIGABRT" in str(error) else _LIMIT_FLAGS[error.limit]


def _reader(kind: Kind, bounds: Bounds) -> Callable[[bytes], FileText]:
    """Give the reader of a kind; its module, and the library behind it, is loaded by the first file of the kind."""
    module, _, function = kind.reader.partition(":")
    reader = getattr(importlib.import_module(f"cleaners.attachments.{module}"), function)
    return (lambda body: reader(body, bounds)) if kind.bounded else reader


def _tidy(found: FileText) -> FileText:
    """Keep what can be stored: one kind of line ending, no control characters, no lone surrogates, no more than `LONGEST`."""
    text = _storable(found.text).strip("\n")
    tables = tuple(tuple(tuple(map(_storable, row)) for row in table) for table in found.tables)
    files = tuple(replace(file, name=_storable(file.name)) for file in found.files)
    found = replace(found, text=text, tables=tables, files=files)
    if len(text) <= LONGEST:
        return found
    reason = f"Only its first {LONGEST} characters are kept: open the file itself for the rest."
    return replace(found, text=text[:LONGEST]).flagged("partial", "too_large", reason=reason)


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", _ENDINGS.sub("\n", text))


def _too_large(body: bytes) -> FileText:
    reason = f"It has {len(body) >> 20} MiB and files over {LARGEST >> 20} MiB are not read: open the file itself."
    return FileText().flagged("too_large", reason=reason)
