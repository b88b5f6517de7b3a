"""How notices, versions and paragraphs are named so that a name holds: NOTICE, NOTICE@VERSION, NOTICE@VERSION#pN.

The permanent name of a version is the time its page was captured, in UTC. People may write the beginning of it as far as only one version
fits, or (not for good: an earlier capture that comes late moves it) the version's number, of the address the notice shows. What was merged
away, split off or read again since is still found under its name, and what became of it is said.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from archive.differences.paragraphs import paragraph_ids
from archive.documents import load_notice, storable
from archive.times import read_stamp, stamp
from archive.works.notices import notice_id
from cleaners.errors import ArchiveError
from cleaners.records import Notice
from cleaners.urls import canonical_url

_CITATION = re.compile(r"(?P<notice>[^@#\s]+)(?:@(?P<version>[^@#\s]+))?(?:#p(?P<paragraph>[1-9]\d{0,6}))?")


@dataclass(frozen=True, slots=True)
class NamedVersion:
    """A version: its row's number, address and URL, its number there, its name (capture time), what cut it, and the reading it shows.

    `merged_into` is the version that a better reading merged it into, None where it stands.
    """

    id: int
    address: int
    url: str
    number: int
    captured_at: str
    kind: str
    capture: int
    reading: int
    parts: str
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation names: the notice that holds it now, the version, and the paragraph's words where one is named.

    `shown` is False for a paragraph that the reading of today leaves out: then these are its words as they were read when it was cited.
    """

    notice: str
    version: NamedVersion
    paragraph: int | None = None
    text: str = ""
    shown: bool = True


def find_notice(connection: sqlite3.Connection, name: str) -> str:
    """Give the id of the notice meant by an id or by one of its addresses; ArchiveError where there is none."""
    if "://" in name:
        row = connection.execute("select notice as id from addresses where url = ?", (storable(canonical_url(name)),)).fetchone()
    else:
        row = connection.execute("select id from notices where id = ?", (name,)).fetchone()
    if row is None or row["id"] is None:
        raise ArchiveError(f"{name}: there is no such notice; give its id, or the address of its page")
    return str(row["id"])


def versions_of(connection: sqlite3.Connection, work: str) -> tuple[NamedVersion, ...]:
    """Give the versions of all addresses of a notice in the order of time; those that ever pointed to it where none does any more."""
    rows = connection.execute(_VERSIONS.format(_POINTING), {"notice": work}).fetchall()
    return tuple(map(_named, rows or connection.execute(_VERSIONS.format(_EVER), {"notice": work}).fetchall()))


def versions_by_id(connection: sqlite3.Connection, *numbers: int) -> tuple[NamedVersion, ...]:
    """Give versions by the numbers of their rows, in the order asked for; each has to be there."""
    return tuple(_named(connection.execute(f"{_VERSION} where v.id = ?", (number,)).fetchone()) for number in numbers)


def choose(connection: sqlite3.Connection, work: str, name: str) -> NamedVersion:
    """Give the version of a notice that a number or a time names; ArchiveError where none or several fit."""
    if name.isascii() and name.isdecimal() and len(name) < len("2024"):
        shown = connection.execute("select address from notices where id = ?", (work,)).fetchone()
        rows = [version for version in versions_of(connection, work) if version.number == int(name) and not version.merged_into]
        fitting = [version for version in rows if shown and version.address == shown[0]] or rows
    else:
        rows = [_named(row) for row in connection.execute(_VERSIONS.format(_EVER), {"notice": work})]
        fitting = [version for version in rows if version.captured_at.startswith(_utc(name))]
        if len({version.captured_at for version in fitting}) == 1:  # one file replaced on several pages: the notice's own comes first
            fitting = sorted(fitting, key=lambda version: (notice_id(version.url) != work, version.id))[:1]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(f"{version.number} ({version.captured_at})" for version in versions_of(connection, work) if not version.merged_into)
    fault = "several versions have this name; give more of the time" if fitting else "there is no such version"
    raise ArchiveError(f"{work}@{name}: {fault}; there are {known}")


def resolve(connection: sqlite3.Connection, citation: str) -> Cited:
    """Give what a citation names, whatever became of it; ArchiveError says what is wrong with it."""
    match = _CITATION.fullmatch(citation)
    if match is None:
        raise ArchiveError(f"{citation}: is no citation; write NOTICE@TIME or NOTICE@TIME#pN")
    work = find_notice(connection, match["notice"])
    shown = connection.execute("select v.captured_at from notices n join versions v on v.id = n.version where n.id = ?", (work,)).fetchone()
    version = choose(connection, work, match["version"] or (shown["captured_at"] if shown else "0"))
    standing = _standing(connection, version)
    holder = connection.execute("select notice from addresses where id = ?", (version.address,)).fetchone()[0]
    if not match["paragraph"]:
        return Cited(holder, standing)
    text, is_shown = _paragraph(connection, version, standing, int(match["paragraph"]))
    if text is None:
        raise ArchiveError(f"{citation}: this version has no such paragraph, and never had")
    return Cited(holder, standing, int(match["paragraph"]), text, is_shown)


def name(work: str, version: NamedVersion, paragraph: int | None = None) -> str:
    """Write the citation of a version, or of a paragraph in it."""
    return f"{work}@{version.captured_at}" + (f"#p{paragraph}" if paragraph else "")


def document(connection: sqlite3.Connection, reading: int) -> Notice:
    """Give what a reading says."""
    return load_notice(connection.execute(_DOCUMENT, (reading,)).fetchone()[0])


def _paragraph(connection: sqlite3.Connection, version: NamedVersion, standing: NamedVersion, wanted: int) -> tuple[str | None, bool]:
    """Find a paragraph in what a version shows, else in what older readings of its capture saw, the newest first."""
    ids = paragraph_ids(connection, version.address)
    older = [row[0] for row in connection.execute("select id from readings where capture = ? order by id desc", (version.capture,))]
    for reading in dict.fromkeys((standing.reading, version.reading, *older)):
        if wanted in ids.get(reading, ()):
            place = ids[reading].index(wanted)
            return document(connection, reading).paragraphs[place].text, reading == standing.reading
    return None, False


def _standing(connection: sqlite3.Connection, version: NamedVersion) -> NamedVersion:
    while version.merged_into is not None:
        version = _named(connection.execute(f"{_VERSION} where v.id = ?", (version.merged_into,)).fetchone())
    return version


def _utc(name: str) -> str:
    """Give a time as versions have it: what names a zone is brought to UTC, what does not is taken to be in it already."""
    try:
        moment = read_stamp(name)
    except ValueError:
        return name.removesuffix("Z")
    if moment.tzinfo is None or len(name) <= len("2024-01-01"):
        return name
    written = stamp(moment).removesuffix("Z")
    return written if "." in name else written.partition(".")[0]


def _named(row: sqlite3.Row) -> NamedVersion:
    return NamedVersion(*row)


_VERSION = """
    select v.id, v.address, a.url, v.number, v.captured_at, v.class, v.capture, v.reading, v.parts, v.merged_into
    from versions v join addresses a on a.id = v.address
"""
_VERSIONS = f"{_VERSION} where a.id in ({{}}) order by v.captured_at, v.id"
_POINTING = "select id from addresses where notice = :notice"
_EVER = f"{_POINTING} union select address from moves where :notice in (notice_before, notice_after)"  # noqa: S608 - ours
_DOCUMENT = "select coalesce(r.document, s.document) from readings r left join readings s on s.id = r.same_as where r.id = ?"
