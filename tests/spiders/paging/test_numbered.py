"""Pages with a number in their file name."""

from __future__ import annotations

import pytest
from list_pages import HOST, following, page

from spiders.paging import Page
from spiders.paging.numbered import Ends, component, create_page_html, descending, ends, numbered, static_json, suffixed, unspaced


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


def test_static_json_counts_in_the_path():
    assert (
        following(static_json(page("[1]", "/data_itemId=1,pageIndex=2,pageSize=18.json"))) == "/data_itemId=1,pageIndex=3,pageSize=18.json"
    )


def test_epoint_counts_pages_from_rows_and_page_size():
    script = "<p></p><script>$('#page').pagination({pageSize: 15, total: 31})</script>"
    assert following(numbered(page(script, "/cs/032/moreinfo.html"))) == "/cs/032/2.html"
    assert following(numbered(page(script, "/cs/032/3.html"))) is None


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


def test_hunan_counts_its_pages_from_2_in_spite_of_the_call():
    text = "<a href='wjk_glrb_2.html'>2</a><script>createPageHTML(5, 0, 'wjk_glrb', 'html')</script>"
    assert following(create_page_html(page(text, "/wjk/wjk_glrb.html"))) == "/wjk/wjk_glrb_2.html"
    assert following(create_page_html(page(text, "/wjk/wjk_glrb_5.html"))) is None


N_PATH = "<p>表</p><script>var maxPageNum=0; maxPageNum2074=12;</script>"


@pytest.mark.parametrize(
    ("path", "following_path", "oldest", "newer"),
    [
        ("/n25/n26/index.html", "/n25/n26/index_2074_11.html", "/n25/n26/index_2074_1.html", None),
        ("/n25/n26/index_2074_11.html", "/n25/n26/index_2074_10.html", None, None),
        ("/n25/n26/index_2074_10.html", "/n25/n26/index_2074_9.html", None, "/n25/n26/index_2074_11.html"),
        ("/n25/n26/index_2074_1.html", None, None, "/n25/n26/index_2074_2.html"),
    ],
)
def test_n_path_counts_down_and_has_a_stable_end(path: str, following_path: str | None, oldest: str | None, newer: str | None):
    here = page(N_PATH, path)
    assert following(component(here)) == following_path
    found = ends(here, ("component",))
    assert [one.url.removeprefix(HOST) if one else None for one in (found.oldest, found.newer)] == [oldest, newer]


def test_a_list_of_n_path_without_a_number_of_pages_has_one():
    assert component(page("<p>表</p>", "/n25/n26/index.html")) is None
    assert following(component(page("<script>maxPageNum7=1</script><p>", "/n25/n26/index.html"))) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/channels/3125.html", "/channels/3125_2.html"),
        ("/channels/3125_2.html", "/channels/3125_3.html"),
        ("/channels/3125_3.html", None),
        ("/tzgg/", "/tzgg/index_2.html"),
        ("/a/pc/list.html", "/a/pc/list_2.html"),
        ("/list.aspx", "no pager"),
    ],
)
def test_second_pages_are_2_as_far_as_pages_are_stated(path: str, expected: str | None):
    found = suffixed(page("<p>首页 上一页 第1页/共3页 下一页</p>", path))
    assert (following(found) if found else "no pager") == expected
    assert suffixed(page("<p>无</p>", path)) is None


def test_renmin_writes_the_number_without_an_underscore():
    text = "<p>第1页/共2页 下一页</p>"
    assert following(unspaced(page(text, "/GB/64093/index.html"))) == "/GB/64093/index2.html"
    assert following(unspaced(page(text, "/GB/64093/index2.html"))) is None


def test_static_json_ends_with_its_total():
    url = "https://www.hewan.gov.example/data_itemId=1,pageIndex=2,pageSize=18.json"
    found = static_json(Page("{}", url, value={"data": {"total": 55, "rows": []}}))
    assert found is not None
    assert found.promised
    assert static_json(Page("{}", url.replace("pageIndex=2", "pageIndex=4"), value={"data": {"total": 55}})).next is None
