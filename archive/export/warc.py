"""WARC and WACZ files: every exchange the archive keeps, for other tools and other archives (`archive.warc`)."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import IO

from archive.export.atomic import written
from archive.store import Archive
from archive.warc.volumes import MOST_BYTES, Volumes
from archive.warc.wacz import write_wacz
from archive.warc.writing import Exported, Wish, write
from cleaners.errors import ArchiveError

FORMATS = ("warc", "wacz")


def export_captures(
    archive: Archive, form: str, out: Path | str | IO[bytes], wish: Wish | None = None, *, most: int = MOST_BYTES
) -> Exported:
    """Write exchanges to a WARC file (and, where it is full, further ones beside it) or a WACZ package, all of it or none.

    `most` bounds the bytes of one WARC file; a stream is never cut. ArchiveError for a path that cannot be written.
    """
    wish = wish or Wish()
    if not isinstance(out, str | Path):
        return write_wacz(archive, wish, out, most) if form == "wacz" else _to_stream(archive, wish, out)
    path = Path(out)
    try:
        if form == "warc":
            return _to_files(archive, wish, path, most)
        if path.suffix != ".wacz":
            raise ArchiveError(f"{path}: a WACZ package is named so (section 4.4 of its specification); end --out in .wacz")
        with written(path) as file:
            told = write_wacz(archive, wish, file, most)
    except OSError as error:
        raise ArchiveError(f"{out}: cannot be written ({error}); name another place with --out") from error
    told.files = [path.name]
    return told


def _to_stream(archive: Archive, wish: Wish, out: IO[bytes]) -> Exported:
    return write(archive, wish, Volumes("dibao", lambda _name: nullcontext(out), most=1 << 62))


def _to_files(archive: Archive, wish: Wish, path: Path, most: int) -> Exported:
    if not path.name.endswith((".warc", ".warc.gz")):
        raise ArchiveError(f"{path}: other tools know a WARC file by its name; end --out in .warc.gz, or in .warc for one not compressed")
    stem = path.name.removesuffix(".gz").removesuffix(".warc")
    return write(archive, wish, Volumes(stem, lambda name: written(path.with_name(name)), most, packed=path.suffix == ".gz"))


__all__ = ["FORMATS", "Exported", "Wish", "export_captures"]
