"""What is compared of a notice, made of what it says now: pure, apart from reading and writing its rows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from archive.documents import dump, load_notice, storable
from archive.relations.shingles import Form, bare, text_number
from archive.works.keys import identity_of
from cleaners.characters.fold import fold_aligned
from cleaners.document.authority import Publisher, identify
from cleaners.document.kinds import ABOUT_OTHERS, title_type
from cleaners.document.numerals import read_numeral
from cleaners.document.references import Reference, references
from cleaners.document.titles import SHORTEST, is_law, names
from cleaners.records import Moment, Notice

LEAST_TEXT = 10
"""Characters, bare, of a text that can be told from others at all; 见附件 cannot."""

WITHHELD = "withheld"
"""The flag of a document that a takedown put away."""

_CHINA = ZoneInfo("Asia/Shanghai")
_STATES = (("废止", "废止"), ("失效", "失效"), ("修改", "已修改"), ("修订", "已修改"), ("有效", "有效"))
_NOT_A_STATE = re.compile(r"有效期|无效|未失效|(?:是否|或)有效")
_DRAFT = re.compile(r"征求意见|意见稿|草案|送审稿|公开征集|公开征求")
_YEARS = re.compile(r"有效期(?:限)?(?:为|是|至)?\s?(?P<years>[\d一二两三四五六七八九十]{1,2})\s?年")


@dataclass(frozen=True, slots=True)
class Validity:
    """What a notice says of its own force: 有效, 废止, 失效 or 已修改, from which day, where it says so, and the words."""

    state: str
    since: str | None
    source: str  # page: of the site; title; text: a line of the document; term: the end of the time it is in force
    words: str


class Profile(NamedTuple):
    """The row of a notice in `profiles`."""

    notice: str
    version: int
    reading: int
    text: int
    size: int
    core: str
    key: str
    authority: str
    published: str
    basis: str

    def fits(self, row: sqlite3.Row) -> bool:
        """Say whether a notice shows (its row of `shown`) what it showed when this was written."""
        dated = self.basis != "first_seen" or self.published == _published(None, row["first_seen"])[0]
        return dated and self.reading == row["reading"]


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything that is derived from one notice alone."""

    profile: Profile
    names: tuple[tuple[str, str], ...]
    references: tuple[tuple[Reference, str], ...]
    validities: tuple[Validity, ...]
    form: Form


_SHOWN = """
    select n.id, n.version, v.reading, n.site, n.first_seen, n.creator, coalesce(r.document, s.document) as document,
        t.title as site_title, t.level, t.division_code
    from notices n join versions v on v.id = n.version join readings r on r.id = v.reading left join readings s on s.id = r.same_as
    left join sites t on t.name = n.site
    where n.id = ?
"""


def shown(connection: sqlite3.Connection, work: str) -> sqlite3.Row | None:
    """Give the row of a notice with the document it shows; None where it shows nothing."""
    row: sqlite3.Row | None = connection.execute(_SHOWN, (work,)).fetchone()
    return row if row is not None and row["document"] is not None else None


def portrait(connection: sqlite3.Connection, row: sqlite3.Row) -> Portrait | None:
    """Read in a notice's document what is compared with others; None where it is withheld."""
    notice = load_notice(row["document"])
    if WITHHELD in notice.flags:
        return None
    form = bare(notice.text)
    called = names(notice.title or "")
    site = Publisher(row["site_title"] or "", row["level"] or "", row["division_code"] or "")
    identity = identity_of(connection, notice, row["site"])
    published, basis = _published(notice.issued, row["first_seen"])
    profile = Profile(
        row["id"], row["version"], row["reading"], text_number(form) if len(form) >= LEAST_TEXT else 0, len(form), called.whole,
        identity.key.canonical if identity else "", identity.authority if identity else "", published, basis,
    )  # fmt: skip
    shortest = 1 if is_law(notice.title or "") else SHORTEST
    known = {name: kind for kind, name in zip(("issued", "about", "whole"), reversed(called), strict=True) if len(name) >= shortest}
    said = tuple((reference, _key(reference, notice, site)) for reference in references(notice))
    return Portrait(profile, tuple(sorted(known.items())) if _speaks(notice) else (), said, tuple(validities(notice)), form)


def _speaks(notice: Notice) -> bool:
    """Say whether a notice can be what others cite by its title: a 解读 of it is not."""
    return title_type(notice.title or "") not in ABOUT_OTHERS


def _key(reference: Reference, notice: Notice, site: Publisher) -> str:
    """Give the key of a number that is cited: 公告2020年第3号, without a name, is of whoever writes."""
    found = identify(reference.number, notice.creator or "", "", site) if reference.number else None
    return found.key.canonical if found else ""


