"""`dibao check`: every site file valid, offline."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.commands import options
from crawler.rules import rules_for
from crawler.schedule import cron_of
from spiders.site import load_sites


@click.command("check")
@options.sites
@options.quiet
def command(folders: tuple[Path, ...], quiet: bool) -> None:
    """Check every site file without the network, and list the sites: name, status, frequency, columns, title.

    A wrong file is named with its key, what is allowed there and what may have been meant.
    """
    sites = load_sites(*folders)
    for site in sites.values():
        rules_for(site)
        cron_of(site.frequency, site.name)
        if not quiet:
            click.echo(f"{site.name}\t{site.status}\t{site.frequency}\t{len(site.channels)}\t{site.title}")
    if not quiet:
        click.echo(f"{len(sites)} site files are valid", err=True)
