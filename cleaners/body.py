"""The node that holds the text: by what is known of the site or its CMS, then by density, then by trafilatura.

Chinese notices are often one sentence long, so there is no minimum length anywhere; what decides is how much of the text of
a page, weighed by sentence punctuation and with links counted out, stands inside one element.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from cleaners.attached import is_file_address
from cleaners.layout import Layout
from cleaners.page import Page
from cleaners.tags import BLOCKS, href_of
from cleaners.text import Line

SENTENCE = re.compile(r"[。；！？]")
FOOTER = re.compile(
    r"ICP备|公网安备|版权所有|网站标识码|(?:主办|承办|技术支持|维护)(?:单位)?[:：]|Copyright|©|建议使用.{0,20}浏览器|分辨率|网站地图|联系我们"
    r"|(?:链接|您)即将离开|不得转载",
    re.IGNORECASE,
)
INFO = re.compile(
    r"(?:发布|发表|更新|信息|录入)(?:时间|日期)|(?:来源|作者|时间|日期|字号|字体)\s?[:：]|浏览(?:次数|量)|点击(?:数|量|次数)|当前位置|您的位置|打印本页"
)
AFTER = re.compile(
    r"[【\[>]{0,2}\s{0,2}(?:上一篇|下一篇|上一条|下一条|相关(?:文章|链接|新闻|阅读|信息|文件|稿件|解读)|关联(?:稿件|文件)|友情链接)"
)
_AFTER_BEGINS = frozenset("【[> 上下相关友")
SIGNED = re.compile(
    r"(?:19|20)\d{2} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日"
    r"|[二〇○零OＯ一九]{2}[二〇○零OＯ一九三四五六七八]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
ATTACHED = re.compile(r"附件")
LIKELY = re.compile(
    r"content|article|zoom|text|body|detail|news|editor|view|zhengwen|neirong|wenzhang"
    r"|(?:^|[\s_-])(?:con|nr|zw|wz|xl|main|info|art|bt)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
CONTAINERS = BLOCKS - {"p", "tr", "li", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr"} | {"span", "font"}
DOMINANT = 0.72
"""Of the weight of a container: a child that holds as much is where the text is."""
STANDS = 0.55
STANDS_INSIDE = 0.4
"""Of the weight found by density: a family's container that holds as much is believed (or inside it)."""
LONGEST_INFO = 120
"""Characters of a line that gives date, source and clicks and not text."""
MANY_LINKS = 6
PROSE = 0.7
"""Of its length: a line that weighs more is running text."""
UNSURE = 12.0
"""Weight under which nothing is found by density."""
TOOL = re.compile(
    r"[(（【\[]?(?:(?:责任编辑|责编|编辑|网站编辑|校对|供稿|撰稿)[:：/丨]|扫一扫|(?:我要)?打印|关闭(?:窗口|本页|页面|$|[】\])])|分享(?:到|至)[:：]?)"
)
"""How lines begin that stand behind a text: who edited it, the tools of a page."""
LONGEST_TOOL = 40
DATE_BEHIND = re.compile(r"[\s(\[（【]{0,3}(?:(?:19|20)?\d{2}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[)\]）】]?$")
TITLE_OF_OTHER = re.compile(r"[\u4e00-\u9fff]{6}")
LINKS_BEHIND = 3
"""Lines that are links to other pages, with which what stands behind a text begins."""
COPY = 0.02
"""Share of its weight that a line keeps which says what one above it says, so that one copy of a text is found and not what holds both."""
LEAST_COPY = 12
"""Characters of the shortest line taken for a copy of another."""
BESIDE = 60.0
"""Weight (some two sentences) from which a text is believed although a family's container holds pictures or files only."""


@dataclass(frozen=True, slots=True)
class Body:
    """Where a page's text is: in lines first to last (exclusive).

    `reader` says which way they were found, `drop` what the family that was recognised leaves out, `own` that a site's own
    layout names the element, which is then believed to the line. `agreement` (0..1) is the share of weight that what the layout
    and what density found have in common; `others` are the readers that lost, with the element each would have read.
    """

    node: int
    first: int
    last: int
    reader: str
    drop: tuple[str, ...] = ()
    own: bool = False
    agreement: float = 0.0
    others: tuple[tuple[str, str], ...] = ()


