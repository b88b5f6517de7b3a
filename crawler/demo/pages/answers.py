"""List servers that answer with JSON: search services, libraries, data sources and static files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time

from crawler.demo.addresses import hex32
from crawler.demo.pages.exchange import Reply, Request
from crawler.demo.pages.shelves import Shelves, as_json, nothing_at, number_in, number_of, page, path_of, rows_of
from crawler.demo.records import ModelNotice


def igs(shelves: Shelves, request: Request) -> Reply | None:
    """Serve TRS IGS search: JSON pages from 1 with their total; beyond the end an empty `content`."""
    (column,) = shelves.site.columns
    if request.path != column.path:
        return None
    number, size = number_of(request, "pageNumber", 1), number_of(request, "pageSize", 10)
    part = shelves.cut(column, number, size)
    content = [_igs_row(notice) for notice in rows_of(part)]
    edge = part or nothing_at(shelves, column, number, size)
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


def was(shelves: Shelves, request: Request) -> Reply | None:
    """Serve TRS WAS with the template docs.jsp: JSON as text, a count and no number of pages, line ends between its rows."""
    (column,) = shelves.site.columns
    if request.path != column.path or request.query.get("channelid") != str(column.id):
        return None
    size = number_of(request, "prepage", 10)
    number = number_of(request, "page", 1)
    part = shelves.cut(column, number, size)
    docs = [{"title": notice.title, "url": notice.url, "time": f"{notice.listed} 00:00:00", "fileno": ""} for notice in rows_of(part)]
    count = (part or nothing_at(shelves, column, number, size)).rows
    text = json.dumps({"count": str(count), "docs": docs}, ensure_ascii=False, indent=0)
    return Reply(text.replace("\n", "\r\n").encode())


def newest(shelves: Shelves, request: Request) -> Reply | None:
    """Serve the static file of the newest policies: one JSON list, never paged."""
    (column,) = shelves.site.columns
    if request.path != column.path:
        return None
    rows = shelves.whole(column).notices
    return as_json([{"TITLE": row.title, "SUB_TITLE": "", "URL": row.url, "DOCRELPUBTIME": f"{row.listed}"} for row in rows])


def library(shelves: Shelves, request: Request) -> Reply | None:
    """Serve the library's search: `p` from 1, `n` rows; times are milliseconds of the epoch."""
    (column,) = shelves.site.columns
    if request.path != column.path or request.query.get("t") != "zhengcelibrary_gw":
        return None
    number, size = number_of(request, "p", 1), min(number_of(request, "n", 10), 50)
    part = shelves.cut(column, number, size) or nothing_at(shelves, column, number, size)
    rows = [
        {"title": row.title, "url": row.url, "pcode": row.document_number or "", "puborg": row.creator or "", "pubtime": _milliseconds(row)}
        for row in part.notices
    ]
    found = {"totalCount": part.rows, "totalpage": part.pages, "currentPage": number, "pageSize": size, "listVO": rows}
    return as_json({"code": 200, "msg": "操作成功", "searchVO": found})


def search_list(shelves: Shelves, request: Request) -> Reply | None:
    """Serve UCAP's /searchList/<channel>: JSON results with their total."""
    (column,) = shelves.site.columns
    if request.path != column.path:
        return None
    number, size = number_of(request, "page", 1), number_of(request, "_pageSize", 18)
    part = shelves.cut(column, number, size) or nothing_at(shelves, column, number, size)
    rows = [
        {"title": row.title, "url": row.url, "publishedTime": _milliseconds(row), "publishedTimeStr": f"{row.listed} 10:00:00"}
        for row in part.notices
    ]
    return as_json({"data": {"channelName": column.name, "total": part.rows, "page": number, "rows": size, "results": rows}})


def datasource(shelves: Shelves, request: Request) -> Reply | None:
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
        {"title": row.title, "publishUrl": f"{up}{path_of(row)[1:]}", "publishTime": f"{row.listed} 10:00:00", "author": ""} for row in rows
    ]
    return as_json({"categoryName": column.name, "datasource": listed})


def static_json(shelves: Shelves, request: Request) -> Reply | None:
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


def json_list(shelves: Shelves, request: Request) -> Reply | None:
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


def _milliseconds(notice: ModelNotice) -> int:
    """Give the morning of the day a notice is listed as, in China's time."""
    return int(datetime.combine(notice.listed, time(1), UTC).timestamp()) * 1000
