"""Serves the month's web on loopback, and writes the site files an operator would have on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from crawler.demo.month.publishing import published
from crawler.demo.month.state import Page, Web, web_on
from crawler.demo.month.story import happenings, sites
from crawler.demo.pages import STATUS, VALIDATED, Reply, Request, file_reply, gone, surroundings
from crawler.demo.pages.lists import list_reply
from crawler.demo.pages.shelves import Shelves
from crawler.demo.pages.templates import draw
from crawler.demo.records import ModelColumn, ModelNotice, ModelSite
from crawler.demo.web import ModelWeb


@dataclass(frozen=True, slots=True)
class MonthShelves(Shelves):
    """The columns of a site of the month."""

    def published(self, column: ModelColumn) -> tuple[ModelNotice, ...]:
        """Give a column's notices of the day, newest first."""
        return web_on(self.day).column(self.site.name, column.id)


class MonthWeb(ModelWeb):
    """The month's web; `day` may be set while it runs, as that of the demo's."""

    @staticmethod
    def known(*, families: bool) -> Mapping[str, ModelSite]:
        """Map the host names served to their sites."""
        del families
        later = web_on(1).hosts
        return {host: sites()[name] for host, name in later.items()}

    def perform(self, request: Request) -> Reply:
        """Answer a request as the web does on this day."""
        return answer(request, self.day)


def answer(request: Request, day: int) -> Reply:
    """Answer a request on a day; an unknown host or path is a 404."""
    web = web_on(day)
    name = web.hosts.get(request.host)
    if name is None:
        return Reply(b"unknown host\n", 404, "text/plain")
    site = sites()[name]
    if name in web.closed:
        return _closed(site, web.closed[name])
    if request.path == "/robots.txt":
        return Reply(site.robots.encode(), media_type="text/plain") if site.robots else gone(site)
    address = f"http://{request.host}{request.target or request.path}"
    if address in web.pages:
        return _page_reply(address, day)
    if address in web.files:
        return file_reply(site, web.files[address])
    return _list_reply(site, web, day, request)


def _closed(site: ModelSite, what: str) -> Reply:
    if what == "challenge":
        return Reply(draw("challenge", site).encode(), 412)
    if what == "outage_404":
        return Reply(b"<html><body><center><h1>404 Not Found</h1></center></body></html>", 404)
    return Reply(b"<html><body><center><h1>500 Internal Server Error</h1></center></body></html>", 500)


def _list_reply(site: ModelSite, web: Web, day: int, request: Request) -> Reply:
    host = next((each.to for each in happenings() if each.what == "new_host" and each.site == site.name and each.lasts(day)), site.host)
    if request.host not in {host, site.mobile}:
        return Reply(b"", 301, headers=(("Location", f"http://{host}{request.target or request.path}"),))
    shown = replace(site, host=host)
    listed = list_reply(MonthShelves(shown, day), request)
    return listed or _home(shown, web, request) or gone(site)


def _home(site: ModelSite, web: Web, request: Request) -> Reply | None:
    if request.path not in {"/", "/index.html"}:
        return None
    newest = [(column, web.column(site.name, column.id)[:8]) for column in site.columns]
    return Reply(draw("home", site, home=newest).encode(site.encoding, "xmlcharrefreplace"))


@cache
def _page_reply(address: str, day: int) -> Reply:
    web = web_on(day)
    page = web.pages[address]
    site = sites()[page.notice.site]
    if page.answer != "ok":
        return _no_content(site, page)
    text = _drawn(site, page.notice, web, day, mobile=bool(site.mobile) and f"//{site.mobile}/" in address)
    validator = f"{page.notice.listed:%Y%m%d}-{page.notice.key}" if site.family in VALIDATED else ""
    return Reply(text.encode(site.encoding, "xmlcharrefreplace"), validator=validator)


def _no_content(site: ModelSite, page: Page) -> Reply:
    if page.answer == "redirect":
        return Reply(b"", 301, headers=(("Location", page.target),))
    if page.answer == "home":
        return Reply(b"", 302, headers=(("Location", site.root),))
    if page.answer == "forbidden":
        return Reply(b"<html><body><center><h1>403 Forbidden</h1></center></body></html>", 403)
    return gone(site, {**STATUS, "gone": 410}[page.answer])


def _drawn(site: ModelSite, notice: ModelNotice, web: Web, day: int, *, mobile: bool) -> str:
    column = [other for other in published().values() if (other.site, other.column) == (notice.site, notice.column)]
    before = sorted(column, key=lambda other: (other.listed, other.key), reverse=True)
    looks = web.looks[site.name]
    shown = replace(notice, hits=notice.hits + 37 * day) if "counter" in looks else notice
    template = "mobile" if mobile else f"{site.family}_redesigned" if "redesign" in looks else site.family
    text = draw(template, site, notice=shown, **surroundings(site, shown, before))
    return text.replace("</h1>", f"</h1>\n{SHARE_BAR}", 1) if "sharebar" in looks else text


SHARE_BAR = '<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a> <a href="#">QQ空间</a></div>'


def write_site_files(folder: Path, day: int) -> None:
    """Write the site files an operator has on a day: who moved is looked for where it is now, its old host still belongs to it."""
    for site in sites().values():
        host = next((each.to for each in happenings() if each.what == "new_host" and each.site == site.name and each.lasts(day)), "")
        (folder / f"{site.name}.toml").write_text(_site_file(replace(site, host=host or site.host), site.host if host else ""), "utf-8")


def _site_file(site: ModelSite, former: str) -> str:
    hosts = (site.host, site.mobile) if site.mobile else (site.host,)
    lines = [
        f'title = "{site.title}"',
        f'homepage = "{site.root}"',
        f'level = "{"city" if site.place.endswith("市") else "county"}"',
        f'division_code = "{site.division_code}"',
        f'family = "{site.family}"',
        "delay = 0.0",
        "full_every = 1",
        f'twins = ["{site.mobile}"]' if site.mobile else "",
        f'allow_offsite = ["{former}"]' if former else "",
        *(_channel(site, column, host) for host in hosts for column in (site.columns if host == site.host else site.columns[-1:])),
    ]
    return "\n".join(filter(None, lines)) + "\n"


def _channel(site: ModelSite, column: ModelColumn, host: str) -> str:
    name = column.name if host == site.host else "手机版"
    return f'[[channels]]\nname = "{name}"\nurl = "http://{host}{column.path}"'
