"""Which pages are rendered, and that a rendered page never passes for a server's answer."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from archive.store import Archive
from cleaners import clean
from cleaners.records import Capture
from crawler.rendering.wanted import MARK, as_answer, as_failure, as_page, awaits_browser, told

SCRIPTED, PLAIN = SimpleNamespace(javascript=True), SimpleNamespace(javascript=False)
HTML = (("Content-Type", "text/html; charset=gbk"), ("ETag", '"1"'), ("Server", "nginx"), ("Content-Length", "41"))
PAGE = Capture(
    "lanyu", "http://www.lanyu.gov.example/", datetime(2026, 3, 1, tzinfo=UTC), 200, HTML, b"<html><ul></ul></html>", role="listing"
)
SHELL = replace(PAGE, role="notice", outcome="failed", reason="script_shell (HTTP 200)")


def test_lists_are_rendered_and_notices_only_where_they_are_empty_shells():
    assert awaits_browser(SCRIPTED, PAGE)
    assert awaits_browser(SCRIPTED, SHELL)
    assert not awaits_browser(SCRIPTED, replace(PAGE, role="notice"))
    assert not any(awaits_browser(site, page) for site in (PLAIN, None, object()) for page in (PAGE, SHELL))


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "challenge", "reason": "js_stub (HTTP 200)"},
        {"outcome": "blocked", "status": 403},
        {"outcome": "missing", "status": 404},
        {"outcome": "failed", "reason": "sends_on (HTTP 200)"},
        {"outcome": "damaged"},
        {"method": "POST"},
        {"role": "attachment"},
        {"role": "other"},
        {"body": b'{"rows": []}', "headers": (("Content-Type", "application/json"),)},
        {"body": b"<?xml version='1.0'?><recordset/>"},
    ],
)
def test_challenges_refusals_and_what_is_no_page_are_left_as_they_came(changes):
    assert not awaits_browser(SCRIPTED, replace(PAGE, **changes))


def test_the_raw_answer_is_kept_as_what_it_is_and_counts_for_nothing():
    kept = as_answer(SHELL)
    assert (kept.role, kept.outcome, kept.body) == ("other", "ok", SHELL.body)
    assert kept.reason == "rendered next; script_shell (HTTP 200)"


def test_a_rendered_page_says_so_and_is_read_as_what_the_browser_had():
    html = "<!DOCTYPE html><html><head><meta charset='gbk'><title>关于清雪的通知</title></head><body><h1>关于清雪的通知</h1></body></html>"
    page = as_page(as_answer(SHELL), "listing", html, told("156.0", 3, {"offsite": 2, "robots": 1}))
    assert dict(page.headers)[MARK] == "chromium/156.0; requests=3; offsite=2; robots=1"
    assert (page.role, page.outcome, page.wire_length) == ("listing", "ok", None)
    assert page.body.decode("utf-8-sig") == html
    assert "ETag" not in dict(page.headers)  # it stands for the shell: with it, a notice that changed would be "unchanged"
    assert dict(page.headers)["Server"] == "nginx"
    assert clean(replace(page, role="notice")).title == "关于清雪的通知"  # though its own tag names another encoding


def test_a_shell_that_did_not_change_does_not_stand_for_its_page(tmp_path):
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.keep_site("lanyu", "岚屿市数据局", "http://www.lanyu.gov.example/", "city", "991131", "generic", channels=[], definition={})
        archive.add(as_answer(SHELL))
        assert archive.validators(SHELL.url) == {}  # its page was not rendered, and would not be for a 304
        archive.add(PAGE)
        assert archive.validators(SHELL.url) == {"If-None-Match": '"1"'}


def test_a_rendered_page_is_judged_as_any_answer_is():
    empty = as_page(as_answer(SHELL), "notice", "<html><body><div id='app'></div><script src='a.js'></script></body></html>", "chromium/1")
    assert (empty.outcome, empty.reason.split()[0]) == ("failed", "script_shell")


def test_a_page_that_was_not_rendered_is_a_failure_without_a_body():
    page = as_failure(as_answer(SHELL), "notice", "the page did not come to rest within 30 s")
    assert (page.role, page.outcome, page.phase, page.body) == ("notice", "failed", "browser", b"")
    assert "30 s" in page.reason
