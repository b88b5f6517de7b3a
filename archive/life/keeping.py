"""The states of addresses between the database and their pure form: one step where a capture arrives in its turn, else derived anew.

An address that answers as before costs one statement, as it did without all this. What was captured out of turn, or is read
otherwise than it was, has the intervals of its address derived from all captures: the outcome is the same (`archive.life.states`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

from archive.connection import Store
from archive.documents import dump, storable
from archive.life.clock import AGAIN, next_check
from archive.life.kinds import ALIVE, State
from archive.life.states import VERDICTS, Evidence, Interval, Life, Observation, Policy, Verdict, derive, step, verdict_of
from archive.preservation.fixity import with_fixity
from archive.times import read_stamp, stamp
from cleaners.records import Capture
from cleaners.urls import canonical_url

ROLES = frozenset({"notice", "attachment", "part", "redirect"})
"""What is asked for for its own sake: lists, robots.txt and what a rendered page was made of have no life of their own."""
MOST_HOPS = 10
STEP = 100
"""Addresses whose life is derived again in one transaction."""
AT_ONCE = timedelta(hours=1)
"""How long after a redirect its target may have been captured for the two to be one look."""


@dataclass(frozen=True, slots=True)
class Met:
    """The address a capture came from: its number, and its row where it was known."""

    address: int
    known: sqlite3.Row | None


def meet(connection: sqlite3.Connection, url: str, capture: Capture, at: str) -> Met:
    """Give the address of a capture (its canonical URL), keeping it first where it is new."""
    known = connection.execute(_MET, (url,)).fetchone()
    if known is not None and not known["last_checked"]:  # until now only another address stood for it
        _first_seen(connection, known["id"], at, capture)
        known = connection.execute(_MET, (url,)).fetchone()
    if known is not None:
        return Met(int(known["id"]), known)
    verdict = verdict_of(capture.outcome, capture.reason)
    alive = at if verdict is Verdict.ALIVE else None
    state, due = State.UNKNOWN, None
    if capture.role in ROLES:
        began = step(None, Observation(at, verdict, 0))[-1]
        state, due = began.state, _next(began, at, at, alive, capture.role, capture.outcome)
    cursor = connection.execute(
        "insert into addresses (url, site, first_seen, last_checked, last_seen, state, state_seen, next_check)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        (url, capture.site, at, at, alive, state, at, due),
    )
    return Met(int(cursor.lastrowid or 0), None)


def observe(connection: sqlite3.Connection, met: Met, capture: Capture, at: str, number: int) -> None:
    """Let a capture just kept under `number` count for the life of its address."""
    verdict = verdict_of(capture.outcome, capture.reason)
    target = storable(canonical_url(capture.redirected_to)) if verdict is Verdict.MOVED else ""
    seen = Observation(at, verdict, number, capture.outcome, target=target)
    known = met.known
    if known is None:
        if capture.role in ROLES:
            _insert(connection, met.address, 1, step(None, seen)[-1])
    elif at < known["last_checked"]:
        _arrive_late(connection, met, capture, at)
    elif capture.role not in ROLES:
        _note(connection, met.address, at, seen)
    elif verdict is Verdict.ALIVE and known["state"] in ALIVE and at < (known["next_check"] or ""):
        _note(connection, met.address, at, seen, confirmed=True)
    else:
        _go_on(connection, met.address, known, seen, capture.role)
    if verdict in {Verdict.FAILURE, Verdict.BLOCKED}:
        for source in _led_here(connection, capture.url):
            again(connection, source)


def judge_again(connection: sqlite3.Connection, address: int) -> None:
    """Take note that a capture of an address was read as something else than it seemed: its life, and that of what redirected to it."""
    again(connection, address)
    url = connection.execute("select url from addresses where id = ?", (address,)).fetchone()["url"]
    for source in _led_here(connection, url):
        again(connection, source)


def again(connection: sqlite3.Connection, address: int) -> None:
    """Derive the intervals of an address from all its captures and versions, and write what is not as it was."""
    life, columns = derived(connection, address)
    if not life:
        return
    before = load(connection, address)
    for number, interval in enumerate(life, 1):
        if number > len(before) or before[number - 1] != interval:
            _replace(connection, address, number, interval)
    connection.execute("delete from address_states where address = ? and number > ?", (address, len(life)))
    state = State(connection.execute("select state from addresses where id = ?", (address,)).fetchone()[0])
    written = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(f"update addresses set {written} where id = ?", (*columns.values(), address))  # noqa: S608 - the names are ours
    show(connection, address, life[-1].state, state)


def derived(connection: sqlite3.Connection, address: int) -> tuple[Life, dict[str, str | None]]:
    """Give what the captures and versions of an address make of it: its intervals, and the columns of its row that follow from them."""
    seen = list(observations(connection, address))
    life = derive(seen, policy(connection))
    if not life:
        return life, {}
    answered = max((each.at for each in seen if each.verdict is Verdict.ALIVE), default=None)
    row = connection.execute(_LOOKED_AT, (*sorted(ROLES), address)).fetchone()
    due = _next(life[-1], row["first_seen"], row["last_checked"], answered, row["role"], row["outcome"])
    return life, {"state": str(life[-1].state), "state_seen": life[-1].seen, "last_seen": answered, "next_check": due}


def observations(connection: sqlite3.Connection, address: int) -> Iterator[Observation]:
    """Give everything that was observed of an address."""
    cut = {row["capture"]: row for row in connection.execute(_CUT, (address,))}
    for row in connection.execute(_OBSERVED, (address,)).fetchall():
        version = cut.pop(row["id"], None)
        verdict, outcome, target = _judge(connection, row)
        outage = row["outage"] is not None and verdict in {Verdict.FAILURE, Verdict.NOTHING}
        yield Observation(
            row["captured_at"],
            Verdict.OUTAGE if outage else verdict,
            row["id"],
            outcome,
            version["id"] if version and verdict is Verdict.ALIVE else None,
            target,
            row["outage"] if outage else None,
        )
    for row in cut.values():
        yield Observation(row["captured_at"], Verdict.CHANGED, row["capture"], "ok", row["id"])


def load(connection: sqlite3.Connection, address: int) -> Life:
    """Give the intervals of an address in order."""
    rows = connection.execute(f"{_STATES} where s.address = ? order by s.number", (address,))
    return tuple(map(_interval, rows))


def show(connection: sqlite3.Connection, address: int, state: State, before: str) -> None:
    """Let the notice an address is the principal one of have its state, and show another address of it where this one left or is back."""
    row = connection.execute(_LED, (address,)).fetchone()
    if row is None:
        return
    # by its key: a statement that may change several rows makes FTS5 write out what it holds in memory
    if row["leader"] == address and row["state"] != state:
        connection.execute("update notices set state = ? where id = ?", (state, row["id"]))
    if row["addresses"] > 1 and row["version"] is not None and (state in _LEFT) is not (before in _LEFT):
        _choose_leader(connection, row["id"])


def _choose_leader(connection: sqlite3.Connection, work: str) -> None:
    """Let a notice show another of its addresses where the one it shows has gone, or a better one is back."""
    from archive.works.notices import refresh_notice  # noqa: PLC0415 - notices are shown by what is known of their addresses

    shown = "select version from notices where id = ?"
    before = connection.execute(shown, (work,)).fetchone()[0]
    refresh_notice(connection, work)
    if connection.execute(shown, (work,)).fetchone()[0] != before:
        from archive.relations.following import renew  # noqa: PLC0415 - numpy is loaded only here

        renew(connection, work)


_LEFT = frozenset({State.GONE, State.MOVED})
_LED = "select n.id, n.address as leader, n.state, n.version, n.addresses from addresses a join notices n on n.id = a.notice where a.id = ?"


def policy(connection: sqlite3.Connection) -> Policy:
    """Give when a failing page is gone, as the archive has it."""
    row = connection.execute("select failures, hours from life_policy").fetchone()
    return Policy(row["failures"], row["hours"]) if row else Policy()


def keep_policy(store: Store, failures: int = 0, hours: float = 0) -> Policy:
    """Set when a failing page is gone, where given (not 0), and judge anew everything that ever failed; gives what holds now."""
    with store.write() as connection:
        before = policy(connection)
        wanted = Policy(failures or before.failures, float(hours or before.hours))  # as the column gives it back: it is sealed
        if wanted == before:
            return before
        row = with_fixity("life_policy", {"id": 1, "failures": wanted.failures, "hours": wanted.hours})
        connection.execute("insert or replace into life_policy (id, failures, hours, fixity) values (:id, :failures, :hours, :fixity)", row)
        failed = connection.execute("select distinct address from address_states where state in ('failing', 'gone')").fetchall()
    derive_lives(store, [each["address"] for each in failed])
    return wanted


def derive_lives(store: Store, addresses: Sequence[int]) -> None:
    """Derive the lives of some addresses anew, in small steps: other runs may write in between."""
    for start in range(0, len(addresses), STEP):
        with store.write() as connection:
            for address in addresses[start : start + STEP]:
                again(connection, address)


def catch_up(store: Store, site: str | None = None, *, everything: bool = False) -> None:
    """Derive the lives of addresses that have none (an older dibao kept them), or of all; of one site where it is named."""
    wanted = "1" if everything else "not exists (select 1 from address_states s where s.address = a.id)"
    with store.reading() as connection:
        rows = connection.execute(f"select id from addresses a where {wanted} and (? is null or site = ?) order by id", (site, site))  # noqa: S608 - ours
        addresses = [row["id"] for row in rows]
    derive_lives(store, addresses)


_STATES = "select s.*, a.state_seen from address_states s join addresses a on a.id = s.address"

_OBSERVED = f"""
    select c.id, c.captured_at, c.outcome, c.reason, e.redirected_to, o.run as outage from captures c join envelopes e on e.id = c.envelope
    left join outages o on o.run = c.run where c.address = ? and c.role in ({", ".join(f"'{role}'" for role in sorted(ROLES))})
    order by c.captured_at, c.id
