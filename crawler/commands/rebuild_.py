"""`dibao rebuild`: read captures again with today's rules."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from archive.connection import Store
from archive.rebuilding.learned import planned
from archive.rebuilding.rebuild import Progress, Rebuild, Watch
from archive.rebuilding.repeat import Repeat, repeat
from archive.search import begin_anew, catch_up_all
from archive.store import Archive
from crawler.commands import options
from crawler.progress import files_told, work_shown
from crawler.reading import read_file, reader_for
from spiders.site import load_sites

SHOWN = 5
"""Examples printed; --json gives more."""


@click.command("rebuild")
@click.option("--site", help="Only this site. Lines learned of its template come into force (see dibao learn).")
@click.option("--all", "everything", is_flag=True, help="Read also what today's rules have read already.")
@click.option("--check", is_flag=True, help="Change nothing: read again what today's rules read, and list what reads differently.")
@click.option(
    "--jobs", type=click.IntRange(min=0), help="Processes that read pages; 0: none but this one.  [default: one for each processor]"
)
@click.option("--index", is_flag=True, help="Make the search index anew and nothing else: where `dibao verify` found it damaged.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@options.db
@options.sites
@options.quiet
def command(  # noqa: PLR0917 - one for each option
    site: str | None,
    everything: bool,
    check: bool,
    jobs: int | None,
    index: bool,
    as_json: bool,
    db: Path,
    folders: tuple[Path, ...],
    quiet: bool,
) -> None:
    """Read captures again with today's cleaners, rules and site files; what they have read already stays as it is.

    Nothing is fetched. Readings that differ are kept with the cause "cleaner"; every version keeps its permanent name. Attached files
    are read again where the readers of files have changed since, or they never were. A rebuild that was stopped goes on where it stood;
    sites that are being crawled come last, and where they still are, are left for the next one. A page that cannot be read keeps what
    it said and is named. Exit code 1: pages or sites were left, or (--check) something reads differently.
    """
    if index:
        _index_anew(db, quiet=quiet)
        return
    processes = len(os.sched_getaffinity(0)) if jobs is None else jobs
    with Archive.open(db, create=False) as archive, work_shown(quiet=quiet) as shown:
        with archive.reading() as connection:
            options.known_site(connection, db, site)
            reader = reader_for(load_sites(*folders), planned(connection, site))
        if not check:
            report = archive.rebuild(reader, read_file, site=site, everything=everything, processes=processes, watch=_watch(shown))
    if not check:
        _tell(report, as_json=as_json, quiet=quiet)
        return
    with closing(Store.open(db)) as store, work_shown(quiet=quiet) as shown:
        again = repeat(store, reader, site=site, processes=processes, watch=_watch(shown))
    _tell_check(again, as_json=as_json, quiet=quiet)


def _index_anew(db: Path, *, quiet: bool) -> None:
    with closing(Store.open(db, create=False)) as store:
        begin_anew(store)
        number = catch_up_all(store)
    if not quiet:
        click.echo(f"{number} notices in the new search index.", err=True)


def _tell(report: Rebuild, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    elif not quiet:
        click.echo("\n".join((told(report), *_details(report))), err=True)
    for url, reason in report.failures.items():
        click.echo(f"left as it was: {reason if url in reason else f'{url}: {reason}'}", err=True)
    for name in report.left:
        click.echo(
            f"{name}: is being crawled or rebuilt elsewhere, and was left as it was; run dibao rebuild --site {name} later", err=True
        )
    if report.failures or report.left:
        click.get_current_context().exit(1)


def _tell_check(again: Repeat, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(again), ensure_ascii=False, indent=1))
    elif not quiet:
        click.echo(f"{again.captures} captures read again by the rules that read them: {len(again.differing)} read differently.", err=True)
    for url, fields in again.differing.items():
        click.echo(f"{url}: {' '.join(fields)}", err=True)
    for url, reason in again.failures.items():
        click.echo(reason if url in reason else f"{url}: {reason}", err=True)
    if again.differing or again.failures:
        click.get_current_context().exit(1)


def told(report: Rebuild) -> str:
    """Say in one line what a rebuild did."""
    changed = report.differing or report.cut or report.merged
    said = f"{report.differing} say something else now" if changed else "nothing changed"
    moved = f", {report.cut} versions cut, {report.merged} merged away" if report.cut or report.merged else ""
    skipped = f", {report.skipped} read by today's rules before" if report.skipped else ""
    return f"{report.captures} captures read{skipped}: {said}{moved}; {report.versions} versions stand.{_files(report)}"


def _details(report: Rebuild) -> Iterator[str]:
    """Say why: readings by cause, the fields that differ, some examples."""
    if report.resumed:
        yield "It went on where an earlier rebuild was stopped; the numbers tell of both."
    if report.readings:
        yield "readings: " + ", ".join(f"{number} {cause}" for cause, number in sorted(report.readings.items()))
    if report.fields:
        yield "fields that differ: " + ", ".join(
            f"{name} {number}" for name, number in sorted(report.fields.items(), key=lambda row: -row[1])
        )
    versions = [example for example in report.examples if example.what != "reading"]
    for example in (versions or report.examples)[:SHOWN]:
        change = " -> ".join(filter(None, (example.before, example.after)))
        yield f"  {example.what} {example.notice or '-'} {example.captured_at} {example.url}: {change}"


def _files(report: Rebuild) -> str:
    if not report.files:
        return ""
    told = files_told({"read": report.files - sum(report.shortfalls.values()), **report.shortfalls})
    return f" {', '.join(told)}: {report.refiled} say something else now."


def _watch(shown: Callable[[str, int, int], None]) -> Watch:
    """Tell how far a rebuild is as other long commands do: captures, then files."""

    def watch(progress: Progress) -> None:
        if progress.files:
            shown("files", progress.files_done, progress.files)
        else:
            shown(f"captures {progress.site}".strip(), progress.done, progress.total)

    return watch
