"""The files notices link to: each is a capture of its own, and counts for every notice that links to its address."""

from __future__ import annotations

import sqlite3

from archive.documents import storable
from archive.timelines import load_timeline, save_timeline, version_id
from archive.versions import Timeline, swap
from cleaners.records import Notice
from cleaners.urls import canonical_url


def file_urls(notice: Notice) -> tuple[str, ...]:
    """Give the canonical URLs of a notice's attachments, each once."""
    return tuple(dict.fromkeys(canonical_url(attachment.url) for attachment in notice.files if attachment.url))


def files_of(connection: sqlite3.Connection, url: str, before: int | None = None, after: int = 0) -> list[sqlite3.Row]:
    """Give the good captures of a file in the order kept, those of addresses its own redirected to among them."""
    return connection.execute(_FILES, {"url": storable(url), "before": 1 << 62 if before is None else before, "after": after}).fetchall()


def known_files(connection: sqlite3.Connection, notice: Notice, before: int, at: str) -> dict[str, str]:
    """Give the digests of a notice's files as captured before a capture, which was made `at` a time, by canonical URL."""
    if not notice.files:
        return {}
    earlier = {url: files_of(connection, url, before=before) for url in file_urls(notice)}
    found = {url: [file for file in files if file["captured_at"] <= at] for url, files in earlier.items()}
    return {url: files[-1]["digest"] for url, files in found.items() if files}


def unattached(connection: sqlite3.Connection, site: str) -> list[int]:
    """Give the numbers of captured files that do not count yet for a link of a site: a run was killed between the two."""
    urls = [row[0] for row in connection.execute(_UNATTACHED, (site,))]
    newest = [files[-1]["id"] for url in urls if (files := files_of(connection, url))]
    return sorted(set(newest))


def attach_file(connection: sqlite3.Connection, file: sqlite3.Row) -> list[int]:
    """Let a captured file count for every notice that links to it; gives the addresses whose versions became more."""
    return [
        address
        for url in _answers_for(connection, file)
        for (address,) in connection.execute("select address from attachments where url = ? order by address", (url,)).fetchall()
        if attach_to(connection, address, url, file)
    ]


def attach_to(connection: sqlite3.Connection, address: int, url: str, file: sqlite3.Row) -> bool:
    """Let a captured file count for one address; says whether that cut a version."""
    timeline = load_timeline(connection, address)
    after = swap(timeline, url, file["digest"], file["captured_at"], file["id"])
    save_timeline(connection, address, timeline, after)
    connection.execute(
        "update attachments set capture = ?, payload = ? where address = ? and url = ? and (capture is null or capture <= ?)",
        (file["id"], file["digest"], address, url, file["id"]),
    )
    bound(connection, address, after)
    return len(after) != len(timeline)


def catch_up(connection: sqlite3.Connection, address: int, notice: Notice, capture: int) -> bool:
    """Let files count that were captured after a page but before it was read; says whether that cut a version."""
    later = [(url, file) for url in file_urls(notice) for file in files_of(connection, url, after=capture)]
    cut = [attach_to(connection, address, url, file) for url, file in sorted(later, key=lambda pair: int(pair[1]["id"]))]
    return any(cut)


def link(connection: sqlite3.Connection, address: int, notice: Notice) -> None:
    """Write the links of a notice to its files, with the newest capture of each; a link that was there is brought up to date."""
    for position, attachment in enumerate(notice.files):
        if not attachment.url:  # named in the page, and nowhere to be had
            continue
        url = canonical_url(attachment.url)
        files = files_of(connection, url)
        newest = (files[-1]["id"], files[-1]["digest"]) if files else (None, None)
        words = (storable(attachment.title), storable(attachment.media_type))
        connection.execute(_LINK, (address, storable(url), *words, position, *newest))


def bound(connection: sqlite3.Connection, address: int, timeline: Timeline) -> None:
    """Write the first and last version each link of an address stands in; those in none any more go."""
    for number, url in connection.execute("select id, url from attachments where address = ?", (address,)).fetchall():
        names = [version.captured_at for version in timeline if any(storable(known) == url for known, _ in version.parts.files)]
        if names:
            ends = [version_id(connection, address, name) for name in (names[0], names[-1])]
            connection.execute("update attachments set first_version = ?, last_version = ? where id = ?", (*ends, number))
        else:
            connection.execute("delete from attachments where id = ?", (number,))


_LINK = """
    insert into attachments (address, url, title, media_type, position, capture, payload) values (?, ?, ?, ?, ?, ?, ?)
    on conflict (address, url) do update set title = excluded.title, position = excluded.position, media_type = excluded.media_type,
        capture = excluded.capture, payload = excluded.payload
"""

_UNATTACHED = """
    select distinct f.url from attachments f join addresses a on a.id = f.address left join addresses t on t.url = f.url
    where a.site = ? and (f.capture is null or exists (
        select 1 from captures c where c.address = t.id and c.id > f.capture and c.outcome = 'ok' and c.payload is not null))
"""

_FILES = """
    select c.id, c.captured_at, p.digest from captures c join addresses a on a.id = c.address join payloads p on p.id = c.payload
    where c.outcome = 'ok' and c.id < :before and c.id > :after and a.url in (
        select :url union
        select e.redirected_to from addresses s join captures r on r.address = s.id join envelopes e on e.id = r.envelope
        where s.url = :url and e.redirected_to <> ''
    ) order by c.id
"""


def _answers_for(connection: sqlite3.Connection, file: sqlite3.Row) -> list[str]:
    """Give the canonical URLs a captured file answers for: its own, and those that redirected to it."""
    own = storable(canonical_url(file["url"]))
    sources = connection.execute(
        "select distinct url from envelopes where redirected_to in (?, ?) and redirected_to <> ''", (file["url"], own)
    ).fetchall()
    return list(dict.fromkeys([own, *(storable(canonical_url(source[0])) for source in sources)]))
