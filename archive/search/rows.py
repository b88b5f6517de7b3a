"""The rows of the index: one for what a notice says now, one for each earlier version that says something else.

A row's number is the day its notice stands under and a sequence, so that hits come newest first in the order of the index. FTS5
keeps no texts of its own here and needs the old tokens to take a row out, so `search_rows` holds the searchable forms: title
and body as UTF-16, two bytes a character, which a scan reads thirty times faster than something compressed; files compressed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from archive.connection import Store
from archive.documents import load_notice
from archive.record.payloads import zstd
from archive.search.contents import Contents, contents_of
from archive.search.forms import GAP, tokens
from archive.search.terms import terms
from archive.times import read_stamp
from cleaners.records import Moment, Notice

DAY = 1 << 16
"""A search row's number is the day (proleptic ordinal) times this, plus a sequence; a full day goes on in the next one's numbers.

Small, because the index holds the differences of these numbers.
"""
MERGED_PAGES = 500
A_STEP = 50
"""Notices brought up to date in one transaction."""
PENDING_CAP = 10_000


@dataclass(frozen=True, slots=True)
class Shown:
    """What a notice shows: its id, the version, when it was first seen, and how many versions and addresses it has."""

    work: str
    version: int
    site: str
    first_seen: str
    versions: int = 1
    addresses: int = 1


def room(connection: sqlite3.Connection, notice: Notice, first_seen: str) -> int:
    """Give the number of the row that `index_notice` will make of a notice that has none yet."""
    return _next_row(connection, day_of(notice.issued, first_seen))


def index_notice(connection: sqlite3.Connection, shown: Shown, notice: Notice, *, new: bool = False) -> int:
    """Bring the rows of a notice up to date: what it says now, and what it said before; gives the number of the former.

    A `new` one has none yet.
    """
    day = day_of(notice.issued, shown.first_seen)
    contents = contents_of(connection, notice, shown.site, shown.version, day)
    if new:
        return _put(connection, shown.work, None, contents, day)
    old = _rows(connection, shown.work, older=False)
    row = _put(connection, shown.work, old[0] if old else None, contents, day)
    if shown.versions > 1 or shown.addresses > 1 or _rows(connection, shown.work, older=True):
        _index_older(connection, shown)
    return row


def reindex(connection: sqlite3.Connection, work: str) -> None:
    """Bring the rows of a notice up to date from what is kept of it."""
    row = connection.execute(_KEPT, (work,)).fetchone()
    if row is None or row["document"] is None or row["takedown"] is not None:
        leave_out(connection, work)
        return
    shown = Shown(work, row["version"], row["site"], row["first_seen"], row["versions"], row["addresses"])
    for old in _rows(connection, work, older=True):  # a file they had may have been read since
        connection.execute("update search_rows set source = '' where row = ?", (old["row"],))
    number = index_notice(connection, shown, load_notice(row["document"]))
    if number != row["search_row"]:
        connection.execute("update notices set search_row = ? where id = ?", (number, work))


def leave_out(connection: sqlite3.Connection, work: str) -> None:
    """Take a notice out of the index, what it said in earlier versions included."""
    for older in (False, True):
        for old in _rows(connection, work, older=older):
            _take_out(connection, old)
    connection.execute("delete from search_stale where notice = ?", (work,))


def expect(connection: sqlite3.Connection, payload: int) -> None:
    """Let the notices that link to a file wait to be brought up to date, because its text came or changed (or was taken down)."""
    for (work,) in connection.execute(_LINKING, (payload,)).fetchall():
        # a key at a time: a statement that may change several rows makes FTS5 write out what it holds in memory
        if connection.execute("select 1 from search_stale where notice = ?", (work,)).fetchone() is None:
            connection.execute("insert into search_stale values (?)", (work,))


def pending(connection: sqlite3.Connection) -> int:
    """Give how many notices wait to be brought up to date, counted to `PENDING_CAP`: a search may miss what they say."""
    return int(connection.execute("select count(*) from (select 1 from search_stale limit ?)", (PENDING_CAP,)).fetchone()[0])


def catch_up(connection: sqlite3.Connection, most: int = A_STEP) -> int:
    """Bring some of the notices that wait up to date; gives how many."""
    waiting = [row[0] for row in connection.execute("select notice from search_stale limit ?", (most,))]
    for work in waiting:
        reindex(connection, work)
        connection.execute("delete from search_stale where notice = ?", (work,))
    return len(waiting)


def catch_up_all(store: Store) -> int:
    """Bring all notices that wait up to date, a few a transaction, so that others may write in between; gives how many."""
    done = step = 0
    with store.reading() as connection:
        left = pending(connection)
    while left:
        with store.write() as connection:
            step = catch_up(connection)
            left = step
        done += step
    return done


def begin_anew(store: Store) -> None:
    """Empty the index and let every notice wait for it: for an index that is damaged, of which nothing can be taken out.

    `catch_up_all` fills it; until then a search says how many notices it does not know.
    """
    with store.write() as connection:
        connection.execute("insert into search (search) values ('delete-all')")
        connection.execute("delete from search_rows")
        connection.execute("update notices set search_row = null where search_row is not null")
        connection.execute("insert or ignore into search_stale select id from notices where version is not null and takedown is null")


def tidy(connection: sqlite3.Connection) -> bool:
    """Merge some of the segments many small writes leave (FTS5, section 6.8); says whether there is more to merge."""
    before = connection.total_changes
    connection.execute("insert into search (search, rank) values ('merge', ?)", (MERGED_PAGES,))
    return connection.total_changes - before > 1


def day_of(issued: Moment | None, first_seen: str) -> int:
    """Give the day (proleptic ordinal) a notice stands under: that of its date of issue, or when it was first seen."""
    return (issued or read_stamp(first_seen)).toordinal()


def said(row: sqlite3.Row) -> tuple[str, str]:
    """Give the searchable forms of title and body a row of `search_rows` holds."""
    title, _, body = bytes(row["said"]).decode("utf-16-le").partition("\n")
    return title, body


def files_form(row: sqlite3.Row) -> str:
    """Give the searchable form of the files of a row of `search_rows`."""
    return "" if row["files"] is None else zstd.decompress(row["files"]).decode()


def indexed(row: sqlite3.Row) -> dict[str, str]:
    """Give the tokens the index holds for a row of `search_rows`, by column."""
    title, body = said(row)
    return dict(zip(("body", "title", "files"), _tokens(body, title, files_form(row)), strict=True)) | {"terms": row["terms"]}


@dataclass(frozen=True)
class _Older:
    """One earlier version and what tells it from others."""

    row: sqlite3.Row

    @cached_property
    def key(self) -> tuple[str, ...]:
        return self.row["text_digest"], self.row["parts"]

    @cached_property
    def source(self) -> str:
        return f"{self.row['reading']} {self.row['exact_digest']} {self.row['fields_digest']} {self.row['parts_digest']}"


def _index_older(connection: sqlite3.Connection, shown: Shown) -> None:
    """Give each earlier version that says something else a row of its own; one read as before keeps it."""
    versions = [_Older(row) for row in connection.execute(_VERSIONS, (shown.work,)).fetchall()]
    seen = {version.key for version in versions if version.row["id"] == shown.version}
    distinct: dict[tuple[str, ...], _Older] = {}
    for version in versions:
        if version.key not in seen:
            distinct.setdefault(version.key, version)
    known = {row["version"]: row for row in _rows(connection, shown.work, older=True)}
    wanted = {version.row["id"]: version for version in distinct.values()}
    for number in known.keys() - wanted.keys():
        _take_out(connection, known[number])
    for number, version in wanted.items():
        if number not in known or known[number]["source"] != version.source:
            _put_older(connection, shown, version, known.get(number))


def _put_older(connection: sqlite3.Connection, shown: Shown, version: _Older, old: sqlite3.Row | None) -> None:
    notice = load_notice(version.row["document"])
    day = day_of(notice.issued, shown.first_seen)
    contents = contents_of(connection, notice, version.row["site"], version.row["id"], day)
    _put(connection, shown.work, old, replace(contents, older=True, source=version.source), day)


def _put(connection: sqlite3.Connection, work: str, old: sqlite3.Row | None, contents: Contents, day: int) -> int:
    """Write a row, in the place of an old one where there is one; the index is left alone where it would hold the same."""
    written = row_of(contents)
    if old is not None:
        same = old["row"] // DAY == day and all(old[name] == value for name, value in written.items() if name in _INDEXED)
        if same:
            connection.execute(
                "update search_rows set version = ?, source = ?, cut = ? where row = ?",
                (written["version"], written["source"], written["cut"], old["row"]),
            )
            return int(old["row"])
        _take_out(connection, old)
    row = int(old["row"]) if old is not None and old["row"] // DAY == day else _next_row(connection, day)
    names = ("row", "notice", *written)
    connection.execute(
        f"insert into search_rows ({', '.join(names)}) values ({', '.join('?' * len(names))})",  # noqa: S608 - the names are ours
        (row, work, *written.values()),
    )
    write_index(connection, row, contents)
    return row


def write_index(connection: sqlite3.Connection, row: int, contents: Contents) -> None:
    """Write what the index holds of a row; `row_of` is what else is kept of it."""
    connection.execute(
        "insert into search (rowid, body, title, files, terms) values (?, ?, ?, ?, ?)",
        (row, *_tokens(contents.body, contents.title, contents.files), terms(contents.facts, older=contents.older)),
    )


_INDEXED = ("terms", "said", "files")


def row_of(contents: Contents) -> dict[str, object]:
    """Give what a row of `search_rows` holds beside its number and its notice."""
    return {
        "version": contents.version,
        "older": int(contents.older),
        "source": contents.source,
        "terms": terms(contents.facts, older=contents.older),
        "said": f"{contents.title}\n{contents.body}".encode("utf-16-le"),
        "files": zstd.compress(contents.files.encode(), 3) if contents.files else None,
        "cut": contents.cut,
    }


def _take_out(connection: sqlite3.Connection, old: sqlite3.Row) -> None:
    connection.execute(_DELETE, (old["row"], *indexed(old).values()))
    connection.execute("delete from search_rows where row = ?", (old["row"],))


def _tokens(*forms: str) -> Sequence[str]:
    return [tokens(form + GAP) for form in forms]


def _rows(connection: sqlite3.Connection, work: str, *, older: bool) -> list[sqlite3.Row]:
    return connection.execute("select * from search_rows where notice = ? and older = ?", (work, int(older))).fetchall()


def _next_row(connection: sqlite3.Connection, day: int) -> int:
    last = connection.execute("select max(row) from search_rows where row >= ? and row < ?", (day * DAY, (day + 1) * DAY)).fetchone()[0]
    if last is None:
        return day * DAY
    return int(last) + 1 if last + 1 < (day + 1) * DAY else _next_row(connection, day + 1)


_DELETE = "insert into search (search, rowid, body, title, files, terms) values ('delete', ?, ?, ?, ?, ?)"

_KEPT = """
    select n.version, n.site, n.first_seen, n.versions, n.addresses, n.search_row, n.takedown,
        coalesce(r.document, s.document) as document
    from notices n left join versions v on v.id = n.version
    left join readings r on r.id = v.reading left join readings s on s.id = r.same_as where n.id = ?
"""

_VERSIONS = """
    select v.id, v.reading, v.text_digest, v.parts_digest, v.parts, a.site, coalesce(r.document, s.document) as document,
        coalesce(r.exact_digest, s.exact_digest) as exact_digest, coalesce(r.fields_digest, s.fields_digest) as fields_digest
    from addresses a join versions v on v.address = a.id and v.merged_into is null
    join readings r on r.id = v.reading left join readings s on s.id = r.same_as
    where a.notice = ? order by v.captured_at desc, v.id desc
"""

# by the file's address, and what led there: the link itself knows the newest file only, and an earlier version is searched, too
_LINKING = """
    select distinct a.notice from captures c join addresses t on t.id = c.address join attachments f on f.url in (
        select t.url union all select e.url from envelopes e where e.redirected_to = t.url and e.redirected_to <> '')
    join addresses a on a.id = f.address where c.payload = ? and c.role = 'attachment' and c.outcome = 'ok' and a.notice is not null
"""
