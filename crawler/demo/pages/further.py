"""The list servers of the further families, each written after the published descriptions of its CMS.

What each serves: which path, which parameters it heeds, how a page says that there are more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from crawler.demo.addresses import hex32, uuid
from crawler.demo.pages import answers
from crawler.demo.pages.exchange import Reply, Request
from crawler.demo.pages.shelves import Lister, Shelves, as_json, nothing_at, number_in, number_of, page, path_of
from crawler.demo.pages.templates import draw
from crawler.demo.records import ModelSite
from crawler.demo.scenes import Play

GATEWAY = "/api-gateway/jpaas-publish-server/front/page/build/unit"
PROJECT = "EpointWebBuilder"
SCRIPT = "// builds what the pages of this site leave to the browser\n" + "".join(
    f"function show{part}(rows) {{ $('#' + '{part}').html(template('{part}', {{list: rows}})); }}\n" for part in ("head", "list", "foot")
)


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
    part = shelves.cut(column, number, size) or nothing_at(shelves, column, number, size)
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
    part = shelves.cut(column, number, size) or nothing_at(shelves, column, number, size)
    rows = [{"title": notice.title, "infourl": path_of(notice), "infodate": f"{notice.listed}"} for notice in part.notices]
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
    part = shelves.cut(column, number, size) or nothing_at(shelves, column, number, size)
    return page(shelves.site, column, part, "lonsun_label", size=size)


def _eportal(shelves: Shelves, request: Request) -> Reply | None:
    """Serve EasySite's /eportal/ui?pageId=...&currentPage=k; the pager's links are calls of a script that name the address."""
    (column,) = shelves.site.columns
    if request.path != column.path or request.query.get("pageId") != "6817552":
        return None
    number = number_of(request, "currentPage", 1)
    return page(shelves.site, column, shelves.cut(column, number) or nothing_at(shelves, column, number, shelves.site.page_size))


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
        part = shelves.cut(column, number) or (nothing_at(shelves, column, number, shelves.site.page_size) if empty else None)
        return page(shelves.site, column, part)

    return serve


FURTHER: Mapping[str, Lister] = {
    "trs_igs": answers.igs,
    "trs_was": answers.was,
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
    "govcn": answers.newest,
    "govcn_library": answers.library,
    "xinhua": answers.datasource,
    "ucap_json": answers.search_list,
    "nfra": answers.static_json,
    "cac": answers.json_list,
    "shanghai": _suffixed(r"{stem}(?:_(\d+))?{ending}"),
    "ilist_jsp": _suffixed("{stem}()", parameter="cur_page", empty=True),
}
