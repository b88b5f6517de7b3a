"""Readings: what a cleaner made of a capture, and the versions and links that follow from it.

A reading of another capture can cut a version (the source changed). A second reading of the same bytes by other rules has
the cause "cleaner" and never does: it changes what the version says, not that there is one. Where bytes and rules both
differ from those of the version compared with, the cause is "both" until the older capture is read again.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.documents import storable
from archive.files import attach_to, bound, catch_up, comes_late, link, linking
from archive.filetexts import keep_text
from archive.life.keeping import judge_again
from archive.rebuilding.derive import STANDING, derive_again, make_standing
from archive.rebuilding.todo import READABLE
from archive.record.captures import ROWS, kept_row, open_capture, pack_record_id, row_to_read
from archive.search import expect
from archive.sightings import NO_CONTENT, Sighting, insert_reading, last_reading, same_reading, sighting
from archive.takedowns.acts import withhold_again
from archive.takedowns.barred import barred_text
from archive.timelines import load_timeline, save_timeline, version_id
from archive.times import stamp
from archive.versions import Timeline, Version, in_effect, place
from archive.works.notices import point, refresh
from cleaners.attachments.records import FileText
from cleaners.records import Capture, Notice
from cleaners.urls import canonical_url


@dataclass(frozen=True, slots=True)
class Change:
    """What a reading changed: the notice's id, the version (its number in the table, its place from 1) and the kind.

    `kind` is first, unchanged, cosmetic, substantive, metadata, cleaner, or none where the page was no content.
    """

    notice: str
    version: int | None
    kind: str
    number: int | None
    cause: str = "source"


def keep_reading(
    connection: sqlite3.Connection, capture: Capture, notice: Notice, fingerprint: str, principal: tuple[str, str] | None = None
) -> Change:
    """Keep what a cleaner read in a capture and everything that follows from it; the same reading twice changes nothing."""
    kept = row_to_read(connection, capture)
    if kept["outcome"] == "withheld" or kept["takedown"] is not None:
        return Change("", None, "none", None)
    seen = sighting(connection, kept, notice, fingerprint)
    stood = connection.execute(STANDING, (kept["id"],)).fetchone() if kept["read"] else None
    same = same_reading(connection, seen)
    if same and stood and stood["id"] == same["id"]:
        return _change(connection, seen, same["version"], "unchanged", same["cause"])
    if not seen.content:
        return _no_content(connection, seen, same, stood)
    timeline = load_timeline(connection, seen.address)
    cause = _cause(connection, seen, in_effect(timeline, seen.row["captured_at"]))
    previous = last_reading(connection, seen.address) if timeline else None
    reading = _reading(connection, seen, cause, previous, same, stood)
    if cause == "cleaner" and (again := read_again(connection, timeline, seen, reading)):
        after, version, kind = again
    else:
        after, version, kind = place(timeline, seen.version(reading))
    written = save_timeline(connection, seen.address, timeline, after)
    row = written.get(version.captured_at) or version_id(connection, seen.address, version.captured_at)
    if kind == "unchanged" and _is_cosmetic(previous, notice):
        kind = "cosmetic"
    connection.execute("update readings set version = ?, cosmetic = ? where id = ?", (row, int(kind == "cosmetic"), reading))
    swapped = _keep_files(connection, seen, after)
    only = None if timeline or swapped else (row, version.captured_at)
    work, new = point(connection, seen.address, (reading, notice), principal, only)
    if not new and (kind != "unchanged" or swapped):
        refresh(connection, seen.address, (reading, notice))
    if timeline and _is_late(connection, seen):
        derive_again(connection, seen.address)
        row = connection.execute("select version from readings where id = ?", (reading,)).fetchone()[0]
        swapped = True
    if same:
        _relate_again(connection, work)
    if (takedown := barred_text(connection, notice.text_digest)) is not None:
        withhold_again(connection, work, takedown)
    # a file captured meanwhile may have cut versions before this one
    number = _number(connection, row) if swapped else version.number
    return Change(work, row, kind, number, cause)


def _relate_again(connection: sqlite3.Connection, work: str) -> None:
    """Relate a notice anew that shows what was read before: a pass that goes by new readings does not come by it."""
    from archive.relations.following import renew  # noqa: PLC0415 - numpy is loaded only here

    renew(connection, work)


def _reading(  # noqa: PLR0917 - a step of its caller
    connection: sqlite3.Connection,
    seen: Sighting,
    cause: str,
    previous: sqlite3.Row | None,
    same: sqlite3.Row | None,
    stood: sqlite3.Row | None,
) -> int:
    """Give the number of the reading that stands from now on: one that the same rules made before, or a new one."""
    reading = int(same["id"]) if same else insert_reading(connection, seen, cause, previous)
    if stood:
        make_standing(connection, reading, stood)
    return reading


def _is_late(connection: sqlite3.Connection, seen: Sighting) -> bool:
    """Say whether a capture is read for the first time after one made later was: a killed run's leftover, or an import."""
    newest = "select last_checked from addresses where id = ?"
    if seen.row["read"]:
        return False
    if connection.execute(_FILE_BEFORE_IT, (seen.address, seen.row["captured_at"])).fetchone():
        return True
    if connection.execute(newest, (seen.address,)).fetchone()[0] <= seen.row["captured_at"]:
        return False
    later = "select 1 from captures where address = ? and (captured_at, id) > (?, ?) and read = 1 limit 1"
    return connection.execute(later, (seen.address, seen.row["captured_at"], seen.row["id"])).fetchone() is not None


