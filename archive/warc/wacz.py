"""WACZ 1.1.1 packages (https://specs.webrecorder.net/wacz/1.1.1/): WARC files with an index and a list of pages, in one ZIP file.

What is in a WACZ is stored, not compressed again, so that replay reads single records out of it; the index is cut into
compressed blocks (`indexes/index.idx` leads to those in `indexes/index.cdx.gz`).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import IO, Any

from archive.documents import load_notice
from archive.store import Archive
from archive.warc.cdxj import Lines, blocks
from archive.warc.volumes import MOST_BYTES, Volumes
from archive.warc.writing import Exported, Wish, write

VERSION = "1.1.1"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_BATCH = 200


def write_wacz(archive: Archive, wish: Wish, out: IO[bytes], most: int = MOST_BYTES) -> Exported:
    """Write a package of what is wished for; its WARC files are of at most so many bytes."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        package = _Package(file)
        volumes = Volumes("data", lambda name: package.opened(f"archive/{name}"), most, one_by_one=True)
        with Lines() as lines:
            told = write(archive, wish, volumes, lines)
            _write_index(package, lines)
        with archive.reading() as connection:
            newest = _write_pages(package, connection, wish)
            described = _described(connection, wish, newest, told)
        package.finish(described)
    return told


@dataclass
class _Package:
    """A ZIP file being written, and what its manifest says of each file in it."""

    file: zipfile.ZipFile
    resources: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def opened(self, path: str, *, stored: bool = True) -> Iterator[IO[bytes]]:
        """Give a file of the package to be written."""
        told = zipfile.ZipInfo(path, _EPOCH)
        told.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        told.external_attr = 0o644 << 16
        with self.file.open(told, "w", force_zip64=True) as out:
            counted = _Counted(out)
            yield counted  # type: ignore[misc]
        name = path.rpartition("/")[2]
        self.resources.append({"name": name, "path": path, "hash": f"sha256:{counted.digest.hexdigest()}", "bytes": counted.size})

    def finish(self, described: dict[str, Any]) -> None:
        """Write the manifest and its digest."""
        manifest = json.dumps(described | {"resources": self.resources}, ensure_ascii=False, indent=2).encode()
        with self.opened("datapackage.json", stored=False) as out:
            out.write(manifest)
        digest = {"path": "datapackage.json", "hash": self.resources[-1]["hash"]}
        with self.opened("datapackage-digest.json", stored=False) as out:
            out.write(json.dumps(digest, indent=2).encode())


@dataclass
class _Counted:
    """A stream that counts and digests what is written to it."""

    out: IO[bytes]
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def write(self, content: bytes) -> int:
        self.size += len(content)
        self.digest.update(content)
        return self.out.write(content)


def _write_index(package: _Package, lines: Lines) -> None:
    leads = []
    with package.opened("indexes/index.cdx.gz") as out:
        for lead, block in blocks(iter(lines), "index.cdx.gz"):
            leads.append(lead)
            out.write(block)
    with package.opened("indexes/index.idx", stored=False) as out:
        out.write("".join(leads).encode())


def _write_pages(package: _Package, connection: sqlite3.Connection, wish: Wish) -> str:
    """List the notices whose current version is in the package; gives the time of the newest."""
    newest = ""
    with package.opened("pages/pages.jsonl", stored=False) as out:
        out.write(b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n')
        for row in _pages(connection, wish):
            newest = max(newest, row["captured_at"])
            notice = load_notice(row["document"])
            page = {"id": row["id"], "url": row["url"], "ts": row["captured_at"], "title": notice.title or "", "text": notice.text}
            out.write(json.dumps(page, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    return newest


def _pages(connection: sqlite3.Connection, wish: Wish) -> Iterator[sqlite3.Row]:
    where, values = wish.where()
    last = ""
    while rows := connection.execute(_PAGES.format(where), (last, *values, _BATCH)).fetchall():
        yield from rows
        last = rows[-1]["id"]


_PAGES = """
    select n.id, e.url, c.captured_at, coalesce(r.document, o.document) as document
    from notices n join versions v on v.id = n.version join captures c on c.id = v.capture join envelopes e on e.id = c.envelope
    join payloads p on p.id = c.payload join readings r on r.id = v.reading left join readings o on o.id = r.same_as
    where n.id > ? and n.takedown is null and p.takedown is null and {} order by n.id limit ?
"""


def _described(connection: sqlite3.Connection, wish: Wish, newest: str, told: Exported) -> dict[str, Any]:
    sites = [row[0] for row in connection.execute("select title from sites where ? is null or name = ? order by name", (wish.site,) * 2)]
    named = "、".join(filter(None, sites[:3])) + ("等" if len(sites) > 3 else "")
    moment = newest or "1970-01-01T00:00:00.000000Z"
    whose = wish.site or f"{len(sites)} sites"
    days = " to ".join(str(day) for day in (wish.since, wish.until) if day)
    return {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": f"{named or wish.site or '政府网站'}（邸报存档）",
        "description": f"{told.captures} captures of {whose}{f', {days}' if days else ''}, from a dibao archive.",
        "created": moment,
        "modified": moment,
        "software": f"dibao {version('dibao')}",
    }
