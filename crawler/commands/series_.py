"""`dibao series`: which numbers of a series the archive does not have."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import click

from archive.relations.series import Gap, Member, Series, Wish, series
from archive.store import Archive
from crawler.commands import options

MOST_LEADS = 10


@click.command("series")
@click.option("--site", default="", help="Series of which this site has a document.")
@click.option("--authority", default="", help="Who numbers: a key's authority (cn, cn-44, 临水县), a code (国办发) or an issuer's name.")
@click.option("--year", type=int, help="The year of the numbers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with every lead and both its neighbours.")
@click.option("--most", type=click.IntRange(min=1), default=50, show_default=True, help="Series shown, the largest first.")
@options.db
def command(  # noqa: PLR0917 - the options of a command
    db: Path, site: str, authority: str, year: int | None, as_json: bool, most: int
) -> None:
    """Show the series of document numbers: gaps, late arrivals, numbers out of turn, conflicts.

    All of these are leads: a number that is missing may never have been published. The estimate of how many there are in all assumes
    that any number is as likely to be in the archive as another.
    """
    with Archive.open(db, create=False) as archive, archive.reading() as connection:
        options.known_site(connection, db, site)
        found = list(islice(series(connection, Wish(site, authority, year), most), most))
    for one in found:
        click.echo(json.dumps(_record(one), ensure_ascii=False) if as_json else "\n".join(told(one)))
    if not found:
        click.echo("No series of two numbers or more there.", err=True)


def _record(found: Series) -> dict[str, object]:
    row = asdict(found)
    del row["members"]
    return {"series": found.name, **row}


def told(found: Series) -> list[str]:
    """Tell of a series in a few lines: what there is, then each lead."""
    who = f" ({found.authority})" if found.authority else ""
    head = f"{found.name}{who}: {found.held} of {found.lowest}..{found.highest}, {found.missing} missing, about {found.estimate} in all"
    leads = [
        *(f"  missing {_numbers(gap)}: {_sides(gap)}" for gap in found.gaps),
        *(f"  late {_one(pair.one)}: first seen {pair.days} days after {_one(pair.other)}" for pair in found.late),
        *(f"  out of turn {_one(pair.other)}: issued {pair.days} days before {_one(pair.one)}" for pair in found.out_of_turn),
        *(f"  conflict {_one(pair.one)} and {_one(pair.other)}: one number, two texts" for pair in found.conflicts),
    ]
    more = [f"  and {len(leads) - MOST_LEADS} more; see --json"] if len(leads) > MOST_LEADS else []
    return [head, *leads[:MOST_LEADS], *more]


def _numbers(gap: Gap) -> str:
    return str(gap.first) if gap.size == 1 else f"{gap.first}-{gap.last}"


def _sides(gap: Gap) -> str:
    return f"between {_one(gap.before)} and {_one(gap.after)}" if gap.before else f"before {_one(gap.after)}"


def _one(member: Member) -> str:
    return f"{member.serial}号 {member.title[:30]} [{member.notice}]"
