"""A crawl beside stock Scrapy's, on the same pages of the model web from one loopback server (gzip, no charset declared).

    python benchmarks/crawl.py [--quick] [--json] [--check]

Four crawls take turns: stock Scrapy that follows a list to its notices; dibao's own, with robots.txt, guard, frontier and every exchange
kept in an archive, and nothing read; stock Scrapy with trafilatura and one INSERT a page; dibao's own with cleaning and archive. What is
compared is processor time a page, of the crawl's process and its children, without the imports. Then one long crawl is looked at for
the memory it takes, at a quarter of its length and at its end.

Bars, checked with --check:
    crawl    0.40  of stock Scrapy's processor time a page, at most
    archive  0.25  of stock Scrapy's with trafilatura and one INSERT a page, at most
    memory   300   megabytes that the long crawl takes, at most
    growth   1.25  times the memory at a quarter of the long crawl, at its end, at most
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ClassVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import scrapy
import trafilatura
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from cleaners.rules import default_rules
from crawler.demo.content import column_notices
from crawler.demo.model import site_named
from crawler.demo.pages import Request, answer
from crawler.demo.pages.templates import draw
from crawler.demo.scenes import Slice
from crawler.pipelines import ReadingPipeline
from crawler.run import spare_collector
from spiders.spider import Fetched

HOST = "www.linshui.gov.example"
COLUMN = "/zwgk/tzgg/"
ROWS = 15  # a list page's
BARS = {"crawl": 0.40, "archive": 0.25, "memory": 300.0, "growth": 1.25}
SITE = """
title = "临水市人民政府"
homepage = "http://{host}/"
level = "city"
division_code = "990100"
family = "trs"
delay = 0
attachments = "none"
[[channels]]
name = "通知公告"
url = "http://{host}{column}"
"""


def site_pages(count: int) -> Iterator[tuple[str, bytes]]:
    """Give (path, page) of a column of `count` notices and its lists, drawn as the model web draws them; no two pages are the same."""
    site = site_named("linshui")
    column = site.columns[0]
    shown = [notice for notice in column_notices(site, column, 1) if notice.outcome == "ok"]
    pages = [answer(Request(HOST, path := notice.url.partition(HOST)[2], path, "GET", {}), 1).body for notice in shown]
    notices = []
    for number in range(count):
        notice, page = shown[number % len(shown)], pages[number % len(shown)]
        path, title = f"{COLUMN}202601/t20260105_{100000 + number}.html", f"{notice.title}（{number}）"
        notices.append(replace(notice, url=f"http://{HOST}{path}", title=title))
        yield path, page.replace(notice.title.encode(), title.encode()).replace("。".encode(), f"（第{number}号）。".encode(), 1)
    total = -(-count // ROWS)
    for number in range(total):
        part = Slice(notices[number * ROWS : (number + 1) * ROWS], number + 1, total, count)
        yield f"{COLUMN}index_{number}.html" if number else COLUMN, draw("trs", site, column=column, part=part).encode()


class Server(asyncio.Protocol):
    """Answers GET from a table of ready replies; anything else is a 404."""

    replies: ClassVar[Mapping[bytes, bytes]] = {}
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self._transport, self._left = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self._left += data
        while b"\r\n\r\n" in self._left:
            head, _, self._left = self._left.partition(b"\r\n\r\n")
            self._transport.write(self.replies.get(head.split(b" ", 2)[1], self.missing))  # type: ignore[attr-defined]


def serve(count: int, told: Connection) -> None:
    """Serve a column of `count` notices and tell on which port."""
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n"
    packed = ((path, gzip.compress(page, 6)) for path, page in site_pages(count))
    Server.replies = {path.encode(): head.format(len(body)).encode() + body for path, body in packed}

    async def listen() -> None:
        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(listen())


@contextmanager
def served(count: int) -> Iterator[int]:
    """Run the server in a process of its own; gives its port."""
    ours, theirs = Pipe()
    process = Process(target=serve, args=(count, theirs), daemon=True)
    process.start()
    yield ours.recv()
    process.terminate()
    process.join()


def processor_seconds() -> float:
    """Give the processor time of this process and its ended children."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def resident() -> float:
    """Give the megabytes this process takes now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Watch:
    """Notes processor time at the first and the last moment of a crawl, and memory while it runs."""

    def __init__(self, crawler: Crawler) -> None:
        self.pages, self.seconds = 0, 0.0
        self.memory: list[float] = []
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.received, signals.response_received)
        crawler.signals.connect(self.closed, signals.spider_closed)

    def opened(self) -> None:
        """Begin."""
        self._before = processor_seconds()

    def received(self) -> None:
        """Count a page."""
        self.pages += 1
        if self.pages % 100 == 0:
            self.memory.append(resident())

    def closed(self) -> None:
        """End."""
        self.seconds = processor_seconds() - self._before

    def report(self) -> dict[str, Any]:
        """Give what was seen."""
        return {"pages": self.pages, "seconds": self.seconds, "memory": self.memory or [resident()]}


class Stock(scrapy.Spider):
    """Goes down a list and asks for each notice."""

    name = "stock"

    async def start(self) -> AsyncIterator[Any]:
        """Begin with the list's first page."""
        yield scrapy.Request(f"{self.home}{COLUMN}")  # type: ignore[attr-defined]  # Scrapy sets what `crawl` is given

    def parse(self, response: Any, number: int = 1) -> Iterator[Any]:
        """Follow the notices of a list page, and its next one."""
        found = [href for href in response.css("a::attr(href)").getall() if "/t2026" in href]
        for href in found:
            yield response.follow(href.replace(f"http://{HOST}", ""), self.parse_notice)
        if found:
            yield response.follow(f"{COLUMN}index_{number}.html", self.parse, cb_kwargs={"number": number + 1})

    def parse_notice(self, response: Any) -> Iterator[Any]:
        """Give the page."""
        yield {"url": response.url, "page": response}


