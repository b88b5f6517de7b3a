"""What follows from the readings of one address, brought in line with them: its versions, links to files, notice and search row.

What the same rules read again stays as it is, to the row; what other rules read differently gets a reading with the cause "cleaner".
A version that is no longer cut stays under its name and points to the one that stood at its time. Pointers of addresses are
decisions, not derived: they stay.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from archive.documents import load_notice
from archive.files import bound, files_of, link
from archive.life.keeping import judge_again
from archive.record.captures import ROWS
from archive.sightings import NO_CONTENT, READINGS, Sighting, insert_reading, same_reading, sighting
from archive.timelines import load_timeline, save_timeline, version_id
from archive.versions import Timeline, place, swap
from archive.works.notices import point, refresh
from cleaners.records import Notice
from cleaners.urls import canonical_url

MOST_EXAMPLES = 20
"""Examples of what changed that a tally keeps."""


class Fresh(NamedTuple):
    """A capture's row, what is read in it now, by which rules, and that as it is stored (empty where nobody wrote it yet)."""

    row: sqlite3.Row
    notice: Notice
    fingerprint: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One thing that changed: `what` is reading, cut or merged.

    Of a reading, `before` is empty and `after` the fields that differ; of a version, its kind before and after, `merged` and the name of
    the version it was merged into where it is no longer cut.
    """

    what: str
    notice: str
    url: str
    captured_at: str
    before: str
    after: str


@dataclass
class Tally:
    """What was done: captures read, readings made by cause, captures that say something else and in which fields, versions."""

    captures: int = 0
    readings: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    cut: int = 0
    merged: int = 0
    files: int = 0
    refiled: int = 0
    shortfalls: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)

    def dump(self) -> dict[str, Any]:
        """Give what `load` reads, as JSON can hold it."""
        # not asdict, which cannot copy a Counter
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {"examples": [asdict(one) for one in self.examples]}

    @classmethod
    def load(cls, document: Mapping[str, Any]) -> Tally:
        """Read what `dump` gave."""
        counters = {name: Counter(document[name]) for name in ("readings", "fields", "shortfalls")}
        return cls(**{**document, **counters, "examples": [Example(**row) for row in document["examples"]]})


def derive_again(connection: sqlite3.Connection, address: int) -> None:
    """Derive the versions of an address from its readings as they stand: for a capture read after later ones were."""
    rows = connection.execute(f"{ROWS} where c.address = ? and c.read = 1 order by c.id", (address,)).fetchall()
    if connection.execute(_WITHHELD, (address,)).fetchone():
        return  # nothing follows from tombstones
    bring_in_line(connection, address, [standing(connection, row) for row in rows], Tally())


def standing(connection: sqlite3.Connection, row: sqlite3.Row) -> Fresh:
    """Give what a capture that was read says as it stands: its newest reading."""
    said = connection.execute(STANDING, (row["id"],)).fetchone()
    return Fresh(row, load_notice(said["document"]), said["fingerprint"], said["document"])


_WITHHELD = "select 1 from addresses a join notices n on n.id = a.notice where a.id = ? and n.takedown is not null"

STANDING = """
    select coalesce(r.document, s.document) as document, u.fingerprint, r.id, r.read_at from readings r join rulesets u on u.id = r.rules
    left join readings s on s.id = r.same_as where r.capture = ? order by r.read_at desc, r.id desc limit 1
