"""What the pages say of a notice's life on the web: the states of its addresses, the lists that showed it, and the timeline of events."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from archive.browse.page import Page, QueryError
from archive.life.events import TOLD, Event, Wish, events
from archive.life.keeping import load
from archive.life.kinds import EventKind, State
from archive.life.states import Interval
from archive.times import read_stamp

KINDS = tuple(EventKind)
"""What a reader may choose among, in order."""
PAGE = 50
"""Events of one page; those of the moment the last one is of are all on it."""
GOOD = frozenset({"live", "changed", "recovered", "reappeared", "first_seen", "relisted"})
WARN = frozenset({"failing", "gone", "blocked", "outage", "takedown", "unlisted"})


def life_of(conn: sqlite3.Connection, notice: str) -> dict[str, Any]:
    """Give the intervals of each address of a notice, newest first, and those in which lists showed it; of files, those that changed state.

    An address without intervals was kept by an older dibao and not looked at since.
    """
    addresses = conn.execute("select id, url, state from addresses where notice = ? order by id", (notice,)).fetchall()
    files = conn.execute(_FILES, (notice,)).fetchall()
    lived = [{"url": url, "state": state, "intervals": load(conn, number)[::-1]} for number, url, state in addresses]
    listed = [dict(row) for row in conn.execute(_LISTED, {"notice": notice})]
    filed = [{"url": url, "state": state, "intervals": load(conn, number)[::-1]} for number, url, state in files]
    return {"addresses": [each for each in lived if each["intervals"]], "files": filed, "lists": listed}


def timeline(conn: sqlite3.Connection, wish: Wish) -> tuple[list[Event], bool]:
    """Give a page of events, newest first, and whether there are older ones."""
    shown: list[Event] = []
    for event in events(conn, wish, newest_first=True):
        if len(shown) >= PAGE and event.at != shown[-1].at:
            return shown, True
        shown.append(event)
    return shown, False


def wish_of(page: Page) -> Wish:
    """Read from a page's address which events are asked for; QueryError names what is none."""
    kind, before = page.arg("kind"), page.arg("before")
    if kind and kind not in set(EventKind):
        raise QueryError(f"kind={kind}")
    try:
        until = read_stamp(before) if before else None
    except ValueError as error:
        raise QueryError(f"before={before}") from error
    if until is not None and until.tzinfo is None:
        raise QueryError(f"before={before}")
    return Wish(until=until, site=page.arg("site"), kinds={EventKind(kind)} if kind else TOLD)


def tell_interval(page: Page, interval: Interval) -> str:
    """Say in the page's language what an interval says, with what speaks for it."""
    evidence = interval.evidence
    hours = (read_stamp(interval.confirmed) - read_stamp(interval.first_seen)).total_seconds() / 3600 if interval.confirmed else 0
    facts = {
        "alive": page.moment(evidence.alive) or page.t("life_never"),
        "first": page.moment(interval.first_seen),
        "before": page.moment(interval.last_before),
        "seen": page.moment(interval.seen),
        "confirmed": page.moment(interval.confirmed),
        "outcome": page.word("outcomes", evidence.outcomes[0] if evidence.outcomes else ""),
        "failures": evidence.failures,
        "hours": f"{hours:.0f}",
    }
    key = "outage" if interval.state is State.UNKNOWN and evidence.run else str(interval.state)
    return "".join(_said(page, f"life_{key}", facts))


def tell_event(page: Page, event: Event) -> str:
    """Say what speaks for an event, in the page's language; empty where its kind says it all."""
    said = event.evidence
    times = {name: page.moment(said.get(name)) for name in ("last_alive", "first_seen", "confirmed", "last_before")}
    hours = 0.0
    if "confirmed" in said:
        hours = (read_stamp(said["confirmed"]) - read_stamp(said["first_seen"])).total_seconds() / 3600
    facts: Mapping[str, Any] = {
        "alive": times["last_alive"],
        "first": times["first_seen"],
        "confirmed": times["confirmed"],
        "before": times["last_before"],
        "outcome": page.word("outcomes", next(iter(said.get("outcomes", ())), "")),
        "failures": said.get("failures", 0),
        "hours": f"{hours:.0f}",
        "was": page.word("states", said.get("was", "")),
        "channel": said.get("channel", ""),
        "failing": said.get("failing", 0),
        "checked": said.get("checked", 0),
        "changed": "、".join(page.word("fields", name) for name in said.get("changed", ())),
        "reason": said.get("reason", ""),
    }
    key = f"event_{event.kind}{'_off' if said.get('rolled_off') else ''}"
    return "".join(_said(page, key, facts)) if page.words.knows("ui", key) else ""


def _said(page: Page, key: str, facts: Mapping[str, Any]) -> Iterator[str]:
    yield page.t(key).format_map(facts)


_FILES = """
    select a.id, a.url, a.state from attachments f join addresses p on p.id = f.address join addresses a on a.url = f.url
    where p.notice = ? and exists (select 1 from address_states s where s.address = a.id and s.number > 1) group by a.id order by f.id
"""

_LISTED = """
    select c.name as channel, c.url, i.first_seen as first_seen, e.last_seen, i.ended, i.rolled_off from addresses a
    join entries e on e.url = a.url join channels c on c.id = e.channel join entry_intervals i on i.entry = e.id where a.notice = :notice
    union all
    select c.name, c.url, coalesce(e.listed_since, e.first_seen), e.last_seen, null, 0 from addresses a
    join entries e on e.url = a.url and e.vanished is null join channels c on c.id = e.channel where a.notice = :notice
    order by first_seen desc
"""
