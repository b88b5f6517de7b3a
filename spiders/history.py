"""What a spider asks before it goes on: one small read-only object that `crawler` fills from the archive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cleaners.records import Entry
from spiders.paging import Next


class History(Protocol):
    """Answers what earlier runs of one site have left behind. URLs are compared in the form the listing gave them."""

    def known(self, urls: Iterable[str]) -> frozenset[str]:
        """Return those of `urls` that were captured before."""

    def last_complete_run(self) -> datetime | None:
        """Return when the last run began that read every channel to its end, aware; None before the first one."""

    def resume_point(self, channel: str) -> Next | None:
        """Return the list page at which the channel's last chain broke, or None."""

    def pending(self) -> tuple[Entry, ...]:
        """Return entries that were listed and never captured."""

    def due(self, now: datetime) -> tuple[str, ...]:
        """Return the addresses of known notices whose re-check is due at `now`."""


@dataclass(frozen=True, slots=True)
class MemoryHistory:
    """A `History` held in memory: for tests, and for `scrapy crawl` without an archive."""

    captured: frozenset[str] = frozenset()
    complete: datetime | None = None
    resume: Mapping[str, Next] = field(default_factory=dict)
    uncaptured: tuple[Entry, ...] = ()
    recheck: tuple[str, ...] = ()

    def known(self, urls: Iterable[str]) -> frozenset[str]:
        """Return those of `urls` that are in `captured`."""
        return self.captured.intersection(urls)

    def last_complete_run(self) -> datetime | None:
        """Return `complete`."""
        return self.complete

    def resume_point(self, channel: str) -> Next | None:
        """Return the channel's page in `resume`."""
        return self.resume.get(channel)

    def pending(self) -> tuple[Entry, ...]:
        """Return `uncaptured`."""
        return self.uncaptured

    def due(self, now: datetime) -> tuple[str, ...]:  # noqa: ARG002 - a fixed answer needs no clock
        """Return `recheck`, whatever the time."""
        return self.recheck
