"""The life of one address as a pure value: what was observed of it, in the order of time, gives the intervals of its states.

`step` takes one observation further; `derive` is nothing but steps over all of them in order. So captures that come live, from WARC in
any order, or with a rebuild give the same intervals.

A page that says it is not there is `failing` (待确认) from its first failure, and `gone` once there were failures enough over hours enough
with none succeeding between: the same interval is then called gone, and says when that was confirmed. That we are refused says nothing
of a page: it never makes one fail, and what was failing or gone stays so. What an outage of the whole site made fail is `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from archive.life.kinds import ALIVE, State
from archive.times import read_stamp

KEPT_FAILURES = 8
"""Failures an interval names; more are counted."""


class Verdict(StrEnum):
    """What one observation says of an address."""

    ALIVE = "alive"
    FAILURE = "failure"
    BLOCKED = "blocked"
    MOVED = "moved"
    OUTAGE = "outage"  # it failed while the whole site did
    CHANGED = "changed"  # a file of the page was replaced, which made a version of the page
    NOTHING = "nothing"  # the network failed, or the answer was damaged


VERDICTS = {
    **dict.fromkeys(("ok", "unchanged"), Verdict.ALIVE),
    **dict.fromkeys(("missing", "gone", "soft_404"), Verdict.FAILURE),
    **dict.fromkeys(("challenge", "blocked", "refused"), Verdict.BLOCKED),
    "redirected": Verdict.MOVED,
}
"""What the outcome of a capture says; any other says nothing."""

UNREAD = "robots.txt could not be read"
"""How the reason of a refusal begins where the server did not even give its robots.txt: it is out, and nobody was refused."""


def verdict_of(outcome: str, reason: str = "") -> Verdict:
    """Say what one look says, by the outcome of its capture and the reason given for it."""
    if outcome == "refused" and reason.startswith(UNREAD) and "budget" not in reason:
        return Verdict.NOTHING
    return VERDICTS.get(outcome, Verdict.NOTHING)


@dataclass(frozen=True, slots=True)
class Policy:
    """When a failing page is gone: after so many failures, the first and the last so many hours apart or more."""

    failures: int = 3
    hours: float = 48.0


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at an address: when (as the archive writes times), what it says, the capture and its outcome.

    `version` is the number of the version the capture cut where it is not the first, `target` where the address leads, `run` the run of an
    outage.
    """

    at: str
    verdict: Verdict
    capture: int
    outcome: str = ""
    version: int | None = None
    target: str = ""
    run: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an interval stands on.

    `captures` are those that began it, and all (the first few) failures of one that fails; `outcomes` go with them. `alive` is when the
    address last answered before; `changed` says whether it was `changed` then. `failures` counts all that count.
    """

    captures: tuple[int, ...] = ()
    outcomes: tuple[str, ...] = ()
    alive: str | None = None
    changed: bool = False
    failures: int = 0
    version: int | None = None
    target: str = ""
    run: int | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """One stretch of one state: `seen` is when it was last confirmed, `ended` when the next began, `confirmed` when a page was gone."""

    state: State
    first_seen: str
    seen: str
    last_before: str | None = None
    ended: str | None = None
    confirmed: str | None = None
    evidence: Evidence = Evidence()


_FAILED = frozenset({State.FAILING, State.GONE})

Life = tuple[Interval, ...]
"""All intervals of an address in the order of time; only the last is open."""


def step(current: Interval | None, seen: Observation, policy: Policy = Policy()) -> Life:
    """Take one observation further: give the interval that was open as it stands now, and behind it the one that began, if one did."""
    if current is None:
        return (_begin(None, seen),)
    if _says_nothing(current.state, seen.verdict):
        return (current,)
    if seen.verdict is Verdict.FAILURE and current.state in _FAILED:
        return (_fail(current, seen, policy),)
    if _confirms(current, seen):
        return (replace(current, seen=seen.at),)
    return (replace(current, ended=seen.at), _begin(current, seen))


def derive(observations: Iterable[Observation], policy: Policy = Policy()) -> Life:
    """Give the intervals that all observations of an address make, whatever order they are given in."""
    life: Life = ()
    for seen in sorted(observations, key=_order):
        life = (*life[:-1], *step(life[-1] if life else None, seen, policy))
    return life


def follow(life: Sequence[Interval], seen: Observation, policy: Policy = Policy()) -> Life:
    """Take one observation, later than all before, further."""
    return (*life[:-1], *step(life[-1] if life else None, seen, policy))


_STATES = {
    Verdict.ALIVE: State.LIVE,
    Verdict.FAILURE: State.FAILING,
    Verdict.BLOCKED: State.BLOCKED,
    Verdict.MOVED: State.MOVED,
    Verdict.OUTAGE: State.UNKNOWN,
    Verdict.CHANGED: State.CHANGED,
    Verdict.NOTHING: State.UNKNOWN,
}


def _order(seen: Observation) -> tuple[str, bool, int]:
    return seen.at, seen.verdict is Verdict.CHANGED, seen.capture


def _says_nothing(state: State, verdict: Verdict) -> bool:
    """Say whether an observation tells nothing of an address in this state."""
    if verdict is Verdict.CHANGED:
        return state not in ALIVE
    if verdict in {Verdict.BLOCKED, Verdict.OUTAGE}:
        return state in _FAILED or (verdict is Verdict.OUTAGE and state is State.BLOCKED)
    return verdict is Verdict.NOTHING


def _confirms(current: Interval, seen: Observation) -> bool:
    """Say whether an observation finds an address as it was."""
    if seen.verdict in {Verdict.ALIVE, Verdict.CHANGED}:
        return current.state in ALIVE and seen.version is None
    return current.state is _STATES[seen.verdict] and current.evidence.target == seen.target


def _fail(current: Interval, seen: Observation, policy: Policy) -> Interval:
    """Count one more failure of what failed before; enough of them over hours enough confirm that it is gone."""
    failed = replace(current, seen=seen.at)
    if current.state is State.GONE:
        return failed
    evidence = replace(current.evidence, failures=current.evidence.failures + 1)
    if len(evidence.captures) < KEPT_FAILURES:
        evidence = replace(evidence, captures=(*evidence.captures, seen.capture), outcomes=(*evidence.outcomes, seen.outcome))
    long_enough = read_stamp(seen.at) - read_stamp(current.first_seen) >= timedelta(hours=policy.hours)
    if evidence.failures >= policy.failures and long_enough:
        return replace(failed, state=State.GONE, confirmed=seen.at, evidence=evidence)
    return replace(failed, evidence=evidence)


def _begin(before: Interval | None, seen: Observation) -> Interval:
    evidence = Evidence(
        captures=(seen.capture,),
        outcomes=(seen.outcome,) if seen.outcome else (),
        failures=int(seen.verdict is Verdict.FAILURE),
        version=seen.version,
        target=seen.target,
        run=seen.run,
    )
    state = _STATES[seen.verdict]
    if before is None:
        return Interval(state, seen.at, seen.at, evidence=evidence)
    changed = bool(seen.version) or _was_changed(before)
    if state in ALIVE:
        state = State.CHANGED if changed else State.LIVE
    else:
        alive = before.seen if before.state in ALIVE else before.evidence.alive
        evidence = replace(evidence, alive=alive, changed=changed)
    return Interval(state, seen.at, seen.at, before.seen, evidence=evidence)


def _was_changed(before: Interval) -> bool:
    """Say whether the page, when it last answered, said something else than at first; what comes back from being gone begins anew."""
    return before.state is State.CHANGED or (before.evidence.changed and before.state is not State.GONE)
