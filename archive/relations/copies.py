"""Which of two notices with the same or nearly the same text is a copy of the other, or whether both fill in the same form.

The rule (docs/relations.md): equal keys of 文号 make one document. Otherwise two notices are copies unless something contradicts: other
文号, other 成文日期, other issuers, other titles (or only other figures in them), figures of the texts that differ; on one site, near
copies of other days too. What contradicts is told. Texts under `SHORTEST` characters are copies only when equal and of one title.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from archive.documents import dump
from archive.relations.likeness import alike_to
from archive.relations.shingles import SHORTEST
from archive.times import now
from cleaners.characters.fold import fold
from cleaners.document.titles import SHORTEST as SHORTEST_TITLE

REPOST, COPY, FORM, SAME_NUMBER = "repost", "copy", "same form", "same number"
KINDS = (REPOST, COPY, FORM, SAME_NUMBER)
"""A copy on another site, one on the same site, the same form filled in, and another text under one number: conflicting copies."""

FIGURES = 0.8
"""Share of figures two near copies have in common at least."""
LIKE_TITLES = 0.6
SURE = 0.95
"""Jaccard index from which the text alone speaks for a copy where the titles do not."""
MOST_LEADERS = 50
"""Notices with one text that each later one is compared with: the first of it, and those that contradict it and one another."""

_NOT_DIGITS = re.compile(r"[^\d一二三四五六七八九十]+")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two notices: what is compared of it."""

    notice: str
    text: int
    size: int
    core: str
    key: str
    authority: str
    published: str
    basis: str
    site: str
    created: str
    creator: str
    source: str
    names: tuple[str, ...]
    """Who publishes: its issuer, publisher and site, as a 来源 would name them."""

    @property
    def order(self) -> tuple[str, str, str]:
        """What tells which of several is shown first: the day, dates before times first seen, the name."""
        return (self.published[:10], "" if self.basis == "issued" else "~", self.notice)


_SIDES = """
    select p.notice, p.text, p.size, p.core, p.key, p.authority, p.published, p.basis, n.site, n.created, n.creator, n.publisher,
        n.source, s.title as site_title
    from profiles p join notices n on n.id = p.notice left join sites s on s.name = n.site
"""


def sides(connection: sqlite3.Connection, where: str, *values: object) -> list[Side]:
    """Give notices as they are compared, in order of publication."""
    rows = connection.execute(f"{_SIDES} where {where}", values).fetchall()
    return sorted(map(_side, rows), key=lambda side: side.order)


def _side(row: sqlite3.Row) -> Side:
    told = tuple(dict.fromkeys(fold(name) for name in (row["creator"], row["publisher"], row["site_title"]) if name and len(name) > 2))
    created, creator, source = ((row["created"] or "")[:10], fold(row["creator"] or ""), fold(row["source"] or ""))
    names = ("notice", "text", "size", "core", "key", "authority", "published", "basis", "site")
    facts: dict[str, Any] = {name: row[name] for name in names}
    return Side(**facts, created=created, creator=creator, source=source, names=told)


def same_document(one: Side, other: Side) -> bool:
    """Say whether two notices bear one 文号 of one authority."""
    return bool(one.key) and one.key == other.key and (one.authority == other.authority or not (one.authority and other.authority))


def contradictions(one: Side, other: Side, shared: float, figures: float) -> list[str]:
    """Give what speaks against two notices being one document: number, created, creator, title, figures, day."""
    if same_document(one, other):
        return []
    found = {
        "number": bool(one.key and other.key),
        "created": bool(one.created and other.created and one.created != other.created),
        "creator": shared < 1 and _other_issuers(one, other),
        "title": _other_titles(one.core, other.core, shared),
        "figures": shared < 1 and figures < FIGURES,
        "day": shared < 1 and one.site == other.site and one.published[:10] != other.published[:10],
    }
    return [name for name, holds in found.items() if holds]


