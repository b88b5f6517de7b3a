"""`dibao check`: every site file valid, offline; or, on request, one site as it is on the web."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import click

from cleaners.errors import SiteError
from crawler.commands import options
from crawler.tables import aligned
from spiders.site import Channel, Site, load_sites, read_sites
from spiders.values import near

FAULTY = 2
LEVELS = {"central": "国家 central", "province": "省 province", "city": "市 city", "county": "县 county"}


@click.command("check")
@options.sites
@options.quiet
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a site file, for editors, and check nothing.")
@click.option("--live", metavar="SITE", help="Visit this site: robots.txt, and a list page and a notice of each column.")
@click.option("--channel", "channels", multiple=True, help="With --live: only this column; may be given several times.")
@options.contact
@click.pass_context
def command(  # noqa: PLR0917 - the options of a command
    ctx: click.Context, folders: tuple[Path, ...], quiet: bool, schema: bool, live: str | None, channels: tuple[str, ...], contact: str
) -> None:
    """Check every site file without the network, and count the sites by level and status.

    Every wrong file is named with its keys, what is allowed there and what may have been meant; the exit code is then 2.
    With --live one site is visited and what is found is held against its file; the exit code is 1 where something is wrong.
    """
    if schema:
        from spiders.schema import schema_text  # noqa: PLC0415 - loaded when asked for

        click.echo(schema_text(), nl=False)
        return
    if channels and not live:
        raise click.UsageError("--channel goes with --live SITE")
    if live:
        ctx.exit(check_live(live, channels, contact, folders))
    sites, errors = read_sites(*folders)
    if not quiet:
        for line in (*counts(sites.values()), *shared_columns(sites.values())):
            click.echo(line)
    for path, error in errors.items():
        click.echo(faults_of(path, error), err=True)
    if errors or not quiet:
        click.echo(f"{len(sites)} site files are valid" + (f", {len(errors)} are not" if errors else ""), err=True)
    ctx.exit(FAULTY if errors else 0)


def counts(sites: Iterable[Site]) -> list[str]:
    """Count the sites and columns by level and status, as lines of a table."""
    chosen = list(sites)
    statuses, levels = (get_args(Site.model_fields[key].annotation) for key in ("status", "level"))
    by = Counter((site.level, site.status) for site in chosen)
    columns = Counter[str]()
    for site in chosen:
        columns[site.level] += len(site.channels)
    rows = [(LEVELS[level], *(str(by[level, status]) for status in statuses), str(columns[level])) for level in levels]
    total = ("合计 all", *(str(sum(by[level, status] for level in levels)) for status in statuses), str(columns.total()))
    return aligned([("", *statuses, "columns"), *rows, total])


def shared_columns(sites: Iterable[Site]) -> list[str]:
    """Note the columns that two sites read: nothing is wrong with either file, but each notice is asked for twice."""
    readers = defaultdict[str, list[str]](list)
    for site in sites:
        for channel in site.channels:
            readers[channel.url].append(site.name)
    return [f"note: {' and '.join(names)} read the same column {url}" for url, names in readers.items() if len(names) > 1]


def faults_of(path: Path, error: SiteError) -> str:
    """Tell what is wrong with a file: its path, and each fault in a line below."""
    return "\n    ".join((str(path), *(line.removeprefix(f"{path}: ") for line in str(error).splitlines())))


def check_live(name: str, columns: tuple[str, ...], contact: str, folders: tuple[Path, ...]) -> int:
    """Visit a site, or some of its columns, and tell what was found; gives the exit code, 1 where something is wrong."""
    from crawler.commands.crawl_ import find  # noqa: PLC0415 - Scrapy is loaded only where something is asked for
    from crawler.explain.terminal import visible  # noqa: PLC0415 - as above
    from crawler.live.judging import Verdict, judge, ready  # noqa: PLC0415 - as above
    from crawler.live.looking import PAGES, see  # noqa: PLC0415 - as above
    from crawler.live.report import report  # noqa: PLC0415 - as above
    from crawler.visit import Visit  # noqa: PLC0415 - as above

    site = find(load_sites(*folders), name)
    channels = chosen(site, columns)
    verdicts: list[Verdict] = []
    with Visit(site, contact, most=PAGES * len(channels)) as visit:
        for channel in channels:
            seen = see(visit, channel)
            told = {line for verdict in verdicts for line in verdict.change}
            verdicts.append(judge(site, seen))
            for line in report(site, seen, verdicts[-1].but(told), visit.captures):
                click.echo(visible(line))
    for line in ready(site, verdicts, datetime.now(ZoneInfo("Asia/Shanghai")).date()):
        click.echo(f"  → {line}")
    wrong = sum(bool(verdict.wrong) for verdict in verdicts)
    click.echo(f"{name}: {len(visit.captures)} requests, {len(channels) - wrong} of {len(channels)} columns are as the file says", err=True)
    return 1 if wrong else 0


def chosen(site: Site, names: tuple[str, ...]) -> list[Channel]:
    """Give the columns of these names, all where none is named; SiteError for one that is not there."""
    known = {channel.name: channel for channel in site.channels}
    for name in names:
        if name not in known:
            raise SiteError(f"site {site.name} has no column {name!r}: it has {', '.join(known)}{near(name, known)}")
    return [known[name] for name in names] or list(site.channels)
