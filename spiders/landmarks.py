"""What on a page tells its main list from the lists beside it: the trail to the column, the pager, and headings.

A list page names its column in a trail (当前位置：首页 > 政务公开 > 通知公告) or a heading, and turns its pages under the list. Side
lists share the page with these but not the block they stand in, and have headings of their own (热点新闻, 点击排行, 更多>>).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from spiders.paging import words_of
from spiders.segments import Element

TRAIL = re.compile(
    r"(?:当前|现在|您|你|所在|目前|當前|您現在)(?:现在|所在|所处|現在)?的?(?:位置|栏目|欄目)|位置\s?[:：]|您现在在|您现在所在"
)
TURNS = re.compile(
    r"[上下][一1]?\s?[页頁]|[尾末]\s?[页頁]|共\s{0,9}\d{0,7}\s{0,9}[页頁]|第\s{0,9}\d{1,7}\s{0,9}[页頁]|\d\s{0,9}/\s{0,9}\d{1,5}\s?[页頁]"
)
PAGER = re.compile(
    r"(?:^|[\s_-])(?:pag(?:e|er|es|ing|ination|elist|ebar|enav|enum|ebox|ediv|e_?link)s?|fenye|fanye|laypage|page_?\w{0,12}|\w{1,12}_?pag(?:e|er|ination))(?:$|[\s_-])",
    re.IGNORECASE,
)
TRAIL_NAME = re.compile(r"crumb|weizhi|wz\b|mbx|location", re.IGNORECASE)
MOST_STEPS = 12
STEP = re.compile(r"[>＞»›→≫/\\|:：-]\s*$")
SLIDES = re.compile(r"swiper|slick|slide|banner|carousel|flex-?control|focus|owl|home", re.IGNORECASE)
BESIDE = re.compile(
    r"^(?:(?:[一今本]?[周月日天]|最新|近期|新闻|文章|阅读|浏览|点击|图文|编辑|栏目|站内){0,2}(?:热点|热门|热文|热榜|热评|推荐|推薦|排行|排名|关注|聚焦)"
    r"|相关(?:新闻|文章|链接|阅读|推荐|资讯|信息|内容)|猜你|随机|友情链接|图片新闻|最新(?:文章|发布|更新|新闻|资讯))"
)
MORE = re.compile(r"(?:更多|more)\W{0,4}$", re.IGNORECASE)
RELATED = re.compile(r"相关|相似|猜你|推荐|推薦|热门|随机")
LONGEST = 60  # characters of a trail's or a pager's own text
LONGEST_NAME = 20
HEIGHT = 4  # elements a list's heading may stand above its rows

_TRAILS = etree.XPath(
    "//*[text()[contains(., '位置') or contains(., '您现在') or contains(., '栏目') or contains(., '欄目')]"
    " or contains(@class, 'crumb') or contains(@class, 'weizhi') or contains(@id, 'weizhi')]"
)
_TURNS = etree.XPath("//*[not(self::script or self::style)][text()[contains(., '页') or contains(., '頁')]]")
_CALLS = etree.XPath("//script[contains(., 'createPage')]")
_NAMED = etree.XPath(
    "//*[contains(@class, 'pag') or contains(@id, 'pag') or contains(@class, 'Pag') or contains(@id, 'Pag') or contains(@class, 'fenye')]"
)


def trails(tree: Element) -> list[Element]:
    """Give the elements that say where in the site this page is."""
    return [
        element
        for element in _TRAILS(tree)
        if _names_trail(element) or any(len(text) < LONGEST and TRAIL.search(text) for text in _own(element))
    ]


def pagers(tree: Element) -> list[Element]:
    """Give the elements that turn the list's pages, by their words, their names or the script that writes them."""
    said = [element for element in _TURNS(tree) if any(len(text) < LONGEST and TURNS.search(text) for text in _own(element))]
    named = [element for element in _NAMED(tree) if _is_pager(f"{element.get('class') or ''} {element.get('id') or ''}")]
    return [*said, *_CALLS(tree), *named]


def turns_pages(tree: Element) -> bool:
    """Say whether the page has the words or the script of a pager, if only for its single page."""
    return bool(_CALLS(tree)) or any(len(text) < LONGEST and TURNS.search(text) for element in _TURNS(tree) for text in _own(element))


