"""Raw pages as the archive keeps them against gzip as WARC files have it, on real pages and on a growing archive.

Real pages: of each site, every other page makes the dictionary and the others are kept with it, by the archive's own calls. The
measure is gzip (level 9, as warcio writes it) of the page alone, which is less than its WARC record takes. `alone` opens every
measured page by itself. Sites of which there are fewer than four pages have no halves: they are told apart, packed with a
dictionary of the other sites and without one.

Growth: pages of one generated site are kept, 10,000 and then up to 100,000; the cost a page at each size, and what the end of a
run costs, the largest of three tries' medians taken in turns.

Bars, checked with --check:
    real      0.6   bytes of a kept page per byte of gzip, at most, dictionaries apart
    alone     1.0   share of the measured pages that come back by themselves, byte for byte
    repacked  0.6   the same for pages that were kept before their site had a dictionary, after a run's end
    growth    1.3   cost of keeping a page at the larger archive by that at the smaller, at most
    tended    1.3   cost of a run's end at the larger archive by that at the smaller, at most (but for 1 ms)
"""

from __future__ import annotations

import gzip
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

# this folder holds an archive.py of its own, which must not stand before the package
sys.path[0] = str(Path(__file__).parents[1])

from archive import Archive  # noqa: E402
from archive.record.packing import FIRST_PAGES, tend, train  # noqa: E402
from archive.record.payloads import keep_dictionary, keep_payload, open_payload, zstd  # noqa: E402
from benchmarks.bars import options, tell  # noqa: E402
from cleaners.records import Capture  # noqa: E402

AT_LEAST = {"alone": 1.0}
AT_MOST = {"real": 0.6, "repacked": 0.6, "growth": 1.3, "tended": 1.3}
GOLD = Path(__file__).parents[2] / "shared" / "gold" / "gov"
START = datetime(2024, 1, 1, tzinfo=UTC)
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]


def real_pages() -> dict[str, list[bytes]]:
    """Read the saved pages by site."""
    sites: dict[str, list[bytes]] = defaultdict(list)
    for sidecar in sorted(GOLD.glob("*.json")):
        site = json.loads(sidecar.read_text("utf-8")).get("site") or sidecar.stem
        sites[site].append(sidecar.with_suffix(".html").read_bytes())
    return dict(sites)


def gzipped(pages: list[bytes]) -> int:
    """Give the bytes pages take in gzip, each by itself."""
    return sum(len(gzip.compress(page, 9)) for page in pages)


def kept(connection: sqlite3.Connection, site: str, pages: list[bytes]) -> tuple[int, list[str]]:
    """Keep pages and give the bytes they take, and their digests."""
    numbers = [keep_payload(connection, page, site) for page in dict.fromkeys(pages)]
    rows = [connection.execute("select length(body), digest from payloads where id = ?", (number,)).fetchone() for number in numbers]
    return sum(row[0] for row in rows), [row[1] for row in rows]


def real(folder: Path) -> dict[str, float]:
    """Measure the real pages."""
    sites = real_pages()
    large = {site: pages for site, pages in sites.items() if len(pages) >= 4}
    ours, theirs, dictionaries, alone, number = 0, 0, 0, 0, 0
    told = {}
    with Archive.open(folder / "real.db") as archive, archive.write() as connection:
        for site, pages in large.items():
            others = [page for page in pages[1::2] if page not in pages[::2]]
            keep_dictionary(connection, site, train(pages[::2]))
            size, digests = kept(connection, site, others)
            told[site] = size / gzipped(others)
            ours, theirs, number = ours + size, theirs + gzipped(others), number + len(others)
            alone += sum(open_payload(connection, digest) == page for digest, page in zip(digests, others, strict=True))
        dictionaries = connection.execute("select sum(length(body)) from dictionaries").fetchone()[0]
        few = [page for site, pages in sites.items() if site not in large for page in pages]
        keep_dictionary(connection, "others", train([page for pages in large.values() for page in pages[::2]]))
        small, _ = kept(connection, "others", few)
    plain = sum(len(zstd.compress(page, level=3)) for page in few)
    return {
        "pages": number,
        "sites": len(large),
        "real": ours / theirs,
        "worst_site": max(told.values()),
        "best_site": min(told.values()),
        "with_dictionaries": (ours + dictionaries) / theirs,
        "alone": alone / number,
        "repacked": repacked(folder, large),
        "few_pages": len(few),
        "few_with_other_sites": small / gzipped(few),
        "few_plain": plain / gzipped(few),
    }


