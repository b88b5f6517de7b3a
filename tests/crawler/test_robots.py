"""No page is asked for before its host's robots.txt is known, however many wait for it."""

import asyncio
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import TextResponse

from crawler.robots import Robots

RULES = b"User-agent: *\nDisallow: /neibu/\nCrawl-delay: 3\n"


class Engine:
    def __init__(self, answer, status=200):
        self.answer, self.status, self.asked = answer, status, []

    async def download_async(self, request):
        self.asked.append(request.url)
        await asyncio.sleep(0.01)
        if isinstance(self.answer, Exception):
            raise self.answer
        return TextResponse(request.url, status=self.status, body=self.answer)


class Signals:
    def __init__(self):
        self.delays = []

    async def send_catch_log_async(self, signal, robotparser, request):
        self.delays.append(robotparser.crawl_delay("dibao"))


def passing(engine, *paths, signals=None):
    """Ask for several pages at once and say which may be fetched."""
    crawler = SimpleNamespace(engine=engine, signals=signals or Signals(), settings={"ROBOTSTXT_USER_AGENT": "dibao"}, spider=None)
    robots = Robots(crawler)

    async def ask():
        pages = [robots.process_request(Request(f"http://www.ceshi.gov.example{path}")) for path in paths]
        return await asyncio.gather(*pages, return_exceptions=True)

    return [result is None for result in asyncio.run(ask())]


def test_every_waiting_request_is_held_to_the_rules():
    engine, signals = Engine(RULES), Signals()
    paths = ["/a.html", "/neibu/1.html", "/neibu/2.html", "/neibu/3.html", "/b.html"]
    assert passing(engine, *paths, signals=signals) == [True, False, False, False, True]
    assert engine.asked == ["http://www.ceshi.gov.example/robots.txt"]
    assert signals.delays == [3.0]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_a_robots_txt_everything_is_open(status):
    assert passing(Engine(RULES, status), "/neibu/1.html") == [True]


@pytest.mark.parametrize(
    "engine", [Engine(b"", 500), Engine(b"", 503), Engine(DownloadTimeoutError("too slow")), Engine(IgnoreRequest("refused"))]
)
def test_a_robots_txt_that_cannot_be_had_closes_the_host(engine):
    assert passing(engine, "/a.html", "/b.html") == [False, False]


def test_a_request_that_is_given_up_leaves_the_rules_to_the_others():
    async def ask():
        engine = Engine(RULES)
        crawler = SimpleNamespace(engine=engine, signals=Signals(), settings={"ROBOTSTXT_USER_AGENT": "dibao"}, spider=None)
        robots = Robots(crawler)
        first = asyncio.ensure_future(robots.process_request(Request("http://www.ceshi.gov.example/a.html")))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(IgnoreRequest, match="Forbidden"):
            await robots.process_request(Request("http://www.ceshi.gov.example/neibu/1.html"))

    asyncio.run(ask())
