"""Node -> lines: blocks break, inline tags never do, tables are read by row, what is hidden is not read."""

from lxml import html

from cleaners.text import Line, Page, collapse, flat_lines, heading_level, is_lone_ordinal, read_lines


def page(body: str) -> Page:
    return read_lines(html.document_fromstring(f"<html><body>{body}</body></html>"))


def texts(body: str) -> list[str]:
    return [line.text for line in page(body).lines]


def test_inline_tags_never_break_a_line() -> None:
    assert texts("<p>定于<span>2031</span>年<b>5</b>月<font>6</font>日<a href=x>召开</a>。</p>") == ["定于2031年5月6日召开。"]


def test_text_directly_in_blocks_and_breaks() -> None:
    assert texts("<div>第一段<br>第二段<br/><br/>第三段<div>第四段</div>第五段</div>") == ["第一段", "第二段", "第三段", "第四段", "第五段"]


def test_text_after_what_is_skipped_or_hidden_stays() -> None:
    assert texts("<p>甲<script>var a;</script>乙<span style='display:none'>丙</span>丁<i class='hide'>戊</i>己</p>") == ["甲乙丁己"]


def test_an_inline_element_that_holds_blocks_is_one() -> None:
    assert texts("<font id=Zoom><p>甲</p><p>乙</p></font>") == ["甲", "乙"]


def test_a_data_table_is_read_by_row() -> None:
    lines = page(
        "<table><tr><th>姓名</th><th>单位</th></tr><tr><td><p>林树</p></td><td>临水<br>一中</td></tr><tr><td></td><td>合计</td></tr></table>"
    ).lines
    assert [(line.kind, line.cells) for line in lines] == [("row", ("姓名", "单位")), ("row", ("林树", "临水 一中")), ("row", ("合计",))]


def test_a_scaffold_table_is_not_data() -> None:
    assert texts("<table><tr><td>左</td><td><table><tr><td><p>甲</p><p>乙</p></td></tr></table></td></tr></table>") == ["左", "甲", "乙"]


def test_links_and_headings_are_noted() -> None:
    lines = page("<h2>标题</h2><p><a href=x>链接文字</a>外</p>").lines
    assert (lines[0].kind, lines[0].level, lines[1].links) == ("heading", 2, 4)


def test_superscripts_stay_in_their_line() -> None:
    assert texts("<p>面积120m<sup>2</sup>以上</p>") == ["面积120m2以上"]


def test_white_space_is_collapsed_and_nothing_else_touched() -> None:
    assert collapse("\u3000\u3000关于,\xa0\xa0(试行)\u200b的 通知\n") == "关于, (试行)的 通知"


def test_headings_by_their_ordinal() -> None:
    assert [
        heading_level(text)
        for text in ("一、总体要求", "（二）工作目标", "3.具体措施", "（4）时间安排", "第一章 总则", "一、各单位要高度重视。")
    ] == [1, 2, 3, 4, 1, 0]


def test_lone_ordinals() -> None:
    assert all(map(is_lone_ordinal, ("五是", "一、", "（一）", "1.", "(2)", "第三条")))
    assert not any(map(is_lone_ordinal, ("五是加强", "2031", "1.5", "一、总体要求")))


def test_flat_rows_keep_their_cells() -> None:
    assert list(flat_lines("甲\t乙\n\n  丙  丁 ")) == [Line("甲\t乙", "row", 0, ("甲", "乙")), Line("丙 丁")]
