"""One reading on its way into the archive: what is compared, and how it is stored.

A reading's document is stored only where it says something the previous reading of the address does not.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from functools import cached_property

from archive.documents import dump, dump_notice, storable
from archive.files import known_files
from archive.preservation.fixity import renew_fixity, with_fixity
from archive.record.payloads import digest_of
from archive.versions import Parts, Version, parts_of
from cleaners.records import Notice

NO_CONTENT = ("soft_404", "challenge")
"""Flags of a notice that is none: such a reading is kept, its capture and address say so, and no version is cut."""

_FIELDS = ("source", "author", "speaker", "identifier", "addressee", "signatory", "type", "subject", "script")


@dataclass(frozen=True)
class Sighting:
    """One reading on its way in: the capture's row, the notice, who read it, the digests compared, and what is stored once written."""

    row: sqlite3.Row
    notice: Notice
    fingerprint: str
    parts: Parts
    fields_digest: str
    written: str = ""

    @cached_property
    def document(self) -> str:
        """The notice as it is stored."""
        return self.written or dump_notice(self.notice)

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


def sighting(connection: sqlite3.Connection, row: sqlite3.Row, notice: Notice, fingerprint: str, document: str = "") -> Sighting:
    """Gather what is compared: the parts with the files known when the page was captured, and a digest of the other fields.

    `document` is the notice as it is stored, where it was written already.
    """
    fields = "\x1f".join(getattr(notice, name) or "" for name in _FIELDS)
    parts = parts_of(notice, known_files(connection, notice, (row["captured_at"], row["id"])))
    return Sighting(row, notice, fingerprint, parts, digest_of(fields.encode("utf-8", "surrogatepass")), document)


READINGS = """
    select r.id, r.capture, r.cause, r.version, r.cosmetic, r.document, r.same_as, u.fingerprint,
        coalesce(r.text_digest, s.text_digest) as text_digest, coalesce(r.parts_digest, s.parts_digest) as parts_digest,
        coalesce(r.exact_digest, s.exact_digest) as exact_digest, coalesce(r.fields_digest, s.fields_digest) as fields_digest,
        coalesce(r.flags, s.flags) as flags
    from readings r join rulesets u on u.id = r.rules left join readings s on s.id = r.same_as
"""
"""Readings `r` with what they say, which stands with another one where that said the same."""


_LAST = f"""{READINGS}
    where r.id = (select n.id from captures c join readings n on n.capture = c.id where c.address = ? and n.version is not null
        order by c.id desc, n.read_at desc, n.id desc limit 1)
"""  # noqa: S608 - ours


def last_reading(connection: sqlite3.Connection, address: int) -> sqlite3.Row | None:
    """Give the reading that stands of the newest capture of an address that was content."""
    row = connection.execute(
        _LAST,
        (address,),
    ).fetchone()
    return None if row is None else row


def insert_reading(connection: sqlite3.Connection, seen: Sighting, cause: str, previous: sqlite3.Row | None) -> int:
    """Store a reading with its removals; what it says only where the previous reading does not say the same."""
    same = _same_as(connection, seen, cause, previous)
    row = (dict.fromkeys(_SAID) if same else _said(seen)) | {
        "capture": seen.row["id"],
        "rules": _rules(connection, seen.fingerprint),
        "cause": cause,
        "read_at": int(time.time()),
        "same_as": same,
    }
    number = _put(connection, with_fixity("readings", row), again=bool(seen.row["read"]))
    if not same:
        connection.executemany(
            'insert into removals (reading, line, "start", "end", rule, category, text) values (?, ?, ?, ?, ?, ?, ?)',
            [(number, *removal.position, removal.rule, removal.category, storable(removal.text)) for removal in seen.notice.removals],
        )
    return number


_SAID = ("text_digest", "parts_digest", "exact_digest", "fields_digest", "flags", "document")


def _said(seen: Sighting) -> dict[str, object]:
    digests = (seen.notice.text_digest, seen.parts.digest, seen.notice.exact_digest, seen.fields_digest)
    return dict(zip(_SAID, (*digests, dump(seen.notice.flags), seen.document), strict=True))


