"""A finding in the terminal: labels in both languages, aligned by what Chinese characters take in width, readable without colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from archive.browse.words import words
from cleaners.records import Entry, Notice
from crawler.explain.account import stated
from crawler.explain.terminal import visible
from crawler.manners.robots import UNREAD
from crawler.probe import scripts
from crawler.probe.finding import UNPLACED, Finding, Second
from crawler.probe.words import both, pair
from spiders.listing import Listing

Line = tuple[str, str]
"""A label and what stands beside it; without a label, a line under the one before."""

SHOWN = 8  # entries and candidates that are listed
FIRST_LINES = 3
LONGEST = 78  # columns of a line of a notice's text
_PARTS = ("issued", "document_number", "identifier", "creator", "source", "created")


def show(found: Finding, console: Console, asked: Sequence[scripts.Answered] | None = None) -> None:
    """Print a finding; `asked` is what the page's scripts asked for, where it was looked at in a browser."""
    _section(console, f"{both('ui', 'kind')}: {both('kinds', verdict(found))}", list(_page(found)))
    if found.listing is not None:
        _section(console, both("ui", "list"), list(_entries(found.entries)))
        _section(console, both("ui", "paging"), list(_paging(found.listing, found.second)))
    elif found.entries:
        _section(console, both("ui", "feed" if found.feed else "sitemaps"), list(_entries(found.entries)))
    if found.notice is not None:
        title = "notice" if found.kind == "notice" else "sample"
        _section(console, both("ui", title), list(_notice(found.notice, found.sample.url if found.sample else "")))
    if found.kind == "home":
        _section(console, both("ui", "candidates"), list(_candidates(found)))
        _section(console, both("ui", "feeds"), list(_feeds(found)))
    if asked is not None:
        _section(console, both("scripts", "title"), list(scripts.lines(asked)) or [("", both("scripts", "none"))])
    told = next_step(found) if asked is None or found.page.outcome != "ok" else scripts.next_step(asked, found.url)
    _section(console, both("ui", "next_step"), [("", visible(step)) for step in dict.fromkeys(told)])


def _section(console: Console, title: str, lines: list[Line]) -> None:
    if not lines:
        return
    console.print(Text(visible(title), style="bold"), soft_wrap=True)
    width = max(cell_len(label) for label, _ in lines)
    for label, value in lines:
        gap = " " * (width - cell_len(label) + 2 if width else 0)
        console.print(Text.assemble("  ", (label, "cyan"), gap, visible(value)), soft_wrap=True)
    console.print()


def verdict(found: Finding) -> str:
    """Give the word for what a page is: why it was not asked for, where it was not."""
    if found.kind == "refused" and found.page.phase in {"robots", "offsite"}:
        return "robots_unread" if found.reason.startswith(UNREAD) else found.page.phase
    return found.kind


def next_step(found: Finding) -> tuple[str, str]:
    """Say in Chinese and in English what the operator does next."""
    home = "{0.scheme}://{0.netloc}/".format(urlsplit(found.url))
    key, column = verdict(found), column_address(found)
    if found.kind == "listing" and not found.visited:
        key = "listing_unplaced" if found.url == UNPLACED else "listing_file"
    if found.kind == "notice" and column:
        key = "notice_column"
    if found.kind == "home":
        key, column = ("home", found.candidates[0].url) if found.candidates else ("home_none", "")
    return pair("steps", key, url=found.url, home=home, column=column, target=found.page.url)


def column_address(found: Finding) -> str:
    """Give the address of the column a notice says it belongs to; empty where it names none."""
    return next((address for _, address in reversed(found.marks.trail) if address), "")


def _page(found: Finding) -> Iterator[Line]:
    yield both("ui", "address"), both("ui", "unplaced") if found.url == UNPLACED else found.url
    if found.reason:
        yield from _reason(found.reason)
    if found.page.outcome != "ok":
        return
    marks = found.marks
    for name, (value, sign) in (("site", found.site), ("column", found.column)):
        if value and (name == "site" or found.kind != "home"):
            yield both("ui", name), f"{value}  ({both('signs', sign)})"
    if marks.column_type:
        yield both("ui", "column_type"), marks.column_type
    if found.site_code:
        division = f"{found.division_code} {both('levels', found.level)}".strip()
        yield both("ui", "site_code"), f"{found.site_code}  ({division})"
    if found.listing is not None:
        signs = [f"{both('signs', kind)} {seen}" for kind, seen in found.signs] or [both("signs", "none")]
        yield both("ui", "family"), found.listing.family
        yield from (("", f"{both('ui', 'evidence')}: {sign}") for sign in signs)
        if found.rows is not None and found.rows is not found.page:
            yield both("ui", "rows_at"), found.rows.url


