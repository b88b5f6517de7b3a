"""`dibao status`: what the archive holds, a row a site."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from archive.locks import is_held
from archive.status import SiteStatus
from archive.store import Archive
from crawler.commands import options

_HEADS = ("site", "last run", "outcome", "captures", "notices", "versions", "not content", "removals")
_CONTENT = frozenset({"ok", "unchanged", "redirected"})


@click.command("status")
@options.db
def command(db: Path) -> None:
    """Show each site: its last run and outcome, captures, notices, versions, what was not content, and removals by category."""
    with Archive.open(db, for_reading=True) as archive:
        rows = [_row(site, db) for site in archive.status()]
    console = Console()
    if not console.is_terminal:
        for row in (_HEADS, *rows):
            click.echo("\t".join(row))
        return
    table = Table(*_HEADS)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _row(site: SiteStatus, db: Path) -> tuple[str, ...]:
    last = site.last_run.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M") if site.last_run else "never"
    other = {outcome: number for outcome, number in site.captures.items() if outcome not in _CONTENT}
    numbers = (str(sum(site.captures.values())), str(site.notices), str(site.versions))
    killed = site.last_outcome == "running" and not is_held(db, f"site:{site.site}")  # the next run will say so in the archive
    return site.site or "-", last, "interrupted" if killed else site.last_outcome or "-", *numbers, _counts(other), _counts(site.removals)


def _counts(counts: object) -> str:
    assert hasattr(counts, "items")
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "-"
