"""CDXJ lines of written records (https://specs.webrecorder.net/cdxj/0.1.0/), sorted on disk, and the blocks replay looks them up in."""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Self
from urllib.parse import urlsplit

from archive.record.payloads import digest_of
from archive.warc.records import Written
from archive.warc.volumes import Span

LINES = 300
"""Of one block of a compressed index."""
_WWW = re.compile(r"^www\d*\.")
_PORTS = {"http": 80, "https": 443}


class Lines:
    """The lines of an index, in a temporary database that SQLite keeps on disk where it grows."""

    def __enter__(self) -> Self:
        self._database = sqlite3.connect("")
        self._database.execute("create table lines (line text)")
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(self, record: Written, digest: str, captured_at: str, span: Span) -> None:
        """Add the line of a page that was written."""
        self._database.execute("insert into lines values (?)", (cdxj_line(record, digest, captured_at, span),))

    def __iter__(self) -> Iterator[str]:
        return (row[0] for row in self._database.execute("select line from lines order by line"))  # BINARY: by bytes of UTF-8


def cdxj_line(record: Written, digest: str, captured_at: str, span: Span) -> str:
    """Give the line of a record: its key, its time in milliseconds, and where it is."""
    row = {
        "url": record.url,
        "digest": digest,
        "mime": record.mime.partition(";")[0].strip().lower(),
        "offset": span.offset,
        "length": span.length,
        "status": record.status,
        "filename": span.name,
    }
    moment = re.sub(r"\D", "", captured_at)[:17]
    return f"{surt(record.url)} {moment} {json.dumps(row)}"


def surt(url: str) -> str:
    """Give the searchable form of an address: the host's names from the last to the first, without www, arguments sorted."""
    try:
        parts = urlsplit(url.lower())
        port = parts.port
    except ValueError:
        return _plain(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        return _plain(url)
    host = ",".join(reversed(_WWW.sub("", parts.hostname).split(".")))
    place = f"{host}:{port}" if port and port != _PORTS[parts.scheme] else host
    asked = "&".join(sorted(parts.query.split("&")))
    return _plain(f"{place}){parts.path or '/'}{f'?{asked}' if asked else ''}")


def _plain(text: str) -> str:
    return text.replace(" ", "%20")


def blocks(lines: Iterator[str], name: str) -> Iterator[tuple[str, bytes]]:
    """Cut sorted lines into gzip blocks, each with the line that leads to it; the first leads to no bytes and says what this is."""
    yield f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': name})}\n", b""
    offset = 0
    while chosen := list(islice(lines, LINES)):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        block = packer.compress("".join(f"{line}\n" for line in chosen).encode()) + packer.flush()
        told = {"offset": offset, "length": len(block), "digest": digest_of(block), "filename": name}
        yield f"{chosen[0].split(' {', 1)[0]} {json.dumps(told)}\n", block
        offset += len(block)
