"""Everything derived, derived again from the captures in the order kept, with today's rules.

One transaction an address, so readers see each address before or after and never in between. What the same rules read
again stays as it is, to the row; what other rules read differently gets a reading with the cause "cleaner". A version that
is no longer cut stays under its name and points to the one that stood at its time. Pointers of addresses are decisions, not
derived: they stay.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from archive.captures import ROWS, open_capture, set_state
from archive.connection import Store
from archive.documents import dump_notice, load_notice
from archive.files import bound, files_of, link
from archive.filetexts import keep_text, unread_files
from archive.locks import hold
from archive.notices import point, refresh
from archive.sightings import NO_CONTENT, READINGS, Sighting, insert_reading, same_reading, sighting
from archive.timelines import load_timeline, save_timeline, version_id
from archive.versions import Timeline, place, swap
from cleaners.attachments.records import FileText
from cleaners.errors import LayoutError
from cleaners.records import Capture, Notice
from cleaners.urls import canonical_url

Reader = Callable[[Capture], tuple[Notice, str]]
"""Gives the notice in a capture, and the fingerprint of the rules it was read by."""

FileReader = Callable[[Capture], FileText]
"""Gives the text of a captured file."""

_log = logging.getLogger(__name__)
_READABLE = (
    "c.role = 'notice' and c.payload is not null and (c.outcome = 'ok' or c.read = 1)"
    " and (select takedown from payloads where id = c.payload) is null"
)


@dataclass(frozen=True, slots=True)
class Rebuild:
    """What a rebuild did.

    Captures read, readings made by cause (cleaner, source), how many captures say something else than before, versions cut,
    merged away and standing now. `files` are attached files that were read, `refiled` those of them that say something else than
    before, `shortfalls` how many gave not all of their text, by the flag that says why.
    """

    captures: int
    readings: Mapping[str, int]
    differing: int
    cut: int
    merged: int
    versions: int
    files: int = 0
    refiled: int = 0
    shortfalls: Mapping[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether anything is not as it was."""
        return bool(self.differing or self.cut or self.merged or self.refiled)


@dataclass
class _Tally:
    captures: int = 0
    readings: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    cut: int = 0
    merged: int = 0
    files: int = 0
    refiled: int = 0
    shortfalls: Counter[str] = field(default_factory=Counter)


def rebuild(store: Store, read: Reader, read_file: FileReader | None = None) -> Rebuild:
    """Read all captures again and bring readings, versions, notices and search in line; ArchiveError where the archive is locked.

    Then, with `read_file`, attached files that were never read, or by another reader than today's.
    """
    tally = _Tally()
    with hold(store.path, "archive", by="rebuild"):
        for address in _addresses(store):
            _rebuild_address(store, address, read, tally)
        if read_file:
            _read_files(store, read_file, tally)
    with store.reading() as connection:
        standing = connection.execute("select count(*) from versions where merged_into is null").fetchone()[0]
    files = tally.files, tally.refiled, dict(tally.shortfalls)
    return Rebuild(tally.captures, dict(tally.readings), tally.differing, tally.cut, tally.merged, standing, *files)


def _read_files(store: Store, read_file: FileReader, tally: _Tally) -> None:
    """Read files one by one, each outside a transaction and kept in one of its own: a rebuild that is stopped loses one."""
    with store.reading() as connection:
        rows = unread_files(connection, stale=True)
    for row in rows:
        with store.reading() as connection:
            capture = open_capture(connection, row)
        found = read_file(capture)
        with store.write() as connection:
            tally.refiled += keep_text(connection, capture, found)
        tally.files += 1
        tally.shortfalls.update([found.shortfall] if found.shortfall else [])


def _addresses(store: Store) -> list[int]:
    with store.reading() as connection:
        rows = connection.execute(f"select address from captures c where {_READABLE} group by address order by min(id)")  # noqa: S608 - ours
        return [row[0] for row in rows]


def _rebuild_address(store: Store, address: int, read: Reader, tally: _Tally) -> None:
    # reading pages takes its time: before the transaction, and once more inside it for what a crawl kept meanwhile
    with store.reading() as connection:
        fresh = list(_read(connection, address, read))
    with store.write() as connection:
        fresh += _read(connection, address, read, after=fresh[-1][0]["id"] if fresh else 0)
        _bring_in_line(connection, address, fresh, tally)


def derive_again(connection: sqlite3.Connection, address: int) -> None:
    """Derive the versions of an address from its readings as they stand: for a capture read after later ones were."""
    rows = connection.execute(f"{ROWS} where c.address = ? and c.read = 1 order by c.id", (address,)).fetchall()
    _bring_in_line(connection, address, [(row, *_said(connection, row["id"])) for row in rows], _Tally())


def _said(connection: sqlite3.Connection, capture: int) -> tuple[Notice, str]:
    row = connection.execute(_SAID, (capture,)).fetchone()
    return load_notice(row["document"]), row["fingerprint"]


_SAID = """
    select coalesce(r.document, s.document) as document, u.fingerprint, r.id, r.read_at from readings r join rulesets u on u.id = r.rules
    left join readings s on s.id = r.same_as where r.capture = ? order by r.read_at desc, r.id desc limit 1
"""

_Fresh = list[tuple[sqlite3.Row, Notice, str]]
"""Captures in the order kept, what was read in each, and by which rules."""


