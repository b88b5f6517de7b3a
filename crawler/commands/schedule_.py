"""`dibao schedule`: crawl what is due."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.store import Archive
from cleaners.errors import NoticeError
from crawler.children import Options, Result, crawl_sites
from crawler.clock import due_columns, idle, set_clocks
from crawler.commands import options
from crawler.commands.crawl_ import NO_CONTACT, leave
from crawler.progress import show
from spiders.site import load_sites


@click.group("schedule")
def command() -> None:
    """Crawl what is due: each column has a frequency in its site file, and the archive keeps when it is due next."""


@command.command("once", short_help="Crawl every site with a column that is due, then end.")
@options.db
@options.sites
@options.contact
@options.jobs
@options.quiet
def once(db: Path, folders: tuple[Path, ...], contact: str, jobs: int, quiet: bool) -> None:
    """Crawl every site with a column that is due, then end: for cron (with -q) or a systemd timer."""
    wishes = Options(db, contact, folders, jobs=jobs)
    results = crawl_due(wishes, quiet=quiet)
    _tell_idle(wishes, results, quiet=quiet)
    leave(results)


@command.command("run", short_help="Keep crawling what is due, until stopped.")
@options.db
@options.sites
@options.contact
@options.jobs
@click.option("--every", type=click.IntRange(min=1), default=60, show_default=True, help="Seconds between two looks at the clock.")
@options.quiet
def run(db: Path, folders: tuple[Path, ...], contact: str, jobs: int, every: int, quiet: bool) -> None:  # noqa: PLR0917 - as click has them
    """Keep crawling what is due, until stopped; a column missed meanwhile is caught up once."""
    wishes = Options(db, contact, folders, jobs=jobs)
    results = crawl_due(wishes, quiet=quiet)
    _tell_idle(wishes, results, quiet=quiet)
    while not any(result.stopped for result in results):
        time.sleep(every)
        results = crawl_due(wishes, quiet=quiet)


def _tell_idle(wishes: Options, results: list[Result], *, quiet: bool) -> None:
    """Say why nothing was crawled: a newcomer's sites are all candidates."""
    if not results and not quiet:
        with Archive.open(wishes.db) as archive:
            click.echo(idle(archive, load_sites(*wishes.folders).values(), datetime.now(UTC)), err=True)


def crawl_due(wishes: Options, *, quiet: bool) -> list[Result]:
    """Crawl the columns that are due now and set when they are due next."""
    if not wishes.contact.strip():
        raise NoticeError(NO_CONTACT)
    sites, now = load_sites(*wishes.folders), datetime.now(UTC)
    with Archive.open(wishes.db) as archive:
        columns = due_columns(archive, sites.values(), now)
    if not columns:
        return []
    chosen = [sites[name] for name in columns]
    with show(quiet=quiet) as screen:
        results = crawl_sites(chosen, replace(wishes, channels=columns), screen)
    with Archive.open(wishes.db) as archive:
        set_clocks(archive, chosen, columns, now)
    return results
