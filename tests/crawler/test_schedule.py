"""When sites are due: whatever the times, a site runs once a period, is caught up once, and never when it should not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.schedule import CHINA, cron_of, due, next_due
from spiders.site import parse_site

WORDS = ["hourly", "daily", "weekly", "monthly"]
PERIODS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(days=7), "monthly": timedelta(days=31)}
moments = st.integers(0, 15 * 366 * 86400).map(lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
names = st.from_regex(r"[a-z]{1,12}", fullmatch=True)


def site(name="ceshi", frequency="daily", status="active", **channels):
    table = {
        "title": "测试市人民政府",
        "homepage": "http://www.ceshi.gov.example/",
        "level": "central",
        "frequency": frequency,
        "status": status,
        "channels": [
            {"name": name, "url": f"http://www.ceshi.gov.example/{number}/"} | extra
            for number, (name, extra) in enumerate((channels or {"通知": {}}).items())
        ],
    }
    return parse_site(table, name)


@given(st.sampled_from(WORDS), names, moments)
def test_the_next_time_is_later_and_within_a_period(frequency, name, last):
    moment = next_due(frequency, name, last)
    assert last < moment <= last + PERIODS[frequency]


@given(st.sampled_from(WORDS), names, moments, st.floats(0, 400))
def test_a_site_just_run_is_due_once_however_long_it_was_missed(frequency, name, last, days):
    now = last + timedelta(days=days)
    one = site(name, frequency)
    key = (name, "通知")
    if due([one], {key: last}, now):
        assert next_due(frequency, name, last) <= now
        assert due([one], {key: now}, now) == []
    else:
        assert next_due(frequency, name, last) > now


@given(st.sampled_from(WORDS), names, moments)
def test_ticking_every_minute_for_two_periods_runs_it_about_twice(frequency, name, begin):
    one, key, last, count = site(name, frequency), (name, "通知"), begin, 0
    step = PERIODS[frequency] / 24
    for tick in range(48):
        now = begin + step * (tick + 1)
        if due([one], {key: last}, now):
            last, count = now, count + 1
    assert 1 <= count <= 3


def test_words_mean_the_night_in_china_and_sites_are_spread():
    hours = {next_due("daily", f"site{number}", datetime(2026, 3, 1, tzinfo=UTC)).astimezone(CHINA).time() for number in range(200)}
    assert all(1 <= moment.hour <= 4 for moment in hours)
    assert len(hours) > 100


def test_a_cron_expression_is_read_in_china_time():
    assert next_due("30 6 * * *", "x", datetime(2026, 3, 1, tzinfo=UTC)) == datetime(2026, 3, 1, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(("frequency", "status"), [("never", "active"), ("daily", "candidate"), ("daily", "dormant")])
def test_what_never_runs_is_never_due(frequency, status):
    one = site(frequency=frequency, status=status)
    assert due([one], {}, datetime(2026, 3, 1, tzinfo=UTC)) == []
    assert due([one], {("ceshi", "通知"): datetime(2000, 1, 1, tzinfo=UTC)}, datetime(2026, 3, 1, tzinfo=UTC)) == []


def test_a_site_never_run_is_due_at_once():
    assert due([site()], {}, datetime(2026, 3, 1, tzinfo=UTC))


def test_one_column_that_is_due_makes_its_site_due():
    one = site(frequency="monthly", 通知={}, 快讯={"frequency": "hourly"})
    now = datetime(2026, 3, 15, 12, tzinfo=UTC)
    last = {("ceshi", "通知"): now - timedelta(hours=2), ("ceshi", "快讯"): now - timedelta(hours=2)}
    assert due([one], last, now) == [one]
    assert due([one], last | {("ceshi", "快讯"): now}, now) == []


def test_a_clock_set_back_runs_nothing_twice():
    last = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert due([site()], {("ceshi", "通知"): last}, last - timedelta(days=1)) == []


def test_never_has_no_expression():
    assert cron_of("never", "x") == ""
    assert next_due("never", "x", datetime(2026, 3, 1, tzinfo=UTC)) is None


def test_a_site_with_hours_is_due_within_them_only():
    one = site().model_copy(update={"crawl_window": "22:00-06:00"})
    noon = datetime(2026, 3, 1, 4, tzinfo=UTC)
    assert due([one], {}, noon) == []
    assert due([one], {}, noon + timedelta(hours=10)) == [one]
