"""Compares what an archive of the model web's month tells with what happened in it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from archive.life.events import Event, events
from archive.life.kinds import EventKind
from archive.relations.series import missing, series
from archive.store import Archive
from cleaners.urls import canonical_url
from crawler.demo.model import today
from crawler.demo.month.publishing import published
from crawler.demo.month.state import web_on
from crawler.demo.month.story import DAYS, Name
from crawler.demo.month.truth import Expected, expected, related, serials

SITE = 0
"""The key that stands for a site as a whole."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event as the archive tells it: kind, notice, day of the story, and what else it says; `to` is the other notice of a relation."""

    kind: str
    name: Name
    day: int
    says: str = ""
    to: Name | None = None

    def __str__(self) -> str:
        site, key = self.name
        notice = published().get(self.name)
        return f"day {self.day}: {site} {key or ''} {self.kind} {self.to or ''} {self.says} {notice.title if notice else ''}".strip()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of comparing: how often each row was told as each kind, what was not told, and what was told and did not happen."""

    table: Mapping[str, Counter[str]]
    due: Counter[str]
    missed: Sequence[Expected]
    false: Sequence[Told]

    @property
    def right(self) -> bool:
        """Whether all was told, and nothing else."""
        return not self.missed and not self.false


@cache
def names() -> Mapping[str, Name]:
    """Map every address of the month, those that were left too, to its notice."""
    return {
        canonical_url(url): (page.notice.site, page.notice.key) for day in range(1, DAYS + 1) for url, page in web_on(day).pages.items()
    }


def day_of(moment: datetime) -> int:
    """Give the day of the story on which a moment falls."""
    return (moment.date() - today(1)).days + 1


def judge(happened: Iterable[Expected], told: Iterable[Told]) -> Judgement:
    """Put together what happened and what was told; one event is told by one, and what none tells is missed or false."""
    left, table, due = list(told), defaultdict[str, Counter[str]](Counter), Counter[str]()
    missed: list[Expected] = []
    for event in sorted(happened, key=lambda event: not event.due):
        due[event.row] += event.due
        table[event.row] += Counter()  # a row of what nothing need be told of, too
        said = next((one for one in left if event.meets(one.kind, one.name, one.day, one.to, one.says)), None)
        if said is not None:
            left.remove(said)
            table[event.row][said.kind] += 1
        elif event.due:
            missed.append(event)
            table[event.row][f"not {event.kind}"] += 1
    return Judgement(table, due, missed, left)


def compare(db: Path, days: int, sites: Collection[str] = ()) -> Judgement:
    """Judge what an archive of so many days tells, of all sites or of some."""
    with Archive.open(db) as archive:
        told = [*events_told(archive), *relations_told(archive)]
        numbered = series_told(archive, days) if not sites else []
    happened = [
        event for event in (*expected(days), *related(days)) if not sites or {event.name[0], (event.to or event.name)[0]} <= {*sites}
    ]
    return judge((*happened, *(() if sites else serials(days))), (*told, *numbered))


def series_told(archive: Archive, day: int) -> list[Told]:
    """Give the numbers that the archive finds missing or out of turn."""
    with archive.reading() as connection:
        found = list(series(connection))
    gaps = [Told("gap", (one.code, number), day) for one in found for number in missing(one)]
    return gaps + [
        Told("out of turn", (one.code, pair.one.serial), day, "", (one.code, pair.other.serial))
        for one in found
        for pair in one.out_of_turn
    ]


def events_told(archive: Archive) -> list[Told]:
    """Give the events of notices, lists and sites; what befell a page and its twin on one day is one event."""
    with archive.reading() as connection:
        of_notice = {row["id"]: row["url"] for row in connection.execute(_PRINCIPAL)}
        found = list(events(connection))
    told: dict[tuple[str, Name, int], Told] = {}
    for event in found:
        if event.kind is EventKind.REPOST:  # told with the relations
            continue
        url = event.url if canonical_url(event.url) in names() else of_notice.get(event.notice, "")
        name = names().get(canonical_url(url), (event.site, SITE))
        kind, day = str(event.kind), day_of(event.at)
        told.setdefault((kind, name, day), Told(kind, name, day, _says(event) if name[1] else event.url))
    return list(told.values())


def _says(event: Event) -> str:
    """Give the interval in which a page went: the days on which it was last seen and first not."""
    if event.kind is not EventKind.GONE:
        return ""
    return f"alive on day {_day(event.evidence['last_alive'])}, not on day {_day(event.evidence['first_seen'])}"


_PRINCIPAL = "select n.id, a.url from notices n join addresses a on a.id = n.address"


def relations_told(archive: Archive) -> list[Told]:
    """Give what notices have to do with one another, and which addresses of one site were found to be one document."""
    with archive.reading() as connection:
        rows = connection.execute(_RELATIONS).fetchall()
        twice = connection.execute(_TWICE).fetchall()
    told = [
        Told(row["kind"], names()[row["from"]], _day(row["found_at"]), _lag(row["evidence"]), names()[row["to"]])
        for row in rows
        if row["kind"] != "same form"  # says that they are two documents
    ]
    for row in twice:
        one, other = names()[row["url"]], names()[row["principal"]]
        if one != other:
            told.append(Told("same document", one, _day(row["moved_at"]), "", other))
    return told


_RELATIONS = """
    select r.kind, a.url as "from", b.url as "to", r.evidence, r.found_at from relations r
    join notices n on n.id = r."from" join addresses a on a.id = n.address join notices o on o.id = r."to" join addresses b on b.id = o.address
"""
_TWICE = """
    select a.url, p.url as principal, (select max(moved_at) from moves m where m.address = a.id) as moved_at
    from addresses a join notices n on n.id = a.notice join addresses p on p.id = n.address where a.id <> n.address
"""


def _day(written: str) -> int:
    return day_of(datetime.fromisoformat(written))


def _lag(evidence: str) -> str:
    lag = json.loads(evidence).get("lag_days")
    return "" if lag is None else f"{lag} days later"


def show(found: Judgement) -> str:
    """Write a judgement as a Markdown table: what happened, how many events that makes, how often it was told as what, and not told."""
    lines = ["| what happened | events | told as | not told |", "|---|--:|---|---|"]
    for row, counts in found.table.items():
        told = {kind: number for kind, number in counts.items() if not kind.startswith("not ")}
        missed = {kind.removeprefix("not "): number for kind, number in counts.items() if kind.startswith("not ")}
        lines.append(f"| {row} | {found.due[row]} | {_said(told)} | {_said(missed)} |")
    lines.append(f"| nothing of the kind | 0 | {_said(Counter(told.kind for told in found.false))} | |")
    return "\n".join(lines)


def _said(counts: Mapping[str, int]) -> str:
    return " · ".join(f"{kind} {number}" for kind, number in counts.items())
