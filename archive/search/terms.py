"""What the index holds of a notice beside its words: that it is there, its site, 文种, issuer, and the day it stands under.

These are tokens of a column of their own and begin with `MARK`, which stands in no searchable form, so that no word finds them. A day
is written as YYYYMMDD and as every beginning of that down to the millennium, so that any range of days is a few tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from archive.search.forms import GAP, searchable, tokens

MARK = "§"
ALL = MARK
"""The token of every row."""
NOTHING = f"{MARK}none"
"""The token of no row."""
OLDER = f"{MARK}older"
"""The token of rows that hold what a notice said in an earlier version."""

_MONTHS = tuple(f"{month:02}" for month in range(1, 13))
_DAYS = tuple(f"{day:02}" for day in range(1, 32))
_DIGITS = tuple("0123456789")
_DAY = len(f"{MARK}20240507")
_FIRST, _LAST = "00000101", "99991231"


@dataclass(frozen=True, slots=True)
class Facts:
    """What filters ask of a notice: site, 文种 and issuer in their searchable forms, and the day it stands under as YYYYMMDD."""

    site: str = ""
    type: str = ""
    creator: str = ""
    day: str = ""


def facts_of(site: str, kind: str | None, creator: str | None, day: int) -> Facts:
    """Gather the facts of a notice; the day as a proleptic ordinal."""
    return Facts(searchable(site), searchable(kind or ""), searchable(creator or ""), written_day(date.fromordinal(day)))


def written_day(day: date) -> str:
    """Write a day as YYYYMMDD; `strftime` leaves out zeros before early years."""
    return f"{day.year:04}{day.month:02}{day.day:02}"


def terms(facts: Facts, *, older: bool = False) -> str:
    """Write the tokens of a notice's facts."""
    stated = [f"{MARK}{name}{value}" for name, value in (("s", facts.site), ("t", facts.type)) if value]
    days = [MARK + facts.day[:length] for length in (8, 6, 4, 3, 2, 1)]
    return " ".join(filter(None, [ALL, *stated, *days, creator_pairs(facts.creator + GAP), OLDER * older]))


@lru_cache(maxsize=4096)
def facts_in(written: str) -> Facts:
    """Read facts back from the tokens `terms` wrote of them."""
    found = written.split(" ")
    site, kind = (next((term[2:] for term in found if term.startswith(MARK + name)), "") for name in "st")
    creator = "".join(term[2] for term in found if term.startswith(f"{MARK}c"))
    return Facts(site, kind, creator, next((term[1:] for term in found if len(term) == _DAY and term[1:].isdecimal()), ""))


def creator_pairs(form: str) -> str:
    """Write the pairs of an issuer's name, each marked."""
    pairs = tokens(form)
    return f"{MARK}c{pairs.replace(' ', f' {MARK}c')}" if pairs else ""


def cover(since: str, until: str) -> list[str]:
    """Give the fewest beginnings of YYYYMMDD that together hold exactly the days from `since` to `until`."""
    return list(_covering(since, until, ""))


def _covering(since: str, until: str, prefix: str) -> Iterator[str]:
    first, last = prefix + _FIRST[len(prefix) :], prefix + _LAST[len(prefix) :]
    if last < since or first > until:
        return
    if since <= first and last <= until and prefix:
        yield prefix
        return
    for digits in _parts(prefix):
        yield from _covering(since, until, prefix + digits)


def _parts(prefix: str) -> tuple[str, ...]:
    return {4: _MONTHS, 6: _DAYS, 8: ()}.get(len(prefix), _DIGITS)
