"""Payloads: the bytes servers sent, kept once by SHA-256 and compressed with Zstandard (RFC 8878).

A dictionary trained on a site's own pages makes them about twice as small, because what they share (the template) is
then stored once; each payload remembers the dictionary it needs. Every payload opens alone, with its dictionary and nothing else;
a dictionary stays for good. What is kept before a site has one waits, named by the site, to be packed again (`archive.record.packing`).
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache

from archive.preservation.fixity import renew_fixity, with_fixity
from archive.times import now
from cleaners.errors import ArchiveError

__all__ = ["digest_of", "keep_dictionary", "keep_payload", "open_payload", "pack", "packed_size", "unpack", "zstd"]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3
"""Of the write path: on real pages level 9 makes 10 % less for 4 times the CPU."""
IDLE_LEVEL = 12
"""Of what is packed again at the end of a run."""
_ZSTD = (0xFD2FB528).to_bytes(4, "little")  # RFC 8878 section 3.1.1
_TRAINED = (0xEC30A437).to_bytes(4, "little")  # RFC 8878 section 5: anything else is used as raw content


def digest_of(body: bytes) -> str:
    """Give `sha256:<hex>` of some bytes."""
    return "sha256:" + hashlib.sha256(body).hexdigest()


def keep_payload(connection: sqlite3.Connection, body: bytes, site: str, digest: str = "") -> int:
    """Store a body unless it is there already, compressed with the site's newest dictionary; give its number back."""
    digest = digest or digest_of(body)
    known, dictionary = connection.execute(_KNOWN, (digest, site)).fetchone()
    if known is not None:
        return int(known)
    packed = pack(connection, body, dictionary)
    row = {"digest": digest, "size": len(body), "dictionary": dictionary, "body": packed, "stored_at": now(), "takedown": None}
    row["waiting"] = site if dictionary is None and site and body else None
    cursor = connection.execute(_KEEP, with_fixity("payloads", row))
    return int(cursor.lastrowid or 0)


def open_payload(connection: sqlite3.Connection, digest: str) -> bytes:
    """Give the bytes of a payload; ArchiveError when it is missing or no longer has its digest."""
    row = connection.execute("select dictionary, body, takedown from payloads where digest = ?", (digest,)).fetchone()
    if row is None:
        raise ArchiveError(f"{digest}: the archive has no such payload")
    number, packed, takedown = row
    if takedown is not None:
        raise ArchiveError(f"{digest}: its content is withheld (takedown {takedown}); see `dibao takedown --list`")
    try:
        body = unpack(connection, packed, number)
    except zstd.ZstdError as error:
        raise ArchiveError(f"{digest}: the stored payload is damaged ({error}); restore it from a backup") from error
    if digest_of(body) != digest:
        raise ArchiveError(f"{digest}: the stored payload has another digest; restore it from a backup")
    return body


def pack(connection: sqlite3.Connection, body: bytes, dictionary: int | None, level: int = LEVEL) -> bytes:
    """Compress bytes, with the dictionary of a number where one is given."""
    parsed = None if dictionary is None else _dictionary(connection, dictionary)
    return _compressor(parsed, level).compress(body, mode=zstd.ZstdCompressor.FLUSH_FRAME)


def unpack(connection: sqlite3.Connection, packed: bytes, dictionary: int | None) -> bytes:
    """Give the bytes `pack` compressed; ZstdError where they are damaged."""
    return zstd.decompress(packed, zstd_dict=None if dictionary is None else _dictionary(connection, dictionary))


def packed_size(pages: Iterable[bytes], dictionary: bytes) -> int:
    """Give how many bytes pages take with a dictionary that is not kept."""
    parsed = _parse(dictionary)
    return sum(len(_compressor.__wrapped__(parsed, LEVEL).compress(page, mode=zstd.ZstdCompressor.FLUSH_FRAME)) for page in pages)


def keep_dictionary(connection: sqlite3.Connection, site: str, body: bytes) -> int:
    """Store a dictionary for the payloads of a site from now on, and give its number; it is compressed itself."""
    packed = zstd.compress(body, level=19)
    connection.execute(
        "insert into dictionaries (site, digest, created_at, pages, body)"
        " values (?, ?, ?, (select count(*) from notices where site = ?), ?) on conflict (digest) do update set pages = excluded.pages",
        (site, _name(site, body), now(), site, packed),
    )
    number = int(connection.execute("select max(id) from dictionaries where site = ?", (site,)).fetchone()[0])
    renew_fixity(connection, "dictionaries", number)
    return number


_KEEP = (
    "insert into payloads (digest, size, dictionary, body, stored_at, waiting, fixity)"
    " values (:digest, :size, :dictionary, :body, :stored_at, :waiting, :fixity)"
)
_KNOWN = "select (select id from payloads where digest = ?), (select max(id) from dictionaries where site = ?)"


@lru_cache(maxsize=32)
def _compressor(dictionary: zstd.ZstdDict | None, level: int) -> zstd.ZstdCompressor:
    # kept, because making one costs more than a page; it begins anew with each frame
    options: dict[int, int] = {zstd.CompressionParameter.compression_level: level}
    return zstd.ZstdCompressor(options=options, zstd_dict=dictionary.as_digested_dict if dictionary else None)


_open: OrderedDict[str, zstd.ZstdDict] = OrderedDict()


def _dictionary(connection: sqlite3.Connection, number: int) -> zstd.ZstdDict:
    """Give a dictionary, those used last from memory: reading and preparing one costs more than a page."""
    site, digest = connection.execute("select site, digest from dictionaries where id = ?", (number,)).fetchone()
    parsed = _open.get(digest)
    if parsed is None:
        body = connection.execute("select body from dictionaries where id = ?", (number,)).fetchone()[0]
        parsed = _open[digest] = _parse(_plain(site, digest, body))
        while len(_open) > _KEPT_OPEN:
            _open.popitem(last=False)
    return parsed


_KEPT_OPEN = 32


def _plain(site: str, digest: str, body: bytes) -> bytes:
    """Give a dictionary as it is used; those of older archives are not compressed."""
    if body.startswith(_ZSTD):
        try:
            plain = zstd.decompress(body)
        except zstd.ZstdError:
            plain = b""
        if _name(site, plain) == digest:
            return plain
    if _name(site, body) != digest:
        raise ArchiveError(f"{digest}: the dictionary of {site} is damaged; restore it from a backup")
    return body


def _name(site: str, body: bytes) -> str:
    return digest_of(site.encode() + body)


def _parse(body: bytes) -> zstd.ZstdDict:
    return zstd.ZstdDict(body, is_raw=not body.startswith(_TRAINED))
