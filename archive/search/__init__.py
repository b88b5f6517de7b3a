"""Chinese full-text search that finds exactly what a scan finds, newest first.

The index holds overlapping pairs of characters as tokens (`forms`), so a word of two characters or more is a phrase of pairs and one
character the beginning of a pair: no segmenter, nothing missed, nothing added. A query is read (`language`) into a tree (`trees`) that says
what a hit is; `scan` is that by looking, `match` the same for the index. Docs: docs/search.md.
"""

from __future__ import annotations

import sqlite3

from archive.search import telling
from archive.search.finding import COUNT_CAP, SCORED, Count, settle
from archive.search.forms import GAP, bigrams, searchable
from archive.search.language import Query, Remark, read_query
from archive.search.marking import Pieces, highlight, snippet
from archive.search.results import Filters, Hit, Hits, count, find, understand
from archive.search.rows import (
    DAY,
    MERGED_PAGES,
    Shown,
    begin_anew,
    catch_up,
    catch_up_all,
    day_of,
    expect,
    files_form,
    index_notice,
    indexed,
    leave_out,
    pending,
    reindex,
    room,
    said,
    tidy,
)
from archive.search.terms import NOTHING, Facts, facts_of, terms
from archive.search.trees import expression, hits, wanted, with_older

__all__ = [
    "COUNT_CAP",
    "DAY",
    "GAP",
    "MERGED_PAGES",
    "SCORED",
    "Count",
    "Facts",
    "Filters",
    "Hit",
    "Hits",
    "Pieces",
    "Query",
    "Remark",
    "Shown",
    "begin_anew",
    "bigrams",
    "catch_up",
    "catch_up_all",
    "count",
    "day_of",
    "expect",
    "facts_of",
    "files_form",
    "find",
    "highlight",
    "index_notice",
    "indexed",
    "leave_out",
    "match",
    "pending",
    "read_query",
    "reindex",
    "room",
    "said",
    "scan",
    "searchable",
    "snippet",
    "telling",
    "terms",
    "tidy",
    "understand",
    "words",
]


def words(query: str) -> tuple[str, ...]:
    """Give the words a query looks for, in searchable form; not those that must not be there."""
    return wanted(read_query(query).tree)


def match(query: str, connection: sqlite3.Connection | None = None, *, history: bool = False) -> str:
    """Give the FTS5 expression of a query for the table `search`; never an error, whatever stands in it.

    One without a word or filter matches nothing. With a connection, sites go by their titles, too; with `history`, what notices said in
    earlier versions is found.
    """
    read = read_query(query)
    tree = (settle(connection, read) if connection else read).tree
    return f'"{NOTHING}"' if tree is None else with_older(expression(tree), older=history)


def scan(query: str, *fields: str, facts: Facts | None = None) -> bool:
    """Say whether a notice with these fields is a hit, by looking: the definition the index has to agree with."""
    tree = read_query(query).tree
    return tree is not None and hits(tree, [searchable(field) for field in fields], facts or Facts())
