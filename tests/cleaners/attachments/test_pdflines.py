"""Lines of a page: which are one paragraph, and which gaps are spaces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaners.attachments.pdflines import Line, paragraphs, read_lines

FULL = "为加强农村饮水工程的建设和管理，保障供水水质和水量，现将有关"


def line(text: str, left: float = 60, y: float = 700, size: float = 16) -> Line:
    return Line(text, left, left + size * len(text), y, y + size, size)


def test_a_full_line_goes_on_in_the_next():
    lines = [line(FULL, 92, 700), line(FULL + "事项", 60, 670), line("通知如下。", 60, 640)]
    assert paragraphs(lines) == [FULL + FULL + "事项通知如下。"]


def test_an_indented_line_starts_a_paragraph():
    lines = [line(FULL, 92, 700), line(FULL + "事项", 60, 670), line(FULL, 92, 640)]
    assert paragraphs(lines) == [FULL + FULL + "事项", FULL]


def test_a_short_line_ends_one():
    lines = [line(FULL + "事项", 60, 700), line("临水市水务局", 60, 670), line("办公室", 60, 640)]
    assert paragraphs(lines) == [FULL + "事项临水市水务局", "办公室"]


def test_a_numbered_clause_starts_one():
    lines = [line(FULL + "事。", 60, 700), line("5.1.2 水质", 60, 670)]
    assert paragraphs(lines) == [FULL + "事。", "5.1.2 水质"]


def test_the_rest_of_a_clause_hangs_below_its_text():
    lines = [line("（一）" + FULL, 60, 700), line("部门的意见", 92, 670)]
    assert paragraphs(lines) == ["（一）" + FULL + "部门的意见"]


def test_a_table_of_contents_and_a_row_of_cells_stay_lines():
    contents = [line("1 范围" + "." * 30 + "1", 60, 700), line("2 术语" + "." * 30 + "3", 60, 670)]
    assert len(paragraphs(contents)) == 2
    row = Line("序号\t单位\t备注\t金额（万元）\t完成时间\t责任部门和联系人及其他事项", 60, 560, 700, 716, 16, cells=True)
    assert len(paragraphs([row, line(FULL, 60, 670)])) == 2


def test_another_size_is_another_paragraph():
    lines = [line(FULL[:25], 60, 700, 20), line(FULL + "事项", 60, 670)]
    assert len(paragraphs(lines)) == 2


def test_a_word_that_is_divided_is_joined_and_words_are_parted():
    lines = [line("the rules of the adminis\ufffe", 60, 700, 20), line("tration and of", 60, 670, 20)]
    assert paragraphs(lines) == ["the rules of the administration and of"]
    lines = [line("the rules of the provincial", 60, 700, 20), line("administration", 60, 670, 20)]
    assert paragraphs(lines) == ["the rules of the provincial administration"]


def boxes(widths: str, gap: float):
    """Characters 16 wide; where `widths` has a space, a gap."""
    places, x = [], 60.0
    for character in widths:
        wide = gap if character == " " else 16
        places.append((x, 700.0, x + wide, 716.0))
        x += wide
    return lambda index: places[index]


def test_a_gap_is_a_space_only_where_it_is_one():
    def read(gap: float, *, made_up: bool = True) -> str:
        return read_lines("中 华", boxes("中 华", gap), lambda _: made_up)[0].text

    assert read(8) == "中华"
    assert read(8, made_up=False) == "中 华"
    assert read(24) == "中 华"
    assert read(64) == "中\t华"


def test_what_stands_beside_each_other_is_one_line():
    text = "60 g/m\r\n2\r\n~80"
    at = {index: (60 + 6.0 * index, 700.0, 66 + 6.0 * index, 716.0) for index in range(6)}
    at |= {
        8: (96.0, 706.0, 102.0, 716.0),
        11: (102.0, 700.0, 108.0, 716.0),
        12: (108.0, 700.0, 114.0, 716.0),
        13: (114.0, 700.0, 120.0, 716.0),
    }
    assert [line.text for line in read_lines(text, at.get, lambda _: False)] == ["60 g/m2~80"]


@given(st.text(max_size=80), st.floats(-1000, 1000), st.booleans())
def test_no_character_is_lost_or_made_up(text, width, made_up):
    lines = read_lines(text, lambda index: (index * width, 0.0, (index + 1) * width, 16.0), lambda _: made_up)
    kept = "".join("".join(paragraphs(lines)).split())
    soft = str.maketrans("", "", "\u00ad\u0002\ufffe")
    assert kept.translate(soft) == "".join(text.split()).translate(soft)
