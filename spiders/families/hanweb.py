"""大汉 Hanweb JCMS: lists are XML inside the page, further pages come from `dataproxy.jsp`; 信息公开 lists from `search.jsp`."""

from __future__ import annotations

import ast
import json
import re
from urllib.parse import urlsplit

from cleaners.urls import join
from spiders.paging import LAST, Next, Page, Turn, post, query_of, whole, with_query
from spiders.paging.counted import query_page
from spiders.paging.totals import stated

MOST_RECORDS = 100  # a page: servers cut off silently what is beyond a few hundred
PROXY = re.compile(r"(?:/[\w-]{1,40}){1,6}/(?:morecolumn)?dataproxy\.jsp")
FIELDS = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype")
SEARCH = re.compile(r"((?:/[\w-]{1,40}){0,3}/module/xxgk/(?:search|search_custom|subjectinfo)\.jsp)(\?[^'\"\s<>]{0,600})?")
SEARCH_FIELDS = ("infotypeId", "jdid", "area", "divid", "sortfield", "standardXxgk", "texttype", "fbtime")
STORE = re.compile(r"\bdataStore\s{0,9}=\s{0,9}(?=\[)")


def records(text: str) -> list[str]:
    """Give the HTML of each `<record>`, or of each string of an old answer's `dataStore`; empty for a page without any."""
    pieces = text.split("<record>")[1:]
    found = [_bare(piece.partition("</record>")[0]) for piece in pieces if "</record>" in piece]
    return found or _data_store(text)


def _bare(piece: str) -> str:
    return piece.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip()


def _data_store(text: str) -> list[str]:
    """Read the array of strings that answers of old versions are, in JavaScript's quotes."""
    store = STORE.search(text) if "dataStore" in text else None
    if store is None:
        return []
    try:
        value, _ = json.JSONDecoder().raw_decode(text, store.end())
    except (ValueError, RecursionError):
        value = _quoted(text[store.end() :])
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


def _quoted(text: str) -> object:
    try:
        return ast.literal_eval(text[: text.rindex("]") + 1])
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def dataproxy(page: Page) -> Turn | None:
    """Follow Hanweb's `<nextgroup>` and count records: `dataproxy.jsp?startrecord=&endrecord=&perpage=`, at most 100 a page.

    Old versions give an array without a next group; then, and where the page's script has the parameters alone, these are asked
    for again with the next records, by the method that was used.
    """
    _, opened, rest = page.text.partition("<nextgroup>")
    if page.value is not None or not (opened or "dataproxy.jsp" in page.text + page.url):
        return None
    link = re.search(r"href=[\"']?([^\"'\s>]+)", rest.partition("</nextgroup>")[0])
    if link is not None:
        return _group(page, link[1].replace("&amp;", "&"))
    if "dataproxy.jsp" in page.url:
        return _counted(page, _asked(page)) if "startrecord=" in page.url else LAST
    if opened and "<recordset" in page.text and "columnid" not in _fields(page.text, FIELDS):
        return LAST
    found = _counted(page, _asked(page)) if records(page.text) else None
    return LAST if found is None and opened else found


def _group(page: Page, link: str) -> Turn | None:
    """Follow the link of a next group; one that names no records is given those that come next."""
    address = join(page.url, link)
    if address is None:
        return None
    start, total = _number(address, "startrecord"), stated(page).total
    if total is not None and (start or _done(page) + 1) > total:
        return LAST
    if start is not None or (total is None and "page=" in address):
        return Turn(Next(address))
    return _counted(page, Next(address))


def _asked(page: Page) -> Next | None:
    """Give the request for records: the one this page answers, with its next page, or the one its script describes, a POST."""
    if "dataproxy.jsp" in page.url:
        if page.asked is not None and page.asked.method == "POST":
            return page.asked
        number = whole(query_of(page.url).get("page", ""))
        return Next(page.url if number is None else with_query(page.url, {"page": number + 1}))
    proxy = PROXY.search(page.text)
    address = join(page.url, proxy[0]) if proxy else None
    fields = _fields(page.text, FIELDS)
    return post(address, {"col": 1, **fields}) if address and "columnid" in fields else None


def _fields(text: str, names: tuple[str, ...]) -> dict[str, str]:
    """Read the parameters a script names ("columnid:'77'", "'webid':'3'")."""
    found = {name: re.search(rf"\b{name}['\"]?\s{{0,9}}[:=]\s{{0,9}}['\"]?([^'\",&;}}<>\s]{{1,200}})", text) for name in names}
    return {name: value[1] for name, value in found.items() if value}


def _done(page: Page) -> int:
    """Give the number of the last record on this page."""
    return _number(page.url, "endrecord") or max(page.rows, len(records(page.text)))


def _counted(page: Page, asked: Next | None) -> Turn | None:
    """Ask for the records after this page's, as many as it was asked for, with the number of the page for servers that go by it."""
    here, done, total = max(page.rows, len(records(page.text))), _done(page), stated(page).total
    if asked is None:
        return None
    if here == 0 or (total is not None and done >= total):
        return LAST
    start = _number(page.url, "startrecord")
    size = min(done - start + 1 if start else here, MOST_RECORDS)
    if size < 1:
        return None
    end = done + size if total is None else min(done + size, total)
    query: dict[str, object] = {"startrecord": done + 1, "endrecord": end, "perpage": size}
    if asked.method == "GET" and "page" not in query_of(asked.url):
        query["page"] = done // size + 1  # for servers that go by it and ignore the records
    return Turn(Next(with_query(asked.url, query), asked.method, asked.body, asked.headers), promised=total is not None)


def _number(text: str, name: str) -> int | None:
    found = re.search(rf"{name}\W{{1,4}}([0-9]{{1,9}})", text, re.IGNORECASE)
    return int(found.group(1)) if found else None


def xxgk_search(page: Page) -> Turn | None:
    """Read 信息公开 lists: a column frames `/module/xxgk/search.jsp`, whose pages are counted by `currpage` and say 共N页."""
    if page.value is not None:
        return None
    if SEARCH.search(urlsplit(page.url).path):
        return query_page(page)
    found = SEARCH.search(page.text)
    if found is None or "dataproxy.jsp" in page.text:
        return None
    address = join(page.url, found[1] + (found[2] or "").replace("&amp;", "&"))
    if address is None:
        return None
    if "infotypeId" in query_of(address) or "divid" in query_of(address):
        return Turn(Next(with_query(address, {"currpage": 1})), frame=True)
    fields = _fields(page.text, SEARCH_FIELDS)
    return Turn(post(address, {**fields, "currpage": 1}), frame=True) if "infotypeId" in fields or "area" in fields else None
