"""Search against the scan it replaces: the same hits; how large the index is, what it costs to make, and how fast it answers.

Notices of about 2 KB are generated (`generated.py`), the index is built of them as an archive builds it, and every query is asked when
a tenth of them is in and again when all are. Times are of the processor, each the median of three. A page is the newest 20 hits
(numbers of rows; `shown_ms` is what showing them adds), relevance the best 20 of the newest 2,000, a count ends where it is capped.

Bars, checked with --check:
    exact      1.0   share of queries whose hits, page and count are exactly those of the scan, at most `SCANNED` of them asked
    index      1.6   bytes of the FTS5 tables per byte of text (UTF-8), at most; `kept` is what search_rows holds beside it
    cost       0.8   CPU of tokenising and indexing by that of a contentless trigram index of the first `COMPARED` texts, made in turns
    page       10    ms, 99th percentile, at most; relevance 150; counted 50: at a million notices
    growth     1.3   how much more each grew than its work, at most: CPU and bytes of the index by documents, queries by the rows that the
                     rarest of their pairs stands in, as far down as was to be looked
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from generated import ISSUERS, PHRASES, TYPES, Generated, notices

# this folder holds an archive.py of its own, which must not stand before the package
sys.path[0] = str(Path(__file__).parents[1])

from archive.documents import dump_notice, load_notice  # noqa: E402
from archive.search import facts_of, highlight, match, read_query, said, searchable, snippet, tidy  # noqa: E402
from archive.search.contents import Contents  # noqa: E402
from archive.search.finding import COUNT_CAP, count, fittest, newest  # noqa: E402
from archive.search.forms import tokens  # noqa: E402
from archive.search.looking import Asked  # noqa: E402
from archive.search.rows import DAY, row_of, write_index  # noqa: E402
from archive.search.terms import facts_in  # noqa: E402
from archive.search.trees import Node, hits, wanted  # noqa: E402
from archive.store import Archive  # noqa: E402
from cleaners.records import Notice, Paragraph  # noqa: E402

AT_LEAST = {"exact": 1.0}
AT_MOST = {"index": 1.6, "cost": 0.8, "page_ms": 10.0, "relevance_ms": 150.0, "counted_ms": 50.0}
MOST_GROWTH = 1.3
COMPARED, SCANNED, BATCH, PAGE = 100_000, 30, 50, 20
SIZES = {"quick": (2_000, 20_000), "": (10_000, 100_000), "million": (100_000, 1_000_000)}
LENGTHS = (1, 2, 2, 3, 4, 5, 6, 8)


@dataclass
class Index:
    """An index being built, and a trigram index of the same texts as long as the two are compared."""

    connection: sqlite3.Connection
    trigram: sqlite3.Connection
    documents: int = 0
    text: int = 0
    spent: float = 0.0
    compared: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def grow(self, generated: Iterator[Generated], number: int) -> None:
        """Add notices until there are so many, then merge the segments as the end of a run does."""
        while self.documents < number and (batch := list(islice(generated, min(BATCH, number - self.documents)))):
            compared = self.documents < COMPARED
            rows = [(notice.issued.toordinal() * DAY + (self.documents + place) % DAY, notice) for place, notice in enumerate(batch)]
            ours = self._add(rows)
            theirs = self._add_trigrams(rows) if compared else 0.0
            self.compared[0] += ours * compared
            self.compared[1] += theirs
            self.documents += len(batch)
            self.text += sum(len((notice.title + notice.text).encode()) for notice in batch)
            if self.documents == min(COMPARED, number):
                self.compared[1] += spent(lambda: merged(self.trigram, "trigram"))
                self.compared[0] += (last := spent(lambda: finish(self.connection)))
                self.spent += last
        self.spent += spent(lambda: finish(self.connection))

    def _add(self, rows: Sequence[tuple[int, Generated]]) -> float:
        """Add notices as an archive does; what is kept beside the index is written too, and not counted."""
        self.connection.execute("begin")
        took = 0.0
        for row, notice in rows:
            start = time.process_time()
            contents = contents_of(notice)
            write_index(self.connection, row, contents)
            took += time.process_time() - start
            kept = row_of(contents)
            self.connection.execute(
                f"insert into search_rows (row, notice, {', '.join(kept)}) values ({', '.join('?' * (len(kept) + 2))})",
                (row, f"n{row}", *kept.values()),
            )
        took += spent(lambda: self.connection.execute("commit"))
        self.spent += took
        return took

    def _add_trigrams(self, rows: Sequence[tuple[int, Generated]]) -> float:
        def add() -> None:
            self.trigram.execute("begin")
            for row, notice in rows:
                self.trigram.execute("insert into trigram (rowid, title, body) values (?, ?, ?)", (row, notice.title, notice.text))
            self.trigram.execute("commit")

        return spent(add)

    def sizes(self) -> dict[str, float]:
        """Give the bytes of the FTS5 tables, and of what is kept beside them, by byte of text."""
        fts = sum(
            self.connection.execute(f"select sum({what}) from search_{table}").fetchone()[0] or 0
            for table, what in (("data", "length(block) + 4"), ("docsize", "length(sz) + 6"), ("idx", "length(term) + 6"))
        )
        kept = self.connection.execute("select sum(length(said) + length(terms) + length(notice) + 20) from search_rows").fetchone()[0]
        return {"index": fts / self.text, "kept": kept / self.text}


def contents_of(notice: Generated) -> Contents:
    """Give what is searched of a notice."""
    facts = facts_of(notice.site, notice.type, notice.creator, notice.issued.toordinal())
    return Contents(0, searchable(notice.title), searchable(notice.text), "", facts)


def spent(call: Callable[[], object]) -> float:
    """Give the CPU seconds of a call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def finish(connection: sqlite3.Connection) -> None:
    """Merge the segments of the index, a step a transaction, as at the end of a run."""
    more = True
    while more:
        connection.execute("begin")
        more = tidy(connection)
        connection.execute("commit")


