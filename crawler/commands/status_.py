"""`dibao status`: what the archive holds, a row a site."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from archive.locks import is_held
from archive.status import SiteStatus
from archive.store import Archive
from crawler.commands import options
from crawler.tables import aligned

_HEADS = ("site", "last run", "outcome", "captures", "notices", "versions", "states", "not content", "removals", "reason")
_SHORT = 6  # columns that fit a terminal
Row = tuple[str, ...]
_CONTENT = frozenset({"ok", "unchanged", "redirected"})


@click.command("status")
@options.db
def command(db: Path) -> None:
    """Show each site: its last run and why it was not complete, captures, notices, versions, removals by category.

    States count notices by what the source does with them now (live, changed, failing, gone, moved, blocked, unknown). Times are
    China's. Where the output is no terminal, a site is one line, its fields separated by tabs.
    """
    with Archive.open(db, for_reading=True) as archive:
        rows = [_row(site, db) for site in archive.status()]
    lines = _readable(rows) if sys.stdout.isatty() else ["\t".join(row) for row in (_HEADS, *rows)]
    for line in lines:
        click.echo(line)


def _readable(rows: Sequence[Row]) -> Iterator[str]:
    """Give what is short as columns, and what may be long below them."""
    heads, *lines = aligned([row[:_SHORT] for row in (_HEADS, *rows)])
    yield heads
    for line, row in zip(lines, rows, strict=True):
        yield line
        yield from (f"    {head}: {value}" for head, value in zip(_HEADS[_SHORT:], row[_SHORT:], strict=True) if value != "-")


def _row(site: SiteStatus, db: Path) -> Row:
    last = site.last_run.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M") if site.last_run else "never"
    other = {outcome: number for outcome, number in site.captures.items() if outcome not in _CONTENT}
    numbers = (str(sum(site.captures.values())), str(site.notices), str(site.versions))
    killed = site.last_outcome == "running" and not is_held(db, f"site:{site.site}")  # the next run will say so in the archive
    return (
        site.site or "-",
        last,
        "interrupted" if killed else site.last_outcome or "-",
        *numbers,
        _counts(site.states),
        _counts(other),
        _counts(site.removals),
        site.last_reason or "-",
    )


def _counts(counts: object) -> str:
    assert hasattr(counts, "items")
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "-"
