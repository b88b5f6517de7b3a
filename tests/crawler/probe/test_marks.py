"""What a page says of its site and column: labels first, then breadcrumbs, then its title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.probe.marks import division_of, level_of, level_of_place, read_marks

URL = "http://www.shuiqu.gov.example/zwgk/tzgg/"


def marks(head="", body="<p>x</p>"):
    return read_marks(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(), URL)


def test_the_national_labels_are_read():
    said = marks(
        "<meta name='sitename' content='水渠县人民政府'><META content=9902310001 name=SiteIDCode>"
        "<meta name=ColumnName content='通知公告'><meta name=ColumnType content='政策文件'><title>首页</title>"
    )
    assert (said.site(), said.column(), said.column_type) == (("水渠县人民政府", "name"), ("通知公告", "name"), "政策文件")
    assert (division_of(said.site_code), level_of(said.site_code)) == ("990231", "county")


@pytest.mark.parametrize(
    ("code", "division", "level"),
    [("9900000001", "990000", "province"), ("9902000001", "990200", "city"), ("bm99000001", "", "central"), ("12", "", ""), ("", "", "")],
)
def test_a_sites_code_tells_its_division_and_level(code, division, level):
    assert (division_of(code), level_of(code)) == (division, level)


@pytest.mark.parametrize(
    "crumbs",
    [
        "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a> &gt; <a href='/zwgk/tzgg/'>通知公告</a></div>",
        "<div><span>您的位置:</span><a href='/'>网站首页</a>»<a href='/zwgk/'>政务公开</a>»<a href='/zwgk/tzgg/'>通知公告</a>»正文</div>",
        "<ul><li>您现在的位置是：</li><li><a href='/'>首页</a></li>/<li><a href='/zwgk/'>政务公开</a></li>/<li><a href='./'>通知公告</a></li></ul>",
    ],
)
def test_breadcrumbs_lead_to_the_column(crumbs):
    said = marks("<title>水渠县</title>", crumbs)
    assert said.trail == (("政务公开", "http://www.shuiqu.gov.example/zwgk/"), ("通知公告", URL))
    assert said.column() == ("通知公告", "trail")


def test_words_of_a_text_are_no_breadcrumbs():
    text = "<div><p>当前位置" + "偏远，交通不便，请各单位提前安排。" * 20 + "</p><a href='/x/'>附件</a></div>"
    assert marks("", text).trail == ()


def test_a_title_says_column_and_site_where_nothing_else_does():
    said = marks("<title>通知公告_水渠县人民政府</title>")
    assert (said.column(), said.site()) == (("通知公告", "title"), ("水渠县人民政府", "title"))
    assert marks("<title>水渠县人民政府</title>").site() == ("", "")


@pytest.mark.parametrize(
    ("name", "level"),
    [("水渠县人民政府", "county"), ("临水市人民政府", "city"), ("临水市青屿区民政局", "county"), ("云南省某厅", "province"), ("文库", "")],
)
def test_a_place_hints_at_a_level(name, level):
    assert level_of_place(name) == level


def test_what_a_template_left_unfilled_says_nothing():
    said = marks(
        '<meta name="SiteName" content="网站名称"><meta name="SiteIDCode" content="网站标识码"><title>通知公告-水渠县文化馆-水渠县</title>'
    )
    assert (said.site_code, said.column(), said.site()) == ("", ("通知公告", "title"), ("水渠县", "title"))
    assert marks("<title>通知公告-通知公告</title>").site() == ("", "")


def test_dashes_part_breadcrumbs_too():
    assert marks(
        "", "<p>您所在的位置：<a href='/'>首页</a> - <a href='/x/'>新闻报道</a> -- <a href='/y/'>新闻动态</a> --</p>"
    ).column() == ("新闻动态", "trail")


@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<div>当前位置：首页a &\"'=/", max_size=300).map(str.encode)))
def test_no_page_is_too_broken(body):
    read_marks(body, URL)