def weigh(line: Line) -> float:
    """Say how much a line looks like running text: characters outside links, sentences counting most, footers nothing."""
    length = len(line.text) - line.links
    if length <= 0:
        return 0.0
    if line.links * 2 > len(line.text):
        return 0.1 * length
    if length < LONGEST_INFO and (FOOTER.search(line.text) or (line.text[-1] != "。" and INFO.search(line.text))):
        return 0.0
    if SENTENCE.search(line.text):
        weight = float(length)
    elif line.kind == "row":
        weight = 0.8 * length
    else:
        weight = length * (0.6 if length > 30 else 0.3)
    return weight * (0.05 if line.seldom else 1.0)


class Weights:
    """The weight of any run of lines of a page, from sums made once; `each` is that of a line wherever it stands, by its text."""

    def __init__(self, page: Page, title: str) -> None:
        self.page = page
        start = self._title_line(title)
        copies = _copies(page.lines, start)
        own = [weigh(line) for line in page.lines]
        self.stop = _stop(page, own, start)
        shares = (0.3 if index < start else COPY if index in copies else 1.0 if index < self.stop else 0.2 for index in range(len(own)))
        self.sums = [0.0, *accumulate(share * weight for share, weight in zip(shares, own, strict=True))]
        self.each = dict(zip((line.text for line in page.lines), own, strict=True))

    def share(self, lines: Iterable[Line]) -> float:
        """Give the share (0..1) of the page's weight that lines hold, each counted once however often it stands there."""
        whole = sum(self.each.values())
        return min(1.0, sum(self.each.get(text, 0.0) for text in {line.text for line in lines}) / whole) if whole else 0.0

    def prose(self, lines: Iterable[Line] | None = None) -> int:
        """Count the characters of running text in lines, or in the page, each line once."""
        texts = self.each if lines is None else {line.text for line in lines}
        return sum(len(text) for text in texts if self.each.get(text, 0.0) > PROSE * len(text))

    def _title_line(self, title: str) -> int:
        if not title:
            return 0
        lines = self.page.lines
        return next((index for index, line in enumerate(lines) if line.kind != "row" and not line.links and line.text == title), 0)

    def of(self, node: int) -> float:
        """Give the weight of an element; 0 for one that was not read."""
        return self.between(*self.page.range_of(node))

    def between(self, first: int, last: int) -> float:
        """Give the weight of lines first to last (exclusive)."""
        return self.sums[last] - self.sums[first] if first < last else 0.0


def _copies(lines: Sequence[Line], start: int) -> frozenset[int]:
    """Give the lines from `start` on that say what one above them says: a copy for the telephone, a summary to share."""
    copies: set[int] = set()
    seen: set[str] = set()
    for index in range(start, len(lines)):
        line = lines[index]
        if len(line.text) < LEAST_COPY or line.kind == "row":
            continue
        if line.text in seen:
            copies.add(index)
        seen.add(line.text)
    return frozenset(copies)


def _stop(page: Page, own: Sequence[float], start: int) -> int:
    """Give the first line behind a text: of other documents, or its editor, the tools of a page, a run of links to other pages.

    The last three are only believed where a text stands before them and no more prose than that behind them.
    """
    before, after = 0.0, sum(own[start:])
    for index in range(start, len(own)):
        if index > start and _ends_text(page.lines[index]):
            return index
        if before >= UNSURE and (after <= before or after < BESIDE) and _is_tool(page.lines[index]):
            return index
        if UNSURE <= before >= 3 * after and _begins_links(page, index):
            return index
        before, after = before + own[index], after - own[index]
    return len(own)


def _ends_text(line: Line) -> bool:
    return len(line.text) < 80 and line.text[0] in _AFTER_BEGINS and AFTER.match(line.text) is not None


def _is_tool(line: Line) -> bool:
    return len(line.text) < LONGEST_TOOL and TOOL.match(line.text) is not None


