from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.days import day_bounds, read_days


@pytest.mark.parametrize(
    ("text", "meant", "days"),
    [
        ("2024", "day", ("20240101", "20241231")),
        ("2024年", "day", ("20240101", "20241231")),
        ("2024-05", "day", ("20240501", "20240531")),
        ("2024年2月", "day", ("20240201", "20240231")),
        ("2024/5/7", "day", ("20240507", "20240507")),
        ("20240507", "day", ("20240507", "20240507")),
        ("202405", "day", ("20240501", "20240531")),
        ("2024-05", "since", ("20240501", "99991231")),
        ("2024-05", "until", ("00000101", "20240531")),
        ("2024-01..2024-06", "day", ("20240101", "20240631")),
        ("2024-06至2024-01", "day", ("20240101", "20240631")),
        ("2024..", "day", ("20240101", "99991231")),
        ("..2024", "day", ("00000101", "20241231")),
        ("2024-13", "day", None),
        ("2023-02-29", "day", None),
        ("昨天", "day", None),
        ("", "day", None),
        ("..", "day", None),
        ("2024..昨天", "day", None),
        ("0000-02-29", "since", None),
    ],
)
def test_days_as_they_are_typed(text, meant, days):
    assert read_days(text, meant) == days


@given(st.text() | st.text("0123456789-./年月日~至"), st.sampled_from(["day", "since", "until"]))
def test_whatever_is_typed_is_days_or_nothing(text, meant):
    days = read_days(text, meant)
    assert days is None or (len(days[0]) == len(days[1]) == 8 and days[0] <= days[1])


def test_bounds_are_dates_or_text():
    assert day_bounds(date(2024, 5, 7), "2024-06") == ("20240507", "20240631")
    assert day_bounds(date(12, 5, 7), None) == ("00120507", "99991231")
    assert day_bounds(None, None) is None
    with pytest.raises(ValueError, match="2024-05-07"):
        day_bounds("tomorrow", None)
