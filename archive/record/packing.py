"""Dictionaries for payloads: made of a site's own pages once it has a few, better ones when it has grown, and older payloads packed again.

All of it is done at the end of a run, in steps: what is long is computed outside transactions, each write is one short transaction.
A payload packed again is opened and compared before its old bytes go, so a kill leaves either; its digest never changes.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from archive.connection import Store
from archive.preservation.fixity import renew_fixity
from archive.record.payloads import IDLE_LEVEL, keep_dictionary, open_payload, pack, packed_size, unpack, zstd
from cleaners.errors import ArchiveError

FIRST_PAGES, GROWTH = 8, 10
DICTIONARY_BYTES = 220 * 1024
SHORTEST = 8  # bytes: what Zstandard takes as a dictionary
SAMPLES = 48
LARGEST_SAMPLE = 256 * 1024
BATCH, SECONDS = 32, 5.0
_GAIN = 0.95
"""A new dictionary is kept where pages take at most this share of what they take with the old one."""


def tend(store: Store, seconds: float = SECONDS) -> int:
    """Make the dictionaries that are due and pack waiting payloads again, for so many seconds; gives how many were packed."""
    until = time.monotonic() + seconds
    with store.reading() as connection:
        due = [site for site, waiting in _waiting(connection) if waiting >= FIRST_PAGES and not _has(connection, site)]
    for site in due:
        if time.monotonic() < until:
            make(store, site)
    return repack(store, until)


def regrow(store: Store, site: str) -> None:
    """Make another dictionary for a site that has ten times the pages it had when its last one was made, if it is better by 5 %."""
    with store.reading() as connection:
        if not _outgrown(connection, site):
            return
        pages = samples(connection, site)
        number = connection.execute("select max(id) from dictionaries where site = ?", (site,)).fetchone()[0]
        others = pages[1::2]
        before = sum(len(pack(connection, page, number)) for page in others)
    better = packed_size(others, train(pages[::2])) <= before * _GAIN
    body = train(pages) if better else b""
    with store.write() as connection:
        if better:
            keep_dictionary(connection, site, body)
        else:
            connection.execute("update dictionaries set pages = pages * ? where id = ?", (GROWTH, number))
            renew_fixity(connection, "dictionaries", number)


def make(store: Store, site: str) -> int:
    """Make a dictionary of a site's pages, for its payloads from now on, and give its number; ArchiveError where it has no pages."""
    with store.reading() as connection:
        pages = samples(connection, site)
    body = train(pages)  # takes a while: before the transaction
    with store.write() as connection:
        return keep_dictionary(connection, site, body)


def samples(connection: sqlite3.Connection, site: str) -> list[bytes]:
    """Give pages of a site to make a dictionary of, the newest, large ones and files apart; ArchiveError when it has none."""
    rows = connection.execute(_NEWEST, (site, LARGEST_SAMPLE, SAMPLES * 4)).fetchall()
    rows += connection.execute(_FIRST, (site, LARGEST_SAMPLE, SAMPLES)).fetchall()
    digests = list(dict.fromkeys(row[0] for row in rows))
    pages = list(islice((page for page in _opened(connection, digests) if _is_page(page)), SAMPLES))
    pages = pages or list(islice(_opened(connection, digests), SAMPLES))
    if not pages:
        raise ArchiveError(f"{site}: there are no pages to train a dictionary on; crawl or import some first")
    return pages


def _opened(connection: sqlite3.Connection, digests: list[str]) -> Iterator[bytes]:
    for digest in digests:
        with suppress(ArchiveError):  # damaged: `dibao verify` tells
            yield open_payload(connection, digest)


def _is_page(body: bytes) -> bool:
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


_NEWEST = """
    select p.digest from addresses a join captures c on c.address = a.id join payloads p on p.id = c.payload
    where a.site = ? and c.role = 'notice' and p.takedown is null and p.size between 1 and ? order by a.id desc, c.id desc limit ?
"""
_FIRST = "select digest from payloads where waiting = ? and takedown is null and size between 1 and ? order by id desc limit ?"


