"""WACZ packages (https://specs.webrecorder.net/wacz/1.1.1/) read: checked against their own digests, then their WARC files one by one.

Nothing is unpacked to a name the package gives: each WARC file is copied to an unnamed temporary file and read there.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from archive.warc.cutting import MOST_UNPACKED
from archive.warc.volumes import in_order
from cleaners.errors import ArchiveError

MOST_FILES = 100_000
MOST_MANIFEST = 64 * 1024 * 1024
_CHUNK = 1 << 20


def read_wacz(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Give the WARC files of a package as (name, file), each open until the next is asked for.

    ArchiveError where it is no such package, or not as its manifest says: then nothing of it is given.
    """
    with _opened(path) as package:
        members = _members(path, package)
        _check(path, package, members)
        for name, told in sorted(members.items(), key=lambda member: in_order(member[0])):
            if name.startswith("archive/") and name.endswith((".warc", ".warc.gz")):
                with tempfile.TemporaryFile() as copy, package.open(told) as file:
                    shutil.copyfileobj(file, copy, _CHUNK)
                    copy.flush()
                    yield name, copy


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as package:
            yield package
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise ArchiveError(f"{path}: is no ZIP file that can be read ({error}); get it again from where it came") from error
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read ({error}); check the path and its permissions") from error


def _members(path: Path, package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    listed = [told for told in package.infolist() if not told.is_dir()]
    if len(listed) > MOST_FILES:
        raise ArchiveError(
            f"{path}: holds {len(listed)} files, more than the {MOST_FILES} that are read; unpack it and import its WARC files"
        )
    members = {told.filename: told for told in listed}
    if len(members) < len(listed):
        raise ArchiveError(f"{path}: two of its files have the same name, so nothing says which is meant; ask whoever made it")
    if any(told.flag_bits & 1 for told in listed):
        raise ArchiveError(f"{path}: is encrypted; unpack it and import its WARC files")
    unpacked = sum(told.file_size for told in listed if told.compress_type != zipfile.ZIP_STORED)
    if unpacked > MOST_UNPACKED:
        raise ArchiveError(f"{path}: would unpack to {unpacked} bytes, more than the {MOST_UNPACKED} that are read; unpack it yourself")
    if "datapackage.json" not in members:
        raise ArchiveError(f"{path}: has no datapackage.json, so it is no WACZ package; import its WARC files by themselves")
    return members


def _check(path: Path, package: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
    """Compare every file the manifest lists with its digest and length, and the manifest with its own."""
    manifest = _read(path, package, members["datapackage.json"])
    if "datapackage-digest.json" in members:
        stated = str(_json(path, _read(path, package, members["datapackage-digest.json"])).get("hash", ""))
        algorithm = stated.partition(":")[0]
        if algorithm in hashlib.algorithms_available and _named(algorithm, manifest) != stated:
            raise ArchiveError(
                f"{path}: datapackage.json has another digest than datapackage-digest.json says; get it again from where it came"
            )
    resources = _json(path, manifest).get("resources")
    if not isinstance(resources, list) or not all(isinstance(row, dict) and isinstance(row.get("path"), str) for row in resources):
        raise ArchiveError(f"{path}: its datapackage.json lists no resources with a path; import its WARC files by themselves")
    for row in resources:
        _check_file(path, package, members.get(row["path"]), row)
    listed = {row["path"] for row in resources}
    for name in members:
        if name.startswith("archive/") and name not in listed:
            raise ArchiveError(
                f"{path}: {name} is not listed in datapackage.json; unpack it and import that file by itself if you trust it"
            )


def _check_file(path: Path, package: zipfile.ZipFile, told: zipfile.ZipInfo | None, row: dict[str, Any]) -> None:
    name, stated, size = row["path"], str(row.get("hash", "")), row.get("bytes")
    if told is None:
        raise ArchiveError(f"{path}: {name}, which datapackage.json lists, is not there; get it again from where it came")
    algorithm = stated.partition(":")[0]
    digest = hashlib.new(algorithm, usedforsecurity=False) if algorithm in hashlib.algorithms_guaranteed else None
    read = 0
    with package.open(told) as file:
        while chunk := file.read(_CHUNK):
            read += len(chunk)
            if digest:
                digest.update(chunk)
    if (digest and f"{algorithm}:{digest.hexdigest()}" != stated.lower()) or (isinstance(size, int) and size != read):
        raise ArchiveError(
            f"{path}: {name} is not as datapackage.json says (digest or length); get it again from where it came,"
            " or unpack it and import that file by itself: what is whole in it will be read"
        )


def _read(path: Path, package: zipfile.ZipFile, told: zipfile.ZipInfo) -> bytes:
    if told.file_size > MOST_MANIFEST:
        raise ArchiveError(f"{path}: {told.filename} is larger than {MOST_MANIFEST} bytes; unpack it and import its WARC files")
    with package.open(told) as file:
        return file.read(MOST_MANIFEST)


def _json(path: Path, content: bytes) -> dict[str, Any]:
    try:
        row = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{path}: its datapackage is no JSON ({error}); get it again from where it came") from error
    return row if isinstance(row, dict) else {}


def _named(algorithm: str, content: bytes) -> str:
    return f"{algorithm}:{hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()}"
