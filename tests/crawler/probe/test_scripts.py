"""What a page's scripts ask for: an answer that lists what the page does is the column's address, without a browser."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from cleaners.records import Capture
from crawler.demo import scripted
from crawler.probe.scripts import answered, is_rendered, lines, next_step, rows
from crawler.rendering.wanted import MARK
from spiders.listing import Listing, read_listing

SITE = f"http://{scripted.HOST}"
JSON, SCRIPT = (("Content-Type", "application/json"),), (("Content-Type", "application/javascript"),)
PAGE = Capture(
    "visit", f"{SITE}/tzgg/", datetime(2026, 3, 1, tzinfo=UTC), 200, ((MARK, "chromium/156; requests=3"),), b"<p>", role="listing"
)
ROBOTS = replace(PAGE, url=f"{SITE}/robots.txt", role="robots", headers=(), body=b"")


def capture(path, body, headers=JSON, **changes):
    body = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return replace(PAGE, url=SITE + path, role="other", headers=headers, body=body.encode(), **changes)


LIST = capture("/api/list?page=1", scripted.answer("/api/list?page=1")[2])
LISTING = read_listing(LIST.body, LIST.url)
MENU = capture("/api/menu", {"menu": [{"name": "首页", "url": "/"}]})
LATER = capture("/api/list?page=2", scripted.answer("/api/list?page=2")[2])


def find(*captures, listing=LISTING):
    return answered([ROBOTS, *captures, PAGE, LATER], listing)


def test_the_answer_that_holds_the_pages_rows_comes_first_and_is_the_address_to_add():
    script = capture("/static/app.js", "const a = [];", SCRIPT)
    first, second = find(script, MENU, LIST)
    assert (first.capture, first.shown, first.is_column) == (LIST, 4, True)
    assert first.listing.next_url == f"{SITE}/api/list?page=2"
    assert (second.capture, second.is_column) == (MENU, False)
    assert next_step((first, second), PAGE.url)[1].endswith(f"dibao add '{SITE}/api/list?page=1'")


def test_a_call_around_json_is_an_answer_though_it_comes_as_a_script():
    (found,) = find(capture("/api/list?callback=show", f"show({LIST.body.decode()})", SCRIPT))
    assert found.is_column


def test_rows_without_addresses_and_lists_asked_for_by_post_need_the_browser():
    bare = capture("/api/bare", {"data": {"list": [{"id": number, "title": f"通知{number}"} for number in range(6)]}})
    posted = replace(LIST, method="POST", request_body=b'{"page":1}')
    found = find(bare, posted)
    assert [one.is_column for one in found] == [False, False]
    assert [one.rows for one in found] == [0, 6]
    told = "\n".join(value for _, value in lines(found))
    assert "POST" in told
    assert '{"page":1}' in told
    assert "6 行，没有网址" in told
    assert "javascript = true" in next_step(found, PAGE.url)[1]


def test_what_was_not_sent_or_failed_is_told_with_its_reason():
    refused = capture("/api/private", "", status=None, outcome="refused", reason="Forbidden by robots.txt", phase="robots")
    (found,) = find(refused, listing=None)
    assert "Forbidden by robots.txt" in dict(lines([found]))[""]
    (row,) = rows([found])
    assert (row["outcome"], row["listing"], row["column"]) == ("refused", None, False)


def test_only_the_first_page_counts_and_a_page_that_failed_is_one():
    failed = replace(PAGE, headers=(), outcome="failed", phase="browser")
    assert is_rendered(failed)
    assert answered([ROBOTS, MENU, failed, LIST], Listing())[0].capture == MENU
