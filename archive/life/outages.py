"""Outages: what a run says of a site as a whole. Where too many of its notices fail at once, none of them counts as missing.

Counted are the notices a run asked for, those left out that were known to fail: their confirmations are expected to. A failure is a page
that says it is not there, or does not come at all, while its document does not come from another address either. Fewer than `LEAST` are
an accident and not a pattern, unless nothing at all came of the site. What goes on failing for longer than `SITE_LIKE_THAT`, while the
site's other pages come, is no outage any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from archive.connection import Store
from archive.documents import dump
from archive.life.keeping import derive_lives
from archive.life.kinds import State
from archive.life.states import UNREAD, Verdict, verdict_of
from archive.preservation.fixity import with_fixity
from archive.times import read_stamp, stamp

SHARE = 0.2
LEAST = 5
SITE_LIKE_THAT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outage:
    """One run in which a site failed: how many notices were checked, how many failed, from when to when, and whether nothing came."""

    run: int
    site: str
    checked: int
    failing: int
    first_seen: str
    last_seen: str
    nothing_came: bool

    @property
    def reason(self) -> str:
        """What the run says of it."""
        came = "; nothing of the site came" if self.nothing_came else ""
        return f"outage: {self.failing} of {self.checked} notices failed, which says nothing of each{came}"


@dataclass(frozen=True, slots=True)
class Check:
    """One notice a run asked for: what its last answer said, when, and since when it was known to fail (None where it was not)."""

    verdict: Verdict
    at: str
    failing_since: str | None = None


def judge(run: int, site: str, checks: Iterable[Check], *, came: bool) -> Outage | None:
    """Say whether what a run saw of a site is an outage; `came` says whether any page of it, lists too, came as it is."""
    counted = [check for check in checks if check.failing_since is None or check.verdict is Verdict.ALIVE]
    failing = [check.at for check in counted if check.verdict in {Verdict.FAILURE, Verdict.NOTHING}]
    many = len(failing) >= LEAST and len(failing) > SHARE * len(counted)
    if not failing or not (many or not came):
        return None
    return Outage(run, site, len(counted), len(failing), min(failing), max(failing), not came)


def find_outage(connection: sqlite3.Connection, run: int) -> Outage | None:
    """Judge a crawl from its captures; None where it is none, or the site did not fail."""
    row = connection.execute("select site, started_at from runs where id = ? and kind = 'crawl' and site is not null", (run,)).fetchone()
    if row is None:
        return None
    came = connection.execute(_CAME, (run,)).fetchone() is not None
    return judge(run, row["site"], _checks(connection, run, row["started_at"], came=came), came=came)


def keep_outage(store: Store, outage: Outage) -> None:
    """Keep an outage and derive anew the life of every address that failed in it, in small steps."""
    with store.write() as connection:
        row = {name: getattr(outage, name) for name in ("run", "site", "checked", "failing", "first_seen", "last_seen")}
        row = with_fixity("outages", row | {"evidence": dump({"nothing_came": outage.nothing_came})})
        connection.execute(
            f"insert or replace into outages ({', '.join(row)}) values ({', '.join('?' * len(row))})",  # noqa: S608 - the names are ours
            tuple(row.values()),
        )
        failed = [each["address"] for each in connection.execute(_DID_NOT_COME, (outage.run,))]
    derive_lives(store, failed)


def judge_interrupted(store: Store, site: str, number: int) -> None:
    """Judge the newest crawls of a site that were killed, so many of them: what they saw counts like what others did."""
    with store.reading() as connection:
        rows = connection.execute(
            "select id from runs where site = ? and outcome = 'interrupted' order by id desc limit ?", (site, number)
        ).fetchall()
        found = [find_outage(connection, row["id"]) for row in reversed(rows)]
    for outage in filter(None, found):
        keep_outage(store, outage)


def _checks(connection: sqlite3.Connection, run: int, started_at: str, *, came: bool) -> Iterator[Check]:
    """Give what a run's last look at each notice said, from its captures, and what was known of each when it began."""
    long_ago = stamp(read_stamp(started_at) - SITE_LIKE_THAT)
    for row in connection.execute(_CHECKED, (started_at, run)).fetchall():
        verdict = verdict_of(row["outcome"], row["reason"])
        if verdict is Verdict.MOVED and row["state"] in _FAILED:  # it leads to a page that is not there
            verdict = Verdict.FAILURE
        if row["elsewhere"] and verdict in {Verdict.FAILURE, Verdict.NOTHING}:
            continue
        out = row["before"] == State.UNKNOWN and row["outage"] is not None
        known = row["before"] in _FAILED or (out and came and row["since"] < long_ago)
        yield Check(verdict, row["captured_at"], row["since"] if known else None)


_FAILED = frozenset({State.FAILING, State.GONE})

_CAME = """
    select 1 from captures where run = ? and outcome in ('ok', 'unchanged') and role in ('listing', 'notice', 'part', 'attachment') limit 1
"""

_CHECKED = """
    select c.outcome, c.reason, c.captured_at, max(c.id), a.state, s.state as before, s.first_seen as since,
        s.evidence ->> '$.run' as outage, exists (
            select 1 from addresses x join captures k on k.address = x.id and k.run = c.run and k.outcome in ('ok', 'unchanged')
            where x.notice = a.notice and x.id <> a.id and 'twin' not in (x.pointer_reason, a.pointer_reason)) as elsewhere
    from captures c join addresses a on a.id = c.address left join address_states s on s.address = a.id
        and s.number = (select max(number) from address_states where address = a.id and first_seen < ?)
    where c.run = ? and c.role = 'notice' group by c.address
"""

_DID_NOT_COME = f"""
    select distinct address from captures where run = ? and role in ('notice', 'part', 'attachment', 'redirect')
        and (outcome not in ('ok', 'unchanged', 'challenge', 'blocked', 'refused') or reason like '{UNREAD}%') order by address
"""  # noqa: S608 - ours
