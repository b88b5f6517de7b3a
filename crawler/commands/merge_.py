"""`dibao merge`: two notices are one document."""

from __future__ import annotations

from pathlib import Path

import click

from archive.relations import relate_new
from archive.store import Archive
from archive.works.byhand import merge
from archive.works.naming import find_notice
from crawler.commands import options


@click.command("merge")
@options.db
@click.argument("notice")
@click.argument("into")
@click.option("--reason", required=True, help="Why both are one document; it is kept, and shown to readers.")
def command(db: Path, notice: str, into: str, reason: str) -> None:
    """Point all addresses of NOTICE to the notice INTO (ids, or addresses of pages): both are one document.

    Nothing is lost: versions stay with their addresses and keep their names. `dibao undo` takes a move back.
    """
    with Archive.open(db, create=False) as archive:
        with archive.reading() as connection:
            names = find_notice(connection, notice), find_notice(connection, into)
        for moved in merge(archive, *names, reason):
            click.echo(f"move {moved.number}: {moved.url} now belongs to {moved.after}, no longer to {moved.before}")
        relate_new(archive)
