"""Crawls of a model column that are killed again and again: what `tests/crawler/test_kills.py` and `benchmarks/kills.py` share.

Every crawl is a real run (`crawler.run`) in a process of its own, killed by SIGKILL: at a request the server counts, before or after
it is answered, or before a statement the archive makes. Processes are forked from one that has the libraries loaded, so that
a kill and the next start cost a fraction of a second.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import re
import signal
import sqlite3
import sys
import threading
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

HOST = "www.lianxu.gov.example"
ROWS = 20  # of a list page
SITE = f"""
title = "连续市人民政府"
homepage = "http://{HOST}/"
level = "city"
division_code = "990400"
delay = 0
[[channels]]
name = "通知公告"
url = "http://{HOST}/tzgg/"
"""
UNCOMMITTED = 32  # captures that may wait to be written: crawler.batch.LARGEST
CONCURRENT = 4  # crawler.settings.CONCURRENT_REQUESTS
PRELOADED = [
    "cleaners.worker",
    "archive.store",
    "scrapy.crawler",
    "scrapy.core.downloader.handlers.http11",
    "spiders.loader",
    "spiders.spider",
]

forkserver = multiprocessing.get_context("forkserver")
forkserver.set_forkserver_preload(PRELOADED)


class Column:
    """Serves a column of `notices` notices, twenty a list page; `log` is every path asked for, in order.

    `kill_at` (a number of requests, whether the one at hand is answered first, a process id) kills at one of them.
    """

    def __init__(self, notices: int) -> None:
        self.notices = notices
        self.log: list[str] = []
        self.kill_at: tuple[int, bool, int] | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop).result()
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for task in asyncio.all_tasks(self._loop) - {asyncio.current_task()}:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._answer(head.split(b" ", 2)[1].decode(), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        self.log.append(path)
        at = self.kill_at
        due = at is not None and len(self.log) >= at[0]
        if due and not at[1]:
            self._kill()
        status, body = self.page(path)
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        if due and at[1]:
            self._kill()

    def _kill(self) -> None:
        assert self.kill_at is not None
        os.kill(self.kill_at[2], signal.SIGKILL)
        self.kill_at = None

    def page(self, path: str) -> tuple[str, bytes]:
        """Give the status and the body of a page."""
        found = re.fullmatch(r"/tzgg/(?:index_(\d+)\.html)?", path)
        if found:
            return "200 OK", _list(int(found.group(1) or 1), self.notices).encode()
        found = re.fullmatch(r"/tzgg/t(\d+)\.html", path)
        return ("200 OK", _notice(int(found.group(1))).encode()) if found else ("404 Not Found", "没有".encode())


def _list(page: int, notices: int) -> str:
    first = (page - 1) * ROWS
    rows = "".join(
        f'<li><a href="/tzgg/t{n}.html">连续市关于做好第{n}项水利工作的通知</a><span>2025-{n // 28 % 12 + 1:02d}-{n % 28 + 1:02d}</span></li>'
        for n in range(first, min(first + ROWS, notices))
    )
    following = f'<a href="/tzgg/index_{page + 1}.html">下一页</a>' if first + ROWS < notices else ""
    return f"<!DOCTYPE html><html><head><title>通知公告</title></head><body><ul class='list'>{rows}</ul><div class='page'>{following}</div>{' ' * 400}</body></html>"


def _notice(number: int) -> str:
    title = f"连续市关于做好第{number}项水利工作的通知"
    text = "".join(f"<p>各单位要按照第{number}号安排落实第{part}项任务，逐项记录，按月报送。</p>" for part in range(1, 6))
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>发布时间：2025-03-01</p>"
        f"<div class='TRS_Editor'>{text}</div></body></html>"
    )


@dataclass
class Trial:
    """One crawl in a folder of its own, killed as often as asked; `kills` counts, `uncommitted` is the most a kill cost."""

    column: Column
    folder: Path
    kills: int = 0
    uncommitted: int = 0
    told: list[str] = field(default_factory=list)
    _kept: frozenset[str] = frozenset()

    @property
    def db(self) -> Path:
        """The archive."""
        return self.folder / "archive.db"

    def run(self, *, requests: int | None = None, answered: bool = False, statement: int | None = None) -> bool:
        """Crawl until it is killed at a request or a statement from now, or ends; says whether it came to its end."""
        process = forkserver.Process(target=_crawl, args=(self._environment(), str(self.folder / "log.txt"), statement), daemon=True)
        begun = len(self.column.log)
        process.start()
        if requests is not None:
            assert process.pid is not None
            self.column.kill_at = (begun + requests, answered, process.pid)
        process.join()
        self.column.kill_at = None
        if process.exitcode in {0, 1, 2}:
            self.told.append((self.folder / "log.txt").read_text(encoding="utf-8"))
            self.check_end(process.exitcode)
            return True
        assert process.exitcode == -signal.SIGKILL, f"exit code {process.exitcode}: {(self.folder / 'log.txt').read_text()}"
        self.kills += 1
        self.check_kill(self.column.log[begun:])
        return False

    def _environment(self) -> dict[str, str]:
        sites = self.folder / "sites"
        sites.mkdir(exist_ok=True)
        (sites / "lianxu.toml").write_text(SITE, encoding="utf-8")
        (self.folder / "hosts.json").write_text(json.dumps({HOST: self.column.address}))
        return {
            "DIBAO_DB": str(self.db),
            "DIBAO_SITES": str(sites),
            "DIBAO_MODEL_WEB": str(self.folder / "hosts.json"),
            "DIBAO_CONTACT": "test@example.org",
            "DIBAO_RECHECK": "none",
        }

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Ask the archive."""
        with closing(sqlite3.connect(self.db)) as connection:
            return connection.execute(statement).fetchall()

    def check_kill(self, asked: list[str]) -> None:
        """Check what a kill left: nothing stored is gone, every entry is held or waits, and at most a batch was lost."""
        if not self.db.exists() or not self.rows("select 1 from sqlite_master where name = 'frontier'"):
            return
        kept = frozenset(str(row[0]) for row in self.rows("select record_id from captures"))
        assert self._kept <= kept, "stored captures are gone"
        lost = len(asked) - (len(kept) - len(self._kept))
        assert lost <= CONCURRENT + UNCOMMITTED, f"{lost} answers were lost in one kill"
        self.uncommitted = max(self.uncommitted, lost)
        self._kept = kept
        self._check_entries()
        outcomes = Counter(row[0] for row in self.rows("select outcome from runs"))
        assert set(outcomes) <= {"running", "interrupted"}, outcomes

    def _check_entries(self) -> None:
        nowhere = self.rows(
            "select url from entries e where not exists (select 1 from frontier f where f.url = e.url) and not exists"
            " (select 1 from addresses a join captures c on c.address = a.id where a.url = e.url and c.outcome = 'ok')"
        )
        assert nowhere == [], f"listed, not held, and nobody will ask for them: {nowhere[:3]}"
        begun = self.rows("select 1 from entries limit 1")
        chain = self.rows("select 1 from frontier where role = 'listing'") or self.rows(
            "select 1 from channels where last_full is not null"
        )
        assert chain or not begun, "the column's list was lost"

    def check_end(self, code: int) -> None:
        """Check a run that ended: complete, with nothing left, every notice once, the file sound."""
        assert code == 0, self.told[-1]
        assert self.rows("select count(*) from frontier") == [(0,)]
        assert self.rows("select outcome from runs order by id desc limit 1") == [("complete",)]
        assert {row[0] for row in self.rows("select outcome from runs order by id desc limit -1 offset 1")} <= {"interrupted"}
        assert self.rows("select count(*), count(distinct address) from versions") == [(self.column.notices, self.column.notices)]
        assert self.rows("select count(*) from entries") == [(self.column.notices,)]
        assert self.rows("select count(*) from captures where role = 'notice' and outcome = 'ok' and not read") == [(0,)]
        assert self.rows("pragma integrity_check") == [("ok",)]
        assert self.rows("pragma foreign_key_check") == []

    @property
    def refetched(self) -> int:
        """How many answers were asked for again: notices beyond the first time."""
        return sum(times - 1 for path, times in Counter(self.column.log).items() if "/t" in path.removeprefix("/tzgg"))


def _crawl(environment: dict[str, str], log: str, statement: int | None) -> None:
    """Run in the forked child: crawl as `crawler.run` does, with standard input held open and the output in a file."""
    os.environ.update(environment)
    read, _ = os.pipe()
    os.dup2(read, 0)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    if statement is not None:
        _die_before(statement)
    from crawler.run import main

    sys.argv = ["crawler.run", "lianxu"]
    sys.exit(main())


def _die_before(statement: int) -> None:
    """Kill this process before the so-manieth statement its archive makes, commits and rollbacks included."""
    from archive.connection import Store

    prepare, left = Store._prepare, [statement]

    def traced(store: Store) -> None:
        store.connection.set_trace_callback(count)
        prepare(store)

    def count(_statement: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    Store._prepare = traced  # type: ignore[method-assign]
