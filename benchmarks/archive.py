"""Keeping against the naive way: a row a page with sqlite-utils, gzip for the page, a trigram index for the text.

Each round takes the same pages in both ways, one after the other; a ratio is the median over the rounds. Ours keeps the
capture, its payload, the reading, the version, the notice and the search row; the naive way a page, its text and the index.

Bars, checked with --check:
    batched    5     how many times faster (wall) 50 visits in one transaction are than sqlite-utils row by row
    single     2     the same with one transaction for each capture and each reading
    unchanged  200   bytes an unchanged visit adds to the file, at most
    payload    0.6   bytes of a stored page per byte of the same page in gzip (level 6, as in WARC), at most
    rows       2.0   CPU of hashing, version decision and base rows by that of `executemany` of those rows, at most, at 100,000 notices
                     and more (--notices; what is in and out: `rows.py`; --quick measures few, and tells it as rows_of_few without a bar)
    growth     1.3   CPU a notice at the end of a run of more than 100,000 by that around the 100,000th, at most

The search row and compression are told apart (search_us, compress_us), and so are the bytes a visit answered with 304 adds.
"""

from __future__ import annotations

import gzip
import hashlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

# this file's own name must not stand before the package
sys.path[0] = str(Path(__file__).parents[1])

from sqlite_utils import Database  # noqa: E402

from archive import Archive  # noqa: E402
from benchmarks.bars import options, tell  # noqa: E402
from benchmarks.rows import CHUNK, compare, shares  # noqa: E402
from cleaners.records import Capture, Notice, Paragraph  # noqa: E402

AT_LEAST = {"batched": 5.0, "single": 2.0}
AT_MOST = {"unchanged": 200.0, "payload": 0.6, "rows": 2.0, "growth": 1.3}
MANY, FEW = 100_000, 4800
START = datetime(2024, 1, 1, tzinfo=UTC)
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]
SAMPLES, VISITS = 64, 5000
WORDS = ["".join(random.Random(rank).choices(HAN, k=(1, 2, 2, 2, 2, 3, 4)[rank % 7])) for rank in range(8000)]
WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))


@dataclass(frozen=True)
class Page:
    """One page as it is kept in both ways."""

    url: str
    title: str
    text: str
    body: bytes
    at: datetime


def pages(number: int, seed: int) -> list[Page]:
    """Make pages of one site: a template of links and scripts, and about 2 KB of text each."""
    random_ = random.Random(seed)
    fixed = random.Random(0)
    links = "".join(f'<li class="c{n}"><a href="/col{n}/">{"".join(fixed.choices(HAN, k=6))}</a></li>' for n in range(250))
    script = "".join(f"var v{n}='{fixed.random()}';" for n in range(300))
    made = []
    for place in range(number):
        title = clause(random_, 10)
        paragraphs = ["，".join(clause(random_, 5) for _ in range(8)) + "。" for _ in range(8)]
        body = f"<html><title>{title}</title><script>{script}</script><ul>{links}</ul><p>{'</p><p>'.join(paragraphs)}</p></html>"
        url = f"https://www.linshui.gov.example/{seed}/{place}.html"
        made.append(Page(url, title, "\n".join(paragraphs), body.encode(), START + timedelta(minutes=place)))
    return made


def clause(random_: random.Random, words: int) -> str:
    """Make a clause of so many words, each as often as its rank says (Zipf), two characters long as a rule."""
    return "".join(random_.choices(WORDS, cum_weights=WEIGHTS, k=words))


def visit(archive: Archive, page: Page) -> None:
    """Keep one page and what was read in it."""
    capture = archive.add(Capture("linshui", page.url, page.at, 200, (("Content-Type", "text/html"),), page.body))
    notice = Notice(title=page.title, issued=date(2024, 1, 1), paragraphs=tuple(map(Paragraph, page.text.split("\n"))))
    archive.read(capture, notice, fingerprint="bench")


def keep_batched(archive: Archive, batch: Iterable[Page]) -> None:
    """Keep pages in one transaction."""
    with archive.write():
        for page in batch:
            visit(archive, page)


def keep_single(archive: Archive, batch: Iterable[Page]) -> None:
    """Keep each capture and each reading in a transaction of its own."""
    for page in batch:
        visit(archive, page)


def naive(path: Path) -> Database:
    """Make the naive archive: pages, texts, and a trigram index kept by triggers."""
    database = Database(path)
    database["pages"].create({"digest": str, "url": str, "fetched": str, "body": bytes}, pk="digest")
    database["texts"].create({"id": int, "url": str, "digest": str, "title": str, "text": str}, pk="id")
    database["texts"].enable_fts(["title", "text"], create_triggers=True, tokenize="trigram")
    return database


def keep_naive(database: Database, batch: Iterable[Page]) -> None:
    """Keep pages row by row, as a first version of such a tool does."""
    for page in batch:
        digest = hashlib.sha256(page.body).hexdigest()
        database["pages"].insert({"digest": digest, "url": page.url, "fetched": page.at.isoformat(), "body": gzip.compress(page.body, 6)})
        text = hashlib.sha256(page.text.encode()).hexdigest()
        database["texts"].insert({"url": page.url, "digest": text, "title": page.title, "text": page.text})


