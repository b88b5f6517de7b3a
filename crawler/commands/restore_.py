"""`dibao restore`: put a backup in the place of an archive."""

from __future__ import annotations

from pathlib import Path

import click

from archive.preservation.backup import Restored, restore
from crawler.commands import options
from crawler.progress import work_shown


@click.command("restore")
@click.argument("backup", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.archive_at("--to", "Where the archive is to stand.")
@click.option("--replace", is_flag=True, help="Replace the archive that is there; it is kept aside under another name.")
@options.quiet
def command(backup: Path, to: Path, replace: bool, quiet: bool) -> None:
    """Look a backup over and put it in its place as the archive; the backup itself stays as it is.

    Whoever uses the archive (a crawl, a rebuild) is named and nothing is done.
    """
    with work_shown(quiet=quiet) as told:
        done = restore(backup, to, replace=replace, told=told)
    if not quiet:
        click.echo(told_of(done), err=True)


def told_of(done: Restored) -> str:
    """Say what stands now, what the replaced archive had beyond it, and where that one is."""
    rows = ", ".join(f"{number} {table}" for table, number in done.rows.items())
    lacks = ", ".join(f"{number} {table}" for table, number in done.lacks.items())
    beyond = f"; the archive that was there had {lacks} more" if lacks else ""
    aside = f"; what stood there is kept as {done.aside}" if done.aside else ""
    return f"{done.path}: {rows}{beyond}{aside}"
