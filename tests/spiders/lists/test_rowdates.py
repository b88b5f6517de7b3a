"""Dates and titles that stand in one text."""

from __future__ import annotations

from datetime import date

import pytest

from spiders.listing import read_listing
from spiders.lists.rowdates import moment, undated


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


@pytest.mark.parametrize(
    ("paths", "printed", "expected"),
    [
        (("/tzgg/202405/t20240506_1.html", "/tzgg/202405/t20240506_2.html"), "05-06", ["2024-05-06"] * 2),
        (("/art/2024/5/6/art_1_1.html", "/art/2023/5/6/art_1_2.html"), "[05/06]", ["2024-05-06", "2023-05-06"]),
        (("/tzgg/202404/t20240406_1.html", "/tzgg/202405/t20240506_2.html"), "05-06", ["", ""]),
        (("/tzgg/1.html", "/tzgg/202405/t20240506_2.html"), "05-06", ["", ""]),
        (("/tzgg/202405/t20240506_1.html", "/tzgg/202405/t20240506_2.html"), "今天", ["", ""]),
    ],
    ids=["month in the address", "year in the address", "another month", "no year", "a day that passes"],
)
def test_a_day_without_its_year_takes_it_from_all_rows_addresses_or_stays_unread(paths: tuple[str, ...], printed: str, expected: list[str]):
    rows = "".join(f"<li><a href='{path}'>河湾市第{n}次环境质量公报发布</a><i>{printed}</i></li>" for n, path in enumerate(paths))
    body = f"<html><body><p>位置：公报</p><ul class='list'>{rows}</ul><p>共1页</p></body></html>".encode()
    entries = read_listing(body, "https://www.hewan.gov.example/tzgg/").entries
    assert [str(entry.issued or "") for entry in entries] == expected
