"""`dibao crawl`: crawl sites by name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

import click

from archive.store import Archive
from cleaners.errors import NoticeError, SiteError
from crawler.children import Options, Result, crawl_sites
from crawler.commands import options
from crawler.progress import show
from spiders.site import Site, load_sites

NO_CONTACT = "No contact is set, and dibao does not crawl anonymously: give --contact you@example.org, or set DIBAO_CONTACT."


@click.command("crawl")
@click.argument("names", metavar="SITE...", nargs=-1, required=True)
@options.db
@options.sites
@options.contact
@options.recheck
@options.full
@options.budget
@options.jobs
@options.quiet
def command(  # noqa: PLR0917 - click passes them by name
    names: tuple[str, ...],
    db: Path,
    folders: tuple[Path, ...],
    contact: str,
    recheck: str,
    full: bool,
    budget: int | None,
    jobs: int,
    quiet: bool,
) -> None:
    """Crawl sites into the archive, each SITE the name of a site file.

    robots.txt is obeyed, a host is asked for one page at a time, two seconds or more apart, and a host that answers with a
    challenge is reported and left alone. A run that was stopped goes on where it ended.
    """
    known = load_sites(*folders)
    chosen = [find(known, name) for name in dict.fromkeys(names)]
    run(chosen, Options(db, contact, folders, recheck, budget, jobs, full=full), quiet=quiet)


def find(sites: Mapping[str, Site], name: str) -> Site:
    """Give the site of a name; SiteError says what may have been meant."""
    if name in sites:
        return sites[name]
    near = difflib.get_close_matches(name, sites, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise SiteError(f"There is no site {name!r}: {hint}`dibao sites` lists them; --sites adds a folder of site files.")


def run(chosen: list[Site], wishes: Options, *, quiet: bool) -> None:
    """Crawl, and leave with exit code 1 where a site is not complete, 2 where one could not begin."""
    if not wishes.contact.strip():
        raise NoticeError(NO_CONTACT)
    Archive.open(wishes.db).close()  # what is wrong with the archive is said once, here, and not by every child
    with show(quiet=quiet) as screen:
        results = crawl_sites(chosen, wishes, screen)
    leave(results)


def leave(results: list[Result]) -> None:
    """Leave with the exit code that the results ask for."""
    outcomes = {result.outcome for result in results}
    if outcomes - {"complete"}:
        click.get_current_context().exit(2 if "error" in outcomes else 1)
