"""Tables as grids: what spans several rows or columns stands in each place it covers."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from cleaners import Capture, Paragraph, clean
from cleaners.grids import grid

SPANS = st.tuples(st.integers(1, 4), st.integers(1, 4))
ROWS = st.lists(st.lists(st.tuples(st.text("甲乙丙", max_size=2), SPANS), max_size=5), max_size=6)


def test_cells_that_span_stand_in_every_place() -> None:
    rows = (
        "<tr><td rowspan=2>县区</td><td colspan=2>名额</td></tr><tr><td>男</td><td>女</td></tr>"
        "<tr><td>北岸</td><td>3</td><td>4</td></tr><tr><td>合计</td><td colspan=2>7</td></tr>"
    )
    page = f"<div class='TRS_Editor'><p>现将名额分配如下，请遵照执行。</p><table>{rows}</table></div>"
    capture = Capture("", "https://www.linshui.gov.example/t1.html", datetime(2031, 6, 1, tzinfo=UTC), 200, (), page.encode())
    assert clean(capture).tables == ((("县区", "名额", "名额"), ("县区", "男", "女"), ("北岸", "3", "4"), ("合计", "7", "7")),)


@given(ROWS)
def test_every_cell_stands_in_its_row_and_all_rows_are_as_wide(rows: list[list[tuple[str, tuple[int, int]]]]) -> None:
    paragraphs = [Paragraph("", "row", 0, tuple(text for text, _ in row), 1, tuple(span for _, span in row)) for row in rows]
    laid = grid(paragraphs)
    assert len(laid) == len(rows)
    assert len({len(row) for row in laid}) <= 1
    assert all(set(paragraph.cells) <= set(row) for paragraph, row in zip(paragraphs, laid, strict=True))
