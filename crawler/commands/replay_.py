"""`dibao replay`: read the fixtures of site files with today's code and compare with their golden files."""

from __future__ import annotations

from pathlib import Path

import click

from cleaners.errors import FileError
from crawler.commands import options
from crawler.probe.fixtures import folders, replay
from crawler.probe.words import both, pair


@click.command("replay")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("sites"))
@click.option("--accept", is_flag=True, help="Write today's reading into the golden files.")
@options.quiet
@click.pass_context
def command(ctx: click.Context, folder: Path, accept: bool, quiet: bool) -> None:
    """Read the fixtures in a folder of site files again, without the network, and show where today's reading differs.

    A difference is a change of what dibao reads: either a mistake, or better than what was reviewed; then --accept keeps it.
    The exit code is 1 where anything differs and was not accepted.
    """
    found = folders(folder)
    if not found:
        raise FileError(f"{folder} holds no fixtures; dibao add writes one for each column it adds")
    replayed = [replay(fixture, accept=accept) for fixture in found]
    for one in replayed:
        state = "same" if not one.difference else "accepted" if accept else "differs"
        if one.difference or not quiet:
            click.echo(f"{one.folder}: {both('replay', state)}")
        for line in () if accept else one.difference:
            click.echo(f"  {line}")
    if any(one.difference for one in replayed) and not accept:
        for line in pair("replay", "how", folder=folder):  # two commands in one line would be run together
            click.echo(line, err=True)
        ctx.exit(1)
