"""What a look at a column says of its site file: what is wrong, and what to write there. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urldefrag, urlsplit

from cleaners.records import Capture, Notice
from crawler.identity import contradictions
from crawler.live.looking import Seen
from crawler.manners.robots import UNREAD
from spiders.site import Site

_NOT_THERE = frozenset({"missing", "gone", "soft_404"})
SHORTEST = 20  # characters: shorter notices that name no file are not met


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wrong` has to be set right before the column can be crawled, `change` are lines of the site file, with the reason behind `#`."""

    wrong: tuple[str, ...]
    change: tuple[str, ...]

    def but(self, told: Collection[str]) -> Verdict:
        """Leave out the changes that were told of another column already."""
        return replace(self, change=tuple(line for line in self.change if line not in told))


def judge(site: Site, seen: Seen) -> Verdict:
    """Hold a look at a column against the file of its site."""
    if seen.page.outcome != "ok":
        found = f"; dibao probe {site.homepage} lists the columns there are" if seen.page.outcome in _NOT_THERE else ""
        return Verdict((f"the list page did not come: {came(seen.page)}{found}",), ())
    wrong = (*_wrong_list(site, seen), *_wrong_notice(seen), *contradictions(site, seen.site_name, seen.site_code))
    change = (*_change_channel(seen), *_change_site(site, seen), *_change_identity(site, seen))
    return Verdict(wrong, tuple(dict.fromkeys(change)))


def _wrong_list(site: Site, seen: Seen) -> Iterator[str]:
    listing, least = seen.listing, site.expect.min_entries
    if seen.rows is not None and seen.rows.outcome != "ok":
        yield f"the rows of the list at {seen.rows.url} did not come: {came(seen.rows)}"
    elif listing.trouble:
        yield f"the list page could not be read: {listing.trouble}"
    elif not listing.entries:
        why = "scripts fill the page, and a visit runs none" if seen.kind == "needs_js" else f"the page looks like: {seen.kind}"
        yield f"no entries were found; {why}"
    elif len(listing.entries) < least:
        yield f"{len(listing.entries)} entries are fewer than expect.min_entries, {least}"
    if _is_stuck(seen):
        yield "the list goes on in a way that is not understood"
    if seen.kind == "home" and listing.next is None:
        yield f"the page is a home page and shows only the newest notices; dibao probe {seen.page.url} lists its columns"
    if "generic" not in {site.family, seen.family} and site.family != seen.family:
        yield f"the pages are of family {seen.family}, not {site.family}"


def _is_stuck(seen: Seen) -> bool:
    listing = seen.listing
    return bool(listing.entries) and listing.promised and listing.next is None and seen.channel.paging is None


def _wrong_notice(seen: Seen) -> Iterator[str]:
    if seen.sample is None:
        if seen.listing.entries:
            yield "every entry leads to another host: none would be asked for"
    elif seen.notice is None:
        yield f"the notice {seen.sample.url} did not come: {came(seen.sample)}"
    elif _is_empty(seen.notice):
        yield f"the notice {seen.sample.url} reads as {len(seen.notice.text)} characters without any file"


def _is_empty(notice: Notice) -> bool:
    return len(notice.text) < SHORTEST and not notice.attachments and not notice.images


def _change_channel(seen: Seen) -> Iterator[str]:
    channel, called = seen.channel, seen.marks.column_name
    if urldefrag(seen.page.url).url != urldefrag(channel.url).url:
        yield _line("url", seen.page.url, f"of {channel.name}: this is where its address leads")
    if called and called != channel.name:
        yield _line("name", called, f"of {channel.name}: as its page calls it")
    if _is_stuck(seen):
        yield f'paging = {{ template = "…{{page}}…" }}  # of {channel.name}: the address of its second page'


def _change_site(site: Site, seen: Seen) -> Iterator[str]:
    if seen.family not in {"generic", site.family}:
        yield _line("family", seen.family, "the page shows it")
    if seen.kind == "needs_js" and not seen.listing.entries and not site.javascript:
        yield "javascript = true  # scripts fill the page"
    if seen.listing.entries and seen.sample is None:
        hosts = sorted({urlsplit(entry.url).hostname or "" for entry in seen.listing.entries} - {""})
        yield f"allow_offsite = {json.dumps(hosts)}  # if their pages are to be had too"
    if seen.notice is not None and _is_empty(seen.notice):
        yield f"[[layouts]]  # where the text stands in {seen.notice.canonical or seen.listing.entries[0].url}"


def _change_identity(site: Site, seen: Seen) -> Iterator[str]:
    if seen.site_name and seen.site_name != site.title and site.expect.site_name is None:
        yield f"[expect] {_line('site_name', seen.site_name, 'as the pages say')}"
    if not seen.site_code:
        return
    if contradictions(site, "", seen.site_code):
        yield "division_code, homepage  # is this the site that is meant?"
        return
    if site.division_code is None and site.level != "central" and seen.site_code.isdecimal():
        yield _line("division_code", seen.site_code[:6], "as the pages say")
    if site.expect.site_id_code is None:
        yield f"[expect] {_line('site_id_code', seen.site_code, 'as the pages say')}"


def _line(key: str, value: str, why: str) -> str:
    return f"{key} = {json.dumps(value, ensure_ascii=False)}  # {why}"


def ready(site: Site, verdicts: Collection[Verdict], today: date) -> tuple[str, ...]:
    """Give the lines that make a candidate an active site; none while a column has not been looked at or something is wrong."""
    if site.status != "candidate" or len(verdicts) < len(site.channels) or any(verdict.wrong for verdict in verdicts):
        return ()
    return ('status = "active"', f'evidence  # add "seen working on {today}"')


def came(capture: Capture) -> str:
    """Say what became of a page that did not come as it is."""
    status = f"status {capture.status}, " if capture.status and capture.status != 200 else ""
    return f"{status}{capture.outcome.replace('_', ' ')}" + (f" ({capture.reason})" if capture.reason else "")


def robots_told(visited: Iterable[Capture], page: Capture) -> str:
    """Say what the robots.txt of a page's host means for the page."""
    host = urlsplit(page.url).hostname
    found = next((capture for capture in visited if capture.role == "robots" and urlsplit(capture.url).hostname == host), None)
    if page.phase == "robots" and not page.reason.startswith(UNREAD):
        return "forbids this page"
    if found is None:
        return "not asked for"
    if found.outcome == "ok":
        return f"allows this page ({len(found.body)} bytes)"
    return f"there is none, everything may be asked for ({came(found)})" if found.outcome in {"missing", "gone"} else came(found)
