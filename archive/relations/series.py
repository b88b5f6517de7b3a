"""Series of numbered documents: which numbers of an authority and a year the archive does not have, and which came late or out of turn.

A series is what one authority numbers from 1 each year under one code (国办发〔2024〕, 商务部公告2024年). Gaps are leads and no proof: not
every numbered document is published. A code that several write under (汕府) is told apart by the authority of its key (docs/works.md);
joint documents are counted in the series of the organ that numbered them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

LATE_DAYS = 30
"""Days by which a notice was first seen later than the archive saw those around it, from which it came late."""
MOST_LISTED = 200
"""Missing numbers of one series that are listed; they are counted to the last."""
LONGEST_GAP = 10_000
"""Numbers without one document from which a number is rather misread than missing."""


@dataclass(frozen=True, slots=True)
class Member:
    """One notice in a series."""

    notice: str
    serial: int
    title: str
    site: str
    issued: str | None
    first_seen: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers from `first` to `last` that no notice bears, between two that some do."""

    first: int
    last: int
    before: Member | None
    after: Member

    @property
    def size(self) -> int:
        """How many numbers are missing here."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Pair:
    """Two notices that do not fit: `days` between them."""

    one: Member
    other: Member
    days: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """What the archive has of one series, and what it makes one look for.

    `held` counts numbers, `highest` is the greatest, `estimate` how many there are likely to be in all (N = m(1 + 1/k) - 1, which
    assumes that any number is as likely to be in the archive as another); `late` came long after those around them, `out_of_turn` are
    pairs (lower number, higher number) of which the higher was issued earlier, `conflicts` pairs with one number and different texts.
    """

    authority: str
    code: str
    year: int | None
    kind: str
    held: int
    lowest: int
    highest: int
    missing: int
    estimate: int
    gaps: tuple[Gap, ...] = ()
    late: tuple[Pair, ...] = ()
    out_of_turn: tuple[Pair, ...] = ()
    conflicts: tuple[Pair, ...] = ()
    members: tuple[Member, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """The series as its numbers are written, without the serial."""
        if self.kind == "bracketed":
            return f"{self.code}〔{self.year}〕"
        if self.kind == "bracket_first":
            return f"〔{self.year}〕{self.code}"
        return f"{self.code}{f'{self.year}年' if self.year else ''}"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which series are asked for; empty says any. `authority` is a key's authority, a code, or an issuer's name as notices give it."""

    site: str = ""
    authority: str = ""
    year: int | None = None
    code: str = ""
    least: int = 2


def series(connection: sqlite3.Connection, wish: Wish | None = None, most: int = -1) -> Iterator[Series]:
    """Give the series of an archive with two numbers or more, the largest first."""
    wish = wish or Wish()
    values = {"site": wish.site, "authority": wish.authority, "year": wish.year, "code": wish.code, "least": wish.least, "most": most}
    for row in connection.execute(_SERIES, values).fetchall():
        found = connection.execute(_MEMBERS, (row["authority"], row["code"], row["year"])).fetchall()
        members = [Member(*member) for member in found]
        yield examine(row["authority"], row["code"], row["year"], row["kind"], members, _in_conflict(connection, members))


def _in_conflict(connection: sqlite3.Connection, members: Sequence[Member]) -> frozenset[tuple[str, str]]:
    """Give the pairs (later, earlier) that bear one number and say something else, as `archive.relations` found them."""
    works = json.dumps([member.notice for member in members])
    return frozenset((row[0], row[1]) for row in connection.execute(_IN_CONFLICT, (works,)).fetchall())


_IN_CONFLICT = """
    select r."from", r."to" from json_each(?) j join relations r on r."from" = j.value where r.kind = 'same number'
"""


_SERIES = """
    select k.authority, k.code, k.year, min(k.kind) as kind, count(distinct k.serial) as held from document_keys k
    where (:authority = '' or k.authority = :authority or k.code = :authority
            or exists (select 1 from notices c where c.id = k.notice and c.creator = :authority))
        and (:year is null or k.year = :year) and (:code = '' or k.code = :code)
        and (:site = '' or exists (select 1 from document_keys o join notices s on s.id = o.notice
            where o.authority = k.authority and o.code = k.code and o.year is k.year and s.site = :site))
    group by k.authority, k.code, k.year having held >= :least
    order by held desc, k.year desc, k.authority, k.code limit :most
"""

