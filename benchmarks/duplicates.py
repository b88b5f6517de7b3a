"""Near-duplicates against datasketch's MinHashLSH doing the same job in the same run, and how many planted pairs both find.

20,000 notices of about 2 KB of text: unrelated ones, forms of one family filled in differently (hard negatives: most of their words are
the same, Jaccard about 0.5), and planted copies with replaced characters at Jaccard about 0.9 and about 0.8. Both begin with the text as
a cleaner gives it and end with pairs: ours folds, shingles, signs, keeps signatures and bands in an archive's tables on disk, and
checks each candidate by the Jaccard index of its shingles; datasketch gets the folded text, shingles of the same length, 128
permutations and the same threshold, holds everything in memory and checks nothing.

Bars, checked with --check:
    recall_0.9   0.98   share of the pairs planted at Jaccard about 0.9 that are found
    recall_0.8   0.95   the same at about 0.8
    precision    0.99   share of the pairs found whose Jaccard index, by plain Python sets, is the threshold or more
    speed        8      how many times less CPU than datasketch, at the median of the parts of the run
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

# this folder holds an archive.py of its own, which must not stand before the package
sys.path[0] = str(Path(__file__).parents[1])

from datasketch import MinHash, MinHashLSH  # noqa: E402

from archive.relations.likeness import ALIKE, Texts, change, roomy  # noqa: E402
from archive.relations.passes import STEP  # noqa: E402
from archive.relations.shingles import SHINGLE, bare, text_number  # noqa: E402
from archive.store import Archive  # noqa: E402
from benchmarks.bars import options, tell  # noqa: E402
from benchmarks.generated import HAN, vocabulary  # noqa: E402

BARS = {"recall_0.9": 0.98, "recall_0.8": 0.95, "precision": 0.99, "speed": 8.0}
PLANTED = {"0.9": 0.9, "0.8": 0.8}
PART = 2 * STEP
Pair = tuple[int, int]


WORDS = vocabulary()
WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))


def text(random_: random.Random, length: int = 680) -> str:
    """Make a text of about so many characters (three bytes each): words as often as their rank says (Zipf), and punctuation."""
    return "".join(clauses(random_, length))


def clauses(random_: random.Random, length: int) -> list[str]:
    """Make the clauses of such a text."""
    made: list[str] = []
    size = 0
    while size < length:
        made.append("".join(random_.choices(WORDS, cum_weights=WEIGHTS, k=random_.randint(2, 7))) + random_.choice("，。；、"))
        size += len(made[-1])
    return made


def clause(random_: random.Random, length: int) -> str:
    """Make a clause of just so many characters."""
    return text(random_, length)[: length - 1] + "，"


def form(random_: random.Random, template: list[str]) -> str:
    """Fill in a form: about a fifth of its clauses are its own, and which they are is its own, too."""
    own = set(random_.sample(range(len(template)), round(len(template) / 5)))
    return "".join(clause(random_, len(words)) if place in own else words for place, words in enumerate(template))


def copied(random_: random.Random, original: str, shared: float) -> str:
    """Copy a text with characters replaced here and there, so that about so much of all shingles is shared."""
    letters, shingles = list(original), set(_shingles(original))
    places = random_.sample(range(len(letters)), len(letters))
    # each replaced character takes up to SHINGLE shingles away and brings as many
    number = round(len(shingles) * (1 - shared) / (1 + shared) / SHINGLE)
    for place in places[:number]:
        letters[place] = random_.choice(HAN)
    return "".join(letters)


def corpus(number: int) -> tuple[list[str], dict[Pair, str]]:
    """Make texts in random order, and the planted pairs by place with what they were planted as."""
    random_ = random.Random(1)
    template = clauses(random_, 680)
    planted = number // 20
    forms = [form(random_, template) for _ in range(number // 10)]
    plain = [text(random_) for _ in range(number - len(forms) - len(PLANTED) * planted)]
    copies, names = [], []
    for group, (name, shared) in enumerate(PLANTED.items()):
        copies += [copied(random_, original, shared) for original in plain[group * planted : (group + 1) * planted]]
        names += [name] * planted
    texts = [*plain, *forms, *copies]
    order = random_.sample(range(number), number)
    place = {was: now for now, was in enumerate(order)}
    first = number - len(copies)
    pairs = {_pair(place[at], place[first + at]): name for at, name in enumerate(names)}
    return [texts[at] for at in order], pairs


def ours(connection: sqlite3.Connection, texts: list[str], numbers: dict[int, int], held: Texts, first: int) -> None:
    """Find what is alike to a part of the texts, in transactions as large as those of `dibao relate`."""
    for start in range(0, len(texts), STEP):
        forms = {}
        for place, one in enumerate(texts[start : start + STEP], first + start):
            shape = bare(one)
            number = text_number(shape)
            if number not in numbers:  # equal texts are found by their number
                forms[number], numbers[number] = shape, place
        connection.execute("begin immediate")
        change(connection, held, forms, ())
        connection.execute("commit")


def theirs(index: MinHashLSH, folded: list[str], first: int) -> Iterator[Pair]:
    """Do the same with datasketch."""
    for place, one in enumerate(folded, first):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([shingle.encode() for shingle in set(_shingles(one))])
        yield from (_pair(place, other) for other in index.query(sketch))
        index.insert(place, sketch)


def measure(number: int) -> dict[str, float]:
    """Run both, a part of the texts at a time each, and give the figures."""
    texts, planted = corpus(number)
    folded = [bare(one).tobytes().decode("utf-16-le") for one in texts]
    index, numbers = MinHashLSH(threshold=ALIKE, num_perm=128), dict[int, int]()
    sketched: set[Pair] = set()
    spent: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder) / "archive.db") as archive, archive.reading() as connection:
        with roomy(connection):
            held = Texts(lambda wanted: texts[numbers[wanted]])
            for first in range(0, number, PART):
                part = slice(first, first + PART)
                began = time.process_time()
                ours(connection, texts[part], numbers, held, first)
                between = time.process_time()
                sketched.update(theirs(index, folded[part], first))
                spent.append((between - began, time.process_time() - between))
        rows = connection.execute("select text, other from likenesses").fetchall()
    found = {_pair(numbers[one], numbers[other]) for one, other in rows}
    return {
        "notices": number,
        "threshold": ALIKE,
        "pairs": len(found),
        **{f"recall_{name}": _recall(found, planted, name) for name in PLANTED},
        **{f"jaccard_{name}": _mean_jaccard(folded, planted, name) for name in PLANTED},
        "precision": sum(_jaccard(folded, pair) >= ALIKE for pair in found) / max(1, len(found)),
        "speed": statistics.median(their / our for our, their in spent),
        "ours_ms": 1000 * sum(our for our, _ in spent) / number,
        "datasketch_ms": 1000 * sum(their for _, their in spent) / number,
        **{f"datasketch_recall_{name}": _recall(sketched, planted, name) for name in PLANTED},
        "datasketch_precision": sum(_jaccard(folded, pair) >= ALIKE for pair in sketched) / max(1, len(sketched)),
    }


def _shingles(folded: str) -> Iterator[str]:
    return (folded[place : place + SHINGLE] for place in range(len(folded) - SHINGLE + 1))


def _pair(one: int, other: int) -> Pair:
    return (min(one, other), max(one, other))


def _jaccard(folded: list[str], pair: Pair) -> float:
    one, other = (set(_shingles(folded[place])) for place in pair)
    return len(one & other) / len(one | other)


def _recall(found: set[Pair], planted: dict[Pair, str], name: str) -> float:
    wanted = {pair for pair, kind in planted.items() if kind == name}
    return len(wanted & found) / len(wanted)


def _mean_jaccard(folded: list[str], planted: dict[Pair, str], name: str) -> float:
    return statistics.mean(_jaccard(folded, pair) for pair, kind in planted.items() if kind == name)


def main() -> int:
    """Measure, print, and with --check compare with the bars."""
    asked = options(__doc__, "3,000 notices").parse_args()
    return tell(asked, measure(3000 if asked.quick else 20_000), BARS)


if __name__ == "__main__":
    sys.exit(main())
