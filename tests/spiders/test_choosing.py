"""Choosing among the known sites, as `dibao sites` does."""

from __future__ import annotations

import pytest

from cleaners.errors import SiteError
from spiders.choosing import Wish, choose, find_province, province_of, provinces
from spiders.site import SHIPPED, Site, load_sites, parse_site


def site(name: str, **changes: object) -> Site:
    host = f"www.{name}.gov.example"
    table = {
        "title": f"{name}人民政府",
        "homepage": f"https://{host}/",
        "level": "county",
        "division_code": "610799",
        "channels": [{"name": "通知公告", "url": f"https://{host}/tzgg/"}],
    }
    return parse_site({**table, **changes}, name)


SITES = [
    site("qingyu", family="vsb", twins=["m.qingyu.gov.example"]),
    site("linshui", level="city", division_code="530600", status="candidate"),
    site("yunbei", level="central", division_code="000000", title="云北部"),
]


@pytest.mark.parametrize(
    ("wish", "names"),
    [
        (Wish(), ["yunbei", "linshui", "qingyu"]),
        (Wish(statuses=("candidate",)), ["linshui"]),
        (Wish(levels=("city", "central")), ["yunbei", "linshui"]),
        (Wish(families=("vsb",)), ["qingyu"]),
        (Wish(divisions=("61", "6107")), ["qingyu"]),
        (Wish(divisions=("61", "53")), []),
        (Wish(host="M.qingyu"), ["qingyu"]),
        (Wish(words=("TZGG", "Lin")), ["linshui"]),
        (Wish(words=("云南",)), ["linshui"]),
        (Wish(words=("云",)), ["yunbei", "linshui"]),
        (Wish(statuses=("active",), words=("通知公告",)), ["yunbei", "qingyu"]),
    ],
)
def test_all_that_is_wished_must_be_met(wish: Wish, names: list[str]):
    assert [one.name for one in choose(SITES, wish)] == names


@pytest.mark.parametrize("word", ["陕西", "陕西省", "shaanxi", "Shaanxi", "61"])
def test_a_province_goes_by_any_of_its_names(word: str):
    assert find_province(word) == "61"


def test_what_is_no_province_is_told():
    with pytest.raises(SiteError, match="'shanxii', did you mean 'shanxi'"):
        find_province("shanxii")
    with pytest.raises(SiteError, match="no province ''"):
        find_province("")


def test_shipped_files_lie_in_the_folder_of_their_province():
    folders = {pinyin: name for name, pinyin in provinces().values()} | {"central": ""}
    shipped = load_sites()
    for path in SHIPPED.rglob("*.toml"):
        assert province_of(shipped[path.stem]) == folders[path.parent.name], path
