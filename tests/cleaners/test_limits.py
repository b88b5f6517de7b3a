"""Calls in a child: they give what they give, end when they must, and cost no other call."""

from __future__ import annotations

import operator
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import pytest

from cleaners.errors import LimitError
from cleaners.limits import run_limited


def test_a_call_gives_what_it_gives_from_a_child_that_stays():
    assert run_limited(sorted, ([3, 1, 2],)) == [1, 2, 3]
    child = run_limited(os.getpid)
    assert child != os.getpid()
    assert run_limited(os.getpid) == child


def test_what_a_call_raises_is_raised_here_and_the_child_goes_on():
    child = run_limited(os.getpid)
    with pytest.raises(ZeroDivisionError):
        run_limited(operator.truediv, (1, 0))
    assert run_limited(os.getpid) == child


def test_a_call_that_works_too_long_is_ended_and_the_next_one_is_made():
    with pytest.raises(LimitError, match=r"0\.1 s") as caught:
        run_limited(sum, (repeat(1, 10**12),), seconds=0.1)
    assert caught.value.limit == "time"
    assert run_limited(abs, (-1,)) == 1


def test_a_call_that_only_waits_is_ended_too():
    with pytest.raises(LimitError) as caught:
        run_limited(time.sleep, (3600,), seconds=0.05)
    assert caught.value.limit == "time"


def test_a_call_that_takes_too_much_memory_is_ended():
    with pytest.raises(LimitError, match="64 MiB") as caught:
        run_limited(bytes, (1 << 30,), memory=64 << 20)
    assert caught.value.limit == "memory"
    assert len(run_limited(bytes, (1 << 20,))) == 1 << 20


def test_a_parser_that_crashes_costs_one_call():
    with pytest.raises(LimitError, match="SIGSEGV") as caught:
        run_limited(signal.raise_signal, (signal.SIGSEGV,))
    assert caught.value.limit == "died"
    assert run_limited(abs, (-1,)) == 1


def test_a_result_that_cannot_be_sent_says_so():
    with pytest.raises(TypeError, match="cannot be sent"):
        run_limited(memoryview, (b"a",))


def test_threads_have_a_child_each():
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda number: run_limited(abs, (-number,)), range(20))) == list(range(20))


def test_what_stops_a_run_does_not_spoil_what_a_child_is_reading():
    child = run_limited(os.getpid)
    assert os.getpgid(child) != os.getpgid(0)  # a terminal's Ctrl-C goes to its group, even while a child starts
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(child, number)
    assert run_limited(os.getpid) == child
