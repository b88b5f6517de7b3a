"""`dibao learn`: lines of sites' templates."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from archive.connection import Store
from archive.rebuilding import learned
from crawler.commands import options
from crawler.progress import work_shown
from crawler.tables import aligned

_HEADS = ("site", "state", "in force", "pages", "line", "template")


@click.command("learn")
@click.argument("action", required=False, type=click.Choice(["list", "pin", "unpin"]))
@click.argument("line", required=False)
@click.option("--site", help="Only this site; needed to pin and unpin.")
@click.option("--json", "as_json", is_flag=True, help="Print the lines as JSON.")
@options.db
@options.quiet
def command(action: str | None, line: str | None, site: str | None, as_json: bool, db: Path, quiet: bool) -> None:  # noqa: PLR0917 - options
    """Learn the lines that the pages of a site share and that are none of a notice's: menus, banners, hotlines.

    Counts the short lines at the ends of the texts as they stand in the archive, proposes those on more than 30 % of at least 30 pages of
    one template, and lists what is known. Proposed lines come into force with the next rebuild of the site: `dibao rebuild --site SITE`.

    \b
    dibao learn                          count and propose, for all sites
    dibao learn list --site SITE         only list
    dibao learn unpin LINE --site SITE   never take this line away
    dibao learn pin LINE --site SITE     take it away whatever is counted
    """  # noqa: D301 - an actual backspace is how click is told to leave lines as they are
    if action in {"pin", "unpin"} and not (line and site):
        raise click.UsageError(f"name the line and its site: dibao learn {action} LINE --site SITE")
    if action not in {"pin", "unpin"} and line:
        raise click.UsageError("a line is named to pin or unpin it only")
    store = Store.open(db, create=False, for_reading=action == "list")
    try:
        if action is None:
            _learn(store, site, quiet=quiet)
        elif line and site:
            learned.decide(store, site, line, f"{action}ned")
        with store.reading() as connection:
            found = learned.lines(connection, site)
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    elif not quiet:
        _list(found)


def _learn(store: Store, site: str | None, *, quiet: bool) -> None:
    with work_shown(quiet=quiet) as shown:
        new = learned.learn(store, site, lambda name, pages: shown(f"pages {name}", pages, 0))
    if not quiet:
        click.echo(f"{new} lines newly proposed." + (" dibao rebuild brings them into force." if new else ""), err=True)


def _list(found: list[learned.Line]) -> None:
    rows = [
        (one.site, one.state, "yes" if one.in_force else "no", f"{one.pages_seen}/{one.pages_of}", one.line, one.template) for one in found
    ]
    for row in aligned([_HEADS, *rows]) if rows else ():
        click.echo(row)
