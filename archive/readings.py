"""Readings: what a cleaner made of a capture, and the versions and links that follow from it.

A reading of another capture can cut a version (the source changed). A second reading of the same bytes by other rules has
the cause "cleaner" and never does: it changes what the version says, not that there is one. Where bytes and rules both
differ from those of the version compared with, the cause is "both" until the older capture is read again.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.captures import kept_row, open_capture, set_state
from archive.documents import dump, dump_notice, load_notice, storable
from archive.files import attach_file, bound, catch_up, known_files, link
from archive.notices import point, refresh
from archive.payloads import digest_of
from archive.timelines import load_timeline, save_timeline, version_id
from archive.times import now, stamp
from archive.versions import Parts, Timeline, Version, in_effect, parts_of, place
from cleaners.records import Capture, Notice
from cleaners.urls import canonical_url

NO_CONTENT = ("soft_404", "challenge")
"""Flags of a notice that is none: such a reading is kept, its capture and address say so, and no version is cut."""

_FIELDS = ("source", "author", "speaker", "identifier", "addressee", "signatory", "type", "subject", "script")


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


@dataclass(frozen=True, slots=True)
class Sighting:
    """One reading on its way in: the capture's row, the notice, who read it, and the digests compared."""

    row: sqlite3.Row
    notice: Notice
    fingerprint: str
    parts: Parts
    fields_digest: str

    @property
    def address(self) -> int:
        """The number of the address captured."""
        return int(self.row["address"])

    @property
    def content(self) -> bool:
        """Whether the page was a notice at all."""
        return not set(NO_CONTENT) & set(self.notice.flags)

    def version(self, reading: int) -> Version:
        """Give the version this reading would be, were it a new one."""
        return Version(self.row["captured_at"], self.row["id"], reading, self.notice.text_digest, self.parts)


def keep_reading(
    connection: sqlite3.Connection, capture: Capture, notice: Notice, fingerprint: str, principal: tuple[str, str] | None = None
) -> Change:
    """Keep what a cleaner read in a capture and everything that follows from it; the same reading twice changes nothing."""
    seen = sighting(connection, kept_row(connection, capture), notice, fingerprint)
    if same := same_reading(connection, seen):
        return _change(connection, seen, same["version"], "unchanged", same["cause"])
    if not seen.content:
        return _no_content(connection, seen)
    timeline = load_timeline(connection, seen.address)
    standing = in_effect(timeline, seen.row["captured_at"])
    cause = _cause(connection, seen, standing)
    previous = last_reading(connection, seen.address)
    reading = insert_reading(connection, seen, cause, previous)
    if cause == "cleaner" and (again := read_again(connection, timeline, seen, reading)):
        after, version, kind = again
    else:
        after, version, kind = place(timeline, seen.version(reading))
    save_timeline(connection, seen.address, timeline, after)
    number = version_id(connection, seen.address, version.captured_at)
    if kind == "unchanged" and _is_cosmetic(previous, notice):
        kind = "cosmetic"
    connection.execute("update readings set version = ?, cosmetic = ? where id = ?", (number, int(kind == "cosmetic"), reading))
    link(connection, seen.address, notice)
    bound(connection, seen.address, after)
    swapped = catch_up(connection, seen.address, notice, seen.row["id"])
    if not point(connection, seen.address, notice, principal) and (kind != "unchanged" or swapped):
        refresh(connection, seen.address)
    return _change(connection, seen, number, kind, cause)


def sighting(connection: sqlite3.Connection, row: sqlite3.Row, notice: Notice, fingerprint: str) -> Sighting:
    """Gather what is compared: the parts with the files known when the page was captured, and a digest of the other fields."""
    fields = "\x1f".join(getattr(notice, name) or "" for name in _FIELDS)
    parts = parts_of(notice, known_files(connection, notice, row["id"]))
    return Sighting(row, notice, fingerprint, parts, digest_of(fields.encode("utf-8", "surrogatepass")))


