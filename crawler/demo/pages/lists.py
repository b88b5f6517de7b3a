"""The list pages of each family: which path shows which notices, and how the list goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.demo.content import column_notices
from crawler.demo.pages.exchange import Reply, Request
from crawler.demo.pages.templates import draw
from crawler.demo.records import ModelColumn, ModelNotice, ModelSite

Lister = Callable[[ModelSite, int, Request], Reply | None]


@dataclass(frozen=True, slots=True)
class Slice:
    """One list page: its notices, its number from 1, how many pages and rows there are."""

    notices: Sequence[ModelNotice]
    number: int
    pages: int
    rows: int


def list_reply(site: ModelSite, day: int, request: Request) -> Reply | None:
    """Give the list page at the request's path, or None where there is none."""
    return _LISTERS[site.family](site, day, request)


def cut(site: ModelSite, column: ModelColumn, day: int, number: int) -> Slice | None:
    """Cut page `number` out of a column, newest first; None beyond the last."""
    notices = column_notices(site, column, day)
    pages = -(-len(notices) // site.page_size)
    if not 1 <= number <= pages:
        return None
    start = (number - 1) * site.page_size
    return Slice(notices[start : start + site.page_size], number, pages, len(notices))


def _page(site: ModelSite, column: ModelColumn, part: Slice | None, template: str = "", **more: object) -> Reply | None:
    if part is None:
        return None
    text = draw(template or site.family, site, column=column, part=part, **more)
    return Reply(text.encode(site.encoding, "xmlcharrefreplace"))


def _numbered(path: str, request: str) -> int | None:
    """Match a path against a pattern with one optional number."""
    found = re.fullmatch(path, request)
    return None if found is None else int(found.group(1) or 0)


def _trs(site: ModelSite, day: int, request: Request) -> Reply | None:
    """Serve index.html, index_1.html, ...; the mobile host has the last column only."""
    mobile = request.host == site.mobile
    for column in site.columns[-1:] if mobile else site.columns:
        number = _numbered(rf"{column.path}(?:index(?:_(\d+))?\.html)?", request.path)
        if number is not None:
            return _page(site, column, cut(site, column, day, number + 1), "mobile" if mobile else "")
    return None


def _ucap(site: ModelSite, day: int, request: Request) -> Reply | None:
    """Serve list.shtml, list_2.shtml, ..."""
    for column in site.columns:
        stem = column.path.removesuffix(".shtml")
        number = _numbered(rf"{stem}(?:_(\d+))?\.shtml", request.path)
        if number is not None and number != 1:
            return _page(site, column, cut(site, column, day, number or 1), stem=stem.rsplit("/", 1)[1])
    return None


def _vsb(site: ModelSite, day: int, request: Request) -> Reply | None:
    """Serve x.htm, then x/{T-1}.htm down to x/1.htm: the numbers count up from the oldest page."""
    for column in site.columns:
        stem = column.path.removesuffix(".htm")
        number = _numbered(rf"{stem}(?:/(\d+))?\.htm", request.path)
        if number is not None:
            first = cut(site, column, day, 1)
            pages = first.pages if first else 0
            part = cut(site, column, day, pages - number + 1 if number else 1)
            return None if part and number >= pages else _page(site, column, part, stem=stem.rsplit("/", 1)[1], at=request.path)
    return None


def _hanweb(site: ModelSite, day: int, request: Request) -> Reply | None:
    """Serve the column page with its first records in a datastore, and the records asked of dataproxy.jsp."""
    for column in site.columns:
        if request.path in {column.path, column.path.removesuffix("index.html")}:
            return _page(site, column, cut(site, column, day, 1))
    if request.path != "/module/web/jpage/dataproxy.jsp":
        return None
    column = next((column for column in site.columns if str(column.id) == request.query.get("columnid")), site.columns[0])
    part = _records(site, column, day, request)
    return Reply(draw("datastore", site, column=column, part=part).encode(site.encoding), media_type="text/xml")


def _records(site: ModelSite, column: ModelColumn, day: int, request: Request) -> Slice:
    """Cut the records startrecord..endrecord, at most 100; without them the page that `page` names."""
    notices = column_notices(site, column, day)
    size = min(_number(request, "perpage", site.page_size), 100)
    page = _number(request, "page", 1)
    start = _number(request, "startrecord", (page - 1) * size + 1)
    end = min(_number(request, "endrecord", start + size - 1), start + 99)
    return Slice(notices[max(0, start - 1) : end], (start - 1) // size + 1, -(-len(notices) // size), len(notices))


def _number(request: Request, key: str, default: int) -> int:
    value = request.query.get(key, "")
    return int(value) if value.isdecimal() and int(value) > 0 else default


def _gkmlpt(site: ModelSite, day: int, request: Request) -> Reply | None:
    """Serve /gkmlpt/index with window._CONFIG and the JSON of a category (0 is all)."""
    if request.path == "/gkmlpt/index":
        return Reply(draw("gkmlpt", site).encode())
    category = _numbered(r"/gkmlpt/api/all/(\d+)", request.path)
    wanted = [column for column in site.columns if category in {0, column.id}]
    if category is None or not wanted or request.query.get("sid") != site.division_code:
        return None
    found = [notice for column in wanted for notice in column_notices(site, column, day)]
    notices = sorted(found, key=lambda notice: notice.listed, reverse=True)
    start = (_number(request, "page", 1) - 1) * site.page_size
    articles = [_article(site, notice) for notice in notices[start : start + site.page_size]]
    table = {"articles": articles, "total": len(notices), "classify": {"id": category}}
    return Reply(json.dumps(table, ensure_ascii=False).encode(), media_type="application/json")


def _article(site: ModelSite, notice: ModelNotice) -> dict[str, object]:
    """Give one notice as the directory's API lists it."""
    column = next(column for column in site.columns if column.id == notice.column)
    issued = int(notice.issued.timestamp()) if notice.issued is not None and hasattr(notice.issued, "timestamp") else 0
    return {
        "id": notice.key,
        "title": notice.title,
        "url": notice.url,
        "document_number": notice.document_number or "",
        "identifier": notice.identifier or "",
        "publisher": notice.creator or site.title,
        "display_publish_time": issued,
        "date": f"{notice.issued:%Y-%m-%d %H:%M:%S}",
        "classify_main_name": column.name,
        "is_abolished": False,
    }


def _docshare(site: ModelSite, day: int, request: Request) -> Reply | None:
    """Serve list/x.html, list/x-2.html, ..."""
    for column in site.columns:
        number = _numbered(rf"{column.path.removesuffix('.html')}(?:-(\d+))?\.html", request.path)
        if number is not None:
            return _page(site, column, cut(site, column, day, number or 1))
    return None


def _generic(site: ModelSite, day: int, request: Request) -> Reply | None:
    """Serve /news/ and /news/?page=2, ..."""
    for column in site.columns:
        if request.path == column.path:
            return _page(site, column, cut(site, column, day, _number(request, "page", 1)))
    return None


_LISTERS: dict[str, Lister] = {
    "trs": _trs,
    "hanweb": _hanweb,
    "ucap": _ucap,
    "vsb": _vsb,
    "gkmlpt": _gkmlpt,
    "docshare": _docshare,
    "generic": _generic,
}
