"""The URL shapes of each model site's CMS family: where a notice, its files and its columns live."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import md5

from crawler.demo.records import ModelColumn, ModelSite

Shape = Callable[[ModelSite, ModelColumn, int, date], str]


def hex32(*parts: object) -> str:
    """Give 32 hexadecimal digits that stay the same for the same parts."""
    return md5("/".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def uuid(*parts: object) -> str:
    """Give the digits of `hex32` in groups."""
    digits = hex32(*parts)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def notice_path(site: ModelSite, column: ModelColumn, key: int, day: date) -> str:
    """Give the path of a notice in its family's shape."""
    return _NOTICES[site.family](site, column, key, day)


def file_path(site: ModelSite, column: ModelColumn, key: int, day: date, *, number: int, kind: str) -> str:
    """Give the path of the notice's file `number` (from 1) in its family's shape, with the kind as suffix or in the query."""
    name = hex32(site.name, key, number)
    if site.family == "trs":
        return f"{column.path}{day:%Y%m}/P0{day:%Y%m%d}{key:08d}{number}.{kind}"
    if site.family == "hanweb":
        return f"/module/download/downfile.jsp?classid=0&filename={name}.{kind}"
    if site.family == "vsb" and kind == "png":
        return f"/__local/{name[0].upper()}/{name[1:3].upper()}/{name.upper()}.png"
    if site.family == "vsb":
        return f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1700000001&wbfileid={key}{number}"
    folders = {"ucap": f"{column.path.rsplit('/', 1)[0]}/{day:%Y%m}/files", "gkmlpt": f"/attachment/0/{key // 1000}"}
    return f"{folders.get(site.family, f'/uploads/{day:%Y/%m}')}/{name}.{kind}"


def _trs(_site: ModelSite, column: ModelColumn, key: int, day: date) -> str:
    return f"{column.path}{day:%Y%m}/t{day:%Y%m%d}_{key}.html"


def _hanweb(_site: ModelSite, column: ModelColumn, key: int, day: date) -> str:
    return f"/art/{day.year}/{day.month}/{day.day}/art_{column.id}_{key}.html"


def _ucap(site: ModelSite, column: ModelColumn, key: int, day: date) -> str:
    return f"{column.path.rsplit('/', 1)[0]}/{day:%Y%m}/{hex32(site.name, key)}.shtml"


_NOTICES: dict[str, Shape] = {
    "trs": _trs,
    "hanweb": _hanweb,
    "ucap": _ucap,
    "vsb": lambda _site, column, key, _day: f"/info/{column.id}/{key}.htm",
    "gkmlpt": lambda _site, _column, key, _day: f"/zwgk/content/post_{key}.html",
    "docshare": lambda _site, _column, key, _day: f"/doc/{key}.html",
    "hanweb_page": _hanweb,
    "hanweb_jpaas": lambda site, _column, key, day: f"/art/{day.year}/art_{hex32(site.name, key)}.html",
    "trs_igs": lambda _site, _column, key, day: f"/zwgk/tzgg/{day:%Y%m}/t{day:%Y%m%d}_{key}.shtml",
    "trs_was": lambda _site, _column, key, day: f"/zwgk/tzgg/{day:%Y%m}/t{day:%Y%m%d}_{key}.htm",
    "ucap_json": lambda site, _column, key, day: f"/tzgg/c{site.columns[0].id}/{day:%Y%m}/{hex32(site.name, key)}.shtml",
    "epoint": lambda site, column, key, day: f"{column.path.rpartition('/')[0]}/{day:%Y%m%d}/{uuid(site.name, key)}.html",
    "epoint_rest": lambda site, column, key, day: f"/zwgk/{column.id:09}/{day:%Y%m%d}/{uuid(site.name, key)}.html",
    "lonsun": lambda _site, _column, key, _day: f"/public/1681/{key}.html",
    "lonsun_content": lambda _site, _column, key, _day: f"/content/article/{key}",
    "eportal": lambda _site, column, key, day: f"/{column.id}/103456/{day:%Y%m%d}{key:08}/index.html",
    "npath": lambda _site, column, key, _day: f"{column.path.rpartition('/')[0]}/c{key}/content.html",
    "npath_flat": lambda _site, column, key, _day: f"{column.path.rpartition('/')[0]}/c{key}/content.html",
    "empire": lambda _site, column, key, day: f"{column.path}{day.isoformat()}/{key}.html",
    "channels": lambda _site, column, key, _day: f"/contents/{column.id}/{key}.html",
    "pc_list": lambda _site, column, key, _day: f"{column.path.rpartition('/')[0]}/content/content_{1840000000000000000 + key}.html",
    "govcn": lambda _site, _column, key, day: f"/zhengce/content/{day:%Y%m}/content_{key}.htm",
    "govcn_library": lambda _site, _column, key, day: f"/zhengce/content/{day:%Y%m}/content_{key}.htm",
    "people": lambda _site, column, key, day: f"/n1/{day.year}/{day:%m%d}/c{column.id}-{key}.html",
    "xinhua": lambda site, _column, key, day: f"/{day:%Y%m%d}/{hex32(site.name, key)}/c.html",
    "nfra": lambda _site, _column, key, _day: f"/cn/static/data/DocInfo/SelectByDocId/data_docId={key}.json",
    "cac": lambda _site, _column, key, day: f"/{day:%Y-%m}/{day:%d}/c_{key}.htm",
    "shanghai": lambda site, column, key, day: f"{column.path.rpartition('/')[0]}/{day:%Y%m%d}/{hex32(site.name, key)}.html",
    "ilist_jsp": lambda _site, column, key, _day: f"/info/iContent.jsp?cat_id={column.id}&tm_id={key}",
    "generic": lambda _site, column, key, day: f"{column.path}{day.year}/{key}.html",
}
