"""Processes that ask the same address take turns."""

import asyncio
import subprocess
import sys
from itertools import pairwise

from crawler.manners.turns import Turns

TAKER = """
import asyncio, sys, time
from pathlib import Path
from crawler.manners.turns import Turns

async def main():
    turns = Turns(Path(sys.argv[1]), lambda: False)
    for _ in range(4):
        async with turns.at("203.0.113.9", 0.2) as free:
            assert free
            begun = time.monotonic()
            await asyncio.sleep(0.05)
            print(sys.argv[2], begun, time.monotonic(), flush=True)
        await asyncio.sleep(0.16)
    await asyncio.sleep(0.3)

asyncio.run(main())
"""


def test_two_processes_never_ask_one_address_at_once_and_keep_its_pace_together(tmp_path):
    children = [
        subprocess.Popen([sys.executable, "-c", TAKER, str(tmp_path / f"{name}.db"), name], stdout=subprocess.PIPE, text=True)
        for name in "ab"
    ]
    taken = []
    for child in children:
        out, _ = child.communicate(timeout=60)
        assert child.returncode == 0
        taken += [(float(begun), float(ended), name) for name, begun, ended in map(str.split, out.splitlines())]
    taken.sort()
    assert len(taken) == 8
    for (begun, ended, _), (following, _, _) in pairwise(taken):
        assert following >= ended
        assert following - begun >= 0.14  # three quarters of the delay, less what timers are off by
    assert "".join(name for _, _, name in taken) not in {"aaaabbbb", "bbbbaaaa"} or taken[4][0] - taken[3][0] > 0.3


def test_nobody_waits_after_a_stop_and_an_unknown_address_is_free(tmp_path):
    async def ask():
        first, second = Turns(tmp_path / "a.db", lambda: False), Turns(tmp_path / "b.db", lambda: True)
        async with first.at("203.0.113.9", 0.1) as mine, second.at("203.0.113.9", 0.1) as theirs, second.at("", 0.1) as unknown:
            assert (mine, theirs, unknown) == (True, False, True)
        await asyncio.sleep(0.2)

    asyncio.run(ask())
