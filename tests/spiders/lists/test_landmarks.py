"""The main list among lists beside it: told by the trail, the pager, headings and the folder of the page."""

from __future__ import annotations

import time

import pytest
from lxml import etree

from spiders.listing import read_listing
from spiders.lists.landmarks import Landmarks, closest, heading_of, is_beside

URL = "https://www.hewan.gov.example/zwgk/tzgg/list.html"
MAIN = [f"河湾市水务局关于第{n}次停水抢修的公告" for n in range(1, 4)]
SIDE = [f"全市水利工作会议第{n}次在河湾召开" for n in range(1, 13)]
TRAIL = "<div class='a1'>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a> &gt; <a href='./'>通知公告</a></div>"
PAGER = "<div class='a2'>共1页 上一页 下一页 尾页</div>"


def rows(titles: list[str], folder: str, day: str = "") -> str:
    return "".join(f"<li><a href='{folder}{1000 + n}.html'>{title}</a><i>{day}</i></li>" for n, title in enumerate(titles))


def page(before: str, after: str = "", side_heading: str = "要闻", folder: str = "/show/") -> bytes:
    """Make a page whose side list is longer than its main one, and dated where that is not."""
    main = f"<div class='m'>{before}<ul>{rows(MAIN, folder)}</ul>{after}</div>"
    side = f"<div class='s'><h3>{side_heading}</h3><ul>{rows(SIDE, '/yw/', '2024-05-06')}</ul></div>"
    return f"<html><head><title>通知公告-河湾市水务局</title></head><body><div class='w'>{side}{main}</div></body></html>".encode()


@pytest.mark.parametrize(
    "body",
    [
        page(TRAIL, PAGER),
        page("<h2>通知公告</h2>", PAGER),
        page(TRAIL + "<h2>通知公告</h2>"),
        page(TRAIL, PAGER, side_heading="热点新闻"),
        page(TRAIL, "<div class='pagination'><b>1</b><a href='list_2.html'>2</a></div>"),
        page(TRAIL, folder="./", side_heading="点击排行"),
    ],
    ids=["trail and pager", "heading and pager", "trail and heading", "popular ones beside it", "a pager by its name", "its own folder"],
)
def test_a_short_main_list_is_read_beside_a_long_dated_one(body: bytes):
    assert [entry.title for entry in read_listing(body, URL).entries] == MAIN


def test_steps_of_the_trail_are_no_entries():
    body = (
        f"<html><body><div>{TRAIL}<div>" + "".join(f"·<a href='{n}.html'>{title}</a><br>" for n, title in enumerate(MAIN)) + "</div></div>"
    )
    assert [entry.title for entry in read_listing(body.encode(), URL).entries] == MAIN


@pytest.mark.parametrize(
    ("heading", "beside"),
    [
        ("热点新闻", True),
        ("本周排行", True),
        ("相关链接", True),
        ("工作动态更多>>", True),
        ("通知公告更多>>", False),
        ("2024年5月", False),
        ("", False),
    ],
)
def test_headings_of_side_lists_are_told_from_the_page_s_own(heading: str, beside: bool):
    assert is_beside(heading, frozenset({"通知公告"})) is beside


def test_the_heading_of_a_list_is_the_short_text_before_it():
    tree = etree.fromstring("<div><p>热点 新闻</p><div><ul><li>x</li></ul></div></div>", etree.HTMLParser())
    assert heading_of(tree.find(".//ul")) == "热点新闻"


def test_an_element_that_holds_a_list_is_no_pager_by_its_name_alone():
    tree = etree.fromstring("<div class='page'><ul><li>x</li></ul><ol><li>y</li></ol></div>", etree.HTMLParser())
    assert closest(Landmarks.of(tree).pagers, [tree.find(".//ul"), tree.find(".//ol")]) == frozenset()


def test_the_home_page_link_is_no_pager():
    tree = etree.fromstring("<div><a href='/'>首页</a><a href='/map'>网站地图</a></div>", etree.HTMLParser())
    assert not Landmarks.of(tree).turns


def test_patterns_are_linear():
    for text in ("页" * 30_000, "共" + " " * 30_000, "您现在" * 9_000, "> " * 20_000):
        tree = etree.fromstring(f"<div class='{'pag_' * 9_000}'>{text}</div>", etree.HTMLParser(huge_tree=True))
        begun = time.process_time()
        Landmarks.of(tree)
        assert time.process_time() - begun < 2