def in_trail(anchor: Element) -> bool:
    """Say whether a link is a step of the trail to the column: between its signs, in an element that says what it is."""
    parent, previous = anchor.getparent(), anchor.getprevious()
    if parent is None or len(parent) > MOST_STEPS or not _is_trail(parent):
        return False
    before = (parent.text if previous is None else previous.tail) or ""
    return bool(STEP.search(before)) or bool(STEP.match((anchor.tail or "").strip()[:1]))


def _names_trail(element: Element) -> bool:
    return bool(TRAIL_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _is_trail(element: Element) -> bool:
    return _names_trail(element) or bool(TRAIL.search(words_of(element)[:LONGEST]))


def _is_pager(name: str) -> bool:
    return bool(PAGER.search(name)) and not SLIDES.search(name)


def _own(element: Element) -> Iterator[str]:
    yield element.text or ""
    yield from (child.tail or "" for child in element)


def names(tree: Element) -> frozenset[str]:
    """Give what the page calls itself: the parts of its `<title>`."""
    title = tree.findtext(".//title") or ""
    return frozenset(part for part in re.split(r"[-_|—–－>»·,，:：\s]+", title) if 2 <= len(part) <= LONGEST_NAME)


def headings(tree: Element, called: frozenset[str]) -> list[Element]:
    """Give the elements outside links that say what the page calls itself and nothing else."""
    if not called:
        return []
    found = (
        element for element in tree.iter("h1", "h2", "h3", "h4", "h5", "div", "span", "p", "td", "strong", "b", "dt", "li", "font", "em")
    )
    return [element for element in found if element.text and element.text.strip() in called and not len(element)]


def closest(landmarks: Sequence[Element], lists: Sequence[Element]) -> frozenset[int]:
    """Give the places of the lists that share the narrowest block with a landmark; empty where all share the same."""
    depths = [0] * len(lists)
    for landmark in landmarks:
        around = {element: depth for depth, element in enumerate(reversed([landmark, *landmark.iterancestors()]))}
        shared = [next((around[element] for element in (block, *block.iterancestors()) if element in around), 0) for block in lists]
        if max(shared) == len(around) - 1:  # a list stands in it: no landmark but a wrapper of that name
            continue
        depths = [max(pair) for pair in zip(depths, shared, strict=True)]
    nearest = max(depths)
    return frozenset(place for place, depth in enumerate(depths) if depth == nearest) if min(depths) < nearest else frozenset()


def heading_of(block: Element) -> str:
    """Give the short text that stands right before a list, white space taken out; empty for none."""
    element = block
    for _ in range(HEIGHT):
        for sibling in element.itersiblings(preceding=True):
            if sibling.tag in {"script", "style"}:
                continue
            text = "".join(words_of(sibling).split())
            if text:
                return text if len(text) <= LONGEST_NAME else ""
        element = element.getparent()
        if element is None or element.tag == "body":
            return ""
    return ""


def is_related(heading: str) -> bool:
    """Say whether a heading stands over what is like one notice (相关文章, 猜你喜欢)."""
    return bool(RELATED.search(heading))


def is_popular(heading: str) -> bool:
    """Say whether a heading stands over what many have read (热点新闻, 点击排行)."""
    return bool(BESIDE.search(heading))


def is_beside(heading: str, called: frozenset[str]) -> bool:
    """Say whether a heading is one of a side list, and not the page's own."""
    return bool(BESIDE.search(heading) or MORE.search(heading)) and not any(name in heading for name in called)


NEAR_TRAIL, NEAR_PAGER, NEAR_HEADING, ASIDE = 4.0, 6.0, 3.0, 0.2


def support(tree: Element, blocks: Sequence[Element]) -> list[float]:
    """Weigh lists, each given by the block that holds its rows, by the landmarks of the page."""
    called = names(tree)
    weights = [ASIDE if is_beside(heading_of(block), called) else 1.0 for block in blocks]
    for factor, landmarks in ((NEAR_TRAIL, trails(tree)), (NEAR_PAGER, pagers(tree)), (NEAR_HEADING, headings(tree, called))):
        near = closest(landmarks, blocks) if landmarks and len(blocks) > 1 else ()
        weights = [weight * factor if place in near else weight for place, weight in enumerate(weights)]
    return [weight / min(1.0, max(weights)) for weight in weights]  # what has no better rival is not worth less for its heading
