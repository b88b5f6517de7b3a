"""Crawls the model web's month at simulated times: the real crawl of a site, each in a process of its own that has travelled first.

A fork server has the crawl imported already, so a crawl costs what it does and not what Python takes to load it; the reactor starts once a
process, as it must. Only the wall clock is moved: what measures time by the monotonic clock (pace, timeouts) runs as ever.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from time import monotonic

import time_machine

from archive.life.due import due
from archive.store import Archive
from crawler.demo.model import today
from crawler.demo.month.story import sites
from crawler.demo.month.web import MonthWeb, write_site_files
from crawler.network.addresses import MODEL_WEB
from crawler.run import crawl

LOADED = (
    "scrapy.core.downloader.contextfactory",  # first: see crawler.run
    "crawler.run",
    "crawler.pipelines",
    "crawler.frontier",
    "crawler.exchanges.capture",
    "crawler.manners.robots",
    "crawler.manners.pace",
    "crawler.manners.shared",
    "crawler.network.cookies",
    "crawler.network.guard",
    "crawler.network.offsite",
    "crawler.rendering.middleware",
    "crawler.quiet",
    "spiders.loader",
    "protego",
    "time_machine",
    "crawler.demo.month.web",
)
"""What the fork server loads once for all crawls."""

DAILY = time(12, 0, tzinfo=UTC)
AN_HOUR_LATER = timedelta(minutes=65)


def moment(day: int, after: timedelta = timedelta(0)) -> datetime:
    """Give when the crawl of a day of the model web starts, or so long after: a minute later each day, so that a day is a day at least."""
    return datetime.combine(today(day), DAILY) + timedelta(minutes=day) + after


def crawl_at(when: datetime, site: str, variables: dict[str, str], result: str) -> None:
    """Crawl a site at a moment, in a process that does nothing else; the last line it writes goes to the file `result`."""
    os.environ.update(variables)
    sys.modules.pop("crawler.settings", None)  # it reads the environment when it is imported
    reading, _writing = os.pipe()
    os.dup2(reading, 0)  # a crawl stops when its standard input ends
    said = StringIO()
    with time_machine.travel(when, tick=True), redirect_stdout(said):
        crawl(site)
    Path(result).write_text(said.getvalue().strip().splitlines()[-1], "utf-8")
    sys.stderr.flush()
    os._exit(0)  # what the crawl opened is closed; nothing of the fork server's is to be ended here


@dataclass
class Month:
    """The month as it is crawled into an archive, day by day; `ran` holds (day, hour later, site, what the run said)."""

    folder: Path
    names: tuple[str, ...] = tuple(sites())
    recheck: str = "all"
    ran: list[tuple[int, bool, str, dict[str, object]]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def db(self) -> Path:
        """The archive."""
        return self.folder / "month.db"

    def run(self, days: int) -> Iterator[int]:
        """Crawl every site on each day, and an hour later again where something is due by then; gives each day when it is done."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*LOADED])
        with MonthWeb(day=1) as web:
            web.write_hosts(self.folder / "hosts.json")
            for day in range(1, days + 1):
                web.day = day
                begun = monotonic()
                files = self.folder / "sites"
                files.mkdir(exist_ok=True)
                write_site_files(files, day)
                for site in self.names:
                    self._crawl(context, day, site, later=False)
                for site in self.names:
                    if self.due(site, moment(day, AN_HOUR_LATER)):
                        self._crawl(context, day, site, later=True)
                self.seconds += monotonic() - begun
                yield day

    def due(self, site: str, when: datetime) -> bool:
        """Say whether an address of a site is to be looked at by then: what fails is confirmed after an hour."""
        with Archive.open(self.db) as archive, archive.reading() as connection:
            return bool(due(connection, site, when))

    def _crawl(self, context: multiprocessing.context.ForkServerContext, day: int, site: str, *, later: bool) -> None:
        result = self.folder / "result.json"
        result.unlink(missing_ok=True)
        variables = {
            "DIBAO_DB": str(self.db),
            "DIBAO_CONTACT": "https://dibao.example/month",
            "DIBAO_SITES": str(self.folder / "sites"),
            "DIBAO_RECHECK": "due" if later else self.recheck,
            MODEL_WEB: str(self.folder / "hosts.json"),
        }
        when = moment(day, AN_HOUR_LATER if later else timedelta(0))
        child = context.Process(target=crawl_at, args=(when, site, variables, str(result)))
        child.start()
        child.join()
        said = json.loads(result.read_text("utf-8")) if result.exists() else {"outcome": f"died ({child.exitcode})"}
        self.ran.append((day, later, site, said))
