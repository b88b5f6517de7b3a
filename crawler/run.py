"""One site's crawl in a process of its own: `python -m crawler.run SITE [CHANNEL...]`, started by `crawler.children`.

The Twisted reactor cannot start twice, and a site that goes wrong should take no other with it. Options come as the
environment variables of `crawler.settings`. Standard output carries one JSON object a line: `{"counts": ...}` while it runs,
`{"outcome": ..., "reason": ..., "counts": ...}` at its end, or `{"error": ...}`. SIGTERM, or the end of standard input (the
parent wants it, or is gone), stops after the page in hand. Exit codes: 0 complete, 1 incomplete or failed, 2 an error the message explains.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import scrapy.core.downloader.contextfactory  # noqa: F401 - early: it looks up the source of every call it is loaded within
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from cleaners.errors import NoticeError, SiteError
from crawler.site_run import SiteRun

COMPLETE, NOT_COMPLETE, ERROR = 0, 1, 2
_EVERY = 0.5  # seconds between two lines of counts
_SIGNAL_SECONDS = 0.3  # in which a signal that stopped the parent has long reached this process too


class Reporter:
    """Writes the counts to standard output, not more often than anyone can read."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, counts: Mapping[str, int]) -> None:
        """Take the counts as they stand."""
        if monotonic() - self._last >= _EVERY:
            self._last = monotonic()
            emit({"counts": dict(counts)})


def emit(line: Mapping[str, object]) -> None:
    """Write one line for the parent; a parent that is gone is told nothing."""
    try:
        print(json.dumps(line, ensure_ascii=False), flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - so that closing it at exit does not fail too


class Process(AsyncCrawlerProcess):
    """Scrapy's own, which knows whether a second signal dropped what was in hand."""

    dropped = False

    def _signal_kill(self, signum: int, frame: Any) -> None:
        self.dropped = True
        super()._signal_kill(signum, frame)


def crawl(name: str, channels: Sequence[str] = ()) -> tuple[str, str]:
    """Crawl one site, or only some of its columns, to its end and give (outcome, reason); NoticeError where it could not begin."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    process = Process(settings)
    try:
        crawler = process.create_crawler(name)
    except KeyError as error:
        raise SiteError(f"There is no site {name!r}: `dibao sites` lists them; --sites adds a folder of site files.") from error
    return _run(process, crawler, channels)


def _run(process: Process, crawler: Crawler, channels: Sequence[str]) -> tuple[str, str]:
    run = SiteRun.of(crawler)
    run.watch = Reporter()
    opened = Event()
    crawler.signals.connect(opened.set, signal=signals.spider_opened, weak=False)
    task = process.crawl(crawler, channels=channels, full=crawler.settings.getbool("DIBAO_FULL"))
    spare_collector()
    Thread(target=_stop_with_parent, args=(crawler, opened), daemon=True).start()
    process.start()
    # ended long ago, but where a second signal dropped everything, or the first came before there was a spider to close
    run.end("dropped" if process.dropped else "shutdown")
    if task.done() and not task.cancelled() and task.exception() is not None:
        raise task.exception() or AssertionError
    if not run.number:
        run.outcome = ("incomplete", "stopped: shutdown")
    emit({"outcome": run.outcome[0], "reason": run.outcome[1], "counts": run.tally.counts()})
    return run.outcome


def spare_collector() -> None:
    """Let the garbage collector leave alone what was loaded, which stays to the end, and look less often through what a page leaves."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _stop_with_parent(crawler: Crawler, opened: Event) -> None:
    """Stop the crawl gracefully when standard input ends: its other end is held by the parent.

    A terminal or a service manager signals the whole group, and Scrapy takes a second signal for an order to drop everything:
    ours is sent only where none came.
    """
    while os.read(0, 4096):  # not through sys.stdin, whose lock a daemon thread must not hold at exit
        pass
    opened.wait()  # a stop before the start is not heard
    sleep(_SIGNAL_SECONDS)
    if crawler.crawling:
        os.kill(os.getpid(), signal.SIGTERM)


def main() -> int:
    """Run the site named on the command line."""
    try:
        outcome, _ = crawl(sys.argv[1], sys.argv[2:])
    except NoticeError as error:
        emit({"error": str(error)})
        return ERROR
    return COMPLETE if outcome == "complete" else NOT_COMPLETE


if __name__ == "__main__":
    sys.exit(main())
