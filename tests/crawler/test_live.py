"""What a look at a column says of its site file, without any network."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cleaners.records import Capture, Entry, Notice, Paragraph
from crawler.live.judging import Verdict, judge, ready, robots_told
from crawler.live.looking import Seen
from crawler.live.report import report
from crawler.probe.marks import Marks
from spiders.listing import Listing
from spiders.paging import Next
from spiders.site import parse_site

HOME = "http://www.hewan.gov.example/"
LIST = f"{HOME}tz/"
NOTICE = f"{LIST}202603/t20260302_1.html"


def site(**changes):
    table = {
        "title": "河湾市人民政府",
        "homepage": HOME,
        "level": "city",
        "division_code": "990500",
        "family": "trs",
        "channels": [{"name": "通知", "url": LIST}],
    }
    given = {key: value for key, value in {**table, **changes}.items() if value is not None}
    return parse_site(given, "hewan")


def capture(url, outcome="ok", role="listing", **more):
    return Capture("hewan", url, datetime(2026, 3, 2, tzinfo=UTC), 200, (), b"x", outcome=outcome, role=role, **more)


def seen(**changes):
    listing = Listing(
        entries=(Entry(NOTICE, "关于植树的通知"),), next=Next(f"{LIST}index_1.html"), family="trs", kind="listing", promised=True
    )
    notice = Notice(title="关于植树的通知", paragraphs=(Paragraph("请各单位按时参加植树活动，带好工具，听从安排，注意安全。"),))
    good = Seen(
        channel=site().channels[0],
        page=capture(LIST),
        kind="listing",
        family="trs",
        marks=Marks(site_name="河湾市人民政府", column_name="通知"),
        listing=listing,
        rows=capture(LIST),
        sample=capture(NOTICE, role="notice"),
        notice=notice,
    )
    return replace(good, **changes)


def test_what_agrees_with_the_file_is_neither_wrong_nor_to_be_changed():
    assert judge(site(), seen()) == Verdict((), ())


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"page": capture(LIST, "challenge", reason="加速乐")}, "the list page did not come: challenge (加速乐)"),
        ({"rows": capture(f"{HOME}api", "blocked"), "listing": Listing()}, f"the rows of the list at {HOME}api did not come: blocked"),
        ({"listing": Listing(trouble="seconds: too long")}, "the list page could not be read: seconds: too long"),
        ({"listing": Listing(), "kind": "notice", "sample": None}, "no entries were found; the page looks like: notice"),
        ({"listing": Listing(), "kind": "needs_js", "sample": None}, "no entries were found; scripts fill the page, and a visit runs none"),
        ({"family": "vsb"}, "the pages are of family vsb, not trs"),
        ({"sample": None}, "every entry leads to another host: none would be asked for"),
        ({"sample": capture(NOTICE, "soft_404"), "notice": None}, f"the notice {NOTICE} did not come: soft 404"),
        ({"notice": Notice(title="关于植树的通知")}, f"the notice {NOTICE} reads as 0 characters without any file"),
        ({"marks": Marks(site_code="9906000001")}, "SiteIDCode is '9906000001', which is not of division_code '990500'"),
        ({"notice": replace(seen().notice, meta={"SiteIDCode": "9906000001"})}, "SiteIDCode is '9906000001'"),
    ],
)
def test_what_is_wrong_is_named(changes, wrong):
    (told,) = judge(site(), seen(**changes)).wrong
    assert told.startswith(wrong)


def test_a_list_that_goes_on_by_a_way_not_understood_wants_a_paging():
    stuck = seen(listing=replace(seen().listing, next=None))
    verdict = judge(site(), stuck)
    assert verdict.wrong == ("the list goes on in a way that is not understood",)
    assert verdict.change[0].startswith("paging = ")
    by_hand = site(channels=[{"name": "通知", "url": LIST, "paging": {"template": "index_{page}.html"}}])
    assert judge(by_hand, replace(stuck, channel=by_hand.channels[0])).wrong == ()


@pytest.mark.parametrize(
    ("file", "changes", "line"),
    [
        ({"family": "generic"}, {}, 'family = "trs"'),
        ({}, {"marks": Marks(column_name="公告")}, 'name = "公告"'),
        ({}, {"page": capture(f"{HOME}new/")}, f'url = "{HOME}new/"'),
        ({}, {"kind": "needs_js", "listing": Listing(), "sample": None}, "javascript = true"),
        ({}, {"sample": None, "listing": Listing(entries=(Entry("http://a.example/1"),))}, 'allow_offsite = ["a.example"]'),
        ({}, {"marks": Marks(site_name="河湾市政府网")}, '[expect] site_name = "河湾市政府网"'),
        ({}, {"marks": Marks(site_code="9905000001")}, '[expect] site_id_code = "9905000001"'),
        ({"status": "candidate", "division_code": None}, {"marks": Marks(site_code="9905000001")}, 'division_code = "990500"'),
    ],
)
def test_what_to_write_is_said_in_the_words_of_the_file(file, changes, line):
    assert any(told.startswith(line) for told in judge(site(**file), seen(**changes)).change)


def test_only_a_candidate_whose_every_column_works_is_ready():
    good, bad = Verdict((), ()), Verdict(("no entries",), ())
    candidate = site(status="candidate")
    assert ready(candidate, [good], date(2026, 3, 2))[0] == 'status = "active"'
    assert ready(candidate, [bad], date(2026, 3, 2)) == ()
    assert ready(candidate, [], date(2026, 3, 2)) == ()
    assert ready(site(), [good], date(2026, 3, 2)) == ()


def test_robots_are_told_by_what_they_mean_for_the_page():
    page, url = capture(LIST), f"{HOME}robots.txt"
    assert robots_told([capture(url, role="robots")], page) == "allows this page (1 bytes)"
    assert robots_told([capture(url, role="robots")], replace(page, outcome="refused", phase="robots")) == "forbids this page"
    assert robots_told([capture(url, "missing", role="robots")], page).startswith("there is none")
    assert robots_told([capture("http://else.example/robots.txt", role="robots")], page) == "not asked for"


def test_a_report_sets_what_the_page_says_beside_the_file():
    shown = "\n".join(report(site(), seen(marks=Marks(site_code="9905000001")), Verdict(("falsch",), ("neu",)), ()))
    for told in ("9905000001  (file: 990500…)", "GET http://www.hewan.gov.example/tz/index_1.html", "关于植树的通知", "✗ falsch", "→ neu"):
        assert told in shown


def test_a_home_page_is_no_column_and_an_address_that_is_gone_leads_to_the_home_page():
    newest = Listing(entries=seen().listing.entries, family="trs", kind="listing")
    wrong = judge(site(), seen(kind="home", listing=newest)).wrong
    assert any(f"dibao probe {LIST} lists its columns" in line for line in wrong)
    assert f"dibao probe {HOME} lists the columns" in judge(site(), seen(page=capture(LIST, "missing"))).wrong[0]


def test_a_robots_txt_that_cannot_be_read_forbids_nothing():
    unread = capture(LIST, "refused", phase="robots", reason="robots.txt could not be read (HTTP 503), so nothing else is asked for")
    robots = capture(f"{HOME}robots.txt", "failed", role="robots", reason="HTTP 503")
    assert robots_told([robots], unread) == "failed (HTTP 503)"