def alike(connection: sqlite3.Connection, one: Side, other: Side) -> tuple[float, float] | None:
    """Give how much two notices' texts share, of shingles and of figures; None where they are not alike."""
    if one.text and one.text == other.text:
        return 1.0, 1.0
    pair = (min(one.text, other.text), max(one.text, other.text))
    row = connection.execute("select jaccard, figures from likenesses where text = ? and other = ?", pair).fetchone()
    return None if row is None else (row[0], row[1])


def are_copies(connection: sqlite3.Connection, one: Side, other: Side) -> bool:
    """Say whether two notices are one document: by their number, or by texts that are alike and contradicted by nothing."""
    shared = alike(connection, one, other)
    return same_document(one, other) or (shared is not None and not contradictions(one, other, *shared))


def _other_issuers(one: Side, other: Side) -> bool:
    """Say whether both name an issuer, each another; a copy may name the site it stands on instead."""
    first, second = one.creator, other.creator
    if not (first and second) or first in second or second in first:
        return False
    return not (one.source and any(name in one.source for name in other.names)) and not (
        other.source and any(name in other.source for name in one.names)
    )


def _other_titles(one: str, other: str, shared: float) -> bool:
    if one == other and len(one) >= SHORTEST_TITLE:
        return False
    if len(one) < SHORTEST_TITLE or len(other) < SHORTEST_TITLE:  # 公告, 公示: what everybody calls everything
        return shared < SURE
    if _NOT_DIGITS.sub(" ", one).strip() != _NOT_DIGITS.sub(" ", other).strip():
        return True
    if one in other or other in one:
        return False
    return shared < SURE or SequenceMatcher(None, one, other, autojunk=False).ratio() < LIKE_TITLES


Row = tuple[str, str, str, str]
"""From, to, kind, evidence."""


def judged(one: Side, other: Side, shared: float, figures: float) -> Row | None:
    """Give the relation of two notices whose texts are alike, from the later to the earlier one; None where nothing can be said."""
    against = contradictions(one, other, shared, figures)
    if one.size < SHORTEST and (against or one.core != other.core):
        return None
    kind = FORM if against else COPY if one.site == other.site else REPOST
    later, earlier, how = first_of(one, other)
    evidence: dict[str, object] = {"jaccard": round(shared, 3)}
    if shared == 1:
        evidence["text"] = f"{one.text:016x}"
    if same_document(one, other):
        evidence["number"] = one.key
    if against:
        evidence |= {"contradict": against, "figures": round(figures, 3)}
    return later.notice, earlier.notice, kind, dump(evidence | _told(later, earlier, how))


def first_of(one: Side, other: Side) -> tuple[Side, Side, str]:
    """Give (the later, the earlier, what says so): its 来源 that names the other, dates, times, when first seen; a tie is called one."""
    named = _names(one, other), _names(other, one)
    if named == (True, False):
        return one, other, "source"
    if named == (False, True):
        return other, one, "source"
    earlier, later = sorted((one, other), key=lambda side: side.order)
    days = earlier.published[:10], later.published[:10]
    if earlier.basis == later.basis == "issued":
        if days[0] != days[1]:
            return later, earlier, "day"
        if len(earlier.published) == len(later.published) > 10 and earlier.published != later.published:
            earlier, later = sorted((one, other), key=lambda side: side.published)
            return later, earlier, "time"
        return later, earlier, "tie"
    return later, earlier, "first seen" if days[0] != days[1] else "tie"


def _names(one: Side, other: Side) -> bool:
    """Say whether the 来源 of one names who published the other, and not itself."""
    if not one.source or any(name in one.source for name in one.names):
        return False
    return any(name in one.source or one.source in name for name in other.names)


def _told(later: Side, earlier: Side, how: str) -> dict[str, object]:
    lag = (date.fromisoformat(later.published[:10]) - date.fromisoformat(earlier.published[:10])).days
    told: dict[str, object] = {"first": how, "lag_days": lag}
    if "first_seen" in {later.basis, earlier.basis}:
        told["basis"] = [later.basis, earlier.basis]
    return told | ({"source": later.source} if how == "source" else {})


