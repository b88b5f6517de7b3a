"""SIGKILL at every named step of the commit path, and at random moments; what the tests and the benchmark share."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from random import Random

from commit_path import faults, lines, missing, steps, traced, work

forkserver = get_context("forkserver")
forkserver.set_forkserver_preload(["commit_path", "archive.preservation.backup"])


def places(folder: Path, random: Random, most: int) -> list[tuple[str, int]]:
    """Choose statements to kill at: each named step once, then others at random; gives names and places in the order of the work."""
    names = steps(folder / "undisturbed.db")
    first = [(name, random.choice([at for at, other in enumerate(names) if other == name])) for name in sorted(set(names))]
    more = [(names[at], at) for at in (random.randrange(len(names)) for _ in range(max(0, most - len(first))))]
    chosen = first + more
    random.shuffle(chosen)
    return chosen[:most]


def kill_at_statement(path: Path, at: int) -> list[str]:
    """Work on an archive until just before its so-manieth statement; gives what was acknowledged."""
    return _killed(path, _work_until, (str(path), at), after=None)


def kill_after(path: Path, seconds: float) -> list[str]:
    """Work on an archive for so long, then kill; gives what was acknowledged."""
    return _killed(path, _work_on, (str(path),), after=seconds)


def check(path: Path, acknowledged: list[str]) -> list[str]:
    """Give what a kill did wrong: what was acknowledged and is gone, what is damaged, what was kept by half."""
    return (
        missing(path, acknowledged) + faults(path) if path.exists() and path.stat().st_size else [f"lost: {said}" for said in acknowledged]
    )


def _killed(path: Path, target: Callable[..., None], arguments: tuple[object, ...], after: float | None) -> list[str]:
    told = path.with_suffix(".told")
    told.write_text("")
    process = forkserver.Process(target=target, args=(*arguments, str(told)), daemon=True)
    process.start()
    if after is not None:
        while not told.stat().st_size:
            time.sleep(0.002)
        time.sleep(after)
        os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL, f"exit code {process.exitcode}"
    return list(lines(told.read_text()))


def _work_until(path: str, at: int, told: str) -> None:
    left = [at]

    def count(_statement: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with traced(count):
        _work(path, told)
    os.kill(os.getpid(), signal.SIGKILL)  # a second round has fewer statements: what was done is done


def _work_on(path: str, told: str) -> None:
    while True:
        _work(path, told)


def _work(path: str, told: str) -> None:
    from archive import Archive

    with Archive.open(path) as archive, Path(told).open("a", encoding="utf-8") as out:

        def kept(said: str) -> None:
            out.write(json.dumps(said) + "\n")
            out.flush()

        work(archive, kept)
