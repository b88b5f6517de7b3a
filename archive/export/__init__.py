"""Corpora out of the archive: one entry a notice in its current version, chosen by site and date, written whole or not at all.

`issued` decides about dates, the day first seen where a page gives none. The order is that of the days, then of the notices'
ids, so the same archive always gives the same bytes.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import IO

from archive.export import jsonl, text
from archive.export.records import Exported, exported
from archive.store import Archive
from cleaners.errors import ArchiveError

FORMATS = {"jsonl": jsonl, "text": text}


def export(
    archive: Archive,
    format: str,
    out: Path | str | IO[bytes],
    site: str | None = None,
    since: date | None = None,
    until: date | None = None,  # noqa: A002
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