def _published(issued: Moment | None, first_seen: str) -> tuple[str, str]:
    """Give when a notice was published, a day or a time in China, and what says so."""
    if issued is None:
        return datetime.fromisoformat(first_seen).astimezone(_CHINA).isoformat(timespec="seconds"), "first_seen"
    if not isinstance(issued, datetime):
        return issued.isoformat(), "issued"
    moment = issued.astimezone(_CHINA) if issued.tzinfo else issued.replace(tzinfo=_CHINA)
    midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)  # a day, written with a time by a database
    return moment.date().isoformat() if midnight else moment.isoformat(timespec="seconds"), "issued"


def validities(notice: Notice) -> Iterator[Validity]:
    """Give what a notice says of its own force: every reading of it, so that those that contradict each other are seen."""
    evidence = notice.evidence.get("validity")
    readings = [(notice.validity or "", evidence.place if evidence else "", evidence.snippet if evidence else "")]
    readings += [(value, place, value) for value, place in (evidence.candidates if evidence else ())]
    seen = set()
    for value, place, words in readings:
        state = _state(value)
        source = place if place in {"title", "text"} else "page"
        if state and (state, source) not in seen:
            seen.add((state, source))
            yield Validity(state, _day(notice.repealed) if state in {"废止", "失效"} else None, source, words or value)
    yield from _terms(notice, [value for value, _, _ in readings])


def _state(value: str) -> str:
    value = fold_aligned(value)
    if _NOT_A_STATE.search(value):
        return ""
    return next((state for word, state in _STATES if word in value), "")


def _terms(notice: Notice, readings: list[str]) -> Iterator[Validity]:
    """Give the end of the time a document says it is in force: as named, or so many years from the day of effect where that is known."""
    if _DRAFT.search(notice.title or ""):
        return
    evidence = notice.evidence.get("repealed")
    if notice.repealed is not None and evidence is not None and evidence.place == "text" and not _state(notice.validity or ""):
        day = _as_day(notice.repealed)
        yield Validity("失效", (day if "起" in evidence.snippet else day + timedelta(days=1)).isoformat(), "term", evidence.snippet)
        return
    for value in readings:
        found = _YEARS.search(value)
        years = read_numeral(found["years"].replace("两", "二")) if found else 0
        if years > 0 and notice.effective is not None:
            yield Validity("失效", _later(_as_day(notice.effective), years).isoformat(), "term", value)
            return


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)


def _as_day(moment: Moment) -> date:
    return (
        moment.astimezone(_CHINA).date() if isinstance(moment, datetime) and moment.tzinfo else date(moment.year, moment.month, moment.day)
    )


def _day(moment: Moment | None) -> str | None:
    return None if moment is None else _as_day(moment).isoformat()


def known_profile(connection: sqlite3.Connection, work: str) -> Profile | None:
    """Give the profile of a notice as it is kept."""
    row = connection.execute("select * from profiles where notice = ?", (work,)).fetchone()
    return Profile(*row) if row else None


def names_of(connection: sqlite3.Connection, work: str) -> set[str]:
    """Give the names a notice goes by, as they are kept."""
    return {row[0] for row in connection.execute("select name from title_names where notice = ?", (work,))}


def take_out(connection: sqlite3.Connection, work: str) -> None:
    """Take what was derived from one notice alone out of the archive."""
    for table in ("profiles", "title_names", "citations", "validities"):
        connection.execute(f"delete from {table} where notice = ?", (work,))  # noqa: S608 - the names are ours


def put_in(connection: sqlite3.Connection, drawn: Portrait) -> None:
    """Keep what was derived from one notice alone; its citations are not resolved yet."""
    work = drawn.profile.notice
    connection.execute(f"insert into profiles values ({', '.join('?' * len(drawn.profile))})", drawn.profile)  # noqa: S608 - places only
    connection.executemany("insert into title_names values (?, ?, ?)", [(name, work, kind) for name, kind in drawn.names])
    connection.executemany(_CITATION, [_citation(work, said, key) for said, key in drawn.references])
    connection.executemany(
        "insert into validities (notice, state, since, source, evidence) values (?, ?, ?, ?, ?)",
        [(work, said.state, said.since, said.source, dump({"words": said.words})) for said in drawn.validities],
    )


_CITATION = """
    insert into citations (notice, relation, number, title, key, core, paragraph, "start", "end", sentence)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def _citation(work: str, said: Reference, key: str) -> tuple[object, ...]:
    title, sentence = storable(said.title), storable(said.sentence)
    return (work, said.relation, said.number, title, key, said.core, said.paragraph, said.start, said.end, sentence)


def today() -> str:
    """Give the day it is in China."""
    return datetime.now(UTC).astimezone(_CHINA).date().isoformat()
