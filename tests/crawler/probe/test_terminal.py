"""What a probe prints: aligned for Chinese, both languages, a next step for everything, and nothing of a page is a command."""

import io
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from rich.cells import cell_len
from rich.console import Console

from cleaners.records import Attachment, Capture, Entry, Notice, Paragraph
from crawler.probe.finding import UNPLACED, Finding, Second
from crawler.probe.marks import Marks
from crawler.probe.report import told
from crawler.probe.terminal import show
from spiders.discovery import Candidate
from spiders.listing import Listing
from spiders.paging import Next

URL = "http://www.shuiqu.gov.example/zwgk/tzgg/"
PAGE = Capture("", URL, datetime(2026, 11, 22, tzinfo=UTC), 200, (), b"<html></html>")
ENTRIES = tuple(Entry(f"{URL}{n}.html", f"关于第{n}项工作的通知\x1b[31m", datetime(2026, 11, n, tzinfo=UTC)) for n in range(1, 11))
LISTING = Listing(ENTRIES, Next(URL + "index_1.html"), "trs", "listing", promised=True, pages=4)
NOTICE = Notice(
    title="关于清淤的通知",
    document_number="水政发〔2026〕3号",
    paragraphs=(Paragraph("各单位应当清淤。"),),
    attachments=(Attachment("http://a.example/b.pdf", "清单"),),
)
FOUND = Finding(
    URL,
    "listing",
    PAGE,
    marks=Marks("水渠县人民政府", "9902310001", "通知公告", "政策文件"),
    listing=LISTING,
    rows=PAGE,
    signs=(("html", "createPageHTML("),),
    second=Second(LISTING.next, "ok", 12, 12),
    sample=PAGE,
    notice=NOTICE,
    visited=True,
)


def shown(found):
    out = io.StringIO()
    show(found, Console(file=out, width=60, highlight=False, emoji=False, markup=False))
    return out.getvalue()


def test_a_list_is_shown_with_all_that_was_found():
    text = shown(FOUND)
    for part in (
        "通知公告",
        "trs",
        "createPageHTML(",
        "990231",
        "2026-11-08",
        "index_1.html",
        "12 条",
        "水政发〔2026〕3号",
        "b.pdf",
        f"dibao add {URL}",
    ):
        assert part in text
    assert "… 2 条" in text
    assert "\x1b" not in text


def test_values_stand_in_one_column_whatever_the_width_of_their_labels():
    lines = shown(FOUND).splitlines()
    starts = {
        cell_len(line[: line.index(value)])
        for value in ("水渠县人民政府", "通知公告", "政策文件")
        for line in lines
        if f"  {value}" in line and "项" not in line
    }
    assert len(starts) == 1


@pytest.mark.parametrize(
    "kind",
    [
        "challenge",
        "soft_404",
        "blocked",
        "missing",
        "gone",
        "refused",
        "damaged",
        "failed",
        "needs_js",
        "other",
        "redirected",
        "notice",
        "feed",
        "sitemap",
    ],
)
def test_every_page_has_a_name_and_a_next_step_in_both_languages(kind):
    words = tomllib.loads(files("crawler.probe").joinpath("words.toml").read_text("utf-8"))
    assert kind in words["kinds"]
    assert kind in words["steps"]
    text = shown(replace(FOUND, kind=kind, listing=None, notice=None, reason="weil"))
    assert words["kinds"][kind][0] in text
    assert "下一步 next step" in text


def test_what_robots_txt_forbids_is_not_called_something_else():
    text = shown(Finding(URL, "refused", replace(PAGE, outcome="refused", phase="robots"), "Forbidden by robots.txt"))
    assert "robots.txt 不允许" in text


def test_a_second_page_that_is_the_first_is_said_to_be():
    assert "服务器没有翻页" in shown(replace(FOUND, second=Second(LISTING.next, "ok", 10, 0)))


def test_a_home_page_leads_to_its_likeliest_column():
    found = Finding(
        URL,
        "home",
        PAGE,
        candidates=(Candidate(URL, "通知公告", 9, (("word", "通知公告"),)),),
        feeds=(("http://a.example/rss.xml", "公告"),),
    )
    text = shown(found)
    assert f"dibao add {URL}" in text
    assert "http://a.example/rss.xml" in text


def test_machines_are_told_the_same():
    row = told(FOUND)
    assert (row["kind"], row["column"], row["division_code"], row["level"]) == ("listing", "通知公告", "990231", "county")
    assert row["listing"]["next"]["url"] == URL + "index_1.html"
    assert row["second"] == {"outcome": "ok", "entries": 12, "fresh": 12, "reason": ""}
    assert row["notice"]["document_number"] == "水政发〔2026〕3号"


def test_a_robots_txt_that_cannot_be_read_is_not_one_that_forbids():
    refused = replace(PAGE, status=None, outcome="refused", phase="robots", reason="Forbidden by robots.txt")
    unread = replace(refused, reason="robots.txt could not be read (HTTP 503), so nothing else is asked for")
    texts = [shown(Finding(URL, "refused", page, page.reason)) for page in (refused, unread)]
    assert "robots.txt 不允许" in texts[0]
    assert "不允许" not in texts[1]
    assert "读不到 robots.txt（服务器暂时不能答复（HTTP 503））" in texts[1]
    assert unread.reason in texts[1]
    assert "过一会儿再试" in texts[1]


def test_a_saved_page_without_an_address_asks_for_it():
    text = shown(replace(FOUND, url=UNPLACED, visited=False, second=None, sample=None, notice=None))
    assert "--url" in text
    assert UNPLACED not in text
