"""No page is asked for before its host's robots.txt is known, however many wait for it, and that is asked for once a day."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import TextResponse
from scrapy.settings import Settings

from cleaners.records import Capture
from crawler.manners.robots import KEPT, LONGEST, Known, Robots, Rules, outside
from crawler.site_run import SiteRun

RULES = b"User-agent: *\nDisallow: /neibu/\nCrawl-delay: 3\n"
HOST = "http://www.ceshi.gov.example"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Engine:
    """Answers every address alike, or by its path."""

    def __init__(self, answer, status=200, **others):
        self.answers, self.asked = {"/robots.txt": (status, answer), **others}, []

    async def download_async(self, request):
        self.asked.append(request.url)
        await asyncio.sleep(0.01)
        status, answer = self.answers["/" + request.url.split("/", 3)[3]]
        if isinstance(answer, Exception):
            raise answer
        headers = {"Location": answer} if 300 <= status < 400 else {}
        return TextResponse(request.url, status=status, body=b"" if headers else answer, headers=headers)


class Signals:
    def __init__(self):
        self.delays = []

    async def send_catch_log_async(self, signal, robotparser, request):
        self.delays.append(robotparser.crawl_delay("dibao"))


class Crawler:
    """As much of a crawler as the middleware knows."""

    spider = spidercls = None

    def __init__(self, engine, signals=None):
        self.engine, self.signals = engine, signals or Signals()
        self.settings = Settings({"ROBOTSTXT_USER_AGENT": "dibao", "DIBAO_DB": "a.db", "DIBAO_RECHECK": "none"})


def passing(engine, *paths, signals=None):
    """Ask for several pages at once and say which may be fetched."""
    robots = Robots(Crawler(engine, signals))

    async def ask():
        return await asyncio.gather(*(robots.process_request(Request(HOST + path)) for path in paths), return_exceptions=True)

    return [result is None for result in asyncio.run(ask())]


def test_every_waiting_request_is_held_to_the_rules():
    engine, signals = Engine(RULES), Signals()
    paths = ["/a.html", "/neibu/1.html", "/neibu/2.html", "/neibu/3.html", "/b.html"]
    assert passing(engine, *paths, signals=signals) == [True, False, False, False, True]
    assert engine.asked == [f"{HOST}/robots.txt"]
    assert signals.delays == [3.0]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_a_robots_txt_everything_is_open(status):
    assert passing(Engine(RULES, status), "/neibu/1.html") == [True]


@pytest.mark.parametrize(
    "engine",
    [Engine(b"", 500), Engine(b"", 503), Engine(b"", 429), Engine(DownloadTimeoutError("too slow")), Engine(IgnoreRequest("refused"))],
)
def test_a_robots_txt_that_cannot_be_had_closes_the_host(engine):
    assert passing(engine, "/a.html", "/b.html") == [False, False]


def hops(number):
    """Redirect so many times, then give the rules."""
    chain = {f"/{n}.txt": (301, f"/{n + 1}.txt") for n in range(1, number)}
    return Engine("/1.txt", 302, **chain, **{f"/{number}.txt": (200, RULES)})


def test_five_redirects_are_followed_and_after_more_there_is_none():
    assert passing(hops(5), "/neibu/1.html") == [False]
    lost = hops(6)
    assert passing(lost, "/neibu/1.html") == [True]
    assert len(lost.asked) == 6


def test_rules_beyond_the_limit_are_not_read():
    padding = b"# " + b"x" * LONGEST + b"\n"
    assert passing(Engine(RULES + padding + b"Disallow: /late/\n"), "/neibu/1.html", "/late/1.html") == [False, True]


def test_a_request_that_is_given_up_leaves_the_rules_to_the_others():
    async def ask():
        robots = Robots(Crawler(Engine(RULES)))
        first = asyncio.ensure_future(robots.process_request(Request(f"{HOST}/a.html")))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(IgnoreRequest, match="Forbidden"):
            await robots.process_request(Request(f"{HOST}/neibu/1.html"))

    asyncio.run(ask())


class Kept:
    """An archive's memory of one answer."""

    def __init__(self, ago, outcome="ok", status=200):
        self.capture = Capture("", f"{HOST}/robots.txt", datetime.now(UTC) - ago, status, (), RULES, role="robots", outcome=outcome)

    def answered(self, url, role, since):
        return self.capture if (url, role) == (self.capture.url, "robots") and self.capture.captured_at > since else None


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        (Kept(timedelta(hours=23)), 0),
        (Kept(timedelta(hours=25)), 1),
        (Kept(timedelta(hours=1), "missing", 404), 0),
        (Kept(timedelta(hours=1), "blocked", 403), 1),
        (Kept(timedelta(hours=1), "failed", 500), 1),
    ],
)
def test_what_was_answered_within_a_day_is_not_asked_for_again(kept, asked, monkeypatch):
    monkeypatch.setattr(SiteRun, "manners", kept)
    engine = Engine(RULES)
    opened = kept.capture.outcome == "missing" and not asked
    assert passing(engine, "/neibu/1.html") == [opened]
    assert len(engine.asked) == asked


def test_a_day_later_the_rules_are_read_again_in_the_same_run():
    async def ask():
        robots = Robots(Crawler(engine := Engine(RULES)))
        read = asyncio.get_running_loop().create_future()
        read.set_result(Known(Rules(b"", None), datetime.now(UTC) - KEPT))
        robots._known[HOST] = read
        with pytest.raises(IgnoreRequest):
            await robots.process_request(Request(f"{HOST}/neibu/1.html"))
        assert len(engine.asked) == 1

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("begin", "end", "closed"), [("06:00", "08:45", True), ("11:00", "13:00", False), ("22:00", "06:00", True), ("10:00", "06:00", False)]
)
def test_a_visit_time_is_in_utc_and_may_go_over_midnight(begin, end, closed):
    assert outside((time.fromisoformat(begin), time.fromisoformat(end)), NOON) is closed
    assert not outside(None, NOON)


def test_what_some_say_beyond_the_standard_is_read():
    rules = Rules(b"User-agent: *\nRequest-rate: 1/10s\nVisit-time: 0600-0845\n", None)
    assert rules.request_rate("dibao") == (1, 10.0)
    assert rules.visit_time("dibao") == (time(6), time(8, 45))
    silent = Rules(b"", None)
    assert (silent.request_rate("dibao"), silent.visit_time("dibao")) == ((0, 0.0), None)
