"""Strips: what a label is looked for in, read on the walk that reads the lines or on one of their own."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.labels import EDGE
from cleaners.markup import parse
from cleaners.strips import StripReader, read_strips
from cleaners.text import read_lines

PIECES = st.sampled_from(
    [*(f"<{tag}>" for tag in ("div", "p", "span", "b", "td", "tr", "table", "br", "li", "button", "script", "div hidden", "span style='display:none'", "svg")),
     *(f"</{tag}>" for tag in ("div", "p", "span", "b", "td", "tr", "table", "li", "button", "script", "svg")),
     "索引号：", "2031-05-07", "临水市", " ", "\n"]
)  # fmt: skip


def texts(markup: str) -> list[tuple[str, str]]:
    return [(strip.node.tag, strip.text) for strip in read_strips(parse(markup))]


def test_blocks_and_cells_part_strips_and_inline_elements_leave_an_edge() -> None:
    markup = "<body><table><tr><td>文号</td><td>临府〔2031〕2号</td></tr></table><p><span>来源</span><b>日报</b><br>正文</p></body>"
    assert texts(markup) == [
        ("td", "文号"),
        ("td", "临府〔2031〕2号"),
        ("p", f"来源{EDGE}{EDGE}日报"),
        ("p", "正文"),
    ]


def test_what_is_hidden_is_read_and_scripts_are_not() -> None:
    assert texts("<body><div style='display:none'>文号：甲</div><script>var a</script>乙</body>") == [("div", "文号：甲"), ("body", "乙")]


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30))
def test_the_walk_that_reads_the_lines_reads_the_same_strips(pieces: list[str]) -> None:
    root = parse(f"<body><div>{''.join(pieces)}</div></body>")
    reader = StripReader(root)
    read_lines(root, strips=reader)
    assert reader.finish() == read_strips(root)
