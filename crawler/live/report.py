"""What a look at a column showed, as lines for people. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaners.records import Capture
from crawler.explain.account import stated
from crawler.live.judging import Verdict, came, robots_told
from crawler.live.looking import Seen
from crawler.tables import aligned
from spiders.listing import Listing
from spiders.site import Site

Row = tuple[str, str]
"""A label and what stands beside it; without a label it belongs to the one above."""


def report(site: Site, seen: Seen, verdict: Verdict, visited: Sequence[Capture]) -> Iterator[str]:
    """Tell what was seen, what is wrong (✗) and what to write in the site file (→)."""
    yield f"{seen.channel.name}  {seen.channel.url}"
    rows = [("robots.txt", robots_told(visited, seen.page)), ("列表页 page", came(seen.page))]
    if seen.page.outcome == "ok":
        rows += [*_identity(site, seen), *_list(site, seen), *_notice(seen)]
    yield from (f"  {line}" for line in aligned(rows))
    yield from (f"  ✗ {line}" for line in verdict.wrong)
    yield from (f"  → {line}" for line in verdict.change)


def _identity(site: Site, seen: Seen) -> Iterator[Row]:
    expect = site.expect
    yield "网站名称 SiteName", _beside(seen.site_name, expect.site_name or site.title)
    yield "网站标识码 SiteIDCode", _beside(seen.site_code, expect.site_id_code or (f"{site.division_code}…" if site.division_code else ""))
    yield "栏目 ColumnName", _beside(seen.marks.column_name, seen.channel.name)


def _beside(said: str, expected: str) -> str:
    """Set what a page says beside what the file says, once where they are the same."""
    if said == expected or not expected:
        return said or "-"
    return f"{said or '-'}  (file: {expected})"


def _list(site: Site, seen: Seen) -> Iterator[Row]:
    signs = "; ".join(f"{kind} {sign}" for kind, sign in seen.signs)
    yield "建站系统 family", _beside(seen.family, site.family) + (f"  {signs}" if signs else "")
    listing = seen.listing
    dates = sorted(entry.issued for entry in listing.entries if entry.issued is not None)
    span = f", {stated(dates[0])[:10]} to {stated(dates[-1])[:10]}" if dates else ""
    yield "条目 entries", f"{len(listing.entries)}, {len(dates)} with a date{span}"
    yield "下一页 next page", _next(listing)


def _next(listing: Listing) -> str:
    if listing.next is None:
        return "the list says it goes on, and it is not understood how" if listing.promised else "none"
    body = f" {listing.next.body.decode('utf-8', 'replace')}" if listing.next.body else ""
    return f"{'' if listing.promised else 'perhaps '}{listing.next.method} {listing.next.url}{body}"


def _notice(seen: Seen) -> Iterator[Row]:
    if seen.sample is None:
        return
    yield "样例 notice", seen.sample.url
    if seen.notice is None:
        yield "", came(seen.sample)
        return
    notice = seen.notice
    yield "", f"{stated(notice.issued)[:10] or '-'}  {notice.title or '-'}"
    yield "", f"{len(notice.text)} characters, {len(notice.attachments)} files{''.join(f', {flag}' for flag in notice.flags)}"
