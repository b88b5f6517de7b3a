"""What a spider may ask of earlier runs, filled from the archive; and which known notices are looked at again.

When that is says `archive.life`: by age (pages change mostly soon after they appear, and a site's whole past cannot be asked for every
day), sooner where a failure is to be confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from archive.store import Archive
from cleaners.records import Entry
from spiders.paging import Next

RECHECKS = ("due", "all", "none")


class ArchiveHistory:
    """Is the `spiders.history.History` of one site; `recheck` is due (by age), all or none.

    `settle` writes what still waits to be written, before a question whose answer depends on it.
    """

    def __init__(self, archive: Archive, site: str, recheck: str = "due", *, settle: Callable[[], None] | None = None) -> None:
        self._recheck = recheck
        self._facts = archive.history(site)
        self._frontier = archive.frontier(site)
        self._settle = settle

    def known(self, urls: Iterable[str]) -> frozenset[str]:
        """Give those of `urls` that were captured before; a page that moved is known, and looked at where it moved to."""
        asked = list(urls)
        return self._facts.known(asked) | self._facts.moved(asked)

    def listed_since(self, channel: str, urls: Iterable[str], begun: datetime) -> frozenset[str]:
        """Give those of `urls` that the channel's list has shown since `begun`."""
        if self._settle is not None:
            self._settle()
        return self._facts.listed_since(channel, urls, begun)

    def last_full_walk(self, channel: str) -> datetime | None:
        """Give when the channel's whole list was last read to its end."""
        return self._facts.last_full_walk(channel)

    def waiting(self, channel: str) -> bool:
        """Say whether a list page of the channel waits in the frontier."""
        return self._frontier.waits(channel)

    def last_complete_run(self) -> datetime | None:
        """Give when the last complete run began."""
        return self._facts.last_complete_run()

    def resume_point(self, channel: str) -> Next | None:
        """Give the list page at which the channel's last chain broke."""
        kept = self._facts.resume_point(channel)
        return Next(**kept) if kept else None

    def pending(self) -> tuple[Entry, ...]:
        """Give what was listed and never captured."""
        return self._facts.pending()

    def due(self, now: datetime) -> tuple[str, ...]:
        """Give the addresses of known notices that are to be looked at again, longest unchecked first."""
        if self._recheck == "none":
            return ()
        if self._recheck == "all":
            return tuple(at.url for at in self._facts.checked())
        return tuple(at.url for at in self._facts.due(now) if at.page is None)

    def due_files(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """Give (file, notice) addresses of attached files that are to be looked at again: each may be another one by now."""
        if self._recheck == "none":
            return ()
        if self._recheck == "all":
            return self._facts.files()
        return tuple((at.url, at.page) for at in self._facts.due(now) if at.page is not None)

    def listed(self, url: str) -> Entry | None:
        """Give what the lists last said of an address: a re-check is read with the same knowledge as the first look."""
        return self._facts.listed(url)

    def missing_files(self) -> tuple[tuple[str, str], ...]:
        """Give (file, notice) addresses of attachments that a killed run did not come to, in the order of their notices."""
        return self._facts.missing_files()
