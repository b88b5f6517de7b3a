"""The pagers: which request comes after a list page, for each way lists go on."""

from __future__ import annotations

import json

import pytest
from lxml import html

from spiders.counted import json_page
from spiders.families.jpaas import build_unit
from spiders.links import links
from spiders.numbered import Ends, create_page_html, descending, ends, numbered, static_json
from spiders.pagers import turn
from spiders.paging import Next, Page, position, with_query

HOST = "https://www.hewan.gov.example"


def page(text: str, path: str = "/tzgg/") -> Page:
    value = json.loads(text) if text[:1] in "{[" else None
    return Page(text, HOST + path, html.document_fromstring(text) if value is None else None, value, rows=10)


def following(found: object) -> str | None:
    assert found is not None
    return found.next.url.removeprefix(HOST) if found.next else None


@pytest.mark.parametrize(
    ("call", "path", "expected"),
    [
        ('createPageHTML(4, 0, "index", "html")', "/tzgg/", "/tzgg/index_1.html"),
        ("createPageHTML(4,0,'index','shtml');", "/tzgg/index.shtml", "/tzgg/index_1.shtml"),
        ("createPageHTML(4, 2, 'index', 'html')", "/tzgg/index_2.html", "/tzgg/index_3.html"),
        ("createPageHTML(4, 3, 'index', 'html')", "/tzgg/index_3.html", None),
        ("createPageHTML(1, 0, 'index', 'html')", "/tzgg/", None),
        ("createPageHTML(4, 0, 'index', 'html')", "/tzgg/index_3.html", None),  # a template that always says 0
        ("createPageHTML('page_div',50, 1,'wj_list','shtml',1000)", "/c1/wj_list.shtml", "/c1/wj_list_2.shtml"),
        ("createPageHTML('page_div',50, 2,'wj_list','shtml',1000)", "/c1/wj_list_2.shtml", "/c1/wj_list_3.shtml"),
        ("createPageHTML('page_div',50, 50,'wj_list','shtml',1000)", "/c1/wj_list_50.shtml", None),
        ("createPageHTML('page_div',1, 1,'wj_list','shtml',3)", "/c1/wj_list.shtml", None),
    ],
)
def test_trs_counts_from_0_and_ucap_from_1(call: str, path: str, expected: str | None):
    assert following(create_page_html(page(f"<p>x</p><script>{call}</script>", path))) == expected


def test_a_function_definition_is_not_a_call():
    assert create_page_html(page("<p>x</p><script>function createPageHTML(total, current, name, ext) {}</script>")) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/xxgk/tzgg.htm", "/xxgk/tzgg/26.htm"), ("/xxgk/tzgg/26.htm", "/xxgk/tzgg/25.htm"), ("/xxgk/tzgg/1.htm", None)],
)
def test_vsb_counts_down_from_the_total(path: str, expected: str | None):
    assert following(descending(page('<span class="p_t">共 530 条</span> <span class="p_t">1/27</span>', path))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("共12条 1/2 首页", (1, 2)), ("第1页/共27页", (1, 27)), ("2024/05/01", None), ("<b>3</b>/7", (3, 7)), ("9/4", None), ("无", None)],
)
def test_the_position_a_pager_prints(text: str, expected: tuple[int, int] | None):
    assert position(text) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected", "promised"),
    [
        ('{"articles": [1]}', "/gkmlpt/api/all/0?page=2&sid=3", "/gkmlpt/api/all/0?page=3&sid=3", False),
        ('{"content": {"pageCount": 9}}', "/s?curPage=3", "/s?curPage=4", True),
        ('{"content": {"pageCount": 3}}', "/s?curPage=3", None, False),
    ],
)
def test_json_counts_its_page_parameter_up(text: str, path: str, expected: str | None, promised: bool):
    found = json_page(page(text, path))
    assert following(found) == expected
    assert found is not None
    assert found.promised is promised


def test_json_without_a_page_parameter_does_not_go_on():
    assert json_page(page('{"articles": []}', "/list.json")) is None


def test_static_json_counts_in_the_path():
    assert (
        following(static_json(page("[1]", "/data_itemId=1,pageIndex=2,pageSize=18.json"))) == "/data_itemId=1,pageIndex=3,pageSize=18.json"
    )


