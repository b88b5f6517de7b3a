"""The list pages of the demo's families: which path shows which notices, and how the list goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from crawler.demo.pages.exchange import Reply, Request
from crawler.demo.pages.further import FURTHER
from crawler.demo.pages.shelves import Lister, Shelves, as_json, number_in, number_of, page, rows_of
from crawler.demo.pages.templates import draw
from crawler.demo.records import ModelColumn, ModelNotice, ModelSite
from crawler.demo.scenes import Play, Slice, pages_of

STUB = b"<!DOCTYPE html>\n<html>\n<head>\n<meta charset='utf-8'>\n<title></title>\n</head>\n<body>\n".ljust(300)


def list_reply(shelves: Shelves, request: Request) -> Reply | None:
    """Give the list page at the request's path as the scene has it, or None where there is none."""
    reply = _LISTERS[shelves.site.family](shelves, request)
    if reply is None:
        return None
    spoilt = _SPOILT[shelves.scene.play](shelves.site) if shelves.scene.spoils(request.page) else reply
    return replace(spoilt, listing=True)


_SPOILT: Mapping[Play, Callable[[ModelSite], Reply]] = {
    Play.STUB: lambda _site: Reply(STUB),
    Play.CHALLENGE: lambda site: Reply(draw("challenge", site).encode(), 412),
    Play.ERROR: lambda _site: Reply(b"<html><body><h1>HTTP Status 500</h1></body></html>", 500),
}


def _trs(shelves: Shelves, request: Request) -> Reply | None:
    """Serve index.html, index_1.html, ...; the mobile host has the last column only."""
    site = shelves.site
    mobile = request.host == site.mobile
    for column in site.columns[-1:] if mobile else site.columns:
        number = number_in(rf"{column.path}(?:index(?:_(\d+))?\.html)?", request.path)
        if number is not None:
            return page(site, column, shelves.cut(column, number + 1), "mobile" if mobile else "")
    return None


def _ucap(shelves: Shelves, request: Request) -> Reply | None:
    """Serve list.shtml, list_2.shtml, ..."""
    site = shelves.site
    for column in site.columns:
        stem = column.path.removesuffix(".shtml")
        number = number_in(rf"{stem}(?:_(\d+))?\.shtml", request.path)
        if number is not None and number != 1:
            return page(site, column, shelves.cut(column, number or 1), stem=stem.rsplit("/", 1)[1])
    return None


def _vsb(shelves: Shelves, request: Request) -> Reply | None:
    """Serve x.htm, then x/{T-1}.htm down to x/1.htm: the numbers count up from the oldest page."""
    site = shelves.site
    for column in site.columns:
        stem = column.path.removesuffix(".htm")
        number = number_in(rf"{stem}(?:/(\d+))?\.htm", request.path)
        if number is not None:
            pages = shelves.pages(column)
            part = shelves.cut(column, pages - number + 1 if number else 1)
            if part is None or number >= pages:
                return None
            if shelves.scene.play is not Play.OVERSTATED:  # counted down to 1, nothing lies beyond the end
                part = replace(part, pages=pages)
            return page(site, column, part, stem=stem.rsplit("/", 1)[1], at=request.path)
    return None


def _hanweb(shelves: Shelves, request: Request) -> Reply | None:
    """Serve the column page with its first records in a datastore, and the records asked of dataproxy.jsp."""
    site = shelves.site
    for column in site.columns:
        if request.path in {column.path, column.path.removesuffix("index.html")}:
            return page(site, column, shelves.cut(column, 1), "hanweb")
    if request.path != "/module/web/jpage/dataproxy.jsp":
        return None
    column = next((column for column in site.columns if str(column.id) == request.query.get("columnid")), site.columns[0])
    part = _records(shelves, column, request)
    return Reply(draw("datastore", site, column=column, part=part).encode(site.encoding), media_type="text/xml")


def _records(shelves: Shelves, column: ModelColumn, request: Request) -> Slice:
    """Cut the records startrecord..endrecord, at most 100; without them the page that `page` names. Some servers know `page` only."""
    size = min(number_of(request, "perpage", shelves.site.page_size), 100)
    first = (number_of(request, "page", 1) - 1) * size + 1
    start, end = first, first + size - 1
    if shelves.site.family == "hanweb":
        start = number_of(request, "startrecord", first)
        end = min(number_of(request, "endrecord", start + size - 1), start + 99)
    listed = shelves.listed(column)
    part = shelves.scene.window(listed, start - 1, max(end - start + 1, 1))
    number, pages = (start - 1) // size + 1, pages_of(len(listed), size)
    return Slice(part.notices, number, part.pages, part.rows) if part else Slice((), number, pages, len(listed))


def _gkmlpt(shelves: Shelves, request: Request) -> Reply | None:
    """Serve /gkmlpt/index with window._CONFIG and the JSON of a category (0 is all)."""
    site = shelves.site
    if request.path == "/gkmlpt/index":
        return Reply(draw("gkmlpt", site).encode())
    category = number_in(r"/gkmlpt/api/all/(\d+)", request.path)
    wanted = [column for column in site.columns if category in {0, column.id}]
    if category is None or not wanted or request.query.get("sid") != site.division_code:
        return None
    found = [notice for column in wanted for notice in shelves.listed(column)]
    notices = sorted(found, key=lambda notice: notice.listed, reverse=True) if category == 0 else found
    part = shelves.scene.window(notices, (number_of(request, "page", 1) - 1) * site.page_size, site.page_size)
    articles = [_article(site, notice) for notice in rows_of(part)]
    return as_json({"articles": articles, "total": part.rows if part else len(notices), "classify": {"id": category}})


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


def _docshare(shelves: Shelves, request: Request) -> Reply | None:
    """Serve list/x.html, list/x-2.html, ..."""
    site = shelves.site
    for column in site.columns:
        number = number_in(rf"{column.path.removesuffix('.html')}(?:-(\d+))?\.html", request.path)
        if number is not None:
            return page(site, column, shelves.cut(column, number or 1))
    return None


def _generic(shelves: Shelves, request: Request) -> Reply | None:
    """Serve /news/ and /news/?page=2, ..."""
    site = shelves.site
    for column in site.columns:
        if request.path == column.path:
            return page(site, column, shelves.cut(column, number_of(request, "page", 1)))
    return None


_LISTERS: dict[str, Lister] = {
    "trs": _trs,
    "hanweb": _hanweb,
    "hanweb_page": _hanweb,
    "ucap": _ucap,
    "vsb": _vsb,
    "gkmlpt": _gkmlpt,
    "docshare": _docshare,
    "generic": _generic,
    **FURTHER,
}