"""  # noqa: S608 - the names are ours

_LOOKED_AT = f"""
    select a.first_seen, a.last_checked, c.role, c.outcome from addresses a join captures c on c.address = a.id
    where c.role in ({", ".join("?" * len(ROLES))}) and a.id = ? order by c.captured_at desc, c.id desc limit 1
"""  # noqa: S608 - the names are ours

_CUT = "select id, capture, captured_at from versions where address = ? and merged_into is null and number > 1"

_TARGET = """
    select c.outcome, c.captured_at, e.redirected_to from addresses a join captures c on c.address = a.id
    join envelopes e on e.id = c.envelope where a.url = ? and c.captured_at between ? and ? order by c.captured_at, c.id limit 1
"""


_SOURCES = "select distinct url from envelopes where redirected_to in (?, ?) and redirected_to <> ''"


def _judge(connection: sqlite3.Connection, row: sqlite3.Row) -> tuple[Verdict, str, str]:
    """Say what a capture says, its outcome, and where it leads: a redirect is judged by the page at its end."""
    verdict, target = verdict_of(row["outcome"], row["reason"]), ""
    if verdict is not Verdict.MOVED:
        return verdict, row["outcome"], ""
    target, hop = storable(canonical_url(row["redirected_to"])), row
    until = stamp(read_stamp(row["captured_at"]) + AT_ONCE)
    for _ in range(MOST_HOPS):
        url = storable(canonical_url(hop["redirected_to"]))
        hop = connection.execute(_TARGET, (url, hop["captured_at"], until)).fetchone()
        if hop is None or hop["outcome"] != "redirected":
            break
    end = verdict_of(hop["outcome"]) if hop is not None else Verdict.NOTHING
    return (end, hop["outcome"], "") if end in {Verdict.FAILURE, Verdict.BLOCKED} else (verdict, row["outcome"], target)


def _led_here(connection: sqlite3.Connection, url: str) -> list[int]:
    """Give the addresses that ever redirected to a URL, over others or at once."""
    found: dict[str, None] = {}
    urls = [url]
    while urls and len(found) <= MOST_HOPS:
        at = urls.pop()
        rows = connection.execute(_SOURCES, (storable(at), storable(canonical_url(at)))).fetchall()
        urls += [row["url"] for row in rows if storable(canonical_url(row["url"])) not in found]
        found |= dict.fromkeys(storable(canonical_url(row["url"])) for row in rows)
    rows = [connection.execute("select id from addresses where url = ?", (source,)).fetchone() for source in found]
    return [row["id"] for row in rows if row is not None]


def _arrive_late(connection: sqlite3.Connection, met: Met, capture: Capture, at: str) -> None:
    assert met.known is not None
    if at < met.known["first_seen"]:
        _first_seen(connection, met.address, at, capture)
    if capture.role in ROLES:
        again(connection, met.address)


def _first_seen(connection: sqlite3.Connection, address: int, at: str, capture: Capture) -> None:
    """Note when an address was seen first, and let its notice, which may stand under that day, follow."""
    connection.execute("update addresses set first_seen = ? where id = ?", (at, address))
    row = connection.execute(_SHOWN_SINCE, (address,)).fetchone()
    if row is None or row["first_seen"] == row["since"]:
        return
    connection.execute("update notices set first_seen = ? where id = ?", (row["first_seen"], row["id"]))
    connection.execute("insert or ignore into search_stale select id from notices where id = ? and version is not null", (row["id"],))
    dated = "select 1 from profiles where notice = ? and basis = 'first_seen'"
    if capture.outcome != "ok" and connection.execute(dated, (row["id"],)).fetchone():  # what is read is related again anyway
        from archive.relations.following import renew  # noqa: PLC0415 - numpy is loaded only here

        renew(connection, row["id"])


_MET = "select id, first_seen, last_seen, coalesce(last_checked, '') as last_checked, state, next_check from addresses where url = ?"

_SHOWN_SINCE = """
    select n.id, n.first_seen as since, (select min(first_seen) from addresses where notice = n.id) as first_seen
    from addresses a join notices n on n.id = a.notice where a.id = ?