"""
"""The reading of a capture that stands."""


def bring_in_line(connection: sqlite3.Connection, address: int, fresh: Sequence[Fresh], tally: Tally) -> None:
    """Make everything derived of an address follow from what is read in its captures, in any order."""
    tally.captures += len(fresh)
    before = load_timeline(connection, address)
    derived, placed = _derive(connection, fresh, tally)
    # rules that see no notice any more in any capture take no version away: what was published stays to be seen
    after = derived or before
    save_timeline(connection, address, before, after)
    _assign(connection, address, placed)
    for _, notice, *_ in placed:
        link(connection, address, notice)
    bound(connection, address, after)
    new = bool(placed) and point(connection, address, placed[-1][:2])[1]
    _count_versions(connection, address, before, after, tally)
    if not new:  # also where nothing is new: what stands there may have been damaged
        refresh(connection, address)


def _count_versions(connection: sqlite3.Connection, address: int, before: Timeline, after: Timeline, tally: Tally) -> None:
    """Count the versions that were cut and those merged away, with examples."""
    old, new = ({version.captured_at: version.kind for version in timeline} for timeline in (before, after))
    tally.cut += len(new.keys() - old.keys())
    tally.merged += len(old.keys() - new.keys())
    for name in sorted(old.keys() ^ new.keys())[: MOST_EXAMPLES - len(tally.examples)]:
        if name in new:
            found = "cut", "", new[name]
        else:
            number = version_id(connection, address, name)
            into = connection.execute("select captured_at from versions where id = ?", (number,)).fetchone()[0]
            found = "merged", old[name], f"merged into {into}"
        tally.examples.append(_example(connection, address, name, *found))


def _example(connection: sqlite3.Connection, address: int, captured_at: str, *said: str) -> Example:
    what, before, after = said
    row = connection.execute("select url, notice from addresses where id = ?", (address,)).fetchone()
    return Example(what, row["notice"] or "", row["url"], captured_at, before, after)


_Placed = list[tuple[int, Notice, str, str]]
"""Readings that were content: number, notice, the name of the version they belong to, and the kind of that where they cut it."""


def _derive(connection: sqlite3.Connection, fresh: Sequence[Fresh], tally: Tally) -> tuple[Timeline, _Placed]:
    """Go through readings and files in the order of capture times: what arrived late counts from its time on."""
    timeline: Timeline = ()
    placed: _Placed = []
    previous: sqlite3.Row | None = None
    files = _files(connection, [one.notice for one in fresh])
    for one in sorted(fresh, key=lambda one: _order(one.row)):
        while files and _order(files[0][1]) < _order(one.row):
            timeline = _swap(timeline, *files.pop(0))
        seen = sighting(connection, one.row, one.notice, one.fingerprint, one.document)
        reading = _keep(connection, seen, previous, tally)
        if seen.content:
            timeline, version, kind = place(timeline, seen.version(reading))
            placed.append((reading, one.notice, version.captured_at, kind))
            previous = connection.execute(f"{READINGS} where r.id = ?", (reading,)).fetchone()
        _settle(connection, seen, reading)
    for url, file in files:
        timeline = _swap(timeline, url, file)
    return timeline, placed


def _keep(connection: sqlite3.Connection, seen: Sighting, previous: sqlite3.Row | None, tally: Tally) -> int:
    """Give the number of the reading that stands from now on: the one that stood, an older one by the same rules, or a new one."""
    stood = connection.execute(STANDING, (seen.row["id"],)).fetchone() if seen.row["read"] else None
    same = same_reading(connection, seen, to_the_letter=True)
    if same and stood and same["id"] == stood["id"]:
        return int(same["id"])
    cause = "cleaner" if stood else "source"
    tally.readings[cause] += 1
    if stood is None or stood["document"] != seen.document:
        _count_difference(connection, seen, stood["document"] if stood else "{}", tally)
    number = int(same["id"]) if same else insert_reading(connection, seen, cause, previous)
    if stood:
        make_standing(connection, number, stood)
    return number


def make_standing(connection: sqlite3.Connection, reading: int, stood: sqlite3.Row) -> None:
    """Let a reading of a capture stand in place of the one that stood."""
    if reading != stood["id"]:
        connection.execute("update readings set read_at = max(read_at, ?) where id = ?", (stood["read_at"] + 1, reading))


def _count_difference(connection: sqlite3.Connection, seen: Sighting, stood: str, tally: Tally) -> None:
    """Count a capture that says something else than before, and which fields of the notice those are."""
    before, after = json.loads(stood), json.loads(seen.document)
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    tally.differing += 1
    tally.fields.update(names if stood != "{}" else [])
    if len(tally.examples) < MOST_EXAMPLES:
        what = " ".join(names) if stood != "{}" else "first reading"
        tally.examples.append(_example(connection, seen.address, seen.row["captured_at"], "reading", "", what))


def _settle(connection: sqlite3.Connection, seen: Sighting, reading: int) -> None:
    """Let the capture's outcome, where it came from reading, follow what is read now."""
    outcome = "ok" if seen.content else next(flag for flag in NO_CONTENT if flag in seen.notice.flags)
    if outcome == seen.row["outcome"] or (outcome == "ok" and seen.row["reason"] != "as read"):
        return
    connection.execute(
        "update captures set outcome = ?, reason = ? where id = ?", (outcome, "" if outcome == "ok" else "as read", seen.row["id"])
    )
    judge_again(connection, seen.address)
    if not seen.content:
        connection.execute("update readings set version = null where id = ?", (reading,))


def _assign(connection: sqlite3.Connection, address: int, placed: _Placed) -> None:
    """Write which version each reading belongs to, and whether only its wording changed."""
    last: Notice | None = None
    for reading, notice, name, kind in placed:
        same = kind == "unchanged" and last is not None and last.text_digest == notice.text_digest
        cosmetic = same and last is not None and last.exact_digest != notice.exact_digest
        number = version_id(connection, address, name)
        connection.execute(
            "update readings set version = ?, cosmetic = ? where id = ? and (version is not ? or cosmetic <> ?)",
            (number, int(cosmetic), reading, number, int(cosmetic)),
        )
        last = notice


def _files(connection: sqlite3.Connection, notices: Sequence[Notice]) -> list[tuple[str, sqlite3.Row]]:
    urls = dict.fromkeys(canonical_url(attachment.url) for notice in notices for attachment in notice.files if attachment.url)
    return sorted(_captures_of(connection, urls), key=lambda pair: _order(pair[1]))


def _order(capture: sqlite3.Row) -> tuple[str, int]:
    return capture["captured_at"], capture["id"]


def _captures_of(connection: sqlite3.Connection, urls: Mapping[str, None]) -> Iterator[tuple[str, sqlite3.Row]]:
    return ((url, file) for url in urls for file in files_of(connection, url))


def _swap(timeline: Timeline, url: str, file: sqlite3.Row) -> Timeline:
    return swap(timeline, url, file["digest"], file["captured_at"], file["id"])
