"""The list servers of the further families, each written after the published descriptions of its CMS.

What each serves: which path, which parameters it heeds, how a page says that there are more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time

from crawler.demo.addresses import hex32, uuid
from crawler.demo.pages.exchange import Reply, Request
from crawler.demo.pages.shelves import Lister, Shelves, as_json, number_in, number_of, page, rows_of
from crawler.demo.pages.templates import draw
from crawler.demo.records import ModelColumn, ModelNotice, ModelSite
from crawler.demo.scenes import Play, Slice

GATEWAY = "/api-gateway/jpaas-publish-server/front/page/build/unit"
PROJECT = "EpointWebBuilder"
SCRIPT = "// builds what the pages of this site leave to the browser\n" + "".join(
    f"function show{part}(rows) {{ $('#' + '{part}').html(template('{part}', {{list: rows}})); }}\n" for part in ("head", "list", "foot")
)


def _igs(shelves: Shelves, request: Request) -> Reply | None:
    """Serve TRS IGS search: JSON pages from 1 with their total; beyond the end an empty `content`."""
    (column,) = shelves.site.columns
    if request.path != column.path:
        return None
    number, size = number_of(request, "pageNumber", 1), number_of(request, "pageSize", 10)
    part = shelves.cut(column, number, size)
    content = [_igs_row(notice) for notice in rows_of(part)]
    edge = part or _empty(shelves, column, number, size)
    table = {"content": content, "totalPages": edge.pages, "totalElements": edge.rows, "number": number - 1, "size": size}
    return as_json({"page": table, "status": 200})


def _igs_row(notice: ModelNotice) -> dict[str, str]:
    return {
        "_id": str(notice.key),
        "DOCTITLE": notice.title,
        "PUBDATE": f"{notice.listed.isoformat()}T00:00:00.000+0800",
        "DOCPUBURL": notice.url,
        "DOCCONTENT": notice.text[:60],
        "CHNLDESC": "通知公告",
        "IdxID": notice.identifier or "",
    }


def _was(shelves: Shelves, request: Request) -> Reply | None:
    """Serve TRS WAS with the template docs.jsp: JSON as text, a count and no number of pages, line ends between its rows."""
    (column,) = shelves.site.columns
    if request.path != column.path or request.query.get("channelid") != str(column.id):
        return None
    size = number_of(request, "prepage", 10)
    number = number_of(request, "page", 1)
    part = shelves.cut(column, number, size)
    docs = [{"title": notice.title, "url": notice.url, "time": f"{notice.listed} 00:00:00", "fileno": ""} for notice in rows_of(part)]
    count = (part or _empty(shelves, column, number, size)).rows
    text = json.dumps({"count": str(count), "docs": docs}, ensure_ascii=False, indent=0)
    return Reply(text.replace("\n", "\r\n").encode())


def _jpaas(shelves: Shelves, request: Request) -> Reply | None:
    """Serve a column page whose script builds its list, and the gateway: it heeds the number in `paramJson` and no other."""
    (column,) = shelves.site.columns
    wanted = {"webId": hex32(shelves.site.name, "web"), "tplSetId": hex32(shelves.site.name, "tpl"), "pageId": hex32(column.id)}
    if request.path in {column.path, column.path.removesuffix("index.html")}:
        return page(shelves.site, column, shelves.cut(column, 1), query=wanted, gateway=GATEWAY)
    if request.path != GATEWAY:
        return None
    if any(request.query.get(key) != value for key, value in wanted.items()):
        return as_json({"success": False, "code": "500", "message": "参数错误", "data": None})
    number, size = _parameters(request, shelves.site)
    part = shelves.cut(column, number, size) or _empty(shelves, column, number, size)
    fragment = draw("hanweb_jpaas_unit", shelves.site, column=column, part=part, size=size)
    return as_json({"success": True, "code": "200", "message": "操作成功", "data": {"html": fragment}})


def _parameters(request: Request, site: ModelSite) -> tuple[int, int]:
    """Read page number and size out of `paramJson`; the first page where it is missing or no JSON."""
    try:
        found = json.loads(request.query.get("paramJson", "{}"))
        return max(int(found.get("pageNo", 1)), 1), max(int(found.get("pageSize", site.page_size)), 1)
    except (ValueError, AttributeError, TypeError):
        return 1, site.page_size


def _epoint(shelves: Shelves, request: Request) -> Reply | None:
    """Serve Epoint's static pages: moreinfo.html, then 2.html, 3.html, ... beside it; a script gets size and total."""
    (column,) = shelves.site.columns
    folder = column.path.rpartition("/")[0]
    number = 1 if request.path == column.path else number_in(rf"{folder}/(\d+)\.html", request.path)
    return page(shelves.site, column, shelves.cut(column, number)) if number else None


