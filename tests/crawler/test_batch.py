"""Changes are made in order and all at once; one that fails is left out, and nothing is forgotten while the disk refuses."""

import asyncio
import logging
import sqlite3
import threading
from contextlib import contextmanager

import pytest

from cleaners.errors import ArchiveError
from crawler import batch as batches
from crawler.batch import Batch


class Clock:
    """Stands in for the event loop's timers."""

    def __init__(self):
        self.due = []

    def __call__(self, seconds, function):
        self.due.append((seconds, function))
        return self

    def cancel(self):
        self.due.pop()


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(batches, "call_later", made)
    return made


class Disk:
    """Keeps what was written in whole transactions; `full` makes it refuse."""

    def __init__(self):
        self.kept, self.full, self.told = [], None, []

    @contextmanager
    def write(self):
        if self.full:
            raise ArchiveError(f"archive.db: {self.full}") from self.full
        before = list(self.kept)
        try:
            yield
        except BaseException:
            self.kept[:] = before
            raise

    def batch(self):
        return Batch(self.write, self.told.append)


def when_due(start, batch):
    async def call():
        start()
        await batch.written()

    asyncio.run(call())


def test_steps_are_made_together_soon(clock):
    disk = Disk()
    batch = disk.batch()
    batch.put(lambda: disk.kept.append(1))
    batch.put(lambda: disk.kept.append(2))
    assert disk.kept == []
    ((seconds, flush),) = clock.due
    assert seconds <= batches.SELDOM
    when_due(flush, batch)
    assert disk.kept == [1, 2]


def test_many_captures_and_many_bytes_do_not_wait(clock):
    disk = Disk()
    batch = disk.batch()
    for number in range(batches.LARGEST):
        batch.put(lambda number=number: disk.kept.append(number), captures=1)
    assert clock.due[-1][0] == 0
    batch.flush()
    batch.put(lambda: None, captures=1, size=batches.BYTES)
    assert clock.due[-1][0] == 0


def test_a_step_that_fails_is_left_out_and_the_others_are_kept_in_order(clock, caplog):
    disk = Disk()
    batch = disk.batch()
    for number in range(5):
        batch.put(lambda number=number: disk.kept.append(number if number != 2 else {}["missing"]))
    with caplog.at_level(logging.ERROR):
        batch.flush()
    assert disk.kept == [0, 1, 3, 4]
    assert "left out" in caplog.text
    assert disk.told == []


def test_while_the_disk_refuses_nothing_is_forgotten(clock):
    disk = Disk()
    disk.full = sqlite3.OperationalError("disk is full")
    batch = disk.batch()
    batch.put(lambda: disk.kept.append(1))
    batch.flush()
    assert disk.told == ["archive.db: disk is full"]
    with pytest.raises(ArchiveError):
        batch.close()
    disk.full = None
    batch.close()
    assert disk.kept == [1]


def test_an_archive_that_is_busy_is_waited_for(clock, caplog):
    disk = Disk()
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
    disk.full = busy
    batch = disk.batch()
    batch.put(lambda: disk.kept.append(1))
    with caplog.at_level(logging.WARNING):
        batch.flush()
    assert disk.told == []
    assert "locked" in caplog.text
    disk.full = None
    when_due(clock.due[-1][1], batch)
    assert disk.kept == [1]


def test_the_loop_turns_while_steps_are_made_and_takes_what_comes_meanwhile(clock):
    disk, go_on = Disk(), threading.Event()
    batch = disk.batch()

    async def crawl():
        batch.put(lambda: disk.kept.append(go_on.wait(30)), then=lambda _: told.append(list(disk.kept)))
        writing = asyncio.ensure_future(batch.written())
        await asyncio.sleep(0.01)
        batch.put(lambda: disk.kept.append(2) or "two", then=told.append)
        assert told == []
        go_on.set()
        await writing
        assert told == [[True]]
        await batch.written()

    told = []
    asyncio.run(crawl())
    assert disk.kept == [True, 2]
    assert told == [[True], "two"]


def test_another_thread_may_have_all_written_and_those_who_wait_are_told_in_the_loop(clock):
    disk = Disk()
    batch = disk.batch()

    async def crawl():
        await batch.written()
        batch.put(lambda: disk.kept.append(1), then=lambda _: told.append(threading.current_thread()))
        await asyncio.to_thread(batch.flush)
        assert disk.kept == [1]
        await asyncio.sleep(0.01)

    told = []
    asyncio.run(crawl())
    assert told == [threading.main_thread()]


def test_it_is_full_until_what_was_put_is_kept_and_says_when_there_is_room(clock):
    disk, told = Disk(), []
    batch = disk.batch()
    batch.relieved = lambda: told.append(batch.full)
    for _ in range(batches.LARGEST):
        assert not batch.full
        batch.put(lambda: None, captures=1)
    assert batch.full
    disk.full = sqlite3.OperationalError("disk is full")
    batch.flush()
    assert (batch.full, told) == (True, [])
    disk.full = None
    batch.flush()
    assert (batch.full, told) == (False, [False])


def test_a_step_that_is_left_out_gives_nothing(clock):
    batch, told = Disk().batch(), []
    batch.put(lambda: 1, then=told.append)
    batch.put(lambda: {}["missing"], then=told.append)
    batch.flush()
    assert told == [1, None]


def test_an_archive_that_stays_busy_ends_the_run_at_last(clock):
    disk = Disk()
    disk.full = sqlite3.OperationalError("database is locked")
    disk.full.sqlite_errorcode = sqlite3.SQLITE_BUSY
    batch = disk.batch()
    batch.put(lambda: disk.kept.append(1))
    for _ in range(batches.PATIENCE):
        assert disk.told == []
        batch.flush()
    assert len(disk.told) == 1
