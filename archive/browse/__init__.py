"""A Datasette plugin that makes a dibao archive readable: notices, versions, differences, evidence, raw pages, search.

It uses only hooks that Datasette 0.65 and 1.0a share, and touches nothing where no archive is served.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from markupsafe import Markup
from pluggy import HookimplMarker

from archive.browse import routes, security
from archive.browse.routes import archive_of, is_archive
from archive.browse.takedowns import deny_sealed
from archive.browse.words import words
from archive.record.captures import open_record_id
from archive.schema import APPLICATION_ID
from archive.search import match

hookimpl = HookimplMarker("datasette")

LONGEST_VALUE = 64 * 1024 * 1024
"""Bytes one value may have in a visitor's own SQL: hex(zeroblob(4e8)) and its like end here (measured: 2 GB without)."""


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Make Datasette's own search boxes search Chinese: `escape_fts` gives the expression `archive.search.match` makes, filters and all."""
    if conn.execute("pragma application_id").fetchone()[0] != APPLICATION_ID:
        return
    conn.create_function("escape_fts", 1, lambda query: match(str(query or ""), conn))
    conn.execute("pragma query_only = on")
    conn.set_authorizer(deny_sealed)
    if hasattr(conn, "setlimit"):
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """Give our pages their addresses, `/` among them, where an archive is served."""
    return routes.ROUTES if archive_of(datasette) else []


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Put the security headers on every answer."""
    if not archive_of(datasette):
        return lambda app: app
    templates = files("datasette").joinpath("templates").iterdir()
    sources = [template.read_text("utf-8") for template in templates if template.name.endswith(".html")]
    policy = security.table_policy(security.inline_scripts(sources))
    return lambda app: security.guard(app, policy)


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """Lead from Datasette's own pages back to ours."""
    if not archive_of(datasette):
        return []
    ui = words("zh")
    return [
        {"href": datasette.urls.path(path), "label": ui.word("ui", key)}
        for path, key in (("/", "newest"), ("/search", "search"), ("/sites", "sites"), ("/runs", "runs"))
    ]


@hookimpl
def extra_template_vars(datasette: Any) -> dict[str, Any]:
    """Give Datasette's own pages what our `templates/base.html` puts on top of them."""
    links = menu_links(datasette)
    return {"dibao_links": links, "dibao_words": words("zh").groups["ui"]} if links else {}


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:
    """Style what stands on top of Datasette's own pages."""
    return [datasette.urls.static_plugins("dibao", "tables.css")] if archive_of(datasette) else []


_LINKS = {
    ("notices", "id"): ("/notice/{}", "id"),
    ("notices", "title"): ("/notice/{}", "id"),
    ("addresses", "notice"): ("/notice/{}", "notice"),
    ("captures", "id"): ("/capture/{}", "id"),
    ("captures", "record_id"): ("/capture/{}", "id"),
    ("versions", "capture"): ("/capture/{}", "capture"),
    ("readings", "capture"): ("/capture/{}", "capture"),
    ("runs", "id"): ("/runs/{}", "id"),
    ("runs", "started_at"): ("/runs/{}", "id"),
}
_WORDS: dict[tuple[str, str], Callable[[Any], str]] = {
    ("captures", "record_id"): open_record_id,
    ("readings", "read_at"): lambda seconds: datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
}
"""What a reader sees of values that are stored in a form of their own."""
"""Our page for a cell of a table, and the column its id stands in; Datasette links the first column of a table itself."""


@hookimpl
def render_cell(row: Any, column: str, table: str | None, database: str, datasette: Any) -> Markup | None:
    """Link from Datasette's own tables to our pages."""
    cell = (table or "", column)
    if row[column] is None or not (cell in _LINKS or cell in _WORDS) or not is_archive(datasette.get_database(database)):
        return None
    shown = _WORDS[cell](row[column]) if cell in _WORDS else row[column]
    pattern, source = _LINKS.get(cell, ("", ""))
    if source not in row.keys():  # noqa: SIM118 - a sqlite3.Row
        return Markup("{}").format(shown) if cell in _WORDS else None
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(pattern.format(routes.quoted(row[source]))), shown)
