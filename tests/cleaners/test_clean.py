"""The pipeline on pages: a notice's text and parts with their evidence, whatever the page looks like."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import Capture, Entry, Notice, Rules, clean
from cleaners.noise.boilerplate import restore
from cleaners.pages.layout import Layout
from cleaners.rules import default_rules

SHANGHAI = timezone(timedelta(hours=8))
TITLE = "关于做好汛期安全生产工作的通知"
BODY = "<p>各镇人民政府：</p><p>为做好汛期安全生产工作，经研究，现将有关事项通知如下。</p><p>临水市人民政府</p><p>2031年5月6日</p>"
TEXT = "各镇人民政府：\n为做好汛期安全生产工作，经研究，现将有关事项通知如下。\n临水市人民政府\n2031年5月6日"
NAV = "".join(f'<li><a href="/c{number}/">栏目名称{number}</a></li>' for number in range(8))
FOOT = "<div class=footer><p>主办单位：临水市人民政府办公室</p><p>临ICP备00000000号 网站标识码0000000000</p></div>"


def page(body: str, head: str = "", title: str = f"{TITLE}_临水市人民政府网站") -> str:
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body><ul class=nav>{NAV}</ul>{body}{FOOT}</body></html>"


def capture(markup: str, **fields: object) -> Capture:
    made = Capture(
        site="",
        url="https://www.linshui.gov.example/zwgk/a.html",
        captured_at=datetime(2031, 6, 1, tzinfo=UTC),
        status=200,
        headers=(),
        body=markup.encode(),
    )
    return replace(made, **fields)


def read(body: str, head: str = "", rules: Rules | None = None, **fields: object) -> Notice:
    return clean(capture(page(body, head), **fields), rules)


USUAL = f"<h1>{TITLE}</h1><div class=info>发布时间：2031-05-07 09:30 来源：临水市应急局 浏览次数：12 【字体：大 中 小】</div>"


@pytest.mark.parametrize(
    ("body", "reader"),
    [
        (f'{USUAL}<div class="TRS_Editor"><div class="TRS_Editor">{BODY}</div></div>', "layout:.TRS_Editor"),
        (f"{USUAL}<div id=zoom>{BODY}</div><div>上一篇：<a href=b.html>关于放假的通知</a></div>", "layout:#zoom"),
        (f"{USUAL}<font id=Zoom>{BODY}</font>", "layout:#Zoom"),
        (f"<div>{USUAL}<div class=whatever>{BODY}</div></div><div><a href=b.html>下一篇：关于放假的通知</a></div>", "density"),
        (f"<div><div>{USUAL}{BODY}<p>责任编辑：江河</p><p>打印本页 关闭窗口</p></div></div>", "density"),
        (f"<table><tr><td>{USUAL}</td></tr><tr><td>{BODY.replace('<p>', '').replace('</p>', '<br>')}</td></tr></table>", "density"),
        (f"<div>{USUAL}<div style='display:none'>{BODY}</div><div>{BODY}</div></div>", "density"),
    ],
    ids=["nested editors", "id", "font", "unknown", "noise inside", "table and breaks", "hidden copy"],
)
def test_the_text_is_found_and_nothing_else(body: str, reader: str) -> None:
    notice = read(body)
    assert notice.text == TEXT
    assert notice.reader == reader
    assert notice.title == TITLE
    assert notice.issued == datetime(2031, 5, 7, 9, 30, tzinfo=SHANGHAI)
    assert notice.source == "临水市应急局"
    assert restore(notice.text, notice.removals) == notice.uncleaned


def test_a_notice_of_one_sentence_is_a_notice() -> None:
    notice = read(f"{USUAL}<div class=box><p>经研究，五月十日停水一天。</p></div>")
    assert notice.text == "经研究，五月十日停水一天。"
    assert notice.flags == ()


def test_a_page_hidden_as_a_whole_is_read() -> None:
    assert read(f"<div style='display:none'>{BODY}</div>").text == TEXT


def test_a_sites_own_layout_is_believed_on_its_days() -> None:
    body = f"{USUAL}<div class=old><p>摘要一句。</p></div><div id=zoom>{BODY}</div>"
    rules = default_rules().with_layouts([Layout(date(2031, 6, 30), "div.old")])
    assert read(body, rules=rules).text == "摘要一句。"
    assert read(body, rules=rules, captured_at=datetime(2031, 7, 1, tzinfo=UTC)).text == TEXT


def test_meta_tags_are_believed_and_a_time_is_added_to_the_day() -> None:
    head = f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2031-05-07 08:00"><meta name="ContentSource" content="临水日报">'
    notice = read(f"<p>{TITLE}</p><p>发布日期：2031-05-07</p><div id=zoom>{BODY}</div>", head)
    assert (notice.title, notice.source) == (TITLE, "临水日报")
    assert notice.issued == datetime(2031, 5, 7, 8, 0, tzinfo=SHANGHAI)
    assert notice.evidence["title"].place == "meta"


def test_dates_that_disagree_are_flagged_and_all_kept() -> None:
    notice = read(f"{USUAL}<div id=zoom>{BODY}</div>", '<meta name="PubDate" content="2031-05-20 08:00">')
    assert "date_conflict" in notice.flags
    assert notice.issued == datetime(2031, 5, 7, 9, 30, tzinfo=SHANGHAI)
    assert any(place == "meta" for _, place in notice.evidence["issued"].candidates)


def test_the_date_of_the_list_is_used_where_the_page_has_none() -> None:
    entry = Entry("https://www.linshui.gov.example/zwgk/a.html", TITLE, date(2031, 5, 7))
    notice = read(f"<h1>{TITLE}</h1><div id=zoom><p>经研究，停水一天。</p></div>", entry=entry)
    assert notice.issued == date(2031, 5, 7)
    assert notice.evidence["issued"].place == "list"


def test_nothing_is_invented() -> None:
    notice = read("<div id=zoom><p>会议于5月6日召开，部署2030年工作，二〇二九年的任务已完成。</p></div>")
    assert (notice.issued, notice.source, notice.author, notice.speaker) == (None, None, None, None)


def test_a_fake_midnight_is_a_day() -> None:
    assert read(f"<h1>{TITLE}</h1><p>发布时间：2031-05-07 00:00:00</p><div id=zoom>{BODY}</div>").issued == date(2031, 5, 7)


def test_attachments_are_resolved_and_named() -> None:
    links = '<p><a href="../P0201.pdf">附件1：名单.pdf</a></p><p><a href="/module/download/downfile.jsp?filename=1">附件2</a></p><p><a href="x.html">别处</a></p>'
    notice = read(f"{USUAL}<div id=zoom>{BODY}{links}</div>")
    assert [(attachment.url, attachment.title) for attachment in notice.attachments] == [
        ("https://www.linshui.gov.example/P0201.pdf", "附件1：名单.pdf"),
        ("https://www.linshui.gov.example/module/download/downfile.jsp?filename=1", "附件2"),
    ]


def test_tables_keep_their_rows() -> None:
    table = "<table><tr><td>姓名</td><td>单位</td></tr><tr><td>林树</td><td>临水一中</td></tr></table>"
    notice = read(f"{USUAL}<div id=zoom>{BODY}{table}</div>")
    assert [paragraph.cells for paragraph in notice.paragraphs if paragraph.kind == "row"] == [("姓名", "单位"), ("林树", "临水一中")]


@pytest.mark.parametrize(
    ("markup", "flag"),
    [
        ("<html><body><div id=zoom><img src=a.jpg></div></body></html>", "image_only"),
        ('<html><body><h1>公示</h1><div id=zoom><p><a href="a.pdf">公示.pdf</a></p></div></body></html>', "attachment_only"),
        ("<html><head><title>提示</title></head><body><div><p>您访问的页面不存在或已被删除。</p></div></body></html>", "soft_404"),
        ("<html><head><meta id=x></head><body><script>$_ts=window['$_ts'];</script></body></html>", "challenge"),
        ("<html><body></body></html>", "empty_body"),
        ("", "empty_body"),
        (
            "<html><body><ul>"
            + "".join(f"<li><a href={number}.html>关于第{number}次会议的通知</a></li>" for number in range(20))
            + "</ul></body></html>",
            "listing",
        ),
        ("<html><body><p>xx年x月x日，某某同志在xx市出席会议，表彰xxx名先进个人和单位，并作了讲话。</p></body></html>", "template_document"),
    ],
)
def test_pages_that_are_no_plain_notice_say_so(markup: str, flag: str) -> None:
    assert flag in clean(capture(markup)).flags


def test_the_pictures_of_a_notice_that_is_nothing_else_are_its_files() -> None:
    scans = "<p><img src=a.jpg alt=第一页></p><p><img src=b.png></p>"
    alone = read(f"{USUAL}<div id=zoom>{scans}</div>")
    assert [(file.url.rsplit("/", 1)[1], file.title, file.media_type) for file in alone.files] == [
        ("a.jpg", "第一页", "image/jpeg"),
        ("b.png", "b.png", "image/png"),
    ]
    assert read(f"{USUAL}<div id=zoom>{BODY}{scans}</div>").files == ()


BEFORE = f"<div class=dqwz>当前位置：<a href=/>首页</a> &gt; 通知公告</div>{USUAL}"
BEHIND = "<div class=tools>打印本页 关闭窗口</div><div class=note><p>浏览建议：请使用较新的浏览器。</p><p>本站由值班人员每日维护，欢迎提出意见。</p></div>"


@pytest.mark.parametrize(
    ("inside", "flags"),
    [
        ("<p><img src=a.jpg></p>", ("empty_body", "image_only")),
        ("<style>p{margin:0}</style><iframe src=b.pdf></iframe>", ("attachment_only", "empty_body")),
        (
            '<p><a href="a.pdf">临水市年度工作要点和任务分工安排一览表以及附表说明材料汇编（修订后的最新版本）.pdf</a></p>',
            ("attachment_only",),
        ),
        (
            '<p>附件：<a href="a.pdf">1.临水市汛期安全生产检查任务分工表.pdf</a></p><p><a href="b.pdf">2.临水市汛期安全生产检查安排表.pdf</a></p>',
            ("attachment_only",),
        ),
    ],
    ids=["picture", "frame", "one file", "files"],
)
def test_a_body_without_words_of_its_own_is_left_so(inside: str, flags: tuple[str, ...]) -> None:
    notice = read(f"{BEFORE}<div class='view TRS_UEDITOR'><div class=TRS_Editor>{inside}</div></div>{BEHIND}")
    assert notice.flags == flags
    assert notice.reader.startswith("layout:")
    assert "浏览" not in notice.text


def test_a_picture_in_a_known_container_gives_way_to_a_text_beside_it() -> None:
    sentence = "经研究，五月十日起停水三天，请各单位提前储水，并做好值班和抢修的准备工作，有关情况及时报告。"
    notice = read(f"{USUAL}<div id=detail><img src=banner.jpg></div><div class=box><p>一、{sentence}</p><p>二、{sentence}</p></div>")
    assert notice.text == f"一、{sentence}\n二、{sentence}"


def test_a_page_whose_wrapper_is_called_page_is_read() -> None:
    links = '<p>附件：<a href="/uploads/a.pdf">名单.pdf</a></p><div class=related>相关文章：<p><a href=b.html>关于放假的通知</a></p></div>'
    notice = read(f"<div id=page>{USUAL}<div class=post>{BODY}</div>{links}</div>")
    assert notice.reader == "density"
    assert notice.text.startswith(TEXT)
    assert [attachment.title for attachment in notice.attachments] == ["名单.pdf"]


def test_related_titles_and_byline_go_where_the_fallback_reads_the_page() -> None:
    titles = "".join(f"<p><a href={number}.html>橋樑維修期間第{number}次車輛繞行</a></p>" for number in range(3))
    body = (
        "<div class=sidebar><h2>關於舉辦燈會的公告</h2><p>13.04.2031 16:03</p><div><p>定於四月二十日晚在河堤舉辦燈會，歡迎參加。</p>"
        f"<p>（作者：魯柘平）</p></div><div>相關文章：<a href=a.html>關於規範集市攤位的通知</a>{titles}</div></div>"
    )
    notice = clean(capture(f"<html><head><title>關於舉辦燈會的公告</title></head><body>{body}</body></html>"))
    assert (notice.reader, notice.text) == ("trafilatura", "定於四月二十日晚在河堤舉辦燈會，歡迎參加。")
    assert notice.author == "魯柘平"
    assert [removal.category for removal in notice.removals][-4:] == ["related"] * 4


def test_a_document_sharing_page_is_known_by_its_furniture() -> None:
    furniture = "<div class=head><p>本文档由用户上传，版权归属用户</p></div>{}<div class=more><p>已阅读4页，还剩10页未读</p><p>下载积分：7</p></div>"
    assert "doc_sharing_site" in read(furniture.format(f"<div id=doc><h1>{TITLE}</h1>{BODY}</div>")).flags
    assert "doc_sharing_site" not in read(f"<div id=zoom>{BODY}</div><div><a href=x>下载积分规则</a></div>").flags


def test_a_traditional_addressee_and_number_are_read_as_written() -> None:
    notice = read("<div id=zoom><p>澄醫保發[2031]2號</p><p>各縣人民政府，區直有關單位：</p><p>現將有關事項通知如下，請認真執行。</p></div>")
    assert (notice.document_number, notice.addressee) == ("澄醫保發〔2031〕2號", "各縣人民政府，區直有關單位")


def test_headings_are_what_has_something_below() -> None:
    lines = (
        "<h2>一、工作目标</h2><p>全年无事故。</p><p>二、工作安排</p><p>（一）排查隐患</p><p>五月底前完成。</p><h3>各单位要高度重视，及时整改，并按月报送情况。</h3>"
        "<p>联系方式</p><p>1.办公室：林树</p><p>2.值班室：江河</p><p>附件：1.任务清单</p><p>2.车辆绕行路线图</p><p>临水市人民政府</p>"
    )
    notice = read(f"{USUAL}<div id=zoom>{lines}</div>")
    assert [paragraph.text for paragraph in notice.paragraphs if paragraph.kind == "heading"] == [
        "一、工作目标",
        "二、工作安排",
        "（一）排查隐患",
    ]


def test_an_ordinary_notice_about_missing_things_is_no_soft_404() -> None:
    text = "<p>" + "经核查，部分企业申报材料中的附件内容不存在，请于五月十日前补正。" * 12 + "</p>"
    assert "soft_404" not in read(f"{USUAL}<div id=zoom>{text}</div>").flags


def test_canonical_address() -> None:
    assert read(BODY, '<link rel=canonical href="/zwgk/b.html">').canonical == "https://www.linshui.gov.example/zwgk/b.html"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise(body: bytes) -> None:
    notice = clean(Capture(site="", url="urn:x", captured_at=datetime(2031, 6, 1, tzinfo=UTC), status=200, headers=(), body=body))
    assert restore(notice.text, notice.removals) == notice.uncleaned


PIECES = st.sampled_from(
    [*(f"<{tag}>" for tag in ("div", "p", "table", "tr", "td", "span", "a href=a.pdf", "ul", "li", "h1", "br", "b", "script", "!--", "div id=zoom", "base href=//[")),
     *(f"</{tag}>" for tag in ("div", "p", "table", "tr", "td", "span", "a", "ul", "li", "h1", "b", "script")),
     "经研究，停水一天。", "发布时间：2031-05-07", "一、", "来源：", "&nbsp;", "&#0;", "\ud800", "相关链接", TITLE, "\x0b", "<", ">"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_no_markup_raises_and_cleaning_twice_changes_nothing(pieces: list[str]) -> None:
    notice = clean(capture("", body="".join(pieces).encode("utf-8", "surrogatepass")))
    assert restore(notice.text, notice.removals) == notice.uncleaned
    again = clean(capture("", body=notice.text.encode()))
    assert again.text == notice.text or "<" in notice.text


def test_the_same_whatever_the_hash_seed() -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests/cleaners'); import test_clean as t;"
        "print(repr(t.read(t.USUAL + '<div id=zoom>' + t.BODY + '</div>')), t.default_rules().fingerprint)"
    )
    root = Path(__file__).parents[2]
    given = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=root, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert given[0] == given[1]
