"""Chinese full-text search that finds exactly what a scan finds, newest first.

The searchable form of a field (`searchable`) is its text folded by `cleaners.characters.fold.fold_search` (width, case, Traditional to
Simplified), without white space, every run of punctuation and every border between paragraphs one gap. A query's words are
brought to the same form; a word hits a field when it is a substring of it. The index holds the field's overlapping pairs
of characters as tokens, so a word of two characters or more is a phrase of pairs and one character the beginning of a pair:
no segmenter, nothing missed, nothing added. The fields are the title with the 发文字号 below it, and the text. FTS5's
tokeniser `ascii` leaves pairs as they are: to it every character beyond ASCII belongs to a token, and of ASCII a searchable
form has letters in lower case and digits only.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from operator import add

from archive.documents import load_notice
from archive.times import read_stamp
from cleaners.characters.fold import fold_search
from cleaners.records import Moment

GAP = "·"
COUNT_CAP = 10_000
MOST_WORDS = 64
MERGED_PAGES = 500
DAY = 1 << 16
"""A search row's number is the day (proleptic ordinal) times this, plus a sequence; a full day goes on in the next one's numbers.

Small, because the index holds the differences of these numbers.
"""

_GAPS = re.compile(f"{GAP}{GAP}+")
_QUOTED = re.compile('"([^"]*)"|([^\\s"]+)')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟「」『』〝〞«»", '"'))


def searchable(text: str) -> str:
    """Give the form of a text in which words are looked for; `GAP` stands for punctuation and between paragraphs, not at the ends."""
    return _GAPS.sub(GAP, text.translate(_FORMS)).strip(GAP)


def bigrams(text: str) -> str:
    """Give the tokens of a text (in any form) for the index: its overlapping pairs of characters, the last one with a gap."""
    return _tokens(searchable(text) + GAP)


def words(query: str) -> tuple[str, ...]:
    """Give the words of a query, all of which have to be there: what white space parts, or quotation marks hold together."""
    found = (searchable(quoted or bare) for quoted, bare in _QUOTED.findall(fold_search(query).translate(_QUOTES)))
    return tuple(dict.fromkeys(filter(None, found)))[:MOST_WORDS]


def match(query: str) -> str:
    """Give the FTS5 expression of a query; never an error, whatever stands in it. One without a word matches nothing."""
    return " AND ".join(_term(word) for word in words(query)) or '""'


def scan(query: str, *fields: str) -> bool:
    """Say whether a notice with these fields is a hit, by looking: the definition the index has to agree with."""
    wanted = words(query)
    forms = [searchable(field) for field in fields]
    return bool(wanted) and all(any(word in form for form in forms) for word in wanted)


Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is a hit."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One notice found: `title` and `snippet` are in pieces, hits marked; `row` is where a next page goes on (`before`)."""

    notice: str
    row: int
    site: str
    url: str
    issued: Moment | None
    title: Pieces
    snippet: Pieces


def highlight(text: str, query: str) -> Pieces:
    """Cut a text as it stands into pieces, those that a query's words hit marked."""
    marked = [False] * len(text)
    for start, end in _found(text, query):
        marked[start:end] = [True] * (end - start)
    return _pieces(text, marked)


