"""`dibao export`: write a corpus."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click

from archive.export import export
from archive.export.warc import FORMATS, Exported, Wish, export_captures
from archive.store import Archive
from crawler.commands import options

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("export")
@options.db
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "text", *FORMATS]),
    default="jsonl",
    show_default=True,
    help="Notices: one JSON object a line, or plain text files. Every exchange: WARC 1.1 files, or a WACZ package for replay.",
)
@click.option("--site", help="Only this site.")
@click.option("--since", type=_DAY, help="Only notices published on this day or later (YYYY-MM-DD); for warc and wacz, captured.")
@click.option("--until", type=_DAY, help="Only notices published on this day or earlier; for warc and wacz, captured (days in UTC).")
@click.option("--out", type=click.Path(path_type=Path), help="The file, or the folder for text; standard output without it.")
@click.option("--size", type=click.IntRange(1), default=1000, show_default=True, help="MB after which another WARC file is begun.")
@click.option("--operator", envvar="DIBAO_CONTACT", default="", help="Who is named in the warcinfo; DIBAO_CONTACT by default.")
@options.quiet
def command(  # noqa: PLR0917 - click passes them by name
    db: Path,
    form: str,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    out: Path | None,
    size: int,
    operator: str,
    quiet: bool,
) -> None:
    """Write the cleaned notices of the archive, each in its current version, or its exchanges, by site and date where asked.

    warc and wacz hold every capture as it is kept; docs/warc.md says how.
    """
    if since and until and since > until:
        raise click.UsageError("--since is later than --until: nothing can be published between them.")
    days = _day(since), _day(until)
    with Archive.open(db, for_reading=True) as archive:
        with archive.reading() as connection:
            options.known_site(connection, db, site)
        if form in FORMATS:
            wish = Wish(site, *days, operator)
            told = _told(export_captures(archive, form, out or sys.stdout.buffer, wish, most=size * 1_000_000), out)
        else:
            written = export(archive, form, out or sys.stdout.buffer, site=site, since=days[0], until=days[1])
            told = [f"{written} notices written{f' to {out}' if out else ''}"]
    if not quiet:
        click.echo("\n".join(told), err=True)


def _told(exported: Exported, out: Path | None) -> list[str]:
    """Say what was written and what was not."""
    records = ", ".join(f"{number} {kind}" for kind, number in sorted(exported.records.items()))
    where = f" to {', '.join(str(out.with_name(name)) for name in exported.files)}" if out else ""
    told = [f"{exported.captures} captures written{where} ({records})"]
    if exported.without_response:
        told.append(f"{exported.without_response} of them had no response: they are metadata records")
    return told + [f"{number} left out: {reason}" for reason, number in sorted(exported.left_out.items())]


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
