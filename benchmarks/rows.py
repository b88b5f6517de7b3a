"""What keeping a notice costs beside `executemany` of the rows it leaves: measured by `archive.py`, chunk by chunk in turn.

Ours is `Archive.add` and `Archive.read`, 32 notices a transaction as a crawl writes them, into one archive: the digests of page, text,
parts, fields, envelope and rows, every look-up, the version decision, where the address points, and all rows but those of the search
index. Raw reads those rows back and writes them into a second archive with `executemany`, a table at a time in the same transactions:
the same tables and indexes, page size, WAL, synchronous=FULL, foreign keys and cache. Only the CPU of this process is counted.

Out on both sides: making the pages, cleaning, compressing them (the bytes are handed to ours, as they are to raw), and the
search row, which is measured apart.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from time import process_time
from unittest.mock import patch

from archive import Archive
from archive.record.payloads import zstd
from benchmarks.generated import Generated, notices
from cleaners.records import Attachment, Capture, Notice, Paragraph, Removal

BATCH, CHUNK = 32, 1600
START = datetime(2024, 1, 1, tzinfo=UTC)
# in an order that foreign keys allow; of the first a notice has one row each
TABLES = ("payloads", "envelopes", "notices", "addresses", "captures", "address_states", "readings", "versions")
OTHERS = ("attachments", "removals", "document_keys")
_NUMBERS = count()
_MENU = "".join(f'<li><a href="/col{place}/index.html">栏目{place}</a></li>' for place in range(60))


@dataclass(frozen=True)
class Page:
    """One page as a crawl has it, what a cleaner read in it, and its bytes compressed."""

    capture: Capture
    notice: Notice
    packed: bytes


def pages(number: int, seed: int = 1) -> Iterator[Page]:
    """Make pages of generated notices, each with a dozen headers, a few removals, some with a number of their own and a file."""
    random_ = random.Random(seed)
    for place, made in enumerate(notices(number, seed)):
        yield _page(place, made, random_)


def _page(place: int, made: Generated, random_: random.Random) -> Page:
    paragraphs = [piece + "。" for piece in made.text.split("。") if piece]
    body = f"<html><title>{made.title}</title><ul>{_MENU}</ul><p>{'</p><p>'.join(paragraphs)}</p></html>".encode()
    at = START + timedelta(seconds=place)
    host = f"http://www.{made.site}.gov.example"
    when = at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    headers = (("Date", when), ("Server", "nginx"), ("Content-Type", "text/html"), ("ETag", f'"{place:x}"'), ("Last-Modified", when))
    capture = Capture(made.site, f"{host}/zwgk/{made.issued:%Y%m}/t{made.issued:%Y%m%d}_{place}.html", at, 200, headers, body)
    notice = Notice(
        title=made.title,
        issued=made.issued,
        type=made.type or None,
        creator=made.creator,
        document_number=f"临政发〔{made.issued.year}〕{place}号" if random_.random() < 0.25 else None,
        attachments=(Attachment(f"{host}/files/{place}.pdf", "附件"),) if random_.random() < 0.1 else (),
        paragraphs=tuple(map(Paragraph, paragraphs)),
        removals=tuple(Removal("share", "share", (line, 0, 2), "分享") for line in range(3)),
    )
    return Page(capture, notice, zstd.compress(body, 3))


@contextmanager
def without(search: bool = True, packing: dict[bytes, bytes] | None = None) -> Iterator[None]:
    """Leave the search row out (its number is given as ever), and hand out pages compressed before."""
    with ExitStack() as stack:
        if search:
            for name in ("room", "index_notice"):
                stack.enter_context(patch(f"archive.works.notices.{name}", lambda *_, **__: next(_NUMBERS)))
        if packing is not None:
            stack.enter_context(patch("archive.record.payloads.pack", lambda _, body, __: packing[body]))
        yield


def keep(archive: Archive, batch: Sequence[Page]) -> None:
    """Keep pages and what was read in them in one transaction."""
    with archive.write():
        for page in batch:
            archive.read(archive.add(page.capture), page.notice, fingerprint="bench")


class Raw:
    """The second archive: the rows of the first, written with `executemany`."""

    def __init__(self, ours: Archive, path: Path) -> None:
        self.ours = ours
        self.archive = Archive.open(path)
        with ours.reading() as connection:
            self.statements = {name: _insert(connection, name) for name in (*TABLES, *OTHERS)}

    def rows(self, first: int, last: int) -> list[tuple[str, list[tuple[object, ...]]]]:
        """Give the rows of a range of notices, by statement; one notice is one row in most tables, so its number is theirs."""
        with self.ours.reading() as connection:
            asked = {name: f"select * from {name} where {_WHERE[name]}" for name in self.statements}
            found = {name: [dict(row) for row in connection.execute(sql, (first, last))] for name, sql in asked.items()}
        assert all(len(found[name]) == last - first + 1 for name in TABLES), "a notice left more or less than one row in a table"
        told = [(row["version"], row["id"]) for row in found["readings"]]
        found["readings"] = [row | {"version": None} for row in found["readings"]]
        made = [(self.statements[name], [tuple(row.values()) for row in rows]) for name, rows in found.items()]
        return [*made, ("update readings set version = ? where id = ?", told)]

    def keep(self, batch: list[tuple[str, list[tuple[object, ...]]]]) -> None:
        """Write the rows of a batch in one transaction; readings and versions refer to each other, so one of both is told last."""
        with self.archive.write() as connection:
            for statement, rows in batch:
                connection.executemany(statement, rows)


_WHERE = dict.fromkeys(TABLES, "id between ? and ?") | {
    "notices": "rowid between ? and ?",
    "address_states": "address between ? and ?",
    "attachments": "address between ? and ?",
    "removals": "reading between ? and ?",
    "document_keys": "notice in (select id from notices where rowid between ? and ?)",
}


def _insert(connection: sqlite3.Connection, table: str) -> str:
    width = len(connection.execute(f"select * from {table} limit 0").description)
    return f"insert into {table} values ({', '.join('?' * width)})"


@dataclass
class Costs:
    """Microseconds of CPU a notice, a value a chunk."""

    ours: list[float] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)

    def over(self, first: int, last: int) -> dict[str, float]:
        """Give the medians over some chunks, and the median of their ratios."""
        pairs = list(zip(self.ours[first:last], self.raw[first:last], strict=True))
        ours, raw = (statistics.median(each) for each in zip(*pairs, strict=True))
        return {"ours_us": ours, "raw_us": raw, "rows": statistics.median(one / other for one, other in pairs)}


def batches(made: Sequence[Page]) -> list[Sequence[Page]]:
    """Cut pages into what one transaction holds."""
    return [made[start : start + BATCH] for start in range(0, len(made), BATCH)]


def compare(folder: Path, number: int, watch: Callable[[int, Costs], None] = lambda *_: None) -> Costs:
    """Keep so many notices in both ways, a chunk in turn, and say what each chunk cost."""
    costs, coming, done = Costs(), pages(number), 0
    with Archive.open(folder / "ours.db") as ours:
        raw = Raw(ours, folder / "raw.db")
        while chunk := batches(list(islice(coming, CHUNK))):
            size = sum(map(len, chunk))
            packing = {page.capture.body: page.packed for batch in chunk for page in batch}
            with without(packing=packing):
                costs.ours.append(cpu(lambda chunk=chunk: [keep(ours, batch) for batch in chunk]) / size * 1e6)  # type: ignore[misc]
            ends = [done + 1 + start for start in range(0, size, BATCH)]
            rows = [raw.rows(first, min(first + BATCH - 1, done + size)) for first in ends]
            if not done:
                _copy(ours, raw.archive, "rulesets")
            costs.raw.append(cpu(lambda rows=rows: [raw.keep(batch) for batch in rows]) / size * 1e6)  # type: ignore[misc]
            done += size
            watch(done, costs)
        raw.archive.close()
    return costs


def cpu(call: Callable[[], object]) -> float:
    """Time a call by the CPU this process used, that of the kernel for it included."""
    start = process_time()
    call()
    return process_time() - start


def _copy(one: Archive, other: Archive, table: str) -> None:
    with one.reading() as source, other.write() as target:
        rows = source.execute(f"select * from {table}").fetchall()
        target.executemany(_insert(source, table), [tuple(row) for row in rows])


def shares(folder: Path, number: int) -> dict[str, float]:
    """Say what the search row and the compression of a page cost a notice, in microseconds of CPU."""
    made = list(pages(number, 2))
    packed = [cpu(lambda page=page: zstd.compress(page.capture.body, 3)) for page in made]  # type: ignore[misc]
    packing = {page.capture.body: page.packed for page in made}
    with Archive.open(folder / "with.db") as one, Archive.open(folder / "without.db") as two:
        searched = []
        for batch in batches(made):
            # made anew, because digests are made once a page
            again = [Page(replace(page.capture), replace(page.notice), page.packed) for page in batch]
            with without(search=False, packing=packing):
                whole = cpu(lambda batch=batch: keep(one, batch))  # type: ignore[misc]
            with without(packing=packing):
                searched.append((whole - cpu(lambda again=again: keep(two, again))) / len(batch))  # type: ignore[misc]
    return {"search_us": statistics.median(searched) * 1e6, "compress_us": statistics.median(packed) * 1e6}
