"""What tells a notice from a list: heading, neighbours, byline, tools, its address."""

from __future__ import annotations

import pytest
from lxml import html

from spiders.listing import read_listing
from spiders.lists.signs import heading_length, notice_signs

URL = "https://www.hewan.gov.example/zwgk/tzgg/"
SIDE = "<div class='right'><h3>最新发布</h3><ul>" + "".join(
    f"<li><a href='/zwgk/tzgg/{n}000.html'>河湾市关于第{n}批项目评审结果的公示公告</a><span>2024-05-{n:02}</span></li>" for n in range(1, 9)
) + "</ul></div>"  # fmt: skip
HEADING = "河湾市关于调整城区公交线路的通告"


def page(main: str, title: str = HEADING) -> bytes:
    return f"<html><head><title>{title} - 河湾市人民政府</title></head><body><div class='left'>{main}</div>{SIDE}</body></html>".encode()


@pytest.mark.parametrize(
    "main",
    [
        f"<h1>{HEADING}</h1><p>发布时间：2024-05-06 来源：河湾市交通局</p><p>详见附件。</p>",
        f"<div class='t'>{HEADING}</div><div>【字号：大 中 小】</div><p>详见附件。</p>",
        f"<h2>{HEADING}</h2><p>详见附件。</p><p>上一篇：<a href='1.html'>没有了</a></p><p>下一篇：<a href='2.html'>另一则通告</a></p>",
    ],
)
def test_a_short_notice_beside_a_long_dated_list_is_a_notice(main: str):
    assert read_listing(page(main), URL).kind == "notice"


def test_a_column_whose_long_name_is_its_heading_is_a_list():
    column = "重大建设项目批准和实施信息公开目录清单"
    main = f"<div><a href='/'>首页</a> &gt; <a href='/zdjs/'>{column}</a></div><h2>{column}</h2>"
    assert read_listing(page(main, column), URL).kind == "listing"


def test_labels_that_stand_in_every_row_are_no_byline():
    rows = "".join(
        f"<li><a href='{n}.html'>关于第{n}批补贴发放的公告公示</a><i>来源：财政局</i><i>发布时间：2024-05-0{n}</i></li>"
        for n in range(1, 6)
    )
    tree = html.document_fromstring(f"<title>通知公告</title><ul>{rows}</ul>")
    assert notice_signs(tree) == 0


@pytest.mark.parametrize(
    "address", ["info/1034/5678.htm", "202405/t20240506_123456.html", "art/2024/5/6/art_77_1234.html", "content/post_123456.html"]
)
def test_a_page_at_the_address_of_a_notice_is_no_list(address: str):
    listing = read_listing(page("<p>详见附件。</p><a href='2.htm'>下一页</a>"), f"https://www.hewan.gov.example/{address}")
    assert (listing.kind, listing.entries, listing.next) == ("notice", (), None)


def test_the_heading_is_what_the_title_begins_with_and_no_link():
    assert heading_length(html.document_fromstring(f"<title>{HEADING}_河湾网</title><p><b>{HEADING}</b></p>")) == len(HEADING)
    assert heading_length(html.document_fromstring(f"<title>{HEADING}_河湾网</title><a href=1.html>{HEADING}</a>")) == 0
    assert heading_length(html.document_fromstring("<title>河湾市人民政府门户网站</title><h1>河湾市人民政府门户网站</h1>")) == 0


def test_a_few_links_without_dates_are_no_list():
    links = "".join(f"<li><a href='/zt/{n}0001/'>专题专栏：河湾市创建全国文明城市{n}</a></li>" for n in range(3))
    body = f"<html><head><title>河湾</title></head><body><ul>{links}</ul></body></html>".encode()
    assert (read_listing(body, URL).kind, read_listing(body, URL).entries) == ("other", ())