def test_epoint_counts_pages_from_rows_and_page_size():
    script = "<p></p><script>$('#page').pagination({pageSize: 15, total: 31})</script>"
    assert following(numbered(page(script, "/cs/032/moreinfo.html"))) == "/cs/032/2.html"
    assert following(numbered(page(script, "/cs/032/3.html"))) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<a href="list_3.html">下一页</a>', "/tzgg/list_3.html"),
        ('<a href="list_3.html">下页&gt;</a>', "/tzgg/list_3.html"),
        ('<a href="/list?p=3"><span> 下一頁 </span></a>', "/list?p=3"),
        ('<a rel="next" href="list_3.html"><img></a>', "/tzgg/list_3.html"),
        ('<a href="list_3.html" title="下一页">&gt;</a>', "/tzgg/list_3.html"),
        ('<a href="list_9.html">下一篇</a>', None),
        ('<a href="javascript:go(3)">下一页</a>', None),
        ("<a href=\"javascript:toPage('list_3.html')\">下一页</a>", "/tzgg/list_3.html"),
        ('<a href="#" onclick="location.href=\'?page=3\'">下一页</a>', "/tzgg/?page=3"),
        ('<ul><li class="active"><a href="?p=1">1</a></li><li><a href="?p=2">2</a></li></ul>', "/tzgg/?p=2"),
        ('<ul><li><a href="./">1</a></li><li><a href="?p=2">2</a></li></ul>', "/tzgg/?p=2"),
        ('<a href="">下一页</a>', None),
        ('<a href="#">下一页</a><b>1</b><a href="list_2.html">2</a>', None),
        ('<b>1</b> <a href="list_2.html">2</a> <a href="list_3.html">3</a>', "/tzgg/list_2.html"),
        ('<a href="list_1.html">1</a> <a class="current" href="list_2.html">2</a> <a href="list_3.html">3</a>', "/tzgg/list_3.html"),
        ('<a href="list_1.html">1</a> <a href="list_2.html">2</a> <b>3</b>', None),
    ],
)
def test_plain_links(text: str, expected: str | None):
    found = links(page(f"<div>{text}</div>"))
    assert (following(found) if found else None) == expected


def test_a_familys_pagers_come_before_the_plain_links():
    both = page('<div><a href="x.html">下一页</a></div><script>createPageHTML(4, 0, "index", "html")</script>')
    assert following(turn(both, ("create_page_html",))) == "/tzgg/index_1.html"
    assert following(turn(both, ())) == "/tzgg/x.html"
    assert turn(page("<p>nothing</p>"), ()).next is None


def test_a_post_page_is_another_page_with_another_body():
    assert Next("https://x.example/", "POST", b"page=2") != Next("https://x.example/", "POST", b"page=3")


def test_query_parameters_keep_their_order():
    assert (
        with_query("https://x.example/s?b=1&page=2&a=&c=%E4%B8%AD", {"page": 3, "new": 1})
        == "https://x.example/s?b=1&page=3&a=&c=%E4%B8%AD&new=1"
    )


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1", "", "1.5"])
def test_numbers_that_are_none_do_not_turn_a_page(number: str):
    assert json_page(page("[1]", f"/s?page={number}")) is None
    again = build_unit(Page("{}", f'{HOST}/build/unit?paramJson={{"pageNo":"{number}"}}', value={}, rows=15))
    assert again is not None
    assert again.next is not None
    assert again.next.url.endswith("%22pageNo%22%3A2%7D")


@pytest.mark.parametrize(
    ("path", "oldest", "newer"),
    [
        ("/xxgk/tzgg.htm", "/xxgk/tzgg/1.htm", None),
        ("/xxgk/tzgg/1.htm", None, "/xxgk/tzgg/2.htm"),
        ("/xxgk/tzgg/25.htm", None, "/xxgk/tzgg/26.htm"),
        ("/xxgk/tzgg/26.htm", None, None),
        ("/xxgk/2024.htm", "/xxgk/2024/1.htm", None),
    ],
)
def test_vsb_can_be_read_from_its_stable_end(path: str, oldest: str | None, newer: str | None):
    found = ends(page("<p>共530条 1/27 首页</p>", path), ("links", "descending"))
    given = [one.url.removeprefix(HOST) if one else None for one in (found.oldest, found.newer)]
    assert given == [oldest, newer]


def test_only_lists_that_count_down_have_a_stable_end():
    assert ends(page("<p>共530条 1/27 首页</p>", "/tzgg.htm"), ("links",)) == Ends()
    assert ends(page("<p>共5条 1/1 首页</p>", "/tzgg.htm"), ("descending",)) == Ends()


def test_the_identity_of_a_post_is_its_body_too():
    second, third = (Next("https://x.example/list", "POST", body) for body in (b"page=2", b"page=3"))
    assert second.identity != third.identity
    assert Next("https://x.example/list").identity == "https://x.example/list"
