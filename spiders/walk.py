"""The five universal stop rules: when a chain of list pages ends, and whether its end is the list's end.

A `Walk` is a frozen value that travels with the requests; nothing is remembered elsewhere. The rules, in order: the page is
missing; it is short or not content (challenge, soft 404); its ordered addresses repeat an earlier page; it holds nothing new in
this run; in a run after a complete one, two pages in a row are wholly known and older than that run less an overlap. A chain
never ends at the first known address: pinned (置顶) entries stand above new ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from cleaners.records import Entry
from spiders.paging import Next

CHINA = timezone(timedelta(hours=8))
OVERLAP = timedelta(days=7)
KNOWN_PAGES = 2
SHORT = 500  # bytes: broken stubs of TRS sites have 300 to 400
RESUME, TOP = "resume", "top"


class End(StrEnum):
    """Why a chain ended."""

    LAST_PAGE = "last_page"
    NO_WAY_ON = "no_way_on"  # the page says that there are more, and not in a way we follow
    MISSING = "missing"
    NOT_CONTENT = "not_content"
    REPEATED = "repeated"
    NOTHING_NEW = "nothing_new"
    ALL_KNOWN = "all_known"
    EMPTY = "empty"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a list page showed: its outcome, size in bytes, entries, which of them are known, and how it goes on."""

    entries: tuple[Entry, ...] = ()
    known: frozenset[str] = frozenset()
    next: Next | None = None
    promised: bool = False
    missing: bool = False
    content: bool = True
    failed: bool = False
    size: int = SHORT
    structured: bool = False  # JSON or XML: a short answer is an answer

    @property
    def signature(self) -> str:
        """A digest of the ordered addresses."""
        return hashlib.sha256("\n".join(entry.url for entry in self.entries).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a chain stands before it reads `at`, its `page`-th page.

    `phase` is resume (from where the last run broke) or top; `broken` is the page at which the resumed part broke again.
    """

    channel: str
    at: Next
    page: int = 1
    phase: str = TOP
    promised: bool = True
    since: datetime | None = None  # when the last complete run began
    urls: frozenset[str] = frozenset()
    signatures: tuple[str, ...] = ()
    known_pages: int = 0
    broken: Next | None = None
    retried: bool = False  # the resumed part found its first page missing, as the run before did


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: the next walk, or the end with its reason and whether it means that the list was read to its end."""

    walk: Walk | None
    end: End | None = None
    complete: bool = False


def step(walk: Walk, seen: Seen) -> Step:
    """Apply the stop rules to a page just read."""
    end = _ended(walk, seen)
    if end is not None:
        return Step(None, end, complete=_means_the_end(walk, seen, end))
    if seen.next is None:
        return Step(None, End.NO_WAY_ON if seen.promised else End.LAST_PAGE, complete=not seen.promised)
    following = replace(
        walk,
        at=seen.next,
        page=walk.page + 1,
        promised=seen.promised,
        urls=walk.urls.union(entry.url for entry in seen.entries),
        signatures=(*walk.signatures, seen.signature) if seen.entries else walk.signatures,
        known_pages=walk.known_pages + 1 if _all_known(walk, seen) else 0,
    )
    return Step(following)


def _ended(walk: Walk, seen: Seen) -> End | None:  # noqa: PLR0911 - one return a rule, in the rules' order
    if seen.failed:
        return End.FAILED
    if seen.missing:
        return End.MISSING
    if not seen.content or (seen.size < SHORT and not seen.structured and not seen.entries):
        return End.NOT_CONTENT
    if not seen.entries:
        return None if walk.page == 1 and seen.next is not None else End.EMPTY
    if seen.signature in walk.signatures:
        return End.REPEATED
    if all(entry.url in walk.urls for entry in seen.entries):
        return End.NOTHING_NEW
    if _all_known(walk, seen) and walk.known_pages + 1 >= KNOWN_PAGES:
        return End.ALL_KNOWN
    return None


def _all_known(walk: Walk, seen: Seen) -> bool:
    """Say whether every entry was captured before and is older than the last complete run less the overlap."""
    if walk.since is None:
        return False
    limit = (walk.since - OVERLAP).astimezone(CHINA).date()
    return all(entry.url in seen.known and (entry.issued is None or _day(entry.issued) < limit) for entry in seen.entries)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _means_the_end(walk: Walk, seen: Seen, end: End) -> bool:
    """Say whether the chain ended because the list did.

    A page that was promised and is not there, or shows nothing, is a gap and not an end; unless it was missing in the run before
    too, and again now. A second page that repeats the first means that the server ignores the page number.
    """
    if end in {End.ALL_KNOWN, End.LAST_PAGE}:
        return True
    if end is End.NOTHING_NEW:
        return walk.page > 1 or (walk.phase == TOP and bool(walk.urls))
    if end is End.REPEATED:
        return walk.page > 2 and (not walk.promised or seen.signature == walk.signatures[-1])
    if end is End.MISSING:
        return walk.page > 1 and (not walk.promised or walk.retried)
    if end is End.EMPTY:
        return walk.page > 1 and not walk.promised
    return False


def begin(channel: str, url: str, resume: Next | None, since: datetime | None) -> Walk:
    """Begin a channel's walk: at the page where the last run broke when there is one, else at the top."""
    if resume is not None:
        return Walk(channel, resume, page=2, phase=RESUME, since=since)
    return Walk(channel, Next(url), since=since)


def from_the_top(walk: Walk, url: str, done: Step) -> Walk:
    """Begin the second half of a resumed walk: from the top until it meets what the first half has read."""
    retried = done.end is End.MISSING and walk.phase == RESUME and not walk.urls
    broken = None if done.complete else walk.at
    return Walk(walk.channel, Next(url), since=walk.since, urls=walk.urls, broken=broken, retried=retried)


def outcome(walk: Walk, done: Step) -> tuple[bool, Next | None]:
    """Give whether the whole channel was read, and where to resume when it was not."""
    if not done.complete:
        return False, walk.at if walk.page > 1 else walk.broken
    joined = done.end is End.NOTHING_NEW and walk.broken is not None
    return not joined, walk.broken if joined else None


def fresh(entries: Iterable[Entry], known: frozenset[str]) -> list[Entry]:
    """Give the entries not captured before, each address once."""
    return list({entry.url: entry for entry in entries if entry.url not in known}.values())