def _begins_links(page: Page, index: int) -> bool:
    """Say whether several lines begin here that are links to other pages, not to files, as long as titles are."""
    stop = index + LINKS_BEHIND
    if stop > len(page.lines) or not all(_is_link(line) for line in page.lines[index:stop]):
        return False
    anchors = page.anchors[bisect_left(page.anchors, (index, -1)) : bisect_left(page.anchors, (stop, -1))]
    return not any(_is_file(page, anchor) for _, anchor in anchors)


def _is_link(line: Line) -> bool:
    length = len(DATE_BEHIND.sub("", line.text))
    return line.links * 2 > length and TITLE_OF_OTHER.search(line.text) is not None


def find_body(weights: Weights, layouts: Sequence[Layout]) -> Body | None:
    """Find the element that holds the text, or None when nothing looks like one; see the module for the order."""
    page = weights.page
    for layout in layouts:
        if not layout.family and (node := _largest(matches_of(layout.body, page), page, weights)) is not None:
            return replace(_body(page, node, f"layout:{layout.body}"), own=True, agreement=1.0)
    dense = densest(page, weights)
    families = {layout: found for layout in layouts if layout.family and (found := matches_of(layout.body, page))}
    known = _largest(set().union(*families.values()), page, weights)
    if known is None:
        return None if weights.of(dense) < UNSURE else _dense_body(dense, weights)
    agreement = _agreement(known, dense, weights)
    if _is_known(page, known, dense, weights):
        others = (("density", _name(page, dense)),)
        return replace(_known_body(page, known, families), agreement=agreement, others=others)
    if weights.of(dense) < UNSURE:
        return None
    return replace(_dense_body(dense, weights), agreement=agreement, others=(("layout", _name(page, known)),))


def _is_known(page: Page, known: int, dense: int, weights: Weights) -> bool:
    """Say whether the element a family's layout names is believed beside the densest one."""
    if _stands(known, dense, weights) and not _wraps(page, known, dense, weights):
        return True
    return weights.of(dense) < (BESIDE if _is_enclosure(known, page) else UNSURE)


def _agreement(known: int, dense: int, weights: Weights) -> float:
    """Give the weight two elements share, as a share of what they hold together."""
    (first, last), (other_first, other_last) = weights.page.range_of(known), weights.page.range_of(dense)
    shared = weights.between(max(first, other_first), min(last, other_last))
    together = weights.of(known) + weights.of(dense) - shared
    return shared / together if together else 0.0


def _is_enclosure(node: int, page: Page) -> bool:
    """Say whether an element holds pictures, players, frames or files to load down, and no words beside their names."""
    first, last = page.range_of(node)
    if any(line.links * 2 <= len(line.text) and not ATTACHED.match(line.text) for line in page.lines[first:last]):
        return False
    inside = page.tree.inside(node)
    return any(each in inside for each in page.media) or any(each in inside and _is_file(page, each) for _, each in page.anchors)


def _is_file(page: Page, anchor: int) -> bool:
    href = href_of(page.tree.tags[anchor])
    return is_file_address(href) or href[:10].lower() == "javascript"


def is_empty_by_right(page: Page, body: Body) -> bool:
    """Say whether a body that has no lines is all there is: its element is known, and pictures or players are what it holds."""
    return body.reader.startswith("layout:") and _is_enclosure(body.node, page)


def _known_body(page: Page, node: int, families: Mapping[Layout, Container[int]]) -> Body:
    """Give the body a family's layout found, with what that family leaves out."""
    drop = (css for layout, found in families.items() if node in found for css in layout.drop)
    first, last = page.range_of(node)
    return Body(node, first, last, f"layout:{_name(page, node)}", tuple(drop))


def own_lines(page: Page, body: Body) -> tuple[int, ...]:
    """Give the places of a body's lines without what its family leaves out, and with those below that belong to it."""
    left_out = {index for css in body.drop for node in page.tree.select(css, body.node) for index in range(*page.range_of(node))}
    first, last = (body.first, body.last) if body.own else (body.first, _end(page, body))
    if body.reader == "density":
        first, last = _trim(page, first, last)
    return tuple(index for index in range(first, last) if index not in left_out)


