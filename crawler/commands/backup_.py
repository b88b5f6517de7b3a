"""`dibao backup`: copy the archive, and look the copy over before it counts."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.preservation.backup import backup
from crawler.commands import options
from crawler.progress import work_shown


@click.command("backup")
@options.db
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    default=Path("backups"),
    show_default=True,
    help="The file (with a suffix), or the folder where the copy gets the archive's name and the time.",
)
@click.option("--keep", type=click.IntRange(min=1), help="Keep so many copies in the folder; older ones go once the new one is sound.")
@click.option("--quick", is_flag=True, help="Of the copy, look over only fixity and pages: open no payload, derive nothing again.")
@click.option("--damaged", is_flag=True, help="Keep the copy of a damaged archive too, as X.damaged.db; exit code 1.")
@options.quiet
def command(  # noqa: PLR0917 - click passes them by name
    db: Path, to: Path, keep: int | None, quick: bool, damaged: bool, quiet: bool
) -> None:
    """Copy the archive as it stands at this moment; crawls and readers go on meanwhile.

    The copy is written under another name, brought to disk and looked over as `dibao verify` does; only then does it take its place.
    One that cannot be finished leaves nothing behind, and no older copy is touched.
    """
    with work_shown(quiet=quiet) as told:
        made = backup(db, to, quick=quick, keep=keep, damaged=damaged, told=told)
    if not made.report.sound:
        click.echo(f"{made.path}: is damaged as the archive is: {made.report.damages[0]}; ask `dibao verify` about the rest", err=True)
        sys.exit(1)
    if not quiet:
        dropped = f"; {len(made.dropped)} older taken away" if made.dropped else ""
        click.echo(f"{made.path}: {made.size / 1e6:.1f} MB, looked over and sound{dropped}", err=True)
