"""Calls that may take too long or too much memory: made in a child process that is ended when they do.

`run_limited` is for whatever reads hostile input with code that cannot be trusted to end: HTML parsers, PDF, Office files. A child is
kept between calls (starting Python and importing the cleaners takes longer than most pages), one for each call under way, and
replaced when it was ended, has grown or has served long. It is a limit and no sandbox: the child may do what this process may do.
"""

from __future__ import annotations

import atexit
import os
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, NoReturn, Self, TypeVar

from cleaners.errors import LimitError

Result = TypeVar("Result")

SECONDS = 10.0
"""Seconds of processor time a call may take."""
PATIENCE = 4.0
"""Times as long a call may take by the clock: a busy machine must not change what is read."""
MEMORY = 1 << 30
"""Bytes of address space a call may take beyond what its child has already."""
MOST_CALLS = 500
LARGEST_CHILD = 300 << 20
"""Bytes resident: a child beyond either is not kept for another call."""

_STARTING = 120.0  # seconds by the clock for a new child to start and to import the function's module
_BEGUN = b"begun"
_DEAF = "import signal; [signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]"
"""Ctrl-C and a service manager stop all processes of a run, and it is the parent's to end in order: what a child was reading would be
taken for a page or file that cannot be read. First of all, since the imports take a second; a child ends with its parent's pipe."""
_CANNOT_TRAVEL = (pickle.PicklingError, TypeError, AttributeError)

_idle: list[_Worker] = []
os.register_at_fork(after_in_child=_idle.clear)  # a forked process must not talk into its parent's pipes


def run_limited(
    function: Callable[..., Result], arguments: tuple[object, ...] = (), *, seconds: float = SECONDS, memory: int = MEMORY
) -> Result:
    """Call a function in a child process with limits and give what it gives, or raise what it raises.

    Raises LimitError where the call went beyond `seconds` (processor time) or `memory` (bytes), or ended its process; its `limit` is
    "time", "memory" or "died". The function is one of a module that a new interpreter can import (not of `__main__`, no lambda),
    and it, its arguments and its result can be pickled. May be called from several threads; each call has a child of its own.
    """
    worker = _idle.pop() if _idle else _Worker()
    kept = False
    try:
        outcome, kept = worker.call(function, arguments, seconds, memory)
    finally:
        if kept:
            _idle.append(worker)
        else:
            worker.end()
    if isinstance(outcome.error, MemoryError):
        raise LimitError("memory", f"more than {memory >> 20} MiB of memory")
    if outcome.error:
        raise outcome.error
    result: Result = outcome.result
    return result


class _Outcome:
    """What a call gave, or the error it raised: as a context it takes any error, which the parent raises again."""

    def __init__(self) -> None:
        self.result: Any = None
        self.error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        self.error = error and _portable(error.with_traceback(None))
        return True


def _portable(error: BaseException) -> BaseException:
    """Give an error, or one with its words where it cannot travel (its constructor asks for other arguments than it keeps)."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - just made
    except _CANNOT_TRAVEL:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


class _Worker:
    """One child and the pipe to it."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        command = [sys.executable, "-c", f"{_DEAF}; from cleaners.limits import _serve; _serve({theirs.fileno()})"]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            command,
            env=environment,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()

    def call(self, function: object, arguments: tuple[object, ...], seconds: float, memory: int) -> tuple[_Outcome, bool]:
        """Have the child make a call; give what came of it and whether the child can be kept."""
        request = pickle.dumps((function, arguments, seconds, memory), pickle.HIGHEST_PROTOCOL)
        try:
            self._pipe.send_bytes(request)
            message = self._receive(_STARTING)
            answer = self._receive(PATIENCE * seconds + 1) if message == _BEGUN else message
        except (EOFError, OSError):
            self._explain(seconds)
        outcome: tuple[_Outcome, bool] = pickle.loads(answer)  # noqa: S301 - from our own child
        return outcome

    def _receive(self, seconds: float) -> bytes:
        if not self._pipe.poll(seconds):
            raise LimitError("time", f"no result after {seconds:g} s")
        return self._pipe.recv_bytes()

    def _explain(self, seconds: float) -> NoReturn:
        """Say why the child is gone."""
        code = self._process.wait()
        if code == -signal.SIGPROF:
            raise LimitError("time", f"more than {seconds:g} s of processor time")
        raise LimitError("died", f"its process ended with {signal.Signals(-code).name if code < 0 else f'code {code}'}")

    def end(self) -> None:
        """End the child, whatever it does."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()


@atexit.register
def _end_all() -> None:
    while _idle:
        _idle.pop().end()


def _serve(descriptor: int) -> None:
    """Make calls for a parent until it goes away: the main function of a child."""
    pipe = Connection(descriptor)
    for count in range(1, MOST_CALLS + 1):
        try:
            request = pipe.recv_bytes()
        except EOFError:
            return
        outcome = _limited(request, pipe)
        kept = count < MOST_CALLS and _memory(1) < LARGEST_CHILD
        try:
            pipe.send((outcome, kept))
        except _CANNOT_TRAVEL as error:
            outcome.result, outcome.error = None, TypeError(f"the result cannot be sent: {error}")
            pipe.send((outcome, kept))


def _limited(request: bytes, pipe: Connection) -> _Outcome:
    """Make one call within its limits, once its parent knows that it has begun."""
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    with _Outcome() as outcome:
        function, arguments, seconds, memory = pickle.loads(request)  # noqa: S301 - from our own parent
        pipe.send_bytes(_BEGUN)
        resource.setrlimit(resource.RLIMIT_AS, (_memory(0) + memory, most))
        signal.setitimer(signal.ITIMER_PROF, seconds)
        outcome.result = function(*arguments)
    signal.setitimer(signal.ITIMER_PROF, 0)
    resource.setrlimit(resource.RLIMIT_AS, (before, most))
    return outcome


def _memory(column: int) -> int:
    """Give this process's bytes of address space (column 0) or resident memory (1); proc(5), statm."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - may be asked when there is little memory left
        return int(file.read().split()[column]) * resource.getpagesize()
