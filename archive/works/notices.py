"""Notices are works: addresses point to them with a reason, and the row of a notice shows its principal address.

The id of a notice is the first 16 letters of the Base32 (RFC 4648, lower case) SHA-256 of the canonical URL it was first
met under: 80 bits, the same in every archive, and nothing about it can change. Merging and splitting only move the pointer
of an address, are logged in `moves` and can be undone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections.abc import Mapping
from functools import lru_cache

from archive.documents import dump, load_notice, storable
from archive.preservation.fixity import renew_fixity
from archive.record.captures import keep_address
from archive.search import Shown, index_notice, leave_out, room
from archive.times import now, write_moment
from archive.works.finding import Pointer, find_work
from archive.works.keys import keep_key
from cleaners.errors import ArchiveError
from cleaners.records import Notice
from cleaners.urls import canonical_url


@lru_cache(maxsize=1024)
def notice_id(url: str) -> str:
    """Give the id of the notice first met under a canonical URL."""
    return base64.b32encode(hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()[:10]).decode().lower()


Said = tuple[int, Notice]
"""A reading just kept, and what it says."""


def point(
    connection: sqlite3.Connection,
    address: int,
    said: Said,
    principal: tuple[str, str] | None = None,
    only: tuple[int, str] | None = None,
) -> tuple[str, bool]:
    """Give the notice of an address; where it has none, choose its own or the one it stands for and show it (then True).

    `only` is the version (its number and capture time) of an address that has no other.
    """
    row = connection.execute("select * from addresses where id = ?", (address,)).fetchone()
    if row["notice"]:
        return row["notice"], False
    pointer = _pointer(connection, row, said[1], principal)
    own = pointer.notice == notice_id(row["url"])
    if only and own and _introduce(connection, row, pointer, said[1], only):
        return pointer.notice, True
    _ensure_notice(connection, pointer.notice, row)
    if not own:
        _log(connection, row, pointer)
        _date_again(connection, pointer.notice)
    _repoint(connection, row, pointer, said)
    return pointer.notice, True


def _introduce(connection: sqlite3.Connection, row: sqlite3.Row, pointer: Pointer, notice: Notice, only: tuple[int, str]) -> bool:
    """Write the row of a notice that one version of one address makes, as `refresh_notice` would, but at once; False where it has one."""
    shown = Shown(pointer.notice, only[0], row["site"], row["first_seen"])
    values = _shown_values(notice) | {name: row[name] for name in ("site", "first_seen", "state")}
    values |= {"address": row["id"], "version": only[0], "last_changed": only[1], "versions": 1, "addresses": 1}
    values |= {"id": pointer.notice, "search_row": room(connection, notice, row["first_seen"])}
    cursor = connection.execute(
        f"insert into notices ({', '.join(values)}) values ({', '.join('?' * len(values))}) on conflict (id) do nothing",  # noqa: S608 - the names are ours
        tuple(values.values()),
    )
    if not cursor.rowcount:
        return False
    _set_pointer(connection, row, pointer)
    index_notice(connection, shown, notice, new=True)
    keep_key(connection, pointer.notice, notice, row["site"], new=True)
    return True


def refresh(connection: sqlite3.Connection, address: int, said: Said | None = None) -> None:
    """Bring the row and the search row of an address's notice up to date; `said` saves reading again what was just kept."""
    row = connection.execute("select notice from addresses where id = ?", (address,)).fetchone()
    if row["notice"]:
        refresh_notice(connection, row["notice"], said)


