"""The month's web on a day, as values: what stands at every address, and what every list shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlsplit

from crawler.demo.content import edit_sentence, move_date
from crawler.demo.month.publishing import published
from crawler.demo.month.story import Happening, Name, happenings, sites
from crawler.demo.records import ModelFile, ModelNotice

OUTAGES = frozenset({"outage", "outage_404", "challenge"})
"""What happens to every page of a site at once, its lists and its robots.txt too, and is over some day."""

ANSWERS = frozenset({"missing", "gone", "soft_404", "home", "forbidden"})
"""What happens to one page and hides what it said."""


@dataclass(frozen=True, slots=True)
class Page:
    """What stands at an address: a notice, or (`answer`) something in its place; `target` is where a redirect leads."""

    notice: ModelNotice
    answer: str = "ok"
    target: str = ""
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Web:
    """The month's web on a day: pages and files by address; `closed` names what is wrong with a whole site, `looks` its template."""

    pages: Mapping[str, Page]
    files: Mapping[str, ModelFile]
    hosts: Mapping[str, str]
    closed: Mapping[str, str]
    looks: Mapping[str, frozenset[str]]

    def column(self, site: str, column: int) -> tuple[ModelNotice, ...]:
        """Give what a column lists, newest first."""
        shown = [page.notice for page in self.pages.values() if page.listed and (page.notice.site, page.notice.column) == (site, column)]
        return tuple(sorted(shown, key=lambda notice: (notice.listed, notice.key), reverse=True))


@cache
def web_on(day: int) -> Web:
    """Give the web as it is on a day."""
    running = [happening for happening in happenings() if happening.lasts(day)]
    hosts = {host: name for name, site in sites().items() for host in (site.host, site.mobile) if host}
    hosts |= {happening.to: happening.site for happening in happenings() if happening.what == "new_host"}
    pages: dict[str, Page] = {}
    files: dict[str, ModelFile] = {}
    for name, notice in published().items():
        if notice.first_day <= day:
            _place(pages, files, notice, [each for each in running if each.site == name[0] and each.key in {0, name[1]}])
    closed = {each.site: each.what for each in running if not each.key and each.what in OUTAGES}
    looks = {site: frozenset(each.what for each in running if each.site == site and not each.key) for site in sites()}
    return Web(pages, files, hosts, closed, looks)


def notice_on(name: Name, day: int) -> ModelNotice:
    """Give a notice in its words of a day, at its address of that day, whether that answers or not."""
    notice = published()[name]
    for happening in happenings():
        if happening.lasts(day) and happening.site == name[0] and happening.key in {0, name[1]}:
            notice = _CHANGES.get(happening.what, _as_it_is)(notice, happening)
    return notice


def _place(pages: dict[str, Page], files: dict[str, ModelFile], notice: ModelNotice, told: list[Happening]) -> None:
    """Put a notice where it stands now, and at its earlier addresses what leads to it, or nothing."""
    answer = next((happening.what for happening in told if happening.what in ANSWERS), "ok")
    listed = not any(happening.what == "unlist" or happening.what in {"missing", "gone", "home"} for happening in told)
    for happening in told:
        before, notice = notice, _CHANGES.get(happening.what, _as_it_is)(notice, happening)
        files |= {file.url: file for file in before.attachments} if happening.what in {"new_host", "unattach"} else {}
        if before.url != notice.url and notice.first_day < happening.day:
            lost = "missing" if happening.what == "new_addresses" else "redirect"
            pages[before.url] = Page(before, lost, notice.url, listed=False)
            if before.twin:
                pages[before.twin] = Page(before, lost, notice.twin, listed=False)
    files |= {file.url: file for file in notice.attachments}
    pages[notice.url] = Page(notice, answer, listed=listed)
    if notice.twin:
        pages[notice.twin] = Page(notice, answer, listed=False)


Change = Callable[[ModelNotice, Happening], ModelNotice]


def _as_it_is(notice: ModelNotice, _happening: Happening) -> ModelNotice:
    return notice


def _paragraph(notice: ModelNotice, _happening: Happening) -> ModelNotice:
    """Take away the second long paragraph."""
    long = [k for k, block in enumerate(notice.paragraphs) if block.kind == "text" and len(block.text) > 30]
    return replace(notice, paragraphs=tuple(block for k, block in enumerate(notice.paragraphs) if k != long[1]))


def _number(notice: ModelNotice, _happening: Happening) -> ModelNotice:
    return replace(notice, document_number=(notice.document_number or "").replace("发〔", "函〔"))


def _issuer(notice: ModelNotice, _happening: Happening) -> ModelNotice:
    return replace(notice, creator=f"{sites()[notice.site].place}人民政府办公室")


def _swap(notice: ModelNotice, _happening: Happening) -> ModelNotice:
    first, *rest = notice.attachments
    return replace(notice, attachments=(replace(first, lines=(*first.lines[:-1], "（本表已于近日更正，以此为准）")), *rest))


def _address(notice: ModelNotice, path: str, host: str = "") -> ModelNotice:
    split = urlsplit(notice.url)
    url = f"http://{host or split.hostname}{path or split.path}"
    return replace(notice, url=url, twin=notice.twin.replace(split.path, path) if path else notice.twin)


def _new_host(notice: ModelNotice, happening: Happening) -> ModelNotice:
    files = tuple(replace(file, url=file.url.replace(sites()[notice.site].host, happening.to)) for file in notice.attachments)
    return replace(_address(notice, "", happening.to), attachments=files)


_CHANGES: Mapping[str, Change] = {
    "sentence": lambda notice, _: edit_sentence(notice),
    "paragraph": _paragraph,
    "title": lambda notice, _: replace(notice, title=notice.title.replace("关于", "关于进一步", 1)),
    "number": _number,
    "date": lambda notice, _: move_date(notice),
    "issuer": _issuer,
    "counter": lambda notice, _: notice,
    "swap": _swap,
    "unattach": lambda notice, _: replace(notice, attachments=()),
    "move": lambda notice, _: _address(notice, urlsplit(notice.url).path.replace("/zfwj/", "/zfwj/lswj/")),
    "new_host": _new_host,
    "new_addresses": lambda notice, _: _address(notice, f"/content/tzgg/{notice.listed:%Y%m%d}-{notice.key}.htm"),
}