def _epoint_rest(shelves: Shelves, request: Request) -> Reply | None:
    """Serve a page without rows, the script that says the site's key, and the POST service, whose pages count from 0."""
    site = shelves.site
    (column,) = site.columns
    if request.path == column.path:
        return page(site, column, shelves.cut(column, 1), category=f"{column.id:09}")
    if request.path == "/js/webBuilderCommon.js":
        keys = json.dumps({"siteGuid": _site_key(site), "projectName": PROJECT})
        return Reply(f"{SCRIPT}var siteInfo = {keys};\n".encode(), media_type="application/javascript")
    if request.path != f"/{PROJECT}/rest/lightfrontaction/getgovinfolist" or request.method != "POST":
        return None
    if (request.query.get("siteGuid"), request.query.get("categorynum")) != (_site_key(site), f"{column.id:09}"):
        return as_json({"custom": {"infodata": [], "total": 0}, "status": {"code": "200"}})
    index = request.query.get("pageIndex", "0")
    number, size = int(index) + 1 if index.isdecimal() else 1, number_of(request, "pageSize", site.page_size)
    part = shelves.cut(column, number, size) or _empty(shelves, column, number, size)
    rows = [{"title": notice.title, "infourl": _path(notice), "infodate": f"{notice.listed}"} for notice in part.notices]
    return as_json({"custom": {"infodata": rows, "total": part.rows}, "status": {"code": "200"}})


def _site_key(site: ModelSite) -> str:
    return uuid(site.name, "guid")


def _lonsun(shelves: Shelves, request: Request) -> Reply | None:
    """Serve the column of an office with its first rows, and the label that gives the others as a fragment of HTML."""
    (column,) = shelves.site.columns
    if request.query.get("catId") != str(column.id):
        return None
    if request.path == column.path:
        return page(shelves.site, column, shelves.cut(column, 1))
    if request.path != "/site/label/8888" or request.query.get("labelName") != "publicInfoList":
        return None
    number, size = number_of(request, "pageIndex", 1), number_of(request, "pageSize", shelves.site.page_size)
    part = shelves.cut(column, number, size) or _empty(shelves, column, number, size)
    return page(shelves.site, column, part, "lonsun_label", size=size)


def _eportal(shelves: Shelves, request: Request) -> Reply | None:
    """Serve EasySite's /eportal/ui?pageId=...&currentPage=k; the pager's links are calls of a script that name the address."""
    (column,) = shelves.site.columns
    if request.path != column.path or request.query.get("pageId") != "6817552":
        return None
    number = number_of(request, "currentPage", 1)
    return page(shelves.site, column, shelves.cut(column, number) or _empty(shelves, column, number, shelves.site.page_size))


