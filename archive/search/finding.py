"""Finding: the newest hits of a query, or of its newest hits those that fit best; and how many there are, as far as is counted.

FTS5 goes through the rows of every pair of a long word, and gathers all pairs that begin with a word of one character, before it
gives the first row. Where such words stand, rows are looked at first, newest first and a bounded number of them (`planning`): where
hits are many they fill a page, where the rows are few they are all there is, and only else FTS5 is asked for all.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Self

from archive.search.forms import searchable
from archive.search.language import Query, Remark
from archive.search.looking import LAST, Asked, Most, look
from archive.search.rows import said
from archive.search.scoring import scores
from archive.search.trees import And, Node, Not, Or, Stated, leaves, single, wanted

COUNT_CAP = 10_000
LOOKED = Most(1500, 12_000)
"""Rows looked at for a page."""
COUNTED, COUNTED_ENOUGH = Most(4000, 12_000), 400
"""Rows looked at for a count; the hits among them from which one of words of one character stops; where it is dear, any do."""
SCORED = 2000
"""The newest hits that are scored for relevance; older ones are not."""
SCORED_LEAST = 19
"""Hits that are enough of them where finding more is dear."""


class Count(int):
    """A number of hits; `capped` says that there are more than so many."""

    capped: bool

    def __new__(cls, number: int, *, capped: bool = False) -> Self:
        """Give a number, capped or exact."""
        made = super().__new__(cls, number)
        made.capped = capped
        return made

    def __str__(self) -> str:
        """Write the number, with a plus sign where there are more."""
        return f"{int(self)}+" if self.capped else f"{int(self)}"


def settle(connection: sqlite3.Connection, query: Query) -> Query:
    """Let a site that is none's name be found by its title; a remark says where there is none of that title either."""
    named = [leaf for leaf in leaves(query.tree) if isinstance(leaf, Stated) and leaf.name == "site"] if query.tree else []
    if query.tree is None or not named:
        return query
    titles = {searchable(row[0]): searchable(row[1]) for row in connection.execute("select name, title from sites")}
    chosen = {node: _sites(node, titles) for node in named}
    unknown = tuple(Remark("site", node.value) for node, names in chosen.items() if not names)
    known = {node: Or(tuple(Stated("site", name) for name in names)) for node, names in chosen.items() if names}
    return Query(query.text, _replaced(query.tree, known), query.remarks + unknown)


def newest(connection: sqlite3.Connection, asked: Asked, limit: int, before: int | None = None) -> list[int]:
    """Give the numbers of the newest rows that are hits, below `before`."""
    below = LAST if before is None else before
    looked = look(connection, asked, limit, LOOKED, below)
    if looked is not None and (looked.whole or len(looked.found) == limit):
        return looked.found
    return _gathered(connection, asked, limit, below)


def count(connection: sqlite3.Connection, asked: Asked) -> Count:
    """Count hits to `COUNT_CAP`; where that is dear, as far as they were found among the newest rows."""
    looked = look(connection, asked, COUNTED_ENOUGH + 1, COUNTED, every=True)
    if looked is not None:
        number = len(looked.found)
        if looked.whole or (looked.dear and number > 1) or (single(asked.tree) and number > COUNTED_ENOUGH):
            return Count(number - (not looked.whole), capped=not looked.whole)
    statement = "select count(*) from (select 1 from search where search match ? and rowid >= ? limit ?)"
    number = connection.execute(statement, (asked.expression, asked.first, COUNT_CAP + 1)).fetchone()[0]
    return Count(min(number, COUNT_CAP), capped=number > COUNT_CAP)


def fittest(connection: sqlite3.Connection, asked: Asked) -> list[int]:
    """Give the numbers of the newest `SCORED` hits, those that fit best first; among equals the newer one."""
    words = wanted(asked.tree)
    numbers = _newest_scored(connection, asked)
    kept = connection.execute(_SAID, (json.dumps(numbers),))
    forms = [said(row) for row in kept]
    scored = sorted(zip(scores(forms, words), numbers, strict=True), reverse=True)
    return [number for _, number in scored]


def _newest_scored(connection: sqlite3.Connection, asked: Asked) -> list[int]:
    """Give the hits that are scored: those among the newest rows where that is dear and there are enough of them."""
    looked = look(connection, asked, SCORED, COUNTED)
    if looked is not None and (looked.whole or len(looked.found) > (SCORED_LEAST if looked.dear else COUNTED_ENOUGH)):
        return looked.found
    return _gathered(connection, asked, SCORED, LAST)


def _gathered(connection: sqlite3.Connection, asked: Asked, limit: int, below: int) -> list[int]:
    statement = "select rowid from search where search match ? and rowid >= ? and rowid < ? order by rowid desc limit ?"
    return [row[0] for row in connection.execute(statement, (asked.expression, asked.first, below, limit))]


# a cross join keeps the order of the numbers
_SAID = "select r.said from json_each(?) as n cross join search_rows r on r.row = n.value"


def _sites(node: Stated, titles: dict[str, str]) -> tuple[str, ...]:
    if node.value in titles:
        return (node.value,)
    return tuple(name for name, title in titles.items() if node.value in title)


def _replaced(node: Node, known: dict[Stated, Or]) -> Node:
    match node:
        case Stated():
            return known.get(node, node)
        case And(parts):
            return And(tuple(_replaced(part, known) for part in parts))
        case Or(parts):
            return Or(tuple(_replaced(part, known) for part in parts))
        case Not(part):
            return Not(_replaced(part, known))
    return node
