"""Single bits turned over anywhere in an archive: what `verify` says of each, and where it says nothing, whether anybody would see it."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from commit_path import work
from page_map import PageMap, Place

from archive import Archive
from archive.export import export
from archive.preservation.fixity import tables
from archive.preservation.verify import verify
from cleaners.errors import ArchiveError

RECORD, DERIVED, SCRATCH, STRUCTURE, UNUSED = "record", "derived", "scratch", "structure", "unused"


@dataclass(frozen=True)
class Flip:
    """One bit turned over: where, what it belongs to, whether that was found and named, and where not found, whether it can be seen."""

    offset: int
    bit: int
    place: Place
    kind: str
    found: bool
    named: bool
    harmless: bool


def make(folder: Path, *, turns: int = 3, pages: int = 24) -> Path:
    """Make an archive to turn bits of: nobody writes to it, and nothing of it stands in a log."""
    path = folder / "flipped.db"
    with Archive.open(path) as archive:
        work(archive, lambda _: None, turns=turns, pages=pages)
        with archive.reading() as connection:
            first, second = connection.execute(
                "select a.id, b.notice from addresses a, addresses b where a.notice <> b.notice limit 1"
            ).fetchone()
        archive.move(first, second, "same document", {"by": "hand"})
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    return path


def flips(path: Path, number: int, random: Random, *, used: bool) -> Iterator[Flip]:
    """Turn so many bits over, one at a time, anywhere where something stands, or (not `used`) where nothing does; the file is left as it was."""
    here = PageMap(path)
    before = seen(path)
    for _ in range(number):
        offset = _somewhere(here, random, used=used)
        bit = random.randrange(8)
        path.write_bytes(here.content[:offset] + bytes([here.content[offset] ^ 1 << bit]) + here.content[offset + 1 :])
        yield _judged(path, here, offset, bit, before)
    path.write_bytes(here.content)
    _clear(path)


def seen(path: Path) -> str:
    """Give a digest of what people get of an archive: its export, searches, its captures and versions; the error where there is one."""
    out = io.BytesIO()
    try:
        with Archive.open(path, for_reading=True) as archive:
            export(archive, "jsonl", out)
            hits = [(hit.notice, hit.row, hit.title, hit.snippet) for query in QUERIES for hit in archive.search(query, 50)]
            captures = [(capture.record_id, capture.url, capture.outcome, capture.payload_digest) for capture in archive.captures()]
            with archive.reading() as connection:
                rows = [tuple(row) for row in connection.execute("select address, captured_at, number, class from versions order by id")]
        return hashlib.sha256(out.getvalue() + repr((hits, captures, rows)).encode()).hexdigest()
    except (ArchiveError, sqlite3.Error, ValueError, LookupError, TypeError) as error:
        return f"{type(error).__name__}: {error}"


QUERIES = ("工作", "通知", "各单位要按照", "任务 安排", "第3次修订", "清单", "不在任何地方")


def kind_of(place: Place) -> str:
    """Say what kind of byte that is: of a record's row, of what is derived (indexes are), of what leads to rows, of nothing."""
    if place.part in {UNUSED, STRUCTURE, "header"}:
        return UNUSED if place.part == UNUSED else STRUCTURE
    if place.table.startswith(("sqlite_", "_sqlite")):
        return STRUCTURE
    table = tables().get("search" if place.table.startswith("search_") and place.table not in tables() else place.table)
    if table is None or place.tree != place.table:
        return DERIVED
    return table.kind


def _judged(path: Path, here: PageMap, offset: int, bit: int, before: str) -> Flip:
    _clear(path)
    place = here.place(offset)
    try:
        report = verify(path)
        found, told = not report.sound, {damage.table for damage in report.damages}
    except ArchiveError:  # it is said to be no archive, or a newer dibao's
        found, told = True, set()
    _clear(path)
    harmless = found or seen(path) == before
    _clear(path)
    return Flip(offset, bit, place, kind_of(place), found, bool(told & {place.table, "file", "sqlite_schema"}), harmless)


def _somewhere(here: PageMap, random: Random, *, used: bool) -> int:
    while True:
        offset = random.randrange(len(here.content))
        if used is (here.place(offset).part != UNUSED):
            return offset


def _clear(path: Path) -> None:
    for name in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + name).unlink(missing_ok=True)
