"""How lists go on, and when they end.

A pager is a pure function `Page -> Turn | None`: None means "this is not mine", a Turn without `next` means "this is the
last page". When a chain of pages ends is decided by `spiders.walk`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from cleaners.urls import join


@dataclass(frozen=True, slots=True)
class Next:
    """The request for a list page. Its identity includes the body: a POST that turns pages keeps its address."""

    url: str
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def identity(self) -> str:
        """What tells this page from others: the address, and for a POST the digest of its body (`POST <url> sha256:<16 hex>`)."""
        if self.method == "GET" and not self.body:
            return self.url
        return f"{self.method} {self.url} sha256:{hashlib.sha256(self.body).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Turn:
    """What a pager found: the next page or None, and whether the page itself promises one (a link or a total) or it is a guess.

    A promise without a next page means that the list goes on and the pager cannot tell how.
    """

    next: Next | None
    promised: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """A list page as pagers see it: its text and address, its tree when it is HTML, its value when it is JSON."""

    text: str
    url: str
    tree: etree._Element | None = None
    value: Any = None


LAST = Turn(None, promised=False)


def to(base: str, link: str, *, promised: bool = True) -> Turn | None:
    """Turn to a link as a page wrote it; None for one that is no address."""
    address = join(base, link)
    return Turn(Next(address), promised) if address else None


def whole(text: str) -> int | None:
    """Read a page or row number of at most nine digits; None for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


CREATE_PAGE = re.compile(r"createPage(?:HTML)?\s*\(([^()]*)\)")
PAGE_KEYS = (
    "page",
    "pageNo",
    "pageNum",
    "pageNumber",
    "pageIndex",
    "curPage",
    "currPage",
    "currentPage",
    "currpage",
    "cur_page",
    "p",
    "pn",
)
TOTAL_KEYS = ("pageCount", "totalPages", "totalPage", "pages", "total_pages", "pageTotal", "last_page")
POSITION = re.compile(r"(?<!\d)(\d{1,4})\s*/\s*(\d{1,4})(?!\d|/|\s*页?\s*条)")


def create_page_html(page: Page) -> Turn | None:
    """Read the inline call: TRS `createPageHTML(N, cur from 0, 'index', 'html')`, UCAP `('id', N, cur from 1, 'list', 'shtml', rows)`.

    TRS names page k `index_{k-1}.html`, UCAP `list_k.shtml`. The address says better than the call which page this is.
    """
    call = next((found for found in CREATE_PAGE.findall(page.text) if "," in found and ("'" in found or '"' in found)), None)
    if call is None:
        return None
    arguments = [argument.strip().strip("'\"") for argument in call.split(",")]
    base = 0
    if whole(arguments[0]) is None:
        arguments, base = arguments[1:], 1
    if len(arguments) < 4 or (total := whole(arguments[0])) is None or (current := whole(arguments[1])) is None:
        return None
    name, ending = arguments[2:4]
    in_address = re.search(rf"/{re.escape(name)}_([0-9]{{1,9}})\.{re.escape(ending)}$", urlsplit(page.url).path)
    following = (int(in_address.group(1)) if in_address else max(current, base)) + 1
    if following >= total + base:
        return LAST
    return to(page.url, f"{name}_{following}.{ending}")


INNER = re.compile(r"/([0-9]{1,9})(\.html?)$")


