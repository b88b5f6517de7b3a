"""`dibao events`: what happened to what the archive keeps, as one timeline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from archive.life.events import Event
from archive.life.kinds import EventKind
from archive.store import Archive
from archive.times import read_stamp
from archive.works.naming import find_notice
from crawler.commands import options

CHINA = ZoneInfo("Asia/Shanghai")


class Moment(click.ParamType[datetime]):
    """A day or a time as ISO 8601 writes it; without a zone it is China's."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it; what cannot be read is wrong usage."""
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time; write 2026-03-01 or 2026-03-01T08:00+08:00.", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


@click.command("events")
@options.db
@click.option("--since", type=Moment(), help="From this day or time on (2026-03-01, 2026-03-01T08:00; China's unless it names a zone).")
@click.option("--until", type=Moment(), help="Before this day or time.")
@click.option("--site", default="", help="Only of this site.")
@click.option("--notice", default="", help="Only of this notice (its id, or the address of its page).")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in EventKind]),
    help="Only this kind; may be given several times.",
)
@click.option("--most", type=click.IntRange(min=1), help="The newest so many, the newest first; without it all, the oldest first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, times in UTC, with all evidence.")
def command(  # noqa: PLR0917 - click passes them by name
    db: Path,
    since: datetime | None,
    until: datetime | None,
    site: str,
    notice: str,
    kinds: tuple[str, ...],
    most: int | None,
    as_json: bool,
) -> None:
    """Tell what happened: first seen, edited, attachments replaced, moved, gone, blocked, back, left the list, outages, reposts, takedowns.

    A page is gone after three failures over two days with none succeeding between; until then it is failing, to be confirmed. The kind
    `cleaner` (our reading changed, the source did not) is told only where it is asked for.
    """
    with Archive.open(db, create=False, for_reading=True) as archive:
        with archive.reading() as connection:
            options.known_site(connection, db, site)
            notice = notice and find_notice(connection, notice)
        found = archive.events(since, until, site=site, notice=notice, kinds=kinds, newest_first=most is not None, most=most)
        for event in found:
            click.echo(json.dumps(event.as_json(), ensure_ascii=False) if as_json else "\t".join(told(event)))


def told(event: Event) -> tuple[str, ...]:
    """Tell an event in one line: when, what, where, of which notice, and what speaks for it."""
    named = " ".join((event.title or event.url).split())
    return _time(event.at), str(event.kind), event.site or "-", event.notice or "-", named or "-", "; ".join(_evidence(event)) or "-"


def _evidence(event: Event) -> Iterator[str]:
    said = event.evidence
    if "last_alive" in said:
        yield f"last answered {_time(read_stamp(said['last_alive']))}"
    if event.kind is EventKind.GONE:
        first, confirmed = read_stamp(said["first_seen"]), read_stamp(said["confirmed"])
        hours = (confirmed - first).total_seconds() / 3600
        yield f"first missing {_time(first)}, {said['failures']} failures over {hours:.0f} hours"
    yield from (f"{_word(event, name)} {said[name]}" for name in _SAID if name in said)
    if "changed" in said:
        yield f"changed {', '.join(said['changed'])}"
    if event.kind is EventKind.OUTAGE:
        yield f"{said['failing']} of {said['checked']} notices failed"


def _word(event: Event, name: str) -> str:
    return "version" if name == "number" and "version" in event.evidence else name.replace("_", " ")


_SAID = ("number", "file", "target", "was", "channel", "rolled_off", "original", "mode", "reason", "lifted_at")


def _time(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
