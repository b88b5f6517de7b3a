"""The pages of the model sites: `answer` maps a request on a day to a reply; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache

from crawler.demo import files
from crawler.demo.content import column_notices, family_notices, notices
from crawler.demo.model import families, sites
from crawler.demo.pages.body import MANNERS, Manner, body_html
from crawler.demo.pages.exchange import Reply, Request, form
from crawler.demo.pages.lists import list_reply
from crawler.demo.pages.shelves import Shelves, as_json
from crawler.demo.pages.templates import draw
from crawler.demo.records import ModelFile, ModelNotice, ModelSite
from crawler.demo.scenes import NORMAL, Scene

__all__ = ["Reply", "Request", "answer", "form", "hosts"]

STATUS = {"missing": 404, "soft_404": 200, "challenge": 412}
VALIDATED = frozenset({"trs", "vsb"})  # families whose servers send Last-Modified and ETag


@cache
def hosts(*, further: bool = True) -> Mapping[str, ModelSite]:
    """Map every host name of the model web to its site; those of families.toml too unless `further` says no."""
    known = (*sites(), *families()) if further else sites()
    return {host: site for site in known for host in (site.host, site.mobile) if host}


def answer(request: Request, day: int, scene: Scene = NORMAL) -> Reply:
    """Answer a request as the model web does on that day, at one moment of a play; an unknown host or path is a 404."""
    site = hosts().get(request.host)
    if site is None:
        return Reply(b"unknown host\n", 404, "text/plain")
    if request.path == "/robots.txt":
        return Reply(site.robots.encode(), media_type="text/plain") if site.robots else gone(site)
    address = _address(request)
    notice = _published(_family(site), day).get(address)
    if notice is not None:
        return gone(site) if notice.url in _absent(site, day, scene) else _notice_reply(address, day)
    file = _files(day).get(address) if site.files else None
    if file is not None:
        return file_reply(site, file)
    return list_reply(Shelves(site, day, scene), request) or _home(site, day, request) or gone(site)


def _absent(site: ModelSite, day: int, scene: Scene) -> frozenset[str]:
    return frozenset[str]().union(*(scene.absent(column_notices(site, column, day)) for column in site.columns))


def gone(site: ModelSite, status: int = 404) -> Reply:
    """Give the page that says that there is none."""
    return Reply(draw("gone", site).encode(site.encoding, "xmlcharrefreplace"), status)


def _address(request: Request) -> str:
    return f"http://{request.host}{request.target or request.path}"


def _family(site: ModelSite) -> str:
    """Name a site of families.toml; empty for those of the demo, whose notices are published together."""
    return site.name if site in families() else ""


@cache
def _published(family: str, day: int) -> Mapping[str, ModelNotice]:
    published = family_notices(family, day) if family else notices(day)
    return {url: notice for notice in published for url in (notice.url, notice.twin) if url}


@cache
def _files(day: int) -> Mapping[str, ModelFile]:
    linked = [file for notice in notices(day) for file in (*notice.attachments, *notice.images)]
    mobile = {site.host: site.mobile for site in sites() if site.mobile}
    twins = {file.url.replace(host, twin): file for file in linked for host, twin in mobile.items() if f"/{host}/" in file.url}
    return {file.url: file for file in linked} | twins


@cache
def _notice_reply(address: str, day: int) -> Reply:
    """Draw the page of a notice once a day: a crawl of many runs asks for it again and again."""
    host = address.split("/", 3)[2]
    site = hosts()[host]
    notice, mobile = _published(_family(site), day)[address], host == site.mobile
    if notice.outcome == "challenge":
        return Reply(draw("challenge", site).encode(), 412)
    if notice.outcome in STATUS:
        return gone(site, STATUS[notice.outcome])
    if site.family == "nfra":
        return as_json({"rptCode": 200, "data": _document(notice)})
    template = "mobile" if mobile else "article" if site.container else site.family
    column = next(column for column in site.columns if column.id == notice.column)
    text = draw(template, site, notice=notice, **surroundings(site, notice, column_notices(site, column, day)))
    validator = f"{notice.listed:%Y%m%d}-{notice.key}" if site.family in VALIDATED else ""
    return Reply(text.encode(site.encoding, "xmlcharrefreplace"), validator=validator)


def _document(notice: ModelNotice) -> dict[str, object]:
    """Give a notice as a static JSON file holds it: its text is HTML in a string."""
    issued = stamp(notice.issued, "%Y-%m-%d %H:%M:%S")
    return {"docId": notice.key, "docTitle": notice.title, "publishDate": issued, "docClob": str(body_html(notice, Manner()))}


def surroundings(site: ModelSite, notice: ModelNotice, published: Sequence[ModelNotice]) -> dict[str, object]:
    """Give what stands around a text; `published` is its column, newest first.

    Neighbours are those of the day the page was made, for static pages are not made again.
    """
    shown = [other for other in published if other.first_day <= notice.first_day]
    at = next(k for k, other in enumerate(shown) if other.key == notice.key)
    return {
        "column": next(column for column in site.columns if column.id == notice.column),
        "body": body_html(notice, MANNERS.get(site.family, Manner())),
        "newer": shown[at - 1] if at else None,
        "older": shown[at + 1] if at + 1 < len(shown) else None,
        "related": shown[at + 2 : at + 5],
        "origin": notice.source or site.title,
        "timestamp": stamp,
        "publisher": site.title,
    }


def stamp(value: date | datetime | None, pattern: str) -> str:
    """Print a moment, or nothing."""
    return value.strftime(pattern) if value else ""


def file_reply(site: ModelSite, file: ModelFile) -> Reply:
    """Give an attached file."""
    body = files.write(file.kind, file.lines)
    named = (("Content-Disposition", f"attachment; filename=download.{file.kind}"),) if site.family == "vsb" and file.kind != "png" else ()
    return Reply(body, media_type=files.MEDIA_TYPES[file.kind], headers=named)


def _home(site: ModelSite, day: int, request: Request) -> Reply | None:
    if request.path not in {"/", "/index.html"}:
        return None
    newest = [(column, column_notices(site, column, day)[:8]) for column in site.columns]
    return Reply(draw("home", site, home=newest).encode(site.encoding, "xmlcharrefreplace"))
