"""A budget is what is left of a day's requests, whatever run sent them."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.budget import Budget

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@given(st.integers(1, 30), st.integers(0, 40))
def test_what_other_runs_sent_is_taken_off(limit, sent):
    budget = Budget(limit, lambda since: Counter({"a.gov.cn": sent}))
    assert sum(budget.spend("a.gov.cn", NOW) for _ in range(50)) == max(0, limit - sent)
    assert budget.spend("b.gov.cn", NOW)


def test_requests_older_than_a_day_are_forgotten_when_it_seems_used_up():
    asked = []
    counts = [Counter({"a.gov.cn": 2}), Counter({"a.gov.cn": 1})]
    budget = Budget(2, lambda since: asked.append(since) or counts.pop(0))
    assert not budget.spend("a.gov.cn", NOW)
    assert not budget.spend("a.gov.cn", NOW + timedelta(minutes=1))
    assert budget.spend("a.gov.cn", NOW + timedelta(minutes=11))
    assert asked == [NOW - timedelta(days=1), NOW + timedelta(minutes=11) - timedelta(days=1)]


def test_no_limit_is_no_limit_and_counts_nothing():
    budget = Budget(None, lambda since: 1 / 0)
    assert all(budget.spend("a.gov.cn", NOW) for _ in range(100))