def _keep_files(connection: sqlite3.Connection, seen: Sighting, timeline: Timeline) -> bool:
    """Bring the links of an address to its files up to date; says whether a file cut a version."""
    if not seen.notice.files and not any(version.parts.files for version in timeline):
        return False
    link(connection, seen.address, seen.notice)
    bound(connection, seen.address, timeline)
    return catch_up(connection, seen.address, seen.notice, (seen.row["captured_at"], seen.row["id"]))


def attach(connection: sqlite3.Connection, capture: Capture, text: FileText | None) -> Change | None:
    """Let a captured file count, and keep its text where it was read; gives the version it cut, None where nothing changed."""
    file = kept_row(connection, capture)
    if file["outcome"] != "ok" or file["payload"] is None:
        return None
    if text is not None:
        keep_text(connection, capture, text)
    changed = [address for address, url in linking(connection, file) if _attach_to(connection, address, url, file)]
    expect(connection, file["payload"])
    for address in changed:
        refresh(connection, address)
    if not changed:
        return None
    timeline = load_timeline(connection, changed[0])
    version = in_effect(timeline, file["captured_at"]) or timeline[0]
    number = version_id(connection, changed[0], version.captured_at)
    notice = connection.execute("select notice from addresses where id = ?", (changed[0],)).fetchone()[0]
    return Change(notice, number, "metadata", version.number)


def _attach_to(connection: sqlite3.Connection, address: int, url: str, file: sqlite3.Row) -> bool:
    """Let a file count for one address, in its turn or from its time on; says whether that made other versions."""
    if not comes_late(connection, address, url, file):
        return attach_to(connection, address, url, file)
    before = [version.captured_at for version in load_timeline(connection, address)]
    derive_again(connection, address)
    work = connection.execute("select notice from addresses where id = ?", (address,)).fetchone()[0]
    if work:
        _relate_again(connection, work)
    return before != [version.captured_at for version in load_timeline(connection, address)]


def stale(connection: sqlite3.Connection, capture: Capture, fingerprint: str) -> tuple[Capture, ...]:
    """Give the captures of a capture's address that must be read again first, where another cleaner read them.

    That is the one that the version in effect at its time was read from; all of them where captures made later were read before it, whose
    versions are then derived again.
    """
    at = stamp(capture.captured_at)
    address = connection.execute("select id, last_checked from addresses where url = ?", (storable(canonical_url(capture.url)),)).fetchone()
    if address is None:
        return ()
    asked = {"address": address["id"], "at": at, "fingerprint": fingerprint, "record": pack_record_id(capture.record_id or "")}
    late = (address["last_checked"] or "") > at and connection.execute(_LATER, asked).fetchone()
    return tuple(open_capture(connection, row) for row in connection.execute(_STALE_ALL if late else _STALE, asked).fetchall())


