"""Hours are those of Asia/Shanghai, and may go over midnight."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.window import Window, may_ask

moments = st.integers(0, 86400 * 800).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
hours = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("window", "utc", "open_"),
    [
        ("22:00-06:00", "14:00", True),
        ("22:00-06:00", "13:59", False),
        ("22:00-06:00", "21:59", True),
        ("22:00-06:00", "22:00", False),
        ("01:30-05:00", "17:30", True),
        ("01:30-05:00", "21:00", False),
        (None, "04:00", True),
    ],
)
def test_a_window_holds_from_its_first_minute_up_to_its_last(window, utc, open_):
    assert may_ask(window, datetime.fromisoformat(f"2026-03-01T{utc}+00:00")) is open_


@pytest.mark.parametrize("text", ["", "22:00", "22:00-22:00", "25:00-06:00", "abends-morgens"])
def test_what_is_no_window_is_said_so(text):
    with pytest.raises(ValueError):
        Window.parse(text)


@given(hours, hours, moments)
def test_a_window_and_the_rest_of_the_day_share_every_moment(begin, end, moment):
    if begin != end:
        assert Window(begin, end).holds(moment) != Window(end, begin).holds(moment)
        assert Window.parse(str(Window(begin, end))) == Window(begin, end)
