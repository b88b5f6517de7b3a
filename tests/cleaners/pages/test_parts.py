"""Notices split over several pages: the further pages are found, and what is put together is one text with every removal in its place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Capture, clean
from cleaners.noise.boilerplate import clean_lines, restore
from cleaners.pages.parts import joined, part_urls
from cleaners.rules import default_rules
from cleaners.text import Line

FOLDER = "http://www.qinghe.gov.example/tz/202103/"
URL = f"{FOLDER}t20210305_12.html"


def names(text: str, url: str = URL) -> list[str]:
    return [address.rpartition("/")[2] for address in part_urls(text, url)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<script>createPageHTML(3,0,"t20210305_12","html");</script>', ["t20210305_12_1.html", "t20210305_12_2.html"]),
        ("createPageHTML('page_div', 3, 1, 't20210305_12', 'html', 40)", ["t20210305_12_2.html", "t20210305_12_3.html"]),
        ('<b>1</b> <a href="t20210305_12_2.html">2</a> <a href="t20210305_12_2.html">下一页</a>', ["t20210305_12_2.html"]),
        (
            '<a href=t20210305_12_2.html>[2]</a>…<a href="t20210305_12_4.html">尾页</a>',
            ["t20210305_12_2.html", "t20210305_12_3.html", "t20210305_12_4.html"],
        ),
        ('<a href="t20210305_12_1.html">1</a><a href="./t20210305_12_2.html"><span>2</span></a>', ["t20210305_12_2.html"]),
        ('<a href="http://www.qinghe.gov.example/tz/202103/t20210305_12-2.html">余下全文</a>', ["t20210305_12-2.html"]),
        ('<script>createPageHTML(1,0,"t20210305_12","html");</script>', []),
        ('<script>createPageHTML(30,0,"index","html");</script>', []),
        ('<a href="t20210305_12_2.html">第二版解读</a>', []),
        ('<a href="t20210305_13.html">下一页</a><a href="/other/t20210305_12_2.html">2</a>', []),
        ('<a href="http://other.example/tz/202103/t20210305_12_2.html">2</a>', []),
        ("", []),
    ],
)
def test_only_addresses_made_of_the_pages_own_are_its_parts(text, expected):
    assert names(text) == expected


def test_parts_by_query_keep_the_rest_of_it():
    pager = '<a href="?id=5&amp;page=2">2</a><a href="show.php?page=3&id=5">3</a><a href="show.php?id=6&page=2">2</a>'
    assert part_urls(pager, "http://a.gov.example/show.php?id=5") == (
        "http://a.gov.example/show.php?id=5&page=2",
        "http://a.gov.example/show.php?page=3&id=5",
    )


def test_hostile_addresses_are_no_trouble():
    assert part_urls('<a href="http://[x_2.html">2</a>' * 3, "http://[x") == ()
    assert len(names('<a href="t20210305_12_999.html">尾页</a>')) <= 100


def page(body: str, pager: str = "") -> bytes:
    return f"""<html><head><title>青禾市水利规划_青禾市</title></head><body><div class="nav"><a href="/">首页</a></div><h1>青禾市水利规划</h1>
<p>发布时间：2021-03-05 来源：青禾市水务局</p><div class="TRS_Editor"><p>青禾市水利规划</p>{body}</div>{pager}<div class="foot">主办：青禾市</div></body></html>""".encode()


FIRST = "<p>一、发展基础</p><p>全市累计完成水利投资，建成小型水库四座，成效明显。</p><p>【打印】</p>"
SECOND = "<p>二、总体目标</p><p>到规划期末，基本建成水安全保障体系，各项任务完成。</p><p>附件：<a href='b.pdf'>项目表.pdf</a></p><p>责任编辑：柳青</p>"
PAGER = '<p><b>1</b> <a href="t20210305_12_2.html">2</a></p>'


def read(*parts: bytes, body: str = FIRST):
    return clean(Capture("", URL, datetime(2021, 4, 1, tzinfo=UTC), 200, (), page(body, PAGER), parts=parts))


def test_a_part_that_was_not_read_is_named_and_flagged():
    notice = read()
    assert notice.parts == (f"{FOLDER}t20210305_12_2.html",)
    assert "split" in notice.flags
    assert "t20210305_12_2.html" in notice.evidence["split"].snippet


def test_parts_make_one_text_without_what_each_repeats():
    notice = read(page(SECOND))
    assert notice.text.split("\n") == [
        "一、发展基础", "全市累计完成水利投资，建成小型水库四座，成效明显。",
        "二、总体目标", "到规划期末，基本建成水安全保障体系，各项任务完成。", "附件：项目表.pdf",
    ]  # fmt: skip
    assert (notice.parts, "split" in notice.flags) == ((), False)
    assert [file.url for file in notice.attachments] == [f"{FOLDER}b.pdf"]
    assert [removal.text.strip() for removal in notice.removals].count("青禾市水利规划") == 2
    assert notice.editor == "柳青"
    assert restore(notice.text, notice.removals) == notice.uncleaned


def test_a_heading_both_parts_begin_with_is_removed_from_the_second_and_recorded():
    notice = read(page("<p>一、发展基础</p><p>继续推进各项建设，按时完成全部任务。</p>"))
    assert notice.text.count("一、发展基础") == 1
    assert "part_repeats" in {removal.rule for removal in notice.removals}
    assert restore(notice.text, notice.removals) == notice.uncleaned


def test_parts_that_stand_in_one_page_are_read_together():
    inside = "".join(
        f'<div id="manuscriptPage_{number}" style="display:{"block" if number == 1 else "none"}"><p>{text}</p></div>'
        for number, text in ((1, "第一部分的内容在这里，逐项说明。"), (2, "第二部分的内容在这里，逐项说明。"))
    )
    assert "第二部分的内容" in clean(Capture("", URL, datetime(2021, 4, 1, tzinfo=UTC), 200, (), page(inside))).text


def test_marks_where_editors_break_a_page_are_removed():
    notice = read(body="<p>第一部分的内容在这里，逐项说明。</p><p>#PAGE_BREAK#</p><p>第二部分的内容在这里，逐项说明。</p>")
    assert "PAGE_BREAK" not in notice.text
    assert "#PAGE_BREAK#" in {removal.text.strip() for removal in notice.removals}


LINES = st.lists(
    st.sampled_from(["正文一，内容完整。", "【打印】", "责任编辑：柳青", "青禾市水利规划", "五是", "1 2 3 下一页", "二、目标"]), max_size=6
)


@given(LINES, LINES, LINES)
def test_cleaned_texts_put_together_give_all_of_their_words_back(first, second, third):
    matcher = default_rules().matcher
    cleaned = [clean_lines([Line(text) for text in lines], matcher, title="青禾市水利规划") for lines in (first, second, third)]
    whole = joined(joined(*cleaned[:2]), cleaned[2])
    assert whole.uncleaned == "\n".join(one.uncleaned for one in cleaned if one.uncleaned)
    assert restore("\n".join(text for _, text in whole.lines), whole.removals) == whole.uncleaned


@given(
    st.lists(
        st.sampled_from(
            ["<a ", "href=", '"', "t20210305_12_2.html", "?page=2", ">", "2", "</a>", "createPageHTML(", "3,0,", "'t20210305_12'", ")"]
        ),
        max_size=40,
    )
)
def test_any_pager_is_read_to_its_end(pieces):
    for address in part_urls("".join(pieces), URL):
        assert address.startswith("http://www.qinghe.gov.example/")
