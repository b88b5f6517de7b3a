"""`dibao diff`: what changed between two versions of a notice."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from pathlib import Path

import click

from archive.store import Archive
from archive.works.difference import difference
from archive.works.naming import NamedVersion, choose, document, find_notice, versions_of
from cleaners.errors import ArchiveError
from crawler import differences
from crawler.commands import options


@click.command("diff")
@options.db
@click.argument("notice")
@click.argument("versions", nargs=-1, metavar="[A [B]]")
@click.option("--all", "whole", is_flag=True, help="Show unchanged paragraphs too, in full.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON object: fields, files, and paragraphs with their pieces.")
def command(db: Path, notice: str, versions: tuple[str, ...], *, whole: bool, as_json: bool) -> None:
    """Show how two versions of NOTICE (its id, or the address of its page) differ, and whether the source changed or our reading.

    Versions are named by number (1, 2) or by time as far as only one fits (2024-05-01). Without names, the last two; with one, that and
    the last. The same one twice shows what our reading of it made different. p3 is a paragraph's id, which stays with it through all
    versions: NOTICE@TIME#p3 cites it. Removed and added are - and +, colours on a terminal; < and > are where one moved from and to.
    """
    if len(versions) > 2:
        raise click.UsageError("name two versions at most")
    with Archive.open(db, for_reading=True) as archive, archive.reading() as connection:
        work = find_notice(connection, notice)
        before, after = _chosen(connection, work, versions)
        found = difference(connection, before, after)
        title = document(connection, after.reading).title or "(no title 无标题)"
    if as_json:
        click.echo(json.dumps(differences.document(work, title, found, whole=whole), ensure_ascii=False, indent=2))
        return
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for line in differences.lines(work, title, found, whole=whole, colour=colour):
        click.echo(line)


def _chosen(connection: sqlite3.Connection, work: str, names: tuple[str, ...]) -> tuple[NamedVersion, NamedVersion]:
    if len(names) == 2:
        return choose(connection, work, names[0]), choose(connection, work, names[1])
    shown = connection.execute("select address from notices where id = ?", (work,)).fetchone()[0]
    standing = [version for version in versions_of(connection, work) if version.merged_into is None]
    own = [version for version in standing if version.address == shown]
    if not own:
        raise ArchiveError(f"{work}: shows nothing any more; `dibao works {work}` says where its addresses went")
    if names:
        return choose(connection, work, names[0]), own[-1]
    if len(own) == 1:
        others = "".join(f"\n  {version.captured_at}  {version.url}" for version in standing if version.address != shown)
        more = f"; its other addresses have{others}\nname two to compare them" if others else ", so nothing differs"
        raise ArchiveError(f"{work}: there is only one version, {own[0].captured_at}{more}")
    return own[-2], own[-1]
