"""Payloads: the bytes servers sent, kept once by SHA-256 and compressed with Zstandard (RFC 8878).

A dictionary trained on a site's own pages makes them about twice as small, because what they share (the template) is
then stored once; each payload remembers the dictionary it needs.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from functools import lru_cache

from archive.preservation.seals import reseal, sealed
from archive.times import now
from cleaners.errors import ArchiveError

__all__ = ["digest_of", "keep_dictionary", "keep_payload", "open_payload", "outgrown", "samples", "train", "zstd"]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DICTIONARY_BYTES = 110 * 1024
SAMPLES = 200
LARGEST_SAMPLE = 256 * 1024
FIRST_PAGES, GROWTH = 40, 10
LEVEL = 3
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
    packed = _packed(body) if dictionary is None else _packed(body, _dictionary(connection, dictionary))
    row = {"digest": digest, "size": len(body), "dictionary": dictionary, "body": packed, "stored_at": now(), "takedown": None}
    cursor = connection.execute(_KEEP, sealed("payloads", row))
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
        body = zstd.decompress(packed, zstd_dict=None if number is None else _dictionary(connection, number))
    except zstd.ZstdError as error:
        raise ArchiveError(f"{digest}: the stored payload is damaged ({error}); restore it from a backup") from error
    if digest_of(body) != digest:
        raise ArchiveError(f"{digest}: the stored payload has another digest; restore it from a backup")
    return body


def outgrown(connection: sqlite3.Connection, site: str) -> bool:
    """Say whether a site has pages enough for its first dictionary, or ten times as many as its last one was made for."""
    pages = connection.execute("select count(*) from notices where site = ?", (site,)).fetchone()[0]
    last = connection.execute("select pages from dictionaries where site = ? order by id desc limit 1", (site,)).fetchone()
    return bool(pages >= (FIRST_PAGES if last is None else max(FIRST_PAGES, last[0] * GROWTH)))


def samples(connection: sqlite3.Connection, site: str) -> list[bytes]:
    """Give the newest notice pages of a site, large ones apart; ArchiveError when it has none."""
    rows = connection.execute(
        "select p.digest from captures c join payloads p on p.id = c.payload where c.site = ? and c.role = 'notice'"
        " and p.size between 1 and ? group by p.id order by p.id desc limit ?",
        (site, LARGEST_SAMPLE, SAMPLES),
    ).fetchall()
    if not rows:
        raise ArchiveError(f"{site}: there are no pages to train a dictionary on; crawl or import some first")
    return [open_payload(connection, row[0]) for row in rows]


def train(pages: list[bytes]) -> bytes:
    """Choose between a trained dictionary and three pages as they are by what they make of other pages of the site."""
    as_they_are = b"".join(pages[:3])[-DICTIONARY_BYTES:]
    try:
        trained = zstd.train_dict(pages, min(DICTIONARY_BYTES, max(1024, sum(map(len, pages)) // 10))).dict_content
    except zstd.ZstdError:
        return as_they_are
    others = pages[3:19] or pages
    return min((trained, as_they_are), key=lambda body: sum(len(_packed(page, _parsed(digest_of(body), body))) for page in others))


def keep_dictionary(connection: sqlite3.Connection, site: str, body: bytes) -> int:
    """Store a dictionary for the payloads of a site from now on, and give its number."""
    connection.execute(
        "insert into dictionaries (site, digest, created_at, pages, body)"
        " values (?, ?, ?, (select count(*) from notices where site = ?), ?) on conflict (digest) do update set pages = excluded.pages",
        (site, digest_of(site.encode() + body), now(), site, body),
    )
    number = int(connection.execute("select max(id) from dictionaries where site = ?", (site,)).fetchone()[0])
    reseal(connection, "dictionaries", number)
    return number


_KEEP = (
    "insert into payloads (digest, size, dictionary, body, stored_at, seal) values (:digest, :size, :dictionary, :body, :stored_at, :seal)"
)
_KNOWN = "select (select id from payloads where digest = ?), (select max(id) from dictionaries where site = ?)"


def _packed(body: bytes, dictionary: zstd.ZstdDict | None = None) -> bytes:
    return _compressor(dictionary).compress(body, mode=zstd.ZstdCompressor.FLUSH_FRAME)


@lru_cache(maxsize=32)
def _compressor(dictionary: zstd.ZstdDict | None) -> zstd.ZstdCompressor:
    # kept, because making one costs more than a page; it begins anew with each frame
    options: dict[int, int] = {zstd.CompressionParameter.compression_level: LEVEL}
    return zstd.ZstdCompressor(options=options, zstd_dict=dictionary.as_digested_dict if dictionary else None)


def _dictionary(connection: sqlite3.Connection, number: int) -> zstd.ZstdDict:
    digest, body = connection.execute("select digest, body from dictionaries where id = ?", (number,)).fetchone()
    return _parsed(digest, body)


@lru_cache(maxsize=32)
def _parsed(_digest: str, body: bytes) -> zstd.ZstdDict:
    return zstd.ZstdDict(body, is_raw=not body.startswith(_TRAINED))
