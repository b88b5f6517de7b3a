"""The account as an HTML page: whole in itself, in both languages, and safe whatever the page explained holds."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from cleaners.records import Attachment, Evidence, Notice, Paragraph, Removal
from crawler.explain.account import Account, told_lines
from crawler.explain.document import draw, external
from crawler.explain.words import both, pair

NOTICE = Notice(
    title="关于植树的通知",
    paragraphs=(Paragraph("请于周五前完成。"),),
    uncleaned="【打印】\n请于周五前完成。",
    removals=(Removal("print", "print", (0, 0, 5), "【打印】\n"),),
    attachments=(Attachment("javascript:alert(1)", "名单"), Attachment("http://a.gov.example/b.pdf", "表")),
    evidence={"title": Evidence("关于植树的通知", "", "<h1>", "meta:ArticleTitle", (("植树", "list"),))},
    flags=("date_conflict",),
)


def drawn(notice: Notice = NOTICE) -> str:
    lines = told_lines(notice.uncleaned, notice.removals, notice.paragraphs)
    return draw([Account("a.html", "http://a.gov.example/a.html", notice, lines, {0: ("首页",), 2: ("版权所有",)})])


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_nothing_is_loaded_and_nothing_runs():
    tags = Tags(drawn()).found
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in tags}
    assert not [attributes for _, attributes in tags if {"src", "onclick", "style", "onload"} & set(attributes)]
    assert "url(" not in drawn()
    assert [attributes["href"] for tag, attributes in tags if tag == "a"] == ["http://a.gov.example/a.html", "http://a.gov.example/b.pdf"]


def test_what_was_removed_says_why_in_both_languages():
    page = drawn()
    assert '<del title="print">【打印】</del>' in page
    assert '<span class="zh">打印按钮</span><span class="en" lang="en">print button</span>' in page
    assert page.index("首页") < page.index("【打印】</del>") < page.index("请于周五前完成。") < page.index("版权所有")


def test_markup_of_the_page_explained_is_text():
    hostile = replace(NOTICE, title="<script>alert(1)</script>", uncleaned="<img src=x onerror=alert(1)>", removals=(), flags=("</style>",))
    page = drawn(hostile)
    assert "<script>" not in page
    assert "<img" not in page


def test_several_pages_make_one_document():
    page = draw([Account(name, "", NOTICE, told_lines(NOTICE.uncleaned, NOTICE.removals)) for name in ("a.html", "b.html")])
    assert page.count("<article>") == 2
    assert page.count("<!doctype html>") == 1


def test_only_web_addresses_are_links():
    assert external("https://a.gov.example/x") == "https://a.gov.example/x"
    assert external("javascript:alert(1)") == external("http://[") == external("file:///etc/passwd") == ""


def test_templates_and_terminal_use_only_words_that_exist():
    from importlib.resources import files

    folder = files("crawler.explain")
    source = "".join(folder.joinpath(name).read_text("utf-8") for name in ("templates/account.html", "terminal.py"))
    used = set(re.findall(r"""\bt\("([a-z_]+)"\)|\("ui", ["']([a-z_]+)["']\)""", source))
    keys = {a or b for a, b in used}
    assert len(keys) > 20
    assert [key for key in keys if pair("ui", key) == (key, key)] == []


@pytest.mark.parametrize(("group", "key", "said"), [("categories", "nav", "导航 navigation"), ("ui", "brand_new", "brand_new")])
def test_words_stand_in_both_languages_and_unknown_ones_for_themselves(group, key, said):
    assert both(group, key) == said
