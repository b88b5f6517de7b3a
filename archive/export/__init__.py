"""Corpora out of the archive: one entry a notice in its current version, chosen by site and date, written whole or not at all.

`issued` decides about dates, the day first seen where a page gives none. The order is that of the days, then of the notices'
ids, so the same archive always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import IO, Protocol

from archive.export import jsonl, text
from archive.export.records import Exported, exported
from archive.store import Archive
from cleaners.errors import ArchiveError


class Format(Protocol):
    """What a format's module offers."""

    def write_stream(self, notices: Iterable[Exported], out: IO[bytes]) -> int:
        """Write to a stream of bytes and give the number of notices."""

    def write_path(self, notices: Iterable[Exported], path: Path) -> int:
        """Write to a file or folder and give the number of notices."""


FORMATS: dict[str, Format] = {"jsonl": jsonl, "text": text}


def export(
    archive: Archive,
    format: str,  # noqa: A002 - the word of the command line
    out: Path | str | IO[bytes],
    *,
    site: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """Write notices to a file, a stream of bytes, or (text) a folder; gives how many there were.

    `since` and `until` are days, both included. A path ends up with all of the export or as it was before. ArchiveError
    for a format there is not, or a path that cannot be written.
    """
    writer = FORMATS.get(format)
    if writer is None:
        raise ArchiveError(f"{format}: there is no such format; choose one of {', '.join(FORMATS)}")
    notices = exported(archive, site, since, until)
    if not isinstance(out, str | Path):
        return writer.write_stream(notices, out)
    try:
        return writer.write_path(notices, Path(out))
    except OSError as error:
        raise ArchiveError(f"{out}: cannot be written ({error}); name another place with --out") from error


__all__ = ["FORMATS", "Exported", "export", "exported"]
