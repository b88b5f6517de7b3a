"""Options that several verbs share."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cleaners.errors import ArchiveError

Command = TypeVar("Command", bound=Callable[..., Any])


def archive_at(name: str, help_: str) -> Callable[[Command], Command]:
    """Make the option that names the file of an archive."""
    return click.option(
        name,
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path("archive.db"),
        envvar="DIBAO_DB",
        show_default=True,
        show_envvar=True,
        help=help_,
    )


db = archive_at("--db", "The archive.")
sites = click.option(
    "--sites",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="DIBAO_SITES",
    show_envvar=True,
    help="A folder of site files beside the shipped ones; may be given several times.",
)
contact = click.option(
    "--contact",
    envvar="DIBAO_CONTACT",
    show_envvar=True,
    default="",
    help="Whom the operators of a site can write to; stands in the User-Agent.",
)
recheck = click.option(
    "--recheck",
    type=click.Choice(["due", "all", "none"]),
    default="due",
    show_default=True,
    help="Known notices to look at again: those due by age (1, 7, 30, 90 days, then quarterly), all, or none.",
)
full = click.option("--full", is_flag=True, help="Read whole lists, not only what is new; each is anyway every 90 days.")
budget = click.option("--budget", type=click.IntRange(min=1), help="Pages asked for in one run of a site, at most.  [default: 5000]")
jobs = click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Sites crawled at the same time.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Print only what went wrong.")


def known_site(connection: sqlite3.Connection, db: Path, site: str | None) -> None:
    """Refuse a site that an archive does not hold (ArchiveError); none asked for is no site."""
    if (
        not site
        or connection.execute("select 1 from sites where name = ?1 union all select 1 from addresses where site = ?1", (site,)).fetchone()
    ):
        return
    known = connection.execute("select name from sites union select site from addresses where site <> '' order by 1").fetchall()
    raise ArchiveError(f"{db}: holds no site {site!r}; it has {', '.join(row[0] for row in known) or 'none'}.")