def bring_in_line(connection: sqlite3.Connection, texts: set[int], notices: set[str]) -> set[str]:
    """Derive the relations between copies anew for all that bear one of these texts, and for these notices; gives who is concerned."""
    members = {number: sides(connection, "p.text = ?", number) for number in texts if number}
    concerned = notices | {side.notice for standing in members.values() for side in standing}
    changed = set[str]()
    before = _kept(connection, concerned)
    after = dict(_wanted(connection, members))
    for name in before:
        if name not in after:
            connection.execute('delete from relations where "from" = ? and "to" = ? and kind = ?', name)
            changed |= {name[0], name[1]}
    stamp = now()
    for name, evidence in after.items():
        if name not in before or before[name][0] != evidence:
            found_at = before[name][1] if name in before else stamp
            connection.execute("insert or replace into relations values (?, ?, ?, ?, ?)", (*name, evidence, found_at))
            changed |= {name[0], name[1]}
    return changed | concerned


Name = tuple[str, str, str]


def _kept(connection: sqlite3.Connection, concerned: set[str]) -> dict[Name, tuple[str, str]]:
    found: dict[Name, tuple[str, str]] = {}
    for work in concerned:
        for end in ('"from"', '"to"'):
            rows = connection.execute(f"select * from relations where {end} = ? and kind in (?, ?, ?)", (work, REPOST, COPY, FORM))  # noqa: S608
            found |= {(row["from"], row["to"], row["kind"]): (row["evidence"], row["found_at"]) for row in rows.fetchall()}
    return found


def _wanted(connection: sqlite3.Connection, members: Mapping[int, list[Side]]) -> Iterator[tuple[Name, str]]:
    """Give the relations there are: each notice with the first that has its text, and the firsts of texts that are alike."""
    for number, standing in members.items():
        rows = [*_equal(standing)]
        if standing:
            for other, shared, figures in alike_to(connection, number):
                others = members.get(other) or sides(connection, "p.text = ?", other)
                rows += [judged(standing[0], others[0], shared, figures)] if others else []
        yield from (((row[0], row[1], row[2]), row[3]) for row in rows if row is not None)


def _equal(standing: Iterable[Side]) -> Iterator[Row | None]:
    """Relate notices with one text: each to the first it does not contradict; of those that contradict the first, each form once."""
    leaders: list[Side] = []
    for side in standing:
        fitting = next((leader for leader in leaders if not contradictions(leader, side, 1.0, 1.0)), None)
        if fitting:
            yield judged(fitting, side, 1.0, 1.0)
            continue
        if leaders:
            yield judged(leaders[0], side, 1.0, 1.0)
        if len(leaders) < MOST_LEADERS:
            leaders.append(side)


def group(connection: sqlite3.Connection, work: str, most: int = 200) -> list[Side]:
    """Give all copies of a notice, itself among them, the first published first; at most so many."""
    found, waiting = {work}, [work]
    while waiting and len(found) < most:
        rows = connection.execute(
            'select "to" from relations where "from" = ?1 and kind in (?2, ?3) union select "from" from relations where "to" = ?1'
            " and kind in (?2, ?3) order by 1",
            (waiting.pop(), REPOST, COPY),
        ).fetchall()
        fresh = [row[0] for row in rows if row[0] not in found]
        found.update(fresh)
        waiting += fresh
    return [side for name in sorted(found) for side in sides(connection, "p.notice = ?", name)]


def canonical(members: list[Side]) -> str:
    """Give the notice of a group that the others are copies of: named by their 来源, else the first published; empty for no group."""
    if not members:
        return ""
    named = {side.notice: sum(_names(other, side) for other in members) for side in members}
    return min(members, key=lambda side: (-named[side.notice], side.order)).notice
