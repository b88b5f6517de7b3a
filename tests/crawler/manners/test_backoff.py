"""Hosts are asked more slowly for every good reason, and never faster than their own pace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.backoff import LONGEST, LONGEST_WAIT, asked_delay, doubled, eased, halved, wait_for

seconds = st.floats(0, 10_000)


@pytest.mark.parametrize(("refusals", "wait"), [(1, 4), (2, 8), (3, 16), (20, 3600), (5000, 3600)])
def test_waits_double_up_to_an_hour(refusals, wait):
    assert wait_for(2.0, refusals, None) == wait


def test_what_the_server_asks_goes_before():
    assert wait_for(2.0, 3, 90.0) == 90
    assert wait_for(2.0, 3, 7200.0) == 7200


@pytest.mark.parametrize(
    ("crawl_delay", "requests", "per", "delay"),
    [(None, 0, 0, 0), (10, 0, 0, 10), (None, 1, 30, 30), (3, 10, 60, 6), (900, 0, 0, 60), (-1, 0, 0, 0)],
)
def test_robots_txt_may_ask_in_two_ways_for_up_to_a_minute(crawl_delay, requests, per, delay):
    assert asked_delay(crawl_delay, requests, per) == delay


@given(seconds, seconds, seconds)
def test_a_slow_server_is_asked_as_slowly_and_never_faster_than_its_pace(delay, latency, floor):
    after = eased(delay, latency, floor)
    assert after >= floor
    assert after >= min(latency, LONGEST)
    assert after <= max(floor, LONGEST)


@given(seconds, seconds)
def test_a_pace_taught_fades_run_by_run(delay, floor):
    taught, runs = doubled(delay), 0
    assert taught >= delay
    while taught is not None and runs < 100:
        taught, runs = halved(taught, max(floor, 0.01)), runs + 1
    assert taught is None


@given(st.floats(0.01, 60), st.integers(1, 10_000))
def test_no_wait_is_without_end(delay, refusals):
    assert delay <= wait_for(delay, refusals, None) <= LONGEST_WAIT
