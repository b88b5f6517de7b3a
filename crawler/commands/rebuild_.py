"""`dibao rebuild`: read all captures again."""

from __future__ import annotations

from pathlib import Path

import click

from archive.rebuild import Rebuild
from archive.store import Archive
from crawler.commands import options
from crawler.progress import files_told
from crawler.reading import read_file, reader_for
from spiders.site import load_sites


@click.command("rebuild")
@options.db
@options.sites
@options.quiet
def command(db: Path, folders: tuple[Path, ...], quiet: bool) -> None:
    """Read all captures again with today's cleaners, rules and site files.

    Nothing is fetched. Readings that differ are kept with the cause "cleaner"; every version keeps its permanent name. Attached files
    are read again where the readers of files have changed since, or they never were.
    """
    with Archive.open(db, create=False) as archive:
        report = archive.rebuild(reader_for(load_sites(*folders)), read_file)
    if not quiet:
        click.echo(told(report), err=True)


def told(report: Rebuild) -> str:
    """Say in one line what a rebuild did."""
    changed = report.differing or report.cut or report.merged
    said = f"{report.differing} say something else now" if changed else "nothing changed"
    moved = f", {report.cut} versions cut, {report.merged} merged away" if report.cut or report.merged else ""
    return f"{report.captures} captures read: {said}{moved}; {report.versions} versions stand.{_files(report)}"


def _files(report: Rebuild) -> str:
    if not report.files:
        return ""
    told = files_told({"read": report.files - sum(report.shortfalls.values()), **report.shortfalls})
    return f" {', '.join(told)}: {report.refiled} say something else now."
