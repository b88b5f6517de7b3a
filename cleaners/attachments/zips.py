"""ZIP archives (PKWARE APPNOTE 6.3.10), with the names that Chinese Windows gave their files."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import partial

from cleaners.attachments.bounds import Bounds
from cleaners.attachments.kinds import zip_directory
from cleaners.attachments.members import Member, read_members
from cleaners.attachments.records import FileText
from cleaners.decoding.decode import decode
from cleaners.errors import FileError

LARGEST_DIRECTORY = 4 << 20
"""Bytes: names of tens of thousands of files."""
_UTF8 = 0x800
"""General purpose bit 11: the name is UTF-8 (APPNOTE 4.4.4)."""
_ENCRYPTED = 0x1
_UNICODE_PATH = 0x7075
"""Extra field that holds a name in UTF-8 and the checksum of the other one (APPNOTE 4.6.9)."""


def read_zip(body: bytes, bounds: Bounds) -> FileText:
    """Read a ZIP archive: its files listed, and read within limits of number, size and depth."""
    if zip_directory(body) > LARGEST_DIRECTORY:
        raise FileError("It holds more files than are looked at: unpack it and import the files", "too_large")
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except zipfile.BadZipFile as error:
        raise FileError("Its directory is missing or broken: fetch it again, or ask the office for it") from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        members = [
            Member(name, info.file_size, info.compress_size, partial(archive.open, info), encrypted=bool(info.flag_bits & _ENCRYPTED))
            for name, info in zip(member_names(infos), infos, strict=True)
        ]
        return read_members(members, bounds)


def member_names(infos: list[zipfile.ZipInfo]) -> list[str]:
    """Give the names of files in an archive; those that say no encoding are decoded together, as one text."""
    raw = [info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437", "replace") for info in infos]
    unsaid = [name for name, info in zip(raw, infos, strict=True) if not info.flag_bits & _UTF8]
    encoding = decode(b"\n".join(unsaid)).encoding if unsaid else "utf-8"
    return [
        _unicode_path(info, name) or name.decode("utf-8" if info.flag_bits & _UTF8 else encoding, "replace")
        for name, info in zip(raw, infos, strict=True)
    ]


def _unicode_path(info: zipfile.ZipInfo, name: bytes) -> str:
    """Give the name in UTF-8 that stands beside another one, if it is still that one's."""
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and length > 5 and struct.unpack_from("<L", extra, 5)[0] == zlib.crc32(name):
            return extra[9 : 4 + length].decode("utf-8", "replace")
        extra = extra[4 + length :]
    return ""
