"""What on a page speaks for one notice rather than a list: its heading, the links to its neighbours, its byline, its reader's tools."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

LABEL = re.compile(
    r"(发布(?:时间|日期|人|者)|发表时间|发稿时间|更新时间|日期|时间|(?:信息|文章|稿件)?来源|稿源|作者|撰稿人?|供稿|责任编辑|编辑|审核|录入"
    r"|浏览(?:次数|量)?|点击(?:次数|数|量)?|阅读(?:次数|量)?|访问量|發布日期|發佈日期|點閱數?|來源)\s{0,5}[:：]"
)
NEIGHBOUR = re.compile(r"[上下]一(?:篇|条|则|條|則)|[上下]篇\s{0,3}[:：]|(?:前|后|後)一(?:篇|条|则)")
TOOL = re.compile(r"字\s?[号体體]|大\s*中\s*小|打印本页|\W打\s?印\W|关闭(?:窗口|本页)|\W关\s?闭\W|分享到|收藏本[页文]|扫一扫在手机")
NO_HEADING = re.compile(r"(网|网站|網站|平台|政府|系统|目录|指南|专栏|公开|列表|首页|频道|栏目|库|大学|学院|Logo)$", re.IGNORECASE)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "div", "p", "td", "th", "span", "strong", "b", "font")
SHORTEST_HEADING = 9
LONG_HEADING = 12  # characters: longer than most names of columns
FEW = 2  # times: what stands once beside a text stands in every row of a list


def notice_signs(tree: etree._Element) -> int:
    """Count what speaks for a notice, from 0 to 7: up to 2 each for its heading and its byline, 2 for links to neighbours, 1 for tools."""
    text = " ".join(_visible(tree))
    labels = Counter(LABEL.findall(text))
    byline = sum(count <= FEW for count in labels.values()) - 1
    neighbours = bool(NEIGHBOUR.search(text))
    heading = heading_length(tree)
    return (heading >= SHORTEST_HEADING) + (heading >= LONG_HEADING) + 2 * neighbours + max(0, min(2, byline)) + bool(TOOL.search(text))


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
