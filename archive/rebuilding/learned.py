"""Lines of sites' templates, learned from what their pages share and no rule of boilerplate knows (department menus, hotlines).

Short lines at the ends of the text that stand on more than 30 % of at least 30 pages of one template are proposed. A template is what
one reader found the text by (`Notice.reader`: a layout, density, ...) on one host, as a whole or in one folder of its first level:
columns have templates of their own. Proposed lines come into force for a site at one moment, the beginning of its next rebuild, and
with them the fingerprint of its rules changes, so no page ever seems changed because of them. The operator pins lines (in force
whatever is counted) or unpins them (never in force, and never proposed again). What may be learned at all, and where a learned line
is taken away, is the cleaner's (`cleaners.noise.matching.NEVER_LEARNED`, `cleaners.noise.edges`).

Counting is lossy counting (Manku and Motwani, Approximate Frequency Counts over Data Streams, 2002, section 4.2), so that its memory
does not grow with the site: up to 1,000 pages of a template counts are exact, beyond that too low by 0.1 % of its pages at most.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from archive.connection import Store
from archive.preservation.fixity import renew_fixity
from archive.times import now
from cleaners.characters.fold import squeeze
from cleaners.errors import ArchiveError
from cleaners.noise.matching import LEARNED, LONGEST_LEARNED, may_be_learned

PAGES = 30
"""Pages a template has at least before anything is learned of it."""
SHARE = 0.3
"""Share of a template's pages that a line stands on more often than."""
EDGE = 12
"""Lines at each end of the text that are looked at: template lines are taken away from there only."""
BUCKET = 1000
"""Pages of a template after which lines that are rare so far are let go."""

IN_RULES = ("proposed", "active", "pinned")
"""States of lines that are in force from the next rebuild on."""


@dataclass(frozen=True, slots=True)
class Line:
    """A learned line: on how many of a template's pages it stands, what was decided of it, and whether it is in force.

    `state` is proposed, active, pinned or unpinned, `by` whose decision that was (learn, rebuild, operator), `since` when.
    """

    site: str
    template: str
    line: str
    pages_seen: int
    pages_of: int
    state: str
    in_force: bool
    since: str
    by: str


@dataclass
class Template:
    """The lines counted of one template: by the folded line its words as first seen, its count and how many it may have missed."""

    pages: int = 0
    lines: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def count(self, lines: Mapping[str, str]) -> None:
        """Count a page's lines, each once."""
        missed = self.pages // BUCKET
        self.pages += 1
        for folded, line in lines.items():
            words, seen, missing = self.lines.get(folded, (line, 0, missed))
            self.lines[folded] = words, seen + 1, missing
        if self.pages % BUCKET == 0:
            bucket = self.pages // BUCKET
            self.lines = {folded: row for folded, row in self.lines.items() if row[1] + row[2] > bucket}

    def frequent(self) -> Iterator[tuple[str, str, int]]:
        """Give the lines that are the template's: folded, as first seen, on how many pages."""
        if self.pages >= PAGES:
            yield from ((folded, line, seen) for folded, (line, seen, _) in self.lines.items() if seen > SHARE * self.pages)


def lines_of(document: Mapping[str, Any]) -> dict[str, str]:
    """Give the lines of a page that could be its template's, by their folded form, from the reading as it is stored.

    Those are whole lines at the ends of the uncleaned text: what was kept, no rows, and what was taken away as learned; what other rules
    take away needs no learning.
    """
    lines = str(document.get("uncleaned", "")).split("\n")
    known = {row["position"][0] for row in document.get("removals", ()) if row["rule"] != LEARNED}
    rows = {row.get("text") for row in document.get("paragraphs", ()) if row.get("kind") == "row"}
    ends = [at for at in range(len(lines)) if at < EDGE or at >= len(lines) - EDGE]
    chosen = (lines[at] for at in ends if at not in known and len(lines[at]) <= 2 * LONGEST_LEARNED and lines[at] not in rows)
    return {squeeze(line): line.strip() for line in chosen if may_be_learned(line)}


def templates_of(url: str, reader: str) -> tuple[str, ...]:
    """Give the templates a page belongs to: its reader on its host, and in its folder of the first level."""
    split = urlsplit(url)
    folder, _, rest = split.path.lstrip("/").partition("/")
    whole = f"{split.netloc} {reader}"
    return (whole, f"{split.netloc}/{folder}/ {reader}") if rest else (whole,)


def learn(store: Store, site: str | None = None, watch: Callable[[str, int], None] = lambda _site, _pages: None) -> int:
    """Count the lines of a site's pages (of all sites) anew and propose those that are its template's; gives how many are new."""
    with store.reading() as connection:
        names = [row[0] for row in connection.execute("select distinct site from addresses where site <> '' order by site")]
    return sum(_learn_site(store, name, watch) for name in names if site in {None, name})


def _learn_site(store: Store, site: str, watch: Callable[[str, int], None]) -> int:
    counted: dict[str, Template] = {}
    for number, (url, document) in enumerate(_pages(store, site), 1):
        lines = lines_of(document)
        for name in templates_of(url, str(document.get("reader", ""))):
            counted.setdefault(name, Template()).count(lines)
        watch(site, number)
    best: dict[str, tuple[float, str, str, int, int]] = {}
    for name, template in sorted(counted.items()):
        for folded, line, seen in template.frequent():
            best[folded] = max(best.get(folded, (0.0, "", "", 0, 0)), (seen / template.pages, name, line, seen, template.pages))
    with store.write() as connection:
        return sum(_propose(connection, site, folded, row) for folded, (_, *row) in sorted(best.items()))


