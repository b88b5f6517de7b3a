"""Every SQL statement of the pages, read-only; each function takes a connection and gives plain dictionaries.

Lists are cut to what a page shows, and go newest first along `notices.search_row`, which is built from the issue date.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from datasette.utils import sqlite_timelimit

from archive.browse.filetexts import PREVIEW
from archive.filetexts import open_text
from archive.record.captures import open_record_id
from archive.record.envelopes import open_headers

Row = dict[str, Any]

PAGE = 20
HISTORY = 500
BEGINNING = PREVIEW + 1
SMALL = 1 << 20
"""Bytes of the tables of a file that a notice's page looks at; longer ones are shown as its text has them."""
LISTED = 200

_CARD = """
    select n.id, n.title, n.issued, n.first_seen, n.site, s.title as site_title, n.type, n.document_number, n.creator,
           n.versions, n.addresses, n.state, n.search_row
    from notices n left join sites s on s.name = n.site
"""


def rows(conn: sqlite3.Connection, sql: str, *params: object) -> list[Row]:
    """Run a statement and give its rows as dictionaries."""
    cursor = conn.execute(sql, params)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def row(conn: sqlite3.Connection, sql: str, *params: object) -> Row | None:
    """Run a statement and give its first row, or None."""
    found = rows(conn, sql, *params)
    return found[0] if found else None


class SlowError(Exception):
    """Says that a query was stopped at the time limit; the page answers 503 and asks for a narrower one."""


def reader(milliseconds: int, function: Callable[..., Any], *args: object) -> Callable[[sqlite3.Connection], Any]:
    """Bind a query's arguments and time limit, as `Database.execute_fn` wants it; all its reads see one state of the archive."""

    def run(conn: sqlite3.Connection) -> Any:
        conn.execute("begin")
        try:
            with sqlite_timelimit(conn, milliseconds):
                return function(conn, *args)
        except sqlite3.OperationalError as error:
            raise SlowError(str(error)) if "interrupted" in str(error) else error from error
        finally:
            conn.rollback()

    return run


def newest(conn: sqlite3.Connection, site: str, before: int | None) -> list[Row]:
    """Give one notice more than a page, newest first, older than `before`; of one site where it is named."""
    wanted = {"n.site = ?": site or None, "n.search_row < ?": before}
    used = {condition: value for condition, value in wanted.items() if value is not None}
    where = " and ".join(["n.search_row is not null", *used])
    return rows(conn, f"{_CARD} where {where} order by n.search_row desc limit ?", *used.values(), PAGE + 1)


def card(conn: sqlite3.Connection, notice_id: str) -> Row:
    """Give what a list shows of a notice."""
    return row(conn, f"{_CARD} where n.id = ?", notice_id) or {}


def site_names(conn: sqlite3.Connection) -> list[Row]:
    """Give name and title of every site."""
    return rows(conn, "select name, title from sites order by division_code, name")


def sites(conn: sqlite3.Connection) -> list[Row]:
    """Give every site with its notices, its channels' next due time and its last run."""
    return rows(
        conn,
        """
        select s.name, s.title, s.homepage, s.level, s.division_code, s.family, count_of.notices, count_of.states,
               due.channels, due.next_due, r.id as run, r.started_at, r.ended_at, r.outcome, r.reason, r.counts
        from sites s
        left join (
            select site, sum(number) as notices, json_group_object(state, number) as states
            from (select site, state, count(*) as number from notices group by site, state) group by site
        ) count_of on count_of.site = s.name
        left join (select site, count(*) as channels, min(next_due) as next_due from channels group by site) due on due.site = s.name
        left join runs r on r.id = (select max(id) from runs where site = s.name)
        order by s.division_code, s.name
        """,
    )


def run(conn: sqlite3.Connection, number: int) -> Row | None:
    """Give a run with its outcomes, the captures that brought no content, and the versions it cut."""
    found = row(conn, "select r.*, s.title as site_title from runs r left join sites s on s.name = r.site where r.id = ?", number)
    if found is None:
        return None
    found["outcomes"] = rows(
        conn, "select role, outcome, count(*) as count from captures where run = ? group by role, outcome order by role, count desc", number
    )
    found["failures"] = rows(
        conn,
        """
        select c.id, e.url, c.role, c.captured_at, c.status, c.outcome, c.reason, c.phase
        from captures c join envelopes e on e.id = c.envelope
        where run = ? and outcome not in ('ok', 'unchanged', 'redirected') and not (role = 'robots' and outcome = 'missing')
        order by c.id limit ?
        """,
        number,
        LISTED + 1,
    )
    found["cut"] = rows(
        conn,
        """
        select v.id, v.number, v.class, v.captured_at, n.id as notice, n.title, a.url from captures c
        join versions v on v.capture = c.id join addresses a on a.id = v.address left join notices n on n.id = a.notice
        where c.run = ? order by v.class = 'first', v.id limit ?
        """,
        number,
        LISTED + 1,
    )
    return found


def runs(conn: sqlite3.Connection, before: int | None) -> list[Row]:
    """Give one run more than a page, newest first."""
    sql = """
        select r.id, r.site, s.title as site_title, r.kind, r.started_at, r.ended_at, r.outcome, r.reason
        from runs r left join sites s on s.name = r.site where r.id < ? order by r.id desc limit ?
    """
    return rows(conn, sql, 2**63 - 1 if before is None else before, PAGE + 1)


