"""The plain way on: the link to the next page, or to the number after this page's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from cleaners.urls import join
from spiders.paging import Next, Page, Turn, whole, words_of

WORDS = re.compile(r"^[\s»>\]\[]*(下一?[页頁]|后一?[页頁]|後一?[页頁]|next(\s*page)?|>|›|»)[\s»>›\]\[…]*$", re.IGNORECASE)
OFF = re.compile(r"disabled", re.IGNORECASE)
CURRENT = re.compile(r"cur|active|(?<![a-z])on(?![a-z])|selected|now", re.IGNORECASE)
PATH_IN_SCRIPT = re.compile(
    r"['\"]([^'\"\s]{0,200}\.(?:[sjt]?html?|jspx?|aspx?|php|action|do)(?:\?[^'\"\s]{0,300})?|/[\w./-]{1,200}\?[^'\"\s]{1,300}|\?[^'\"\s]{1,300})['\"]"
)


def links(page: Page) -> Turn | None:
    """Follow the plain link: 下一页, rel=next, or the number after this page's in the row of numbers."""
    if page.tree is None:
        return None
    here = page.url.partition("#")[0]
    following = [anchor for anchor in page.tree.iter("a") if _says_next(anchor)]
    own = {here, *own_addresses(page.tree, page.url)} if following else {here}
    for anchor in following:
        address = _leads_to(anchor, page.url)
        if address and address not in own and not OFF.search(anchor.get("class") or ""):
            return Turn(Next(address))
    off = bool(following) and all(OFF.search(anchor.get("class") or "") for anchor in following)
    return _next_number(page.tree, here) if off or not following else None  # some pagers call all their words switched off


def own_addresses(tree: etree._Element, base: str) -> Iterator[str]:
    """Give the addresses of the numbers that are marked as the page we are on: first pages have two addresses."""
    for anchor in tree.iter("a"):
        if CURRENT.search(anchor.get("class") or "") and whole(_bare_text(anchor)) and (address := _leads_to(anchor, base)):
            yield address


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
