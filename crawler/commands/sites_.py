"""`dibao sites`: which sites there are, chosen by what they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import click

from crawler.commands import options
from crawler.tables import aligned
from spiders.choosing import Wish, choose, find_province, province_of
from spiders.families import families
from spiders.site import Site, load_sites

_HEADS = ("name", "status", "level", "family", "place", "columns", "title")


def _allowed(key: str) -> click.Choice[str]:
    return click.Choice(get_args(Site.model_fields[key].annotation))


@click.command("sites")
@click.argument("words", metavar="[TEXT]...", nargs=-1)
@click.option("--status", "statuses", multiple=True, type=_allowed("status"), help="Only those of this status.")
@click.option("--level", "levels", multiple=True, type=_allowed("level"), help="Only those of this level.")
@click.option(
    "--family", "kinds", multiple=True, type=click.Choice([one.id for one in families()]), metavar="FAMILY", help="Only those of this CMS."
)
@click.option("--province", help="Only those of this province: 陕西, shaanxi or 61.")
@click.option("--division", default="", metavar="DIGITS", help="Only those whose GB/T 2260 code begins so.")
@click.option("--host", default="", help="Only those with this in the name of a host.")
@click.option("-v", "--verbose", is_flag=True, help="Show their columns too, and what speaks for the file.")
@click.option("--json", "as_rows", is_flag=True, help="Print one JSON array, each site as its file gives it.")
@options.sites
def command(  # noqa: PLR0917 - the options of a command
    words: tuple[str, ...],
    statuses: tuple[str, ...],
    levels: tuple[str, ...],
    kinds: tuple[str, ...],
    province: str | None,
    division: str,
    host: str,
    verbose: bool,
    as_rows: bool,
    folders: tuple[Path, ...],
) -> None:
    """List the sites that can be crawled; with TEXT those that have all its words in a name, title or address.

    An option given twice takes either; different options must all be met. A candidate was not seen working yet.
    """
    divisions = (find_province(province) if province else "", division)
    known = load_sites(*folders)
    chosen = choose(known.values(), Wish(statuses, levels, kinds, divisions, host, tuple(word.casefold() for word in words)))
    if as_rows:
        click.echo(json.dumps([_row(site) for site in chosen], ensure_ascii=False, indent=2))
        return
    for line in _table(chosen, verbose=verbose):
        click.echo(line)
    click.echo(f"{len(chosen)} of {len(known)} sites", err=True)


def _row(site: Site) -> dict[str, object]:
    return {**site.model_dump(mode="json", by_alias=True), "province": province_of(site)}


def _table(sites: Sequence[Site], *, verbose: bool) -> Iterator[str]:
    rows = [(site.name, site.status, site.level, site.family, _place(site), str(len(site.channels)), site.title) for site in sites]
    heads, *lines = aligned([_HEADS, *rows])
    if rows:
        yield heads
    for site, line in zip(sites, lines, strict=True):
        yield line
        if verbose:
            columns = [(channel.name, channel.frequency or site.frequency, channel.url) for channel in site.channels]
            yield from (f"    {one}" for one in aligned(columns))
            yield from (f"    · {one}" for one in site.evidence)


def _place(site: Site) -> str:
    return f"{site.division_code} {province_of(site)}".strip() if site.division_code else "-"
