"""Which notice an address that was just read belongs to, from what is kept: a few keyed look-ups, then `archive.works.same` decides."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.documents import load_notice, storable
from archive.works.keys import identity_of
from archive.works.same import Copy, judge, judge_redirect
from cleaners.records import Notice
from cleaners.urls import canonical_url

MOST = 8
"""Candidates of one kind that are compared: what more pages than that share is a form, and says nothing."""

SOURCES = "select distinct url from envelopes where redirected_to = ? and redirected_to <> '' limit ?"
"""What led to an address; the index holds redirects only, and is used only where the statement says so too."""

_HOSTS = ("www.", "m.", "wap.", "3g.", "mobile.")


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where an address points, and why."""

    notice: str
    reason: str
    evidence: dict[str, str] = field(default_factory=dict)


def find_work(connection: sqlite3.Connection, row: sqlite3.Row, notice: Notice) -> Pointer | None:
    """Give the work an address (its row) stands for beside its own, None where no other page is the same document on its site."""
    own = Copy(row["url"], notice, identity_of(connection, notice, row["site"]))
    for candidate in _redirected_here(connection, row):
        verdict = judge_redirect(own, copy_of(connection, candidate))
        if verdict.same:
            return Pointer(candidate["notice"], verdict.reason, {"url": candidate["url"], **verdict.evidence})
    for candidate in _alike(connection, row, own):
        verdict = judge(own, copy_of(connection, candidate))
        if verdict.same:
            return Pointer(candidate["notice"], verdict.reason, {"url": candidate["url"], **verdict.evidence})
    return None


def shown_copy(connection: sqlite3.Connection, work: str) -> Copy | None:
    """Give what a notice shows, None where it shows nothing."""
    row = connection.execute(f"{_COPY} where n.id = ?", (work,)).fetchone()
    return copy_of(connection, row) if row else None


def _redirected_here(connection: sqlite3.Connection, row: sqlite3.Row) -> list[sqlite3.Row]:
    """Give the notices whose own address led to this one; none where many do, as they do to a home page."""
    urls = connection.execute(SOURCES, (row["url"], MOST + 1)).fetchall()
    if not urls or len(urls) > MOST:
        return []
    addresses = {storable(canonical_url(url)) for (url,) in urls} - {row["url"]}
    found = (connection.execute(f"{_AT} where a.url = ? {_NEWEST}", (url,)).fetchone() for url in sorted(addresses))
    return [candidate for candidate in found if candidate]


def _alike(connection: sqlite3.Connection, row: sqlite3.Row, own: Copy) -> Iterator[sqlite3.Row]:
    """Give what stands on the same site with the same text, newest first, and then with the same number."""
    yield from _of_site(row, connection.execute(_TEXTS, (own.notice.text_digest, row["site"], row["id"], MOST)))
    if own.identity:
        yield from _of_site(row, connection.execute(_NUMBERS, (own.identity.key.canonical, row["site"], row["id"], MOST)))


def _of_site(row: sqlite3.Row, candidates: sqlite3.Cursor) -> Iterator[sqlite3.Row]:
    """Keep to one site: its file says which hosts are its own, and without one it is the host with its www and m."""
    return (candidate for candidate in candidates.fetchall() if row["site"] or host(candidate["url"]) == host(row["url"]))


def host(url: str) -> str:
    """Give the host of an address without www., m. or wap."""
    name = urlsplit(url).hostname or ""
    prefix = next((prefix for prefix in _HOSTS if name.startswith(prefix)), "")
    return name.removeprefix(prefix)


def copy_of(connection: sqlite3.Connection, row: sqlite3.Row) -> Copy:
    """Give what a row says (url, state, site, document) as a copy of a document."""
    notice = load_notice(row["document"])
    return Copy(row["url"], notice, identity_of(connection, notice, row["site"]), row["state"])


_SAID = """
    select a.id, a.url, a.site, a.state, a.notice, coalesce(r.document, s.document) as document
    from {} join readings r on r.id = v.reading left join readings s on s.id = r.same_as
"""
_AT = _SAID.format("addresses a join versions v on v.address = a.id and v.merged_into is null and a.notice is not null")
_NEWEST = "order by v.captured_at desc limit 1"
_TEXTS = f"""
    {_SAID.format("versions v join addresses a on a.id = v.address")} where v.text_digest = ? and v.merged_into is null and a.site = ?
    and a.id <> ? and a.notice is not null order by v.id desc limit ?
"""
_WORK = "notices n join versions v on v.id = n.version join addresses a on a.id = v.address"
_COPY = _SAID.format(_WORK)
_NUMBERS = f"""
    {_SAID.format(f"document_keys k join {_WORK} and n.id = k.notice")}
    where k.key = ? and n.site = ? and a.id <> ? limit ?
"""
