"""What a page shows is read in one pass: hidden text is not shown, and no page makes the pass long."""

import re
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.records import Capture
from crawler.exchanges.challenge import classify
from crawler.exchanges.shown import read_shown


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>关于 植树&nbsp;的\n通知</p>", "关于植树的通知"),
        ("<script>if (a<b) x('<p>假</p>')</script>真", "真"),
        ("<STYLE>p{}</STYLE>真<!-- 假 > 假 -->的", "真的"),
        ("<noscript>请启用脚本</noscript><title>题</title>文", "文"),
        ("文<script>没有结束", "文"),
        ("文<!-- 没有结束", "文"),
        ("a < b，1<2", "a<b，1<2"),
        ("<scripture>文</scripture>", "文"),
        ("", ""),
    ],
)
def test_text(source, text):
    assert read_shown(source).text == text


def test_the_rest():
    shown = read_shown("<head><title> 通知 </title><script src=a></script></head><a href='/'><img src='b.png'></a>")
    assert (shown.title, shown.links, shown.embeds, shown.scripts) == ("通知", True, True, True)
    shown = read_shown("<script>document.write('<a href=x><img src=y>')</script>")
    assert (shown.links, shown.embeds, shown.scripts) == (False, False, True)


@given(
    st.text()
    | st.lists(st.sampled_from(["<", ">", "script", "</", "<!--", "-->", "title", " ", "x", "<script>", "</script>"])).map("".join)
)
def test_any_text_is_read(source):
    assert not re.search(r"\s", read_shown(source).text)


HOSTILE = ["<", "<script", "<script>", "<!--", "-->", "<title>", "<title", "<a ", "</", "<p", "&nbsp;", " ", "<div id='app'", '<meta id="aaaaaaaa" content="',
           "系统", "您的访问", "关于", "数据库", "at java", "<script></script>", "<style", "找不到", "\\u4e00", "验证", "<noscript><"]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_page_takes_time_in_proportion_to_its_length(unit):
    """Eight times the page may take eight times as long, not sixty-four; the event loop waits for it."""
    assert _seconds(unit, 131_072) < 24 * max(_seconds(unit, 16_384), 0.0005)


def _seconds(unit, size):
    body = b"<" + (unit * (size // len(unit.encode()))).encode()[: size - 1]
    capture = Capture("", "http://a.example/a/1.html", datetime(2026, 3, 1, tzinfo=UTC), 200, (("Content-Type", "text/html"),), body)
    return min(_once(capture) for _ in range(3))


def _once(capture):
    began = process_time()
    classify(capture)
    return process_time() - began
