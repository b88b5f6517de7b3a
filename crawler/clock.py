"""The clock of the archive: which sites are due by what it keeps, and when their columns are due next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from archive.store import Archive
from crawler.schedule import due, next_due
from crawler.site_run import keep_site
from spiders.site import Site


def due_sites(archive: Archive, sites: Iterable[Site], now: datetime) -> list[Site]:
    """List the sites with a column due at `now`.

    A column whose next time was set and has not come counts as begun: one that cannot be read is not tried at every tick.
    """
    every = list(sites)
    frequencies = {(site.name, channel.name): channel.frequency or site.frequency for site in every for channel in site.channels}
    last_runs = {}
    for clock in archive.due_channels():
        key = (clock.site, clock.channel)
        waits = clock.next_due is not None and clock.next_due > now and clock.frequency == frequencies.get(key)
        last = now if waits else clock.last_started
        if last is not None:
            last_runs[key] = last
    return due(every, last_runs, now)


def set_clocks(archive: Archive, sites: Iterable[Site], now: datetime) -> None:
    """Keep when each column of sites that were begun at `now` is due next."""
    for site in sites:
        keep_site(archive, site)
        for channel in site.channels:
            archive.set_due(site.name, channel.name, next_due(channel.frequency or site.frequency, site.name, now))
