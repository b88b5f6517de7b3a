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


Place = tuple[str, int]
"""Where a capture stands in the order of time: when it was made, and its number."""


def files_of(connection: sqlite3.Connection, url: str, before: Place = ("~", 0), after: Place = ("", 0)) -> list[sqlite3.Row]:
    """Give the good captures of a file in the order of time, those of addresses its own redirected to among them."""
    between = {"before": before[0], "before_number": before[1], "after": after[0], "after_number": after[1]}
    return connection.execute(_FILES, {"url": storable(url)} | between).fetchall()


def known_files(connection: sqlite3.Connection, notice: Notice, before: Place) -> dict[str, str]:
    """Give the digests of a notice's files as captured before a capture, by canonical URL."""
    if not notice.files:
        return {}
    earlier = {url: files_of(connection, url, before=before) for url in file_urls(notice)}
    return {url: files[-1]["digest"] for url, files in earlier.items() if files}


def unattached(connection: sqlite3.Connection, site: str) -> list[int]:
    """Give the numbers of captured files that do not count yet for a link of a site: a run was killed between the two."""
    urls = [row[0] for row in connection.execute(_UNATTACHED, (site,))]
    newest = [files[-1]["id"] for url in urls if (files := files_of(connection, url))]
    return sorted(set(newest))


def linking(connection: sqlite3.Connection, file: sqlite3.Row) -> list[tuple[int, str]]:
    """Give the addresses that link to a captured file, each with the URL it does so by."""
    linked = "select address, url from attachments where url = ? order by address"
    return [tuple(row) for url in _answers_for(connection, file) for row in connection.execute(linked, (url,)).fetchall()]


def comes_late(connection: sqlite3.Connection, address: int, url: str, file: sqlite3.Row) -> bool:
    """Say whether a file counts only now, and the page or the file itself was captured later already."""
    later = "select 1 from captures where address = ? and captured_at > ? and read = 1 limit 1"
    cut = "select 1 from versions where address = ? and captured_at > ? and merged_into is null limit 1"  # by another file
    if any(connection.execute(statement, (address, file["captured_at"])).fetchone() for statement in (later, cut)):
        return True
    return bool(files_of(connection, url, after=(file["captured_at"], file["id"])))


def attach_to(connection: sqlite3.Connection, address: int, url: str, file: sqlite3.Row) -> bool:
    """Let a captured file count for one address; says whether that cut a version."""
    timeline = load_timeline(connection, address)
    after = swap(timeline, url, file["digest"], file["captured_at"], file["id"])
    save_timeline(connection, address, timeline, after)
    connection.execute(
        "update attachments set capture = ?, payload = ? where address = ? and url = ?"
        " and (capture is null or (select captured_at from captures where id = attachments.capture) <= ?)",
        (file["id"], file["digest"], address, url, file["captured_at"]),
    )
    bound(connection, address, after)
    return len(after) != len(timeline)


def catch_up(connection: sqlite3.Connection, address: int, notice: Notice, after: Place) -> bool:
    """Let files count that were captured after a page but before it was read; says whether that cut a version."""
    later = [(url, file) for url in file_urls(notice) for file in files_of(connection, url, after=after)]
    later.sort(key=lambda pair: (pair[1]["captured_at"], pair[1]["id"]))
    cut = [attach_to(connection, address, url, file) for url, file in later]
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
        select 1 from captures c join captures k on k.id = f.capture
        where c.address = t.id and (c.captured_at, c.id) > (k.captured_at, k.id) and c.outcome = 'ok' and c.payload is not null))
"""

_FILES = """
    select c.id, c.captured_at, p.digest from captures c join addresses a on a.id = c.address join payloads p on p.id = c.payload
    where c.outcome = 'ok' and (c.captured_at, c.id) < (:before, :before_number) and (c.captured_at, c.id) > (:after, :after_number)
    and a.url in (
        select :url union
        select e.redirected_to from addresses s join captures r on r.address = s.id join envelopes e on e.id = r.envelope
        where s.url = :url and e.redirected_to <> ''
    ) order by c.captured_at, c.id
"""


def _answers_for(connection: sqlite3.Connection, file: sqlite3.Row) -> list[str]:
    """Give the canonical URLs a captured file answers for: its own, and those that redirected to it."""
    own = storable(canonical_url(file["url"]))
    sources = connection.execute(
        "select distinct url from envelopes where redirected_to in (?, ?) and redirected_to <> ''", (file["url"], own)
    ).fetchall()
    return list(dict.fromkeys([own, *(storable(canonical_url(source[0])) for source in sources)]))
