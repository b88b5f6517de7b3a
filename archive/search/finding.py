"""Finding: the newest hits of a query, or of its newest hits those that fit best; and how many there are, as far as is counted.

FTS5 goes through the rows of every pair of a long word, and gathers all pairs that begin with a word of one character, before it
gives the first row. Where such words stand, rows are looked at first, newest first and a bounded number of them (`planning`): where
hits are many they fill a page, where the rows are few they are all there is, and only else FTS5 is asked for all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Self

from archive.search.forms import searchable
from archive.search.language import Query, Remark
from archive.search.planning import plan
from archive.search.rows import DAY, files_form, said
from archive.search.scoring import scores
from archive.search.terms import Facts, facts_in
from archive.search.trees import And, Node, Not, Or, Stated, Word, expression, hits, leaves, since_of, wanted, with_older

COUNT_CAP = 10_000
LOOKED = 1500
"""Rows looked at one after another for a page; of rows the index gives, scattered as they are, a `SCATTERED`th of it."""
SCATTERED = 2
COUNTED, COUNTED_ENOUGH = 4000, 400
"""The same for a count, and the hits among them from which one of words of one character stops: more than so many."""
SCORED = 2000
"""The newest hits that are scored for relevance; older ones are not."""
LAST = (1 << 63) - 1


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the index: a tree, and whether what notices said earlier counts."""

    tree: Node
    older: bool = False


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
    looked = _looked(connection, asked, below, LOOKED)
    if looked is not None:
        found, whole = looked.first(limit)
        if whole or len(found) == limit:
            return found
    return _gathered(connection, asked, limit, below)


def count(connection: sqlite3.Connection, asked: Asked) -> Count:
    """Count hits: to `COUNT_CAP`, or until a word of one character was found in `COUNTED_ENOUGH` of the newest rows."""
    looked = _looked(connection, asked, LAST, COUNTED)
    if looked is not None:
        found, whole = looked.first(COUNTED_ENOUGH + 1)
        if whole or len(found) > COUNTED_ENOUGH:
            return Count(min(len(found), COUNTED_ENOUGH), capped=len(found) > COUNTED_ENOUGH)
    statement = "select count(*) from (select 1 from search where search match ? and rowid >= ? limit ?)"
    number = connection.execute(statement, (_expressed(asked), _from(asked.tree), COUNT_CAP + 1)).fetchone()[0]
    return Count(min(number, COUNT_CAP), capped=number > COUNT_CAP)


def fittest(connection: sqlite3.Connection, asked: Asked) -> list[int]:
    """Give the numbers of the newest `SCORED` hits, those that fit best first; among equals the newer one."""
    words = wanted(asked.tree)
    numbers = _newest_scored(connection, asked)
    forms = [said(connection.execute("select said from search_rows where row = ?", (number,)).fetchone()) for number in numbers]
    scored = sorted(zip(scores(forms, words), numbers, strict=True), reverse=True)
    return [number for _, number in scored]


def _newest_scored(connection: sqlite3.Connection, asked: Asked) -> list[int]:
    """Give the hits that are scored: with words of one character, those among the newest rows where there are enough of them."""
    looked = _looked(connection, asked, LAST, COUNTED)
    if looked is not None:
        found, whole = looked.first(SCORED)
        if whole or len(found) > COUNTED_ENOUGH:
            return found
    return _gathered(connection, asked, SCORED, LAST)


def _gathered(connection: sqlite3.Connection, asked: Asked, limit: int, below: int) -> list[int]:
    statement = "select rowid from search where search match ? and rowid >= ? and rowid < ? order by rowid desc limit ?"
    return [row[0] for row in connection.execute(statement, (_expressed(asked), _from(asked.tree), below, limit))]


def _expressed(asked: Asked) -> str:
    return with_older(expression(asked.tree), older=asked.older)


def _from(tree: Node) -> int:
    """Give the first row that can be a hit: a row may stand under a later day than its notice's, where that was full, never before."""
    day = since_of(tree)
    if not day or day < "00010101":
        return -LAST
    year, month, number = int(day[:4]), int(day[4:6]), int(day[6:])
    # day 31 of a month stands for its end, whichever that is
    return date(year, month, min(number, 28)).toordinal() * DAY


@dataclass(frozen=True, slots=True)
class _Looked:
    """Rows to be looked at one by one, newest first, `most` of them, and what they are looked at for."""

    rows: Iterator[sqlite3.Row]
    tree: Node
    most: int

    def first(self, limit: int) -> tuple[list[int], bool]:
        """Give the first hits, and whether all rows were looked at."""
        stated = any(not isinstance(leaf, Word) for leaf in leaves(self.tree))
        found: list[int] = []
        seen = 0
        for row in islice(self.rows, self.most):
            seen += 1
            if hits(self.tree, _forms(row), facts_in(row["terms"]) if stated else _NO_FACTS):
                found.append(row["row"])
                if len(found) == limit:
                    return found, False
        return found, seen < self.most


def _forms(row: sqlite3.Row) -> list[str]:
    """Give what is searched of a row; title and body stand in one text, parted by what no word holds."""
    both = bytes(row["said"]).decode("utf-16-le")
    return [both] if row["files"] is None else [both, files_form(row)]


_NO_FACTS = Facts()


def _looked(connection: sqlite3.Connection, asked: Asked, below: int, most: int) -> _Looked | None:
    """Give the rows to be looked at for a query; None where the index alone finds them as fast."""
    planned = plan(connection, asked.tree)
    if planned is None:
        return None
    first = _from(asked.tree)
    if planned.among is None:
        statement = _ALL_ROWS.format("" if asked.older else "and older = 0")
        return _Looked(connection.execute(statement, (first, below, most)), planned.checked, most)
    expressed, scattered = with_older(expression(planned.among), older=asked.older), most // SCATTERED
    return _Looked(connection.execute(_AMONG, (expressed, first, below, scattered)), planned.checked, scattered)


_AMONG = """
    select r.row, r.said, r.files, r.terms from search f join search_rows r on r.row = f.rowid
    where f.search match ? and f.rowid >= ? and f.rowid < ? order by f.rowid desc limit ?
"""
_ALL_ROWS = "select row, said, files, terms from search_rows where row >= ? and row < ? {} order by row desc limit ?"


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
