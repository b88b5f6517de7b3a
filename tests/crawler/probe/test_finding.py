"""Which kind of page a capture is: lists, notices, home pages, feeds, and what stands in their place."""

from datetime import UTC, datetime

import pytest

from cleaners.records import Capture
from crawler.probe.finding import look

HOST = "http://www.shuiqu.gov.example"
ROWS = "".join(
    f"<li><a href='/zwgk/tzgg/202611/t202611{n:02d}_55{n:02d}.html'>关于开展第{n}次沟渠清淤工作的通知</a><span>2026-11-{n:02d}</span></li>"
    for n in range(1, 13)
)
LIST = f"<html><head><title>通知公告</title></head><body><ul class='list'>{ROWS}</ul><script>createPageHTML(3, 0, 'index', 'html');</script></body></html>"
TEXT = "".join(f"<p>各单位应当在第{n}周以前清理所管沟渠，登记淤积长度，并报送清理记录。</p>" for n in range(1, 9))
NOTICE = f"<html><head><title>关于清淤的通知</title></head><body><div>当前位置：<a href='/'>首页</a>&gt;<a href='/zwgk/tzgg/'>通知公告</a></div><h1>关于清淤的通知</h1><div class='TRS_Editor'>{TEXT}</div></body></html>"
HOME = "<html><head><title>水渠县人民政府</title></head><body>" + "".join(
    f"<div><h3>{name}<a href='/{slug}/'>更多</a></h3><ul>{ROWS}</ul></div>"
    for name, slug in (("通知公告", "tzgg"), ("政策文件", "zcwj"), ("工作动态", "gzdt"))
)
SHELL = "<html><head><title></title><script src='/js/app.0123abcd.js'></script></head><body><div id='app'></div></body></html>"
GONE = "<html><head><title>提示</title></head><body><p>您访问的页面不存在或已被删除</p></body></html>"


def capture(body, path="/zwgk/tzgg/", **fields):
    return Capture(
        "", HOST + path, datetime(2026, 11, 22, tzinfo=UTC), 200, (("Content-Type", "text/html"),), body.encode(), role="listing", **fields
    )


@pytest.mark.parametrize(
    ("body", "path", "kind"),
    [
        (LIST, "/zwgk/tzgg/", "listing"),
        (NOTICE, "/zwgk/tzgg/a.html", "notice"),
        (HOME, "/", "home"),
        (SHELL, "/tzgg/", "needs_js"),
        (GONE, "/tzgg/", "soft_404"),
        ("<rss><channel><title>通知</title><item><link>/a.html</link></item></channel></rss>", "/rss.xml", "feed"),
        ("<urlset><url><loc>/a.html</loc></url></urlset>", "/sitemap.xml", "sitemap"),
        ("<html><body><p>欢迎光临本馆</p></body></html>", "/x/", "other"),
    ],
)
def test_a_page_is_told_by_what_stands_on_it(body, path, kind):
    assert look(capture(body, path), HOST + path).kind == kind


def test_a_list_is_read_with_what_told_its_family():
    found = look(capture(LIST), HOST + "/zwgk/tzgg/")
    assert len(found.entries) == 12
    assert found.listing.family == "trs"
    assert ("html", "createPageHTML(") in found.signs
    assert found.listing.next.url == HOST + "/zwgk/tzgg/index_1.html"


def test_a_notice_is_read_and_leads_to_its_column():
    found = look(capture(NOTICE, "/zwgk/tzgg/a.html"), HOST + "/zwgk/tzgg/a.html")
    assert found.notice.title == "关于清淤的通知"
    assert found.marks.trail[-1] == ("通知公告", HOST + "/zwgk/tzgg/")


def test_what_somebody_knows_goes_before_what_it_looks_like():
    assert look(capture(HOME, "/"), HOST + "/", "listing").entries
    assert look(capture(LIST), HOST + "/zwgk/tzgg/", "notice").notice is not None


def test_a_page_that_did_not_come_is_what_became_of_it():
    found = look(capture("", outcome="challenge", reason="waf (HTTP 412)"), HOST + "/zwgk/tzgg/")
    assert (found.kind, found.reason, found.entries) == ("challenge", "waf (HTTP 412)", ())


def test_the_root_of_a_host_that_shows_the_newest_of_its_one_column_is_its_home_page():
    home = f"<html><head><title>水渠县人民政府</title></head><body><h3>通知公告<a href='/tzgg/'>更多</a></h3><ul>{ROWS}</ul></body></html>"
    assert look(capture(home, "/"), HOST + "/").kind == "home"
    assert look(capture(LIST, "/"), HOST + "/").kind == "listing"  # a site that is nothing but one column, which goes on
