"""Lines of text: white space, ordinals, plain text."""

from cleaners.text import Line, collapse, flat_lines, heading_level, is_lone_ordinal


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
