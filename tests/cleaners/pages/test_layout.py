"""Layouts: which are valid on a day, and that every shipped selector is CSS."""

from datetime import UTC, date, datetime

import pytest

from cleaners.errors import LayoutError
from cleaners.pages.layout import Layout, choose, family_layouts, selector

OLD = Layout(date(2023, 6, 30), "#old")
NEW = Layout(None, "#new")


@pytest.mark.parametrize(
    ("day", "first"),
    [(datetime(2020, 1, 1, tzinfo=UTC), OLD), (datetime(2023, 6, 30, 23, tzinfo=UTC), OLD), (datetime(2023, 7, 1, tzinfo=UTC), NEW)],
)
def test_the_layout_of_the_day_comes_first(day: datetime, first: Layout) -> None:
    assert choose((NEW, OLD), day)[0] is first


def test_every_shipped_selector_compiles() -> None:
    for layout in family_layouts():
        for css in filter(None, (layout.body, layout.title, *layout.drop)):
            selector(css)
        assert layout.family


def test_a_bad_selector_is_named() -> None:
    with pytest.raises(LayoutError, match="div\\["):
        selector("div[")
