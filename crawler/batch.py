"""What a run writes, put together into few transactions: a fast crawl waits for the disk now and then, a slow one keeps each page at once.

Steps wait in memory, so that the archive is locked only while they are written and never while the network is waited for; other
runs write in between. They are written in the order they came in, all or none, so whatever a kill leaves behind is the state
after some whole number of batches.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from time import monotonic

from scrapy.utils.asyncio import CallLaterResult, call_later

from cleaners.errors import ArchiveError, NoticeError

_log = logging.getLogger(__name__)

Step = Callable[[], object]

LARGEST = 32  # captures
STEPS = 512
BYTES = 8 << 20  # of bodies held in memory
SOON = 0.02  # seconds: in which a page that came alone is read, too
SELDOM = 0.5  # seconds between two batches of a fast crawl

_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
PATIENCE = 8  # times `STEPS` that may wait for another process

_STEP_ERRORS = (NoticeError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, sqlite3.Error)
"""What a step may fail with because of the page it is about: that page is left out, the others are kept."""


class Batch:
    """Takes steps and makes them within `transaction`, soon; `trouble` is told why the archive cannot be written to."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[object]], trouble: Callable[[str], None]) -> None:
        self._transaction = transaction
        self._trouble = trouble
        self._steps: list[Step] = []
        self._captures = self._bytes = 0
        self._last = 0.0
        self._timer: CallLaterResult | None = None
        self._urgent = False

    def put(self, step: Step, *, captures: int = 0, size: int = 0) -> None:
        """Take a step, which keeps so many captures of so many bytes together."""
        self._steps.append(step)
        self._captures += captures
        self._bytes += size
        if self._captures >= LARGEST or self._bytes >= BYTES or len(self._steps) >= STEPS:
            self._wake(0, urgent=True)
        elif self._timer is None:
            self._wake(max(SOON, self._last + SELDOM - monotonic()))

    def flush(self) -> None:
        """Make all steps now. One that fails for a reason of its own is left out and logged; where the disk refuses, all stay."""
        self._stop_timer()
        while self._steps and not self._make():
            pass
        self._captures = self._bytes = 0
        self._last = monotonic()

    def close(self) -> None:
        """Make the last steps; ArchiveError where they could not be kept."""
        self.flush()
        if self._steps:
            raise ArchiveError("the last pages could not be kept; they are asked for again by the next run")

    def _make(self) -> bool:
        """Make all steps; where one fails nothing was done, and it is taken out unless the archive itself is in trouble."""
        number = 0
        try:
            with self._transaction():
                for number, step in enumerate(self._steps):  # noqa: B007 - the number of the step that failed is used below
                    step()
        except _STEP_ERRORS as error:
            if isinstance(error, ArchiveError) and isinstance(error.__cause__, sqlite3.OperationalError):
                self._wait_or_stop(error, error.__cause__)
                return True
            _log.exception("one of %d changes could not be kept and is left out", len(self._steps))
            del self._steps[number]
            return False
        self._steps.clear()
        return True

    def _wait_or_stop(self, error: ArchiveError, cause: sqlite3.OperationalError) -> None:
        """Try again a little later where another process keeps the archive busy; for any other reason tell that no more can be kept."""
        if getattr(cause, "sqlite_errorcode", 0) & 0xFF in _BUSY and len(self._steps) < STEPS * PATIENCE:
            _log.warning("%s", error)
            self._wake(SELDOM)
        else:
            self._trouble(str(error))

    def _wake(self, seconds: float, *, urgent: bool = False) -> None:
        if urgent and self._urgent:
            return
        self._stop_timer()
        self._urgent = urgent
        self._timer = call_later(seconds, self.flush)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._urgent = None, False
