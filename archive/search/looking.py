"""Looking at rows one by one, newest first and a bounded number of them, for what the index would be slow to tell."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from archive.search.planning import plan
from archive.search.rows import DAY, files_form
from archive.search.terms import Facts, facts_in
from archive.search.trees import And, Node, Word, expression, hits, leaves, since_of, with_older

SCATTERED = 3
"""How many rows that stand one after another are looked at in the time of one that the index gives."""
LAST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the index: a tree, and whether what notices said earlier counts."""

    tree: Node
    older: bool = False

    @property
    def expression(self) -> str:
        """The expression of FTS5."""
        return with_older(expression(self.tree), older=self.older)

    @property
    def first(self) -> int:
        """The first row that can be a hit: a row may stand under a later day than its notice's, where that was full, never before."""
        day = since_of(self.tree)
        if not day or day < "00010101":
            return -LAST
        year, month, number = int(day[:4]), int(day[4:6]), int(day[6:])
        # day 31 of a month stands for its end, whichever that is
        return date(year, month, min(number, 28)).toordinal() * DAY


@dataclass(frozen=True, slots=True)
class Most:
    """How many rows that stand one after another are looked at, as a rule and where the index is dear to ask."""

    rows: int
    dear: int


@dataclass(frozen=True, slots=True)
class Looked:
    """The newest hits among the rows looked at; whether that were all rows there are; whether asking the index for more costs much."""

    found: list[int]
    whole: bool
    dear: bool


def look(connection: sqlite3.Connection, asked: Asked, limit: int, most: Most, below: int = LAST, *, every: bool = False) -> Looked | None:
    """Look for so many hits below a row; None where the index alone finds them as fast: the newest, or (`every`) all of them."""
    planned = plan(connection, asked.tree)
    if planned is None or (planned.dense and not (every and planned.dear)):
        return None
    number = most.dear if planned.dear else most.rows
    if planned.among is None:
        statement = _ALL_ROWS.format("" if asked.older else "and older = 0")
        rows = connection.execute(statement, (asked.first, below, number))
    else:
        number = max(1, number // SCATTERED)
        expressed = Asked(planned.among, asked.older).expression
        rows = connection.execute(_AMONG, (expressed, asked.first, below, number))
    seen = _Seen(rows)
    found = list(islice(_hits(seen, planned.checked), limit))
    return Looked(found, seen.number < number and len(found) < limit, planned.dear)


class _Seen:
    """Rows as they come, counted."""

    def __init__(self, rows: Iterator[sqlite3.Row]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[sqlite3.Row]:
        for row in self._rows:
            self.number += 1
            yield row


def _hits(rows: _Seen, checked: And) -> Iterator[int]:
    """Give the numbers of the rows that answer what is looked for; most are passed over by their bytes."""
    needles = [part.form.encode("utf-16-le", "surrogatepass") for part in checked.parts if isinstance(part, Word)]
    stated = any(not isinstance(leaf, Word) for leaf in leaves(checked))
    for row in rows:
        number, said, files, terms = row
        if files is None and any(needle not in said for needle in needles):
            continue
        # title and body stand in one text here, parted by what no word holds
        forms = [said.decode("utf-16-le")] + ([] if files is None else [files_form(row)])
        if hits(checked, forms, facts_in(terms) if stated else _NO_FACTS):
            yield number


_NO_FACTS = Facts()

_AMONG = """
    select r.row, r.said, r.files, r.terms from search f join search_rows r on r.row = f.rowid
    where f.search match ? and f.rowid >= ? and f.rowid < ? order by f.rowid desc limit ?
"""
_ALL_ROWS = "select row, said, files, terms from search_rows where row >= ? and row < ? {} order by row desc limit ?"
