"""`dibao export`: write a corpus."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click

from archive.export import export
from archive.store import Archive
from cleaners.errors import ArchiveError
from crawler.commands import options

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("export")
@options.db
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "text"]),
    default="jsonl",
    show_default=True,
    help="One JSON object a line, or plain text files.",
)
@click.option("--site", help="Only notices of this site.")
@click.option("--since", type=_DAY, help="Only notices published on this day or later (YYYY-MM-DD).")
@click.option("--until", type=_DAY, help="Only notices published on this day or earlier (YYYY-MM-DD).")
@click.option("--out", type=click.Path(path_type=Path), help="The file, or the folder for text; standard output without it.")
@options.quiet
def command(  # noqa: PLR0917 - click passes them by name
    db: Path, form: str, site: str | None, since: datetime | None, until: datetime | None, out: Path | None, quiet: bool
) -> None:
    """Write the cleaned notices of the archive, each in its current version, by site and date where asked."""
    if since and until and since > until:
        raise click.UsageError("--since is later than --until: nothing can be published between them.")
    with Archive.open(db, for_reading=True) as archive:
        if site and site not in (known := [row.site for row in archive.status()]):
            raise ArchiveError(f"{db}: holds no site {site!r}; it has {', '.join(filter(None, known)) or 'none'}.")
        written = export(archive, form, out or sys.stdout.buffer, site=site, since=_day(since), until=_day(until))
    if not quiet:
        click.echo(f"{written} notices written{f' to {out}' if out else ''}", err=True)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
