"""Site files: what is read, and what a maintainer is told when a file is wrong."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cronsim import CronSim

from cleaners.errors import SiteError
from crawler.schedule import due_channels
from crawler.settings import DOWNLOAD_DELAY
from spiders.families import families
from spiders.site import DEFAULT_DELAY, Channel, Expect, Paging, Site, SiteLayout, load_site, load_sites, parse_site

ROOT = Path(__file__).parents[2]
GOOD = """
title = "河湾市人民政府"
homepage = "https://www.hewan.gov.example/"
level = "city"
division_code = "110000"
family = "vsb"
twins = ["m.hewan.gov.example"]
[[channels]]
name = "通知公告"
url = "https://www.hewan.gov.example/xxgk/tzgg.htm"
"""


def table(**changes: object) -> dict[str, object]:
    return {**tomllib.loads(GOOD), **changes}


@pytest.mark.parametrize("site", load_sites(ROOT / "spiders" / "sites").values(), ids=lambda site: site.name)
def test_every_shipped_site_is_usable(site: Site):
    assert site.channels
    assert site.family in {family.id for family in families()}
    assert all(channel.url.startswith(("http://", "https://")) for channel in site.channels)
    if site.status == "candidate":
        assert due_channels(site, {}, datetime.now(UTC)) == (), "what nobody has seen work is not crawled by itself"
        assert site.evidence, "a candidate says where it comes from"


def test_a_file_gives_a_site_named_after_it(tmp_path: Path):
    (tmp_path / "hewan.toml").write_text(GOOD, "utf-8")
    site = load_sites(tmp_path)["hewan"]
    assert (site.name, site.title, site.level, site.frequency, site.status) == ("hewan", "河湾市人民政府", "city", "daily", "active")
    assert site.channels[0].name == "通知公告"
    assert site.hosts == {"www.hewan.gov.example", "m.hewan.gov.example"}


def test_sites_lie_in_folders_to_any_depth(tmp_path: Path):
    (tmp_path / "shaanxi" / "counties").mkdir(parents=True)
    (tmp_path / "shaanxi" / "counties" / "hewan.toml").write_text(GOOD, "utf-8")
    assert "hewan" in load_sites(tmp_path)


def test_a_name_given_twice_names_both_files(tmp_path: Path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "hewan.toml").write_text(GOOD, "utf-8")
    with pytest.raises(SiteError, match=r"b/hewan\.toml.*'hewan'.*a/hewan\.toml"):
        load_sites(tmp_path)


def test_the_same_folder_twice_is_read_once(tmp_path: Path):
    (tmp_path / "hewan.toml").write_text(GOOD, "utf-8")
    assert "hewan" in load_sites(tmp_path, tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(SiteError, match="nowhere: no such folder"):
        load_sites(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"titel": "x"}, "unknown key 'titel': allowed are .*, did you mean 'title'?"),
        ({"name": "x"}, "key 'name' is not allowed: the file's name"),
        ({"title": ""}, "key 'title'"),
        ({"homepage": "ftp://x.example/"}, "key 'homepage' .* absolute http or https"),
        ({"level": "cty"}, "key 'level' is 'cty': allowed are central, province, city, county, did you mean 'city'"),
        ({"division_code": "1100"}, "key 'division_code'"),
        ({"division_code": 110000}, "key 'division_code'"),
        ({"division_code": None}, "division_code .*missing"),
        ({"family": "hanwebb"}, "key 'family' .* did you mean 'hanweb'"),
        ({"frequency": "dayly"}, "key 'frequency' .* did you mean 'daily'"),
        ({"frequency": "61 * * * *"}, "key 'frequency' is '61 .*cron expression"),
        ({"status": "actve"}, "did you mean 'active'"),
        ({"attachments": "yes"}, "allowed are fetch, list, none"),
        ({"provenance": "mirror"}, "allowed are official, third_party"),
        ({"delay": -1}, "key 'delay'"),
        ({"delay": float("inf")}, "key 'delay'"),
        ({"homepage": "https://www.hewan.gov.cn/", "delay": 0}, r"delay is 0, lower than the crawler's default of 2 .*www\.hewan\.gov\.cn"),
        ({"twins": ["m.hewan.gov.cn"], "delay": 1.5}, r"delay is 1\.5, lower .*m\.hewan\.gov\.cn is a real host"),
        ({"crawl_window": "22:00"}, "key 'crawl_window' is '22:00': .*'22:00-06:00'"),
        ({"crawl_window": "24:00-06:00"}, "key 'crawl_window'"),
        ({"crawl_window": "06:00-06:00"}, "key 'crawl_window' .*two different times"),
        ({"daily_budget": 0}, "key 'daily_budget'"),
        ({"full_every": 0}, "key 'full_every'"),
        ({"max_file_size": 0}, "key 'max_file_size'"),
        ({"tls": "legcy"}, "allowed are default, legacy, unverified, did you mean 'legacy'"),
        ({"javascript": "yes please"}, "key 'javascript'"),
        ({"evidence": ["x" * 301]}, r"key 'evidence\[0\]'"),
        ({"expect": {"site_id_code": "12345"}}, r"key 'expect\.site_id_code' .*ten digits, or 'bm' and eight"),
        ({"expect": {"site_id_code": "4101000001"}}, r"'4101000001': its first six digits must be the division_code '110000'"),
        ({"expect": {"site_name": ""}}, r"key 'expect\.site_name'"),
        ({"cookies": "sometimes"}, "key 'cookies'"),
        ({"twins": ["https://m.hewan.gov.example/"]}, r"key 'twins\[0\]' .* bare host name"),
        ({"twins": ["www.hewan.gov.example"]}, "twins names www.hewan.gov.example, the home page's own"),
        ({"channels": []}, "key 'channels'"),
        ({"channels": [{"name": "a"}]}, r"key 'channels\[0\]\.url' is missing"),
        ({"channels": [{"name": "a", "url": "https://x.example/", "ulr": "y"}]}, r"unknown key 'channels\[0\]\.ulr'.*did you mean 'url'"),
        (
            {"channels": [{"name": "a", "url": "https://x.example/"}, {"name": "a", "url": "https://x.example/b"}]},
            "two channels have the name 'a'",
        ),
        (
            {"channels": [{"name": "a", "url": "https://x.example/"}, {"name": "b", "url": "https://x.example/"}]},
            "two channels have the url",
        ),
        (
            {"channels": [{"name": "a", "url": "https://x.example/", "paging": {"template": "list.html"}}]},
            r"channels\[0\]\.paging.*\{page\}",
        ),
        ({"layouts": [{"body": "div[["}]}, r"key 'layouts\[0\]\.body' .*not a CSS selector"),
        ({"layouts": [{"body": "p", "boddy": "p"}]}, r"unknown key 'layouts\[0\]\.boddy': allowed are body, drop, title, valid_until"),
        ({"layouts": [{"body": "p"}, {"body": "q", "valid_until": date(2020, 1, 1)}]}, "oldest first"),
        ({"expect": {"min_entries": -1}}, r"key 'expect\.min_entries'"),
        ({"expect": {"min": 1}}, r"unknown key 'expect\.min'.* min_entries"),
    ],
)
def test_errors_name_file_and_key_and_what_is_allowed(changes: dict[str, object], told: str):
    given = {key: value for key, value in table(**changes).items() if value is not None}
    with pytest.raises(SiteError, match=told) as caught:
        parse_site(given, "hewan", "sites/hewan.toml")
    assert all(line.startswith("sites/hewan.toml: ") for line in str(caught.value).splitlines())


@pytest.mark.parametrize(
    "address",
    [
        "https://hewan/",
        "https://www.hewan..example/",
        "https://-a.example/",
        "https://河湾.example/",
        "https://0x7f.0x1/",
        "https://2130706433/",
        "https://300.1.1.1/",
        "https://[::1]/",
        "https://www.hewan.example:99999/",
        "https://www.hewan.example:0/",
        "https://[www.hewan.example/",
        "https://name:secret@www.hewan.example/",
        "https://www.hewan.example/a b",
        "//www.hewan.example/",
    ],
)
def test_odd_addresses_are_refused(address: str):
    with pytest.raises(SiteError, match="key 'homepage'"):
        parse_site(table(homepage=address), "hewan")


@pytest.mark.parametrize("host", ["m.hewan.example:80", "a b.example", "M.hewan.example", "*.hewan.example", ".hewan.example", "hewan", ""])
def test_odd_hosts_are_refused(host: str):
    with pytest.raises(SiteError, match=r"key 'twins\[0\]' .* bare host name"):
        parse_site(table(twins=[host]), "hewan")


def test_only_models_may_be_asked_faster_than_by_default():
    assert parse_site(table(delay=0.01), "hewan").delay == 0.01
    assert parse_site(table(homepage="https://www.hewan.gov.cn/", delay=DEFAULT_DELAY), "hewan").delay == DOWNLOAD_DELAY


@pytest.mark.parametrize("code", ["1100000088", "bm01000001"])
def test_the_code_of_the_pages_fits_the_division(code: str):
    assert parse_site(table(expect={"site_id_code": code}), "hewan").expect.site_id_code == code


def test_every_fault_of_a_file_is_told_at_once():
    with pytest.raises(SiteError) as caught:
        parse_site(table(level="x", titel="y", frequency="z"), "hewan")
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(("name", "text"), [("hewan.toml", 'title = "'), ("He Wan.toml", GOOD)])
def test_unreadable_files_and_names_are_named(tmp_path: Path, name: str, text: str):
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(SiteError, match=name):
        load_site(tmp_path / name)


def test_bytes_that_are_not_utf8_are_an_error_of_the_file(tmp_path: Path):
    (tmp_path / "hewan.toml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(SiteError, match="UTF-8"):
        load_site(tmp_path / "hewan.toml")


def test_cron_expressions_are_taken():
    site = parse_site(table(frequency="30 6 * * 1-5"), "hewan")
    saturday = datetime(2024, 1, 6, tzinfo=UTC)
    assert next(CronSim(site.frequency, saturday)) == datetime(2024, 1, 8, 6, 30, tzinfo=UTC)


def test_central_and_third_party_sites_need_no_division_code():
    for changes in ({"level": "central"}, {"provenance": "third_party"}):
        given = table(**changes)
        del given["division_code"]
        assert parse_site(given, "x").division_code is None


@pytest.mark.parametrize(
    ("url", "stands_for"),
    [
        ("https://m.hewan.gov.example/info/1/2.htm?x=1", ("https://www.hewan.gov.example/info/1/2.htm?x=1", "twin")),
        ("https://www.hewan.gov.example/info/1/2.htm", None),
        ("https://other.gov.example/info/1/2.htm", None),
    ],
)
def test_a_twin_stands_for_the_page_of_the_main_host(url: str, stands_for: tuple[str, str] | None):
    assert parse_site(table(), "hewan").principal(url) == stands_for


def test_layouts_come_as_the_cleaners_take_them():
    site = parse_site(table(layouts=[{"body": "div.a", "valid_until": date(2023, 6, 30), "drop": [".x"]}, {"body": "#zoom"}]), "hewan")
    assert [(layout.body, layout.valid_until, layout.drop) for layout in site.layouts] == [
        ("div.a", date(2023, 6, 30), (".x",)),
        ("#zoom", None, ()),
    ]


def test_the_reference_holds_every_key_and_its_example_loads():
    page = (ROOT / "docs" / "site-files.md").read_text("utf-8")
    example = tomllib.loads(page.split("```toml")[1].split("```")[0])
    assert parse_site(example, "linshui").channels[1].paging == Paging(template="list-{page}.html")
    keys = {field.alias or name for model in (Site, Channel, Paging, SiteLayout, Expect) for name, field in model.model_fields.items()}
    assert not {key for key in keys if f"`{key}`" not in page}
    words = {
        "hourly",
        "daily",
        "weekly",
        "monthly",
        "never",
        "third_party",
        "dormant",
        "candidate",
        "fetch",
        "list",
        "none",
        "default",
        "legacy",
        "unverified",
    }
    assert not {word for word in words if f"`{word}`" not in page}
