"""Any listing page -> its entries and how it goes on: HTML, XML inside HTML (Hanweb), JSON, HTML inside JSON."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree

from cleaners.decoding.decode import decode
from cleaners.errors import LimitError
from cleaners.limits import MEMORY, SECONDS, run_limited
from cleaners.records import Entry
from cleaners.urls import join
from cleaners.worker import is_plain
from spiders.families import Family, detect, family_of, hanweb, known
from spiders.lists import json_lists
from spiders.lists.mainlist import Kind, MainList, by_articles, main_list
from spiders.lists.shell import is_shell
from spiders.paging import LAST, Next, Page
from spiders.paging.numbered import ends
from spiders.paging.pagers import turn
from spiders.paging.totals import stated

PARSER_OPTIONS = {"recover": True, "huge_tree": False, "remove_comments": True, "remove_pis": True}
LARGEST_HERE = 1 << 20
"""Bytes; a larger list page is read by a child: no single call on it may hold up the other threads of this process."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list page says. `promised` is whether the page itself states that it is not the last one.

    A `next` without a promise is a guess to be tried; a promise without a `next` means that the list goes on in a way not understood.
    `oldest` is the stable end of a list whose pages are numbered from the oldest (VSB), set on its first page, and `newer` the page
    after this one on the way back up, None from the last numbered page on. `total` and `pages` are the rows and pages the list has
    in all, where it says so. Kind `needs_js` is the empty shell of a page that scripts fill.
    `trouble` says which limit a page went beyond that was not read at all; it is empty for all others.
    """

    entries: tuple[Entry, ...] = ()
    next: Next | None = None
    family: str = "generic"
    kind: Kind = "other"
    promised: bool = False
    trouble: str = ""
    oldest: Next | None = None
    newer: Next | None = None
    total: int | None = None
    pages: int | None = None

    @property
    def next_url(self) -> str | None:
        """The next page's address when it is asked for by GET."""
        return self.next.url if self.next is not None and self.next.method == "GET" else None


def read_safely(
    body: bytes, url: str, family: str | None = None, asked: Next | None = None, *, seconds: float = SECONDS, memory: int = MEMORY
) -> Listing:
    """Read a page as `read_listing` does, in this process when it is small and plain, else in a child with limits.

    A page that goes beyond `seconds` of processor time or `memory` in bytes gives an empty Listing whose `trouble` says so. Never
    raises; may be called from several threads.
    """
    if len(body) <= LARGEST_HERE and is_plain(body):
        return read_listing(body, url, family, asked)
    try:
        return run_limited(read_listing, (body, url, family, asked), seconds=seconds, memory=memory)
    except LimitError as error:
        return Listing(trouble=f"{error.limit}: {error}")
    except (OSError, RuntimeError) as error:  # no child can be started
        return Listing(trouble=f"failed: {error}")


def read_listing(body: bytes, url: str, family: str | None = None, asked: Next | None = None) -> Listing:
    """Read a page's main list. Never raises on bad pages; what cannot be read is an empty Listing of kind `other`.

    `asked` is the request the page answers; lists that go on by POST cannot do so without it.
    """
    text = decode(body).text
    seen = detect(text, url)
    made_by = family_of(family) if family and family != "generic" else seen
    pagers = (*made_by.pagers, *seen.pagers, *family_of("generic").pagers)  # one host can hold two generations of CMS
    value = json_lists.load(text)
    page = Page(text, url, value=value, asked=asked)
    found = _from_json(page, made_by, pagers) if value is not None else _from_html(page, text, made_by, pagers)
    return _with_whole(found, page, pagers)


def _with_whole(found: Listing, page: Page, pagers: tuple[str, ...]) -> Listing:
    """Add what the page says of the whole list: its size, and where its stable end is."""
    if found.kind in {"notice", "home"}:
        return found
    if found.kind == "other" and not found.entries and is_shell(page):
        return replace(found, kind="needs_js")
    said, end = stated(page), ends(page, pagers)
    total = said.total if said.total is not None and said.total >= len(found.entries) else None
    return replace(found, oldest=end.oldest, newer=end.newer, total=total, pages=said.pages)


def _from_json(page: Page, family: Family, pagers: tuple[str, ...]) -> Listing:
    fragment = json_lists.fragment(page.value)
    if fragment is not None:
        found = _from_html(replace(page, text=fragment), fragment, family, pagers)
        return found if found.kind == "listing" else Listing(family=family.id, kind="listing")
    entries = json_lists.entries(page.value, page.url)
    if entries is None:
        return Listing(family=family.id)
    entries = max(known.json_rows(page.value, page.url, family), entries, key=len)
    following = turn(replace(page, rows=len(entries)), pagers) if entries else LAST
    return Listing(entries, following.next, family.id, "listing", following.promised)


def _from_html(page: Page, text: str, family: Family, pagers: tuple[str, ...]) -> Listing:
    records = hanweb.records(text)
    tree = _parse("\n".join(records) if records else text)
    if tree is None:
        return Listing(family=family.id)
    if page.value is None:
        page = replace(page, url=_base(tree, page.url) or page.url, tree=tree)
    found = _rows(tree, page, family, fragment=bool(records) or page.value is not None)
    if family.id == "generic":
        family = by_articles([entry.url for entry in found.entries])
        pagers = (*family.pagers, *pagers)
    following = turn(replace(page, rows=len(found.entries)), pagers) if found.kind in {"listing", "other"} else LAST
    goes_on = following.next is not None and following.promised
    kind: Kind = "listing" if goes_on and found.kind == "other" and found.sure else found.kind
    if not found.sure and (found.kind == "other" or not goes_on):
        return Listing(family=family.id)
    entries = () if following.frame else found.entries  # the list is read whole from the next page on
    return Listing(entries, following.next if kind == "listing" else None, family.id, kind, kind == "listing" and following.promised)


def _rows(tree: etree._Element, page: Page, family: Family, *, fragment: bool) -> MainList:
    """Give the rows as the family is known to write them, or what the generic reader finds where that is more."""
    told = known.html_rows(tree, page.url, family)
    if known.sure(told):
        return MainList(told, "listing")
    found = main_list(tree, page.url, family, fragment=fragment)
    return MainList(told, "listing") if told and len(told) >= len(found.entries) and found.kind != "notice" else found


def _base(tree: etree._Element, url: str) -> str | None:
    """Give the address links are relative to where a `<base>` says another than the page's own."""
    base = next((element.get("href") for element in tree.iter("base") if element.get("href")), None)
    return join(url, base) if base else None


def _parse(text: str) -> etree._Element | None:
    if not text.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", **PARSER_OPTIONS)
    try:
        tree: etree._Element | None = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree
