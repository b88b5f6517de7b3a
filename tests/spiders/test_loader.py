"""The loader behind `scrapy list` and `scrapy crawl`."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request
from scrapy.settings import Settings

from spiders.loader import SiteLoader
from spiders.spider import SiteSpider

SITE = """
title = "河湾市人民政府"
homepage = "https://www.hewan.gov.example/"
level = "city"
division_code = "110000"
delay = 2.5
cookies = true
[[channels]]
name = "通知公告"
url = "https://www.hewan.gov.example/xxgk/tzgg.htm"
"""


@pytest.fixture
def loader(tmp_path: Path) -> SiteLoader:
    (tmp_path / "hewan.toml").write_text(SITE, "utf-8")
    return SiteLoader.from_settings(Settings({"SITE_FOLDERS": [str(tmp_path)]}))


def test_each_site_file_is_a_spider(loader: SiteLoader):
    assert "hewan" in loader.list()
    spider = loader.load("hewan")
    assert issubclass(spider, SiteSpider)
    assert spider.name == "hewan"
    assert spider.site.title == "河湾市人民政府"


def test_what_the_file_says_of_pace_and_cookies_becomes_settings(loader: SiteLoader):
    settings = Settings()
    loader.load("hewan").update_settings(settings)
    assert settings.getfloat("DOWNLOAD_DELAY") == 2.5
    assert settings.getbool("COOKIES_ENABLED")


def test_an_unknown_name_is_a_key_error_as_scrapy_asks(loader: SiteLoader):
    with pytest.raises(KeyError, match="hewam"):
        loader.load("hewam")


def test_a_request_finds_its_spider_by_host(loader: SiteLoader):
    assert loader.find_by_request(Request("https://www.hewan.gov.example/x")) == ["hewan"]
    assert loader.find_by_request(Request("https://www.elsewhere.example/x")) == []
