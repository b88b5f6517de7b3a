"""`dibao undo`: take moves of addresses back."""

from __future__ import annotations

from pathlib import Path

import click

from archive.relations import relate_new
from archive.store import Archive
from archive.works.byhand import undo
from crawler.commands import options


@click.command("undo")
@options.db
@click.argument("moves", type=int, nargs=-1, required=True, metavar="MOVE...")
def command(db: Path, moves: tuple[int, ...]) -> None:
    """Undo moves by their numbers (`dibao works NOTICE` lists them), the newest first: by hand or made by dibao itself.

    All of them are undone, or none. What was undone is not done again by itself; the log keeps both.
    """
    with Archive.open(db, create=False) as archive:
        with archive.write():
            done = [undo(archive, number) for number in sorted(set(moves), reverse=True)]
        relate_new(archive)
    for moved in done:
        click.echo(f"move {moved.number}: {moved.url} belongs to {moved.after} again, no longer to {moved.before}")
