"""The pages and their addresses: each reads rows, shapes them, and renders a template."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette.utils.asgi import Response

from archive.browse import life, passages, queries, rebuilding, searching, security, takedowns, views, works
from archive.browse.filetexts import WHOLE, shown_file
from archive.browse.page import BEIJING, Page, QueryError
from archive.browse.queries import Row
from archive.browse.related import MOST_LACKING, listed_lacking, listed_series, related
from archive.documents import load_notice
from archive.record.payloads import open_payload
from archive.relations.series import Wish
from archive.schema import APPLICATION_ID
from archive.times import read_stamp, stamp
from archive.works.difference import differ, gather
from archive.works.naming import versions_by_id
from cleaners.errors import ArchiveError
from cleaners.records import Notice
from cleaners.urls import canonical_url

LARGE = 16 << 20
"""Bytes of the tables of a file that its own page looks at."""
View = Callable[[Page], Awaitable[Any]]


def quoted(name: object) -> str:
    """Quote a notice's id for a path."""
    return quote(str(name), safe="")


@cache
def _is_archive_file(path: str) -> bool:
    with Path(path).open("rb") as file:
        head = file.read(72)
    return int.from_bytes(head[68:72], "big") == APPLICATION_ID  # SQLite file format, section 1.3


def is_archive(database: Any) -> bool:
    """Say whether one of Datasette's databases is a dibao archive."""
    return bool(database.path) and not database.is_memory and _is_archive_file(str(database.path))


def archive_of(datasette: Any) -> Any:
    """Give the first archive among Datasette's databases, None where there is none."""
    return next((database for database in datasette.databases.values() if is_archive(database)), None)


class MissingError(LookupError):
    """Says that the archive has no such notice, version, capture or run; the page answers 404."""


def _view(function: View) -> Callable[..., Awaitable[Any]]:
    """Make a Datasette view of a page, with an answer in words for what is missing or malformed."""

    async def view(request: Any, datasette: Any) -> Any:
        page = Page(datasette, request, archive_of(datasette))
        try:
            return await function(page)
        except MissingError:
            return await _html(page, "error", status=404, title="not_found", help="not_found_help")
        except queries.SlowError:
            return await _html(page, "error", status=503, title="too_slow", help="too_slow_help")
        except QueryError as error:
            return await _html(page, "error", status=400, title="bad_request", detail=str(error))

    return view


async def _html(page: Page, template: str, status: int = 200, **context: Any) -> Any:
    text = await page.datasette.render_template(f"dibao/{template}.html", {"page": page, **context}, request=page.request)
    # an archived page may hold lone surrogates, which UTF-8 cannot
    return Response(text.encode("utf-8", "replace"), status, {"content-security-policy": security.PAGE_POLICY}, "text/html; charset=utf-8")


async def _read(page: Page, function: Callable[..., Any], *args: object) -> Any:
    limit = int(page.datasette.setting("sql_time_limit_ms"))
    return await page.database.execute_fn(queries.reader(limit, function, *args))


def _path_number(page: Page, name: str) -> int:
    number = int(page.request.url_vars[name])
    if number >= 2**63:
        raise MissingError(name)
    return number


async def newest(page: Page) -> Any:
    """Show the newest notices, of one site where it is named."""
    site = page.arg("site")
    cards, older = views.page_of(await _read(page, queries.newest, site, page.number("before")), queries.PAGE)
    return await _html(page, "newest", days=views.days(cards), older=older, site=site, sites=await _read(page, queries.site_names))


async def search(page: Page) -> Any:
    """Show what a search finds, with the words marked and how the query was read."""
    wish = searching.wish(page)
    found = await _read(page, searching.found, wish) if wish.asked else searching.NOTHING
    listed = {"sites": await _read(page, queries.site_names), "types": searching.TYPES}
    return await _html(page, "search", query=wish.query, wish=wish, told=searching.told(page, found["read"]), **listed, **found)


async def _notice(page: Page) -> Row:
    found = await _read(page, queries.notice, page.request.url_vars["notice"])
    if found is None:
        raise MissingError
    return dict(found)


def _chosen(found: Row, wanted: int | None) -> Row | None:
    """Choose the version to show: the one asked for, else the notice's own, else the first listed."""
    by_id: dict[int, Row] = {version["id"]: version for version in found["version_rows"]}
    if wanted is not None and wanted not in by_id:
        raise MissingError(str(wanted))
    return by_id.get(found["version"] if wanted is None else wanted) or next(iter(by_id.values()), None)


async def _read_version(page: Page, version: Row) -> Notice:
    found = await _read(page, queries.document, version["reading"])
    return load_notice(found["document"]) if found and found["document"] else Notice()