_MEMBERS = """
    select n.id, k.serial, coalesce(n.title, ''), n.site, n.issued, n.first_seen from document_keys k
    join notices n on n.id = k.notice
    where k.authority = ? and k.code = ? and k.year is ? order by k.serial, n.issued, n.id
"""


def examine(  # noqa: PLR0917 - a series by name, and what it has
    authority: str, code: str, year: int | None, kind: str, members: Sequence[Member], in_conflict: frozenset[tuple[str, str]] = frozenset()
) -> Series:
    """Look through the notices of one series, in order of numbers; pure."""
    firsts = _firsts(members)
    serials = [member.serial for member in firsts]
    gaps = tuple(_gaps(firsts))
    highest, held = max(serials), len(serials)
    return Series(
        authority, code, year, kind, held, min(serials), highest, sum(gap.size for gap in gaps), estimate(highest, held), gaps,
        tuple(_late(firsts)), tuple(_out_of_turn(firsts)), tuple(_conflicts(members, in_conflict)), tuple(members),
    )  # fmt: skip


def estimate(highest: int, held: int) -> int:
    """Estimate how many numbers a series has from the greatest seen and how many were seen: N = m(1 + 1/k) - 1, rounded down."""
    return highest + highest // held - 1 if held else 0


def missing(found: Series, most: int = MOST_LISTED) -> list[int]:
    """Give the numbers that are missing, at most so many."""
    numbers: list[int] = []
    for gap in found.gaps:
        numbers += range(gap.first, min(gap.last, gap.first + most - len(numbers) - 1) + 1)
        if len(numbers) >= most:
            break
    return numbers


def _firsts(members: Sequence[Member]) -> list[Member]:
    """Give one notice a number: the first issued, a date before none, else the first seen."""
    by_serial: dict[int, Member] = {}
    for member in members:
        known = by_serial.get(member.serial)
        if known is None or _when(member) < _when(known):
            by_serial[member.serial] = member
    return [by_serial[serial] for serial in sorted(by_serial)]


def _when(member: Member) -> tuple[str, str, str]:
    return (member.issued or "~", member.first_seen, member.notice)


def _gaps(firsts: Sequence[Member]) -> Iterator[Gap]:
    if not firsts:
        return
    if 1 < firsts[0].serial <= LONGEST_GAP:
        yield Gap(1, firsts[0].serial - 1, None, firsts[0])
    for before, after in pairwise(firsts):
        if 1 < after.serial - before.serial <= LONGEST_GAP:
            yield Gap(before.serial + 1, after.serial - 1, before, after)


def _late(firsts: Sequence[Member]) -> Iterator[Pair]:
    """Give notices that were first seen long after both of their neighbours, each with the later seen of the two."""
    for place, member in enumerate(firsts):
        around = [*firsts[max(0, place - 1) : place], *firsts[place + 1 : place + 2]]
        if len(around) < 2:  # at an end of the series nothing tells
            continue
        last = max(around, key=lambda other: other.first_seen)
        days = (_day(member.first_seen) - _day(last.first_seen)).days
        if days >= LATE_DAYS:
            yield Pair(member, last, days)


def _out_of_turn(firsts: Sequence[Member]) -> Iterator[Pair]:
    """Give (lower, higher number) in a row of which the higher was issued before; one that is far off its neighbours is told once."""
    dated = [member for member in firsts if member.issued]
    for lower, higher in pairwise(dated):
        days = (_day(lower.issued or "") - _day(higher.issued or "")).days
        if days > 0:
            yield Pair(lower, higher, days)


def _conflicts(members: Sequence[Member], pairs: frozenset[tuple[str, str]]) -> Iterator[Pair]:
    """Give notices with one number and other texts, each with the first that bears it."""
    by_name = {member.notice: member for member in members}
    yield from (Pair(by_name[earlier], by_name[later]) for later, earlier in sorted(pairs) if earlier in by_name and later in by_name)


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])