def last_reading(connection: sqlite3.Connection, address: int) -> sqlite3.Row | None:
    """Give the newest reading of an address that was content."""
    row = connection.execute(
        "select * from readings where address = ? and version is not null order by id desc limit 1", (address,)
    ).fetchone()
    return None if row is None else row


def insert_reading(connection: sqlite3.Connection, seen: Sighting, cause: str, previous: sqlite3.Row | None) -> int:
    """Store a reading with its removals; its document only where it says something the previous reading does not."""
    document = dump_notice(seen.notice)
    same = _same_as(connection, seen, cause, previous, document)
    digests = {"text_digest": seen.notice.text_digest, "parts_digest": seen.parts.digest, "exact_digest": seen.notice.exact_digest}
    row = digests | {
        "capture": seen.row["id"],
        "address": seen.address,
        "fingerprint": seen.fingerprint,
        "cause": cause,
        "read_at": now(),
        "fields_digest": seen.fields_digest,
        "flags": dump(seen.notice.flags),
        "document": None if same else document,
        "same_as": same,
    }
    number = _put(connection, row)
    connection.execute("delete from removals where reading = ?", (number,))
    if not same:
        connection.executemany(
            'insert into removals (reading, line, "start", "end", rule, category, text) values (?, ?, ?, ?, ?, ?, ?)',
            [(number, *removal.position, removal.rule, removal.category, storable(removal.text)) for removal in seen.notice.removals],
        )
    return number


def open_reading(connection: sqlite3.Connection, reading: int) -> Notice:
    """Give the notice of a reading, followed to the reading it is the same as."""
    row = connection.execute(
        "select coalesce(r.document, s.document) from readings r left join readings s on s.id = r.same_as where r.id = ?", (reading,)
    ).fetchone()
    return load_notice(row[0])


def attach(connection: sqlite3.Connection, capture: Capture) -> Change | None:
    """Let a captured file count; gives the version it cut, None where nothing changed."""
    file = kept_row(connection, capture)
    if file["outcome"] != "ok" or file["payload"] is None:
        return None
    changed = attach_file(connection, file)
    for address in changed:
        refresh(connection, address)
    if not changed:
        return None
    version = in_effect(load_timeline(connection, changed[0]), file["captured_at"])
    number = version_id(connection, changed[0], version.captured_at if version else "")
    notice = connection.execute("select notice from addresses where id = ?", (changed[0],)).fetchone()[0]
    return Change(notice, number, "metadata", version.number if version else None)


def stale(connection: sqlite3.Connection, capture: Capture, fingerprint: str) -> Capture | None:
    """Give the capture the current version of a capture's address was read from, where another cleaner read it."""
    row = connection.execute(
        "select c.* from addresses a join versions v on v.address = a.id and v.merged_into is null join readings r on r.id = v.reading"
        " join captures c on c.id = r.capture where a.url = ? and v.captured_at <= ? and r.fingerprint <> ? and not exists"
        " (select 1 from readings n where n.capture = c.id and n.fingerprint = ?) order by v.captured_at desc limit 1",
        (storable(canonical_url(capture.url)), stamp(capture.captured_at), fingerprint, fingerprint),
    ).fetchone()
    return open_capture(connection, row) if row else None


def read_again(connection: sqlite3.Connection, timeline: Timeline, seen: Sighting, reading: int) -> tuple[Timeline, Version, str] | None:
    """Let versions first read from the same bytes say what the new reading says; None where no version comes from them."""
    sources = _readings_of_payload(connection, seen)
    fresh = seen.version(reading)
    after = tuple(_say(version, fresh) if version.reading in sources else version for version in timeline)
    version = in_effect(after, seen.row["captured_at"])
    return (after, version, "cleaner") if version else None


