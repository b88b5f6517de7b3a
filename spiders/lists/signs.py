"""What on a page speaks for one notice rather than a list: its heading, the links to its neighbours, its byline, its reader's tools."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

LABELS = (
    "发布时间", "发布日期", "发布人", "发布者", "发表时间", "发稿时间", "更新时间", "日期", "时间", "来源", "稿源", "作者", "撰稿",
    "撰稿人", "供稿", "编辑", "审核", "录入", "浏览", "浏览次数", "浏览量", "点击", "点击次数", "点击数", "点击量", "阅读", "阅读次数",
    "阅读量", "访问量", "發布日期", "發佈日期", "點閱", "點閱數", "來源",
)  # fmt: skip
LONGEST_LABEL = 6
NEIGHBOURS = (*(f"{way}一{what}" for way in "上下前后後" for what in "篇条则條則"), "上篇：", "下篇：", "上篇:", "下篇:")
TOOL = re.compile(
    r"字\s?[号体體]|大\s{0,9}中\s{0,9}小|打\s?印(?:本页|\s?[】\])）])|关\s?闭(?:窗口|本页|\s?[】\])）])|分享到|收藏本[页文]|扫一扫在手机"
)
NO_HEADING = re.compile(r"(网|网站|網站|平台|政府|系统|目录|指南|专栏|公开|列表|首页|频道|栏目|库|大学|学院|Logo)$", re.IGNORECASE)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "div", "p", "td", "th", "span", "strong", "b", "font")
SHORTEST_HEADING = 9
LONG_HEADING = 12  # characters: longer than most names of columns
FEW = 2  # times: what stands once beside a text stands in every row of a list


def notice_signs(tree: etree._Element) -> int:
    """Count what speaks for a notice, from 0 to 7: up to 2 each for its heading and its byline, 2 for links to neighbours, 1 for tools."""
    text = " ".join(_visible(tree))
    byline = sum(count <= FEW for count in Counter(_labels(text)).values()) - 1
    neighbours = any(word in text for word in NEIGHBOURS)
    heading = heading_length(tree)
    return (heading >= SHORTEST_HEADING) + (heading >= LONG_HEADING) + 2 * neighbours + max(0, min(2, byline)) + bool(TOOL.search(text))


def _labels(text: str) -> Iterator[str]:
    """Give the labels of a byline (发布时间：, 来源：), as often as they stand in a text."""
    for before in text.replace("：", ":").split(":")[:-1]:
        end = before[-LONGEST_LABEL - FEW :].rstrip()
        if end.endswith(LABELS):
            yield max((label for label in LABELS if end.endswith(label)), key=len)


def heading_length(tree: etree._Element) -> int:
    """Give the characters of the heading that the page's `<title>` begins with and no link on the page has, as columns' names do."""
    title = _squeezed(tree.findtext(".//title") or "")
    if len(title) < SHORTEST_HEADING:
        return 0
    for element in tree.iter(*HEADINGS):
        text = _squeezed(element.text) if element.text and title[0] in element.text else ""
        if len(text) >= SHORTEST_HEADING and title.startswith(text[:40]) and not NO_HEADING.search(text) and not _is_linked(tree, text):
            return len(text)
    return 0


def _is_linked(tree: etree._Element, text: str) -> bool:
    """Say whether a link on the page says just this."""
    return any(_squeezed("".join(str(part) for part in anchor.itertext())) == text for anchor in tree.iter("a"))


def _visible(tree: etree._Element) -> Iterator[str]:
    """Give the pieces of text a reader sees."""
    for element in tree.iter():
        if isinstance(element.tag, str) and element.text and element.tag not in {"script", "style", "title", "textarea"}:
            yield element.text
        if element.tail:
            yield element.tail


def _squeezed(text: str) -> str:
    return "".join(text.split())
