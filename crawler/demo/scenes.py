"""What a list server plays when it is told to misbehave: pure transformations of what is listed, by the list pages served so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from crawler.demo.records import ModelNotice

TAKEN = 3  # notices taken away while a list is read
PINNED = 3
FRESH = 2  # notices published while a list is read
FOR_EVER = 9000  # pages
TOO_MANY = 2  # pages printed and not there


class Play(StrEnum):
    """What a server plays."""

    NORMAL = "normal"
    SHRINK_TOP = "shrink_top"  # the newest notices are taken away after some list pages were served
    SHRINK_MIDDLE = "shrink_middle"  # notices from the middle of the first page are
    PINNED = "pinned"  # old notices stand on top of the first page
    PINNED_ON_ALL = "pinned_on_all"  # and on top of every page
    LAST_AGAIN = "last_again"  # the pager promises more for ever, and beyond the end the last page is given again
    FIRST_AGAIN = "first_again"  # beyond the end the first page is
    FIRST_ONLY = "first_only"  # whatever page is asked for, the first is given
    STUB = "stub"  # a list page comes as a broken stub of 300 bytes
    CHALLENGE = "challenge"  # a list page comes as a challenge (412 and a script)
    ERROR = "error"  # a list page comes as a 500
    ADDED = "added"  # notices appear after some list pages were served
    OVERSTATED = "overstated"  # the printed total is too high by two pages


@dataclass(frozen=True, slots=True)
class Slice:
    """One list page: its notices, its number from 1, how many pages and rows the pager prints."""

    notices: Sequence[ModelNotice]
    number: int
    pages: int
    rows: int


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment of a play: `after` so many list pages of the host it begins, `served` of them were sent before this one.

    One list page is spoilt (stub, challenge, error), the first asked for from then on: `spoilt` names it. It was so `met` times, and
    comes as it is after `times`.
    """

    play: Play = Play.NORMAL
    after: int = 2
    times: int = 1
    served: int = 0
    spoilt: str = ""
    met: int = 0

    @property
    def begun(self) -> bool:
        """Whether as many list pages were served as it takes."""
        return self.served >= self.after

    def spoils(self, page: str) -> bool:
        """Say whether a list page about to be sent is to be spoilt; `page` is what tells its request from others."""
        spoiling = self.play in {Play.STUB, Play.CHALLENGE, Play.ERROR}
        return spoiling and self.begun and self.met < self.times and self.spoilt in {"", page}

    def served_one(self, page: str) -> Scene:
        """Give the moment after a list page was sent."""
        if not self.spoils(page):
            return replace(self, served=self.served + 1)
        return replace(self, served=self.served + 1, spoilt=page, met=self.met + 1)

    def taken(self, notices: Sequence[ModelNotice]) -> frozenset[str]:
        """Give the addresses, of a column's notices newest first, that this play takes away sooner or later."""
        first = {Play.SHRINK_TOP: 0, Play.SHRINK_MIDDLE: 4}.get(self.play)
        return frozenset() if first is None else frozenset(notice.url for notice in notices[first : first + TAKEN])

    def absent(self, notices: Sequence[ModelNotice]) -> frozenset[str]:
        """Give the addresses that are not there at this moment: taken away already, or not yet published."""
        if self.begun:
            return self.taken(notices)
        return frozenset(notice.url for notice in notices[:FRESH]) if self.play is Play.ADDED else frozenset()

    def listed(self, notices: Sequence[ModelNotice]) -> tuple[ModelNotice, ...]:
        """Give a column's notices, newest first, as the list orders them at this moment."""
        absent = self.absent(notices)
        present = tuple(notice for notice in notices if notice.url not in absent)
        if self.play in {Play.PINNED, Play.PINNED_ON_ALL}:
            return (*present[-PINNED:], *present[:-PINNED])
        return present

    def window(self, listed: Sequence[ModelNotice], start: int, size: int) -> Slice | None:
        """Cut `size` rows from row `start` (0 is the first) out of what is listed; None beyond the end."""
        begin = self._begin(len(listed), start, size)
        if begin is None:
            return None
        rows = tuple(listed[begin : begin + size])
        if self.play is Play.PINNED_ON_ALL and begin >= PINNED:
            rows = (*listed[:PINNED], *rows)
        more = {Play.LAST_AGAIN: FOR_EVER, Play.FIRST_AGAIN: FOR_EVER, Play.OVERSTATED: TOO_MANY}.get(self.play, 0)
        return Slice(rows, start // size + 1, pages_of(len(listed), size) + more, len(listed) + more * size)

    def _begin(self, rows: int, start: int, size: int) -> int | None:
        """Give the row at which the page begins that is sent for the one asked for."""
        if self.play is Play.FIRST_ONLY:
            return 0
        if 0 <= start < rows:
            return start
        if self.play is Play.FIRST_AGAIN:
            return 0
        return (pages_of(rows, size) - 1) * size if self.play is Play.LAST_AGAIN else None

    def lasting(self, notices: Sequence[ModelNotice], size: int) -> tuple[ModelNotice, ...]:
        """Give the notices, of a column's newest first, that a complete history of it holds: all that stay and can be reached."""
        if self.play is Play.FIRST_ONLY:
            return tuple(notices[:size])
        taken = self.taken(notices)
        return tuple(notice for notice in notices if notice.url not in taken)


NORMAL = Scene()


def pages_of(rows: int, size: int) -> int:
    """Give how many pages so many rows fill."""
    return -(-rows // size)
