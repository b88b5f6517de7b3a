"""Any listing page -> its entries and how it goes on: HTML, XML inside HTML (Hanweb), JSON, HTML inside JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lxml import etree, html

from cleaners.decode import decode
from cleaners.records import Entry
from spiders import json_lists, rows
from spiders.families import Family, detect, family_of
from spiders.paging import Next, Page, Turn, turn

Kind = Literal["listing", "home", "notice", "other"]
PARSER_OPTIONS = {"recover": True, "huge_tree": False, "remove_comments": True, "remove_pis": True}
MIN_WORTH = 4.0


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list page says. `promised` is whether the page itself states that `next` exists, or it is a guess to be tried."""

    entries: tuple[Entry, ...] = ()
    next: Next | None = None
    family: str = "generic"
    kind: Kind = "other"
    promised: bool = False

    @property
    def next_url(self) -> str | None:
        """The next page's address when it is asked for by GET."""
        return self.next.url if self.next is not None and self.next.method == "GET" else None


def read_listing(body: bytes, url: str, family: str | None = None) -> Listing:
    """Read a page's main list. Never raises on bad pages; what cannot be read is an empty Listing of kind `other`."""
    text = decode(body).text
    made_by = family_of(family) if family and family != "generic" else detect(text, url)
    value = json_lists.load(text)
    if value is not None:
        return _from_json(value, text, url, made_by)
    return _from_html(text, url, made_by)


def _from_json(value: object, text: str, url: str, family: Family) -> Listing:
    fragment = json_lists.fragment(value)
    if fragment is not None:
        found = _from_html(fragment, url, family, Page(text, url, value=value))
        return found if found.kind == "listing" else Listing(family=family.id, kind="listing")
    entries = json_lists.entries(value, url)
    if entries is None:
        return Listing(family=family.id)
    following = turn(Page(text, url, value=value), family.pagers) if entries else Turn(None)
    return Listing(entries, following.next, family.id, "listing", following.promised)


def _from_html(text: str, url: str, family: Family, page: Page | None = None) -> Listing:
    records = re.findall(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", text, re.DOTALL)
    tree = _parse("\n".join(records) if records else text)
    if tree is None:
        return Listing(family=family.id)
    entries, kind = _rows(tree, url, family, whole=bool(records))
    following = turn(page or Page(text, url, tree), family.pagers) if kind == "listing" or not entries else Turn(None)
    if following.next is not None and kind == "other" and family.id != "generic" and following.next.url != url:
        kind = "listing" if not entries and family.id in {"gkmlpt", "hanweb_jpaas"} else kind
    going_on = following.next if kind == "listing" else None
    return Listing(entries if kind in {"listing", "home"} else (), going_on, family.id, kind, following.promised)


def _parse(text: str) -> etree._Element | None:
    if not text.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", **PARSER_OPTIONS)
    try:
        tree: etree._Element = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree


def _rows(tree: etree._Element, url: str, family: Family, *, whole: bool) -> tuple[tuple[Entry, ...], Kind]:
    is_article: Callable[[str], bool] = family.is_article
    scored = sorted(((rows.worth(group, is_article), group) for group in rows.groups(tree, url)), key=lambda pair: -pair[0])
    if not scored or (scored[0][0] < MIN_WORTH and not whole):
        return (), "other"
    return rows.entries(scored[0][1]), "listing"