def descending(page: Page) -> Turn | None:
    """Follow VSB's countdown: `x.htm`, then `x/{T-1}.htm` down to `x/1.htm`; T from the position "1/27" that the pager prints."""
    path, total = urlsplit(page.url).path, position(page.text)
    inner = INNER.search(path)
    if inner and (total is None or int(inner.group(1)) < total[1]):
        number = int(inner.group(1))
        return to(page.url, path[: inner.start()] + f"/{number - 1}{path[path.rindex('.') :]}") if number > 1 else LAST
    if total is None or "." not in path.rsplit("/", 1)[-1]:
        return None
    stem, ending = path.rsplit(".", 1)
    return to(page.url, f"{stem}/{total[1] - 1}.{ending}") if total[1] > 1 else LAST


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a list numbered from its oldest page goes on for those who read it from there."""

    oldest: Next | None = None
    newer: Next | None = None


def ends(page: Page, pagers: Sequence[str]) -> Ends:
    """Find the stable end of a list that counts down (VSB): on `x.htm` the page `x/1.htm`, on `x/{n}.htm` the page `x/{n+1}.htm`.

    New notices never move a page away from its number there. The last numbered page T-1 has no newer one but `x.htm` itself, so
    `newer` is None there, and wherever T is not printed.
    """
    place = position(page.text) if "descending" in pagers else None
    if place is None or place[1] < 2:
        return Ends()
    path = urlsplit(page.url).path
    inner = INNER.search(path)
    if inner and int(inner.group(1)) < place[1]:
        number = int(inner.group(1)) + 1
        return Ends(newer=_beside(page.url, f"{path[: inner.start()]}/{number}{inner.group(2)}") if number < place[1] else None)
    stem, dot, ending = path.rpartition(".")
    return Ends(oldest=_beside(page.url, f"{stem}/1.{ending}")) if dot and "/" not in ending else Ends()


def _beside(base: str, path: str) -> Next | None:
    address = join(base, path)
    return Next(address) if address else None


STATED = re.compile(
    r"第\s{0,9}(\d{1,5})\s{0,9}[页頁]\D{0,6}共\s{0,9}(\d{1,5})\s{0,9}[页頁]|(?<![\d/])(\d{1,5})\s{0,9}/\s{0,9}(\d{1,5})\s{0,9}[页頁]"
    r"|共\s{0,9}\d{1,7}\s{0,9}[条條]\D{0,12}?(\d{1,5})\s{0,9}/\s{0,9}(\d{1,5})(?![\d/])"
)


def says_more(text: str) -> bool:
    """Say whether a pager states in words that this is not the last page ("第1页/共27页", "共530条 1/27")."""
    words = _end_of(text)
    stated = [[int(part) for part in found.groups() if part] for found in STATED.finditer(words)]
    return any(current < total for current, total in stated)


def _end_of(text: str) -> str:
    """Give the words of a page's last part, where pagers stand, without mark-up."""
    return re.sub(r"<[^<>]*>|&nbsp;", " ", text[-20000:])


def position(text: str) -> tuple[int, int] | None:
    """Find the position a pager prints ("1/27", "第1页/共27页") as (page, pages)."""
    words = _end_of(text)
    for found in reversed(list(POSITION.finditer(words))):
        current, total = int(found.group(1)), int(found.group(2))
        if 1 <= current <= total:
            return current, total
    found_words = re.search(r"第\s*(\d{1,9})\s*页\D{0,6}共\s*(\d{1,9})\s*页", words)
    return (int(found_words.group(1)), int(found_words.group(2))) if found_words else None


def with_query(url: str, values: Mapping[str, object]) -> str:
    """Give the address with these query parameters set, the others left in their order."""
    split = urlsplit(url)
    left = {key: str(value) for key, value in values.items()}
    pairs = [(key, left.pop(key) if key in left else value) for key, value in parse_qsl(split.query, keep_blank_values=True)]
    return urlunsplit((split.scheme, split.netloc, split.path, urlencode([*pairs, *left.items()]), ""))


def json_page(page: Page) -> Turn | None:
    """Count up the page parameter of a JSON address while rows come; a total in the JSON ends it."""
    if page.value is None:
        return None
    query = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    key = next((name for name in PAGE_KEYS if whole(query.get(name, "")) is not None), None)
    if key is None:
        return None
    current = int(query[key])
    total = _total(page.value)
    if total is not None and current >= total:
        return LAST
    return Turn(Next(with_query(page.url, {key: current + 1})), promised=total is not None)


def _total(value: Any, depth: int = 0) -> int | None:
    """Find the number of pages a JSON answer states, in it or at most three tables down."""
    if not isinstance(value, dict) or depth > 3:
        return None
    for key in TOTAL_KEYS:
        if isinstance(value.get(key), int) and not isinstance(value[key], bool):
            return int(value[key])
    return next((found for part in value.values() if (found := _total(part, depth + 1)) is not None), None)


def static_json(page: Page) -> Turn | None:
    """Count up `pageIndex=k` in the path of a static JSON file (`data_itemId=1,pageIndex=2,pageSize=18.json`)."""
    found = re.search(r"(?<=pageIndex=)[0-9]{1,9}(?=[,.])", page.url)
    if page.value is None or found is None:
        return None
    return Turn(Next(page.url[: found.start()] + str(int(found.group()) + 1) + page.url[found.end() :]), promised=False)