class Insert:
    """Reads each page with trafilatura and writes one row."""

    def open_spider(self) -> None:
        """Make the table."""
        self._table = sqlite3.connect(os.environ["DIBAO_DB"], isolation_level=None)
        self._table.execute("create table pages (url text primary key, title text, body text)")

    def process_item(self, item: Any) -> Any:
        """Read and write."""
        told = json.loads(trafilatura.extract(item["page"].text, url=item["url"], with_metadata=True, output_format="json") or "{}")
        self._table.execute("insert or replace into pages values (?, ?, ?)", (item["url"], told.get("title"), told.get("text")))
        return item


class Unread(ReadingPipeline):
    """Keeps what was fetched and reads nothing."""

    async def process_item(self, item: Any) -> object:
        """Take what is not a page."""
        return item if isinstance(item, Fetched) else await super().process_item(item)


QUIET = {"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}
CRAWLS: dict[str, tuple[bool, type | None]] = {
    "stock": (False, None),
    "crawl": (True, Unread),
    "stock and trafilatura": (False, Insert),
    "archive": (True, ReadingPipeline),
}
"""Name: whether it is dibao's own crawl, and the pipeline."""


def crawl(name: str, port: int) -> dict[str, Any]:
    """Crawl once, in this process, and give what was seen."""
    own, pipeline = CRAWLS[name]
    settings = Settings(QUIET)
    if own:
        default_rules()
        spare_collector()
        settings.setmodule("crawler.settings", priority="project")
    settings.set("ITEM_PIPELINES", {pipeline: 300} if pipeline else {}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("linshui" if own else Stock)
    watch = Watch(crawler)
    process.crawl(crawler, **({} if own else {"home": f"http://127.0.0.1:{port}"}))
    process.start()
    return watch.report()


def run(name: str, port: int, folder: Path) -> dict[str, Any]:
    """Run one crawl in a process of its own, over a new archive."""
    place = Path(tempfile.mkdtemp(dir=folder))
    (place / "hosts.json").write_text(json.dumps({HOST: f"127.0.0.1:{port}"}), "utf-8")
    (place / "linshui.toml").write_text(SITE.format(host=HOST, column=COLUMN), "utf-8")
    wishes = {
        "DIBAO_MODEL_WEB": str(place / "hosts.json"),
        "DIBAO_DB": str(place / "archive.db"),
        "DIBAO_SITES": str(place),
        "DIBAO_CONTACT": "bench@example.org",
        "DIBAO_BUDGET": "1000000",
    }
    command = [sys.executable, __file__, "--one", name, "--port", str(port)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | wishes)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def take_turns(count: int, rounds: int, folder: Path) -> dict[str, list[float]]:
    """Give the milliseconds of processor time a page of each crawl, one a round."""
    spent: dict[str, list[float]] = {name: [] for name in CRAWLS}
    with served(count) as port:
        for _ in range(rounds):
            for name in CRAWLS:
                found = run(name, port, folder)
                if found["pages"] < count:
                    raise SystemExit(f"{name}: only {found['pages']} of {count} pages came")
                spent[name].append(1000 * found["seconds"] / found["pages"])
    return spent


def long_crawl(count: int, folder: Path) -> list[float]:
    """Give the megabytes a long crawl takes, in the order measured."""
    with served(count) as port:
        memory: list[float] = run("archive", port, folder)["memory"]
    return memory


def measure(*, quick: bool) -> dict[str, Any]:
    """Measure everything once."""
    with tempfile.TemporaryDirectory() as name:
        spent = take_turns(300 if quick else 900, 3 if quick else 7, Path(name))
        memory = long_crawl(1500 if quick else 20000, Path(name))
    ratio = {
        "crawl": statistics.median(ours / stock for ours, stock in zip(spent["crawl"], spent["stock"], strict=True)),
        "archive": statistics.median(a / b for a, b in zip(spent["archive"], spent["stock and trafilatura"], strict=True)),
    }
    early = memory[len(memory) // 4]
    milliseconds = {name: round(statistics.median(times), 2) for name, times in spent.items()}
    return {"milliseconds": milliseconds, **ratio, "memory": max(memory), "growth": statistics.median(memory[-5:]) / early}


def main() -> int:
    """Measure, print, and with --check compare with the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, what in (("json", "print one JSON object"), ("quick", "a small run"), ("check", "exit 1 where a bar is missed")):
        parser.add_argument(f"--{name}", action="store_true", help=what)
    parser.add_argument("--one", choices=CRAWLS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(crawl(asked.one, asked.port)))
        return 0
    found = measure(quick=asked.quick)
    print(json.dumps(found) if asked.json else "\n".join(f"{name:12} {value}" for name, value in found.items()))
    missed = [f"{name} {found[name]:.2f} (bar {bar})" for name, bar in BARS.items() if found[name] > bar]
    if missed:
        print(f"missed: {'; '.join(missed)}", file=sys.stderr)
    return int(asked.check and bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