def _npath(shelves: Shelves, request: Request) -> Reply | None:
    """Serve index.html, then index_<id>_{T-1}.html down to index_<id>_1.html; a script is told how many there are."""
    (column,) = shelves.site.columns
    folder = column.path.rpartition("/")[0]
    pages = shelves.pages(column)
    number = 0 if request.path == column.path else number_in(rf"{folder}/index_{column.id}_(\d+)\.html", request.path)
    if number is None or number >= pages:
        return None
    part = shelves.cut(column, pages - number + 1 if number else 1)
    honest = shelves.scene.play is not Play.OVERSTATED
    return page(shelves.site, column, part, last=pages if honest or part is None else part.pages)


def _flat(shelves: Shelves, request: Request) -> Reply | None:
    """Serve all rows in one page."""
    (column,) = shelves.site.columns
    return page(shelves.site, column, shelves.whole(column), "npath", last=1) if request.path == column.path else None


def _suffixed(pattern: str, *, parameter: str = "", empty: bool = False) -> Lister:
    """Serve pages whose number stands in the path where `pattern` says, or in a parameter; beyond the end nothing or an `empty` page."""

    def serve(shelves: Shelves, request: Request) -> Reply | None:
        (column,) = shelves.site.columns
        stem, ending = re.fullmatch(r"(.*?)(\.html|/|)", column.path, re.DOTALL).groups()  # type: ignore[union-attr]  # matches all
        number = number_in(pattern.format(stem=re.escape(stem), ending=re.escape(ending)), request.path)
        if number is None:
            return None
        number = number or number_of(request, parameter, 1)
        part = shelves.cut(column, number) or (_empty(shelves, column, number, shelves.site.page_size) if empty else None)
        return page(shelves.site, column, part)

    return serve


def _newest(shelves: Shelves, request: Request) -> Reply | None:
    """Serve the static file of the newest policies: one JSON list, never paged."""
    (column,) = shelves.site.columns
    if request.path != column.path:
        return None
    rows = shelves.whole(column).notices
    return as_json([{"TITLE": row.title, "SUB_TITLE": "", "URL": row.url, "DOCRELPUBTIME": f"{row.listed}"} for row in rows])


def _library(shelves: Shelves, request: Request) -> Reply | None:
    """Serve the library's search: `p` from 1, `n` rows; times are milliseconds of the epoch."""
    (column,) = shelves.site.columns
    if request.path != column.path or request.query.get("t") != "zhengcelibrary_gw":
        return None
    number, size = number_of(request, "p", 1), min(number_of(request, "n", 10), 50)
    part = shelves.cut(column, number, size) or _empty(shelves, column, number, size)
    rows = [
        {"title": row.title, "url": row.url, "pcode": row.document_number or "", "puborg": row.creator or "", "pubtime": _milliseconds(row)}
        for row in part.notices
    ]
    found = {"totalCount": part.rows, "totalpage": part.pages, "currentPage": number, "pageSize": size, "listVO": rows}
    return as_json({"code": 200, "msg": "操作成功", "searchVO": found})


def _search_list(shelves: Shelves, request: Request) -> Reply | None:
    """Serve UCAP's /searchList/<channel>: JSON results with their total."""
    (column,) = shelves.site.columns
    if request.path != column.path:
        return None
    number, size = number_of(request, "page", 1), number_of(request, "_pageSize", 18)
    part = shelves.cut(column, number, size) or _empty(shelves, column, number, size)
    rows = [
        {"title": row.title, "url": row.url, "publishedTime": _milliseconds(row), "publishedTimeStr": f"{row.listed} 10:00:00"}
        for row in part.notices
    ]
    return as_json({"data": {"channelName": column.name, "total": part.rows, "page": number, "rows": size, "results": rows}})


def _datasource(shelves: Shelves, request: Request) -> Reply | None:
    """Serve a page with an empty list that names its data source, and the data source beside it: one JSON, never paged."""
    (column,) = shelves.site.columns
    source = hex32(shelves.site.name, column.id)
    folder = column.path.rpartition("/")[0]
    if request.path in {column.path, f"{folder}/"}:
        return page(shelves.site, column, shelves.whole(column), source=source)
    if request.path != f"{folder}/ds_{source}.json":
        return None
    up = "../" * (column.path.count("/") - 1)
    rows = shelves.whole(column).notices
    listed = [
        {"title": row.title, "publishUrl": f"{up}{_path(row)[1:]}", "publishTime": f"{row.listed} 10:00:00", "author": ""} for row in rows
    ]
    return as_json({"categoryName": column.name, "datasource": listed})