async def notice(page: Page) -> Any:
    """Show one notice, readable, with its parts and their evidence, removals, versions, addresses and history."""
    found = await _notice(page)
    version = _chosen(found, page.number("version"))
    content = await _read_version(page, version) if version else Notice()
    history = await _read(page, queries.history, found["id"])
    stored = await _read(page, queries.capture, version["capture"]) if version else None
    others = await _read(page, related, found["id"])
    return await _html(
        page,
        "notice",
        notice=found,
        version=version,
        stored_as=_stored_as(stored) if stored else "",
        content=content,
        blocks=passages.blocks(content),
        parts=views.parts(content),
        versions=views.paired(found["version_rows"]),
        attachments=views.with_texts(await _read(page, queries.attachments, version["address"])) if version else [],
        nowhere=views.nowhere(content),
        reader=views.reader(content),
        moves=await _read(page, queries.moves, found["id"]),
        related=others,
        latest=views.latest(found["version_rows"]),
        timeline=views.timeline(history[: queries.HISTORY]),
        history_cut=len(history) > queries.HISTORY,
        evidence=views.mapping,
        works=await _read(page, works.works_of, found, others["copies"]),
        anchor=await _read(page, works.anchors, version),
        undone=works.undone,
        show_removed=page.arg("removed") == "1",
        tombstone=await _read(page, takedowns.tombstone, found["id"]),
        merged=rebuilding.merged(found["version_rows"], version, page.arg("named")),
        **_life_words(),
        life=await _read(page, life.life_of, found["id"]),
    )


async def difference(page: Page) -> Any:
    """Show how two versions of a notice differ, by paragraph and within it by characters; fields too."""
    found = await _notice(page)
    a, b = page.number("a"), page.number("b")
    if a is None or b is None:
        raise QueryError("a, b")
    before, after = _chosen(found, a), _chosen(found, b)
    if before is None or after is None:
        raise MissingError
    pair = await _read(page, lambda conn: gather(conn, *versions_by_id(conn, before["id"], after["id"])))
    # long texts take a second to compare; other readers should not wait for it
    compared = await asyncio.to_thread(differ, pair)
    told: dict[str, Any] = {"changes": compared.changes, "files": compared.files, "cause": compared.cause, "ids": compared.ids}
    stretches = views.stretches(compared.changes.paragraphs)
    listed = {"notice": found, "versions": found["version_rows"], "before": before, "after": after}
    return await _html(page, "difference", **listed, **told, stretches=stretches)


async def version(page: Page) -> Any:
    """Lead from a permanent name, address and capture time, to the version it names, merged or moved as it may be."""
    url, at = page.arg("url"), page.arg("at")
    try:
        given = read_stamp(at.replace(" ", "+"))  # a plus sign reads as a space in a query
    except ValueError as error:
        raise QueryError(f"at={at}") from error
    if not url:
        raise QueryError("url=")
    moment = stamp(given if given.tzinfo else given.replace(tzinfo=BEIJING))
    found = await _read(page, queries.version_at, canonical_url(url), moment)
    if found is None or found["notice"] is None:
        raise MissingError(url)
    named = {"named": found["named"]} if found["named"] else {}
    return Response.redirect(page.url(f"/notice/{quoted(found['notice'])}", version=found["id"], **named))


async def capture(page: Page) -> Any:
    """Show the facts of one exchange with a server."""
    found = await _read(page, queries.capture, _path_number(page, "capture"))
    if found is None:
        raise MissingError
    text = await _read(page, queries.file_text, found["stored"], 1, 0)
    return await _html(page, "capture", capture=found, stored_as=_stored_as(found), mapping=views.mapping, text=text["found"])


def _stored_as(found: Row) -> str:
    return views.stored_as(found["role"], security.declared_type(found["headers"])[0])


async def raw(page: Page) -> Any:
    """Give the stored bytes: HTML and text in a sandbox where nothing runs, anything else as a download."""
    found = await _read(page, queries.capture, _path_number(page, "capture"))
    if found is None or found["payload"] is None:
        raise MissingError
    if found["takedown"] is not None:
        return await _html(page, "error", status=451, title="withheld", help="withheld_help")
    try:
        body = await page.database.execute_fn(lambda conn: _open(conn, found["payload"]))
    except ArchiveError as error:
        return await _html(page, "error", status=500, title="damaged", detail=str(error))
    kind = security.raw_type(found["headers"], body)
    return Response(body, 200, security.raw_headers(kind, f"capture-{found['id']}"), kind)


