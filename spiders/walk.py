"""The five universal stop rules: when a chain of list pages ends, and whether its end is the list's end.

A `Walk` is a small frozen value that travels with the requests and is kept with them, so that a killed run goes on where it stood;
what a walk has listed is asked of the history. The rules, in order: the page is missing; it is short or not content (challenge,
soft 404); its ordered addresses repeat the first page or the one before; it holds nothing new in this walk; in a run after a
complete one, two pages in a row are wholly known and older than that run less an overlap. A chain never ends at the first
known address: pinned (置顶) entries stand above new ones.

A list moves while it is read: what is published pushes entries down a page, what is taken away pulls them up, past the reader.
A walk of the whole list therefore reads it once more (phase `check`), until that brings nothing new; unless the list itself
states how many entries it has, the same on every page, and they are the ones that were read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from cleaners.records import Entry
from spiders.paging import Next

CHINA = timezone(timedelta(hours=8))
OVERLAP = timedelta(days=7)
KNOWN_PAGES = 2
SHORT = 500  # bytes: broken stubs of TRS sites have 300 to 400
CHECKS = 3  # how often a list that keeps moving is read again
FRAMES = 2  # pages before a list that only lead to it: Epoint's column and the script that names its site
MARGIN = 10  # pages by which a list may have grown when it is read again


class Phase(StrEnum):
    """What a walk is doing: `resume` reads on where the last run broke, `oldest` a list from its stable end, `top` from its first page."""

    RESUME = "resume"
    OLDEST = "oldest"
    TOP = "top"
    CHECK = "check"


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
    NEEDS_JS = "needs_js"  # an empty shell that scripts fill
    MOVING = "moving"  # read again three times, and each time there was more


@dataclass(frozen=True, slots=True)
class Seen:
    """What a list page showed: its outcome, size in bytes, entries, and how it goes on.

    `known` are addresses captured before, `again` those this walk has listed already; `total` is how many entries the list says it has,
    `oldest` the first page of its stable end, `newer` the page after this one on the way from there.
    """

    entries: tuple[Entry, ...] = ()
    known: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    next: Next | None = None
    promised: bool = False
    missing: bool = False
    content: bool = True
    failed: bool = False
    shell: bool = False  # empty but for scripts
    size: int = SHORT
    structured: bool = False  # JSON or XML: a short answer is an answer
    total: int | None = None
    oldest: Next | None = None
    newer: Next | None = None

    @property
    def signature(self) -> str:
        """A digest of the ordered addresses."""
        return hashlib.sha256("\n".join(entry.url for entry in self.entries).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def fresh(self) -> int:
        """How many addresses this walk had not listed before."""
        return len({entry.url for entry in self.entries} - self.again)


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a chain stands before it reads `at`, its `page`-th page of the phase; `begun` is when the whole walk began.

    `rows` counts the addresses listed so far, `read` the pages of earlier phases, `found` what this phase has added. `broken` is the page
    at which an earlier phase broke. `since` is when the last complete run began; None for a walk of the whole list.
    """

    channel: str
    top: Next
    at: Next
    begun: datetime
    since: datetime | None = None
    phase: Phase = Phase.TOP
    page: int = 1
    promised: bool = True
    first: str = ""
    last: str = ""
    known_pages: int = 0
    rows: int = 0
    total: int | None = None
    moved: bool = False  # the list has said two different lengths
    read: int = 0
    found: int = 0
    checks: int = 0
    climbed: bool = False  # the stable end was read
    broken: Next | None = None
    retried: bool = False  # the resumed part found nothing where the run before broke, as that run did

    @property
    def full(self) -> bool:
        """Whether the whole list is to be read."""
        return self.since is None

    def dump(self) -> dict[str, Any]:
        """Give the walk as JSON values."""
        kept = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) is not None}
        places = {name: _dump_next(value) for name, value in kept.items() if isinstance(value, Next)}
        moments = {name: value.isoformat() for name, value in kept.items() if isinstance(value, datetime)}
        return {**kept, **places, **moments, "phase": str(self.phase)}

    @classmethod
    def load(cls, values: Mapping[str, Any]) -> Walk:
        """Read what `dump` gave."""
        places = {name: _load_next(values[name]) for name in ("top", "at", "broken") if name in values}
        moments = {name: datetime.fromisoformat(values[name]) for name in ("begun", "since") if name in values}
        return cls(**{**values, **places, **moments, "phase": Phase(values["phase"])})


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: the next walk, or the end with its reason, whether the list was read to its end, and where to go on if not."""

    walk: Walk | None
    end: End | None = None
    complete: bool = False
    resume: Next | None = None


def begin(channel: str, url: str, now: datetime, *, resume: Next | None = None, since: datetime | None = None) -> Walk:
    """Begin a channel's walk: at the page where the last run broke when there is one, else at the top."""
    top = Next(url)
    if resume is not None:
        return Walk(channel, top, resume, now, since, Phase.RESUME, page=2)
    return Walk(channel, top, top, now, since)


