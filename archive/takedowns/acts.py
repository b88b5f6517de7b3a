"""The acts: a notice is sealed or removed, a seal is lifted; each is logged, and what is withheld leaves a tombstone.

Sealed content is put away in the table `sealed`, which no page shows, and comes back when the seal is lifted. Removed content is
overwritten in the file; what was captured, when, and its digests stay, so that the archive can still say that there was something, and
keep it from coming back. A source that takes its own page down is no takedown: the archive keeps what it captured (docs/life.md).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace

from archive.connection import Store
from archive.documents import dump, dump_entry, dump_notice, load_entry, load_notice, storable
from archive.preservation.fixity import renew_fixity, with_fixity
from archive.takedowns.barred import ADDRESS, PAYLOAD, TEXT, bar
from archive.takedowns.holdings import Holdings, holdings
from archive.takedowns.log import log
from archive.times import now
from archive.versions import load_parts
from archive.works.notices import refresh_notice
from cleaners.errors import ArchiveError
from cleaners.records import Notice

SEALED, REMOVED = "sealed", "removed"
MODES = (SEALED, REMOVED)
REQUESTERS = ("person", "source", "authority", "operator", "other")
"""Who asked: a person concerned, the organ that published, a court or other authority, whoever runs the archive."""

ENOUGH_TEXT = 50
"""Characters from which a text of its own is barred wherever it appears; shorter ones (见附件) belong to nobody."""

WITHHELD = "withheld"
"""The flag of a reading whose content was put away."""

Shorten = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Takedown:
    """One takedown: what was withheld and why; times as text in UTC. `counts` says how many rows of what were withheld."""

    id: int
    notice: str
    mode: str
    reason: str
    requester: str
    basis: str
    made_at: str
    lifted_at: str | None
    titled: bool
    counts: str


def take_down(
    store: Store, work: str, reason: str, *, mode: str = SEALED, requester: str = "operator", basis: str = "", titled: bool = True
) -> Takedown:
    """Withhold the content of a notice in all its versions and files; ArchiveError where there is none, or it is withheld already.

    `titled` leaves title, 文号, issuer and dates on the tombstone. Removing cannot be undone; the file itself is cleaned by `scrub`.
    """
    if not reason.strip():
        raise ArchiveError(f"{work}: a takedown needs a reason; it stands on the tombstone for everybody to read")
    if mode not in MODES or requester not in REQUESTERS:
        raise ArchiveError(f"{mode}, {requester}: a takedown is one of {', '.join(MODES)}, asked for by one of {', '.join(REQUESTERS)}")
    with store.write() as connection:
        _check(connection, work, mode)
        number = _open(connection, work, (mode, reason, requester, basis), titled=titled)
        _withhold(connection, work, number, keep=mode == SEALED, titled=titled)
        return _get(connection, number)


def lift(store: Store, number: int, reason: str) -> Takedown:
    """Lift a seal: everything put away is back where it was; ArchiveError where there is no seal of this number."""
    with store.write() as connection:
        takedown = _get(connection, number)
        if takedown.lifted_at or takedown.mode != SEALED:
            why = "was lifted before" if takedown.lifted_at else "removed the content, which cannot be undone"
            raise ArchiveError(f"takedown {number}: {why}")
        for row in connection.execute('select "table", "row", "column", value from sealed where takedown = ?', (number,)).fetchall():
            _set(connection, row["table"], row["column"], row["row"], row["value"])
        released = connection.execute("select id from payloads where takedown = ?", (number,)).fetchall()
        for statement in _RELEASE:
            connection.execute(statement, (number,))
        for (payload,) in released:
            renew_fixity(connection, "payloads", payload)
        connection.execute("update takedowns set lifted_at = ? where id = ?", (now(), number))
        renew_fixity(connection, "takedowns", number)
        log(connection, number, "lifted", reason)
        refresh_notice(connection, takedown.notice)
        _relate_again(connection, takedown.notice)
        return _get(connection, number)


def takedowns(connection: sqlite3.Connection, work: str | None = None) -> tuple[Takedown, ...]:
    """Give the takedowns, newest first, of one notice where it is named."""
    rows = connection.execute("select * from takedowns where ?1 is null or notice = ?1 order by id desc", (work,))
    return tuple(map(_takedown, rows))


def withhold_again(connection: sqlite3.Connection, work: str, number: int) -> None:
    """Withhold a notice whose text a takedown bars, as that takedown does."""
    takedown = _get(connection, number)
    _withhold(connection, work, number, keep=takedown.mode == SEALED, titled=takedown.titled)
    log(connection, number, "barred", work)


def scrub(store: Store) -> None:
    """Overwrite what was removed: merge the search indexes, whose old segments hold deleted words, and write the file anew.

    Backups and exports made before still hold it, which nothing in here can reach.
    """
    with store.reading() as connection:
        indexes = [row[0] for row in connection.execute("select name from sqlite_master where sql like 'create virtual table%using fts5%'")]
    for index in indexes:
        with store.write() as connection:
            connection.execute(f"insert into {index} ({index}) values ('optimize')")  # noqa: S608 - the names are the archive's
    store.connection.execute("vacuum")
    store.connection.execute("pragma wal_checkpoint(truncate)")


_RELEASE = (
    "update payloads set takedown = null where takedown = ?",
    "delete from sealed where takedown = ?",
    "delete from barred where takedown = ?",
    "update notices set takedown = null where takedown = ?",
)


def _check(connection: sqlite3.Connection, work: str, mode: str) -> None:
    row = connection.execute("select takedown from notices where id = ?", (work,)).fetchone()
    if row is None:
        raise ArchiveError(f"{work}: the archive has no such notice; its id stands in its page's address and in `dibao search`")
    if row[0] is not None and not (mode == REMOVED and _get(connection, row[0]).mode == SEALED):
        raise ArchiveError(f"{work}: is withheld already (takedown {row[0]}); see `dibao takedown --list`")


def _open(connection: sqlite3.Connection, work: str, words: tuple[str, str, str, str], *, titled: bool) -> int:
    mode, reason, requester, basis = words
    cursor = connection.execute(
        "insert into takedowns (notice, mode, reason, requester, basis, made_at, titled) values (?, ?, ?, ?, ?, ?, ?)",
        (work, mode, storable(reason), requester, storable(basis), now(), titled),
    )
    number = int(cursor.lastrowid or 0)
    log(connection, number, mode, reason)
    return number


def _withhold(connection: sqlite3.Connection, work: str, number: int, *, keep: bool, titled: bool) -> None:
    """Bar what must not come back, put the content away, and leave the tombstone."""
    held = holdings(connection, work)
    _bar(connection, number, held)
    if not keep:  # what an earlier seal put away goes, too
        connection.execute("delete from sealed where takedown in (select id from takedowns where notice = ?)", (work,))
    away = _Away(connection, number, keep=keep)
    for payload in held.payloads:
        away.put("payloads", "body", payload, b"")
        connection.execute("update payloads set takedown = ? where id = ?", (number, payload))
        renew_fixity(connection, "payloads", payload)
        away.put("file_texts", "text", payload, "")
        away.put("file_texts", "contents", payload, None)
    for reading in held.readings:
        away.change("readings", "document", reading, lambda text: _tombstone(text, titled=titled))
    for removal in held.removals:
        away.put("removals", "text", removal, "")
    for link in held.links:
        away.put("attachments", "title", link, "")
    if not titled:
        _put_titles(connection, held, away)
    connection.execute("update notices set takedown = ? where id = ?", (number, work))
    counts = {"addresses": len(held.addresses), "captures": len(held.captures), "payloads": len(held.payloads), "shared": len(held.shared)}
    connection.execute("update takedowns set counts = ? where id = ?", (dump(counts), number))
    renew_fixity(connection, "takedowns", number)
    refresh_notice(connection, work)
    _relate_again(connection, work)


def _relate_again(connection: sqlite3.Connection, work: str) -> None:
    """Let nothing that was derived from what is withheld stay, and everything come back with it."""
    from archive.relations.following import renew  # noqa: PLC0415 - numpy is loaded only here

    renew(connection, work)


def _bar(connection: sqlite3.Connection, number: int, held: Holdings) -> None:
    for url in held.urls:
        bar(connection, number, ADDRESS, url)
    for payload in held.payloads:
        bar(connection, number, PAYLOAD, connection.execute("select digest from payloads where id = ?", (payload,)).fetchone()[0])
    for reading in held.readings:
        row = connection.execute("select text_digest, document from readings where id = ?", (reading,)).fetchone()
        if row["document"] and len(load_notice(row["document"]).text) >= ENOUGH_TEXT:
            bar(connection, number, TEXT, row["text_digest"])


def _put_titles(connection: sqlite3.Connection, held: Holdings, away: _Away) -> None:
    for url in held.urls:
        for (entry,) in connection.execute("select id from entries where url = ?", (url,)).fetchall():
            away.put("entries", "title", entry, "")
    for address in held.addresses:
        for (version,) in connection.execute("select id from versions where address = ?", (address,)).fetchall():
            away.change("versions", "parts", version, _undescribed)
    for capture in held.captures:
        envelope = connection.execute("select envelope from captures where id = ?", (capture,)).fetchone()[0]
        away.change("envelopes", "entry", envelope, _untitled)


def _untitled(text: str) -> str | None:
    entry = load_entry(text)
    return dump_entry(replace(entry, title="")) if entry else None


def _undescribed(text: str) -> str:
    """Give the parts of a version without what describes it: its day of issue and the addresses of its files stay."""
    parts = load_parts(text)
    return replace(parts, fields={name: value for name, value in parts.fields.items() if name == "issued"}).dump()


def _tombstone(text: str, *, titled: bool) -> str:
    """Give what is left of a reading: what it was, not what it said."""
    notice = load_notice(text)
    flags = (WITHHELD,)
    if not titled:
        return dump_notice(Notice(issued=notice.issued, script=notice.script, flags=flags))
    kept = {name: getattr(notice, name) for name in _ON_A_TOMBSTONE}
    return dump_notice(Notice(**kept, flags=flags))


_ON_A_TOMBSTONE = (
    *("title", "issued", "created", "effective", "source", "creator", "publisher", "document_number", "identifier", "type", "script"),
)


class _Away:
    """Puts content away: into `sealed` where it is kept, for good where it is not."""

    def __init__(self, connection: sqlite3.Connection, takedown: int, *, keep: bool) -> None:
        self._connection = connection
        self._takedown = takedown
        self._keep = keep

    def put(self, table: str, column: str, row: int, blank: object) -> None:
        """Put a value away and leave `blank` in its place; a row that is not there, or blank already, stays as it is."""
        found = self._connection.execute(f'select "{column}" from {table} where rowid = ?', (row,)).fetchone()  # noqa: S608 - ours
        if found is None or found[0] == blank:
            return
        if self._keep:
            self._connection.execute(
                'insert or ignore into sealed (takedown, "table", "row", "column", value, fixity)'
                " values (:takedown, :table, :row, :column, :value, :fixity)",
                with_fixity("sealed", {"takedown": self._takedown, "table": table, "row": row, "column": column, "value": found[0]}),
            )
        _set(self._connection, table, column, row, blank)

    def change(self, table: str, column: str, row: int, shorten: Shorten) -> None:
        """Put a value away and leave in its place what `shorten` makes of it."""
        found = self._connection.execute(f'select "{column}" from {table} where rowid = ?', (row,)).fetchone()  # noqa: S608 - ours
        if found is not None and found[0] is not None:
            self.put(table, column, row, shorten(found[0]))


def _set(connection: sqlite3.Connection, table: str, column: str, row: int, value: object) -> None:
    connection.execute(f'update {table} set "{column}" = ? where rowid = ?', (value, row))  # noqa: S608 - the names are ours
    renew_fixity(connection, table, row)


def _get(connection: sqlite3.Connection, number: int) -> Takedown:
    row = connection.execute("select * from takedowns where id = ?", (number,)).fetchone()
    if row is None:
        raise ArchiveError(f"takedown {number}: there is no such takedown; see `dibao takedown --list`")
    return _takedown(row)


def _takedown(row: sqlite3.Row) -> Takedown:
    return Takedown(**{name: row[name] for name in Takedown.__slots__} | {"titled": bool(row["titled"])})
