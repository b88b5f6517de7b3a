"""JSON Lines (https://jsonlines.org): one notice a line, UTF-8."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO

from archive.documents import dump
from archive.export.atomic import written
from archive.export.records import Exported, as_document


def write_stream(notices: Iterable[Exported], out: IO[bytes]) -> int:
    """Write notices to a stream of bytes and give their number."""
    number = 0
    for number, entry in enumerate(notices, 1):  # noqa: B007 - the last number is the count
        out.write(dump(as_document(entry)).encode() + b"\n")
    return number


def write_path(notices: Iterable[Exported], path: Path) -> int:
    """Write notices to a file and give their number."""
    with written(path) as out:
        return write_stream(notices, out)
