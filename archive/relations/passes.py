"""The pass that relates notices: what is new since the last one, in small steps, or everything anew.

Whatever was derived depends on what the notices say now and on nothing else, so that it is the same in whatever order they came, and
can be thrown away (`every`). The watermark is the number of the last reading and of the last move seen; each step reads what its notices
say before its transaction, and writes everything that follows from them in one.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

from archive.locks import hold
from cleaners.errors import ArchiveError
from cleaners.rules import default_rules

if TYPE_CHECKING:  # the store relates notices at the end of a run
    from archive.connection import Store
    from archive.store import Archive

_log = logging.getLogger(__name__)

STEP = 1024
"""Notices of one transaction. The keys of bands lie anywhere in their table, so that many small transactions would write it many times."""
LARGE_STEP = 4096
"""The same where everything is derived anew."""
AT_RUN_END = 5000
"""Notices related at the end of a run, at most; the rest at the end of the next, or by `dibao relate`."""
_TABLES = ("profiles", "title_names", "sketches", "bands", "crowds", "likenesses", "citations", "relations", "validities", "related_until")


_CODE = "code"
Kept: TypeAlias = "Store | Archive"
"""An open archive, as the rest of dibao has it or as its rooms do."""


@dataclass
class Related:
    """What a pass did: notices looked at, those that say something new, and whether more is left to do."""

    looked_at: int = 0
    changed: int = 0
    left: bool = False


def relate(store: Kept, *, every: bool = False, compare: bool = False, most: int | None = None) -> Related:
    """Relate what came since the last pass; ArchiveError where another pass is at work.

    `every` throws away what was derived and derives it again, `compare` looks at every notice whether it changed (after a rebuild),
    `most` bounds the notices of a pass.
    """
    done = Related()
    with hold(store.path, "relate", by="relating notices", wait=60 if every or compare else 0):
        every = every or (compare and _made_by(store) != fingerprint())
        if every:
            _clear(store)
        _begin(store)
        first = {} if every or compare or _has_profiles(store) else {_CODE: fingerprint()}
        steps = _every_notice(store, LARGE_STEP if every else STEP) if every or compare else _since(store)
        for works, reached in steps:
            if most is not None and done.looked_at >= most:
                done.left = True
                break
            _step(store, works, reached | first, done)
    return done


def relate_new(store: Kept) -> Related:
    """Relate what a run brought, as much as a run's end has time for."""
    with store.reading() as connection:
        if not _waiting(connection):
            return Related()
    try:
        return relate(store, most=AT_RUN_END)
    except ArchiveError as error:  # another run is at it, and what this one brought is found by the next
        _log.info("notices are not related now: %s", error)
        return Related(left=True)


def _waiting(connection: sqlite3.Connection) -> bool:
    until = _until(connection)
    newest = connection.execute("select coalesce(max(id), 0) from readings").fetchone()[0]
    moved = connection.execute("select coalesce(max(id), 0) from moves").fetchone()[0]
    return bool(newest > until["readings"] or moved > until["moves"])


def _until(connection: sqlite3.Connection) -> dict[str, int]:
    return {"readings": 0, "moves": 0} | dict(map(tuple, connection.execute("select record, number from related_until").fetchall()))


Step = tuple[Sequence[str], dict[str, int]]
"""Notices to look at, and the marks reached when that is done."""


def _since(store: Kept) -> Iterator[Step]:
    """Give the notices of moves and readings since the last pass."""
    with store.reading() as connection:
        until = _until(connection)
        moved = connection.execute(_MOVED, (until["moves"],)).fetchall()
    for place in range(0, len(moved), STEP):
        part = moved[place : place + STEP]
        yield [work for row in part for work in (row[1], row[2]) if work], {"moves": part[-1][0]}
    while True:
        with store.reading() as connection:
            rows = connection.execute(_READ, (until["readings"], STEP)).fetchall()
        if not rows:
            return
        until["readings"] = rows[-1][0]
        yield [row[1] for row in rows if row[1]], {"readings": rows[-1][0]}


_MOVED = "select id, notice_before, notice_after from moves where id > ? order by id"
_READ = """
    select r.id, a.notice from readings r join captures c on c.id = r.capture join addresses a on a.id = c.address
    where r.id > ? order by r.id limit ?
"""


def _every_notice(store: Kept, size: int) -> Iterator[Step]:
    """Give every notice that shows something, or did."""
    with store.reading() as connection:
        marks = {
            "readings": connection.execute("select coalesce(max(id), 0) from readings").fetchone()[0],
            "moves": connection.execute("select coalesce(max(id), 0) from moves").fetchone()[0],
        }
    last = ""
    while True:
        with store.reading() as connection:
            rows = connection.execute(_EVERY, (last, last, size)).fetchall()
        if not rows:
            break
        last = rows[-1][0]
        yield [row[0] for row in rows], {}
    yield [], marks | {_CODE: fingerprint()}


_EVERY = """
    select notice from (select id as notice from notices where id > ? union select notice from profiles where notice > ?)
    order by notice limit ?
"""


@cache
def fingerprint() -> int:
    """Give a number over everything that decides what is related: the cleaners' code and rules, and this room's own code."""
    digest = hashlib.sha256(default_rules().fingerprint.encode())
    for name, content in sorted((entry.name, entry.read_bytes()) for entry in files(__package__).iterdir() if entry.name.endswith(".py")):
        digest.update(name.encode() + b"\0" + content)
    return int.from_bytes(digest.digest()[:6])


def _made_by(store: Kept) -> int:
    """Give the fingerprint of what related the notices there are; today's where there are none yet."""
    if not _has_profiles(store):
        return fingerprint()
    with store.reading() as connection:
        return _until(connection).get(_CODE, 0)


def _has_profiles(store: Kept) -> bool:
    with store.reading() as connection:
        return connection.execute("select 1 from profiles limit 1").fetchone() is not None


def _begin(store: Kept) -> None:
    """Note by which rules notices are related, where none are yet: `dibao verify` compares with what the same rules give."""
    with store.reading() as connection:
        begun = connection.execute("select 1 from related_until").fetchone() or connection.execute("select 1 from profiles").fetchone()
    if not begun:
        with store.write() as connection:
            connection.execute("insert into related_until values (?, ?)", (_CODE, fingerprint()))


def _clear(store: Kept) -> None:
    with store.write() as connection:
        for table in _TABLES:
            connection.execute(f"delete from {table}")  # noqa: S608 - the names are ours


def _step(store: Kept, works: Sequence[str], reached: dict[str, int], done: Related) -> None:
    """Read what notices say, then write what follows from it."""
    from archive.relations.following import Fresh, follow, look  # noqa: PLC0415 - numpy is loaded only where there is something to do
    from archive.relations.likeness import roomy  # noqa: PLC0415 - the same

    fresh: Fresh = {}
    if works:
        with store.reading() as connection:
            fresh = look(connection, works)
    done.looked_at += len(works)
    with store.write() as connection:
        if fresh:
            with roomy(connection):
                done.changed += follow(connection, fresh)
        for record, number in reached.items():
            connection.execute("insert or replace into related_until values (?, ?)", (record, number))


def summary(store: Kept) -> tuple[dict[str, int], int]:
    """Give how many relations of each kind there are, and how many documents are cited that the archive does not have."""
    with store.reading() as connection:
        kinds = dict(map(tuple, connection.execute("select kind, count(*) from relations group by kind order by kind").fetchall()))
        wanted = connection.execute(
            "select count(*) from (select distinct key, iif(key = '', core, '') from citations where target is null and how = ''"
            " and relation <> 'issues')"
        ).fetchone()[0]
    return kinds, int(wanted)
