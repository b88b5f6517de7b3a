"""`dibao takedown`: withhold a notice, give it back, and list what is withheld."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from archive.connection import Store
from archive.takedowns.acts import REMOVED, REQUESTERS, SEALED, Takedown, lift, scrub, take_down, takedowns
from archive.takedowns.log import Act, acts
from archive.works.naming import find_notice
from crawler.commands import options


@click.command("takedown")
@click.argument("notice", required=False)
@options.db
@click.option("--reason", default="", help="Why, for everybody to read: it stands on the tombstone.")
@click.option("--requester", type=click.Choice(REQUESTERS), default="operator", show_default=True, help="Who asked for it.")
@click.option("--basis", default="", help="The law or order it rests on, for example 个人信息保护法第四十七条.")
@click.option("--remove", is_flag=True, help="Remove the content for good instead of sealing it.")
@click.option("--hide-title", is_flag=True, help="Withhold the title, too: where it names a person.")
@click.option("--yes", is_flag=True, help="Do not ask again before content is removed.")
@click.option("--lift", "lifted", type=int, metavar="NUMBER", help="Lift the seal of this takedown.")
@click.option("--list", "listing", is_flag=True, help="List the takedowns and the log of acts.")
@click.option("--json", "as_json", is_flag=True, help="List as JSON.")
def command(  # noqa: PLR0917 - click passes them by name
    notice: str | None,
    db: Path,
    reason: str,
    requester: str,
    basis: str,
    remove: bool,
    hide_title: bool,
    yes: bool,
    lifted: int | None,
    listing: bool,
    as_json: bool,
) -> None:
    """Withhold the content of NOTICE (its id, or the address of its page) in all its versions and files, and keep it from coming back.

    Sealed content can be given back with --lift; removed content is overwritten in the archive's file. Title, dates and digests stay as a
    tombstone that says why, shown on the notice's page and on /takedowns. Backups and exports made before are yours to see to.
    """
    if sum((notice is not None, lifted is not None, listing or as_json)) != 1:
        raise click.UsageError("give the id of a notice to withhold, or --lift NUMBER, or --list.")
    store = Store.open(db, create=False)
    try:
        if lifted is not None:
            click.echo(_told(lift(store, lifted, _reason(reason))))
        elif notice is not None:
            _take_down(store, notice, (_reason(reason), requester, basis), (remove, hide_title, yes))
        else:
            _list(store, as_json=as_json)
    finally:
        store.close()


def _take_down(store: Store, notice: str, words: tuple[str, str, str], wishes: tuple[bool, bool, bool]) -> None:
    with store.reading() as connection:
        notice = find_notice(connection, notice)
    reason, requester, basis = words
    remove, hide_title, yes = wishes
    if remove and not yes:
        click.confirm(f"{notice}: remove all of its content from {store.path}? This cannot be undone.", abort=True)
    mode = REMOVED if remove else SEALED
    taken = take_down(store, notice, reason, mode=mode, requester=requester, basis=basis, titled=not hide_title)
    if remove:
        scrub(store)
    click.echo(_told(taken))
    if shared := json.loads(taken.counts)["shared"]:
        click.echo(f"{shared} stored files or pages belong to other notices too and stay; take those down as well if need be.", err=True)
    if remove:
        click.echo("Backups and exports made before still hold it: delete or make them anew.", err=True)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise click.UsageError("--reason is missing: a takedown says why, for everybody to read.")
    return reason


def _list(store: Store, *, as_json: bool) -> None:
    with store.reading() as connection:
        listed, log = takedowns(connection), acts(connection)
    if as_json:
        document = {"takedowns": [asdict(taken) | {"counts": json.loads(taken.counts)} for taken in listed], "acts": [*map(asdict, log)]}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for line in (*map(_told, listed), *map(_logged, log)):
        click.echo(line)


def _told(taken: Takedown) -> str:
    counts = json.loads(taken.counts)
    said = f"takedown {taken.id}: {taken.notice} {taken.mode} {taken.made_at[:10]}, asked for by {taken.requester}: {taken.reason}"
    basis = f" ({taken.basis})" if taken.basis else ""
    held = ", ".join(f"{counts[name]} {name}" for name in ("addresses", "captures", "payloads"))
    return f"{said}{basis}; {held}" + (f"; lifted {taken.lifted_at[:10]}" if taken.lifted_at else "")


def _logged(act: Act) -> str:
    return f"{act.acted_at}  takedown {act.takedown}  {act.act}  {act.reason}"
