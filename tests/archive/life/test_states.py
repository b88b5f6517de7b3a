"""The states of an address: the machine against a naive model, and every way of keeping against every other."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.life.keeping import again, load, observations
from archive.life.kinds import State
from archive.life.states import Observation, Policy, Verdict, derive, follow
from archive.times import stamp
from cleaners.records import Capture

START = datetime(2026, 3, 1, tzinfo=UTC)
HOURS = st.lists(st.integers(0, 60), max_size=25)
VERDICTS = st.lists(st.sampled_from([*Verdict, Verdict.FAILURE, Verdict.FAILURE, Verdict.ALIVE]), max_size=25)


def at(hours):
    return stamp(START + timedelta(hours=hours))


def observed(verdicts, pauses):
    hours = 0
    for number, (verdict, pause) in enumerate(zip(verdicts, pauses, strict=False), 1):
        hours += pause
        target = f"https://www.linshui.gov.example/{number % 2}" if verdict is Verdict.MOVED else ""
        version = number if verdict is Verdict.CHANGED or (verdict is Verdict.ALIVE and number % 3 == 0) else None
        yield Observation(at(hours), verdict, number, "missing" if verdict is Verdict.FAILURE else "ok", version, target)


def model(seen):
    """Say what an address is now, naively: by looking back over everything each time."""
    state = None
    for number, each in enumerate(seen):
        state = now(state, seen[: number + 1], each)
    return state


def now(state, seen, each):  # noqa: PLR0911 - one return a verdict
    if state in {State.FAILING, State.GONE} and each.verdict in {Verdict.BLOCKED, Verdict.OUTAGE, Verdict.NOTHING, Verdict.CHANGED}:
        return state
    match each.verdict:
        case Verdict.NOTHING:
            return state or State.UNKNOWN
        case Verdict.CHANGED:
            return State.CHANGED if state in {State.LIVE, State.CHANGED, None} else state
        case Verdict.ALIVE:
            return State.CHANGED if since_gone(seen, each) else State.LIVE
        case Verdict.FAILURE:
            return State.GONE if state is State.GONE or enough(seen) else State.FAILING
        case Verdict.OUTAGE:
            return State.BLOCKED if state is State.BLOCKED else State.UNKNOWN
        case Verdict.BLOCKED:
            return State.BLOCKED
    return State.MOVED


def since_gone(seen, each):
    """Say whether anything changed since the page first answered, or came back: a state of `gone` forgets."""
    changed = False
    state = None
    for number, one in enumerate(seen[:-1]):
        before, state = state, now(state, seen[: number + 1], one) if one.verdict is not Verdict.ALIVE else State.LIVE
        if one.version and (one.verdict is Verdict.ALIVE or before in {None, State.LIVE}):
            changed = True
        if state is State.GONE:
            changed = False
    return changed or bool(each.version)


def enough(seen):
    failures = []
    for each in seen:
        if each.verdict in {Verdict.ALIVE, Verdict.MOVED}:
            failures = []
        elif each.verdict is Verdict.FAILURE:
            failures.append(datetime.fromisoformat(each.at))
    return len(failures) >= 3 and failures[-1] - failures[0] >= timedelta(hours=48)


@given(VERDICTS, HOURS)
def test_the_machine_says_what_looking_back_says(verdicts, pauses):
    seen = list(observed(verdicts, pauses))
    life = derive(seen)
    assert (life[-1].state if life else None) == model(seen)


@given(VERDICTS, HOURS, st.randoms(use_true_random=False))
def test_the_order_in_which_observations_come_makes_no_difference(verdicts, pauses, random: Random):
    seen = list(observed(verdicts, pauses))
    mixed = random.sample(seen, len(seen))
    assert derive(mixed) == derive(seen)


@given(VERDICTS, HOURS)
def test_intervals_follow_each_other_and_one_is_open(verdicts, pauses):
    life = derive(observed(verdicts, pauses))
    assert [interval.ended is None for interval in life] == [False] * (len(life) - 1) + [True] * bool(life)
    for before, after in pairwise(life):
        assert before.first_seen <= before.seen == after.last_before <= before.ended == after.first_seen
    for interval in life:
        assert (interval.confirmed is not None) == (interval.state is State.GONE)


@given(VERDICTS, HOURS)
def test_what_is_gone_failed_often_enough_for_long_enough(verdicts, pauses):
    for interval in derive(observed(verdicts, pauses)):
        if interval.state is State.GONE:
            assert interval.evidence.failures >= 3
            assert datetime.fromisoformat(interval.confirmed) - datetime.fromisoformat(interval.first_seen) >= timedelta(hours=48)


def test_a_page_is_gone_when_it_failed_three_times_over_two_days():
    hours = [(0, Verdict.ALIVE), (24, Verdict.FAILURE), (25, Verdict.FAILURE), (48, Verdict.FAILURE), (72, Verdict.FAILURE)]
    seen = [Observation(at(hour), verdict, number, "missing") for number, (hour, verdict) in enumerate(hours, 1)]
    assert [interval.state for interval in derive(seen[:-1])] == ["live", "failing"]
    live, gone = derive(seen)
    assert (gone.state, gone.last_before, gone.first_seen, gone.confirmed) == ("gone", at(0), at(24), at(72))
    assert (gone.evidence.failures, gone.evidence.captures, gone.evidence.alive) == (4, (2, 3, 4, 5), at(0))
    assert derive(seen, Policy(failures=5, hours=48))[-1].state == "failing"
    assert live.ended == at(24)


def test_a_page_that_answers_between_two_failures_is_not_gone():
    hours = [(0, Verdict.FAILURE), (30, Verdict.FAILURE), (40, Verdict.ALIVE), (50, Verdict.FAILURE), (60, Verdict.FAILURE)]
    seen = [Observation(at(hour), verdict, number) for number, (hour, verdict) in enumerate(hours, 1)]
    assert [interval.state for interval in derive(seen)] == ["failing", "live", "failing"]


def test_what_we_are_refused_says_nothing_of_a_page_that_fails():
    hours = [(0, Verdict.ALIVE), (1, Verdict.BLOCKED), (2, Verdict.FAILURE), (3, Verdict.BLOCKED), (90, Verdict.FAILURE)]
    seen = [Observation(at(hour), verdict, number) for number, (hour, verdict) in enumerate(hours, 1)]
    life = derive(seen)
    assert [interval.state for interval in life] == ["live", "blocked", "failing"]
    assert (life[-1].evidence.failures, life[-1].evidence.alive) == (2, at(0))


OUTCOMES = ["ok", "unchanged", "missing", "gone", "soft_404", "challenge", "blocked", "failed", "damaged", "redirected"]


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as opened:
        yield opened


@pytest.mark.parametrize("seed", range(40))
def test_captures_in_any_order_keep_the_intervals_that_all_of_them_make(archive, seed):
    random = Random(seed)
    outcomes = random.choices(OUTCOMES, [3, 2, 3, 1, 1, 1, 1, 1, 1, 1], k=14)
    moments = [START + timedelta(hours=random.choice([0, 1, 12, 24, 60]) + 60 * number) for number in range(len(outcomes))]
    visits = list(zip(outcomes, moments, strict=True))
    if seed % 2:
        random.shuffle(visits)
    for outcome, moment in visits:
        target = "https://www.linshui.gov.example/neu.html" if outcome == "redirected" else ""
        archive.add(
            Capture("linshui", "https://www.linshui.gov.example/1.html", moment, 200, (), b"", outcome=outcome, redirected_to=target)
        )
    with archive.write() as connection:
        kept = load(connection, 1)
        assert kept == derive(observations(connection, 1))
        stands = dict(connection.execute("select state, state_seen, last_seen, last_checked, next_check from addresses").fetchone())
        again(connection, 1)
        assert load(connection, 1) == kept
        assert dict(connection.execute("select state, state_seen, last_seen, last_checked, next_check from addresses").fetchone()) == stands


@given(VERDICTS, HOURS)
def test_one_step_at_a_time_comes_to_the_same(verdicts, pauses):
    seen = list(observed(verdicts, pauses))
    life = ()
    for each in sorted(seen, key=lambda one: (one.at, one.verdict is Verdict.CHANGED, one.capture)):
        life = follow(life, each)
    assert life == derive(seen)