def _static_json(shelves: Shelves, request: Request) -> Reply | None:
    """Serve an Angular frame, and the static JSON files its script asks for: pages from 1, of 18 rows and no other number."""
    site = shelves.site
    (column,) = site.columns
    if request.path == column.path:
        return page(site, column, shelves.cut(column, 1))
    folder = "/cn/static/data/DocInfo/SelectDocByItemIdAndChild"
    number = number_in(rf"{folder}/data_itemId={column.id},pageIndex=(\d+),pageSize={site.page_size}\.json", request.path)
    part = shelves.cut(column, number) if number else None
    if part is None:
        return None
    rows = [{"docId": row.key, "docTitle": row.title, "publishDate": f"{row.listed} 10:00:00"} for row in part.notices]
    return as_json({"rptCode": 200, "msg": "成功", "data": {"total": part.rows, "rows": rows}})


def _json_list(shelves: Shelves, request: Request) -> Reply | None:
    """Serve a column page whose script names its channel, and POST /cms/JsonList: pages from 1, no totals."""
    site = shelves.site
    (column,) = site.columns
    if request.path in {column.path, column.path.removesuffix("index.htm")}:
        return page(site, column, shelves.cut(column, 1))
    if request.path != "/cms/JsonList" or request.method != "POST" or request.query.get("channelCode") != f"A{column.id:06}":
        return None
    part = shelves.cut(column, number_of(request, "pageno", 1), number_of(request, "perPage", site.page_size))
    rows = [{"topic": row.title, "infourl": row.url.split(":", 1)[1], "pubtime": f"{row.listed} 10:00"} for row in rows_of(part)]
    return as_json({"list": rows})


def _empty(shelves: Shelves, column: ModelColumn, number: int, size: int) -> Slice:
    """Give the page beyond the end as servers do that answer any number: no rows, and the totals of the first page."""
    first = shelves.cut(column, 1, size)
    return Slice((), number, first.pages if first else 0, first.rows if first else 0)


def _path(notice: ModelNotice) -> str:
    return "/" + notice.url.split("/", 3)[3]


def _milliseconds(notice: ModelNotice) -> int:
    """Give the morning of the day a notice is listed as, in China's time."""
    return int(datetime.combine(notice.listed, time(1), UTC).timestamp()) * 1000


FURTHER: Mapping[str, Lister] = {
    "trs_igs": _igs,
    "trs_was": _was,
    "hanweb_jpaas": _jpaas,
    "epoint": _epoint,
    "epoint_rest": _epoint_rest,
    "lonsun": _lonsun,
    "lonsun_content": _suffixed("{stem}()", parameter="pageIndex", empty=True),
    "eportal": _eportal,
    "npath": _npath,
    "npath_flat": _flat,
    "empire": _suffixed(r"{stem}/(?:index(?:_(\d+))?\.html)?"),
    "channels": _suffixed(r"{stem}(?:_(\d+))?{ending}"),
    "pc_list": _suffixed(r"{stem}(?:_(\d+))?{ending}"),
    "people": _suffixed(r"{stem}/(?:index(\d+)?\.html)?"),
    "govcn": _newest,
    "govcn_library": _library,
    "xinhua": _datasource,
    "ucap_json": _search_list,
    "nfra": _static_json,
    "cac": _json_list,
    "shanghai": _suffixed(r"{stem}(?:_(\d+))?{ending}"),
    "ilist_jsp": _suffixed("{stem}()", parameter="cur_page", empty=True),
}