def step(walk: Walk, seen: Seen) -> Step:
    """Say what follows a page just read: the next page, the next phase, or the end."""
    done = _turn(walk, seen)
    if done.walk is not None:
        return done
    assert done.end is not None
    read = replace(walk, **_counted(walk, seen))
    return _after(read, done.end, complete=done.complete)


def _turn(walk: Walk, seen: Seen) -> Step:
    """Apply the stop rules, then turn the page."""
    end = _ended(walk, seen)
    if end is not None:
        return Step(None, end, complete=_means_the_end(walk, seen, end))
    climbing = walk.phase is Phase.TOP and walk.page == 1 and walk.full and not walk.climbed and seen.oldest is not None
    following = seen.oldest if climbing else seen.newer if walk.phase is Phase.OLDEST else seen.next
    if following is None:
        promised = seen.promised and walk.phase is not Phase.OLDEST
        return Step(None, End.NO_WAY_ON if promised else End.LAST_PAGE, complete=not promised)
    turned = replace(
        walk,
        at=following,
        phase=Phase.OLDEST if climbing else walk.phase,
        page=walk.page + 1,
        promised=seen.promised or climbing,
        first=walk.first or (seen.signature if seen.entries else ""),
        last=seen.signature if seen.entries else walk.last,
        known_pages=walk.known_pages + 1 if _all_known(walk, seen) else 0,
        **_counted(walk, seen),
    )
    return Step(turned)


def _counted(walk: Walk, seen: Seen) -> dict[str, Any]:
    """Count what a page added, and hear how long it says the list is."""
    moved = walk.moved or (None not in {walk.total, seen.total} and walk.total != seen.total)
    return {"rows": walk.rows + seen.fresh, "found": walk.found + seen.fresh, "total": seen.total or walk.total, "moved": moved}


def _ended(walk: Walk, seen: Seen) -> End | None:  # noqa: PLR0911 - one return a rule, in the rules' order
    if seen.failed:
        return End.FAILED
    if seen.missing:
        return End.MISSING
    if seen.shell:
        return End.NEEDS_JS
    leads_on = seen.next is not None and _frames(walk)  # a way on that is given by hand says nothing of the page
    says_nothing = not seen.entries and not leads_on and seen.total is None
    if not seen.content or (seen.size < SHORT and not seen.structured and says_nothing):
        return End.NOT_CONTENT
    if not seen.entries:
        return None if leads_on else End.EMPTY
    if walk.page > 1 and seen.signature in {walk.first, walk.last}:
        return End.REPEATED
    if _nothing_new(walk, seen):
        return End.NOTHING_NEW
    if _all_known(walk, seen) and walk.known_pages + 1 >= KNOWN_PAGES:
        return End.ALL_KNOWN
    return None


def _frames(walk: Walk) -> bool:
    """Say whether a page without entries may be a frame: one before the list, such as an index or the script that names the list."""
    return not walk.first and walk.page <= FRAMES and walk.phase in {Phase.TOP, Phase.CHECK}