def repacked(folder: Path, sites: dict[str, list[bytes]]) -> float:
    """Keep every page of a site as a first crawl does, end the run, and measure every other page; the dictionary is made of the rest."""
    ours = theirs = 0
    with Archive.open(folder / "repacked.db") as archive:
        store = archive._store  # noqa: SLF001 - the rooms of the archive work on it
        for site, pages in sites.items():
            with archive.write() as connection:
                kept(connection, site, pages)
                keep_dictionary(connection, site, train(pages[::2]))
        tend(store, seconds=120)
        with archive.reading() as connection:
            waiting = connection.execute("select count(*) from payloads where waiting is not null").fetchone()[0]
            assert waiting == 0, "every page was packed again"
            for pages in sites.values():
                for page in {page for page in pages[1::2] if page not in pages[::2]}:
                    digest = Capture("", "u", START, 200, (), page).payload_digest
                    ours += connection.execute("select length(body) from payloads where digest = ?", (digest,)).fetchone()[0]
                    theirs += gzipped([page])
    return ours / theirs


def made(number: int, template: str) -> bytes:
    """Make a page of the generated site."""
    random_ = random.Random(number)
    text = "".join(random_.choices(HAN, k=300))
    return f"<html>{template}<h1>第{number}号</h1><p>{text}</p></html>".encode()


def growth(folder: Path, sizes: tuple[int, int], step: int) -> dict[str, float]:
    """Keep pages up to two sizes and give the cost of one, and of a run's end, at each."""
    fixed = random.Random(0)
    template = "".join(f'<li><a href="/c{n}/">{"".join(fixed.choices(HAN, k=5))}</a></li>' for n in range(60))
    costs, ends = [], []
    with Archive.open(folder / "growth.db") as archive:
        place = 0
        for size in sizes:
            place = fill(archive, template, place, size - 5 * step)
            each, end = zip(*(timed(archive, template, place + turn * step, step) for turn in range(5)), strict=True)
            place = size
            costs.append(statistics.median(each))
            ends.append(statistics.median(end))
    return {
        "smaller": sizes[0],
        "larger": sizes[1],
        "page_us": costs[1] * 1e6,
        "growth": costs[1] / costs[0],
        "end_ms": ends[1] * 1000,
        "tended": ends[1] / ends[0] if ends[1] > 0.001 else 1.0,
    }


def fill(archive: Archive, template: str, place: int, until: int) -> int:
    """Keep pages up to a number, in transactions as a crawl's."""
    while place < until:
        with archive.write() as connection:
            for number in range(place, min(place + 500, until)):
                keep(connection, number, template)
        place = min(place + 500, until)
    tend(archive._store, seconds=60)  # noqa: SLF001 - as above
    return place


def keep(connection: sqlite3.Connection, number: int, template: str) -> None:
    """Keep one page."""
    keep_payload(connection, made(number, template), f"site{number % 40}")


def timed(archive: Archive, template: str, place: int, step: int) -> tuple[float, float]:
    """Give the CPU seconds of keeping a page, its making taken off, and those of a run's end."""
    pages = [(number, made(number, template)) for number in range(place, place + step)]
    start = time.process_time()
    with archive.write() as connection:
        for number, page in pages:
            keep_payload(connection, page, f"site{number % 40}")
    each = (time.process_time() - start) / step
    start = time.process_time()
    tend(archive._store)  # noqa: SLF001 - as above
    return each, time.process_time() - start


def main() -> int:
    """Measure, print, and with --check compare with the bars."""
    asked = options(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures: dict[str, float] = {"first_pages": FIRST_PAGES}
        if GOLD.is_dir():
            figures |= real(folder)
        else:
            print(f"no real pages at {GOLD}: only growth is measured", file=sys.stderr)
        figures |= growth(folder, (2000, 10_000) if asked.quick else (10_000, 100_000), 400)
    return tell(asked, figures, AT_LEAST, AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
