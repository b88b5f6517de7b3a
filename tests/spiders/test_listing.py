"""Listing pages of every shape: entries, titles, dates, what comes next, and what kind of page it is."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spiders.listing import LARGEST_HERE, Listing, read_listing, read_safely

SHARED = Path(__file__).parents[2].parent / "shared"
URL = "https://www.hewan.gov.example/zwgk/tzgg/"
TOPICS = ("防汛抗旱工作", "农村公路养护", "中小学招生工作", "高标准农田建设", "老旧小区改造", "安全生产检查", "森林防火", "食品安全抽检")
TITLES = [f"河湾市人民政府办公室关于做好{topic}的通知" for topic in TOPICS]


def rows(template: str, titles: list[str] | None = None) -> str:
    """Fill a row template once a title: {n} counts, {title}, {short} (cut), {day}."""
    return "\n".join(
        template.format(n=1000 + n, title=title, short=title[:14] + "...", day=f"2024-05-{20 - n:02}")
        for n, title in enumerate(titles or TITLES)
    )


NAV = (
    "<div class='nav'><ul>"
    + "".join(f"<li><a href='/c{n}/'>{name}</a></li>" for n, name in enumerate(("首页", "政务公开", "办事服务", "互动交流")))
    + "</ul></div>"
)
FOOT = "<div class='footer'><a href='/about.html'>关于我们</a><a href='http://beian.example/'>备案号00000000</a></div>"
HOT = "<div class='sidebar'><h3>热点</h3><ul>" + rows("<li><a href='/hot/{n}.html'>热点新闻一则标题足够长 {n}</a></li>") + "</ul></div>"


def page(main: str, tail: str = "") -> bytes:
    html = f"<html><head><title>通知公告</title></head><body>{NAV}<div class='main'>{main}</div>{HOT}{FOOT}{tail}</body></html>"
    return html.encode()


ROWS = {
    "list": "<ul class='list'>{}</ul>:<li><a href='./202405/t20240520_{n}.html' title='{title}'>{short}</a><span>{day}</span></li>",
    "table": "<table>{}</table>:<tr><td>·</td><td><a href='view.asp?id={n}'>{title}</a></td><td>[{day}]</td></tr>",
    "definitions": "<dl>{}</dl>:<dt><a href='{n}.html'>{title}</a></dt><dd>{day}</dd>",
    "flat": "<div class='con'>{}</div>:<a href='{n}.html'>{title}</a> <span>({day})</span><br>",
    "wrapped": "<div class='list'>{}</div>:<a href='{n}.html'><h4>{title}</h4><p>摘要，自2019年1月1日起施行。</p><span>{day}</span></a>",
    "cards": "<div class='news'>{}</div>:<div class='one'><div class='d'>{day}</div><div class='t'><a href='{n}.html'>{title}</a></div><p>摘要</p></div>",
    "labelled": "<ul>{}</ul>:<li><a href='/tz/'>[通知]</a><a href='{n}.html'>{title}</a><i>发布时间：{day} 09:30</i></li>",
    "bold": "<ul>{}</ul>:<li><b><font color=red><a href='{n}.html'>{title}</a></font></b>&nbsp;{day}</li>",
    "a table a row": "<table>{}</table>:<tr><td><table><tr><td><a href='{n}.html'>{title}</a></td><td>{day}</td></tr></table></td></tr>",
    "dates first": "<div class='con'>{}</div>:<span>{day}</span><a href='{n}.html'>{title}</a>",
    "dates first in definitions": "<dl>{}</dl>:<dt>{day}</dt><dd><a href='{n}.html'>{title}</a></dd>",
    "date in the anchor before": "<ul>{}</ul>:<li><a href='{n}.html'><span>{day}</span>{title}</a></li>",
    "date in the anchor after": "<ul>{}</ul>:<li><a href='{n}.html'>{title}<span>{day}</span></a></li>",
    "paragraphs": "<div>{}</div>:<p>• <a href='{n}.html' target=_blank>{title}</a> ({day})</p>",
    "numbered ids": "<ul>{}</ul>:<li id='line_{n}'><div id='d{n}'><a href='{n}.html'>{title}</a></div><div>{day}</div></li>",
}


@pytest.mark.parametrize("shape", ROWS)
def test_rows_are_read_whatever_they_are_written_in(shape: str):
    around, row = ROWS[shape].split(":", 1)
    listing = read_listing(page(around.format(rows(row))), URL)
    assert listing.kind == "listing"
    assert [entry.title for entry in listing.entries] == TITLES
    assert [(entry.issued.year, entry.issued.month, entry.issued.day) for entry in listing.entries if entry.issued] == [
        (2024, 5, 20 - n) for n in range(8)
    ]
    assert all(entry.url.startswith(URL) for entry in listing.entries)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2024-05-06", date(2024, 5, 6)),
        ("[2024/5/6]", date(2024, 5, 6)),
        ("2024.05.06", date(2024, 5, 6)),
        ("2024年5月6日", date(2024, 5, 6)),
        ("发布日期：2024-05-06", date(2024, 5, 6)),
        ("<b>06</b><i>2024-05</i>", date(2024, 5, 6)),
        ("<p>05/06</p><p>2024</p>", date(2024, 5, 6)),
        ("(20240506)", date(2024, 5, 6)),
        ("05-06", None),
        ("2024-05", None),
        ("2024-13-45", None),
        ("", None),
    ],
)
def test_the_date_of_a_row_is_whole_or_none(printed: str, expected: date | None):
    body = rows("<li><a href='{n}.html'>{title}</a><span>" + printed + "</span></li>")
    listing = read_listing(page(f"<ul>{body}</ul>"), URL)
    assert {entry.issued for entry in listing.entries} == {expected}


def test_a_time_of_day_is_kept_with_its_zone():
    body = rows("<li><a href='{n}.html'>{title}</a><span>2024-05-06 09:30</span></li>")
    issued = read_listing(page(f"<ul>{body}</ul>"), URL).entries[0].issued
    assert isinstance(issued, datetime)
    assert issued.isoformat() == "2024-05-06T09:30:00+08:00"


def test_a_date_in_a_title_or_in_another_row_is_not_the_date_of_a_row():
    titles = [f"关于2023年1月{n + 1}日停水抢修的公告" for n in range(6)]
    body = (
        rows("<li><a href='{n}.html'>{title}</a></li>", titles)
        + "<li><a href='1.html'>关于公布办事指南目录的公告</a><span>2024-05-06</span></li>"
    )
    listing = read_listing(page(f"<ul>{body}</ul>"), URL)
    assert [entry.issued for entry in listing.entries] == [None] * 6 + [date(2024, 5, 6)]


def test_bytes_declared_gb2312_are_read():
    body = page("<ul>" + rows("<li><a href='{n}.html'>{title}</a><span>{day}</span></li>") + "</ul>").decode()
    listing = read_listing(body.replace("<head>", "<head><meta charset=gb2312>").encode("gb18030"), URL)
    assert [entry.title for entry in listing.entries] == TITLES


def test_a_side_list_of_the_same_make_is_left_out():
    side = "<ul>" + rows("<li><a href='/hot/{n}.html'>热门：{title}</a></li>") + "</ul>"
    main = "<ul>" + rows("<li><a href='{n}.html'>{title}</a><span>{day}</span></li>") + "</ul>"
    listing = read_listing(page(main + side), URL)
    assert [entry.title for entry in listing.entries] == TITLES


def test_a_list_in_the_left_half_is_read_before_the_popular_ones_on_the_right():
    main = "<div class='left'><ul>" + rows("<li><a href='{n}.html'>{title}</a><span>{day}</span></li>") + "</ul></div>"
    right = "<div class='right'><ul>" + rows("<li><a href='/hot/{n}.html'>点击排行：{title}</a></li>") + "</ul></div>"
    assert [entry.title for entry in read_listing(page(main + right), URL).entries] == TITLES


def test_odd_and_even_rows_are_one_list():
    body = "".join(
        f"<div class='{('odd', 'even')[n % 2]}'><div class='t'><a href='{n}000.html'>{title}</a></div><i>2024-05-0{n + 1}</i></div>"
        for n, title in enumerate(TITLES)
    )
    listing = read_listing(page(f"<div class='list'>{body}</div>"), URL)
    assert [entry.title for entry in listing.entries] == TITLES
    assert all(entry.issued for entry in listing.entries)


def test_links_are_relative_to_the_base_a_page_names():
    body = page("<ul>" + rows("<li><a href='{n}.html'>{title}</a></li>") + "</ul>").replace(b"<head>", b"<head><base href='/other/'>")
    assert read_listing(body, URL).entries[0].url == "https://www.hewan.gov.example/other/1000.html"


def test_rows_put_in_front_under_another_structure_belong_to_the_list():
    pinned = "<li class='top'><div><p><a href='9.html'>关于置顶事项的一则重要通知</a></p></div><span>2023-01-01</span></li>"
    listing = read_listing(page("<ul>" + pinned + rows("<li><a href='{n}.html'>{title}</a><span>{day}</span></li>") + "</ul>"), URL)
    assert [entry.title for entry in listing.entries] == ["关于置顶事项的一则重要通知", *TITLES]


LIST = "<ul>" + rows("<li><a href='./202405/t20240520_{n}.html'>{title}</a><span>{day}</span></li>") + "</ul>"


@pytest.mark.parametrize(
    ("tail", "url", "family", "following"),
    [
        ("<script>createPageHTML(4, 0, 'index', 'html')</script>", URL, "trs", URL + "index_1.html"),
        (
            "<script>createPageHTML('p',4, 1,'list','shtml',80)</script>",
            "https://x.example/c100/list.shtml",
            "ucap",
            "https://x.example/c100/list_2.shtml",
        ),
        (
            "<!--Announced by Visual SiteBuilder 9--><span class='p_t'>1/9</span>",
            "https://x.example/a/tzgg.htm",
            "vsb",
            "https://x.example/a/tzgg/8.htm",
        ),
        ("<a href='?page=2'>下一页</a>", "https://x.example/list?page=1", "trs", "https://x.example/list?page=2"),
        ("<a href='javascript:;'>下一页</a>", URL, "trs", None),
        ("", URL, "trs", None),
    ],
)
def test_families_and_how_they_go_on(tail: str, url: str, family: str, following: str | None):
    listing = read_listing(page(LIST, tail), url)
    assert (listing.family, listing.next_url, listing.kind) == (family, following, "listing")


@pytest.mark.parametrize(
    ("tail", "more"),
    [
        ("<div>共 530 条 1/27</div>", True),
        ("<div>第<b>1</b>页/共<b>27</b>页</div>", True),
        ("<div>1/27页</div>", True),
        ("<div>27/27页</div>", False),
        ("<div>24/7 服务</div>", False),
        ("", False),
    ],
)
def test_a_list_that_says_it_goes_on_in_a_way_not_understood_says_so(tail: str, more: bool):
    listing = read_listing(page(LIST, tail), URL)
    assert (listing.next, listing.promised) == (None, more)


def test_a_page_of_another_generation_than_the_site_file_says_still_goes_on():
    body = page(LIST, "<script>createPageHTML(4, 0, 'index', 'html')</script>")
    assert read_listing(body, URL, "hanweb").next_url == URL + "index_1.html"


def hanweb(records: int, group: str = "") -> bytes:
    rows_ = "".join(
        f"<record><![CDATA[<li><a href='/art/2024/5/{n + 1}/art_7_{n}.html' title='{TITLES[n]}'>{TITLES[n][:9]}…</a><b>2024-05-{n + 1:02}</b></li>]]></record>"
        for n in range(records)
    )
    return f"<datastore><nextgroup><![CDATA[{group}]]></nextgroup><recordset>{rows_}</recordset></datastore>".encode()


def test_hanweb_records_in_a_script_are_the_list():
    store = hanweb(5, '<a href="/module/web/jpage/dataproxy.jsp?page=2&columnid=7"></a>').decode()
    listing = read_listing(page(HOT, f"<script type='text/xml'>{store}</script>"), "https://x.example/col/col7/index.html")
    assert (listing.family, listing.kind) == ("hanweb", "listing")
    assert [(entry.title, entry.issued) for entry in listing.entries] == [(TITLES[n], date(2024, 5, n + 1)) for n in range(5)]
    assert listing.next_url == "https://x.example/module/web/jpage/dataproxy.jsp?page=2&columnid=7"


def test_hanweb_proxy_answers_are_lists_however_short():
    listing = read_listing(hanweb(1), "https://x.example/module/web/jpage/dataproxy.jsp?page=3&columnid=7")
    assert (len(listing.entries), listing.kind, listing.next) == (1, "listing", None)


def gkmlpt(count: int) -> bytes:
    articles = [
        {
            "id": n,
            "title": TITLES[n],
            "url": f"http://www.x.example/gkmlpt/content/0/1/post_{n}.html",
            "display_publish_time": 1714960800 + n,
        }
        for n in range(count)
    ]
    return json.dumps({"articles": articles, "classify": [{"name": "机构", "id": 1}]}).encode()


def test_gkmlpt_json_is_a_list_and_counts_on():
    listing = read_listing(gkmlpt(3), "https://www.x.example/gkmlpt/api/all/0?page=1&sid=9")
    assert (listing.family, listing.kind) == ("gkmlpt", "listing")
    assert listing.entries[0].title == TITLES[0]
    assert listing.entries[0].issued is not None
    assert listing.entries[0].issued.isoformat() == "2024-05-06T10:00:00+08:00"
    assert listing.next_url == "https://www.x.example/gkmlpt/api/all/0?page=2&sid=9"


def test_an_empty_gkmlpt_answer_ends():
    listing = read_listing(gkmlpt(0), "https://www.x.example/gkmlpt/api/all/0?page=9&sid=9")
    assert (listing.entries, listing.next, listing.kind) == ((), None, "listing")


def test_the_gkmlpt_index_has_no_rows_and_leads_to_the_api():
    shell = page("<div id='app'></div>", "<script>window._CONFIG = {SID: '9'}</script>")
    listing = read_listing(shell, "https://www.x.example/gkmlpt/index")
    assert listing.next_url == "https://www.x.example/gkmlpt/api/all/0?page=1&sid=9"
    assert listing.kind == "listing"


def test_html_inside_json_is_read():
    body = json.dumps({"success": True, "data": {"html": LIST}}).encode()
    listing = read_listing(
        body, "https://x.example/api-gateway/jpaas-publish-server/front/page/build/unit?webId=1&paramJson=%7B%22pageNo%22%3A1%7D"
    )
    assert [entry.title for entry in listing.entries] == TITLES
    assert listing.next_url is not None
    assert "%22pageNo%22%3A2" in listing.next_url


def test_jsonp_and_marked_up_titles_are_read():
    body = 'callback({"rows": [{"title": "关于<em>防汛</em>工作的通知", "url": "/a/1.html", "pubDate": "2024-05-06"}]});'.encode()
    (entry,) = read_listing(body, URL).entries
    assert (entry.title, entry.url, entry.issued) == ("关于防汛工作的通知", "https://www.hewan.gov.example/a/1.html", date(2024, 5, 6))


ARTICLE = (
    "<h1>关于防汛的通知</h1><div class='TRS_Editor'>"
    + "<p>各乡镇人民政府，市政府各部门：为做好防汛工作，现将有关事项通知如下。</p>" * 5
    + "</div>"
)


def test_a_notice_with_lists_beside_it_is_no_listing():
    assert read_listing(page(ARTICLE), URL + "t20240520_1.html") == Listing(family="trs", kind="notice")


def test_a_page_whose_head_names_an_article_is_a_notice_even_when_it_is_short():
    body = page("<p>见附件。</p>").replace(b"<head>", '<head><meta name="ArticleTitle" content="关于防汛的通知">'.encode())
    assert read_listing(body, URL).kind == "notice"


def test_a_home_page_gives_all_its_columns():
    columns = "".join(
        f"<div class='box{name}'><ul>" + rows(f"<li><a href='/{name}/{{n}}.html'>{{title}}{name}</a></li>") + "</ul></div>"
        for name in ("aa", "bb", "cc", "dd")
    )
    listing = read_listing(page(columns), "https://www.hewan.gov.example/")
    assert (listing.kind, listing.next) == ("home", None)
    assert len(listing.entries) >= 32


@pytest.mark.parametrize(
    "body", [b"", b" ", b"<html></html>", b"null", b"[]", b"{}", b"\x00\xff\xfe", "访问验证".encode(), b"<datastore></datastore>"]
)
def test_pages_without_a_list_have_no_entries(body: bytes):
    listing = read_listing(body, URL)
    assert (listing.entries, listing.next) == ((), None)


def test_links_that_lead_nowhere_are_left_out():
    body = (
        rows("<li><a href='{n}.html'>{title}</a></li>")
        + "<li><a href='javascript:;'>只能由脚本打开的一条通知标题</a></li><li><a href='http://[bad/1.html'>地址写错的一条通知标题</a></li>"
    )
    assert len(read_listing(page(f"<ul>{body}</ul>"), URL).entries) == 8


def test_a_page_read_within_limits_is_read_the_same():
    large = page(LIST, "<!--" + "x" * LARGEST_HERE + "-->")
    assert read_safely(large, URL) == read_safely(page(LIST), URL) == read_listing(large, URL)


def test_a_page_beyond_the_limits_is_empty_and_says_so():
    attributes = b" ".join(b"a%d=1" % n for n in range(60_000))
    listing = read_safely(b"<div " + attributes + b"><a href=1.html>x</a>", URL, seconds=0.2)
    assert (listing.entries, listing.kind, listing.next) == ((), "other", None)
    assert listing.trouble.startswith("time:")


FRAGMENTS = st.sampled_from([
    "<a href='1.html'>", "</a>", "<ul>", "<li>", "</li>", "<table><tr><td>", "2024-05-06", "createPageHTML(4, 0, 'index', 'html')", "<record>", "<![CDATA[",
    "]]>", "</record>", "<nextgroup>", "</nextgroup>", '{"a": [', "]}", '"url": ', "关于防汛工作的通知", "<meta name=ArticleTitle>", "\x00", "<a href='http://[x'>", "&#0;",
    "<p>", "1/27", "下一页", "<a href='?page=2'>", "<script>", "_CONFIG", "<!--", "<?xml version='1.0'?>", "<frameset>", "xmlns:a='", "</html>",
])  # fmt: skip


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(FRAGMENTS, max_size=40).map(lambda parts: "".join(parts).encode())))
@example(b"[" * 5000)
@example(b"<nextgroup>href=a://[")
@example(b"createPageHTML(4, 0, '//[', 'html') <a>x</a>")
@example("createPageHTML(²,², 'index', 'html') <a>²</a>".encode())
@example(b"AuthorizedRead/unitbuild.js url=\"//[build/unit\" queryData=\"{'a':'b'}\"")
@example(b"<div>" * 3000 + b"<a href=1.html>x</a>")
@example(b'{"a":' * 3000)
@example(b'[{"url": "http://[", "title": 3, "date": 99999999999999999999}]')
@example(b'[{"url": "a", "title": "b", "date": "2024-02-30"}]')
def test_no_bytes_make_it_raise(body: bytes):
    listing = read_listing(body, "https://x.example/gkmlpt/index?page=1")
    assert listing.kind in {"listing", "home", "notice", "other"}
    assert all(entry.url.startswith("http") and entry.title for entry in listing.entries)


@pytest.mark.skipif(not (SHARED / "listings").is_dir(), reason="the shared gold listings are not here")
def test_real_listing_pages_are_read():
    """The bars of the gold listings: F1, titles and dates 0.97, next pages 0.95, at most one article taken for a listing."""
    done = subprocess.run(
        [sys.executable, SHARED / "bench" / "score_listings.py", SHARED / "listings"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