def _nothing_new(walk: Walk, seen: Seen) -> bool:
    """Say whether a page holds only what this walk has listed; a list read again may, but not for longer than it was.

    So may the first page after a resumed part, which was then shown it for a later one: whether the server always does, the next says.
    """
    if seen.fresh or (walk.phase is Phase.TOP and not walk.first and walk.rows and not walk.climbed):
        return False
    return walk.phase is not Phase.CHECK or walk.page > walk.read + MARGIN


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

    A page that was promised and is not there, shows nothing, or the first page again, is a gap and not an end; unless it was so in
    the run before too, and again now. A second page that repeats the first means that the server ignores the page number.
    """
    if end in {End.ALL_KNOWN, End.LAST_PAGE}:
        return True
    if end is End.NOTHING_NEW:
        return walk.page > 1 or (walk.phase is Phase.TOP and walk.rows > 0)
    if end is End.REPEATED:
        repeats = seen.signature == walk.last
        if walk.phase is Phase.RESUME:
            return repeats
        return walk.first != walk.last and (repeats or not walk.promised or walk.retried)
    return end in {End.MISSING, End.EMPTY} and walk.page > 1 and (not walk.promised or walk.retried)


def _after(walk: Walk, end: End, *, complete: bool) -> Step:
    """Go into the next phase, or end the walk."""
    if walk.phase in {Phase.RESUME, Phase.OLDEST}:
        return Step(_from_the_top(walk, end, complete=complete))
    if not complete:
        return Step(None, end, resume=walk.at if walk.page > 1 else walk.broken)
    if end is End.NOTHING_NEW and walk.broken is not None and walk.phase is Phase.TOP:
        return Step(None, end, resume=walk.broken)  # what was read joins above the page that broke, not below it
    if walk.phase is Phase.CHECK and walk.found and walk.checks >= CHECKS:
        return Step(None, End.MOVING, complete=True)
    if _wants_check(walk):
        return Step(_again(walk, checks=walk.checks + 1, broken=None))
    return Step(None, end, complete=True)


def _from_the_top(walk: Walk, end: End, *, complete: bool) -> Walk:
    """Go on from the top until the walk meets what it has read so far."""
    nothing = end is End.REPEATED or (end in {End.MISSING, End.EMPTY} and walk.rows == 0)
    retried = walk.retried or (walk.phase is Phase.RESUME and nothing)
    climbed = walk.climbed or walk.phase is Phase.OLDEST
    again = _again(walk, phase=Phase.TOP, climbed=climbed, retried=retried)
    return replace(again, broken=None if complete else walk.at)


def _again(walk: Walk, *, phase: Phase = Phase.CHECK, **changes: Any) -> Walk:
    start: dict[str, Any] = {"at": walk.top, "page": 1, "promised": True, "first": "", "last": "", "known_pages": 0, "found": 0}
    return replace(walk, phase=phase, read=walk.read + walk.page, **start, **changes)


def _wants_check(walk: Walk) -> bool:
    """Say whether a list read to its end is to be read again: when it was read whole, over several pages, and may have moved."""
    if walk.phase is Phase.CHECK:
        return walk.found > 0
    return walk.full and walk.read + walk.page > 1 and (walk.moved or walk.total != walk.rows)


def _dump_next(place: Next) -> dict[str, Any]:
    return {
        "url": place.url,
        "method": place.method,
        "body": place.body.decode("latin-1"),
        "headers": [list(pair) for pair in place.headers],
    }


def _load_next(values: Mapping[str, Any]) -> Next:
    headers = tuple((name, value) for name, value in values["headers"])
    return Next(values["url"], values["method"], values["body"].encode("latin-1"), headers)


def fresh(entries: Iterable[Entry], known: frozenset[str]) -> list[Entry]:
    """Give the entries not captured before, each address once."""
    return list({entry.url: entry for entry in entries if entry.url not in known}.values())