def refresh_notice(connection: sqlite3.Connection, work: str, said: Said | None = None) -> None:
    """Show a notice as the current version of its principal address says it, in its row and in the search index."""
    shown = connection.execute(_SHOWN, {"notice": work}).fetchone()
    if shown is None:
        addresses = "(select count(*) from addresses where notice = notices.id)"
        cleared = "version = null, versions = 0, search_row = null"
        connection.execute(f"update notices set addresses = {addresses}, {cleared} where id = ?", (work,))  # noqa: S608 - ours
        leave_out(connection, work)
        keep_key(connection, work, None)
        return
    notice = said[1] if said and said[0] == shown["reading"] else _document(connection, shown["reading"])
    values = _shown_values(notice)
    values |= {name: shown[name] for name in ("address", "version", "site", "first_seen", "last_changed", "versions", "addresses", "state")}
    if shown["takedown"] is not None:
        leave_out(connection, work)
        values["search_row"] = None
    else:
        counted = shown["site"], shown["first_seen"], shown["versions"], shown["addresses"]
        values["search_row"] = index_notice(connection, Shown(work, shown["version"], *counted), notice)
    connection.execute(f"update notices set {', '.join(f'{name} = ?' for name in values)} where id = ?", (*values.values(), work))  # noqa: S608
    keep_key(connection, work, notice, shown["site"])


def _shown_values(notice: Notice) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(notice, name) for name in _SHOWN_FIELDS}
    values = {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}
    return values | {name: write_moment(getattr(notice, name)) for name in ("issued", "created", "effective")}


def move(
    connection: sqlite3.Connection, address: int, work: str | None, reason: str, evidence: Mapping[str, str], *, hand: bool = True
) -> int:
    """Point an address to another notice, or (None) to one of its own; gives the number of the move, by which it is undone.

    What is moved by `hand` is never moved again by itself.
    """
    row = connection.execute("select * from addresses where id = ?", (address,)).fetchone()
    if row is None:
        raise ArchiveError(f"address {address}: there is no such address; look it up in the table addresses")
    work = work or notice_id(row["url"])
    if work == notice_id(row["url"]):
        _ensure_notice(connection, work, row)
    elif not connection.execute("select 1 from notices where id = ?", (work,)).fetchone():
        raise ArchiveError(f"{work}: there is no such notice; look it up in the table notices")
    number = _log(connection, row, Pointer(work, reason, dict(evidence)), hand=hand)
    _date_again(connection, row["notice"], work)
    _repoint(connection, row, Pointer(work, "same URL" if work == notice_id(row["url"]) else reason, dict(evidence)))
    return number


def undo(connection: sqlite3.Connection, number: int) -> int:
    """Point an address back to where it pointed before a move, with what it said then; the undoing is logged as a move too."""
    row = connection.execute("select * from moves where id = ?", (number,)).fetchone()
    if row is None:
        raise ArchiveError(f"move {number}: there is no such move; `dibao works NOTICE` lists those of a notice")
    newest = connection.execute(_NEWEST_MOVE, {"address": row["address"]}).fetchone()[0]
    address = connection.execute("select * from addresses where id = ?", (row["address"],)).fetchone()
    if row["undone"] is not None or newest != number or address["notice"] != row["notice_after"]:
        raise ArchiveError(f"move {number}: address {row['address']} has been moved on since; undo the newer move first")
    before = row["notice_before"] or notice_id(address["url"])
    _ensure_notice(connection, before, address)
    back = _log(connection, address, Pointer(before, f"undo of move {number}", json.loads(row["evidence"])), hand=True)
    _date_again(connection, address["notice"], before)
    _repoint(connection, address, Pointer(before, row["reason_before"] or "same URL", json.loads(row["evidence_before"] or "{}")))
    connection.execute("update moves set undone = ? where id = ?", (back, number))
    renew_fixity(connection, "moves", number)
    return back


# what was undone, and the undoing, count no more
_NEWEST_MOVE = """
    select max(id) from moves m where address = :address and undone is null
    and not exists (select 1 from moves where address = :address and undone = m.id)
"""
_SHOWN_FIELDS = ["title", "document_number", "creator", "publisher", "source", "type", "validity", "script"]