def read_again(connection: sqlite3.Connection, timeline: Timeline, seen: Sighting, reading: int) -> tuple[Timeline, Version, str] | None:
    """Let versions first read from the same bytes say what the new reading says; None where no version comes from them."""
    sources = _readings_of_payload(connection, seen)
    fresh = seen.version(reading)
    after = tuple(_say(version, fresh) if version.reading in sources else version for version in timeline)
    version = in_effect(after, seen.row["captured_at"])
    return (after, version, "cleaner") if version else None


_FILE_BEFORE_IT = """
    select 1 from attachments f join captures k on k.id = f.capture where f.address = ? and k.captured_at > ? limit 1
"""

_BY_OTHERS = """
    (select u.fingerprint from readings r join rulesets u on u.id = r.rules where r.capture = c.id
        order by r.read_at desc, r.id desc limit 1) <> :fingerprint
"""

_LATER = "select 1 from captures where address = :address and captured_at > :at and read = 1 limit 1"

_STALE = f"""{ROWS}
    where c.id = (select r.capture from versions v join readings r on r.id = v.reading where v.address = :address
        and v.merged_into is null and v.captured_at <= :at order by v.captured_at desc limit 1)
    and {_BY_OTHERS}
"""  # noqa: S608 - ours

_STALE_ALL = f"""{ROWS}
    where c.address = :address and c.read = 1 and c.record_id <> :record and {READABLE} and {_BY_OTHERS} order by c.id
"""


def _cause(connection: sqlite3.Connection, seen: Sighting, standing: Version | None) -> str:
    if seen.row["read"]:
        return "cleaner"
    if standing is None:
        return "source"
    row = connection.execute(
        "select u.fingerprint, c.payload from readings r join rulesets u on u.id = r.rules join captures c on c.id = r.capture"
        " where r.id = ?",
        (standing.reading,),
    ).fetchone()
    if row["fingerprint"] == seen.fingerprint:
        return "source"
    return "cleaner" if row["payload"] == seen.row["payload"] else "both"


def _readings_of_payload(connection: sqlite3.Connection, seen: Sighting) -> set[int]:
    rows = connection.execute(
        "select r.id from readings r join captures c on c.id = r.capture where c.address = ? and c.payload = ?",
        (seen.address, seen.row["payload"]),
    )
    return {row[0] for row in rows}


def _say(version: Version, fresh: Version) -> Version:
    """Give a version the words of a new reading; the digests of its files stay."""
    parts = fresh.parts
    for url, digest in version.parts.files:
        parts = parts.with_file(url, digest) if digest else parts
    return Version(version.captured_at, version.capture, fresh.reading, fresh.text_digest, parts, version.kind, version.number)


def _is_cosmetic(previous: sqlite3.Row | None, notice: Notice) -> bool:
    return previous is not None and previous["text_digest"] == notice.text_digest and previous["exact_digest"] != notice.exact_digest


def _no_content(connection: sqlite3.Connection, seen: Sighting, same: sqlite3.Row | None, stood: sqlite3.Row | None) -> Change:
    cause = "cleaner" if stood else "source"
    reading = _reading(connection, seen, cause, None, same, stood)
    outcome = next(flag for flag in NO_CONTENT if flag in seen.notice.flags)
    connection.execute("update captures set outcome = ?, reason = 'as read' where id = ? and outcome = 'ok'", (outcome, seen.row["id"]))
    connection.execute("update readings set version = null where id = ?", (reading,))
    judge_again(connection, seen.address)
    return _change(connection, seen, None, "none", cause)


def _change(connection: sqlite3.Connection, seen: Sighting, version: int | None, kind: str, cause: str) -> Change:
    notice = connection.execute("select notice from addresses where id = ?", (seen.address,)).fetchone()[0] or ""
    return Change(notice, version, kind, _number(connection, version), cause)


def _number(connection: sqlite3.Connection, version: int | None) -> int | None:
    row = connection.execute("select number from versions where id = ?", (version,)).fetchone()
    return row[0] if row else None
