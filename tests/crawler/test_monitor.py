"""A run says truly what became of it: a source that went quiet, failures, and what was left for the next."""

from dataclasses import replace
from datetime import UTC, datetime

from cleaners.records import Capture
from crawler.monitor import Tally, verdict
from spiders.site import parse_site

SITE = parse_site(
    {
        "title": "测试市人民政府",
        "homepage": "http://www.ceshi.gov.example/",
        "level": "central",
        "channels": [{"name": "通知", "url": "http://www.ceshi.gov.example/tz/"}],
        "expect": {"min_entries": 10},
    },
    "ceshi",
)


def tally(*outcomes, listed=12, ended=(True, "last_page")):
    found = Tally(listed={"通知": listed}, ended={"通知": ended} if ended else {})
    for number, outcome in enumerate(outcomes):
        found.add(capture(outcome, number))
    return found


def capture(outcome, number=0, role="notice"):
    return Capture(
        "ceshi", f"http://www.ceshi.gov.example/{number}", datetime(2026, 3, 1, tzinfo=UTC), 200, (), b"", outcome=outcome, role=role
    )


def judge(found, closed="finished", stopped=()):
    return verdict(SITE, found, closed, dict(stopped))


def test_a_run_read_to_the_end_is_complete():
    assert judge(tally("ok", "unchanged", "missing", "soft_404", "redirected")) == ("complete", "")


def test_fewer_entries_than_expected_is_a_failed_run_not_an_empty_day():
    outcome, reason = judge(tally("ok", listed=9))
    assert outcome == "failed"
    assert "channel 通知" in reason
    assert "9 entries, expected at least 10" in reason


def test_many_failures_fail_the_run_and_few_leave_it_incomplete():
    assert judge(tally(*["ok"] * 15, *["failed"] * 5))[0] == "failed"
    assert judge(tally(*["ok"] * 30, *["failed"] * 5)) == ("incomplete", "5 of 35 pages failed")
    assert judge(tally("ok", "failed"))[0] == "incomplete"


def test_a_failure_made_good_is_none():
    found = tally("failed", "ok")
    found.add(capture("ok", 0))
    assert judge(found) == ("complete", "")


def test_what_was_left_undone_is_named():
    assert judge(tally("ok", ended=(False, "failed"))) == ("incomplete", "channel 通知: failed")
    assert judge(tally("ok"), closed="shutdown") == ("incomplete", "stopped: shutdown")
    assert judge(tally("ok", ended=None))[0] == "incomplete"
    assert judge(tally("ok"), stopped={"www.ceshi.gov.example": "a challenge: ruishu"}.items()) == ("incomplete", "a challenge: ruishu")


def test_counts_name_captures_changes_and_what_was_held_back():
    found = tally("ok", "ok", "missing")
    found.changes["first"] += 2
    found.held = 3
    assert found.counts() == {"captures": 3, "missing": 1, "ok": 2, "change/first": 2, "held": 3}


def test_a_site_without_robots_txt_is_not_missing_anything():
    found = Tally()
    found.add(capture("missing", role="robots"))
    assert found.counts() == {"captures": 1, "ok": 1}


def test_a_run_over_some_columns_is_not_blamed_for_the_others():
    two = SITE.model_copy(update={"channels": (*SITE.channels, SITE.channels[0].model_copy(update={"name": "年报"}))})
    assert verdict(two, tally("ok"), "finished", {}, {"通知"}) == ("complete", "")
    assert verdict(two, tally("ok"), "finished", {})[0] == "incomplete"


def test_a_list_that_did_not_come_is_not_blamed_for_being_short():
    found = tally("ok", listed=0, ended=(False, "failed"))
    found.add(replace(capture("refused", 9, "listing"), reason="'intra' is not a public host name"))
    assert judge(found) == ("incomplete", "channel 通知: failed ('intra' is not a public host name)")


def test_notices_of_another_site_are_a_trouble_of_the_run():
    found = tally("ok", "ok", "ok")
    for contradictions in ((), ["SiteIDCode is of another division"], ["SiteIDCode is of another division"]):
        found.identify(contradictions)
    assert judge(found) == ("incomplete", "2 of 3 notices are not of this site: SiteIDCode is of another division")
    assert found.counts()["strangers"] == 2


def test_a_stray_copy_of_another_sites_page_is_counted_and_no_trouble():
    found = tally("ok")
    for number in range(10):
        found.identify(["SiteName is another"] if number == 3 else ())
    assert judge(found) == ("complete", "")
    assert found.counts()["strangers"] == 1


def test_a_list_that_scripts_fill_says_what_to_set_and_install():
    found = tally("ok", listed=0, ended=(False, "needs_js"))
    outcome, reason = judge(found)
    assert outcome == "incomplete"  # not a source that went quiet
    assert "dibao probe --js" in reason
    assert "javascript = true" in reason
    assert "dibao[js]" in reason
    rendered = SITE.model_copy(update={"javascript": True})
    assert "in the browser, too" in verdict(rendered, found, "finished", {})[1]


def test_a_column_that_the_runs_end_kept_from_being_read_did_not_fail():
    for trouble in ("", "robots.txt could not be read (daily budget of 20 requests reached), so nothing else is asked for"):
        found = tally("ok", ended=(False, "failed"))
        found.list_trouble = trouble
        reason = judge(found, "daily budget of 20 requests reached")[1]
        assert reason == "stopped: daily budget of 20 requests reached; channel 通知: was not read to its end"
    found.list_trouble = "HTTP 500"
    assert "failed (HTTP 500)" in judge(found, "shutdown")[1]
    alone = judge(tally("ok", ended=(False, "failed")), stopped={"www.ceshi.gov.example": "it answers with a challenge"}.items())[1]
    assert alone == "it answers with a challenge; channel 通知: was not read to its end"