def _reason(reason: str) -> Iterator[Line]:
    """Give a reason in Chinese, and as it is recorded."""
    said = words("zh").reason(reason)
    yield both("ui", "reason"), said
    if said != reason:
        yield "", reason


def _entries(entries: tuple[Entry, ...]) -> Iterator[Line]:
    yield both("ui", "entries"), str(len(entries))
    for entry in entries[:SHOWN]:
        day = stated(entry.issued)[:10]
        mark = f"[{both('ui', 'pinned')}] " if getattr(entry, "pinned", False) else ""
        yield "", f"{day or '-':<10}  {mark}{entry.title or entry.url}"
    if len(entries) > SHOWN:
        yield "", f"… {len(entries) - SHOWN} {both('ui', 'more')}"


def _paging(listing: Listing, second: Second | None) -> Iterator[Line]:
    yield both("ui", "paging"), both("paging", paging_word(listing))
    if listing.next is not None:
        asked = f"{listing.next.method} " if listing.next.method != "GET" else ""
        body = f"  {listing.next.body.decode('utf-8', 'replace')}" if listing.next.body else ""
        yield both("ui", "next_page"), f"{asked}{listing.next.url}{body}"
    said = [both("paging", key, **{key: number}) for key, number in (("total", listing.total), ("pages", listing.pages)) if number]
    if said:
        yield both("ui", "stated"), "; ".join(said)
    if listing.oldest is not None:
        yield both("ui", "stable_end"), listing.oldest.url
    if second is not None:
        yield both("ui", "second"), _second(second)


def paging_word(listing: Listing) -> str:
    """Say how a list goes on: promised, guess, last, or unknown where it does in a way that is not understood."""
    if listing.next is None:
        return "unknown" if listing.promised else "last"
    return "promised" if listing.promised else "guess"


def _second(second: Second) -> str:
    if second.outcome != "ok":
        return both("paging", "absent", outcome=f"{both('kinds', second.outcome)} {second.reason}".strip())
    return both("paging", "proved" if second.goes_on else "same", entries=second.entries, fresh=second.fresh)


def _notice(notice: Notice, url: str) -> Iterator[Line]:
    yield both("fields", "title"), notice.title or both("ui", "none")
    yield both("ui", "address"), url
    for name in _PARTS:
        value = getattr(notice, name)
        if value:
            yield both("fields", name), stated(value)
    lines = [paragraph.text for paragraph in notice.paragraphs if paragraph.text.strip()]
    for number, line in enumerate(lines[:FIRST_LINES]):
        yield both("ui", "text") if not number else "", _cut(line)
    for number, file in enumerate(notice.attachments):
        yield both("ui", "attachments") if not number else "", f"{file.title} {file.url}".strip()
    for number, flag in enumerate(notice.flags):
        yield both("ui", "flags") if not number else "", f"{flag} {both('flags', flag)}"


def _cut(line: str) -> str:
    plain = " ".join(line.split())
    shown = Text(plain)
    shown.truncate(LONGEST, overflow="ellipsis")
    return shown.plain


def _candidates(found: Finding) -> Iterator[Line]:
    width = max((cell_len(candidate.name) for candidate in found.candidates[:SHOWN]), default=0)
    for number, candidate in enumerate(found.candidates[:SHOWN], 1):
        why = " · ".join(f"{both('signs', kind)} {seen}" for kind, seen in candidate.evidence)
        yield f"{number}", f"{candidate.name}{' ' * (width - cell_len(candidate.name))}  {candidate.url}"
        yield "", f"{' ' * width}  {why}"


def _feeds(found: Finding) -> Iterable[Line]:
    for url, title in found.feeds:
        yield both("ui", "feed"), f"{url}  {title}".rstrip()
    for url in found.sitemaps:
        held = f"  ({len(found.sitemap.entries) or len(found.sitemap.sitemaps)})" if found.sitemap is not None else ""
        yield both("ui", "sitemaps"), f"{url}{held}"