def snippet(text: str, query: str, width: int = 120) -> Pieces:
    """Give about `width` characters of a text around the first hit, marked; its beginning where nothing hits."""
    first = min((start for start, _ in _found(text, query)), default=0)
    start = max(0, first - width // 3)
    pieces = highlight(text[start : start + width], query)
    return ((("…", False),) if start else ()) + pieces + ((("…", False),) if start + width < len(text) else ())


def find(connection: sqlite3.Connection, query: str, limit: int = 20, before: int | None = None) -> list[Hit]:
    """Give the newest hits of a query, older ones from row `before` on."""
    rows = connection.execute(
        "select n.id, n.site, n.issued, n.search_row, a.url, coalesce(r.document, s.document) as document from search f"
        " join notices n on n.search_row = f.rowid join addresses a on a.id = n.address join versions v on v.id = n.version"
        " join readings r on r.id = v.reading left join readings s on s.id = r.same_as"
        " where f.search match ? and f.rowid < ? order by f.rowid desc limit ?",
        (match(query), before if before is not None else 1 << 62, limit),
    ).fetchall()
    return [_hit(row, query) for row in rows]


def count(connection: sqlite3.Connection, query: str) -> int:
    """Give the number of hits, counted no further than `COUNT_CAP` + 1."""
    row = connection.execute(
        "select count(*) from (select 1 from search where search match ? limit ?)", (match(query), COUNT_CAP + 1)
    ).fetchone()
    return int(row[0])


def index_notice(connection: sqlite3.Connection, work: str, said: tuple[str, str], day: int) -> int:
    """Bring the search row of a notice with this title and text up to date; gives the row's number, of the day it stands under."""
    title, body = map(searchable, said)
    old = connection.execute("select * from search_rows where notice = ?", (work,)).fetchone()
    if old and (old["title"], old["body"], old["row"] // DAY) == (title, body, day):
        return int(old["row"])
    if old:
        _take_out(connection, old)
    row = int(old["row"]) if old and old["row"] // DAY == day else _next_row(connection, day)
    connection.execute("insert into search_rows (row, notice, title, body) values (?, ?, ?, ?)", (row, work, title, body))
    connection.execute("insert into search (rowid, title, body) values (?, ?, ?)", (row, _tokens(title + GAP), _tokens(body + GAP)))
    return row


def leave_out(connection: sqlite3.Connection, work: str) -> None:
    """Take a notice that shows nothing any more out of the index."""
    old = connection.execute("select * from search_rows where notice = ?", (work,)).fetchone()
    if old:
        _take_out(connection, old)


def _take_out(connection: sqlite3.Connection, old: sqlite3.Row) -> None:
    connection.execute(
        "insert into search (search, rowid, title, body) values ('delete', ?, ?, ?)",
        (old["row"], _tokens(old["title"] + GAP), _tokens(old["body"] + GAP)),
    )
    connection.execute("delete from search_rows where row = ?", (old["row"],))


def tidy(connection: sqlite3.Connection) -> bool:
    """Merge some of the index's segments, which many small writes leave; says whether there is more to merge (FTS5, section 6.8)."""
    before = connection.total_changes
    connection.execute("insert into search (search, rank) values ('merge', ?)", (MERGED_PAGES,))
    return connection.total_changes - before > 1


def day_of(issued: Moment | None, first_seen: str) -> int:
    """Give the day (proleptic ordinal) a notice stands under: that of its date of issue, or when it was first seen."""
    return (issued or read_stamp(first_seen)).toordinal()


def _next_row(connection: sqlite3.Connection, day: int) -> int:
    last = connection.execute("select max(row) from search_rows where row >= ? and row < ?", (day * DAY, (day + 1) * DAY)).fetchone()[0]
    if last is None:
        return day * DAY
    return int(last) + 1 if last + 1 < (day + 1) * DAY else _next_row(connection, day + 1)


def _hit(row: sqlite3.Row, query: str) -> Hit:
    notice = load_notice(row["document"])
    title, text = highlight(notice.title or "", query), snippet(notice.text, query)
    return Hit(row["id"], row["search_row"], row["site"], row["url"], notice.issued, title, text)


def _term(word: str) -> str:
    if len(word) == 1:
        return f'"{word}" *'
    return f'"{_tokens(word)}"'


def _tokens(form: str) -> str:
    """Write the overlapping pairs of a searchable form."""
    return " ".join(map(add, form, form[1:]))


class _Forms(dict[int, str | None]):
    """Characters as they are looked for: letters, marks and digits folded, white space nothing, the rest a gap."""

    def __missing__(self, code: int) -> str | None:
        # kept for each character met: a table with gaps costs an exception for each character of a text
        form = "".join(map(_form, fold_search(chr(code)))) or None
        self[code] = form
        return form


def _form(character: str) -> str:
    if character in _BORDERS:
        return GAP
    return "" if character.isspace() else character if character.isalnum() or unicodedata.category(character)[0] == "M" else GAP


_BORDERS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
_FORMS = _Forms()


def _aligned(text: str) -> list[tuple[str, int]]:
    """Give the searchable characters of a text, each with its place in it."""
    formed = [(form, place) for place, original in enumerate(text) for form in original.translate(_FORMS)]
    return [pair for pair, before in zip(formed, [("", 0), *formed], strict=False) if pair[0] != GAP or before[0] != GAP]


def _found(text: str, query: str) -> list[tuple[int, int]]:
    aligned = _aligned(text)
    form = "".join(character for character, _ in aligned)
    spans = (re.finditer(re.escape(word), form) for word in words(query))
    return [(aligned[hit.start()][1], aligned[hit.end() - 1][1] + 1) for hits in spans for hit in hits]


def _pieces(text: str, marked: list[bool]) -> Pieces:
    borders = [place for place in range(1, len(text)) if marked[place] != marked[place - 1]]
    cuts = [0, *borders, len(text)]
    return tuple((text[start:end], marked[start]) for start, end in pairwise(cuts) if end > start)
