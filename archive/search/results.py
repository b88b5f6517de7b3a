"""What a search gives back: hits with their words marked, and how the query was read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from archive.documents import load_notice
from archive.search import finding
from archive.search.contents import heading, searched_files
from archive.search.days import day_bounds
from archive.search.finding import Count, settle
from archive.search.forms import searchable
from archive.search.language import Query, read_query
from archive.search.looking import Asked
from archive.search.marking import Pieces, excerpt, held, mark
from archive.search.rows import pending
from archive.search.trees import And, Dated, Node, Stated, wanted
from cleaners.errors import ArchiveError
from cleaners.records import Moment, Notice


@dataclass(frozen=True, slots=True)
class Filters:
    """What notices have to state beside the words of a query; None asks for nothing.

    `site` is a site's name or a part of its title, `type` a 文种, `creator` (发文机关) a part of the issuer's name; `since` and `until` are
    days, or text such as 2024, 2024-05, 2024-05-07.
    """

    site: str | None = None
    type: str | None = None
    creator: str | None = None
    since: date | str | None = None
    until: date | str | None = None

    def nodes(self) -> tuple[Node, ...]:
        """Give them as parts of a query; ArchiveError where a date cannot be read."""
        stated = {"site": self.site, "type": self.type, "creator": self.creator}
        try:
            days = day_bounds(self.since, self.until)
        except ValueError as error:
            raise ArchiveError(str(error)) from error
        found = tuple(Stated(name, searchable(value)) for name, value in stated.items() if value and searchable(value))
        return (*found, Dated(*days)) if days else found


@dataclass(frozen=True, slots=True)
class Hit:
    """One notice found: `title` and `snippet` are in pieces, hits marked; `row` is where a next page goes on (`before`).

    `field` says where what the snippet shows stands: title, text, or file (then `file` is its name); empty where only filters were asked
    for. `version` is the version that was hit, first captured at `captured_at`; where it is an earlier one (`older`), what it said stood
    until `until`, or to this day at another address than the one the notice shows (None).
    """

    notice: str
    row: int
    site: str
    url: str
    issued: Moment | None
    title: Pieces
    snippet: Pieces
    field: str = "text"
    file: str = ""
    version: int = 0
    captured_at: str = ""
    until: str | None = None
    older: bool = False


class Hits(list[Hit]):
    """The hits of one page, and what is to be said of them.

    `query` is how the query was read; `pending` how many notices wait to be brought up to date in the index (to a cap), so that hits may
    be missing; `scored` how many hits were scored for relevance, None where hits come newest first.
    """

    query: Query
    pending: int
    scored: int | None

    def __init__(self, hits: Iterable[Hit], query: Query, pending: int, scored: int | None = None) -> None:
        super().__init__(hits)
        self.query, self.pending, self.scored = query, pending, scored


def find(
    connection: sqlite3.Connection,
    query: str,
    limit: int = 20,
    before: int | None = None,
    filters: Filters | None = None,
    *,
    relevance: bool = False,
    history: bool = False,
    offset: int = 0,
) -> Hits:
    """Give the newest hits of a query, older ones from row `before` on; or, by relevance, those that fit best, from `offset` on."""
    read = understand(connection, query, filters)
    if read.tree is None:
        return Hits((), read, pending(connection))
    asked = Asked(read.tree, history)
    scored = None
    if relevance:
        fitting = finding.fittest(connection, asked)
        numbers, scored = fitting[offset : offset + limit], len(fitting)
    else:
        numbers = finding.newest(connection, asked, limit, before)
    words = wanted(read.tree)
    return Hits((hit for number in numbers if (hit := _hit(connection, number, words))), read, pending(connection), scored)


def count(connection: sqlite3.Connection, query: str, filters: Filters | None = None, *, history: bool = False) -> Count:
    """Count the hits of a query as far as they are counted."""
    read = understand(connection, query, filters)
    return Count(0) if read.tree is None else finding.count(connection, Asked(read.tree, history))


def understand(connection: sqlite3.Connection, query: str, filters: Filters | None = None) -> Query:
    """Read a query, with filters asked for beside it, as this archive's sites are called."""
    read = read_query(query)
    asked = read.tree.parts if isinstance(read.tree, And) else () if read.tree is None else (read.tree,)
    parts = (*asked, *(filters.nodes() if filters else ()))
    tree = And(parts) if len(parts) > 1 else next(iter(parts), None)
    return settle(connection, Query(query, tree, read.remarks))


def _hit(connection: sqlite3.Connection, number: int, words: Sequence[str]) -> Hit | None:
    row = connection.execute(_HIT, (number,)).fetchone()
    if row is None:
        return None
    notice = load_notice(row["document"])
    snippet, field, file = _shown(connection, row["version"], notice, words)
    return Hit(
        row["notice"],
        number,
        row["site"],
        row["url"],
        notice.issued,
        mark(notice.title or "", words),
        snippet,
        field,
        file,
        row["version"],
        row["captured_at"],
        _until(connection, row) if row["older"] else None,
        bool(row["older"]),
    )


def _shown(connection: sqlite3.Connection, version: int, notice: Notice, words: Sequence[str]) -> tuple[Pieces, str, str]:
    """Choose what a snippet shows: the text, unless a word stands in an attached file alone; gives the field and the file's name, too."""
    above, text = searchable(heading(notice)), notice.text
    form = searchable(text)
    in_text, in_title = held(form, words), held(above, words)
    missing = [word for word in words if word not in in_text and word not in in_title]
    for file in searched_files(connection, version) if missing and notice.files else ():
        if found := held(searchable(file.field), missing):
            return excerpt(file.text, found), "file", file.name
    return excerpt(text, in_text), "text" if in_text else "title" if in_title else "", ""


def _until(connection: sqlite3.Connection, row: sqlite3.Row) -> str | None:
    found = connection.execute(_NEXT, (row["address"], row["captured_at"])).fetchone()
    return None if found is None else str(found[0])


_HIT = """
    select w.notice, w.version, w.older, a.site, a.url, a.id as address, v.captured_at, coalesce(r.document, s.document) as document
    from search_rows w join versions v on v.id = w.version join addresses a on a.id = v.address
    join readings r on r.id = v.reading left join readings s on s.id = r.same_as where w.row = ?
"""
_NEXT = "select captured_at from versions where address = ? and merged_into is null and captured_at > ? order by captured_at limit 1"
