"""RAR archives (RAR4, RAR5): always listed; files are read that are stored as they are, or where an unpacker is installed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO

import rarfile

from cleaners.attachments.bounds import Bounds
from cleaners.attachments.members import Member, read_members
from cleaners.attachments.records import FileText
from cleaners.errors import FileError

_NO_TOOL = "It is compressed, and RAR needs a program to unpack: install unrar, unar or bsdtar, or unpack it and import the files"


def read_rar(body: bytes, bounds: Bounds) -> FileText:
    """Read a RAR archive: its files listed, and read where they can be, within the limits of every archive."""
    try:
        with rarfile.RarFile(io.BytesIO(body)) as archive:
            return _read(archive, bounds)
    except rarfile.NeedFirstVolume as error:
        raise FileError("It is a later volume of an archive: import the files of the whole archive", "unsupported") from error
    except rarfile.Error as error:
        raise FileError("It is no RAR archive that can be opened: fetch it again, or ask the office for it") from error


def _read(archive: rarfile.RarFile, bounds: Bounds) -> FileText:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if not infos and archive.needs_password():
        raise FileError("It asks for a password: ask the office for a copy without one", "encrypted")
    if not infos:
        raise FileError("It lists no files: fetch it again, or ask the office for it")
    return read_members(
        [
            Member(
                info.filename.replace("\\", "/"),
                info.file_size,
                info.compress_size,
                partial(_open, archive, info),
                encrypted=bool(info.needs_password()),
            )
            for info in infos
        ],
        bounds,
    )


@contextmanager
def _open(archive: rarfile.RarFile, info: rarfile.RarInfo) -> Iterator[IO[bytes]]:
    """Open a file; an error of the library, when opening or when reading, says what a person can do."""
    try:
        with archive.open(info) as stream:
            yield stream
    except rarfile.RarCannotExec as error:
        raise FileError(_NO_TOOL, "unsupported") from error
    except rarfile.Error as error:
        raise FileError("It cannot be unpacked: fetch the archive again") from error
