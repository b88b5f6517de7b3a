"""Captures read in processes of their own: a page that ends its process costs that page and nothing else.

A worker opens the archive for reading by itself and takes payloads from there; what travels is the numbers of captures one way, and
what was read in them the other. Workers are the children of `cleaners.limits`, one for each thread that waits for it, so the limits of
time and memory hold here too. What comes back comes in the order asked for, whatever the number of workers.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from archive.connection import Store
from archive.documents import dump_notice
from archive.record.captures import ROWS, open_capture
from cleaners.errors import ArchiveError, LimitError, NoticeError
from cleaners.limits import run_limited
from cleaners.records import Capture, Notice

Reader = Callable[[Capture], tuple[Notice, str]]
"""Gives the notice in a capture, and the fingerprint of the rules it was read by; NoticeError where it cannot."""

AHEAD = 2
"""Batches read ahead for each worker: what bounds the memory, and keeps workers busy while the archive is written."""
SECONDS = 60.0
"""Processor seconds for a batch; a single page that takes long is read by a child of the worker, with limits of its own."""

Asked = TypeVar("Asked")
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of reading a capture: the notice, whose rules, and that as it is stored; or why it could not be read.

    `parts` are those the capture was read with, as its row names them.
    """

    capture: int
    parts: str | None
    notice: Notice | None
    fingerprint: str = ""
    document: str = ""
    failure: str = ""


class Workers:
    """Reads captures of an archive, in `number` processes or (0) in this one."""

    def __init__(self, store: Store, read: Reader, number: int) -> None:
        self._store = store
        self._read = read
        self._number = number
        self._pool = ThreadPoolExecutor(number) if number else None
        self._packed = _packed(read) if number else b""

    def outcomes(self, batches: Iterable[tuple[Asked, Sequence[int]]]) -> Iterator[tuple[Asked, list[Outcome]]]:
        """Give what came of batches of captures, in their order, each with what it was asked for."""
        return self.each(self._of_batch, batches)

    def each(self, call: Callable[[Any], Given], asked: Iterable[tuple[Asked, Any]]) -> Iterator[tuple[Asked, Given]]:
        """Give what a call gives for each argument, in their order; a bounded number of calls are ahead of who takes them."""
        if self._pool is None:
            yield from ((what, call(argument)) for what, argument in asked)
            return
        waiting: deque[tuple[Asked, Future[Given]]] = deque()
        for what, argument in asked:
            waiting.append((what, self._pool.submit(call, argument)))
            if len(waiting) > AHEAD * self._number:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()

    def _of_batch(self, captures: Sequence[int]) -> list[Outcome]:
        if self._pool is None:
            with self._store.reading() as connection:
                return read_captures(connection, captures, self._read)
        try:
            return self._in_child(captures)
        except LimitError as error:
            return [Outcome(captures[0], None, None, failure=str(error))] if len(captures) == 1 else self._one_by_one(captures)

    def _one_by_one(self, captures: Sequence[int]) -> list[Outcome]:
        return [outcome for capture in captures for outcome in self._of_batch((capture,))]

    def _in_child(self, captures: Sequence[int]) -> list[Outcome]:
        return run_limited(read_in_child, (str(self._store.path.absolute()), tuple(captures), self._packed), seconds=SECONDS)

    def close(self) -> None:
        """Let no further batch begin, and wait for those under way."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


@contextmanager
def workers(store: Store, read: Reader, number: int) -> Iterator[Workers]:
    """Give workers for as long as a block lasts; ArchiveError where the reader cannot travel to another process."""
    made = Workers(store, read, number)
    try:
        yield made
    finally:
        made.close()


def read_captures(connection: sqlite3.Connection, captures: Sequence[int], read: Reader) -> list[Outcome]:
    """Read captures by their numbers; a page that cannot be read, or whose payload is damaged, gives the reason."""
    return list(map(partial(_read_capture, connection, read), captures))


def _read_capture(connection: sqlite3.Connection, read: Reader, number: int) -> Outcome:
    row = connection.execute(f"{ROWS} where c.id = ?", (number,)).fetchone()
    try:
        notice, fingerprint = read(open_capture(connection, row))
    except NoticeError as error:
        return Outcome(number, row["parts"], None, failure=str(error))
    notice.text_digest, notice.exact_digest  # noqa: B018 - made here and kept with the notice: it is not the writer's work
    return Outcome(number, row["parts"], notice, fingerprint, dump_notice(notice))


def read_in_child(path: str, captures: Sequence[int], packed: bytes) -> list[Outcome]:
    """Read captures of the archive at `path`: what a worker does."""
    return read_captures(_connected(path), captures, _unpacked(packed))


@lru_cache(maxsize=1)
def _connected(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Reader:
    reader: Reader = pickle.loads(packed)  # noqa: S301 - from the process that asks
    return reader


def _packed(read: Reader) -> bytes:
    advice = "give one that can be pickled, or processes=0"
    if read.__module__ == "__main__":
        raise ArchiveError(f"this reader is defined in the script that runs, which other processes cannot import; {advice}")
    try:
        return pickle.dumps(read, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise ArchiveError(f"this reader cannot travel to another process ({error}); {advice}") from error
