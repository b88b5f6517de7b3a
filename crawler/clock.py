"""The clock of the archive: which columns are due by what it keeps, and when they are due next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from archive.store import Archive
from crawler.manners.window import CHINA, may_ask
from crawler.schedule import due_channels, next_due
from crawler.site_run import keep_site
from spiders.site import Site


def due_columns(archive: Archive, sites: Iterable[Site], now: datetime) -> dict[str, tuple[str, ...]]:
    """Give the names of the columns due at `now` by the name of their site, sites without any left out.

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
    names = {site.name: due_channels(site, last_runs, now) for site in every}
    return {site: channels for site, channels in names.items() if channels}


def idle(archive: Archive, sites: Iterable[Site], now: datetime) -> str:
    """Say why nothing is due at `now` (aware), and what is next: for whoever expected a crawl."""
    every = list(sites)
    active = {site.name: site for site in every if site.status == "active"}
    if not active:
        return (
            f"nothing is scheduled: none of {len(every)} site files is active. A candidate is crawled when it is named; "
            'once it was seen working (dibao check --live SITE), write status = "active" in its file'
        )
    closed = [f"{site.name} waits for its hours, {site.crawl_window}" for site in active.values() if not may_ask(site.crawl_window, now)]
    clocks = [(clock.next_due, clock.site) for clock in archive.due_channels() if clock.next_due is not None and clock.site in active]
    first = [f"next is {name}, {moment.astimezone(CHINA):%Y-%m-%d %H:%M} (Asia/Shanghai)" for moment, name in sorted(clocks)[:1]]
    return "; ".join(["nothing is due", *first, *closed])


def set_clocks(archive: Archive, sites: Iterable[Site], begun: Mapping[str, Collection[str]], now: datetime) -> None:
    """Keep when each column that was begun at `now` is due next; `begun` names them by site."""
    for site in sites:
        keep_site(archive, site)
        for channel in (one for one in site.channels if one.name in begun.get(site.name, ())):
            archive.set_due(site.name, channel.name, next_due(channel.frequency or site.frequency, site.name, now))
