"""The account in a terminal: readable without colour and in narrow ones, and nothing of a page is a command."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from cleaners.attachments import FileText
from cleaners.records import Attachment, Evidence, Notice, Paragraph, Picture, Removal, Span
from crawler.explain.account import Account, notice_of, told_lines
from crawler.explain.terminal import show, visible

NOTICE = Notice(
    title="关于植树的通知",
    paragraphs=(Paragraph("请于周五前完成。电话0999-5550123。"),),
    uncleaned="【打印】\n请于周五前完成。电话0999-5550123。（编辑：柳青）",
    removals=(Removal("print", "print", (0, 0, 5), "【打印】\n"), Removal("editor.inline", "editor", (1, 23, 30), "（编辑：柳青）")),
    attachments=(Attachment("", "任务表.doc"), Attachment("http://a.gov.example/b.pdf", "名单")),
    images=(Picture("http://a.gov.example/c.png", "植树现场", 1),),
    parts=("http://a.gov.example/t_2.html",),
    spans=(Span("phone", 0, 10, 22),),
    flags=("date_conflict",),
    evidence={
        "title": Evidence("关于植树的通知", "", "<h1>关于植树的通知</h1>", "meta:ArticleTitle", (("关于植树", "list"),)),
        "date_conflict": Evidence("date_conflict", "", "2031-01-01", "flag"),
    },
    reader="layout:.TRS_Editor",
)


def account(notice: Notice = NOTICE, **fields) -> Account:
    lines = told_lines(notice.uncleaned, notice.removals, notice.paragraphs)
    return Account("a.html", "http://a.gov.example/a.html", notice, lines, **{"outside": {0: ("首页", "当前位置")}, **fields})


def shown(account: Account, width: int = 80, **options) -> str:
    out = io.StringIO()
    show(account, Console(file=out, width=width, **options))
    return out.getvalue()


def test_removed_lines_say_why_in_both_languages_without_colour():
    text = shown(account())
    assert "- 【打印】  ← 打印按钮 print button (print)" in text
    assert "请于周五前完成。电话0999-5550123。[-（编辑：柳青）-]" in text
    assert "编辑署名 editor's line (editor.inline)" in " ".join(text.split())
    assert "\x1b" not in text


def test_everything_a_notice_says_is_shown():
    text = shown(account(), width=200)
    for said in (
        "· 首页", "版式规则 layout rule .TRS_Editor", "网页元数据 page metadata ArticleTitle", "关于植树 (列表页 listing page)",
        "date_conflict", "2031-01-01", "任务表.doc 链接无效 its link leads nowhere", "http://a.gov.example/b.pdf", "植树现场",
        "http://a.gov.example/t_2.html", "电话 telephone: 0999-5550123",
    ):  # fmt: skip
        assert said in text, said


@pytest.mark.parametrize("width", [20, 40])
def test_narrow_terminals_break_lines_and_lose_none(width):
    text = shown(account(), width=width)
    assert "请于周五前完成" in "".join(text.split())
    assert "editor.inline" in "".join(text.split())


def test_colour_strikes_what_was_removed():
    text = shown(account(), color_system="standard", force_terminal=True, legacy_windows=False)
    assert "\x1b[2;9;31m【打印】" in text


def test_a_page_cannot_speak_to_the_terminal():
    hostile = replace(NOTICE, title="\x1b]0;gone\x07标题\u202e\x9b", uncleaned="\x1b[2J正文", removals=(), paragraphs=(Paragraph("x"),))
    text = shown(account(hostile, hidden=("\x1b[1m",), outside={0: ("\x1b[5m",)}))
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(text)
    assert visible("\x1b\u202e") == "␛<U+202E>"


def test_long_runs_outside_the_text_are_folded_unless_all_is_asked_for():
    long = account(outside={0: tuple(f"链接{number}" for number in range(40))})
    assert "… 34 行 lines …" in shown(long)
    assert "链接20" not in shown(long)


def test_a_file_tells_what_could_not_be_read_of_it():
    file = FileText("第一页。", 2, "application/pdf", ("scanned",), "One page is a picture.", (FileText(name="inner.doc", size=7),))
    text = shown(Account("a.pdf", "", notice_of(file), told_lines(file.text, ()), file=file), width=120)
    for said in ("附件文件 attached file application/pdf", "One page is a picture.", "inner.doc 7", "页面是扫描图片", "第一页。"):
        assert said in text, said
