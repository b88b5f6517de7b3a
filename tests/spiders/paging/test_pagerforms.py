"""Other ways to the next page: pictures, buttons, select boxes, forms, calls with a number, settings of a pager's script."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.listing import read_listing

URL = "https://www.hewan.gov.example/zwgk/tzgg/"
ROWS = "".join(
    f"<li><a href='./202405/a{n}0001.html'>河湾市关于做好第{n}项防汛准备工作的通知</a><i>2024-05-{n:02}</i></li>" for n in range(1, 9)
)


def read(pager: str, url: str = URL):
    return read_listing(f"<html><head><title>通知公告</title></head><body><ul>{ROWS}</ul><div>{pager}</div></body></html>".encode(), url)


GO = "<script>function go(n){location.href='list.jsp?pageNo='+n}</script>"
WAYS = {
    "picture": ("<a href='index_2.html'><img src=n.gif alt='下一页'></a>", URL, "index_2.html"),
    "class": ("<a class='next' href='index_2.html'><i></i></a>", URL, "index_2.html"),
    "class of layui": ("<a href='?page=2' class='layui-laypage-next'>&#xe602;</a>", URL, "?page=2"),
    "relation": ("<link rel='next' href='index_2.html'>", URL, "index_2.html"),
    "list point": ("<ul><li onclick=\"window.location='index_2.html'\">下一页</li></ul>", URL, "index_2.html"),
    "button": ("<input type=button value='下一页' onclick=\"location.href='index_2.html'\">", URL, "index_2.html"),
    "attribute": ("<a href='javascript:;' data-url='index_2.html'>下一页</a>", URL, "index_2.html"),
    "encoded": ("<a href='#' onclick=\"location.href=encodeURI('index_2.jhtml');\">下一页</a>", URL, "index_2.jhtml"),
    "select box": ("<select><option value='a.html' selected>1</option><option value='a_2.html'>2</option></select>", URL, "a_2.html"),
    "select box with words": ("<select><option value='l_9_1.html'>第1页</option><option value='l_9_2.html'>第2页</option></select>", URL, "l_9_2.html"),
    "select box with a script": (
        "<select onchange=\"location.href=encodeURI('index_'+this.value+'.jhtml')\"><option value=1 selected>1<option value=2>2</select>",
        URL,
        "index_2.jhtml",
    ),
    "call": (GO + "<a href='javascript:go(2)'>下一页</a>", URL + "list.jsp", "list.jsp?pageNo=2"),
    "call, address alone": ("<a href='javascript:goPage(3)'>下一页</a>", URL + "list.jsp?id=7&page=2", "list.jsp?id=7&page=3"),
    "layui": ("<script>laypage.render({count:53,limit:20,curr:1,jump:function(o){location.href='?page='+o.curr}})</script>", URL, "?page=2"),
    "jquery": ("<script>$('#p').pagination({totalData:53,showData:20,current:2,callback:function(a){location.href='l.html?page='+a.getCurrent()}})</script>", URL, "l.html?page=3"),
    "by hand": ("<script>var currentPage=0;var countPage=5;</script>", URL, "index_1.html"),
    "by hand, deeper": ("<script>var currentPage = 1;//从0\nvar countPage = 5</script>", URL + "index_1.shtml", "index_2.shtml"),
    "form": ("<form action='l.jsp'><input name=id value=7><input name=page value=1></form><a href='javascript:n()'>下一页</a>", URL, "l.jsp?id=7&page=2"),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_the_next_page_is_found(way: str):
    pager, url, following = WAYS[way]
    listing = read(pager, url)
    assert listing.next_url == URL + following
    assert listing.promised


LAST = {
    "switched off": "<a class='next disabled' href='index_2.html'>下一页</a>",
    "switched off button": "<button disabled onclick=\"location.href='index_2.html'\">下一页</button>",
    "last option": "<select><option value='a_1.html'>1</option><option value='a_2.html' selected>2</option></select>",
    "last of layui": "<script>laypage.render({count:20,limit:20,curr:1,jump:function(o){location.href='?page='+o.curr}})</script>",
    "last by hand": "<script>var currentPage=4;var countPage=5;</script>",
    "no select box of pages": "<select><option value='http://a.example/'>友情链接</option><option value='http://b.example/'>单位</option></select>",
}


@pytest.mark.parametrize("way", LAST)
def test_the_last_page_has_no_next(way: str):
    assert read(LAST[way]).next is None


def test_a_form_that_is_posted_carries_its_fields():
    form = "<form method=post action='list.jsp'><input type=hidden name=cid value=9><input name=pageNo value=4><input type=submit value=go></form>"
    following = read(form + "<a href='javascript:turn(5)'>下一页</a>").next
    assert following is not None
    assert (following.method, following.url) == ("POST", URL + "list.jsp")
    assert parse_qs(following.body.decode()) == {"cid": ["9"], "pageNo": ["5"]}


def test_an_aspnet_page_is_sent_back_with_its_state():
    form = "<form method=post action='list.aspx'><input type=hidden name=__VIEWSTATE value='a/b='>{}</form>"
    following = read(form.format("<a href=\"javascript:__doPostBack('ctl$pager','2')\">下一页</a>")).next
    assert following is not None
    assert (following.method, following.url) == ("POST", URL + "list.aspx")
    assert parse_qs(following.body.decode()) == {"__VIEWSTATE": ["a/b="], "__EVENTTARGET": ["ctl$pager"], "__EVENTARGUMENT": ["2"]}


PIECES = st.sampled_from([
    "<select>", "<option value='http://[x'>2", "<option selected>1", "<a class=next onclick=\"go('[.html')\">", "下一页", "<form method=post action='//['>", "</form>",
    "<input name=page value=99999999999>", "<input name=page value=1>", "__doPostBack('a','b')", "var countPage=9;", "var currentPage=0;", "url='http://['+n", "go(2)", "</a>",
    "<img alt=下一页>", "<link rel=next href='//['>", "location.href='?p='+n", "count:99,limit:0,curr:1",
])  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_pager_makes_it_raise_or_leave_the_web(pager: str):
    listing = read(pager)
    assert listing.next is None or listing.next.url.startswith(("http://", "https://"))
