"""`dibao search`: find notices by words, sites, types, issuers and days."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from archive.search import Count, Hit, Hits, Query, Remark, read_query, telling
from archive.store import Archive
from archive.times import write_moment
from cleaners.errors import ArchiveError
from crawler.commands import options

REMARKS = {
    "ignored": "{} joins nothing there: left out",
    "unclosed": "a quotation mark stands alone: left out",
    "cut": "only the first {} words are looked for",
    "number": "read as a document number: {}",
    "joined": "{} read as joining two words; put it in quotation marks to look for it",
    "value": "{} cannot be read: left out",
    "site": "no site is called {}; `dibao status` lists them",
}
NAMES = {"and": "AND", "or": "OR", "not": "NOT", "site": "site", "type": "type", "creator": "issuer", "day": "date"}


@click.command("search", context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1)
@options.db
@click.option("--site", help="Only notices of this site: its name, or a part of its title.")
@click.option("--since", help="Only notices of this day or later: 2024-05-07, 2024-05 or 2024.")
@click.option("--until", help="Only notices of this day or earlier.")
@click.option("--type", "kind", help="Only this 文种 (通知, 公告, 批复 ...).")
@click.option("--issuer", help="Only notices whose 发文机关 holds this.")
@click.option("--relevance", is_flag=True, help="Best first, among the newest 2,000 hits; else newest first.")
@click.option("--history", is_flag=True, help="Earlier versions too: text that was changed or removed since.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Hits shown, at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@options.quiet
def command(  # noqa: PLR0917 - click passes them by name
    query: tuple[str, ...],
    db: Path,
    site: str | None,
    since: str | None,
    until: str | None,
    kind: str | None,
    issuer: str | None,
    relevance: bool,
    history: bool,
    limit: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Find notices that hold all words of QUERY, newest first.

    "..." holds a phrase together (in quotation marks of your shell's, too); AND, OR, NOT or -word, parentheses; site: type: issuer: since:
    until: date: as well as 站点: 文种: 发文机关: 日期:. A document number is found however its brackets are typed. Simplified and
    Traditional characters find each other. docs/search.md has it all.
    """
    asked = " ".join(query)
    if not (asked or site or kind or issuer or since or until):
        raise click.UsageError("Nothing to look for: give words, or a filter such as --site.")
    with Archive.open(db, for_reading=True) as archive:
        _catch_up(archive, quiet=quiet)
        hits = archive.search(
            asked, limit, site=site, type=kind, creator=issuer, since=since, until=until, relevance=relevance, history=history
        )
        number = archive.count(asked, site=site, type=kind, creator=issuer, since=since, until=until, history=history)
    _tell(hits, number, quiet=quiet)
    for hit in hits:
        click.echo(json.dumps(_document(hit), ensure_ascii=False) if as_json else _shown(hit))


def _catch_up(archive: Archive, *, quiet: bool) -> None:
    """Bring the index up to date where it may be written: one an older dibao made is filled here."""
    waiting = archive.search("", 1).pending
    if not waiting:
        return
    if not quiet:
        click.echo(f"{waiting} notices wait to be put into the search index; that is done first, once", err=True)
    try:
        archive.catch_up_search()
    except ArchiveError as error:
        click.echo(f"the index cannot be brought up to date ({error}): hits may be missing", err=True)


def _tell(hits: Hits, number: Count, *, quiet: bool) -> None:
    """Say on standard error how the query was read, and how many hits there are."""
    for remark in hits.query.remarks:
        click.echo(_remark(remark), err=True)
    if quiet:
        return
    if told := _read_as(hits.query):
        click.echo(f"read as: {told}", err=True)
    ranked = f"; the newest {hits.scored} were ranked" if hits.scored is not None and (number.capped or number > hits.scored) else ""
    click.echo(f"{number} found, {len(hits)} shown{ranked}", err=True)


def _read_as(query: Query) -> str:
    same = query.tree is None or (query.plain and query.tree == read_query(query.text).tree)
    return "" if same or query.tree is None else telling.told(query.tree, NAMES.__getitem__)


def _remark(remark: Remark) -> str:
    return REMARKS[remark.kind].format(remark.text)


def _shown(hit: Hit) -> str:
    """Write a hit: date, title and address, and below them where it was hit."""
    bold = sys.stdout.isatty()
    marked = ["".join(click.style(text, bold=True) if at and bold else text for text, at in pieces) for pieces in (hit.title, hit.snippet)]
    title, snippet = (" ".join(text.split()) for text in marked)
    day = (write_moment(hit.issued) or "")[:10] or "          "
    place = f"[{hit.file}] " if hit.field == "file" else ""
    said = f"    until {hit.until[:10]}" if hit.older and hit.until else "    at another address" if hit.older else ""
    earlier = f"\n{said} (version of {hit.captured_at[:10]})" if said else ""
    return f"{day}  {title}\n    {hit.url}  {hit.notice}{earlier}\n    {place}{snippet}"


def _document(hit: Hit) -> dict[str, Any]:
    names = ("notice", "version", "site", "url", "field", "file", "captured_at", "until", "older", "row")
    told = {name: getattr(hit, name) for name in names}
    texts = {name: "".join(text for text, _ in getattr(hit, name)) for name in ("title", "snippet")}
    return told | texts | {"issued": write_moment(hit.issued)}
