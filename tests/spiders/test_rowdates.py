"""Dates and titles that stand in one text."""

from __future__ import annotations

from datetime import date

import pytest

from spiders.rowdates import moment, undated


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("关于防汛工作的通知 2024-05-06", "关于防汛工作的通知"),
        ("关于防汛工作的通知[2024-05-06]", "关于防汛工作的通知"),
        ("关于防汛工作的通知 2024年5月6日", "关于防汛工作的通知"),
        ("2024-05-06关于防汛工作的通知", "关于防汛工作的通知"),
        ("2024年5月6日空气质量日报", "2024年5月6日空气质量日报"),
        ("2024年5月6日 空气质量日报", "2024年5月6日 空气质量日报"),
        ("截至2024-05-06的名单", "截至2024-05-06的名单"),
        ("2024年度部门预算", "2024年度部门预算"),
        ("2024-05-06", ""),
        ("发布时间：2024-05-06 09:30", ""),
    ],
)
def test_a_title_loses_the_date_beside_it_and_keeps_its_own(text: str, title: str):
    assert undated(text) == title


@pytest.mark.parametrize(("text", "expected"), [("2024-02-30", None), ("2024-2-3", date(2024, 2, 3)), ("昨天", None), ("2024-05", None)])
def test_only_whole_dates_that_exist_are_dates(text: str, expected: date | None):
    assert moment(text) == expected