def notice(conn: sqlite3.Connection, name: str) -> Row | None:
    """Give a notice with its addresses, their versions and the attachments of each address."""
    found = row(
        conn, "select n.*, s.title as site_title, s.homepage from notices n left join sites s on s.name = n.site where n.id = ?", name
    )
    if found is None:
        return None
    found["address_rows"] = rows(
        conn,
        """
        select a.*, s.title as site_title from addresses a left join sites s on s.name = a.site
        where a.notice = ? order by a.id = ? desc, a.id
        """,
        name,
        found["address"],
    )
    found["version_rows"] = rows(
        conn,
        """
        select v.*, a.url, a.site from addresses a join versions v on v.address = a.id
        where a.notice = ? order by a.id = ? desc, a.id, v.number desc, v.id desc
        """,
        name,
        found["address"],
    )
    return found


def moves(conn: sqlite3.Connection, name: str) -> list[Row]:
    """Give how addresses came to point to a notice or away from it, newest first."""
    sql = """
        select m.*, a.url, n.title as title_after from moves m join addresses a on a.id = m.address
        left join notices n on n.id = m.notice_after where m.notice_before = ? or m.notice_after = ? order by m.id desc limit ?
    """
    return rows(conn, sql, name, name, LISTED)


def document(conn: sqlite3.Connection, reading: int) -> Row | None:
    """Give the document of a reading: its own, or that of the one it is the same as."""
    return row(
        conn,
        "select coalesce(r.document, s.document) as document from readings r left join readings s on s.id = r.same_as where r.id = ?",
        reading,
    )


def attachments(conn: sqlite3.Connection, address: int) -> list[Row]:
    """Give the attachments of an address in the order of the page: the capture and size of the stored file, and its text (`found`).

    The text is cut; `characters` is how many it has.
    """
    sql = """
        select t.*, p.id as stored, p.size, c.captured_at from attachments t left join payloads p on p.digest = t.payload
        left join captures c on c.id = t.capture where t.address = ? order by t.position, t.id
    """
    return [file | file_text(conn, file["stored"], BEGINNING, SMALL) for file in rows(conn, sql, address)]


def file_text(conn: sqlite3.Connection, payload: int | None, longest: int, contents: int) -> Row:
    """Give the text of a payload, its first `longest` characters, and its tables where they are below `contents` bytes."""
    nothing = {"found": None, "characters": 0}
    if payload is None or row(conn, "select 1 from sqlite_master where name = 'file_texts'") is None:  # of an archive that is older
        return nothing
    sql = "select *, length(text) as characters, substr(text, 1, ?) as text from file_texts where payload = ?"
    with any_length(conn):
        known = row(conn, sql, longest, payload)
    return {"found": open_text(known, contents), "characters": known["characters"]} if known else nothing


@contextmanager
def any_length(conn: sqlite3.Connection) -> Iterator[None]:
    """Let values be of any length: the limit on them is for visitors' SQL."""
    limited = hasattr(conn, "setlimit")
    before = conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2**31 - 1) if limited else 0
    try:
        yield
    finally:
        if limited:
            conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)


def history(conn: sqlite3.Connection, notice_id: str) -> list[Row]:
    """Give the latest captures of all addresses of a notice, newest first, with the version each cut."""
    sql = """
        select c.id, c.address, c.captured_at, c.status, c.outcome, c.reason, c.phase, c.run, e.redirected_to, c.time_known,
               a.url, v.id as version, v.number, v.class
        from addresses a join captures c on c.address = a.id join envelopes e on e.id = c.envelope left join versions v on v.capture = c.id
        where a.notice = ? order by c.captured_at desc, c.id desc limit ?
    """
    return rows(conn, sql, notice_id, HISTORY + 1)


def capture(conn: sqlite3.Connection, number: int) -> Row | None:
    """Give the facts of a capture, its readings and where its address leads now."""
    found = row(
        conn,
        """
        select c.*, e.*, c.id, a.url as address_url, a.notice, n.title as notice_title, p.size, p.id as stored, p.digest as payload,
            p.takedown, (select title from attachments where capture = c.id order by id limit 1) as file_title
        from captures c join envelopes e on e.id = c.envelope join addresses a on a.id = c.address
        left join notices n on n.id = a.notice left join payloads p on p.id = c.payload where c.id = ?
        """,
        number,
    )
    if found is not None:
        found["record_id"] = open_record_id(found["record_id"])
        found["headers"], found["request_headers"] = open_headers(found["headers"], found["request_headers"], found["varying"])
        found["reading_rows"] = rows(
            conn,
            "select r.id, u.fingerprint, r.cause, strftime('%Y-%m-%dT%H:%M:%SZ', r.read_at, 'unixepoch') as read_at, r.cosmetic,"
            " v.id as version, v.number from readings r join rulesets u on u.id = r.rules "
            "left join versions v on v.id = r.version where r.capture = ? order by r.id",
            number,
        )
    return found


def version_at(conn: sqlite3.Connection, url: str, at: str) -> Row | None:
    """Resolve a permanent name: the version of an address cut at a time, or else the one that stood then; merged ones followed.

    `named` is the name asked for where that one was merged, else empty.
    """
    found = row(
        conn,
        """
        select v.id, v.merged_into, v.captured_at, a.notice from addresses a join versions v on v.address = a.id
        where a.url = ? and v.captured_at <= ? order by v.captured_at desc, v.id desc limit 1
        """,
        url,
        at,
    )
    named = found["captured_at"] if found and found["merged_into"] is not None else ""
    seen: set[int] = set()
    while found is not None and found["merged_into"] is not None and found["id"] not in seen:
        seen.add(found["id"])
        found = row(
            conn,
            "select v.id, v.merged_into, v.captured_at, a.notice from versions v join addresses a on a.id = v.address where v.id = ?",
            found["merged_into"],
        )
    return found and found | {"named": named}
