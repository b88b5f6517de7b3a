"""What a page says of its site and column: the national page labels, its title, and the trail of links above it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from cleaners.decoding.decode import decode
from cleaners.pages.markup import parse
from cleaners.stated.metatags import canonical, meta_pairs, meta_tag_fields
from cleaners.urls import join
from cleaners.worker import is_plain

_HERE = re.compile(r"(您|你)?\s?(现|現|当前|當前|目前|所)?(在|处|處)?的?(位置|所在位置)\s?(是|为|為)?\s?[：:]?")
_BETWEEN = re.compile(r"[>＞»›→/|｜\\·]+|&gt;|\s-{1,3}\s|-{2,3}")
_TITLE_ENDS = re.compile(r"[_|｜–—-]")
_SITE_CODE = re.compile(r"[0-9]{10}|bm[0-9]{8}")
_PLACEHOLDERS = frozenset({"网站名称", "栏目名称", "栏目类别", "栏目类型", "政府网站标识码", "网站标识码"})
"""Values of a template that nobody filled in."""
_LONGEST_TRAIL = 200  # characters
_LONGEST_STEP = 30
_MOST_TRAILS = 20
_FIRST_STEPS = frozenset({"首页", "首頁", "网站首页", "網站首頁", "主页", "本站首页", "home"})
_LEVELS = ((re.compile(r"0000$"), "province"), (re.compile(r"00$"), "city"), (re.compile(r"\d$"), "county"))
_PLACE = re.compile(r"自治区|自治州|自治县|自治旗|地区|特别行政区|[省市县縣区區旗州盟]")
_PLACE_LEVELS = {"province": ("省", "自治区"), "city": ("市", "州", "盟", "自治州", "地区")}


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands on a page about where it belongs; all may be empty.

    `site_code` is the SiteIDCode: ten digits of which six are the division (GB/T 2260), or `bm` and eight for a ministry. `trail`
    are the steps after 当前位置 as (words, address), without the home page; an address is empty where a step is no link.
    """

    site_name: str = ""
    site_code: str = ""
    column_name: str = ""
    column_type: str = ""
    title: str = ""
    trail: tuple[tuple[str, str], ...] = ()
    canonical: str = ""

    def column(self) -> tuple[str, str]:
        """Give what the column is called and what says so: name (ColumnName), trail, title; both empty where nothing does."""
        if self.column_name:
            return self.column_name, "name"
        if self.trail:
            return self.trail[-1][0], "trail"
        first = _TITLE_ENDS.split(self.title)[0].strip()
        return (first, "title") if first and first != self.site_name else ("", "")

    def site(self) -> tuple[str, str]:
        """Give what the site is called and what says so: name (SiteName), title; both empty where nothing does."""
        if self.site_name:
            return self.site_name, "name"
        pieces = [piece.strip() for piece in _TITLE_ENDS.split(self.title) if piece.strip()]
        strange = len(pieces) > 1 and pieces[-1] != self.column()[0]
        return (pieces[-1], "title") if strange or (pieces and self.column_type == "首页") else ("", "")


def division_of(site_code: str) -> str:
    """Give the division a SiteIDCode begins with; empty for a ministry and where there is no code."""
    return site_code[:6] if re.fullmatch(r"[0-9]{10}", site_code) else ""


def level_of(site_code: str) -> str:
    """Give the level a SiteIDCode stands for; empty where there is none."""
    if re.fullmatch(r"bm[0-9]{8}", site_code):
        return "central"
    return next((level for ends, level in _LEVELS if ends.search(division_of(site_code))), "")


def level_of_place(name: str) -> str:
    """Guess a level from the last kind of place in a site's name (临水市青屿区 is a county's); empty where there is none."""
    kinds = _PLACE.findall(name)
    if not kinds:
        return ""
    return next((level for level, words in _PLACE_LEVELS.items() if kinds[-1] in words), "county")


def read_marks(body: bytes, url: str) -> Marks:
    """Read a page's labels; none for what is no HTML page, or one too large or deep to be read here. Never raises."""
    root = parse(decode(body).text) if is_plain(body) and b"<" in body[:2048] else None
    if root is None:
        return Marks()
    pairs = list(meta_pairs(root))
    said: dict[str, str] = {}
    for found in meta_tag_fields(pairs):
        if found.value not in _PLACEHOLDERS:
            said.setdefault(found.name, found.value)
    code = said.get("site_code", "").lower()
    title = " ".join("".join(text for node in root.iter("title") for text in map(str, node.itertext())).split())
    return Marks(
        said.get("site_name", ""),
        code if _SITE_CODE.fullmatch(code) else "",
        said.get("column_name", ""),
        said.get("column_type", ""),
        title,
        _trail(root, url),
        canonical(root, url, pairs),
    )


def _trail(root: etree._Element, url: str) -> tuple[tuple[str, str], ...]:
    """Find the steps that follow 当前位置, in the smallest element around it that holds links."""
    for element in islice(filter(_says_here, root.iter()), _MOST_TRAILS):
        around = _with_links(element)
        if around is not None:
            return tuple(step for step in _steps(around, url) if step[0].lower() not in _FIRST_STEPS)
    return ()


def _says_here(element: etree._Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in {"script", "style", "title", "option"}:
        return False
    text = str(element.text or "")
    return len(text) <= _LONGEST_TRAIL and bool(_HERE.search(text))


def _with_links(element: etree._Element) -> etree._Element | None:
    """Give the element or one of the three around it that holds links and few other words."""
    around: etree._Element | None = element
    for _ in range(4):
        if around is None or len("".join(map(str, islice(around.itertext(), _LONGEST_TRAIL))).strip()) > _LONGEST_TRAIL:
            return None
        if around.find(".//a") is not None:
            return around
        around = around.getparent()
    return None


def _steps(around: etree._Element, url: str) -> Iterator[tuple[str, str]]:
    links = {_words(anchor): join(url, anchor.get("href") or "") or "" for anchor in around.iter("a")}
    words = " ".join(map(str, around.itertext()))
    found = _HERE.search(words)
    for piece in _BETWEEN.split(words[found.end() :] if found else words):
        step = " ".join(piece.split())
        if 2 <= len(step) <= _LONGEST_STEP and step not in {"正文", "内容", "列表"}:
            yield step, links.get(step, "")


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
