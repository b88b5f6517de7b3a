"""`dibao import`: take saved pages into the archive."""

from __future__ import annotations

from pathlib import Path

import click

from archive.store import Archive
from crawler.commands import options
from crawler.commands.crawl_ import find
from crawler.imports import PAGES, WARCS, Imported, import_paths
from crawler.progress import files_told
from spiders.site import load_sites


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--site", default="", help="The site the pages belong to: its layouts are used to read them.")
@options.db
@options.sites
@options.quiet
def command(paths: tuple[Path, ...], site: str, db: Path, folders: tuple[Path, ...], quiet: bool) -> None:
    """Take saved pages (.html, .htm, .shtml, .txt), their attached files, WARC files and WACZ packages in, folders to any depth.

    From a sidecar NAME.json only url and captured_at are read; an attached file in a folder needs one (NAME.pdf.json).
    What has no URL gets the address urn:sha256:DIGEST, what has no time is known by the time of its import. Importing the same
    files again adds nothing.
    """
    sites = load_sites(*folders)
    if site:
        find(sites, site)
    with Archive.open(db) as archive:
        report = import_paths(archive, list(paths), sites, site)
    for path, reason in report.skipped.items():
        click.echo(reason if reason.startswith(path) else f"{path}: {reason}", err=True)
    if not (report.captures or report.known or report.records or report.skipped):
        click.echo(f"Nothing to import there: no file ends in {', '.join((*PAGES, *WARCS))}.", err=True)
    if not quiet:
        files = files_told({flag or "read": number for flag, number in report.files.items()})
        told = f"{report.captures} captures taken in, {report.read} read, {report.known} already there, {len(report.skipped)} passed over"
        click.echo(", ".join([told, *_beside(report), *files]), err=True)
    if report.skipped:
        click.get_current_context().exit(1)


def _beside(report: Imported) -> list[str]:
    told = {
        "revisits of what is neither in these files nor in the archive": report.unresolved,
        "records that belong to no page": report.records,
    }
    return [f"{number} {what}" for what, number in told.items() if number]
