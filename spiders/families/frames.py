"""Pages that only frame a list: the list itself is a JSON file or an answer that their scripts ask for."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cleaners.urls import join
from spiders.paging import Page, Turn, post, query_of, to

DATASOURCE = re.compile(r"<\w{1,20}\b(?=[^<>]{0,300}\bdata=['\"]datasource:([0-9a-fA-F]{6,40})['\"])[^<>]{0,600}>")
MAIN = re.compile(r"\bid=['\"]?(?:content-?list|showData\d{0,3}|list)\b", re.IGNORECASE)
PREVIEW = re.compile(r"preview=['\"]([\w-]{1,20})['\"]")
FEED = re.compile(r"['\"]((?:\.{0,2}/)?(?:[\w.-]{1,60}/){0,6}(?:[A-Z][A-Z_]{5,40}|datas_\d{1,9}))\.json['\"]")
CHANNEL = re.compile(r"channelCode['\"]?\s{0,9}[:=]\s{0,9}['\"]([\w-]{1,40})['\"]")
PER_PAGE = re.compile(r"perPage['\"]?\s{0,9}[:=]\s{0,9}['\"]?(\d{1,3})")


def config_index(page: Page) -> Turn | None:
    """Go from a gkmlpt page (`/gkmlpt/index`, `window._CONFIG` with SID) to the first page of its API; category 0 is everything."""
    base, found, _ = urlsplit(page.url).path.partition("/gkmlpt/")
    if not found or page.value is not None or "_CONFIG" not in page.text:
        return None
    sid = re.search(r"SID[\"']?\s*[:=]\s*[\"']?(\w+)", page.text)
    category = re.search(r"#(\d{1,9})$", page.url)
    api = f"{base}/gkmlpt/api/all/{category.group(1) if category else 0}?page=1&sid={sid.group(1) if sid else ''}"
    return to(page.url, api, frame=True)


def datasource(page: Page) -> Turn | None:
    """Go from a page of 新华's system (`data="datasource:ID"`) to its list `ds_ID.json` beside it: the one called so, else the first."""
    found = list(DATASOURCE.finditer(page.text)) if page.value is None else []
    if not found:
        return None
    chosen = next((tag for tag in found if MAIN.search(tag[0])), found[0])
    preview = PREVIEW.search(chosen[0])
    return to(page.url, f"{preview[1] if preview else 'ds_'}{chosen[1]}.json", frame=True)


def feed(page: Page) -> Turn | None:
    """Go from a page whose script names a list as a static JSON file (`./ZUIXINZHENGCE.json`) to that file."""
    found = FEED.search(page.text) if page.value is None and page.rows == 0 else None
    return to(page.url, f"{found[1]}.json", frame=True) if found else None


def json_list(page: Page) -> Turn | None:
    """Go from a 网信办 column (`channelCode`, `/cms/JsonList`) to the first page of its list, a POST."""
    channel = CHANNEL.search(page.text) if "/cms/JsonList" in page.text and page.value is None else None
    address = join(page.url, "/cms/JsonList")
    if channel is None or address is None:
        return None
    per_page = PER_PAGE.search(page.text)
    fields = {"channelCode": channel[1], "perPage": per_page[1] if per_page else 20, "pageno": 1}
    return Turn(post(address, fields), frame=True)


def doc_info(page: Page) -> Turn | None:
    """Go from a 金融监管总局 column (`ItemList.html?itemId=`, an empty frame) to the first of its static JSON lists; they hold 18 rows."""
    item = query_of(page.url).get("itemId", "")
    if page.value is not None or not re.search(r"/Item\w*List\w*\.html$", urlsplit(page.url).path) or not re.fullmatch(r"\d{1,9}", item):
        return None
    return to(page.url, f"/cn/static/data/DocInfo/SelectDocByItemIdAndChild/data_itemId={item},pageIndex=1,pageSize=18.json", frame=True)
