"""Which rows are looked at for a query: those that hold its rarest pairs, and what is left to look for in them.

FTS5 goes through the rows of every pair of a word, however many there are: a long word made of pairs that are everywhere costs more
than one that is found. A few of its rarest pairs leave hardly another row; the word itself is looked for in what is kept of those.
How rare a pair is, a sample of rows tells: a wrong guess costs time and never a hit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from archive.search.trees import And, Node, Word, single

PLACES, EACH = 12, 8
"""The sample: so many places between the first row and the last, so many rows at each."""
RARE, TIMES = 0.05, 8
"""Pairs that are asked for: in no more than this share of the rows, or in no more than so many times as many as the rarest."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows that answer `among` hold all hits (None: every row may be one); those that answer `checked` too are the hits."""

    among: Node | None
    checked: Node


def plan(connection: sqlite3.Connection, tree: Node) -> Plan | None:
    """Give the rows to be looked at for a query; None where the index alone finds them as fast."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    looked_for = [part for part in parts if single(part)]
    left = [part for part in parts if part not in looked_for]
    words = list(dict.fromkeys(part for part in left if isinstance(part, Word)))
    pairs = dict.fromkeys(pair for word in words for pair in pairs_of(word.form))
    if len(pairs) > 1:
        chosen = rarest(shares(connection, pairs))
        unsure = [word for word in words if not chosen.issuperset(pairs_of(word.form))]
        looked_for += unsure
        left = [part for part in left if part not in unsure] + [Word(run) for word in unsure for run in runs(word.form, chosen)]
    if not looked_for:
        return None
    return Plan(And(tuple(left)) if left else None, And(tuple(looked_for)))


def pairs_of(form: str) -> Iterator[str]:
    """Give the overlapping pairs of a searchable form."""
    return (form[place : place + 2] for place in range(len(form) - 1))


def rarest(share: Mapping[str, float]) -> set[str]:
    """Choose the rare ones of some pairs: at least the rarest."""
    most = max(RARE, TIMES * min(share.values()))
    return {pair for pair in share if share[pair] <= most}


def runs(form: str, chosen: Collection[str]) -> Iterator[str]:
    """Give the parts of a form all of whose pairs are chosen, as long as they can be."""
    start = None
    for place, pair in enumerate([*pairs_of(form), ""]):
        if pair in chosen:
            start = place if start is None else start
        elif start is not None:
            yield form[start : place + 1]
            start = None


def shares(connection: sqlite3.Connection, pairs: Collection[str]) -> dict[str, float]:
    """Give the share of rows in which each of some pairs stands, from a sample; half a row where it stands in none."""
    sample = list(_sample(connection))
    return {pair: max(0.5, sum(pair in form for form in sample)) / max(1, len(sample)) for pair in pairs}


def _sample(connection: sqlite3.Connection) -> Iterator[str]:
    first, last = connection.execute("select (select min(row) from search_rows), (select max(row) from search_rows)").fetchone()
    if first is None:
        return
    for place in range(PLACES):
        below = last - (last - first) * place // PLACES
        for row in connection.execute("select said from search_rows where row <= ? order by row desc limit ?", (below, EACH)):
            yield bytes(row[0]).decode("utf-16-le")
