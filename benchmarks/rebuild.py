"""Rebuilding: by two processes against one, and by rules that read everything already against reading it all.

    python benchmarks/rebuild.py [--quick] [--json] [--check]

Every round rebuilds the same archive by rules of another fingerprint, so that every capture is read and its reading written, by one process
and by two in turn; then once more by the same rules, which skips all. Times are by the clock, for that is what processes are for:
measure on quiet cores. What both numbers of processes leave is compared to the letter.

Bars, checked with --check:
    two        1.5   how many times faster two processes are than one
    skipped    20    how many times faster a rebuild is that has nothing to read than the one by two processes
    same       1     whether any number of processes leaves the same
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

# this file's own name must not stand before the package
sys.path[0] = str(Path(__file__).parents[1])

from archive import Archive  # noqa: E402
from archive.connection import Store  # noqa: E402
from archive.rebuilding.rebuild import rebuild  # noqa: E402
from benchmarks.bars import options, tell  # noqa: E402
from cleaners.records import Capture, Notice  # noqa: E402
from crawler.reading import PageReader  # noqa: E402

AT_LEAST = {"two": 1.5, "skipped": 20.0, "same": 1.0}
START = datetime(2024, 1, 1, tzinfo=UTC)
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]


def page(number: int, visit: int) -> bytes:
    """Make a page: a template of menus and scripts, and about 2 KB of text; every third visit finds a word changed."""
    random_, fixed = random.Random(number), random.Random(0)
    menu = "".join(f'<li><a href="/c{n}/">{"".join(fixed.choices(HAN, k=4))}</a></li>' for n in range(60))
    script = "".join(f"var v{n}='{fixed.random()}';" for n in range(200))
    sentences = ["".join(random_.choices(HAN, k=40)) + "，" + "".join(random_.choices(HAN, k=25)) + "。" for _ in range(10)]
    sentences[0] = sentences[0].replace("，", str(visit // 3) + "，")
    title = f"关于{''.join(random_.choices(HAN, k=12))}的通知"
    body = f"<div class='content'><p>{'</p><p>'.join(sentences)}</p><p>责任编辑：江河</p><p>打印本页</p></div>"
    head = f"<head><title>{title}</title><script>{script}</script></head>"
    return f"<html>{head}<body><ul>{menu}</ul><h1>{title}</h1><p>发布时间：2024-01-02</p>{body}<p>{visit}次</p></body></html>".encode()


@dataclass(frozen=True)
class Round(PageReader):
    """Reads as a crawl does, by rules whose fingerprint is that of a round."""

    number: int = 0

    def __call__(self, capture: Capture) -> tuple[Notice, str]:
        """Give the notice and the round's fingerprint."""
        return super().__call__(capture)[0], self.fingerprint(capture.site)

    def fingerprint(self, site: str) -> str:
        """Give the fingerprint of a round."""
        return f"{super().fingerprint(site)} {self.number}"


def fill(path: Path, pages: int, visits: int) -> None:
    """Keep so many pages, each captured so many times and read."""
    reader = Round({}, number=0)
    with Archive.open(path) as archive:
        for visit in range(visits):
            with archive.write():
                for number in range(pages):
                    url = f"https://www.linshui.gov.example/tzgg/{number}.html"
                    kept = archive.add(Capture("linshui", url, START + timedelta(days=visit), 200, (), page(number, visit)))
                    archive.read(kept, reader(kept)[0], fingerprint=reader.fingerprint("linshui"))


def timed(store: Store, number: int, processes: int) -> float:
    """Rebuild by the rules of a round and give the seconds by the clock."""
    start = time.perf_counter()
    rebuild(store, Round({}, number=number), processes=processes)
    return time.perf_counter() - start


LEFT = (
    "select address, captured_at, number, class, text_digest, parts, merged_into from versions order by 1, 2",
    """
    select r.capture, r.cause, r.cosmetic, coalesce(r.document, s.document) from readings r left join readings s on s.id = r.same_as
    where r.read_at = (select max(read_at) from readings n where n.capture = r.capture) order by 1, r.id desc
    """,
)


def left(store: Store) -> list[tuple[object, ...]]:
    """Give what readers see of the archive."""
    with store.reading() as connection:
        return [tuple(row) for query in LEFT for row in connection.execute(query)]


def measure(pages: int, visits: int, rounds: int) -> dict[str, float]:
    """Rebuild two archives that hold the same, one by each number of processes, round by round."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("1", "2"):
            fill(Path(folder) / name, pages, visits)
        stores = {number: Store.open(Path(folder) / str(number)) for number in (1, 2)}
        for number, store in stores.items():
            timed(store, 1, number)  # the children start
        ratios, skips, seconds, same = [], [], {1: [0.0][:0], 2: [0.0][:0]}, True
        for turn in range(2, rounds + 2):
            for number in (1, 2) if turn % 2 else (2, 1):
                seconds[number].append(timed(stores[number], turn, number))
            ratios.append(seconds[1][-1] / seconds[2][-1])
            skips.append(seconds[2][-1] / timed(stores[2], turn, 2))
            same = same and left(stores[1]) == left(stores[2])
        for store in stores.values():
            store.close()
    captures = pages * visits
    return {
        "two": statistics.median(ratios),
        "skipped": statistics.median(skips),
        "same": float(same),
        "pages_a_second_1": captures / statistics.median(seconds[1]),
        "pages_a_second_2": captures / statistics.median(seconds[2]),
        "captures": captures,
        "load": os.getloadavg()[0],
    }


def main() -> int:
    """Measure and tell."""
    asked = options(__doc__).parse_args()
    return tell(asked, measure(100, 3, 2) if asked.quick else measure(400, 3, 5), AT_LEAST)


if __name__ == "__main__":
    # by its own name, under which other processes find its reader
    from benchmarks.rebuild import main as run

    sys.exit(run())
