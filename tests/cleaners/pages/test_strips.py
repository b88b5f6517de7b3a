"""Strips: what a label is looked for in."""

from cleaners.pages.markup import parse
from cleaners.pages.strips import read_strips
from cleaners.pages.tree import Tree
from cleaners.stated.labels import EDGE


def texts(markup: str) -> list[tuple[str, str]]:
    tree = Tree(parse(markup))
    return [(tree.kinds[tree.around(strip.token)].name, strip.text) for strip in read_strips(tree)]


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