def _open(conn: sqlite3.Connection, digest: str) -> bytes:
    """Open a payload, whatever its size: the limit on values is for visitors' SQL."""
    with queries.any_length(conn):
        return open_payload(conn, digest)


async def file_text(page: Page) -> Any:
    """Show what was read in a stored file."""
    found = await _file(page, WHOLE + 1, LARGE)
    # a large table takes a second to lay out; other readers should not wait for it
    shown = await asyncio.to_thread(shown_file, found["found"], WHOLE, whole=found["characters"])
    return await _html(page, "file", capture=found, shown=shown)


async def file_plain(page: Page) -> Any:
    """Give all of the text of a stored file, as plain text."""
    found = await _file(page, 2**31 - 1, 0)
    kind = "text/plain; charset=utf-8"
    headers = security.raw_headers(kind, f"capture-{found['id']}")
    return Response(found["found"].text.encode("utf-8", "replace"), 200, headers, kind)


async def _file(page: Page, longest: int, contents: int) -> Row:
    """Give a capture with the text of its file."""
    found = await _read(page, queries.capture, _path_number(page, "capture"))
    text = await page.database.execute_fn(lambda conn: queries.file_text(conn, found["stored"], longest, contents)) if found else {}
    if not text.get("found"):
        raise MissingError
    return {**found, **text}


async def series(page: Page) -> Any:
    """Show the largest series of document numbers, and what is missing or out of place in them."""
    wish = Wish(page.arg("site"), page.arg("authority"), page.number("year"))
    return await _html(page, "series", series=await _read(page, listed_series, wish))


async def lacking(page: Page) -> Any:
    """List the documents that notices name and the archive does not have."""
    return await _html(page, "lacking", lacking=await _read(page, listed_lacking), most=MOST_LACKING)


async def sites(page: Page) -> Any:
    """Show every site with its last run."""
    found = await _read(page, queries.sites)
    sites = [{**site, "health": views.health(site)} for site in found]
    return await _html(page, "sites", sites=sites, evidence=views.mapping)


def _life_words() -> dict[str, Any]:
    return {"tell_interval": life.tell_interval, "tell_event": life.tell_event, "life_good": life.GOOD, "life_warn": life.WARN}


async def happened(page: Page) -> Any:
    """Show what happened, newest first: of one kind and one site where asked."""
    found, more = await _read(page, life.timeline, life.wish_of(page))
    sites = await _read(page, queries.site_names)
    titles = {site["name"]: site["title"] for site in sites}
    return await _html(page, "events", **_life_words(), found=found, more=more, sites=sites, titles=titles, kinds=life.KINDS)


async def runs(page: Page) -> Any:
    """Show the runs, newest first."""
    found, older = views.page_of(await _read(page, queries.runs, page.number("before")), queries.PAGE)
    return await _html(page, "runs", runs=found, older=older)


async def run(page: Page) -> Any:
    """Show what one run did: its outcomes, its failures with their reasons, the versions it cut."""
    found = await _read(page, queries.run, _path_number(page, "run"))
    if found is None:
        raise MissingError
    return await _html(page, "run", run=found, counts=views.mapping(found["counts"]), listed=queries.LISTED)


async def withheld(page: Page) -> Any:
    """List every takedown with its reason, and what was done when."""
    return await _html(page, "takedowns", takedowns=await _read(page, takedowns.listed))


async def template_lines(page: Page) -> Any:
    """List the lines learned of sites' templates, with what they were counted on and what was decided of them."""
    titles = {site["name"]: site["title"] for site in await _read(page, queries.site_names)}
    return await _html(page, "learned", learned=await _read(page, rebuilding.learned_lines, page.arg("site")), titles=titles)


ROUTES: list[tuple[str, Any]] = [
    (pattern, _view(function))
    for pattern, function in (
        (r"^/$", newest),
        (r"^/search$", search),
        (r"^/notice/(?P<notice>[^/]+)$", notice),
        (r"^/notice/(?P<notice>[^/]+)/diff$", difference),
        (r"^/version$", version),
        (r"^/capture/(?P<capture>[0-9]{1,20})$", capture),
        (r"^/capture/(?P<capture>[0-9]{1,20})/raw$", raw),
        (r"^/capture/(?P<capture>[0-9]{1,20})/text$", file_text),
        (r"^/capture/(?P<capture>[0-9]{1,20})/text\.txt$", file_plain),
        (r"^/sites$", sites),
        (r"^/series$", series),
        (r"^/lacking$", lacking),
        (r"^/runs$", runs),
        (r"^/takedowns$", withheld),
        (r"^/learned$", template_lines),
        (r"^/events$", happened),
        (r"^/runs/(?P<run>[0-9]{1,20})$", run),
    )
]