def _trim(page: Page, first: int, last: int) -> tuple[int, int]:
    """Leave out navigation at both ends: lines that are links to pages, and what stands in parts that are seldom text."""
    files = {line for line, anchor in page.anchors if first <= line < last and _is_file(page, anchor)}
    noise = [line.seldom or line.links * 2 > len(line.text) for line in page.lines[first:last]]
    if all(noise):
        return first, last
    while noise[0] and first not in files:
        first, noise = first + 1, noise[1:]
    while noise[-1] and last - 1 not in files:
        last, noise = last - 1, noise[:-1]
    return first, last


def _end(page: Page, body: Body) -> int:
    """Give the end of a body with what stands just below and belongs to it: signature and date, and the files attached."""
    last = body.last
    for index in range(body.last, min(body.last + 4, len(page.lines))):
        line = page.lines[index]
        if SIGNED.fullmatch(line.text):
            last = index + 1
            break
        if line.links or line.seldom or len(line.text) > 40 or AFTER.match(line.text) or FOOTER.search(line.text):
            break
    while last < len(page.lines) and last > body.last and ATTACHED.match(page.lines[last].text):
        last += 1
    return last


def _stands(known: int, dense: int, weights: Weights) -> bool:
    (first, last), (outer_first, outer_last) = weights.page.range_of(known), weights.page.range_of(dense)
    share = STANDS_INSIDE if outer_first <= first <= last <= outer_last else STANDS
    return weights.of(known) >= share * weights.of(dense)


def _wraps(page: Page, known: int, dense: int, weights: Weights) -> bool:
    """Say whether a family's container holds, beside the dense one inside it, mostly links to other pages."""
    if dense == known:
        return False
    (first, last), (inner_first, inner_last) = page.range_of(known), page.range_of(dense)
    if not first <= inner_first <= inner_last <= last or weights.of(dense) < 0.85 * weights.of(known):
        return False
    beside = (*page.lines[first:inner_first], *page.lines[inner_last:last])
    return sum(line.links * 2 > len(line.text) for line in beside) >= MANY_LINKS


def _body(page: Page, node: int, reader: str) -> Body:
    first, last = page.range_of(node)
    return Body(node, first, last, reader)


def _dense_body(node: int, weights: Weights) -> Body:
    """Give the body that density found, up to what follows the text where the element holds that too."""
    body = _body(weights.page, node, "density")
    inside = body.first < weights.stop < body.last and weights.between(body.first, weights.stop) >= UNSURE
    return replace(body, last=weights.stop) if inside else body


def _name(page: Page, node: int) -> str:
    names = page.tree.kinds[node].names
    return next((name for name in names if name.startswith("#")), names[0] if names else page.tree.kinds[node].name)


def _largest(matches: Iterable[int], page: Page, weights: Weights) -> int | None:
    """Give the match with the most text, the outermost of equals."""
    return max(sorted(matches), key=lambda node: (weights.of(node), page.count(node)), default=None)


def matches_of(css: str, page: Page) -> set[int]:
    """Give the nodes that a list of selectors finds among the blocks that were read."""
    return {node for node in page.tree.find(css) if page.blocks[node]}


def densest(page: Page, weights: Weights) -> int:
    """Walk down from the root into the child that holds most of the weight, as long as one does."""
    node = 0
    while True:
        best = max(page.children(node), key=weights.of, default=None)
        if best is None or weights.of(best) < DOMINANT * weights.of(node) or not _may_hold(best, node, page, weights):
            return node
        node = best


def _may_hold(child: int, parent: int, page: Page, weights: Weights) -> bool:
    """Say whether a child may be the body: a lone paragraph is not one, unless it is named like one or all there is."""
    kind = page.tree.kinds[child]
    if kind.name not in CONTAINERS:
        return _holds_container(child, page)
    if page.count(child) > 1:
        return True
    named = any(LIKELY.search(name[1:]) for name in kind.names)
    return named or page.count(parent) == 1 or weights.of(parent) > 3 * weights.of(child)


def _holds_container(child: int, page: Page) -> bool:
    return page.tree.kinds[child].name in _SCAFFOLD and any(page.tree.kinds[inner].name in CONTAINERS for inner in page.children(child))


_SCAFFOLD = frozenset({"tr", "li", "ul", "ol", "dl", "p"})
