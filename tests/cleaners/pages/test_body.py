"""Which element holds the text of a page: one copy of several, and the text rather than what repeats a part of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleaners import Capture, Notice, clean

TITLE = "关于做好夏季防汛工作的通知"
LINES = (
    "各区县人民政府，市政府有关部门：",
    "为进一步做好全市夏季防汛工作，现将有关事项通知如下，请认真贯彻执行。",
    "一、各单位要高度重视，落实责任，及时排查隐患，确保群众生命财产安全。",
    "二、要加强值班值守，遇有重大情况立即报告。",
    "甲州市应急管理局",
    "2024年5月6日",
)
TEXT = "\n".join(LINES)
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in LINES)
ARTICLE = f"<h1>{TITLE}</h1><p>发布时间：2024-05-06 10:00 来源：市应急管理局</p><div class='k1'>{PARAGRAPHS}</div>"
FOOTER = "<div class='k9'><p>主办：甲州市人民政府办公室</p><p>网站标识码：1234560001</p></div>"


def read(body: str) -> Notice:
    """Clean a page whose <body> is given, on a site that no layout knows."""
    html = f"<html><head><title>{TITLE}-甲州市人民政府</title></head><body>{body}</body></html>"
    return clean(Capture("", "http://www.jiazhou.example/1.html", datetime(2026, 1, 1, tzinfo=UTC), 200, (), html.encode()))


def test_copy_for_the_telephone_below_the_footer_is_not_read_with_the_text() -> None:
    crumbs = "<ol><li><a href='/'>首页</a></li><li><a href='/tz'>通知公告</a></li></ol>"
    notice = read(f"<div class='k2'>{ARTICLE}</div>{FOOTER}<div class='k3'>{crumbs}{ARTICLE}</div>{FOOTER}")
    assert notice.text == TEXT
    assert notice.title == TITLE


def test_first_paragraph_said_again_for_sharing_does_not_draw_the_footer_in() -> None:
    notice = read(f"<div class='k2'>{ARTICLE}</div>{FOOTER}<div class='k4'>{LINES[1]}</div><div class='k5'>{LINES[1][:20]}...</div>")
    assert notice.text == TEXT


def test_summary_above_the_title_does_not_take_the_place_of_the_text() -> None:
    assert read(f"<div class='k4'>{LINES[1]}</div><div class='k2'>{ARTICLE}</div>{FOOTER}").text == TEXT


NOTE = "<h3>公告</h3><p>本网站已升级改版，欢迎提出宝贵意见和建议。</p>"
OTHERS = "".join(
    f"<li><a href='/{number}'>甲州市水利局第{number}次会议召开</a><span>2024-05-0{number}</span></li>" for number in range(1, 7)
)


@pytest.mark.parametrize("mark", ["责任编辑：苏木", "【打印】【关闭】", "扫一扫在手机打开当前页", "分享到：微信 微博", "上一篇：无"])
def test_what_follows_the_tools_of_a_page_that_is_not_divided_is_no_text(mark: str) -> None:
    assert read(f"{ARTICLE}<p>{mark}</p>{NOTE}{FOOTER}").text == TEXT


def test_list_of_other_notices_without_a_heading_ends_the_text() -> None:
    assert read(f"{ARTICLE}<ul>{OTHERS}</ul>{NOTE}{FOOTER}").text == TEXT


def test_files_and_signature_below_them_belong_to_the_text() -> None:
    files = "".join(f"<p><a href='/f{number}.doc'>附件{number}：夏季防汛责任分工表</a></p>" for number in range(1, 5))
    body = "".join(f"<p>{line}</p>" for line in LINES[:4]) + files + "".join(f"<p>{line}</p>" for line in LINES[4:])
    notice = read(f"<h1>{TITLE}</h1><p>2024-05-06</p>{body}<p>责任编辑：苏木</p>{NOTE}")
    assert notice.text.endswith("\n".join(("附件4：夏季防汛责任分工表", *LINES[4:])))


def test_tools_between_a_summary_and_the_text_do_not_end_it() -> None:
    summary = "<p>为进一步做好全市夏季防汛工作，市水利局近日印发通知，部署防汛工作。</p><p>【打印】【分享】</p>"
    notice = read(f"<h1>{TITLE}</h1><p>2024-05-06</p>{summary}{PARAGRAPHS}{FOOTER}")
    assert notice.text.endswith(TEXT)


def test_prose_of_footers_and_dialogs_is_not_taken_for_the_text_of_a_short_notice() -> None:
    leave = "<div>您访问的链接即将离开“甲州市人民政府”门户网站，是否继续？<a href='#'>继续访问</a><a href='#'>放弃</a></div>"
    short = f"<h1>{TITLE}</h1><p>2024-05-06</p><div class='k1'><p>{LINES[3]}</p></div><ul>{OTHERS}</ul>"
    assert read(f"<div class='k2'>{short}</div>{leave}{FOOTER}").text == LINES[3]


def test_list_of_other_notices_inside_a_known_element_is_taken_off_with_the_editor_above_it() -> None:
    notice = read(
        f"<h1>{TITLE}</h1><p>2024-05-06</p><div class='TRS_Editor'>{PARAGRAPHS}<p>责任编辑：苏木</p><ul>{OTHERS}</ul></div>{FOOTER}"
    )
    assert notice.text == TEXT
    assert "related_list" in {removal.rule for removal in notice.removals}


def test_dated_files_of_a_notice_stay() -> None:
    files = "".join(f"<p><a href='/f{number}.doc'>附件{number}：夏季防汛责任分工表</a> 2024-05-06</p>" for number in range(1, 5))
    assert "附件4" in read(f"<h1>{TITLE}</h1><p>2024-05-06</p><div class='TRS_Editor'>{PARAGRAPHS}{files}</div>{FOOTER}").text


@pytest.mark.parametrize("rows", [5, 39, 200])
def test_what_stands_above_and_below_a_large_table_is_its_text_too(rows: int) -> None:
    table = "".join(f"<tr><td>{row}</td><td>临水市第{row}中学</td><td>合格</td></tr>" for row in range(rows))
    lead, end = "现将考核结果公布如下，请各单位核对。", "如有异议，请于三日内书面提出。"
    page = f"<div class='content'><h1>{TITLE}</h1><p>{lead}</p><table>{table}</table><p>{end}</p></div><div class='footer'>版权所有</div>"
    text = read(page).text
    assert text.startswith(lead)
    assert text.endswith(end)


def test_a_block_inside_a_text_is_not_all_of_it() -> None:
    inner = "".join(f"<p>第{row}项工作由责任单位按期完成并报送结果。</p>" for row in range(20))
    page = f"<div class='art'><p>各县（区）人民政府：</p><p>经研究，现将任务印发给你们。</p><div>{inner}</div><p>请认真做好落实工作。</p></div>"
    notice = read(page)
    assert notice.addressee == "各县（区）人民政府"
    assert notice.text.endswith("请认真做好落实工作。")
