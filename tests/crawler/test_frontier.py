"""Requests survive as rows, and are handed out to hosts that are free and not left alone."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.core.scheduler import Scheduler
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

from cleaners.records import Entry
from crawler.frontier import HELD, Frontier, dump_request, load_request
from crawler.site_run import ROW, SiteRun
from spiders.paging import Next
from spiders.site import parse_site
from spiders.spider import ChannelEnd, Listed, SiteSpider
from spiders.walk import Walk

HOST = "www.ceshi.gov.example"
SITE = parse_site(
    {
        "title": "测试市人民政府",
        "homepage": f"http://{HOST}/",
        "level": "city",
        "division_code": "990300",
        "channels": [{"name": "通知", "url": f"http://{HOST}/tz/"}],
    },
    "ceshi",
)


class Ceshi(SiteSpider):
    name = "ceshi"
    site = SITE


def walk(page=1, url="tz/", **more):
    place = Next(f"http://{HOST}/{url}", **more)
    return Walk("通知", Next(f"http://{HOST}/tz/"), place, datetime(2026, 3, 1, tzinfo=UTC), page=page, broken=place)


def same(one, other):
    names = ("url", "method", "body", "priority", "dont_filter", "callback", "errback", "cb_kwargs", "headers")
    assert {name: getattr(one, name) for name in names} == {name: getattr(other, name) for name in names}


def test_requests_of_every_role_come_back_as_they_were():
    spider = Ceshi()
    from cleaners.records import Capture

    notice = Capture("ceshi", f"http://{HOST}/1", datetime.now(UTC), 200, (), b"", record_id="urn:uuid:1", entry=Entry("x", channel="通知"))
    asked = [
        spider.listing_request(walk(3, method="POST", body=b"page=\xd6\xd0", headers=(("X-Requested-With", "XMLHttpRequest"),))),
        spider.notice_request(f"http://{HOST}/1", entry=Entry(f"http://{HOST}/1", "关于测试的通知", date(2026, 3, 1), "通知")),
        spider.attachment_request(f"http://{HOST}/f.doc", notice),
        spider.part_request(f"http://{HOST}/1_2", notice),
    ]
    for request in asked:
        kept = dump_request(request, 7, spider)
        back = load_request(kept, spider)
        same(back, request)
        assert back.meta == request.meta | {ROW: 7}
        assert dump_request(back, 7, spider) == kept


def test_what_one_exchange_left_in_a_request_is_not_kept():
    spider = Ceshi()
    request = spider.notice_request(f"http://{HOST}/1")
    request.meta.update(capture=object(), sent=(1, 2), download_latency=0.1, retry_times=1, redirect_urls=["http://a/"])
    back = load_request(dump_request(request, 1, spider), spider)
    assert set(back.meta) == {"role", "entry", "channel", "retry_times", "redirect_urls", ROW}


def test_a_request_of_no_method_of_the_spider_is_no_row():
    assert dump_request(Request(f"http://{HOST}/", callback=lambda _: None), 1, Ceshi()) is None


def test_a_row_can_call_nothing_but_a_callback():
    spider = Ceshi()
    from dataclasses import replace

    kept = dump_request(spider.notice_request(f"http://{HOST}/1"), 1, spider)
    for name in ("__init__", "start", "follows", "parse_nothing"):
        with pytest.raises(LookupError):
            load_request(replace(kept, callback=name), spider)


class Running:
    """A crawler as its parts see it, without an engine."""

    engine = None

    def __init__(self, db, spider):
        self.settings = Settings({"DIBAO_DB": str(db), "DIBAO_BLOCKED_MAX": 5, "DIBAO_RECHECK": "due"})
        self.spidercls, self.spider = type(spider), spider


@pytest.fixture
def begun(tmp_path):
    """A scheduler over a run that has begun, its changes written by hand."""

    def begin():
        crawler = Running(tmp_path / "a.db", Ceshi())
        run = SiteRun.of(crawler)
        crawlers.append(crawler)
        run.begin()
        run.batch._wake = lambda *_args, **_more: None
        opened.append(run)
        return Frontier.from_crawler(crawler), run, crawler.spider

    opened, crawlers = [], []
    yield begin
    for run in opened:
        run.end("finished")


def kill(run):
    """Let a run go as a kill does: nothing is written, the locks are free."""
    run._locks.close()
    run._archive = run.frontier = None


def notices(spider, numbers):
    return [spider.notice_request(f"http://{HOST}/{n}") for n in numbers]


def following(scheduler):
    """Give the next request, once what the scheduler waits for is written."""
    if (request := scheduler.next_request()) is None:
        scheduler._run.batch.flush()
        request = scheduler.next_request()
    return request


def take(scheduler):
    found = []
    while (request := following(scheduler)) is not None:
        found.append(request)
    return found


def test_a_thousand_requests_are_handed_out_once_in_order_with_few_in_memory(begun):
    scheduler, _run, spider = begun()
    for request in notices(spider, range(1000)):
        assert scheduler.enqueue_request(request)
    assert not any(scheduler.enqueue_request(request) for request in notices(spider, range(1000)))
    assert sum(len(host.held) for host in scheduler._hosts.values()) <= HELD
    assert [int(request.url.rsplit("/")[-1]) for request in take(scheduler)] == list(range(1000))
    assert not scheduler.has_pending_requests()


def test_what_was_kept_when_a_run_was_killed_is_handed_out_again_and_the_rest_is_not_known(begun):
    scheduler, run, spider = begun()
    for request in notices(spider, range(100)):
        scheduler.enqueue_request(request)
    first = following(scheduler)
    run.batch.flush()
    run.answered(first.meta[ROW])
    run.batch.flush()
    for request in notices(spider, range(100, 110)):
        scheduler.enqueue_request(request)
    kill(run)
    scheduler, run, spider = begun()
    assert not scheduler.enqueue_request(notices(spider, [5])[0])
    assert [int(request.url.rsplit("/")[-1]) for request in take(scheduler)] == list(range(1, 100))


def test_a_page_of_a_list_is_kept_only_with_what_follows_from_it(begun):
    scheduler, run, spider = begun()
    scheduler.enqueue_request(spider.listing_request(walk(1)))
    run.batch.flush()
    run.list(Listed("通知", f"http://{HOST}/tz/", (Entry(f"http://{HOST}/1", "通知", channel="通知"),)))
    for request in notices(spider, [1]):
        scheduler.enqueue_request(request)
    run.batch.flush()
    kill(run)
    scheduler, run, spider = begun()
    assert run.history().listed_since("通知", [f"http://{HOST}/1"], datetime(2026, 1, 1, tzinfo=UTC)) == frozenset()
    again = following(scheduler)
    assert (again.meta["role"], again.meta["walk"]) == ("listing", walk(1))
    run.list(Listed("通知", f"http://{HOST}/tz/", (Entry(f"http://{HOST}/1", "通知", channel="通知"),)))
    scheduler.enqueue_request(spider.listing_request(walk(2, "tz/2")))
    run.batch.flush()
    kill(run)
    scheduler, run, spider = begun()
    assert run.history().waiting("通知")
    assert run.history().listed_since("通知", [f"http://{HOST}/1"], datetime(2026, 1, 1, tzinfo=UTC))
    assert following(scheduler).meta["walk"] == walk(2, "tz/2")
    run.end_channel(ChannelEnd("通知", complete=True, reason="last_page"))
    run.batch.flush()
    assert not run.history().waiting("通知")


def test_a_repetition_and_a_redirect_take_the_row_of_the_request_they_stand_for(begun):
    scheduler, run, spider = begun()
    scheduler.enqueue_request(notices(spider, [1])[0])
    first = following(scheduler)
    assert scheduler.enqueue_request(first.replace(dont_filter=True))
    again = following(scheduler)
    assert scheduler.enqueue_request(again.replace(url=f"http://{HOST}/moved", dont_filter=False))
    run.batch.flush()
    assert run.frontier.count() == 1
    kill(run)
    scheduler, run, spider = begun()
    moved = following(scheduler)
    assert moved.url == f"http://{HOST}/moved"
    assert not scheduler.enqueue_request(moved.replace())  # a redirect to an address that was asked for already
    run.batch.flush()
    assert run.frontier.count() == 0


def test_requests_to_a_host_that_is_left_alone_wait_for_the_next_run_which_says_so(begun):
    scheduler, run, spider = begun()
    for request in notices(spider, range(100)):
        scheduler.enqueue_request(request)
    following(scheduler)
    run.hosts.stop(HOST, "它要验证码")
    assert following(scheduler) is None
    assert not scheduler.has_pending_requests()
    run.tally.ended["通知"] = (True, "")
    run.end("finished")
    assert run.outcome[0] == "incomplete"
    assert "100 requests are left" in run.outcome[1]
    scheduler, run, spider = begun()
    assert scheduler.has_pending_requests()
    assert len(take(scheduler)) == 100


def test_a_list_page_that_was_not_sent_waits_with_its_walk_and_not_as_a_broken_chain(begun):
    scheduler, run, spider = begun()
    scheduler.enqueue_request(spider.listing_request(walk(3, "tz/3")))
    request = following(scheduler)
    run.postponed(request.meta[ROW], "通知")
    run.end_channel(ChannelEnd("通知", complete=False, reason="failed", resume=Next(f"http://{HOST}/tz/3")))
    run.end("finished")
    assert run.outcome[0] == "incomplete"
    scheduler, run, spider = begun()
    assert run.history().waiting("通知")
    assert run.history().resume_point("通知") is None
    assert following(scheduler).meta["walk"] == walk(3, "tz/3")


def test_a_slow_host_keeps_no_other_from_its_turn(begun):
    scheduler, _run, spider = begun()
    active = set()
    scheduler._crawler.engine = SimpleNamespace(downloader=SimpleNamespace(active=active, domain_concurrency=1))
    for request in notices(spider, range(100)):
        scheduler.enqueue_request(request)
    scheduler.enqueue_request(spider.notice_request("http://wap.ceshi.gov.example/1"))
    while (request := following(scheduler)) is not None:
        active.add(request)
    hosts = [request.url.split("/")[2] for request in active]
    assert sorted(hosts) == ["wap.ceshi.gov.example", HOST, HOST]
    assert scheduler.has_pending_requests()
    active.clear()
    assert following(scheduler) is not None


def test_without_a_site_file_scrapys_own_scheduler_does():
    assert type(Frontier.from_crawler(get_crawler(settings_dict={"DIBAO_DB": "a.db"}))) is Scheduler


def test_the_scheduler_in_force_is_this_one():
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    assert settings["SCHEDULER"] == "crawler.frontier.Frontier"
    assert not settings["JOBDIR"]
