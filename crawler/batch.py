"""What a run writes, put together into few transactions, and written in a thread: the network waits neither for the disk nor for an index.

Steps wait in memory, so that the archive is locked only while they are written and never while the network is waited for; other
runs write in between. They are written in the order they came in, all or none, so whatever a kill leaves behind is the state
after some whole number of batches. While more than a batch waits (`full`), nothing more is to be asked for: so what a kill costs,
and what waits in memory, stays small however slow the disk is.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

from scrapy.utils.asyncio import CallLaterResult, call_later

from cleaners.errors import ArchiveError, NoticeError

_log = logging.getLogger(__name__)

Step = Callable[[], object]
Then = Callable[[Any], object]

LARGEST = 32  # captures
STEPS = 512
BYTES = 8 << 20  # of bodies held in memory
SOON = 0.02  # seconds: in which a page that came alone is read, too
SELDOM = 0.5  # seconds between two batches of a fast crawl

_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
PATIENCE = 8  # times in a row that another process may keep the archive busy for longer than a write waits

_STEP_ERRORS = (NoticeError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, MemoryError, RuntimeError, sqlite3.Error)
"""What a step may fail with because of the page it is about: that page is left out, the others are kept."""


@dataclass(slots=True)
class _Waiting:
    """A step that waits, what it keeps, and who is told in the event loop what it gave."""

    step: Step
    captures: int
    size: int
    then: Then | None
    gave: Any = None


@dataclass(slots=True)
class _Made:
    """What became of the steps taken: those kept, those left out, and the error for which the rest waits on."""

    kept: list[_Waiting] = field(default_factory=list)
    left_out: list[_Waiting] = field(default_factory=list)
    error: ArchiveError | None = None


def _nobody() -> None:
    """Tell nobody that there is room again."""


class Batch:
    """Takes steps and makes them within `transaction`, soon; `trouble` is told why the archive cannot be written to.

    Steps are put in the event loop's thread. `relieved` is called there when the batch, having been full, is so no more.
    """

    def __init__(self, transaction: Callable[[], AbstractContextManager[object]], trouble: Callable[[str], None]) -> None:
        self._transaction = transaction
        self._trouble = trouble
        self.relieved: Callable[[], None] = _nobody
        self._waiting: deque[_Waiting] = deque()
        self._steps = self._captures = self._bytes = 0  # not kept yet, those in the writer's hands included
        self._last = 0.0
        self._timer: CallLaterResult | None = None
        self._urgent = self._writing = False
        self._refused = 0  # times in a row
        self._turn = Lock()
        self._writer = ThreadPoolExecutor(1, "archive")
        self._task: asyncio.Future[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def full(self) -> bool:
        """Whether as much waits as one batch may hold."""
        return self._captures >= LARGEST or self._bytes >= BYTES or self._steps >= STEPS

    def put(self, step: Step, *, captures: int = 0, size: int = 0, then: Then | None = None, urgent: bool = False) -> None:
        """Take a step, which keeps so many captures of so many bytes together.

        `then` is given what it gave, once that is kept, or None where it was left out; an `urgent` one is made at once.
        """
        self._waiting.append(_Waiting(step, captures, size, then))
        self._count(1, captures, size)
        if urgent or self.full:
            self._wake(0, urgent=True)
        elif self._timer is None:
            self._wake(max(SOON, self._last + SELDOM - monotonic()))

    async def written(self) -> None:
        """Wait until all that was put is kept; where the disk refuses, until it did."""
        self._begin_writing()
        self._after(await asyncio.get_running_loop().run_in_executor(self._writer, self._make_all))

    async def room(self) -> None:
        """Wait, where the batch is full, until what waits is kept: for whoever has any number of steps to put."""
        if self.full:
            await self.written()

    def flush(self) -> None:
        """Make all steps now, in this thread. One that fails for a reason of its own is left out; where the disk refuses, all stay."""
        made = self._make_all()
        if self._elsewhere():
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._after, made)
        else:
            self._stop_timer()
            self._after(made)

    def close(self) -> None:
        """Make the last steps; ArchiveError where they could not be kept."""
        self.flush()
        self._writer.shutdown(wait=False)
        if self._waiting:
            raise ArchiveError("the last pages could not be kept; they are asked for again by the next run")

    def _elsewhere(self) -> bool:
        """Say whether this is another thread than that of the event loop."""
        try:
            here = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        return self._loop is not None and self._loop.is_running() and here is not self._loop

    def _begin_writing(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop_timer()
        self._writing = True

    def _start(self) -> None:
        """Have the writer make what waits."""
        if self._waiting:
            self._task = asyncio.ensure_future(self.written())

    def _make_all(self) -> _Made:
        """Make all steps that wait; what cannot be kept for a reason of the archive's waits on."""
        made = _Made()
        with self._turn:
            taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
            try:
                while taken and made.error is None and not self._make(taken, made):
                    pass
            finally:
                if made.kept is not taken:
                    self._waiting.extendleft(reversed(taken))
        return made

    def _make(self, taken: list[_Waiting], made: _Made) -> bool:
        """Make steps; where one fails nothing was done, and it is taken out unless the archive itself is in trouble."""
        number = 0
        try:
            with self._transaction():
                for number, waiting in enumerate(taken):  # noqa: B007 - the number of the step that failed is used below
                    waiting.gave = waiting.step()
        except _STEP_ERRORS as error:
            if isinstance(error, ArchiveError) and isinstance(error.__cause__, sqlite3.OperationalError):
                made.error = error
                return False
            _log.exception("one of %d changes could not be kept and is left out", len(taken))
            for waiting in taken:
                waiting.gave = None
            made.left_out.append(taken.pop(number))
            return False
        made.kept = taken
        return True

    def _after(self, made: _Made) -> None:
        """Tell those who wait what came of a write, and go on."""
        full = self.full
        for waiting in (*made.kept, *made.left_out):
            self._count(-1, -waiting.captures, -waiting.size)
        self._writing = False
        self._last = monotonic()
        for waiting in (*made.kept, *made.left_out):
            if waiting.then is not None:
                waiting.then(waiting.gave)
        self._refused = self._refused if made.error else 0
        if made.error is not None:
            self._wait_or_stop(made.error)
        elif self._waiting and self._timer is None:
            urgent, self._urgent = self._urgent or self.full, False
            self._wake(0 if urgent else SELDOM, urgent=urgent)
        if full and not self.full:
            self.relieved()

    def _count(self, steps: int, captures: int, size: int) -> None:
        self._steps += steps
        self._captures += captures
        self._bytes += size

    def _wait_or_stop(self, error: ArchiveError) -> None:
        """Try again a little later where another process keeps the archive busy; for any other reason tell that no more can be kept."""
        self._refused += 1
        if getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF in _BUSY and self._refused < PATIENCE:
            _log.warning("%s", error)
            self._wake(SELDOM)
        else:
            self._trouble(str(error))

    def _wake(self, seconds: float, *, urgent: bool = False) -> None:
        if self._writing or (urgent and self._urgent):
            self._urgent |= urgent
            return
        self._stop_timer()
        self._urgent = urgent
        self._timer = call_later(seconds, self._start)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._urgent = None, False