def same_reading(connection: sqlite3.Connection, seen: Sighting, *, to_the_letter: bool = False) -> sqlite3.Row | None:
    """Give the reading of this capture by these rules that says the same, where there is one.

    `to_the_letter` compares the whole document too, where the reading has one of its own.
    """
    if not seen.row["read"]:
        return None
    row = connection.execute(f"{READINGS} where r.capture = ? and u.fingerprint = ?", (seen.row["id"], seen.fingerprint)).fetchone()
    if not row or not _equal(row, seen):
        return None
    differs = to_the_letter and row["document"] is not None and row["document"] != seen.document
    return None if differs else row


def _rules(connection: sqlite3.Connection, fingerprint: str) -> int:
    row = connection.execute("select id from rulesets where fingerprint = ?", (fingerprint,)).fetchone()
    return int(row[0] if row else connection.execute("insert into rulesets (fingerprint) values (?)", (fingerprint,)).lastrowid or 0)


def _put(connection: sqlite3.Connection, row: dict[str, object], *, again: bool) -> int:
    """Insert a reading, or put it in the place of the one by the same rules where the capture was read before."""
    # no upsert, which FTS5 would have to write out what it holds for, as for every statement that may change several rows
    if again:
        known = connection.execute("select id from readings where capture = ? and rules = ?", (row["capture"], row["rules"])).fetchone()
        if known:
            _bequeath(connection, known["id"])
            updates = ", ".join(f"{name} = ?" for name in row)
            connection.execute(f"update readings set {updates} where id = ?", (*row.values(), known["id"]))  # noqa: S608 - the names are ours
            connection.execute("delete from removals where reading = ?", (known["id"],))
            return int(known["id"])
    else:
        connection.execute("update captures set read = 1 where id = ?", (row["capture"],))
    statement = f"insert into readings ({', '.join(row)}) values ({', '.join('?' * len(row))})"  # noqa: S608 - the names are ours
    return int(connection.execute(statement, tuple(row.values())).lastrowid or 0)


def _bequeath(connection: sqlite3.Connection, reading: int) -> None:
    """Give what a reading says to the first of those that say the same as it: it will say something else."""
    heirs = [row[0] for row in connection.execute(_HEIRS, (reading, reading))]
    if not heirs:
        return
    taken = ", ".join(f"{name} = (select {name} from readings where id = :reading)" for name in _SAID)  # noqa: S608 - the names are ours
    connection.execute(f"update readings set {taken}, same_as = null where id = :heir", {"reading": reading, "heir": heirs[0]})  # noqa: S608
    connection.execute("update removals set reading = ? where reading = ?", (heirs[0], reading))
    for heir in heirs[1:]:
        connection.execute("update readings set same_as = ? where id = ?", (heirs[0], heir))
    for heir in heirs:
        renew_fixity(connection, "readings", heir)


# those of its own address: only they can say the same by pointing to it
_HEIRS = """
    select r.id from readings o join captures k on k.id = o.capture join captures c on c.address = k.address
    join readings r on r.capture = c.id where o.id = ? and r.same_as = ? order by r.id
"""


def _equal(row: sqlite3.Row, seen: Sighting) -> bool:
    return (row["exact_digest"], row["parts_digest"], row["fields_digest"], row["flags"]) == (
        seen.notice.exact_digest,
        seen.parts.digest,
        seen.fields_digest,
        dump(seen.notice.flags),
    )


def _same_as(connection: sqlite3.Connection, seen: Sighting, cause: str, previous: sqlite3.Row | None) -> int | None:
    """Give the reading whose document says the same; what rules changed is compared to the letter, removals and evidence too."""
    if previous is None or not _equal(previous, seen):
        return None
    source = int(previous["same_as"] or previous["id"])
    if cause == "source":
        return source
    stored = connection.execute("select document from readings where id = ?", (source,)).fetchone()[0]
    return source if stored == seen.document else None
