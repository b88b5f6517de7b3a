"""Several sites at a time, each in a process of its own, never two on one registered domain."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from crawler.manners.domains import domain_of
from crawler.progress import Show
from spiders.site import Site

_UNBEGUN = "stopped before it began"
_LINE = 1 << 20  # bytes: the longest line a child may write


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator wants of a crawl.

    `channels` names the columns to read of a site, all where it is not there; `environment` adds variables for the children
    (the demo names its model web).
    """

    db: Path
    contact: str = ""
    folders: tuple[Path, ...] = ()
    recheck: str = "due"
    budget: int | None = None
    jobs: int = 2
    full: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    channels: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        """Give the environment of a child."""
        folders = os.pathsep.join(str(folder.resolve()) for folder in self.folders)
        ours = {"DIBAO_DB": str(self.db.resolve()), "DIBAO_RECHECK": self.recheck, "DIBAO_SITES": folders}
        ours |= {"DIBAO_CONTACT": self.contact} if self.contact else {}
        ours |= {"DIBAO_BUDGET": str(self.budget)} if self.budget else {}
        ours |= {"DIBAO_FULL": "1"} if self.full else {}
        return os.environ | ours | self.environment


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one site: outcome complete, incomplete, failed or error; the reason names what to do."""

    site: str
    outcome: str
    reason: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def stopped(self) -> bool:
        """Whether the operator stopped it."""
        return _UNBEGUN in self.reason or "stopped: shutdown" in self.reason


def crawl_sites(sites: Sequence[Site], options: Options, show: Show) -> list[Result]:
    """Crawl sites, `options.jobs` at a time, and give what came of each, in the order given."""
    return asyncio.run(_crawl_all(sites, options, show))


async def _crawl_all(sites: Sequence[Site], options: Options, show: Show) -> list[Result]:
    """Start each site when a place is free and none of its hosts is being asked; after a stop no further one."""
    stop = asyncio.Event()
    _listen(stop)
    waiting, results = list(sites), {}
    running: dict[asyncio.Task[Result], Site] = {}
    while running or (waiting and not stop.is_set()):
        while not stop.is_set() and len(running) < options.jobs and (site := _free(waiting, running.values())):
            waiting.remove(site)
            running[asyncio.ensure_future(_crawl_one(site, options, show, stop))] = site
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            results[running.pop(task).name] = task.result()
    return [results.get(site.name) or Result(site.name, "incomplete", _UNBEGUN) for site in sites]


def _listen(stop: asyncio.Event) -> None:
    """Let the first SIGINT or SIGTERM stop the children in an orderly way, the second do what it always does."""
    loop = asyncio.get_running_loop()

    def orderly() -> None:
        stop.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    with suppress(NotImplementedError, ValueError):  # Windows, or not the main thread: signals do what they always do
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, orderly)


def _free(waiting: Iterable[Site], running: Iterable[Site]) -> Site | None:
    """Find the first site that shares no registered domain with those that are running."""
    busy = {domain_of(host) for site in running for host in site.hosts}
    return next((site for site in waiting if busy.isdisjoint(map(domain_of, site.hosts))), None)


async def _crawl_one(site: Site, options: Options, show: Show, stop: asyncio.Event) -> Result:
    """Run one child; its standard input stays open until it is to stop, or this process is gone."""
    show.begin(site.name)
    pipe = asyncio.subprocess.PIPE
    # -P keeps the working folder off the module path: a folder named crawler there is not ours
    command = (sys.executable, "-P", "-m", "crawler.run", site.name, *options.channels.get(site.name, ()))
    child = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=pipe, env=options.variables(), limit=_LINE, preexec_fn=_leave_interrupts
    )
    stopper = asyncio.ensure_future(_stop(child, stop))
    result, _ = await asyncio.gather(_follow(child, site, show), _pass_on(child, site, show))
    code = await child.wait()
    stopper.cancel()
    if result is None:
        result = Result(site.name, "error", f"the run ended without a result (exit code {code}); its log is above")
    show.end(site.name, result.outcome, result.reason, result.counts)
    return result


def _leave_interrupts() -> None:
    """Let a Ctrl-C of the terminal reach only this process, which stops its children in an orderly way, starting ones too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


async def _stop(child: asyncio.subprocess.Process, stop: asyncio.Event) -> None:
    await stop.wait()
    assert child.stdin is not None
    child.stdin.close()


async def _follow(child: asyncio.subprocess.Process, site: Site, show: Show) -> Result | None:
    """Read the child's lines to their end and give the result it told."""
    result = None
    assert child.stdout is not None
    async for line in child.stdout:
        told = json.loads(line)
        if "error" in told:
            result = Result(site.name, "error", told["error"])
        elif "outcome" in told:
            result = Result(site.name, told["outcome"], told["reason"], told["counts"])
        else:
            show.count(site.name, told["counts"])
    return result


async def _pass_on(child: asyncio.subprocess.Process, site: Site, show: Show) -> None:
    assert child.stderr is not None
    async for line in child.stderr:
        show.log(site.name, line.decode("utf-8", "replace").rstrip())
