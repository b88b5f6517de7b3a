"""Events: all that happened to what the archive keeps, as one timeline, for people and for machines.

Nothing is stored for it: each kind is read from where it stands (versions, states, list intervals, outages, relations, takedowns), along
an index on its time. The time of an event is when it was seen on the web; of what was found or done here, when that was.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import Any

from archive.life.kinds import ALIVE, EventKind, State
from archive.life.sources import SOURCES, Source
from archive.times import read_stamp, stamp


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: when (aware, UTC), what, on which site, to which notice and address; `evidence` by kind.

    `notice` is empty for what concerns a site, or an entry whose page never came; `title` is the notice's own, or its list's.
    """

    at: datetime
    kind: EventKind
    site: str
    notice: str
    url: str
    title: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give the event as JSON values."""
        return {
            "at": stamp(self.at),
            "kind": str(self.kind),
            "site": self.site,
            "notice": self.notice,
            "url": self.url,
            "title": self.title,
            "evidence": dict(self.evidence),
        }


TOLD = frozenset(EventKind) - {EventKind.CLEANER}
"""Kinds that are given unless others are asked for: what changed with us has not changed on the web."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which events: from `since` on and before `until`, of a site, of a notice, of some kinds (all but `cleaner` by default)."""

    since: datetime | None = None
    until: datetime | None = None
    site: str = ""
    notice: str = ""
    kinds: Collection[EventKind] = TOLD


def events(connection: sqlite3.Connection, wish: Wish = Wish(), *, newest_first: bool = False, most: int | None = None) -> Iterator[Event]:
    """Give events in the order of time, or the newest first, `most` of them at most."""
    streams = [_stream(connection, source, wish, "desc" if newest_first else "asc") for source in SOURCES if source.kinds & set(wish.kinds)]
    found = merge(*streams, key=lambda event: (event.at, _RANK[event.kind]), reverse=newest_first)
    return islice(found, most)


_RANK = {kind: rank for rank, kind in enumerate(EventKind)}
_READ = 500
"""Rows of a source read at a time: a reader of a few events pays for a few."""


def _stream(connection: sqlite3.Connection, source: Source, wish: Wish, order: str) -> Iterator[Event]:
    """Give the events of one source, `asc` or `desc`; rows are read as they are asked for."""
    asked = {
        "at >= ?": wish.since and stamp(wish.since),
        "at < ?": wish.until and stamp(wish.until),
        "site = ?": wish.site or None,
        "notice = ?": wish.notice or None,
    }
    chosen = {condition: value for condition, value in asked.items() if value is not None}
    rows = connection.execute(
        f"select * from ({source.statement}) where {' and '.join(chosen) or '1'} order by at {order}",  # noqa: S608 - the words are ours
        tuple(chosen.values()),
    )
    names, tell = [column[0] for column in rows.description], _TELL[source.name]
    while batch := rows.fetchmany(_READ):
        for row in batch:
            told = [event for event in tell(dict(zip(names, row, strict=True))) if event.kind in wish.kinds]
            yield from sorted(told, key=lambda event: _RANK[event.kind], reverse=order == "desc")


def _event(row: Mapping[str, Any], kind: EventKind, **evidence: Any) -> Event:
    given = {name: value for name, value in evidence.items() if value not in (None, "", ())}
    site, notice, url, title = (row[name] or "" for name in ("site", "notice", "url", "title"))
    return Event(read_stamp(row["at"]).astimezone(UTC), kind, site, notice, url, title, given)


def _version(row: Mapping[str, Any]) -> Iterator[Event]:
    told = {"version": row["version"], "number": row["number"], "capture": row["capture"]}
    if row["number"] == 1:
        if row["earliest"]:
            yield _event(row, EventKind.FIRST_SEEN, **told)
        return
    before, after = (json.loads(row[name] or "{}") for name in ("parts_before", "parts"))
    told |= {"before": row["before"]}
    swapped = _swapped(before, after)
    if row["class"] == EventKind.SUBSTANTIVE:
        yield _event(row, EventKind.SUBSTANTIVE, **told)
    elif not swapped or _without_digests(before) != _without_digests(after):
        yield _event(row, EventKind.METADATA, **told, changed=_fields(before, after))
    for file in swapped:
        yield _event(row, EventKind.ATTACHMENT, **told, file=file)


def _swapped(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Give the addresses of files that are another file now."""
    known = dict(before.get("files", ()))
    return [url for url, digest in after.get("files", ()) if digest and known.get(url) and known[url] != digest]


def _without_digests(parts: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    return parts.get("fields", {}), [url for url, _ in parts.get("files", ())]


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Name the parts that differ."""
    (old, old_files), (new, new_files) = _without_digests(before), _without_digests(after)
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return names + (["files"] if old_files != new_files else [])


def _state(row: Mapping[str, Any]) -> Iterator[Event]:
    """Tell what an interval says; `at` is when it began, or when it was confirmed."""
    evidence = json.loads(row["evidence"])
    told = {name: evidence.get(name) for name in ("captures", "outcomes", "target", "failures")}
    told |= {"last_alive": evidence.get("alive"), "first_seen": row["first_seen"], "file": row["file"] or None}
    before = json.loads(row["evidence_before"] or "{}")
    if row["stands_at"] and State(row["state"]) in {State.FAILING, State.GONE}:  # it was given another address, without a redirect
        if row["at"] == row["first_seen"]:
            yield _event(row, EventKind.MOVED, **told | {"target": row["stands_at"], "failures": None})
        return
    for kind in _kinds(State(row["state"]), row["state_before"], confirmed=row["at"] == row["confirmed"]):
        if kind in {EventKind.RECOVERED, EventKind.REAPPEARED} and before.get("alive"):
            yield _event(row, kind, captures=told["captures"], was=row["state_before"], last_before=row["last_before"], file=told["file"])
        elif kind is EventKind.FAILING and evidence.get("alive"):
            yield _event(row, kind, **told | {"captures": told["captures"][:1], "outcomes": told["outcomes"][:1], "failures": None})
        elif evidence.get("alive"):
            yield _event(row, kind, **told, confirmed=row["confirmed"])


def _kinds(state: State, before: str | None, *, confirmed: bool) -> Iterator[EventKind]:
    """Give what the beginning of a state tells, of what once answered; a page found to be gone had failed before that."""
    if state in ALIVE:
        if before == State.GONE:
            yield EventKind.REAPPEARED
        elif before in {State.FAILING, State.BLOCKED, State.MOVED}:
            yield EventKind.RECOVERED
    elif state is State.GONE:
        yield EventKind.GONE if confirmed else EventKind.FAILING
    elif state is not State.UNKNOWN:
        yield EventKind(state)


def _plain(kind: EventKind) -> Callable[[Mapping[str, Any]], Iterator[Event]]:
    """Tell a row of one kind, whose other columns are its evidence."""

    def tell(row: Mapping[str, Any]) -> Iterator[Event]:
        evidence = {name: value for name, value in row.items() if name not in {"at", "site", "notice", "url", "title", "evidence"}}
        yield _event(row, kind, **evidence, **json.loads(row.get("evidence") or "{}"))

    return tell


_TELL: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Event]]] = {
    "versions": _version,
    "changes": _version,
    "states": _state,
    **{str(kind): _plain(kind) for source in SOURCES for kind in source.kinds if source.name == kind},
}