# of the addresses that point here: one that has not gone, the one the notice is named after, none that is the twin of another (mobile
# pages say less), then the first that was read
_SHOWN = """
    select a.id as address, v.id as version, a.site, a.state, v.captured_at as last_changed, v.reading,
        (select count(*) from addresses where notice = :notice) as addresses,
        (select min(first_seen) from addresses where notice = :notice) as first_seen,
        (select takedown from notices where id = :notice) as takedown,
        (select count(*) from versions c where c.address = a.id and c.merged_into is null) as versions
    from addresses a join versions v on v.address = a.id and v.merged_into is null
    where a.notice = :notice
    order by a.state in ('gone', 'moved'), a.pointer_reason <> 'same URL',
        exists (select 1 from moves where address = a.id and reason = 'twin'), a.id, v.captured_at desc limit 1
"""


def _pointer(connection: sqlite3.Connection, row: sqlite3.Row, notice: Notice, principal: tuple[str, str] | None) -> Pointer:
    if principal and (url := canonical_url(principal[0])) != row["url"]:
        return Pointer(_principal(connection, row, url), principal[1], {"url": url})
    return find_work(connection, row, notice) or Pointer(notice_id(row["url"]), "same URL")


def _principal(connection: sqlite3.Connection, row: sqlite3.Row, url: str) -> str:
    """Give the notice of the address this one stands for; one that was never captured gets it in advance."""
    address = keep_address(connection, url, row["site"], row["first_seen"])
    target = connection.execute("select * from addresses where id = ?", (address,)).fetchone()
    if target["notice"] is None:
        _ensure_notice(connection, notice_id(url), target)
        connection.execute("update addresses set notice = ?, pointer_reason = 'same URL' where id = ?", (notice_id(url), address))
    return str(target["notice"] or notice_id(url))


def _ensure_notice(connection: sqlite3.Connection, work: str, address: sqlite3.Row) -> None:
    connection.execute(
        "insert into notices (id, address, site, first_seen, state) values (?, ?, ?, ?, ?) on conflict (id) do nothing",
        (work, address["id"], address["site"], address["first_seen"], address["state"]),
    )


def _set_pointer(connection: sqlite3.Connection, address: sqlite3.Row, pointer: Pointer) -> None:
    connection.execute(
        "update addresses set notice = ?, pointer_reason = ?, pointer_evidence = ? where id = ?",
        (pointer.notice, pointer.reason, dump(pointer.evidence), address["id"]),
    )


def _repoint(connection: sqlite3.Connection, address: sqlite3.Row, pointer: Pointer, said: Said | None = None) -> None:
    _set_pointer(connection, address, pointer)
    for work in filter(None, dict.fromkeys((address["notice"], pointer.notice))):
        refresh_notice(connection, work, said)


def _date_again(connection: sqlite3.Connection, *works: str | None) -> None:
    """Let notices that got or lost an address be searched under the day they were first seen now, in their earlier versions, too."""
    for work in filter(None, works):
        connection.execute("insert or ignore into search_stale select id from notices where id = ? and version is not null", (work,))


def _document(connection: sqlite3.Connection, reading: int) -> Notice:
    row = connection.execute(
        "select coalesce(r.document, s.document) from readings r left join readings s on s.id = r.same_as where r.id = ?", (reading,)
    ).fetchone()
    return load_notice(row[0])


def _log(connection: sqlite3.Connection, address: sqlite3.Row, pointer: Pointer, *, hand: bool = False) -> int:
    row = {
        "address": address["id"],
        "notice_before": address["notice"],
        "notice_after": pointer.notice,
        "reason": pointer.reason,
        "evidence": dump(pointer.evidence),
        "moved_at": now(),
        "hand": int(hand),
        "reason_before": address["pointer_reason"] if address["notice"] else None,
        "evidence_before": address["pointer_evidence"] if address["notice"] else None,
    }
    statement = f"insert into moves ({', '.join(row)}) values ({', '.join('?' * len(row))})"  # noqa: S608 - the names are ours
    number = int(connection.execute(statement, tuple(row.values())).lastrowid or 0)
    renew_fixity(connection, "moves", number)
    return number