"""


def _note(connection: sqlite3.Connection, address: int, at: str, seen: Observation, *, confirmed: bool = False) -> None:
    """Note that an address was looked at, and whether it answered and was found as it was."""
    alive = at if seen.verdict is Verdict.ALIVE else None
    connection.execute(
        "update addresses set last_checked = ?, last_seen = coalesce(?, last_seen), state_seen = coalesce(?, state_seen) where id = ?",
        (at, alive, at if confirmed else None, address),
    )


def _go_on(connection: sqlite3.Connection, address: int, known: sqlite3.Row, seen: Observation, role: str) -> None:
    row = connection.execute(f"{_STATES} where s.address = ? order by s.number desc limit 1", (address,)).fetchone()
    alive = seen.at if seen.verdict is Verdict.ALIVE else known["last_seen"]
    if row is None:  # kept by an older dibao, or until now only as a list
        connection.execute("update addresses set last_checked = ?, last_seen = ? where id = ?", (seen.at, alive, address))
        again(connection, address)
        return
    before = _interval(row)
    life = step(before, seen, policy(connection) if seen.verdict is Verdict.FAILURE else Policy())
    for number, interval in enumerate(life, row["number"]):
        if replace(interval, seen="") != replace(before, seen="") or interval.ended:
            _replace(connection, address, number, interval)
    due = _next(life[-1], known["first_seen"], seen.at, alive, role, seen.outcome)
    connection.execute(
        "update addresses set last_checked = ?, last_seen = ?, state = ?, state_seen = ?, next_check = ? where id = ?",
        (seen.at, alive, life[-1].state, life[-1].seen, due, address),
    )
    if life[-1].state != known["state"]:
        show(connection, address, life[-1].state, known["state"])


def _next(current: Interval, first_seen: str, checked: str, alive: str | None, role: str, outcome: str) -> str | None:  # noqa: PLR0917
    """Give when an address is looked at next: soon where the last look, of this outcome, said nothing.

    A file that lives where its link leads to is looked at by the link; a further part of a notice with its first one.
    """
    if role not in {"notice", "attachment"}:
        return None
    answers = alive is not None or (role == "attachment" and current.state is State.MOVED)
    at = read_stamp(checked)
    due = next_check(current.state, read_stamp(current.first_seen), at, read_stamp(first_seen), alive=answers)
    if due is not None and answers and outcome not in VERDICTS:
        due = min(due, at + AGAIN)
    return stamp(due) if due else None


def _insert(connection: sqlite3.Connection, address: int, number: int, interval: Interval) -> None:
    connection.execute(
        "insert into address_states (address, number, state, last_before, first_seen, last_seen, ended, confirmed, evidence)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(address, number, interval.state, interval.last_before, interval.first_seen),
            *(interval.seen if interval.ended else None, interval.ended, interval.confirmed, _dump(interval.evidence)),
        ),
    )


def _replace(connection: sqlite3.Connection, address: int, number: int, interval: Interval) -> None:
    connection.execute("delete from address_states where address = ? and number = ?", (address, number))
    _insert(connection, address, number, interval)


def _interval(row: sqlite3.Row) -> Interval:
    times = {name: row[name] for name in ("first_seen", "last_before", "ended", "confirmed")}
    return Interval(State(row["state"]), seen=row["last_seen"] or row["state_seen"], evidence=_load(row["evidence"]), **times)


_PLAIN = {each.name: each.default for each in fields(Evidence)}


def _dump(evidence: Evidence) -> str:
    told = {name: getattr(evidence, name) for name in _PLAIN}
    return dump({name: value for name, value in told.items() if value != _PLAIN[name]})


def _load(text: str) -> Evidence:
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(text).items()}
    return Evidence(**told)
