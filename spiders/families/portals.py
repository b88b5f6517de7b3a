"""Portals whose further pages are fragments asked for by number: 龙讯's label and EasySite's eportal."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cleaners.urls import join
from spiders.paging import LAST, Next, Page, Turn, query_of, whole, with_query
from spiders.paging.links import links

LABEL = re.compile(r"['\"]?((?:/[\w-]{1,60}){0,4}/site/label/8888)(\?[^'\"\s<>]{0,1500})?")
SITE_ID = re.compile(
    r"siteId['\"]?\s{0,9}[:=]\s{0,9}['\"]?(\d{1,12})|<meta[^<>]{0,60}name=['\"]SiteId['\"][^<>]{0,60}content=['\"](\d{1,12})", re.IGNORECASE
)
PAGE_COUNT = re.compile(r"pageCount['\"]?\s{0,9}[:=]\s{0,9}['\"]?(\d{1,7})")
PAGE_SIZE = re.compile(r"pageSize['\"]?\s{0,9}[:=]\s{0,9}['\"]?(\d{1,4})")
PAGING = re.compile(r"<input\b[^<>]{0,200}name=['\"]?article_paging_list_hidden['\"]?[^<>]{0,300}>", re.IGNORECASE)
PORTAL_PAGE = re.compile(r"id=['\"]?eprotalCurrentPageId['\"]?[^<>]{0,100}value=['\"]?(\w{1,40})")


def label(page: Page) -> Turn | None:
    """Go from a 龙讯 column (`/public/column/ORG?type=4&catId=`) to its list `/site/label/8888?labelName=publicInfoList&pageIndex=1`.

    Where a script of the page names the label with its parameters these are asked for, else those that the column's address gives.
    """
    column = re.search(r"/public/column/(\d{1,12})", page.url)
    if page.value is not None or "/site/label/8888" in page.url or column is None:
        return None
    named = next((found for found in LABEL.finditer(page.text) if found[2] and "publicInfoList" in found[2]), None)
    if named is None and PAGE_COUNT.search(page.text) is None:
        return None
    base = urlsplit(page.url).path.partition("/public/column/")[0]
    address = join(page.url, (named[1] + named[2].replace("&amp;", "&")) if named else f"{base}/site/label/8888?labelName=publicInfoList")
    return Turn(Next(with_query(address, _asked(page, column[1], address))), frame=True) if address else None


def _asked(page: Page, organ: str, address: str) -> dict[str, object]:
    """Give the parameters of the label that its address lacks, and the first page."""
    given, column = query_of(address), query_of(page.url)
    site, size = SITE_ID.search(page.text), PAGE_SIZE.search(page.text)
    usual = {
        "siteId": next((part for part in site.groups() if part), "") if site else "",
        "pageSize": size[1] if size else "15",
        "organId": organ,
        "type": column.get("type", "4"),
        "catId": column.get("catId", ""),
        "action": "list",
        "isDate": "true",
        "dateFormat": "yyyy-MM-dd",
        "length": "200",
    }
    return {**{key: value for key, value in usual.items() if value and not given.get(key)}, "pageIndex": 1}


def eportal_ui(page: Page) -> Turn | None:
    """Follow EasySite: the link its pager shows, else `/eportal/ui?pageId=&currentPage=k&moduleId=&staticRequest=yes` as far as it counts.

    The hidden field `article_paging_list_hidden` states how many pages there are, and which module asks for them.
    """
    field = PAGING.search(page.text) if page.value is None else None
    if field is None:
        return None
    shown = links(page)
    if shown is not None:
        return shown
    pages, module, portal = _attribute(field[0], "totalpage"), _attribute(field[0], "moduleid"), PORTAL_PAGE.search(page.text)
    static = re.search(r"/[0-9a-f]{4,32}-(\d{1,6})\.s?html?$", urlsplit(page.url).path)
    current = whole(static[1] if static else query_of(page.url).get("currentPage", "")) or 1
    asked = query_of(page.url).get("pageId") or (portal[1] if portal else "")
    if (total := whole(pages)) is None or not module or not asked:
        return None
    if current >= total:
        return LAST
    query = {"pageId": asked, "currentPage": current + 1, "moduleId": module, "staticRequest": "yes"}
    address = join(page.url, "/eportal/ui")
    return Turn(Next(with_query(address, query))) if address else None


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"\b{name}=['\"]?([\w-]{{1,60}})", tag, re.IGNORECASE)
    return found[1] if found else ""
