"""What an archive of the month should tell: every event that happened, on which day, and those it may tell of and need not.

Kinds are the words of `archive.life.kinds` and of the relations between notices; days count from 1. A page that stays away is failing from
its first day and gone two or three days later, when failures enough over hours enough have confirmed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, permutations

from cleaners.characters.script import to_hans
from crawler.demo.month.publishing import published
from crawler.demo.month.state import notice_on, web_on
from crawler.demo.month.story import DAYS, Happening, Name, copies, happenings

CONFIRMED = (2, 3)
"""Days after its first failure on which a page may be found to be gone."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One event: what happened (`row`), how it is to be told, of which notice (key 0: of the site) and from which day to which.

    `to` is the other notice of a relation, `says` what else is to be told of it. What is not `due` may be told and need not.
    """

    row: str
    kind: str
    name: Name
    day: int
    last: int = 0
    to: Name | None = None
    says: str = ""
    due: bool = True

    def meets(self, kind: str, name: Name, day: int, to: Name | None = None, says: str = "") -> bool:
        """Say whether an event told is this one."""
        told = (kind, name, to) == (self.kind, self.name, self.to) and self.day <= day <= (self.last or self.day)
        return told and (not self.says or says == self.says)


def expected(days: int = DAYS) -> tuple[Expected, ...]:
    """Give what should be told of the first so many days; what may be told on a later one, too, is not due yet."""
    return tuple(replace(event, due=event.due and event.last <= days) for event in _all() if event.day <= days)


def _all() -> Iterator[Expected]:
    again = {(copy.site, copy.key) for copy in copies() if copy.of[0] == copy.site}
    for name, notice in published().items():
        if name not in again:  # at a second address of its site: no other notice
            day = max(notice.first_day, 1)
            yield Expected("notice published", "first_seen", name, day, _first_seen(name, day))
    for happening in happenings():
        yield from _of_site(happening) if not happening.key else _of_notice(happening)


def _first_seen(name: Name, day: int) -> int:
    """Give the day on which a notice can be met first: its site may be out on the day it is published."""
    while name[0] in web_on(day).closed:
        day += 1
    return day


SUBSTANTIVE = {"sentence": "sentence changed", "paragraph": "paragraph removed", "title": "title changed"}
METADATA = {"number": "文号 corrected", "date": "date changed", "issuer": "issuer corrected", "unattach": "attachment removed"}
TAKEN = {"missing": "taken down (404)", "gone": "taken down (410)", "soft_404": "taken down (soft 404)", "home": "taken down (sent home)"}


def _of_notice(told: Happening) -> Iterator[Expected]:
    name, day = (told.site, told.key), told.day
    if told.what in SUBSTANTIVE:
        yield Expected(SUBSTANTIVE[told.what], "substantive", name, day)
    elif told.what in METADATA:
        yield Expected(METADATA[told.what], "metadata", name, day)
    elif told.what == "swap":
        yield Expected("attachment swapped", "attachment", name, day)
    elif told.what == "move":
        yield Expected("page moved, redirect", "moved", name, day)
    elif told.what == "unlist":
        yield Expected("left out of its list", "unlisted", name, day)
    elif told.what == "forbidden":
        yield Expected("page refused (403)", "blocked", name, day)
        yield Expected("page refused (403)", "recovered", name, told.until)
    elif told.what in TAKEN:
        yield from _taken(told, name)


def _taken(told: Happening, name: Name) -> Iterator[Expected]:
    flaky = told.until - told.day < CONFIRMED[0]
    row = "one 404 that recovers" if flaky else TAKEN[told.what]
    listed = told.what != "soft_404"
    yield Expected(row, "failing", name, told.day)
    if listed:
        yield Expected(row, "unlisted", name, told.day)
    if not flaky:
        between = f"alive on day {told.day - 1}, not on day {told.day}"
        yield Expected(row, "gone", name, told.day + CONFIRMED[0], told.day + CONFIRMED[1], says=between)
    if told.until <= DAYS:
        back = "one 404 that recovers" if flaky else "back after having been gone"
        yield Expected(back, "recovered" if flaky else "reappeared", name, told.until)
        if listed:
            yield Expected(back, "relisted", name, told.until)


def _of_site(told: Happening) -> Iterator[Expected]:
    names = [name for name, notice in published().items() if name[0] == told.site and notice.first_day < told.day]
    if told.what in {"outage", "outage_404"}:
        for day in range(told.day, told.until):
            yield Expected(f"site out ({'404' if '404' in told.what else '500'})", "outage", (told.site, 0), day)
    for name in names:
        if told.what == "challenge":  # the crawl leaves the host alone, and meets few pages or none
            yield Expected("site challenges", "blocked", name, told.day, told.until - 1, due=False)
            yield Expected("site challenges", "recovered", name, told.until, due=False)
        elif told.what in {"redesign", "sharebar", "counter"}:
            rows = {"redesign": "site redesigned", "sharebar": "share bar added", "counter": "hit counters run"}
            yield Expected(rows[told.what], "cosmetic", name, told.day, DAYS if told.what == "counter" else told.day, due=False)
        elif told.what == "new_host":
            yield Expected("site moved, redirects", "moved", name, told.day)
        elif told.what == "new_addresses":
            yield Expected("site moved, no redirects", "moved", name, told.day)


COPIED = {"": "same text", "lead": "lead added", "drop": "paragraph left out", "tail": "closing line added"}


def related(days: int = DAYS) -> tuple[Expected, ...]:
    """Give the relations between notices that should be told: copies on other sites, the same document twice, and what speaks of what."""
    return tuple(event for event in _related() if event.day <= days)


def _related() -> Iterator[Expected]:
    for copy in copies():
        name = (copy.site, copy.key)
        if copy.site == copy.of[0]:
            yield Expected("published twice by one site", "same document", name, copy.day, to=copy.of)
        else:
            script = ", Traditional" if copy.site == "haiqu" else ""
            lag = f"{copy.day - published()[copy.of].first_day} days later"
            yield Expected(f"reposted, {COPIED[copy.edit]}{script}", "repost", name, copy.day, DAYS, copy.of, lag)
    for copy, other in permutations((copy for copy in copies() if copy.site != copy.of[0]), 2):
        yield Expected("copies of one document", "repost", (copy.site, copy.key), copy.day, DAYS, (other.site, other.key), due=False)
    for row, kind, name, to in SPEAKING:
        day = published()[name].first_day
        yield Expected(row, kind, name, day, DAYS, to)
        yield Expected(row, "cites", name, day, DAYS, to, due=False)


def serials(days: int = DAYS) -> tuple[Expected, ...]:
    """Give what the series of document numbers should make one look for: numbers that are missing, and pairs out of turn.

    The name of such an event is a code and a number; a series needs two numbers to be one. 42 of the story comes after 43, 45 never.
    """
    return tuple(event for code, days_of in sorted(_series(days).items()) if len(days_of) > 1 for event in _of_series(code, days_of, days))


def _of_series(code: str, days_of: Mapping[int, date], day: int) -> Iterator[Expected]:
    for number in sorted(set(range(1, max(days_of))) - days_of.keys()):
        yield Expected("number missing in a series", "gap", (code, number), day)
    for lower, higher in pairwise(sorted(days_of)):
        if days_of[lower] > days_of[higher]:
            yield Expected("number published out of turn", "out of turn", (code, lower), day, to=(code, higher))


def _series(days: int) -> Mapping[str, Mapping[int, date]]:
    """Give the day on which each number of each series was first published, by code and number, of all that appeared so far."""
    found: dict[str, dict[int, date]] = {}
    for name, first in published().items():
        notice = notice_on(name, days)
        if first.first_day <= days and notice.document_number and notice.issued:
            code, _, rest = notice.document_number.partition("〔")
            number, day = int(rest[5:].rstrip("号號")), date(notice.issued.year, notice.issued.month, notice.issued.day)
            known = found.setdefault(to_hans(code), {})
            known[number] = min(day, known.get(number, day))
    return found


SPEAKING: tuple[tuple[str, str, Name, Name], ...] = (
    ("解读 published", "explains", ("qingmu", 10901), ("qingmu", 20041)),
    ("转发 published", "forwards", ("langxi", 10901), ("qingmu", 20041)),
    ("废止 published", "repeals", ("qingmu", 20044), ("qingmu", 29019)),
    ("修改 published", "amends", ("qingmu", 29022), ("qingmu", 29021)),
)