def seconds(call: Callable[[], None]) -> float:
    """Time a call by the wall clock: waiting for the disk is part of the cost."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def ingest(folder: Path, rounds: int, number: int) -> dict[str, float]:
    """Compare the ways of keeping in rounds of the same pages."""
    batched, single, times = [], [], []
    with Archive.open(folder / "batched.db") as one, Archive.open(folder / "single.db") as two:
        database = naive(folder / "naive.db")
        for turn in range(rounds):
            batch = pages(number, turn)
            # `batch` is bound now: the calls run within this round
            plain = seconds(lambda batch=batch: keep_naive(database, batch))  # type: ignore[misc]
            times.append(seconds(lambda batch=batch: keep_batched(one, batch)))  # type: ignore[misc]
            batched.append(plain / times[-1])
            single.append(plain / seconds(lambda batch=batch: keep_single(two, batch)))  # type: ignore[misc]
        database.close()
    return {
        "batched": statistics.median(batched),
        "single": statistics.median(single),
        "visit_ms": statistics.median(times) / number * 1000,
    }


def unchanged(folder: Path, number: int) -> float:
    """Give the bytes one more visit of an unchanged page adds."""
    batch, sizes = pages(number, 1), []
    with Archive.open(folder / "unchanged.db") as archive:
        # the first days fill the pages begun; after that many, that a table grows by whole pages counts for little
        for days in (range(5), range(5, 5 + VISITS // number)):
            with archive.write():
                for day in days:
                    keep_batched(archive, [replace(page, at=page.at + timedelta(days=day)) for page in batch])
            sizes.append(used(archive))
    return (sizes[1] - sizes[0]) / (VISITS // number * number)


def not_modified(folder: Path, number: int) -> float:
    """Give the bytes a visit adds that is answered with 304."""
    batch, sizes = pages(number, 1), []
    with Archive.open(folder / "not_modified.db") as archive:
        keep_batched(archive, batch)
        for days in (range(1, 5), range(5, 5 + VISITS // number)):
            with archive.write():
                for day in days:
                    for page in batch:
                        at = page.at + timedelta(days=day)
                        archive.add(Capture("linshui", page.url, at, 304, (("ETag", '"1"'),), b"", outcome="unchanged"))
            sizes.append(used(archive))
    return (sizes[1] - sizes[0]) / (VISITS // number * number)


def base_rows(folder: Path, number: int) -> dict[str, float]:
    """Compare with `executemany`: over the last tenth of so many notices, which is what it costs at that size."""
    costs = compare(folder, number)
    last = max(3, len(costs.raw) // 10)
    told = costs.over(-last, None)
    if number < MANY:
        told["rows_of_few"] = told.pop("rows")
    at_many = costs.over(MANY // CHUNK - 6, MANY // CHUNK) if number > MANY else {}
    return told | ({"growth": told["ours_us"] / at_many["ours_us"], "raw_growth": told["raw_us"] / at_many["raw_us"]} if at_many else {})


def used(archive: Archive) -> int:
    """Give the bytes of the file that hold something: what the index's merging freed would else hide what visits add."""
    with archive.reading() as connection:
        pages, free, size = (connection.execute(f"pragma {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size"))
    return int((pages - free) * size)


def payload(folder: Path, bodies: list[bytes]) -> float:
    """Give the stored size of pages by that in gzip, the dictionary trained on other pages of the site."""
    trained, kept = bodies[:SAMPLES], bodies[SAMPLES:]
    with Archive.open(folder / "payload.db") as archive:
        with archive.write():
            for place, body in enumerate(trained):
                archive.add(Capture("site", f"https://site.example/{place}", START, 200, (), body))
        archive.train_dictionary("site")
        with archive.write():
            for place, body in enumerate(kept):
                archive.add(Capture("site", f"https://site.example/new/{place}", START, 200, (), body))
        with archive.reading() as connection:
            stored = connection.execute("select sum(length(body)) from payloads where dictionary is not null").fetchone()[0]
    return float(stored / sum(len(gzip.compress(body, 6)) for body in set(kept) - set(trained)))


def main() -> int:
    """Measure, print, and with --check compare with the bars."""
    parser = options(__doc__)
    parser.add_argument("--pages", type=Path, help="folder of saved pages of one site, for the payload figure")
    parser.add_argument("--notices", type=int, help="how many notices are kept in both ways, for the rows figure")
    asked = parser.parse_args()
    notices = asked.notices or (FEW if asked.quick else MANY)
    rounds, number = (3, 50) if asked.quick else (9, 200)
    bodies = [page.body for page in pages(SAMPLES + number, 2)]
    if asked.pages:
        bodies = [file.read_bytes() for file in sorted(asked.pages.rglob("*.htm*"))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = ingest(folder, rounds, number) | {"unchanged": unchanged(folder, number), "payload": payload(folder, bodies)}
        figures |= {"not_modified": not_modified(folder, number)} | shares(folder, CHUNK) | base_rows(folder, notices)
    return tell(asked, figures, AT_LEAST, AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
