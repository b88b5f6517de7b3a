"""How much a line looks like the text of a page, and any run of lines with it: sentences count most, links and furniture little."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

from cleaners.pages.attached import is_file_address
from cleaners.pages.page import Page
from cleaners.pages.tags import href_of
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
LONGEST_INFO = 120
"""Characters of a line that gives date, source and clicks and not text."""
SELDOM = 0.05
"""Share of its weight that a line keeps in a part of the page that is seldom text."""
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
    return weight * (SELDOM if line.seldom else 1.0)


class Weights:
    """The weight of any run of lines of a page, from sums made once.

    `placed` is the weight of each line where it stands, `each` that of a line wherever it does, by its text.
    """

    def __init__(self, page: Page, title: str) -> None:
        self.page = page
        titled = self._title_line(title)
        start = max(0, titled)
        copies = _copies(page.lines, start)
        own = [weigh(line) for line in page.lines]
        self.stop = _stop(page, own, titled + 1)
        shares = (0.3 if index < start else COPY if index in copies else 1.0 if index < self.stop else 0.2 for index in range(len(own)))
        self.placed = [share * weight for share, weight in zip(shares, own, strict=True)]
        self.sums = [0.0, *accumulate(self.placed)]
        self.each = dict(zip((line.text for line in page.lines), own, strict=True))

    def share(self, lines: Iterable[Line]) -> float:
        """Give the share (0..1) of the page's weight that lines hold, each counted once however often it stands there."""
        whole = sum(self.each.values())
        return min(1.0, sum(self.each.get(text, 0.0) for text in {line.text for line in lines}) / whole) if whole else 0.0

    def prose(self, lines: Iterable[Line] | None = None) -> int:
        """Count the characters of running text in lines, or in the page, each line once."""
        texts = self.each if lines is None else {line.text for line in lines}
        return sum(len(text) for text in texts if self.each.get(text, 0.0) > PROSE * len(text))

    def is_prose(self, index: int) -> bool:
        """Say whether a line is running text where it stands: below the title, above what follows a text, no copy."""
        return self.placed[index] > PROSE * len(self.page.lines[index].text)

    def _title_line(self, title: str) -> int:
        """Give the line that is the title; -1 where none is."""
        if not title:
            return -1
        lines = self.page.lines
        return next((index for index, line in enumerate(lines) if line.kind != "row" and not line.links and line.text == title), -1)

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
    return not any(is_file(page, anchor) for _, anchor in anchors)


def _is_link(line: Line) -> bool:
    length = len(DATE_BEHIND.sub("", line.text))
    return line.links * 2 > length and TITLE_OF_OTHER.search(line.text) is not None


def is_file(page: Page, anchor: int) -> bool:
    """Say whether a link leads to a file, or nowhere as those of lost files do."""
    href = href_of(page.tree.tags[anchor])
    return is_file_address(href) or href[:10].lower() == "javascript"
