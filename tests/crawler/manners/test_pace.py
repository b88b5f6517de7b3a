"""Hosts that refuse are asked more slowly and at most three times, by the next run too; hours and budgets end a run in good order."""

import sqlite3
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from crawler.manners.window import CHINA


def kept(db):
    with sqlite3.connect(db) as connection:
        row = connection.execute("select domain, delay, not_before, reason from host_pace").fetchone()
    connection.close()
    return row


def times(server, path):
    return [moment for asked, moment, _ in server.asked if asked == path]


def test_a_host_that_refuses_is_asked_three_times_at_doubling_distances_and_remembered(server, crawl, http):
    server.answers |= {"/tzgg/": http.listing("/a/1.html", "/a/2.html"), "/a/1.html": http.reply("忙", status="418 Refused")}
    server.answers["/a/2.html"] = http.reply(http.page(2))
    ran = crawl(site=http.site.replace("0.05", "0.2"))
    asked = times(server, "/a/1.html")
    assert len(asked) == 3
    first, second = (later - earlier for earlier, later in pairwise(asked))
    assert first >= 0.4 * 0.9
    assert second >= 0.8 * 0.9
    assert [capture.outcome for capture in ran.by_path()["/a/1.html"]] == ["blocked"] * 3
    assert [capture.outcome for capture in ran.by_path()["/a/2.html"]] == ["ok"]
    domain, delay, not_before, reason = kept(ran.db)
    assert (domain, delay, reason) == (http.host, pytest.approx(1.6), "HTTP 418")
    assert datetime.fromisoformat(not_before) > datetime.now(UTC) - timedelta(minutes=5)


def test_the_next_run_begins_slowly_and_a_good_one_is_faster_again(server, crawl, http):
    busy = http.reply("忙", status="429 Too Many", headers=[("Retry-After", "0")])
    server.answers |= {"/tzgg/": http.listing("/a/1.html"), "/a/1.html": [busy, http.reply(http.page(1))]}
    ran = crawl(site=http.site.replace("0.05", "0.5"))
    assert ran.outcome == "complete"
    assert kept(ran.db)[1] == 1.0
    server.asked.clear()
    ran = crawl(site=http.site.replace("0.05", "0.3"), DIBAO_RECHECK="all")
    assert "/robots.txt" not in server.paths()
    distances = [later - earlier for earlier, later in pairwise(moment for _, moment, _ in server.asked)]
    assert min(distances) >= 1.0 * 0.75
    assert kept(ran.db)[1] == 0.5


def test_a_daily_budget_ends_the_run_and_counts_for_the_next(server, crawl, http):
    server.answers["/tzgg/"] = http.listing(*(f"/a/{number}.html" for number in range(6)))
    server.answers |= {f"/a/{number}.html": http.reply(http.page(number)) for number in range(6)}
    limited = http.site.replace("[[channels]]", "daily_budget = 5\n[[channels]]")
    ran = crawl(site=limited)
    assert len(server.asked) == 5
    assert ran.outcome == "incomplete"
    assert "daily budget of 5 requests reached" in ran.reason
    assert "daily budget of 5 requests reached" in crawl(site=limited).reason
    assert len(server.asked) == 5


def test_outside_its_window_a_site_is_not_asked(server, crawl, http):
    hour = datetime.now(UTC).astimezone(CHINA).hour
    window = f"{(hour + 2) % 24:02d}:00-{(hour + 3) % 24:02d}:00"
    ran = crawl(site=http.site.replace("[[channels]]", f'crawl_window = "{window}"\n[[channels]]'))
    assert server.asked == []
    assert ran.outcome == "incomplete"
    assert f"outside the crawl window {window} (Asia/Shanghai)" in ran.reason


def test_a_counter_in_a_list_is_no_entry_and_a_redirect_to_one_is_refused(server, crawl, http):
    counter = "/module/visitcount/articlehits.jsp"
    server.answers |= {"/tzgg/": http.listing("/a/1.html", counter, "/a/2.html"), "/a/2.html": http.reply(http.page(2))}
    server.answers["/a/1.html"] = http.reply(status="302 Found", headers=[("Location", f"{counter}?id=1")])
    ran = crawl()
    assert counter not in "".join(server.paths())
    (refused, *_) = ran.by_path()[f"{counter}?id=1"]
    assert (refused.outcome, refused.reason) == ("refused", "never asked for: visit counter")
    assert ran.rows("select count(*) from entries where url like '%visitcount%'") == [(0,)]


def test_a_signal_right_before_the_spider_opens_is_a_stop(crawl):
    early = (
        "import os, signal\nfrom crawler import pipelines, run\nopen_spider = pipelines.ReadingPipeline.open_spider\n"
        "async def early(self):\n    await open_spider(self)\n    os.kill(os.getpid(), signal.SIGTERM)\n"
        "pipelines.ReadingPipeline.open_spider = early\nraise SystemExit(run.main())"
    )
    ran = crawl(code=early)
    assert ran.outcome == "incomplete"
    assert ran.reason.startswith("stopped: shutdown")
    assert ran.rows("select outcome from runs") == [("incomplete",)]
