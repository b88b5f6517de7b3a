"""What each tag means to a reader: the tag as it is written -> a `Kind`, worked out once however often it comes again.

Pages repeat few tags many times (`p style="text-indent: 2em"`), so what a tag's name and attributes say is kept by its text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cleaners.stated.labels import EDGE

CUT = "\x1e"
"""Stands where a strip ends."""
INLINE, BLOCK, BREAK, ANCHOR, IMAGE, SKIP = range(6)
"""What a tag does to the lines of a page: nothing; begins one; breaks one; links; shows a picture; is not read."""

_BLOCKS = (
    "html body div p section article main header footer nav aside table thead tbody tfoot tr td th caption ul ol li dl dt dd h1 h2"
    " h3 h4 h5 h6 blockquote pre center form fieldset figure figcaption address hr details summary ucaptitle ucapcontent"
    " publishtime"
)
BLOCKS = frozenset(_BLOCKS.split())
_SKIPPED = (
    "script style noscript iframe object embed applet template select option optgroup button textarea svg math head title meta"
    " link audio video map canvas datalist progress"
)
SKIPPED = frozenset(_SKIPPED.split())
_WITHIN = (
    "a abbr b bdi bdo big cite code em font i ins del kbd label mark nobr q s small span strike strong sub sup time tt u var publishtime"
)
WITHIN = frozenset(_WITHIN.split())
"""Elements that stand inside a run of text; every other one begins and ends a strip (`cleaners.pages.strips`)."""
COMMON = (BLOCKS | SKIPPED | WITHIN | {"br", "img"}) - {"ucaptitle", "ucapcontent", "publishtime"}
"""Elements that are not looked up by their names: every page has them."""
MEDIA = frozenset({"img", "iframe", "embed", "object", "video", "audio"})
HOLDERS = frozenset({"a", "b", "strong", "em", "i", "u"})
"""Inline elements that stay inline whatever they hold."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}
HIDDEN_CLASSES = frozenset({"hide", "hidden", "ng-hide", "d-none", "dn", "sr-only", "visually-hidden", "none"})
HIDDEN_STYLE = re.compile(r"[dD](?i:isplay)\s{0,3}:\s{0,3}(?i:none)|[vV](?i:isibility)\s{0,3}:\s{0,3}(?i:hidden)")
SELDOM = re.compile(
    r"(?:^|[\s_-])(?:foot|footer|footbox|bottom|copyright|copy-right|nav|navbar|menu|submenu|sidebar|side|aside|crumbs?|breadcrumb|bread"
    r"|share|bdsharebuttonbox|related|relate|xgwz|xgxw|xgyd|recommend|hot|rank|comment|comments|pager|pagination|topbar|toolbar|login|search"
    r"|banner|friendlink|links?|qrcode|ewm|prevnext|weizhi|position|dqwz|xgbd|header|right|rightbox|left-nav|leftnav|leftmenu|lanmu"
    r"|statement|disclaimer|shengming|shenming|mianze|banquan|tuijian|xiangguan|fenxiang|pinglun|daohang|dibu|youce|zuoce|stream"
    r"|morestories)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
"""Class names and ids, in English and Pinyin, of the parts of a page that are seldom its text (`page` is as often the whole of it)."""
PART = re.compile(r"(?:manuscript|article|content)_?page_?\d{1,3}", re.IGNORECASE)
"""The ids of the parts of a long text that stand in one page and are shown one at a time (开普: manuscriptPage_2)."""
_ATTRIBUTE = re.compile(r'([^\s="]{1,60})="([^"]*)"')
_TELLING = re.compile(r'\s(class|id|style|hidden|colspan|rowspan)="([^"]*)"')
_HREF = re.compile(r'\shref="([^"]*)"')
_MOST = 20_000
_LONGEST_SPAN = 1000  # columns or rows of one cell, as in browsers (HTML Living Standard, 4.9.11)


class Kind(NamedTuple):
    """What a tag means.

    `step` is 1 where it opens an element, -1 where it closes one, 0 for an empty one; `names` its `.class` and `#id`; `level`
    that of a heading; `span` the (columns, rows) of a cell; `mark` what a strip reads in its place (`EDGE` or `CUT`). `names` holds
    the tag's own name too where HTML does not know it (<ucapcontent>).
    """

    name: str
    role: int
    step: int
    mark: str
    hidden: bool = False
    seldom: bool = False
    names: tuple[str, ...] = ()
    level: int = 0
    span: tuple[int, int] = (1, 1)


_known: dict[str, Kind] = {}
known = _known.get
"""Gives the kind of a tag met before; `kind_of` works out that of a new one."""


def kind_of(tag: str) -> Kind:
    """Give what a tag means; `tag` is what stands between < and > in XML."""
    kind = _known.get(tag)
    if kind is None:
        if len(_known) > _MOST:
            _known.clear()
        kind = _known[tag] = _read(tag)
    return kind


def attributes(tag: str) -> dict[str, str]:
    """Give the attributes of a tag by name."""
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


def href_of(tag: str) -> str:
    """Give the address a tag links to; empty where it links to none."""
    found = _HREF.search(tag)
    return unescape(found[1]).strip() if found else ""


def unescape(text: str) -> str:
    """Undo what the XML writer escapes."""
    if "&" not in text:
        return text
    for escaped, plain in _ESCAPES:
        text = text.replace(escaped, plain)
    return text


_ESCAPES = (
    *(("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#13;", "\r"), ("&#10;", "\n"), ("&#9;", "\t")),
    ("&#xFFFD;", "\ufffd"),  # what no XML may hold
    ("&amp;", "&"),
)


def _read(tag: str) -> Kind:
    if tag[:1] == "/":
        return _of(tag[1:], -1, ())
    name = tag.split(None, 1)[0].rstrip("/") if tag else ""
    return _of(name, 0 if tag[-1:] == "/" else 1, tuple(_TELLING.findall(tag)))


@lru_cache(maxsize=8192)  # links differ in what says nothing here
def _of(name: str, step: int, told: tuple[tuple[str, str], ...]) -> Kind:
    """Give the kind of a tag by its name and by those of its attributes that tell something."""
    if step < 0:
        return Kind(name, _role(name), step, _mark(name))
    own, found = () if name in COMMON else (name,), dict(told)
    classes, identifier = unescape(found.get("class", "")), unescape(found.get("id", ""))
    names = (*own, *(f".{each}" for each in classes.split()), *([f"#{identifier}"] if identifier else []))
    seldom = bool(classes or identifier) and SELDOM.search(f"{classes} {identifier}") is not None
    return Kind(name, _role(name), step, _mark(name), _is_hidden(found), seldom, names, HEADINGS.get(name, 0), _span(found))


def _role(name: str) -> int:
    if name in BLOCKS:
        return BLOCK
    if name in SKIPPED:
        return SKIP
    return {"br": BREAK, "a": ANCHOR, "img": IMAGE}.get(name, INLINE)


def _mark(name: str) -> str:
    return EDGE if name in WITHIN else CUT


def _is_hidden(found: dict[str, str]) -> bool:
    """Say whether attributes mark an element as not shown: `hidden`, display:none or a class that means it."""
    if PART.fullmatch(found.get("id", "")):
        return False
    if "hidden" in found or HIDDEN_STYLE.search(found.get("style", "")):
        return True
    return not HIDDEN_CLASSES.isdisjoint(found.get("class", "").split())


def _span(found: dict[str, str]) -> tuple[int, int]:
    return _count(found.get("colspan", "")), _count(found.get("rowspan", ""))


def _count(value: str) -> int:
    value = value.strip()
    return min(max(int(value), 1), _LONGEST_SPAN) if value.isascii() and value.isdigit() and len(value) < 6 else 1
