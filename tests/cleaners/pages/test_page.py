"""Tags -> lines: blocks break, inline tags never do, tables are read by row, what is hidden is not read."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.pages.markup import parse
from cleaners.pages.page import Page, read_lines
from cleaners.pages.tree import Tree

PIECES = st.sampled_from(
    [*(f"<{tag}>" for tag in ("div", "p", "span", "b", "td", "tr", "table", "br", "li", "button", "script", "div hidden", "span style='display:none'", "svg", "iframe")),
     *(f"</{tag}>" for tag in ("div", "p", "span", "b", "td", "tr", "table", "li", "button", "script", "svg", "iframe")),
     "索引号：", "2031-05-07", "临水市", "&amp;lt;", "&lt;b&gt;", "&#30;", " ", "\n"]
)  # fmt: skip


def page(body: str) -> Page:
    return read_lines(Tree(parse(f"<html><body>{body}</body></html>")))


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
    assert [(line.kind, line.cells) for line in lines] == [("row", ("姓名", "单位")), ("row", ("林树", "临水 一中")), ("row", ("", "合计"))]


def test_a_scaffold_table_is_not_data() -> None:
    assert texts("<table><tr><td>左</td><td><table><tr><td><p>甲</p><p>乙</p></td></tr></table></td></tr></table>") == ["左", "甲", "乙"]


def test_links_and_headings_are_noted() -> None:
    lines = page("<h2>标题</h2><p><a href=x>链接文字</a>外</p>").lines
    assert (lines[0].kind, lines[0].level, lines[1].links) == ("heading", 2, 4)


def test_superscripts_stay_in_their_line() -> None:
    assert texts("<p>面积120m<sup>2</sup>以上</p>") == ["面积120m2以上"]


def test_merged_cells_are_noted_and_tables_numbered() -> None:
    one = "<table><tr><td colspan=2>甲</td></tr><tr><td rowspan=2>乙</td><td>丙</td></tr><tr><td>丁</td><td>戊</td></tr></table>"
    lines = page(one + "<p>隔</p>" + one).lines
    rows = [line for line in lines if line.kind == "row"]
    assert [line.table for line in rows] == [1, 1, 1, 2, 2, 2]
    assert [line.merged for line in rows[:3]] == [((2, 1),), ((1, 2), (1, 1)), ()]


def test_lines_set_as_they_are_written() -> None:
    assert texts("<pre>第一行\n  第二行<b>粗</b>体\n\n第三行</pre><p>同一\n行</p>") == ["第一行", "第二行粗体", "第三行", "同一 行"]


def test_text_of_a_table_beside_its_cells_is_kept() -> None:
    rows = "<tr><td>甲局</td><td>2</td></tr>夹注<tr><td>乙局</td>旁注<td>1</td></tr>"
    lines = page(f"<table><caption>职数表</caption>{rows}</table>").lines
    assert {(line.kind, line.text) for line in lines} >= {("caption", "职数表"), ("row", "甲局\t2"), ("row", "乙局\t1")}
    assert {"夹注", "旁注"} <= {line.text for line in lines}


def test_headings_in_a_table_of_their_own_are_a_row() -> None:
    head = "<table><tr><th><div>单位</div></th><th><div>职数</div></th></tr></table>"
    lines = page(head + "<table><tr><td><div>甲局</div></td><td>2</td></tr><tr><td>乙局</td><td>1</td></tr></table>").lines
    assert [line.cells for line in lines] == [("单位", "职数"), ("甲局", "2"), ("乙局", "1")]


def test_what_the_xml_writer_escapes_is_read_back() -> None:
    assert texts('<p>3 &lt; 5 &amp;&amp; a&gt;b &amp;lt; "</p>') == ['3 < 5 && a>b &lt; "']


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_every_element_is_found_again_and_stands_in_its_lines(pieces: list[str]) -> None:
    tree = Tree(parse(f"<body><div>{''.join(pieces)}</div></body>"))
    read = read_lines(tree)
    elements = list(tree.root.iter())
    nodes = [node for node, kind in enumerate(tree.kinds) if kind.step >= 0]
    assert [element.tag for element in elements] == [tree.kinds[node].name for node in nodes]
    for node, element in zip(nodes, elements, strict=True):
        outer = element.getparent()
        assert tree.outer(node) == (-1 if outer is None else nodes[elements.index(outer)])
        assert [nodes[elements.index(child)] for child in element] == list(tree.children(node))
        assert tree.text_of(node) == "".join(element.itertext()).replace("\x1e", "\ufffd")
        first, last = read.range_of(node)
        assert 0 <= first <= last <= len(read.lines)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_all_text_shown_is_in_the_lines(pieces: list[str]) -> None:
    tree = Tree(parse(f"<body><div>{''.join(pieces)}</div></body>"))
    shown = "".join("".join(line.text.split()) for line in read_lines(tree, hidden=True).lines)
    unread = ("button", "iframe", "head", "title")
    for each in tree.root.xpath("//" + " | //".join(unread)):
        each.text = ""
        for inner in each.iterdescendants():
            inner.text = inner.tail = ""
    held = "".join(tree.root.itertext()).replace("\x1e", "\ufffd")
    assert shown == "".join(held.split())