def merged(connection: sqlite3.Connection, table: str) -> None:
    """Merge the segments of the trigram index in the same steps."""
    more = True
    while more:
        before = connection.total_changes
        connection.execute(f"insert into {table} ({table}, rank) values ('merge', 500)")
        more = connection.total_changes - before > 1


def opened(folder: Path) -> Index:
    """Make both files, with the same pages and the same settings for merging."""
    Archive.open(folder / "archive.db").close()
    connection = sqlite3.connect(folder / "archive.db", isolation_level=None)
    connection.row_factory = sqlite3.Row
    trigram = sqlite3.connect(folder / "trigram.db", isolation_level=None)
    for each in (connection, trigram):
        for setting in ("page_size = 16384", "journal_mode = wal", "synchronous = normal"):
            each.execute(f"pragma {setting}")
    trigram.execute("create virtual table trigram using fts5 (title, body, content='', tokenize='trigram')")
    for name, value in (("pgsz", 16000), ("automerge", 8), ("usermerge", 2)):
        trigram.execute("insert into trigram (trigram, rank) values (?, ?)", (name, value))
    return Index(connection, trigram)


def queries(random_: random.Random, texts: Sequence[str], number: int) -> list[str]:
    """Choose queries of one to eight characters that stand in the texts, set phrases, words together, and words with filters."""
    cut = []
    for place in range(number):
        form = random_.choice(texts)
        start = random_.randrange(len(form) - 8)
        cut.append(f'"{form[start : start + LENGTHS[place % len(LENGTHS)]]}"')
    words = [query.strip('"') for query in cut if len(query) == 4]
    pairs = [f"{one} {other}" for one, other in zip(words[::2], words[1::2], strict=False)][: number // 8]
    mixed = [
        change
        for word in words[: number // 16]
        for change in (
            f"{word} site:site{random_.randrange(200):03}",
            f"{word} 文种:{random_.choice(TYPES[:-1])} -{random_.choice(words)}",
            f"{word} 发文机关:{random_.choice(ISSUERS)[:3]}",
            f"{word} OR {random_.choice(words)}",
            f"{word} until:1991",
            f"{word} since:1990-03",
        )
    ]
    return [query for query in dict.fromkeys([*PHRASES, "扶贫 通知", "扶貧", *cut, *pairs, *mixed]) if read_query(query).tree]


def timed(connection: sqlite3.Connection, asked: Asked, call: Callable[[sqlite3.Connection, Asked], object]) -> float:
    """Give the CPU milliseconds of a call, the median of three."""
    return statistics.median(spent(lambda: call(connection, asked)) for _ in range(3)) * 1000


CALLS: dict[str, Callable[[sqlite3.Connection, Asked], object]] = {
    "page": lambda connection, asked: newest(connection, asked, PAGE),
    "counted": count,
    "relevance": lambda connection, asked: fittest(connection, asked)[:PAGE],
}
GIVEN = {"page": PAGE, "counted": COUNT_CAP, "relevance": 2000}


def work(connection: sqlite3.Connection, tree: Node, most: int) -> int:
    """Give how many rows have to be looked at for so many hits of words that all have to be there.

    That is the rows in which the rarest of their pairs stands, down to the last hit given.
    """
    found = connection.execute(
        "select rowid from search where search match ? order by rowid desc limit 1 offset ?", (expressed(tree), most - 1)
    ).fetchone()
    last = found[0] if found else -1
    pairs = {pair for word in wanted(tree) for pair in (tokens(word).split() or [word])}
    counted = "select count(*) from search where search match ? and rowid >= ?"
    numbers = [int(connection.execute(counted, (f'"{pair}"' + " *" * (len(pair) == 1), last)).fetchone()[0]) for pair in pairs]
    return 1 + min(numbers)


def expressed(tree: Node) -> str:
    """Give the expression of words that all have to be there."""
    return " AND ".join(f'"{tokens(word)}"' if len(word) > 1 else f'"{word}" *' for word in wanted(tree))


def ask(connection: sqlite3.Connection, asked: Sequence[str]) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Give the milliseconds of each call for each query, and the work of each call over the queries of words alone."""
    trees = [Asked(tree) for query in asked if (tree := read_query(query).tree)]
    times = {name: [timed(connection, tree, call) for tree in trees] for name, call in CALLS.items()}
    plain = [each.tree for query, each in zip(asked, trees, strict=True) if is_plain(query)]
    return times, {name: sum(work(connection, tree, most) for tree in plain) for name, most in GIVEN.items()}


def is_plain(query: str) -> bool:
    """Say whether a query is words of two characters or more that all have to be there: what `work` can tell of."""
    read = read_query(query)
    return read.plain and all(len(word) > 1 for word in wanted(read.tree))


def exact(connection: sqlite3.Connection, asked: Sequence[str]) -> float:
    """Give the share of queries whose hits are those of a scan, and whose page and count are the beginning and number of them."""
    trees = [tree for query in asked if (tree := read_query(query).tree)]
    scanned = [array("q") for _ in trees]
    for row in connection.execute("select row, said, terms from search_rows order by row desc"):
        forms, facts = said(row), facts_in(row["terms"])
        for found, tree in zip(scanned, trees, strict=True):
            if hits(tree, forms, facts):
                found.append(row["row"])
    return sum(agrees(connection, query, list(found)) for query, found in zip(asked, scanned, strict=True)) / len(trees)


def agrees(connection: sqlite3.Connection, query: str, scanned: list[int]) -> bool:
    """Say whether the index gives what the scan gave: all of it, the first page of it, and its number or where it is capped."""
    tree = read_query(query).tree
    assert tree is not None
    rows = [row[0] for row in connection.execute("select rowid from search where search match ? order by rowid desc", (match(query),))]
    number = count(connection, Asked(tree))
    counted = len(scanned) > int(number) if number.capped else int(number) == len(scanned)
    return rows == scanned and newest(connection, Asked(tree), PAGE) == scanned[:PAGE] and counted


def shown_ms(random_: random.Random) -> float:
    """Give the CPU milliseconds that showing a page takes: 20 notices read from their JSON, title marked, a snippet cut."""
    page = [Notice(title=each.title, paragraphs=(Paragraph(each.text),)) for each in notices(PAGE, random_.randrange(1 << 30))]
    documents = [dump_notice(notice) for notice in page]

    def show() -> None:
        for document in documents:
            notice = load_notice(document)
            highlight(notice.title or "", "扶贫 通知")
            snippet(notice.text, "扶贫 通知")

    return statistics.median(spent(show) for _ in range(9)) * 1000


def p99(values: Sequence[float]) -> float:
    """Give the 99th percentile."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


def measure(sizes: tuple[int, int], number: int, folder: Path) -> dict[str, float]:
    """Build in two steps, ask at each, and give the figures."""
    index, generated = opened(folder), notices(sizes[1])
    steps: list[tuple[float, float, dict[str, list[float]], dict[str, int]]] = []
    asked: list[str] = []
    for size in sizes:
        index.grow(generated, size)
        if not asked:
            texts = [said(row)[1] for row in index.connection.execute("select * from search_rows order by row limit 500")]
            asked = queries(random.Random(2), texts, number)
        steps.append((index.spent, index.sizes()["index"], *ask(index.connection, asked)))
        print(f"{index.documents} notices: {index.spent:.1f} s, index {steps[-1][1]:.3f}", file=sys.stderr, flush=True)
    (spent_before, index_before, times_before, work_before), (spent_after, index_after, times, worked) = steps
    grown = sizes[1] / sizes[0]
    growth = {
        name: sum(plain(times[name], asked)) / sum(plain(times_before[name], asked)) * work_before[name] / worked[name] for name in CALLS
    }
    sample = random.Random(3).sample(asked, min(SCANNED, len(asked)))
    return {
        "documents": index.documents,
        "queries": len(asked),
        "exact": exact(index.connection, sample),
        **index.sizes(),
        "cost": index.compared[0] / index.compared[1],
        "index_ms": index.spent / index.documents * 1000,
        **{f"{name}_ms": p99(values) for name, values in times.items()},
        **{f"{name}_ms_median": statistics.median(values) for name, values in times.items()},
        "shown_ms": shown_ms(random.Random(4)),
        "growth_cost": spent_after / spent_before / grown,
        "growth_index": index_after / index_before,
        **{f"growth_{name}": value for name, value in growth.items()},
    }


def plain(values: Sequence[float], asked: Sequence[str]) -> list[float]:
    """Keep the figures of queries whose work can be told."""
    return [value for value, query in zip(values, asked, strict=True) if is_plain(query)]


def missed(figures: dict[str, float]) -> list[str]:
    """Give the names of the figures that miss their bars."""
    below = [name for name, bar in AT_LEAST.items() if figures[name] < bar]
    above = [name for name, bar in AT_MOST.items() if figures[name] > bar]
    return below + above + [name for name in figures if name.startswith("growth") and figures[name] > MOST_GROWTH]


def main() -> int:
    """Measure, print, and with --check compare with the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, what in (
        ("json", "print one JSON object"),
        ("quick", "20,000 notices"),
        ("million", "1,000,000 notices: some fifteen minutes of CPU and 8 GB of disk"),
        ("check", "exit 1 where a bar is missed"),
    ):
        parser.add_argument(f"--{name}", action="store_true", help=what)
    parser.add_argument("--folder", type=Path, help="where to build, instead of a folder for temporary files")
    given = parser.parse_args()
    size = "quick" if given.quick else "million" if given.million else ""
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        figures = measure(SIZES[size], 80 if given.quick else 160, Path(folder))
    wrong = missed(figures)
    if given.json:
        print(json.dumps(figures | {"missed": wrong}))
    else:
        for name, value in figures.items():
            bar = AT_LEAST.get(name, AT_MOST.get(name, MOST_GROWTH if name.startswith("growth") else None))
            print(f"{name:>22} {value:>14.3f}" + (f"  {'at least' if name in AT_LEAST else 'at most'} {bar:g}" if bar else ""))
    if given.check and wrong:
        print(f"missed: {', '.join(wrong)}", file=sys.stderr)
    return int(bool(given.check and wrong))


if __name__ == "__main__":
    sys.exit(main())
