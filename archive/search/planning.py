"""Which rows are looked at for a query: those that hold its rarest pairs, and what is left to look for in them.

FTS5 goes through the rows of every pair of a word, however many there are, and gathers every pair that begins with a word of one
character: a long word made of pairs that are everywhere costs more than one that is found. Its rarest pairs leave few other rows; the
word itself is looked for in what is kept of those. How rare a pair is, a sample of rows tells: a wrong guess costs time, never a hit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod

from archive.search.trees import And, Node, Not, Or, Word, leaves, single

PLACES, EACH = 12, 8
"""The sample: so many places between the first row and the last, so many rows at each."""
RARE, ALTOGETHER = 0.05, 1.5
"""Pairs that are asked for in any case: those in no more than this share of the rows; and the most that the shares of all come to."""
GATHERED, SCATTERED, TOGETHER = 20, 200, 0.3
"""Costs, by that of going past a row of a pair in the index: to gather one, to look at a row; how often rare pairs stand together."""
DEAR = 2.0
"""Shares of all pairs, together, from which the index is dear to ask."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows that answer `among` hold all hits (None: every row may be one); those that answer `checked` too are the hits.

    `dear` says that asking the index for all hits costs much, `dense` that it finds the newest ones as fast as looking does.
    """

    among: Node | None
    checked: And
    dear: bool
    dense: bool = False


def plan(connection: sqlite3.Connection, tree: Node) -> Plan | None:
    """Give the rows to be looked at for a query; None where there is nothing the index would be slow to tell."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    if any(isinstance(part, Not) and part.part in parts for part in parts):
        return Plan(Or(()), And(()), dear=False)  # what must be there and must not
    gathered = [part for part in parts if single(part)]
    given = [part for part in parts if not single(part)]
    words = [part for part in given if isinstance(part, Word)]
    pairs = dict.fromkeys(pair for word in words for pair in pairs_of(word.form))
    characters = {leaf.form for part in gathered for leaf in leaves(part) if isinstance(leaf, Word) and len(leaf.form) == 1}
    if not characters and len(pairs) < 2:
        return None
    share = shares(connection, (*pairs, *characters))
    chosen = rarest({pair: share[pair] for pair in pairs})
    unsure = [word for word in words if not chosen.issuperset(pairs_of(word.form))]
    if not unsure and not gathered:
        return None
    sure = [part for part in given if part not in unsure]
    rare = [run for word in unsure for run in runs(word.form, chosen)]
    cost = sum(share[pair] for pair in pairs)
    dense = not characters and SCATTERED * prod(_held(run, share) for run in rare) > cost
    among = [*sure, *map(Word, rare)]
    cost += GATHERED * sum(share[character] for character in characters)
    return Plan(And(tuple(among)) if among else None, And((*unsure, *gathered)), cost > DEAR, dense)


def pairs_of(form: str) -> Iterator[str]:
    """Give the overlapping pairs of a searchable form."""
    return (form[place : place + 2] for place in range(len(form) - 1))


def rarest(share: Mapping[str, float]) -> set[str]:
    """Choose the rare ones of some pairs: the rarest, and others as long as they are rare or cost less than the rows they spare."""
    chosen: set[str] = set()
    altogether, rows = 0.0, 1.0
    for pair in sorted(share, key=lambda pair: share[pair]):
        altogether += share[pair]
        if chosen and (altogether > ALTOGETHER or share[pair] > max(RARE, SCATTERED * rows * (1 - share[pair]))):
            break
        chosen.add(pair)
        rows *= share[pair]
    return chosen


def _held(run: str, share: Mapping[str, float]) -> float:
    """Guess the share of rows that hold some pairs one after the other."""
    return min(share[pair] for pair in pairs_of(run)) * (TOGETHER if len(run) > 2 else 1)


def runs(form: str, chosen: Collection[str]) -> Iterator[str]:
    """Give the parts of a form all of whose pairs are chosen, as long as they can be."""
    start = None
    for place, pair in enumerate([*pairs_of(form), ""]):
        if pair in chosen:
            start = place if start is None else start
        elif start is not None:
            yield form[start : place + 1]
            start = None


def shares(connection: sqlite3.Connection, words: Iterable[str]) -> dict[str, float]:
    """Give the share of rows in which each of some words stands, from a sample; half a row's where it stands in none."""
    sample = list(_sample(connection))
    return {word: max(0.5, sum(word in form for form in sample)) / max(1, len(sample)) for word in words}


def _sample(connection: sqlite3.Connection) -> Iterator[str]:
    first, last = connection.execute("select (select min(row) from search_rows), (select max(row) from search_rows)").fetchone()
    if first is None:
        return
    for place in range(PLACES):
        below = last - (last - first) * place // PLACES
        for row in connection.execute("select said from search_rows where row <= ? order by row desc limit ?", (below, EACH)):
            yield bytes(row[0]).decode("utf-16-le")
