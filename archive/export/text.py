"""Plain text: one UTF-8 file a notice in a folder, or all of them in one stream with an empty line and a rule between."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO

from archive.documents import storable
from archive.export.atomic import written
from archive.export.records import Exported

RULE = "\n" + "-" * 40 + "\n\n"


def write_stream(notices: Iterable[Exported], out: IO[bytes]) -> int:
    """Write notices one after the other to a stream of bytes and give their number."""
    number = 0
    for number, entry in enumerate(notices, 1):
        out.write((RULE if number > 1 else "").encode() + _text(entry))
    return number


def write_path(notices: Iterable[Exported], path: Path) -> int:
    """Write a folder, a file a notice named after its day and id; a path that ends in .txt takes all in one file.

    Files in the folder that the export does not name stay. Gives the number of notices.
    """
    if path.suffix == ".txt":
        with written(path) as out:
            return write_stream(notices, out)
    path.mkdir(parents=True, exist_ok=True)
    number = 0
    for number, entry in enumerate(notices, 1):  # noqa: B007 - the last number is the count
        with written(path / f"{entry.row['day']}-{entry.row['id']}.txt") as out:
            out.write(_text(entry))
    return number


def _text(entry: Exported) -> bytes:
    title = entry.notice.title
    return storable(f"{title}\n\n{entry.notice.text}\n" if title else f"{entry.notice.text}\n").encode()
