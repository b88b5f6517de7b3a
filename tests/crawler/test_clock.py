"""The archive's clock and the pure one agree, and a column that cannot be read is not tried at every tick."""

from datetime import UTC, datetime, timedelta

from archive.store import Archive
from crawler.clock import due_columns, idle, set_clocks
from spiders.site import parse_site

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = parse_site(
    {
        "title": "测试市人民政府",
        "homepage": "http://www.ceshi.gov.example/",
        "level": "central",
        "frequency": "hourly",
        "channels": [{"name": "通知", "url": "http://www.ceshi.gov.example/tz/"}],
    },
    "ceshi",
)
BEGUN = {"ceshi": ("通知",)}


def test_what_was_begun_waits_for_its_time(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        assert due_columns(archive, [SITE], NOW) == {"ceshi": ("通知",)}
        set_clocks(archive, [SITE], BEGUN, NOW)
        assert due_columns(archive, [SITE], NOW + timedelta(seconds=1)) == {}
        assert due_columns(archive, [SITE], NOW + timedelta(hours=1)) == BEGUN
        assert archive.due_channels()[0].next_due > NOW


def test_a_new_frequency_counts_at_once(tmp_path):
    often = SITE.model_copy(update={"frequency": "*/5 * * * *"})
    with Archive.open(tmp_path / "a.db") as archive:
        set_clocks(archive, [SITE], BEGUN, NOW)
        assert due_columns(archive, [often], NOW + timedelta(minutes=6)) == BEGUN


def test_only_the_columns_that_are_due_are_named(tmp_path):
    tables = [
        {"name": "通知", "url": "http://www.ceshi.gov.example/tz/"},
        {"name": "年报", "url": "http://www.ceshi.gov.example/nb/", "frequency": "monthly"},
    ]
    site = parse_site(
        {
            "title": "测试市人民政府",
            "homepage": "http://www.ceshi.gov.example/",
            "level": "central",
            "frequency": "hourly",
            "channels": tables,
        },
        "ceshi",
    )
    with Archive.open(tmp_path / "a.db") as archive:
        assert due_columns(archive, [site], NOW) == {"ceshi": ("通知", "年报")}
        set_clocks(archive, [site], {"ceshi": ("通知", "年报")}, NOW)
        assert due_columns(archive, [site], NOW + timedelta(hours=1)) == {"ceshi": ("通知",)}


def test_who_expected_a_crawl_is_told_what_is_next(tmp_path):
    night = SITE.model_copy(update={"name": "yewan", "crawl_window": "22:00-06:00"})
    with Archive.open(tmp_path / "a.db") as archive:
        set_clocks(archive, [SITE], BEGUN, NOW)
        told = idle(archive, [SITE, night], NOW)
        assert "next is ceshi, 2026-03-01 2" in told  # in China
        assert "yewan waits for its hours, 22:00-06:00" in told
        assert "none of 1 site files is active" in idle(archive, [SITE.model_copy(update={"status": "candidate"})], NOW)
