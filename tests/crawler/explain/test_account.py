"""Every line of a page is accounted for: kept, removed with its reason, or outside the text."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from cleaners.records import Capture, Paragraph, Removal
from cleaners.rules import default_rules
from crawler.explain.account import account_for, is_file, outside, page_lines, told_lines

PAGE = """<html><head><title>关于春季植树的通知</title></head><body><div class="nav"><a href="/">首页</a></div>
<p>当前位置：首页</p><h1>关于春季植树的通知</h1><p>发布时间：2031-03-05 来源：青禾市林业局</p>
<div class="TRS_Editor"><p>【打印】</p><p>各科室：</p><p>一、总体要求</p><p>请于3月12日前完成植树任务，逐项记录结果。联系电话：0999-5550123。</p>
<p>青禾市林业局</p><p>2031年3月4日</p><p>扫一扫在手机打开当前页</p></div><div style="display:none">分享到朋友圈</div>
<div class="foot">主办：青禾市林业局</div></body></html>"""


def account(page: str = PAGE, name: str = "a.html"):
    capture = Capture("", "http://lyj.qinghe.gov.example/a.html", datetime(2031, 3, 6, tzinfo=UTC), 200, (), page.encode())
    return account_for(capture, default_rules(), name)


def test_a_page_is_told_to_its_last_line():
    told = account()
    kept = [line.kept for line in told.lines if line.kept]
    removed = {removal.text.strip(): removal.category for line in told.lines for removal in line.removals}
    around = [text for lines in told.outside.values() for text in lines]
    assert kept[:2] == ["各科室：", "一、总体要求"]
    assert removed == {"【打印】": "print", "扫一扫在手机打开当前页": "qr"}
    assert {"首页", "当前位置：首页", "关于春季植树的通知", "主办：青禾市林业局"} <= set(around)
    assert told.hidden == ("分享到朋友圈",)
    everything = Counter([*(line.kept for line in told.lines), *(t.strip() for t in removed), *around, *told.hidden])
    del everything[""]
    shown, hidden = page_lines(PAGE)
    assert everything == Counter([*shown, *hidden])


def test_fields_dates_and_spans_come_with_what_they_were_read_from():
    told = account()
    assert {one.name: one.value for one in told.fields}["source"] == "青禾市林业局"
    issued = next(one for one in told.dates if one.name == "issued")
    assert issued.value == "2031-03-05"
    assert "2031-03-05" in issued.evidence.snippet
    assert ("phone", "0999-5550123", 3) in told.spans
    assert told.encoding.value == "utf-8"
    assert told.page_class == "notice"


def test_a_heading_is_told_as_one():
    assert next(line for line in account().lines if line.kept == "一、总体要求").kind == "heading"


def test_a_page_without_a_text_stands_outside_as_a_whole():
    told = account("<html><body><p>首页</p></body></html>")
    assert sum(told.outside.values(), ()) == ("首页",) or [line.kept or line.removals[0].text for line in told.lines] == ["首页"]


def test_removals_inside_a_line_leave_its_other_pieces():
    removal = Removal("r", "print", (0, 2, 6), "【打印】")
    (line,) = told_lines("正文【打印】继续", [removal], [Paragraph("正文继续")])
    assert [(piece.text, piece.removal) for piece in line.pieces] == [("正文", None), ("【打印】", removal), ("继续", None)]


def test_a_line_break_taken_away_is_told():
    removal = Removal("broken_paragraph", "broken_paragraph", (0, 2, 3), "\n")
    first, second = told_lines("一、\n总体要求", [removal], [Paragraph("一、总体要求", "heading", 1)])
    assert first.removals == (removal,)
    assert (first.kind, second.kind) == ("heading", "heading")


def test_the_text_is_found_where_it_stands_and_not_where_a_link_repeats_its_first_line():
    page = ["通知", "首页", "通知", "正文一。", "正文二。", "版权所有"]
    assert outside(page, ["通知", "正文一。", "正文二。"]) == {0: ("通知", "首页"), 3: ("版权所有",)}


def test_lines_left_out_of_the_midst_keep_their_place():
    assert outside(["甲", "广告", "乙"], ["甲", "乙"]) == {1: ("广告",)}


def test_a_text_in_lines_of_its_own_is_not_called_outside():
    assert outside(["首页", "甲乙丙。", "丁戊己。"], ["甲乙丙。丁戊己。"]) == {0: ("首页",)}


@given(st.lists(st.sampled_from("甲乙丙丁")), st.data())
def test_what_is_outside_and_the_text_make_up_the_page(page, data):
    chosen = data.draw(st.lists(st.booleans(), min_size=len(page), max_size=len(page)))
    body = [line for line, own in zip(page, chosen, strict=True) if own]
    around = Counter(line for lines in outside(page, body).values() for line in lines)
    assert around + Counter(body) >= Counter(page)
    assert not around - Counter(page)


@given(st.text(alphabet="甲乙\n", max_size=30), st.data())
def test_pieces_in_order_are_the_whole_text(text, data):
    removals = []
    for number, line in enumerate(text.split("\n")):
        start = data.draw(st.integers(0, len(line)))
        end = data.draw(st.integers(start, len(line)))
        if end > start:
            removals.append(Removal("r", "c", (number, start, end), line[start:end]))
    told = told_lines(text, removals)
    assert "\n".join("".join(piece.text for piece in line.pieces) for line in told) == text


def test_files_and_pages_are_told_apart_by_their_bytes():
    assert is_file(b"%PDF-1.4", "x.html")
    assert is_file(b"a,b\n1,2\n", "x.csv")
    assert not is_file(PAGE.encode(), "x.html")
    assert not is_file("关于春季植树的通知".encode(), "x.txt")
