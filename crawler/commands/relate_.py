"""`dibao relate`: find copies, citations, repeals and what else notices have to do with one another."""

from __future__ import annotations

from pathlib import Path

import click

from archive.relations import relate, summary
from archive.store import Archive
from crawler.commands import options
from crawler.tables import aligned


@click.command("relate")
@click.option("--all", "every", is_flag=True, help="Throw away what was found before and find it again.")
@options.db
@options.quiet
def command(db: Path, every: bool, quiet: bool) -> None:
    """Relate notices: copies and reposts, citations, repeals, amendments, explanations.

    Every crawl and import does this at its end for what it brought, up to a bound; this does what is left. Nothing is fetched and
    nothing that is kept is changed: what is found stands in tables of its own and can be found again (--all).
    """
    with Archive.open(db, create=False) as archive:
        done = relate(archive, every=every)
        kinds, wanted = summary(archive)
    if quiet:
        return
    click.echo(f"{done.changed} notices related.", err=True)
    rows = [(kind, f"{number:,}") for kind, number in kinds.items()]
    for line in aligned([*rows, ("documents cited that are not in the archive", f"{wanted:,}")]):
        click.echo(line)
