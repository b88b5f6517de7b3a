"""`dibao relate`: find copies, citations, repeals and what else notices have to do with one another."""

from __future__ import annotations

from pathlib import Path

import click

from archive import relations
from archive.relations import relate, summary
from archive.store import Archive
from crawler.commands import options
from crawler.tables import aligned


@click.command("relate")
@click.option("--all", "every", is_flag=True, help="Throw away what was found before and find it again.")
@click.option("--lacking", is_flag=True, help="List the documents that notices name and that are not in the archive, the most named first.")
@options.db
@options.quiet
def command(db: Path, every: bool, lacking: bool, quiet: bool) -> None:
    """Relate notices: copies and reposts, citations, repeals, amendments, explanations.

    Every crawl and import does this at its end for what it brought, up to a bound; this does what is left. Nothing is fetched and
    nothing that is kept is changed: what is found stands in tables of its own and can be found again (--all).
    """
    with Archive.open(db, create=False) as archive:
        done = relate(archive, every=every)
        kinds, wanted = summary(archive)
        with archive.reading() as connection:
            named = list(relations.lacking(connection)) if lacking else []
    for one in named:
        click.echo(f"{one.named}\t{one.number or '-'}\t{one.title or '-'}\t{one.notice}")
    if quiet or lacking:
        return
    click.echo(f"{done.changed} notices related.", err=True)
    rows = [(kind, f"{number:,}") for kind, number in kinds.items()]
    for line in aligned([*rows, ("documents cited that are not in the archive", f"{wanted:,}")]):
        click.echo(line)
