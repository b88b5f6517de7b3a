"""The search index against what it is made of: its tokens stand where the texts say.

FTS5 cannot check an index without content against anything (https://www.sqlite.org/fts5.html, section 6.4), so every place of
every token in the index (its vocabulary table, section 8) is summed up, and so are those the texts give; the sums have to agree.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import blake2b

from archive.preservation.damage import REBUILD, Damage, Report, Told
from archive.search import indexed

MASK = (1 << 61) - 1


def compare_index(connection: sqlite3.Connection, report: Report, told: Told) -> None:
    """Compare the index with the texts it was made of; where they differ it says so, and not for which text."""
    told("search index", 0, 0)
    try:
        connection.execute("create virtual table temp.tokens using fts5vocab('main', 'search', 'instance')")
        found = _sum((row[0], row[1]) for row in connection.execute(_FOUND))
    except sqlite3.DatabaseError as error:
        report.damages.append(Damage("search", None, "", f"the index cannot be read ({error})", REBUILD))
        return
    wanted = _sum(_wanted(connection, report))
    if found != wanted:
        report.damages.append(Damage("search", None, "", "the index does not hold the tokens of the texts", REBUILD))


# what a place of a token weighs: not linear, so that two errors do not make up for each other
_FOUND = """
    select term, sum((doc % 1048573 * 8191 + (offset + 1) * (offset + 1) * 31 + (col = 'body') * 7) % 2147483647)
    from temp.tokens group by term
"""


def _wanted(connection: sqlite3.Connection, report: Report) -> Iterator[tuple[str, int]]:
    for row in connection.execute("select row, terms, said, files from main.search_rows"):
        report.looked_at["search texts"] += 1
        base = row["row"] % 1048573 * 8191
        for column, tokens in indexed(row).items():
            for offset, token in enumerate(tokens.split(), 1):
                yield token, (base + offset * offset * 31 + (column == "body") * 7) % 2147483647


def _sum(weighed: Iterator[tuple[str, int]]) -> int:
    total, known = 0, _Known()
    for token, weight in weighed:
        total += known[token] * weight
    return total & MASK


class _Known(dict[str, int]):
    """The factor of each token."""

    def __missing__(self, token: str) -> int:
        factor = int.from_bytes(blake2b(token.encode("utf-8", "surrogatepass"), digest_size=7).digest(), "big")
        self[token] = factor
        return factor
