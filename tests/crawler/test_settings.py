"""The settings that keep the crawler honest and the machine safe are the ones in force."""

import pytest
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from crawler.manners.pace import Slots, delay_for


@pytest.fixture(scope="module")
def settings():
    found = Settings()
    found.setmodule("crawler.settings", priority="project")
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROBOTSTXT_OBEY", True),
        ("TELNETCONSOLE_ENABLED", False),
        ("REMOTE_CONTROL_ENABLED", False),
        ("COOKIES_ENABLED", False),
        ("HTTPPROXY_ENABLED", False),
        ("METAREFRESH_ENABLED", False),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", 1),
        ("CONCURRENT_ITEMS", 1),
        ("DOWNLOAD_MAXSIZE", 32 * 1024 * 1024),
        ("DOWNLOAD_TIMEOUT", 60),
    ],
)
def test_what_must_hold_holds(settings, name, value):
    assert settings[name] == value


def test_only_the_web_can_be_asked(settings):
    handlers = {**settings["DOWNLOAD_HANDLERS_BASE"], **settings["DOWNLOAD_HANDLERS"]}
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


def test_challenges_are_not_asked_again(settings):
    assert not {412, 521, 512, 403, 429, 503} & set(map(int, settings.getlist("RETRY_HTTP_CODES")))


def test_every_part_named_exists(settings):
    names = [
        *settings["DOWNLOADER_MIDDLEWARES"],
        *settings["ITEM_PIPELINES"],
        *settings["EXTENSIONS"],
        settings["TWISTED_DNS_RESOLVER"],
        settings["SPIDER_LOADER_CLASS"],
    ]
    for name in names:
        assert load_object(name)


def test_what_could_run_code_is_not_even_loaded(settings):
    loaded = [*settings["EXTENSIONS_BASE"], *settings["EXTENSIONS"]]
    assert not [name for name in loaded if "telnet" in name or "remote" in name]


def test_what_counts_and_logs_each_page_is_off(settings):
    made = load_object(settings["LOG_FORMATTER"])()
    assert made.crawled(None, None, None) is None
    assert made.scraped(None, None, None) is None
    assert settings["STATS_CLASS"].endswith("DummyStatsCollector")


def test_the_crawler_says_who_it_is(settings):
    assert settings["USER_AGENT"].startswith("dibao/")


@pytest.mark.parametrize(
    ("host", "asked", "delay"),
    [("www.gov.cn", None, 2), ("www.gov.cn", 0, 2), ("www.gov.cn", 9, 9), ("a.example", 0.05, 0.05), ("a.example", None, 2)],
)
def test_a_site_file_slows_down_but_never_speeds_up_a_real_host(host, asked, delay):
    assert delay_for(host, 2.0, asked) == delay


def test_a_host_nobody_named_is_asked_at_the_default_pace():
    assert Slots().get("elsewhere.gov.cn", {}) == {"delay": 2.0}