def _pages(store: Store, site: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the address and the current reading of each page of a site, some at a time."""
    last = 0
    while True:
        with store.reading() as connection:
            rows = connection.execute(_PAGES, (site, last)).fetchall()
        if not rows:
            return
        yield from ((row["url"], json.loads(row["document"])) for row in rows if row["document"])
        last = rows[-1]["id"]


def _propose(connection: sqlite3.Connection, site: str, folded: str, counted: Iterable[object]) -> bool:
    """Keep what was counted of a line, proposing it where nothing was decided of it."""
    template, line, seen, pages = counted
    row = connection.execute("select id from learned_lines where site = ? and folded = ?", (site, folded)).fetchone()
    if row:
        counts = (template, seen, pages, row["id"])
        connection.execute("update learned_lines set template = ?, pages_seen = ?, pages_of = ? where id = ?", counts)
    else:
        _insert(connection, (site, template, line, folded, seen, pages, "proposed", now(), "learn"))
    return row is None


def _insert(connection: sqlite3.Connection, values: tuple[object, ...]) -> None:
    columns = "site, template, line, folded, pages_seen, pages_of, state, since, by"
    cursor = connection.execute(f"insert into learned_lines ({columns}) values ({', '.join('?' * len(values))})", values)  # noqa: S608 - ours
    renew_fixity(connection, "learned_lines", cursor.lastrowid or 0)


def decide(store: Store, site: str, line: str, state: str) -> None:
    """Pin or unpin a line of a site, known or not; ArchiveError where it may never be learned, or is not known and to be unpinned."""
    folded = squeeze(line)
    if state == "pinned" and not may_be_learned(line):
        raise ArchiveError(
            f"{line}: cannot be pinned: it is longer than {LONGEST_LEARNED} characters or reads like a document's own words"
            " (a number, a date, an organ, a heading, a contact); name lines of the page's template"
        )
    with store.write() as connection:
        row = connection.execute("select id from learned_lines where site = ? and folded = ?", (site, folded)).fetchone()
        if row:
            _set(connection, row["id"], state, "operator")
        elif state == "unpinned":
            raise ArchiveError(f"{line}: is no learned line of {site}; `dibao learn --site {site}` lists them")
        elif not connection.execute("select 1 from sites where name = ?", (site,)).fetchone():
            raise ArchiveError(f"{site}: the archive knows no such site; `dibao status` lists them")
        else:
            _insert(connection, (site, "", line.strip(), folded, 0, 0, state, now(), "operator"))


def lines(connection: sqlite3.Connection, site: str | None = None) -> list[Line]:
    """Give the learned lines, the most frequent of each site first."""
    rows = connection.execute(
        "select * from learned_lines where ?1 is null or site = ?1 order by site, pages_seen * 1.0 / max(pages_of, 1) desc, id", (site,)
    )
    return [_line(row) for row in rows]


def in_force(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Give the lines in force by site: those a crawl's and an import's rules hold."""
    return _by_site(connection.execute("select site, line from learned_lines where in_force = 1 order by site, folded"))


def planned(connection: sqlite3.Connection, site: str | None = None) -> dict[str, tuple[str, ...]]:
    """Give the lines that a rebuild of a site (of all) brings into force, beside those in force for other sites."""
    rows = connection.execute(
        f"select site, line from learned_lines where iif(?1 is null or site = ?1, state in {IN_RULES}, in_force) order by site, folded",  # noqa: S608
        (site,),
    )
    return _by_site(rows)


def put_in_force(connection: sqlite3.Connection, site: str, chosen: Iterable[str]) -> None:
    """Let exactly these lines be in force for a site: what a rebuild does before it reads the site's first page."""
    wanted = set(chosen)
    for row in connection.execute("select id, line, state, in_force from learned_lines where site = ?", (site,)).fetchall():
        if bool(row["in_force"]) != (row["line"] in wanted):
            connection.execute("update learned_lines set in_force = ? where id = ?", (int(row["line"] in wanted), row["id"]))
        if row["line"] in wanted and row["state"] == "proposed":
            _set(connection, row["id"], "active", "rebuild")


def _set(connection: sqlite3.Connection, number: int, state: str, by: str) -> None:
    connection.execute("update learned_lines set state = ?, since = ?, by = ? where id = ?", (state, now(), by, number))
    renew_fixity(connection, "learned_lines", number)


def _line(row: sqlite3.Row) -> Line:
    values = {name: row[name] for name in Line.__dataclass_fields__}
    return Line(**{**values, "in_force": bool(row["in_force"])})


def _by_site(rows: Iterable[sqlite3.Row]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["site"], []).append(row["line"])
    return {site: tuple(lines) for site, lines in found.items()}


_PAGES = """
    select a.id, a.url, coalesce(r.document, s.document) as document from addresses a
    join versions v on v.id = (select id from versions where address = a.id and merged_into is null order by captured_at desc limit 1)
    join readings r on r.id = v.reading left join readings s on s.id = r.same_as
    where a.site = ? and a.id > ? order by a.id limit 100
"""