def _put(connection: sqlite3.Connection, row: dict[str, object]) -> int:
    """Insert a reading, or put it in the place of the one by the same rules."""
    # no upsert, which FTS5 would have to write out what it holds for, as for every statement that may change several rows
    known = connection.execute(
        "select id from readings where capture = ? and fingerprint = ?", (row["capture"], row["fingerprint"])
    ).fetchone()
    if known:
        updates = ", ".join(f"{name} = ?" for name in row)
        connection.execute(f"update readings set {updates} where id = ?", (*row.values(), known["id"]))  # noqa: S608 - the names are ours
        return int(known["id"])
    statement = f"insert into readings ({', '.join(row)}) values ({', '.join('?' * len(row))})"  # noqa: S608 - the names are ours
    return int(connection.execute(statement, tuple(row.values())).lastrowid or 0)


def same_reading(connection: sqlite3.Connection, seen: Sighting, *, to_the_letter: bool = False) -> sqlite3.Row | None:
    """Give the reading of this capture by these rules that says the same, where there is one.

    `to_the_letter` compares the whole document too, where the reading has one of its own.
    """
    row = connection.execute("select * from readings where capture = ? and fingerprint = ?", (seen.row["id"], seen.fingerprint)).fetchone()
    if not row or not _equal(row, seen):
        return None
    differs = to_the_letter and row["document"] is not None and row["document"] != dump_notice(seen.notice)
    return None if differs else row


def _equal(row: sqlite3.Row, seen: Sighting) -> bool:
    return (row["exact_digest"], row["parts_digest"], row["fields_digest"], row["flags"]) == (
        seen.notice.exact_digest,
        seen.parts.digest,
        seen.fields_digest,
        dump(seen.notice.flags),
    )


def _same_as(connection: sqlite3.Connection, seen: Sighting, cause: str, previous: sqlite3.Row | None, document: str) -> int | None:
    """Give the reading whose document says the same; what rules changed is compared to the letter, removals and evidence too."""
    if previous is None or not _equal(previous, seen):
        return None
    source = int(previous["same_as"] or previous["id"])
    if cause == "source":
        return source
    stored = connection.execute("select document from readings where id = ?", (source,)).fetchone()[0]
    return source if stored == document else None


def _cause(connection: sqlite3.Connection, seen: Sighting, standing: Version | None) -> str:
    if connection.execute("select 1 from readings where capture = ? limit 1", (seen.row["id"],)).fetchone():
        return "cleaner"
    if standing is None:
        return "source"
    row = connection.execute(
        "select r.fingerprint, c.payload from readings r join captures c on c.id = r.capture where r.id = ?", (standing.reading,)
    ).fetchone()
    if row["fingerprint"] == seen.fingerprint:
        return "source"
    return "cleaner" if row["payload"] == seen.row["payload"] else "both"


def _readings_of_payload(connection: sqlite3.Connection, seen: Sighting) -> set[int]:
    rows = connection.execute(
        "select r.id from readings r join captures c on c.id = r.capture where r.address = ? and c.payload = ?",
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


def _no_content(connection: sqlite3.Connection, seen: Sighting) -> Change:
    reading = insert_reading(connection, seen, "source", None)
    outcome = next(flag for flag in NO_CONTENT if flag in seen.notice.flags)
    connection.execute("update captures set outcome = ?, reason = 'as read' where id = ? and outcome = 'ok'", (outcome, seen.row["id"]))
    connection.execute("update readings set version = null where id = ?", (reading,))
    set_state(connection, seen.address, outcome)
    return _change(connection, seen, None, "none", "source")


def _change(connection: sqlite3.Connection, seen: Sighting, version: int | None, kind: str, cause: str) -> Change:
    notice = connection.execute("select notice from addresses where id = ?", (seen.address,)).fetchone()[0] or ""
    row = connection.execute("select number from versions where id = ?", (version,)).fetchone()
    return Change(notice, version, kind, row[0] if row else None, cause)
