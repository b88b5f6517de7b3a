"""Other copies of a document in the archive: on other sites (reposts, kept apart), and pages of its own site that conflict with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from archive.works.finding import copy_of, shown_copy
from archive.works.likeness import likeness
from archive.works.same import Copy, Verdict, judge

MOST = 50
"""Copies that are named; more are counted."""


@dataclass(frozen=True, slots=True)
class OtherCopy:
    """Another notice that bears the same number: where and when; `relation` is copy, near, earlier or conflict.

    `copy` and `near` have the same text or nearly, `earlier` has that of an earlier version, `conflict` bears the number and says something
    else. `evidence` has the likeness of the texts.
    """

    notice: str
    url: str
    site: str
    site_title: str
    title: str
    issued: str | None
    first_seen: str
    state: str
    relation: str
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Relatives:
    """What shares a document's key: its number in canonical form and authority, copies with the first published first, and how many more.

    `first` is the id of the notice of the earliest copy, this notice among them; empty where there are no others.
    """

    key: str = ""
    authority: str = ""
    copies: tuple[OtherCopy, ...] = ()
    more: int = 0
    first: str = ""

    @property
    def conflicts(self) -> tuple[OtherCopy, ...]:
        """Those that say something else."""
        return tuple(copy for copy in self.copies if copy.relation == "conflict")


def relatives(connection: sqlite3.Connection, work: str) -> Relatives:
    """Give the other copies of a notice's document; none for one without a number of its own."""
    key = connection.execute("select * from document_keys where notice = ?", (work,)).fetchone()
    shown = shown_copy(connection, work)
    if key is None or shown is None:
        return Relatives()
    rows = connection.execute(
        _COPIES, {"key": key["key"], "authority": key["authority"], "basis": key["basis"], "most": MOST + 1}
    ).fetchall()
    own = next((row for row in rows if row["work"] == work), None)
    site = connection.execute("select site from notices where id = ?", (work,)).fetchone()[0]
    earlier = frozenset(row[0] for row in connection.execute(_DIGESTS, (work,)))
    compared = ((row, _relation(shown, copy_of(connection, row), row, key, (site, earlier))) for row in rows[:MOST] if row["work"] != work)
    copies = tuple(_copy(row, verdict) for row, verdict in compared if verdict.kind != "different")
    first = min([*copies, *([_copy(own, Verdict("copy", ""))] if own else [])], key=_published).notice if copies else ""
    return Relatives(key["key"], key["authority"], tuple(sorted(copies, key=_published)), max(0, len(rows) - MOST), first)


def _relation(one: Copy, other: Copy, row: sqlite3.Row, key: sqlite3.Row, own: tuple[str, frozenset[str]]) -> Verdict:
    site, earlier = own
    if row["site"] == site:
        verdict = judge(one, other)
        return Verdict("near", verdict.reason, verdict.evidence) if verdict.same else verdict
    alike = likeness(one.notice.text, other.notice.text)
    evidence = {"likeness": f"{alike.jaccard:.2f}"}
    if alike.jaccard == 1.0:
        return Verdict("copy", "same text", evidence)
    if row["text_digest"] in earlier:
        return Verdict("earlier", "the text of an earlier version", evidence)
    if alike.jaccard >= _NEAR or alike.within >= _WITHIN:
        return Verdict("near", "nearly the same text", evidence)
    known = row["authority"] == key["authority"] != "" and "site" not in {row["basis"], key["basis"]}
    return Verdict("conflict" if known and key["year"] is not None else "different", "one number, different texts", evidence)


def _copy(row: sqlite3.Row, verdict: Verdict) -> OtherCopy:
    said = {name: row[name] or "" for name in ("url", "site", "site_title", "title", "state")}
    return OtherCopy(
        notice=row["work"],
        issued=row["issued"],
        first_seen=row["first_seen"],
        relation=verdict.kind,
        evidence=dict(verdict.evidence),
        **said,
    )


def _published(copy: OtherCopy) -> tuple[str, str, str]:
    return (copy.issued or copy.first_seen)[:10], copy.first_seen, copy.notice


_NEAR, _WITHIN = 0.8, 0.95
_DIGESTS = "select v.text_digest from addresses a join versions v on v.address = a.id and v.merged_into is null where a.notice = ?"

# an authority read off the site may be that of the site that reposts: the texts decide
_COPIES = """
    select k.notice as work, k.authority, k.basis, n.title, n.issued, n.first_seen, n.state, n.site, a.url, a.notice, v.text_digest,
        s.title as site_title, coalesce(r.document, o.document) as document
    from document_keys k join notices n on n.id = k.notice join versions v on v.id = n.version join addresses a on a.id = v.address
    join readings r on r.id = v.reading left join readings o on o.id = r.same_as left join sites s on s.name = n.site
    where k.key = :key and (k.authority = :authority or k.basis in ('site', '') or :basis in ('site', ''))
    order by coalesce(n.issued, n.first_seen), n.id limit :most
"""
