"""When sites are due: pure functions over cron expressions (cronsim), in Asia/Shanghai; the daemon is a loop around them.

A column missed many times is caught up once. Words stand for hours of the night, spread by the site's name, so that not
every site is asked at midnight.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from cronsim import CronSim

from crawler.manners.window import CHINA, may_ask
from spiders.site import Channel, Site

LastRuns = Mapping[tuple[str, str], datetime]
"""When each (site, channel) was last begun, aware; what was never begun is not in it."""


def cron_of(frequency: str, name: str) -> str:
    """Give the cron expression a frequency stands for; empty for `never`. Hours are those of 01:00 to 04:59 in China."""
    spread = zlib.crc32(name.encode())
    minute, hour, weekday, day = spread % 60, 1 + spread // 60 % 4, spread // 240 % 7, 1 + spread // 240 % 28
    words = {
        "never": "",
        "hourly": f"{minute} * * * *",
        "daily": f"{minute} {hour} * * *",
        "weekly": f"{minute} {hour} * * {weekday}",
        "monthly": f"{minute} {hour} {day} * *",
    }
    return words.get(frequency, frequency)


def next_due(frequency: str, name: str, last: datetime) -> datetime | None:
    """Give the first moment after `last` (aware) at which a column is to be read, in UTC; None for `never`."""
    expression = cron_of(frequency, name)
    return next(CronSim(expression, last.astimezone(CHINA))).astimezone(UTC) if expression else None


def channel_is_due(site: Site, channel: Channel, last: datetime | None, now: datetime) -> bool:
    """Say whether one column is due: one never read is due at once, whatever its hour."""
    frequency = channel.frequency or site.frequency
    if last is None:
        return frequency != "never"
    moment = next_due(frequency, site.name, last)
    return moment is not None and moment <= now


def due_channels(site: Site, last_runs: LastRuns, now: datetime) -> tuple[str, ...]:
    """Name the columns of a site that are due at `now` (aware) and within its hours; those of candidates and dormant sites never are."""
    if site.status != "active" or not may_ask(site.crawl_window, now):
        return ()
    return tuple(one.name for one in site.channels if channel_is_due(site, one, last_runs.get((site.name, one.name)), now))


def due(sites: Iterable[Site], last_runs: LastRuns, now: datetime) -> list[Site]:
    """List the sites with a column that is due at `now` (aware)."""
    return [site for site in sites if due_channels(site, last_runs, now)]