def numbered(page: Page) -> Turn | None:
    """Count up Epoint's `{k}.html` beside the first page, from the rows and page size its pager script is given."""
    total = re.search(r"(?:total|totalCount|count)\s*[:=]\s*['\"]?([0-9]{1,9})", page.text)
    size = re.search(r"pageSize\s*[:=]\s*['\"]?([0-9]{1,9})", page.text)
    if total is None or size is None or int(size.group(1)) == 0:
        return None
    pages = -(-int(total.group(1)) // int(size.group(1)))
    here = re.search(r"/(\d{1,4})\.html$", page.url)
    following = (int(here.group(1)) if here else 1) + 1
    return to(page.url, f"{following}.html") if following <= pages else LAST


def words_of(element: etree._Element) -> str:
    """Give all text inside an element."""
    return "".join(str(part) for part in element.itertext())


WORDS = re.compile(r"^[\s»>\]\[]*(下一?[页頁]|后一?[页頁]|後一?[页頁]|next(\s*page)?|>|›|»)[\s»>›\]\[…]*$", re.IGNORECASE)


def links(page: Page) -> Turn | None:
    """Follow the plain link: 下一页, rel=next, or the number after this page's in the row of numbers."""
    if page.tree is None:
        return None
    here = page.url.partition("#")[0]
    following = [anchor for anchor in page.tree.iter("a") if _says_next(anchor)]
    for anchor in following:
        address = _leads_to(anchor, page.url)
        if address and address != here:
            return Turn(Next(address))
    return None if following else _next_number(page.tree, here)


def _says_next(anchor: etree._Element) -> bool:
    if WORDS.match(words_of(anchor)) or (anchor.get("rel") or "").lower() == "next":
        return True
    return bool(WORDS.match(anchor.get("title") or "")) and len(words_of(anchor).strip()) < 6


def _leads_to(anchor: etree._Element, base: str) -> str | None:
    """Resolve where an anchor leads: by its address, or by a path that its script names in quotes."""
    href = anchor.get("href") or ""
    address = join(base, href)
    if address or not (script := f"{href} {anchor.get('onclick') or ''}").strip():
        return address
    named = PATH_IN_SCRIPT.search(script)
    return join(base, named.group(1)) if named else None


def _next_number(tree: etree._Element, here: str) -> Turn | None:
    """Follow the link whose text is the number after that of the page we are on."""
    for anchor in tree.iter("a"):
        number = whole(_bare_text(anchor)) or 0
        if 2 <= number < 10000 and _is_current(_before(anchor), number - 1, here):
            address = _leads_to(anchor, here)
            return Turn(Next(address)) if address and address != here else None
    return None


def _before(anchor: etree._Element) -> etree._Element | None:
    """Give what stands before a page link, in the row of links or of the list points around them."""
    previous, parent = anchor.getprevious(), anchor.getparent()
    if previous is not None or parent is None or parent.tag not in {"li", "span", "td"}:
        return previous
    return parent.getprevious()


def _is_current(element: etree._Element | None, number: int, here: str) -> bool:
    """Say whether an element stands for the page we are on: its number without a link that leads elsewhere, or marked so."""
    if element is None or not isinstance(element.tag, str) or _bare_text(element) != str(number):
        return False
    anchor = element if element.tag == "a" else element.find(".//a")
    address = join(here, anchor.get("href") or "") if anchor is not None else None
    marked = CURRENT.search(" ".join((part.get("class") or "") for part in (element, anchor) if part is not None))
    return address is None or address == here or bool(marked)


def _bare_text(element: etree._Element) -> str:
    return words_of(element).strip(" \t\r\n[]\xa0")


CURRENT = re.compile(r"cur|active|(?<![a-z])on(?![a-z])|selected|now", re.IGNORECASE)
PATH_IN_SCRIPT = re.compile(r"['\"]([^'\"\s]{0,200}\.(?:s?html?|jspx?|aspx?|php)(?:\?[^'\"\s]{0,300})?|\?[^'\"\s]{1,300})['\"]")
