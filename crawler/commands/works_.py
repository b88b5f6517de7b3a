"""`dibao works`: which addresses are one document, why, and what else bears its number."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import click

from archive.store import Archive
from archive.works.copies import OtherCopy, Relatives, relatives
from archive.works.naming import find_notice
from cleaners.words import word
from crawler.commands import options


@click.command("works")
@options.db
@click.argument("notice")
def command(db: Path, notice: str) -> None:
    """Show the addresses of NOTICE (its id, or the address of its page), why each belongs to it, and how they came to.

    Then the other notices that bear its document number: copies on other sites, and pages that conflict with it.
    """
    with Archive.open(db, for_reading=True) as archive, archive.reading() as connection:
        work = find_notice(connection, notice)
        for line in _lines(connection, work):
            click.echo(line)


def _lines(connection: sqlite3.Connection, work: str) -> Iterator[str]:
    row = connection.execute("select * from notices where id = ?", (work,)).fetchone()
    yield f"{work}  {row['title'] or '(no title 无标题)'}"
    if row["takedown"] is not None:
        yield f"  taken down 撤下 (takedown {row['takedown']}); `dibao takedown --list` says why"
    elif not row["addresses"] and (moved := connection.execute(_MOVED_ON, (work,)).fetchone()):
        yield f"  all of its addresses belong to another notice now 已并入: {moved[0]}"
    for address in connection.execute("select * from addresses where notice = ? order by id = ? desc, id", (work, row["address"])):
        yield f"  {address['url']}"
        evidence = _evidence(address["pointer_evidence"])
        yield f"      {address['pointer_reason']}, {word('states', address['state'])}, first seen {address['first_seen'][:10]}{evidence}"
    moves = connection.execute(_MOVES, {"notice": work}).fetchall()
    if moves:
        yield "moves 归并记录:"
    for move in moves:
        who, undone = "by hand" if move["hand"] else "by dibao", f", undone by {move['undone']}" if move["undone"] else ""
        yield f"  {move['id']}  {move['moved_at'][:16]}Z  {move['url']}"
        way = f"{move['notice_before'] or 'new'} → {move['notice_after']}"
        yield f"      {way}, {move['reason']} ({who}{undone}){_evidence(move['evidence'])}"
    yield from _relatives(relatives(connection, work))


def _relatives(found: Relatives) -> Iterator[str]:
    if not found.key:
        return
    yield f"number 发文字号: {found.key} ({found.authority or 'authority not known'})"
    for copy in found.copies:
        first = ", published first 最早" if copy.notice == found.first else ""
        yield f"  {copy.notice}  {copy.site_title or copy.site}  {(copy.issued or copy.first_seen)[:10]}  {_WORDS[copy.relation]}{first}"
        yield f"      {copy.title}  {copy.url}{_likeness(copy)}"
    if found.more:
        yield f"  and {found.more} or more 还有更多"


def _likeness(copy: OtherCopy) -> str:
    return f"  (likeness {copy.evidence['likeness']})" if "likeness" in copy.evidence else ""


def _evidence(text: str) -> str:
    return "".join(f"; {key}: {value}" for key, value in json.loads(text or "{}").items())


_WORDS = {
    "copy": "same text 同文",
    "near": "nearly the same text 大致同文",
    "earlier": "text of an earlier version 与旧版同文",
    "conflict": "conflicts: another text 同号不同文",
}
_MOVED_ON = "select notice_after from moves where notice_before = ? and undone is null order by id desc limit 1"
_MOVES = """
    select m.*, a.url from moves m join addresses a on a.id = m.address where :notice in (m.notice_before, m.notice_after) order by m.id
"""
