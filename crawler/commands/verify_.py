"""`dibao verify`: look the archive over."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from archive.preservation.damage import Report
from archive.preservation.verify import give_all, verify
from crawler.commands import options
from crawler.progress import work_shown

SHOWN = 50


@click.command("verify")
@options.db
@click.option("--quick", is_flag=True, help="Pages, indexes and fixity only: open no payload, derive nothing again.")
@click.option("--fill", is_flag=True, help="First give the rows that an older dibao wrote their fixity, as they stand now.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@options.quiet
def command(db: Path, quick: bool, fill: bool, as_json: bool, quiet: bool) -> None:
    """Find out whether the archive is what it was when it was written; a crawl may go on meanwhile.

    Every row of the record is compared with its fixity (a digest of what it says), every payload with its SHA-256, and what is derived
    with what would be derived
    again. Each damaged record is named, with what to do about it. Exit code 1 where anything is damaged.
    """
    if fill:
        give_all(db)
    with work_shown(quiet=quiet or as_json) as told:
        report = verify(db, quick=quick, told=told)
    if as_json:
        click.echo(json.dumps(report.as_document(), ensure_ascii=False, indent=2))
    else:
        _tell(report, db, quiet=quiet)
    sys.exit(0 if report.sound else 1)


def _tell(report: Report, db: Path, *, quiet: bool) -> None:
    for damage in report.damages[:SHOWN]:
        click.echo(str(damage))
    if len(report.damages) > SHOWN:
        click.echo(f"and {len(report.damages) - SHOWN} more; --json lists them all")
    if report.without_fixity:
        rows = ", ".join(f"{number} {table}" for table, number in report.without_fixity.items())
        click.echo(f"without fixity: {rows}; an older dibao wrote them, `dibao verify --fill` gives it to them as they stand", err=True)
    if not quiet:
        found = f"{len(report.damages)} damaged" if report.damages else "sound"
        click.echo(f"{db}: {found}; {sum(report.looked_at.values())} rows looked at", err=True)
