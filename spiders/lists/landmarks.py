"""What on a page tells its main list from the lists beside it: the trail to the column, the pager, and headings.

A list page names its column in a trail (当前位置：首页 > 政务公开 > 通知公告) or a heading, and turns its pages under the list. Side
lists share the page with these but not the block they stand in, and have headings of their own (热点新闻, 点击排行, 更多>>).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spiders.lists.segments import Element
from spiders.paging import words_of

TRAIL = re.compile(
    r"(?:当前|现在|您|你|所在|目前|當前|您現在)(?:现在|所在|所处|現在)?的?(?:位置|栏目|欄目)|位置\s?[:：]|您现在在|您现在所在"
)
TRAIL_WORDS = ("位置", "栏目", "欄目", "您现在")
TRAIL_NAME = re.compile(r"crumb|weizhi|\bwz\b|mbx|location", re.IGNORECASE)
STEP = re.compile(r"[>＞»›→≫/\\|:：-]\s*$")
MOST_STEPS = 12
TURNS = re.compile(
    r"[上下][一1]?\s?[页頁]|[尾末]\s?[页頁]|共\s{0,9}\d{0,7}\s{0,9}[页頁]|第\s{0,9}\d{1,7}\s{0,9}[页頁]|\d\s{0,9}/\s{0,9}\d{1,5}\s?[页頁]"
)
PAGER_NAME = re.compile(r"(?:^|[\s_-])(?:\w{0,12}pag(?:e|er|ing|ination)\w{0,6}|\w{0,12}f[ae]nye\w{0,6})(?:$|[\s_-])", re.IGNORECASE)
SLIDES = re.compile(r"swiper|slick|slide|banner|carousel|flex-?control|focus|owl|home", re.IGNORECASE)
BESIDE = re.compile(
    r"^(?:(?:[一今本]?[周月日天]|最新|近期|新闻|文章|阅读|浏览|点击|图文|编辑|栏目|站内){0,2}(?:热点|热门|热文|热榜|热评|推荐|推薦|排行|排名|关注|聚焦)"
    r"|相关(?:新闻|文章|链接|阅读|推荐|资讯|信息|内容)|猜你|随机|友情链接|图片新闻|最新(?:文章|发布|更新|新闻|资讯))"
)
MORE = re.compile(r"(?:更多|more)\W{0,4}$", re.IGNORECASE)
RELATED = re.compile(r"相关|相似|猜你|推荐|推薦|热门|随机")
NO_HEADINGS = frozenset(("a", "title", "option", "script"))
LONGEST = 60  # characters of a trail's or a pager's own text
LONGEST_NAME = 20
HEIGHT = 4  # elements a list's heading may stand above its rows
NEAR_TRAIL, NEAR_PAGER, NEAR_HEADING, ASIDE = 4.0, 8.0, 5.0, 0.2


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The elements of a page that say where in the site it is, that turn its pages, and that say its name, as its `<title>` has it.

    `turns` is whether a pager is there in words or as a script, if only for a single page.
    """

    trails: tuple[Element, ...]
    pagers: tuple[Element, ...]
    headings: tuple[Element, ...]
    names: frozenset[str]
    turns: bool

    @classmethod
    def of(cls, tree: Element) -> Landmarks:
        """Find them in one walk over the page."""
        names = _names(tree)
        trails: list[Element] = []
        turning: list[Element] = []
        named: list[Element] = []
        headings: list[Element] = []
        for element in tree.iter():
            if called := _called(element):
                trails += [element] if TRAIL_NAME.search(called) else []
                named += [element] if PAGER_NAME.search(called) and not SLIDES.search(called) else []
            for around, text in _pieces(element):
                turning += [around] if _is_turning(around, text) else []
                trails += [around] if _is_trail(text) else []
            if element.text and len(element) == 0 and element.tag not in NO_HEADINGS and element.text.strip() in names:
                headings.append(element)
        return cls(tuple(trails), (*turning, *named), tuple(headings), names, bool(turning))


def _called(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}".strip()


def _pieces(element: Element) -> Iterator[tuple[Element, str]]:
    """Give the short texts at the start of an element and after it, each with the element it stands in; scripts of pagers whole."""
    text, tail = element.text, element.tail
    if text and (len(text) < LONGEST or element.tag == "script") and not text.isspace():
        yield element, text
    if tail and len(tail) < LONGEST and not tail.isspace():
        yield element.getparent(), tail


def _names(tree: Element) -> frozenset[str]:
    title = tree.findtext(".//title") or ""
    return frozenset(part for part in re.split(r"[-_|—–－>»·,，:：\s]+", title) if 2 <= len(part) <= LONGEST_NAME)


def _is_turning(around: Element, text: str) -> bool:
    if around.tag in {"script", "style"}:
        return "createPage" in text
    return ("页" in text or "頁" in text) and bool(TURNS.search(text))


def _is_trail(text: str) -> bool:
    return len(text) <= LONGEST and any(word in text for word in TRAIL_WORDS) and bool(TRAIL.search(text))


def in_trail(anchor: Element) -> bool:
    """Say whether a link is a step of the trail to the column: between its signs, in an element that says what it is."""
    parent, previous = anchor.getparent(), anchor.getprevious()
    before = (parent.text if previous is None else previous.tail) or "" if parent is not None else ""
    if parent is None or len(parent) > MOST_STEPS or not (STEP.search(before) or STEP.match((anchor.tail or "").strip()[:1])):
        return False
    return bool(TRAIL_NAME.search(_called(parent))) or _is_trail(words_of(parent)[:LONGEST])


def support(marks: Landmarks, blocks: Sequence[Element]) -> list[float]:
    """Weigh lists, each given by the block that holds its rows, by the landmarks of the page."""
    weights = [ASIDE if is_beside(heading_of(block), marks.names) else 1.0 for block in blocks]
    for factor, landmarks in ((NEAR_TRAIL, marks.trails), (NEAR_PAGER, marks.pagers), (NEAR_HEADING, marks.headings)):
        near = closest(landmarks, blocks) if landmarks and len(blocks) > 1 else ()
        weights = [weight * factor if place in near else weight for place, weight in enumerate(weights)]
    return [weight / min(1.0, max(weights)) for weight in weights]  # what has no better rival is not worth less for its heading


def closest(landmarks: Sequence[Element], blocks: Sequence[Element]) -> frozenset[int]:
    """Give the places of the blocks that share the narrowest element with a landmark; empty where all share the same."""
    depths = [0] * len(blocks)
    for landmark in landmarks:
        around = {element: depth for depth, element in enumerate(reversed([landmark, *landmark.iterancestors()]))}
        shared = [next((around[element] for element in (block, *block.iterancestors()) if element in around), 0) for block in blocks]
        if max(shared) < len(around) - 1:  # no list stands in it: else it is no landmark but a wrapper of that name
            depths = [max(pair) for pair in zip(depths, shared, strict=True)]
    nearest = max(depths)
    return frozenset(place for place, depth in enumerate(depths) if depth == nearest) if min(depths) < nearest else frozenset()


def heading_of(block: Element) -> str:
    """Give the short text that stands right before a list, white space taken out; empty for none."""
    element = block
    for _ in range(HEIGHT):
        for sibling in element.itersiblings(preceding=True):
            text = "" if sibling.tag in {"script", "style"} else "".join(words_of(sibling).split())
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


def is_beside(heading: str, names: frozenset[str]) -> bool:
    """Say whether a heading is one of a side list, and not the page's own."""
    return bool(BESIDE.search(heading) or MORE.search(heading)) and not any(name in heading for name in names)
