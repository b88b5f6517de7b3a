"""What stands around a text: the date and the source a visitor sees between title and text, however the page sets them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleaners import Capture, Notice, clean

TITLE = "关于做好夏季防汛工作的通知"
TEXT = (
    "昨日上午，全市夏季防汛工作会议召开，副市长出席会议并讲话。",
    "会议要求，各部门要高度重视，落实责任。会议还通报了近期雨情水情。",
)


def read(info: str, meta: str = "") -> Notice:
    """Clean a page that shows `info` between its title and its text."""
    paragraphs = "".join(f"<p>{line}</p>" for line in TEXT)
    html = (
        f"<html><head><title>{TITLE}-甲州市人民政府</title>{meta}</head><body><h1>{TITLE}</h1>"
        f"<div>{info}</div><div>{paragraphs}</div><div>版权所有：甲州市人民政府</div></body></html>"
    )
    return clean(Capture("", "http://www.jiazhou.example/1.html", datetime(2026, 1, 1, tzinfo=UTC), 200, (), html.encode()))


@pytest.mark.parametrize(
    "info",
    [
        "<table><tr><td>发布时间</td><td>2024-05-06</td><td>信息来源</td><td>甲州市水利局</td></tr></table>",
        "<table><tr><td>发布时间</td><td>2024-05-06</td></tr><tr><td>信息来源</td><td>甲州市水利局</td></tr></table>",
        "<div>发布时间：</div><div>2024-05-06</div><div>来源：</div><div>甲州市水利局</div>",
        "<p>日期：[2024-05-06] 来源：[甲州市水利局]</p>",
        "<p>提交时间：2024-05-06 信息来源：甲州市水利局</p>",
        "<p>更新时间：2024-05-06 信息来源：甲州市水利局</p>",
    ],
)
def test_date_and_source_are_read_however_they_are_set(info: str) -> None:
    notice = read(info)
    assert str(notice.issued) == "2024-05-06"
    assert notice.source == "甲州市水利局"
    assert notice.title == TITLE
    assert notice.text == "\n".join(TEXT)


@pytest.mark.parametrize("info", ["<p>甲州市水利局　2024-05-06</p>", "<p>甲州市水利局 | 2024-05-06 10:00:00</p>"])
def test_date_behind_a_name_is_the_date_and_the_line_no_title(info: str) -> None:
    notice = read(info, "<meta name='PubDate' content='2024-06-30 01:00'>")
    assert str(notice.issued).startswith("2024-05-06")
    assert notice.title == TITLE


def test_time_of_an_update_gives_way_to_the_date_of_issue() -> None:
    assert str(read("<p>更新时间：2024-07-09 发布时间：2024-05-06</p>").issued) == "2024-05-06"
    assert str(read("<p>更新时间：2024-07-09</p>", "<meta name='PubDate' content='2024-05-06'>").issued) == "2024-05-06"


@pytest.mark.parametrize(
    ("document_title", "meta", "heading"),
    [
        ("通知公告-甲州市人民政府门户网站", "", f"<div>{TITLE}</div>"),
        ("甲州市人民政府门户网站", "通知公告", f"<div>{TITLE}</div>"),
        ("甲州市人民政府门户网站", "甲州市人民政府门户网站", f"<div>{TITLE}</div>"),
        ("关于做好夏季防汛工作...", "", f"<h1>{TITLE}</h1>"),
        ("甲州市人民政府门户网站", "关于做好夏季防汛…", f"<h1>{TITLE}</h1>"),
        ("甲州市人民政府门户网站", f"{TITLE}_甲州市人民政府", f"<h1>{TITLE}</h1>"),
        ("甲州市人民政府门户网站", f"&lt;h1 style=&quot;margin:0&quot;&gt;{TITLE}&lt;/h1&gt;", f"<h1>{TITLE}</h1>"),
        (TITLE, "", "<h1>关于做好夏季防汛<br>工作的通知</h1>"),
        ("甲州市人民政府门户网站", "", "<h1>关于做好夏季防汛<br>工作的通知</h1>"),
        ("甲州市人民政府门户网站", "", f"<h2>{TITLE}<span>(2024-05-06)</span></h2>"),
    ],
)
def test_title_is_the_one_the_page_shows(document_title: str, meta: str, heading: str) -> None:
    tag = f"<meta name='ArticleTitle' content='{meta}'>" if meta else ""
    crumbs = "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/tz'>通知公告</a></div>"
    html = (
        f"<html><head><title>{document_title}</title>{tag}</head><body>{crumbs}{heading}<p>发布时间：2024-05-06 来源：甲州市水利局</p>"
        f"<div><p>{TEXT[0]}</p><p>{TEXT[1]}</p></div></body></html>"
    )
    notice = clean(Capture("", "http://www.jiazhou.example/1.html", datetime(2026, 1, 1, tzinfo=UTC), 200, (), html.encode()))
    assert notice.title == TITLE
    assert notice.text == "\n".join(TEXT)


def test_title_of_a_document_that_only_its_text_says() -> None:
    html = f"<html><head><title>甲州市人民政府门户网站</title></head><body><p>{TITLE}</p><p>{TEXT[0]}</p><p>{TEXT[1]}</p></body></html>"
    notice = clean(Capture("", "http://www.jiazhou.example/1.html", datetime(2026, 1, 1, tzinfo=UTC), 200, (), html.encode()))
    assert notice.title == TITLE


@pytest.mark.parametrize("document_title", ["甲州市水利局", "石桥镇", "信件详情", "文章内容页"])
def test_office_or_template_that_a_page_is_called_after_is_no_title(document_title: str) -> None:
    html = (
        f"<html><head><title>{document_title}</title></head><body><div>{document_title}</div><p class='art-title'>关于做好夏季防汛<br>"
        f"工作的通知</p><p>2024-05-06 来源：甲州市水利局</p><div><p>{TEXT[0]}</p><p>{TEXT[1]}</p></div></body></html>"
    )
    notice = clean(Capture("", "http://www.jiazhou.example/1.html", datetime(2026, 1, 1, tzinfo=UTC), 200, (), html.encode()))
    assert notice.title == TITLE
    assert notice.text == "\n".join(TEXT)


@pytest.mark.parametrize(
    ("below", "day"),
    [
        ("<p>完</p><p>2024年5月6日（星期一）</p><p>甲州时间18时30分</p>", "2024-05-06"),
        ("<p>（完）</p><p>2024年5月6日</p>", "2024-05-06"),
        ("<p>版权所有</p><p>2024年5月6日</p>", "None"),
    ],
)
def test_a_day_below_the_end_mark_is_the_date_of_issue(below: str, day: str) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in TEXT)
    html = (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{paragraphs}</div><div class=foot>{below}</div></body></html>"
    )
    notice = clean(Capture("", "http://www.jiazhou.example/1.html", datetime(2026, 1, 1, tzinfo=UTC), 200, (), html.encode()))
    assert str(notice.issued) == day


def test_a_title_broken_in_two_at_the_head_of_the_text_is_read_whole() -> None:
    paragraphs = "<br>".join(TEXT)
    html = (
        "<html><head><title>长堤乡-甲州市人民政府</title></head><body><p>当前位置：<a href=/>首页</a> &gt; <a href=/c/>长堤乡</a></p>"
        f"<div><div class=title>长堤乡人民政府<br>{TITLE}</div>{paragraphs}</div></body></html>"
    )
    notice = clean(Capture("", "http://www.jiazhou.example/1.html", datetime(2026, 1, 1, tzinfo=UTC), 200, (), html.encode()))
    assert notice.title == f"长堤乡人民政府{TITLE}"
    assert notice.text == "\n".join(TEXT)