def train(pages: list[bytes]) -> bytes:
    """Give what packs a site's pages best: a trained dictionary, or some of the pages as they are.

    Both are made of every other page and compared on the rest; the better one is then made of all.
    """
    made, others = pages[::2], pages[1::2] or pages
    trained = _trained(made)
    if not trained or packed_size(others, as_they_are(made)) <= packed_size(others, trained):
        return as_they_are(pages)
    return _trained(pages) or as_they_are(pages)


def as_they_are(pages: list[bytes]) -> bytes:
    """Join pages to a dictionary: the newest, then whichever the ones before help least with, while there is room."""
    chosen, left = pages[:1], pages[1:]
    size = len(chosen[0])
    while left and size < DICTIONARY_BYTES:
        joined = b"".join(chosen).ljust(SHORTEST, b" ")
        worst = max(left, key=lambda page: packed_size([page], joined)) if len(left) > 1 else left[0]
        left.remove(worst)
        chosen.append(worst)
        size += len(worst)
    # what is near the end is cheapest to refer to
    return b"".join(reversed(chosen))[-DICTIONARY_BYTES:].ljust(SHORTEST, b" ")


def _trained(pages: list[bytes]) -> bytes:
    try:
        body: bytes = zstd.train_dict(pages, min(DICTIONARY_BYTES, max(1024, sum(map(len, pages)) // 10))).dict_content
    except zstd.ZstdError:  # too few, or too small
        return b""
    return body


def repack(store: Store, until: float | None = None) -> int:
    """Pack payloads that wait for a dictionary their site now has, up to a moment (of `time.monotonic`); gives how many."""
    with store.reading() as connection:
        sites = [site for site, _ in _waiting(connection) if _has(connection, site)]
    return sum(_repack_site(store, site, until) for site in sites)


def _repack_site(store: Store, site: str, until: float | None) -> int:
    number = 0
    while until is None or time.monotonic() < until:
        with store.reading() as connection:
            rows = connection.execute(_BATCH, (site, BATCH)).fetchall()
            fresh = [(row["id"], *_again(connection, row, site)) for row in rows]
        if not fresh:
            break
        with store.write() as connection:
            number += sum(_replace(connection, *each) for each in fresh)
    return number


_BATCH = "select id, digest, length(body) as bytes from payloads where waiting = ? order by id limit ?"


def _again(connection: sqlite3.Connection, row: sqlite3.Row, site: str) -> tuple[int | None, bytes]:
    """Give a payload packed anew and the dictionary used; none where it would be no smaller, or cannot be opened."""
    dictionary = int(connection.execute("select max(id) from dictionaries where site = ?", (site,)).fetchone()[0])
    try:
        body = open_payload(connection, row["digest"])
    except ArchiveError:  # withheld, or damaged: `dibao verify` tells
        return None, b""
    packed = pack(connection, body, dictionary, IDLE_LEVEL)
    whole = unpack(connection, packed, dictionary) == body
    return (dictionary, packed) if whole and len(packed) < row["bytes"] else (None, b"")


def _replace(connection: sqlite3.Connection, payload: int, dictionary: int | None, packed: bytes) -> int:
    if dictionary is None:
        connection.execute("update payloads set waiting = null where id = ?", (payload,))
        return 0
    cursor = connection.execute(
        "update payloads set dictionary = ?, body = ?, waiting = null where id = ? and dictionary is null and takedown is null",
        (dictionary, packed, payload),
    )
    if not cursor.rowcount:
        connection.execute("update payloads set waiting = null where id = ?", (payload,))
        return 0
    renew_fixity(connection, "payloads", payload)
    return 1


def _waiting(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Count waiting payloads by site: of each site there are few once it has a dictionary."""
    return connection.execute("select waiting, count(*) from payloads where waiting is not null group by waiting").fetchall()


def _has(connection: sqlite3.Connection, site: str) -> bool:
    return connection.execute("select 1 from dictionaries where site = ?", (site,)).fetchone() is not None


def _outgrown(connection: sqlite3.Connection, site: str) -> bool:
    """Say whether a site has ten times the notices its last dictionary was made for; no more of them are counted than that."""
    last = connection.execute("select pages from dictionaries where site = ? order by id desc limit 1", (site,)).fetchone()
    if last is None:
        return False
    enough = max(FIRST_PAGES, last[0]) * GROWTH
    counted = "select 1 from notices where site = ? limit 1 offset ?"
    return connection.execute(counted, (site, enough - 1)).fetchone() is not None
