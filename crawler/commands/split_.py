"""`dibao split`: an address is a document of its own."""

from __future__ import annotations

from pathlib import Path

import click

from archive.relations import relate_new
from archive.store import Archive
from archive.works.byhand import split
from crawler.commands import options


@click.command("split")
@options.db
@click.argument("address")
@click.option("--reason", required=True, help="Why this is another document; it is kept, and shown to readers.")
def command(db: Path, address: str, reason: str) -> None:
    """Point ADDRESS (its URL, or its number in the table addresses) to a notice of its own: it is another document.

    It is not joined again by itself. `dibao undo` takes the move back.
    """
    with Archive.open(db, create=False) as archive:
        moved = split(archive, address, reason)
        relate_new(archive)
    click.echo(f"move {moved.number}: {moved.url} now belongs to {moved.after}, no longer to {moved.before}")
