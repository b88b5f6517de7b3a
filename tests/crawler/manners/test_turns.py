"""Processes that ask the same address take turns."""

import asyncio
import subprocess
import sys
from itertools import pairwise
from typing import NamedTuple

from crawler.manners.turns import Turns

TAKER = """
import asyncio, sys, time
from pathlib import Path
from crawler.manners.turns import Turns

async def main():
    turns = Turns(Path(sys.argv[1]), lambda: False)
    print("loaded", flush=True)
    sys.stdin.readline()
    for _ in range(4):
        asked = time.monotonic()
        async with turns.at("203.0.113.9", 0.2) as free:
            assert free
            begun = time.monotonic()
            await asyncio.sleep(0.05)
            print(sys.argv[2], asked, begun, time.monotonic(), flush=True)
        await asyncio.sleep(0.16)
    await asyncio.sleep(0.3)

asyncio.run(main())
"""


class Turn(NamedTuple):
    begun: float
    ended: float
    asked: float
    name: str


def test_two_processes_never_ask_one_address_at_once_and_keep_its_pace_together(tmp_path):
    children = [
        subprocess.Popen(
            [sys.executable, "-c", TAKER, str(tmp_path / f"{name}.db"), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in "ab"
    ]
    for child in children:
        assert child.stdout.readline() == "loaded\n"
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    taken = []
    for child in children:
        out, _ = child.communicate(timeout=60)
        assert child.returncode == 0
        taken += [Turn(float(begun), float(ended), float(asked), name) for name, asked, begun, ended in map(str.split, out.splitlines())]
    taken.sort()
    assert len(taken) == 8
    for turn, following in pairwise(taken):
        assert following.begun >= turn.ended
        assert following.begun - turn.begun >= 0.14  # three quarters of the delay, less what timers are off by
    # whoever asks gets a turn before the other has had three more; on a busy machine one may come when the other is done
    assert not [turn for turn in taken if sum(other.name != turn.name and turn.asked < other.begun < turn.begun for other in taken) > 2]


def test_nobody_waits_after_a_stop_and_an_unknown_address_is_free(tmp_path):
    async def ask():
        first, second = Turns(tmp_path / "a.db", lambda: False), Turns(tmp_path / "b.db", lambda: True)
        async with first.at("203.0.113.9", 0.1) as mine, second.at("203.0.113.9", 0.1) as theirs, second.at("", 0.1) as unknown:
            assert (mine, theirs, unknown) == (True, False, True)
        await asyncio.sleep(0.2)

    asyncio.run(ask())
