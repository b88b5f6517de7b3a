"""Search against the scan it replaces: the same hits, newest first, and how much faster.

Bars, checked with --check:
    exact      1.0   share of queries whose hits are exactly those of the scan
    first_page 20    how many times less CPU the first page takes than a LIKE scan, at the median of all queries
    counted    5     the same for the capped count
    index      2.0   bytes of the index per byte of text, at most
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import time
from itertools import accumulate
from pathlib import Path

# this folder holds an archive.py of its own, which must not stand before the package
sys.path[0] = str(Path(__file__).parents[1])

from archive.search import COUNT_CAP, DAY, bigrams, match, scan, searchable  # noqa: E402

BARS = {"exact": 1.0, "first_page": 20.0, "counted": 5.0}
MOST_INDEX = 2.0
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
VOCABULARY = 8000
PHRASES = ["扶贫", "通知", "公示", "防汛抗旱", "医疗保障", "营商环境", "非物质文化遗产", "安全生产", "政发〔2024〕5号", "贯彻落实"]


def text(random_: random.Random, length: int) -> str:
    """Make a text of about so many characters: words as often as their rank says (Zipf), set phrases, punctuation."""
    pieces: list[str] = []
    while sum(map(len, pieces)) < length:
        clause = "".join(random_.choices(WORDS, cum_weights=WEIGHTS, k=random_.randint(2, 7)))
        pieces.append(clause + (random_.choice(PHRASES) if random_.random() < 0.15 else "") + random_.choice("，。；、"))
    return "".join(pieces)


def vocabulary() -> list[str]:
    """Make words of one to four characters, two as a rule."""
    random_ = random.Random(0)
    return ["".join(random_.choices(HAN, k=random_.choice((1, 2, 2, 2, 2, 3, 4)))) for _ in range(VOCABULARY)]


WORDS = vocabulary()
WEIGHTS = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))


def build(number: int) -> sqlite3.Connection:
    """Fill an index and a table of the same texts, rows in the order of days."""
    random_ = random.Random(1)
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table search using fts5 (title, body, content='', tokenize='ascii')")
    connection.execute("insert into search (search, rank) values ('pgsz', 16000)")  # as archive.schema makes it
    connection.execute("create table rows (row integer primary key, title text, body text)")
    for place in range(number):
        title, body = searchable(text(random_, 20)), searchable(text(random_, 700))
        row = (730_000 + place // 50) * DAY + place % 50
        connection.execute("insert into rows values (?, ?, ?)", (row, title, body))
        connection.execute("insert into search (rowid, title, body) values (?, ?, ?)", (row, bigrams(title), bigrams(body)))
    connection.execute("insert into search (search) values ('optimize')")
    return connection


def queries(random_: random.Random, connection: sqlite3.Connection, number: int) -> list[str]:
    """Choose queries of two to eight characters that stand in the texts, set phrases, pairs of words, and single characters."""
    bodies = [row[0] for row in connection.execute("select body from rows order by row limit 500")]
    cut = []
    for length in (1, 2, 2, 3, 4, 8) * (number // 6):
        body = random_.choice(bodies)
        start = random_.randrange(len(body) - length)
        cut.append(body[start : start + length])
    return [*PHRASES, "扶贫 通知", "扶貧", *cut]


def timed(connection: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> tuple[float, list[tuple[int, ...]]]:
    """Run a statement and give its CPU seconds and rows."""
    start = time.process_time()
    rows = connection.execute(statement, values).fetchall()
    return max(time.process_time() - start, 1e-7), rows


def like(query: str) -> tuple[str, tuple[str, ...]]:
    """Give the condition of the scan in SQL, and its values."""
    words = [searchable(word) for word in query.split()]
    patterns = [f"%{word}%" for word in words if word]
    return " and ".join("(title like ? or body like ?)" for _ in patterns) or "0", tuple(pattern for pattern in patterns for _ in "tb")


def measure(number: int, asked: int) -> dict[str, float]:
    """Run every query both ways, one after the other, and give the figures."""
    start = time.process_time()
    connection = build(number)
    built = (time.process_time() - start) / number
    pages, counts, exact, firsts = [], [], [], []
    for query in queries(random.Random(2), connection, asked):
        condition, patterns = like(query)
        scanned, found = timed(connection, f"select row from rows where {condition} order by row desc", patterns)
        page, rows = timed(connection, "select rowid from search where search match ? order by rowid desc limit 20", (match(query),))
        count, _ = timed(
            connection, "select count(*) from (select 1 from search where search match ? limit ?)", (match(query), COUNT_CAP + 1)
        )
        everything = connection.execute("select rowid from search where search match ? order by rowid desc", (match(query),)).fetchall()
        exact.append(everything == found and rows == found[:20])
        pages.append(scanned / page)
        counts.append(scanned / count)
        firsts.append(page)
    by_looking = [row for row, title, body in connection.execute("select * from rows") if scan("扶贫 通知", title, body)]
    assert by_looking == [
        row for (row,) in connection.execute("select rowid from search where search match ? order by rowid", (match("扶贫 通知"),))
    ]
    texts = connection.execute("select sum(length(cast(body as blob)) + length(cast(title as blob))) from rows").fetchone()[0]
    indexed = connection.execute("select sum(length(block)) from search_data").fetchone()[0]
    return {
        "documents": number,
        "queries": len(exact),
        "exact": sum(exact) / len(exact),
        "first_page": statistics.median(pages),
        "first_page_ms_p99": sorted(firsts)[int(len(firsts) * 0.99)] * 1000,
        "counted": statistics.median(counts),
        "index": indexed / texts,
        "index_ms": built * 1000,
    }


def main() -> int:
    """Measure, print, and with --check compare with the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, what in (("json", "print one JSON object"), ("quick", "a small run"), ("check", "exit 1 where a bar is missed")):
        parser.add_argument(f"--{name}", action="store_true", help=what)
    asked = parser.parse_args()
    figures = measure(*((3000, 60) if asked.quick else (20_000, 120)))
    missed = [name for name, bar in BARS.items() if figures[name] < bar] + ["index"] * (figures["index"] > MOST_INDEX)
    if asked.json:
        print(json.dumps(figures | {"missed": missed}))
    else:
        for name, value in figures.items():
            bar = f"  at least {BARS[name]:g}" if name in BARS else f"  at most {MOST_INDEX:g}" if name == "index" else ""
            print(f"{name:>20} {value:>12.3f}{bar}")
    if asked.check and missed:
        print(f"missed: {', '.join(missed)}", file=sys.stderr)
    return int(bool(asked.check and missed))


if __name__ == "__main__":
    sys.exit(main())