def _bring_in_line(connection: sqlite3.Connection, address: int, fresh: _Fresh, tally: _Tally) -> None:
    tally.captures += len(fresh)
    made = sum(tally.readings.values())
    before = load_timeline(connection, address)
    after, placed = _derive(connection, fresh, tally)
    # rules that see no notice any more in any capture take no version away: what was published stays to be seen
    after = after or before
    save_timeline(connection, address, before, after)
    _assign(connection, address, placed)
    for _, notice, _ in placed:
        link(connection, address, notice)
    bound(connection, address, after)
    names = {version.captured_at for version in before}, {version.captured_at for version in after}
    tally.cut += len(names[1] - names[0])
    tally.merged += len(names[0] - names[1])
    new = bool(placed) and point(connection, address, placed[-1][:2])[1]
    if not new and (before != after or sum(tally.readings.values()) != made):
        refresh(connection, address)


def _read(connection: sqlite3.Connection, address: int, read: Reader, after: int = 0) -> Iterator[tuple[sqlite3.Row, Notice, str]]:
    rows = connection.execute(
        f"{ROWS} where c.address = ? and c.id > ? and {_READABLE} order by c.id",
        (address, after),
    ).fetchall()
    for row in rows:
        try:
            yield (row, *read(open_capture(connection, row)))
        except LayoutError as error:
            _log.error("%s", error)
            if row["read"]:
                yield (row, *_said(connection, row["id"]))


_Placed = list[tuple[int, Notice, str]]
"""Readings that were content: number, notice, the name of the version they belong to."""


def _derive(connection: sqlite3.Connection, fresh: _Fresh, tally: _Tally) -> tuple[Timeline, _Placed]:
    """Go through readings and files in the order they were captured."""
    timeline: Timeline = ()
    placed: _Placed = []
    previous: sqlite3.Row | None = None
    files = _files(connection, [notice for _, notice, _ in fresh])
    for row, notice, fingerprint in fresh:
        while files and files[0][1]["id"] < row["id"]:
            timeline = _swap(timeline, *files.pop(0))
        seen = sighting(connection, row, notice, fingerprint)
        reading = _keep(connection, seen, previous, tally)
        if seen.content:
            timeline, version, _ = place(timeline, seen.version(reading))
            placed.append((reading, notice, version.captured_at))
            previous = connection.execute(f"{READINGS} where r.id = ?", (reading,)).fetchone()
        _settle(connection, seen, reading)
    for url, file in files:
        timeline = _swap(timeline, url, file)
    return timeline, placed


def _keep(connection: sqlite3.Connection, seen: Sighting, previous: sqlite3.Row | None, tally: _Tally) -> int:
    """Give the number of the reading that stands from now on: the one that stood, an older one by the same rules, or a new one."""
    standing = connection.execute(_SAID, (seen.row["id"],)).fetchone()
    same = same_reading(connection, seen, to_the_letter=True)
    if same and same["id"] == standing["id"]:
        return int(same["id"])
    cause = "cleaner" if standing else "source"
    tally.readings[cause] += 1
    tally.differing += standing is None or standing["document"] != dump_notice(seen.notice)
    number = int(same["id"]) if same else insert_reading(connection, seen, cause, previous)
    if standing:
        connection.execute("update readings set read_at = max(read_at, ?) where id = ?", (standing["read_at"] + 1, number))
    return number


def _settle(connection: sqlite3.Connection, seen: Sighting, reading: int) -> None:
    """Let the capture's outcome, where it came from reading, follow what is read now."""
    outcome = "ok" if seen.content else next(flag for flag in NO_CONTENT if flag in seen.notice.flags)
    if outcome == seen.row["outcome"] or (outcome == "ok" and seen.row["reason"] != "as read"):
        return
    connection.execute(
        "update captures set outcome = ?, reason = ? where id = ?", (outcome, "" if outcome == "ok" else "as read", seen.row["id"])
    )
    newest = connection.execute("select max(id) from captures where address = ?", (seen.address,)).fetchone()[0]
    if newest == seen.row["id"]:
        set_state(connection, seen.address, outcome)
    if not seen.content:
        connection.execute("update readings set version = null where id = ?", (reading,))


def _assign(connection: sqlite3.Connection, address: int, placed: _Placed) -> None:
    """Write which version each reading belongs to, and whether only its wording changed."""
    last: Notice | None = None
    for reading, notice, name in placed:
        cosmetic = last is not None and last.text_digest == notice.text_digest and last.exact_digest != notice.exact_digest
        number = version_id(connection, address, name)
        connection.execute(
            "update readings set version = ?, cosmetic = ? where id = ? and (version is not ? or cosmetic <> ?)",
            (number, int(cosmetic), reading, number, int(cosmetic)),
        )
        last = notice


def _files(connection: sqlite3.Connection, notices: list[Notice]) -> list[tuple[str, sqlite3.Row]]:
    urls = dict.fromkeys(canonical_url(attachment.url) for notice in notices for attachment in notice.files if attachment.url)
    return sorted(((url, file) for url in urls for file in files_of(connection, url)), key=lambda pair: int(pair[1]["id"]))


def _swap(timeline: Timeline, url: str, file: sqlite3.Row) -> Timeline:
    return swap(timeline, url, file["digest"], file["captured_at"], file["id"])
