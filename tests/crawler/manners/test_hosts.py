"""Hosts are left alone for good reasons only, and waited for as they ask."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.records import Capture
from crawler.manners.hosts import Hosts, retry_after

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def capture(outcome, host="a.example", reason=""):
    return Capture("", f"http://{host}/x", NOW, None, (), b"", outcome=outcome, reason=reason)


def test_a_challenge_stops_its_host_at_once_and_no_other():
    hosts = Hosts()
    hosts.note(capture("challenge", reason="ruishu (HTTP 412)"))
    assert "ruishu" in hosts.why_stopped("http://a.example/y")
    assert hosts.why_stopped("http://b.example/y") == ""


def test_refusals_stop_a_host_only_in_a_row():
    hosts = Hosts(patience=3)
    for outcome in ("blocked", "failed", "ok", "blocked", "failed"):
        hosts.note(capture(outcome))
    assert not hosts.stopped
    hosts.note(capture("blocked", reason="HTTP 403"))
    assert "3 requests in a row, last: HTTP 403" in hosts.why_stopped("http://a.example/")


def test_missing_pages_stop_nothing():
    hosts = Hosts(patience=2)
    for _ in range(10):
        hosts.note(capture("missing"))
    assert not hosts.stopped


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert retry_after((("retry-after", value),), NOW) == seconds


def test_without_the_header_nothing_is_asked():
    assert retry_after((("Date", "x"),), NOW) is None


@given(st.text(max_size=40))
def test_any_value_is_read_without_an_error(value):
    found = retry_after((("Retry-After", value),), NOW)
    assert found is None or found >= 0
