"""When an address is looked at again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.life.clock import next_age, next_check
from archive.life.kinds import State

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("checked", "due"),
    [(0, 1), (0.9, 1), (1, 7), (6.9, 7), (7.5, 30), (30, 90), (89, 90), (90, 181), (180.9, 181), (181, 272), (1000, 1091)],
)  # fmt: skip
def test_a_notice_is_looked_at_again_after_1_7_30_90_days_and_then_quarterly(checked, due):
    assert next_age(FIRST, FIRST + checked * DAY) == FIRST + due * DAY


@given(st.floats(0, 3000))
def test_a_check_is_never_due_right_after_one_and_none_rests_longer_than_a_quarter(age):
    checked = FIRST + age * DAY
    assert checked < next_age(FIRST, checked) <= checked + timedelta(days=91)


@pytest.mark.parametrize(("hours", "due"), [(0, 1), (1, 24), (24, 72), (72, 168), (168, 336)])
def test_a_failure_is_confirmed_after_1_hour_1_3_7_and_14_days_whatever_the_age(hours, due):
    since = FIRST + 2000 * DAY
    for state in (State.FAILING, State.GONE):
        assert next_check(state, since, since + timedelta(hours=hours), FIRST, alive=True) == since + timedelta(hours=due)


def test_a_page_that_refused_us_is_not_asked_again_within_the_hour():
    since = FIRST + 2000 * DAY
    assert next_check(State.BLOCKED, since, since, FIRST, alive=True) == since + DAY


def test_what_never_answered_is_asked_again_only_to_confirm_that_it_fails():
    assert next_check(State.FAILING, FIRST, FIRST, FIRST, alive=False) == FIRST + timedelta(hours=1)
    assert next_check(State.GONE, FIRST, FIRST + 15 * DAY, FIRST, alive=False) is None
    assert next_check(State.MOVED, FIRST, FIRST, FIRST, alive=False) is None
