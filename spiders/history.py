"""What a spider asks before it goes on: one small read-only object that `crawler` fills from the archive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from cleaners.records import Entry
from spiders.paging import Next


class History(Protocol):
    """Answers what earlier runs of one site have left behind. URLs are compared in the form the listing gave them."""

    def known(self, urls: Iterable[str]) -> frozenset[str]:
        """Return those of `urls` that were captured before."""

    def listed_since(self, channel: str, urls: Iterable[str], begun: datetime) -> frozenset[str]:
        """Return those of `urls` that the channel's list has shown since `begun`."""

    def last_complete_run(self) -> datetime | None:
        """Return when the last run began that read every channel to its end, aware; None before the first one."""

    def last_full_walk(self, channel: str) -> datetime | None:
        """Return when the channel's whole list was last read to its end, aware; None before the first time."""

    def resume_point(self, channel: str) -> Next | None:
        """Return the list page at which the channel's last chain broke, or None."""

    def waiting(self, channel: str) -> bool:
        """Return whether a list page of the channel still waits in the frontier: its walk goes on there, and is not begun."""

    def pending(self) -> tuple[Entry, ...]:
        """Return entries that were listed, never captured, and do not wait in the frontier."""

    def due(self, now: datetime) -> tuple[str, ...]:
        """Return the addresses of known notices whose re-check is due at `now`."""

    def due_files(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """Return (file, notice) addresses of attached files whose re-check is due at `now`."""


@dataclass(frozen=True, slots=True)
class MemoryHistory:
    """A `History` held in memory, for spiders driven by hand; `note` is told what their lists show."""

    captured: frozenset[str] = frozenset()
    complete: datetime | None = None
    resume: Mapping[str, Next] = field(default_factory=dict)
    uncaptured: tuple[Entry, ...] = ()
    recheck: tuple[str, ...] = ()
    full: Mapping[str, datetime] = field(default_factory=dict)
    listed: dict[tuple[str, str], datetime] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()

    def note(self, channel: str, entries: Iterable[Entry]) -> None:
        """Remember that a channel's list shows these entries now."""
        self.listed.update(((channel, entry.url), datetime.now(UTC)) for entry in entries)

    def listed_since(self, channel: str, urls: Iterable[str], begun: datetime) -> frozenset[str]:
        """Return those of `urls` that were noted since `begun`."""
        return frozenset(url for url in urls if (seen := self.listed.get((channel, url))) is not None and seen >= begun)

    def known(self, urls: Iterable[str]) -> frozenset[str]:
        """Return those of `urls` that are in `captured`."""
        return self.captured.intersection(urls)

    def last_complete_run(self) -> datetime | None:
        """Return `complete`."""
        return self.complete

    def last_full_walk(self, channel: str) -> datetime | None:
        """Return the channel's moment in `full`, else `complete`."""
        return self.full.get(channel, self.complete)

    def resume_point(self, channel: str) -> Next | None:
        """Return the channel's page in `resume`."""
        return self.resume.get(channel)

    def waiting(self, channel: str) -> bool:  # noqa: ARG002 - nothing outlives the memory
        """Return False."""
        return False

    def pending(self) -> tuple[Entry, ...]:
        """Return `uncaptured`."""
        return self.uncaptured

    def due(self, now: datetime) -> tuple[str, ...]:  # noqa: ARG002 - a fixed answer needs no clock
        """Return `recheck`, whatever the time."""
        return self.recheck

    def due_files(self, now: datetime) -> tuple[tuple[str, str], ...]:  # noqa: ARG002 - as above
        """Return `files`."""
        return self.files
