"""Everything derived, derived again from the captures in the order kept, with today's rules.

Pages are read by workers (`workers`), what follows is written by this process alone, in short transactions of whole addresses:
readers see each address before or after and never in between. What today's rules read already is not read again, unless asked
for: the same bytes and rules give the same (`repeat` looks whether they do). A rebuild that was stopped goes on where it stood.
One rebuild at a time; a site's lock is held while its addresses are done, so that other sites may be crawled meanwhile.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from archive.connection import Store
from archive.filetexts import keep_text, unread_files
from archive.life.keeping import catch_up as catch_up_lives
from archive.locks import hold
from archive.rebuilding import learned, progress, todo
from archive.rebuilding.derive import Example, Fresh, Tally, bring_in_line, standing
from archive.rebuilding.todo import READABLE
from archive.rebuilding.workers import Outcome, Reader, Workers, workers
from archive.record.captures import ROWS, open_capture
from archive.search import catch_up_all
from cleaners.attachments.records import FileText
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Notice

FileReader = Callable[[Capture], FileText]
"""Gives the text of a captured file."""

PATIENCE = 15.0
"""Seconds a site that is being crawled is waited for, after all others."""

_log = logging.getLogger(__name__)


@runtime_checkable
class SiteReader(Protocol):
    """A reader that says by which rules it reads the pages of a site, and which learned lines are among them."""

    def __call__(self, capture: Capture, /) -> tuple[Notice, str]:
        """Give the notice in a capture, and the fingerprint of the rules it was read by."""

    def fingerprint(self, site: str) -> str:
        """Give the fingerprint of the rules a site's pages are read by."""

    def learned(self, site: str) -> tuple[str, ...]:
        """Give the learned lines among them, which come into force with the rebuild."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """What a rebuild did.

    Captures read, readings made by cause (cleaner, source), how many captures say something else than before and in which fields of the
    notice, versions cut, merged away and standing now, with some examples. `skipped` captures were read by today's rules already;
    `failures` are pages that could not be read, by address: they say what they said. `left` are sites that were being crawled.
    `files` are attached files that were read, `refiled` those of them that say something else than before, `shortfalls` how many gave not
    all of their text, by the flag that says why. `resumed`: it went on where a stopped one stood, and tells of both.
    """

    captures: int
    readings: Mapping[str, int]
    differing: int
    cut: int
    merged: int
    versions: int
    files: int = 0
    refiled: int = 0
    shortfalls: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, int] = field(default_factory=dict)
    skipped: int = 0
    failures: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    left: tuple[str, ...] = ()
    resumed: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything is not as it was."""
        return bool(self.differing or self.cut or self.merged or self.refiled)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is: captures done (read or skipped) of all, files done of all; the site at hand."""

    site: str = ""
    done: int = 0
    total: int = 0
    files_done: int = 0
    files: int = 0


Watch = Callable[[Progress], None]
"""Is told how far a rebuild is."""


def _nobody(progress: Progress) -> None:
    """Watch nothing."""


def rebuild(
    store: Store,
    read: Reader,
    read_file: FileReader | None = None,
    *,
    site: str | None = None,
    everything: bool = False,
    processes: int = 0,
    watch: Watch = _nobody,
) -> Rebuild:
    """Read captures again and bring readings, versions, notices and search in line; ArchiveError where the archive is locked.

    Then, with `read_file`, attached files that were never read, or by another reader than today's. Where `read` is a `SiteReader`, what
    today's rules read is skipped, unless `everything` is asked for; where it is not, all is read. `site` names the one site to rebuild.
    Pages are read in so many `processes`, which takes a reader that can be pickled, or (0) in this one.
    """
    with hold(store.path, "archive", by="rebuild"), workers(store, read, processes) as team:
        run = _Run(store, read, team, site, watch, everything=everything)
        left = run.sites()
        if read_file:
            run.files(read_file)
        catch_up_lives(store, site, everything=everything)
        catch_up_all(store)
        return run.end(left)


class _Run:
    """A rebuild under way: what it was asked, and what it did so far."""

    def __init__(self, store: Store, read: Reader, team: Workers, site: str | None, watch: Watch, *, everything: bool) -> None:
        self._store = store
        self._team = team
        self._site = site
        self._watch = watch
        self._read = read if isinstance(read, SiteReader) else None
        with store.reading() as connection:
            self._names = todo.sites(connection, site)
            self._done, self._total = 0, todo.count(connection, self._names)
        self._todays = {name: self._read.fingerprint(name) for name in self._names} if self._read else {}
        self._skips = self._read is not None and not everything
        with store.write() as connection:
            self._kept = progress.begin(connection, site, self._todays, everything=everything)
        self._tally = self._kept.tally
        self._skipped = 0

    def sites(self) -> tuple[str, ...]:
        """Rebuild site by site, those that are being crawled last; gives those that still are."""
        busy = [name for name in self._names if not self._try(name, 0)]
        return tuple(name for name in busy if not self._try(name, PATIENCE))

    def _try(self, name: str, wait: float) -> bool:
        """Rebuild a site unless somebody else holds its lock; ArchiveError where it is the only one asked for."""
        with ExitStack() as locks:
            try:
                if name:
                    locks.enter_context(hold(self._store.path, f"site:{name}", by="rebuild", wait=wait))
            except ArchiveError as error:
                if self._site is not None:
                    raise
                _log.log(logging.WARNING if wait else logging.INFO, "%s", error)
                return False
            self._rebuild_site(name)
            return True

    def _rebuild_site(self, name: str) -> None:
        with self._store.write() as connection:
            if self._read:
                learned.put_in_force(connection, name, self._read.learned(name))
            reached = self._kept.reached(connection, name) if not self._skips else 0
        with self._store.reading() as connection:
            plan = todo.plan(connection, name, self._todays if self._skips else None, reached)
        self._skipped += plan.skipped
        self._tell(name, plan.skipped)
        outcomes: dict[int, Outcome] = {}
        batches = todo.batches(self._captures(plan.addresses))
        for addresses, read in self._team.outcomes(batches):
            outcomes |= _shared(read, outcomes)
            if addresses:
                self._apply(name, addresses, outcomes)
                outcomes.clear()
            self._tell(name, len(read))
        with self._store.write() as connection:
            self._kept.end_site(connection, name)

    def _captures(self, addresses: Sequence[int]) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Give addresses with their captures that are to be read, and the size of each."""
        for address in addresses:
            with self._store.reading() as connection:
                yield address, todo.captures(connection, address, self._todays if self._skips else None)

    def _apply(self, site: str, addresses: Sequence[int], outcomes: dict[int, Outcome]) -> None:
        """Write what follows for some addresses in one transaction; those that a crawl added to meanwhile are read on and done after."""
        while addresses:
            late: dict[int, list[int]] = {}
            with self._store.write() as connection:
                for address in addresses:
                    late[address] = self._bring(connection, address, outcomes)
                if not any(late.values()):
                    self._kept.note(connection, site, addresses[-1], self._tally)
            addresses = [address for address, captures in late.items() if captures]
            for _, read in self._team.outcomes((None, captures) for captures in late.values() if captures):
                outcomes |= {outcome.capture: outcome for outcome in read}

    def _bring(self, connection: sqlite3.Connection, address: int, outcomes: Mapping[int, Outcome]) -> list[int]:
        """Bring an address in line, or give the captures that must be read first."""
        rows = connection.execute(f"{ROWS} where c.address = ? and {READABLE} order by c.id", (address,)).fetchall()
        settled: dict[int, Fresh] = {}
        for row in rows:
            if row["id"] not in outcomes and self._skips and row["read"]:
                found = standing(connection, row)
                if found.fingerprint == self._todays.get(row["site"]):
                    settled[row["id"]] = found
        late = [row["id"] for row in rows if row["id"] not in settled and _is_late(row, outcomes)]
        if not late:
            fresh = (settled.get(row["id"]) or self._fresh(connection, row, outcomes[row["id"]]) for row in rows)
            bring_in_line(connection, address, list(filter(None, fresh)), self._tally)
        return late

    def _fresh(self, connection: sqlite3.Connection, row: sqlite3.Row, outcome: Outcome) -> Fresh | None:
        """Give what was read in a capture; what it said before where that failed, and None where it never said anything."""
        if outcome.notice is not None:
            return Fresh(row, outcome.notice, outcome.fingerprint, outcome.document)
        self._tally.failures[row["url"]] = outcome.failure
        _log.error("%s", outcome.failure if row["url"] in outcome.failure else f"{row['url']}: {outcome.failure}")
        return standing(connection, row) if row["read"] else None

    def _tell(self, site: str, done: int) -> None:
        self._done += done
        self._watch(Progress(site, min(self._done, self._total), self._total))

    def files(self, read_file: FileReader) -> None:
        """Read files, each outside a transaction and kept in one of its own: a rebuild that is stopped loses those under way."""
        with self._store.reading() as connection:
            rows = [row["id"] for row in unread_files(connection, stale=True) if self._site in {None, row["site"]}]
        for number, (capture, found) in enumerate(self._team.each(read_file, self._opened(rows)), 1):
            with self._store.write() as connection:
                self._tally.refiled += keep_text(connection, capture, found)
            self._tally.files += 1
            self._tally.shortfalls.update([found.shortfall] if found.shortfall else [])
            self._watch(Progress("", self._done, self._total, number, len(rows)))

    def _opened(self, captures: Sequence[int]) -> Iterator[tuple[Capture, Capture]]:
        for number in captures:
            with self._store.reading() as connection:
                capture = open_capture(connection, connection.execute(f"{ROWS} where c.id = ?", (number,)).fetchone())
            yield capture, capture

    def end(self, left: tuple[str, ...]) -> Rebuild:
        """Close the rebuild and tell what it did."""
        tally = self._tally
        with self._store.write() as connection:
            self._kept.end(connection, tally, complete=not left)
            versions = connection.execute("select count(*) from versions where merged_into is null").fetchone()[0]
        return Rebuild(
            tally.captures,
            dict(tally.readings),
            tally.differing,
            tally.cut,
            tally.merged,
            versions,
            files=tally.files,
            refiled=tally.refiled,
            shortfalls=dict(tally.shortfalls),
            fields=dict(tally.fields),
            skipped=self._skipped,
            failures=dict(tally.failures),
            examples=tuple(tally.examples),
            left=left,
            resumed=self._kept.resumed,
        )


def _is_late(row: sqlite3.Row, outcomes: Mapping[int, Outcome]) -> bool:
    """Say whether a capture was kept, or got further parts, after it was looked at."""
    found = outcomes.get(row["id"])
    return found is None or (not found.failure and found.parts != row["parts"])


def _shared(read: Sequence[Outcome], known: Mapping[int, Outcome]) -> dict[int, Outcome]:
    """Give outcomes by capture, those that say the same in one notice: an address seen a thousand times takes no more memory than one."""
    notices = {outcome.document: outcome for outcome in known.values()}
    kept: dict[int, Outcome] = {}
    for outcome in read:
        same = notices.setdefault(outcome.document, outcome)
        shared = Outcome(outcome.capture, outcome.parts, same.notice, outcome.fingerprint, same.document)
        kept[outcome.capture] = outcome if outcome.notice is None else shared
    return kept


__all__ = ["READABLE", "Example", "Progress", "Rebuild", "SiteReader", "Tally", "rebuild"]
