"""The search index against what it is made of: its tokens stand where the texts say.

FTS5 cannot check an index without content against anything (https://www.sqlite.org/fts5.html, section 6.4), so every place of
every token in the index (its vocabulary table, section 8) is summed up, and so are those the texts give; the sums have to agree.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import blake2b

from archive.preservation.damage import SEARCH_ANEW, UNREADABLE, Damage, Report, Told
from archive.search import indexed

MASK = (1 << 61) - 1


def compare_index(connection: sqlite3.Connection, report: Report, told: Told) -> None:
    """Compare the index with the texts it was made of; where places of tokens differ it says so, and not for which text."""
    told("search index", 0, 0)
    try:
        connection.execute("create virtual table temp.tokens using fts5vocab('main', 'search', 'instance')")
        found = _sum((row[0], row[1]) for row in connection.execute(_FOUND))
        if found != _sum(_wanted(connection, report)):
            report.damages.append(Damage("search", None, "", "the index does not hold the tokens of the texts", SEARCH_ANEW))
    except UNREADABLE as error:
        report.damages.append(Damage("search", None, "", f"the index or a text in it cannot be read ({error})", SEARCH_ANEW))


# what a place of a token weighs: not linear, so that two errors do not make up for each other; columns differ in their third letter
_FOUND = """
    select term, sum((doc % 1048573 * 8191 + (offset + 1) * (offset + 1) * 31 + unicode(substr(col, 3)) * 7) % 2147483647)
    from temp.tokens group by term
"""


def _wanted(connection: sqlite3.Connection, report: Report) -> Iterator[tuple[str, int]]:
    """Give the tokens the index should hold, each with what its place weighs, and look at the lengths by which hits are ranked."""
    for row in connection.execute(_TEXTS):
        report.looked_at["search texts"] += 1
        base = row["row"] % 1048573 * 8191
        texts = {column: tokens.split() for column, tokens in indexed(row).items()}
        if row["sz"] != b"".join(map(_varint, map(len, texts.values()))):
            report.damages.append(Damage("search", row["row"], "", "the length of its text is not what the index says", SEARCH_ANEW))
        for column, tokens in texts.items():
            for offset, token in enumerate(tokens, 1):
                yield token, (base + offset * offset * 31 + ord(column[2]) * 7) % 2147483647
    for row in connection.execute("select id from main.search_docsize where id not in (select row from main.search_rows)"):
        report.damages.append(Damage("search", row[0], "", "the index says the length of a text that is not there", SEARCH_ANEW))


_TEXTS = "select s.row, s.terms, s.said, s.files, d.sz from main.search_rows s left join main.search_docsize d on d.id = s.row"


def _varint(number: int) -> bytes:
    """Write a number as SQLite does, in sevens of bits, the highest first (file format, section 1.6)."""
    sevens = [number & 0x7F]
    while number := number >> 7:
        sevens.append(number & 0x7F | 0x80)
    return bytes(reversed(sevens))


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
