"""The fault server: one asyncio loop on raw sockets that breaks in every way a server can, and a crawl against it.

What it was asked is the ground truth. A second listener on 127.0.0.2 is the sink nobody may connect to.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from archive.store import Archive

SENTRY = Path(__file__).with_name("sentry.py")
HOST = "www.ceshi.gov.example"
PACE = {"DOWNLOAD_DELAY": 0.0, "DOWNLOAD_DELAY_JITTER": 0.0, "DIBAO_BLOCKED_MAX": 10_000, "CONCURRENT_REQUESTS": 8, "DOWNLOAD_TIMEOUT": 1.5}


def head(*headers, status="200 OK", length=None, kind="text/html; charset=utf-8"):
    """Write an answer's head; `length` None leaves Content-Length out."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *headers]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def reply(body=b"", *headers, **kwargs):
    """Write a whole, healthy answer."""
    body = body.encode() if isinstance(body, str) else body
    return head(*headers, **({"length": len(body)} | kwargs)) + body


def page(number=1, paragraphs=12):
    """Write a notice."""
    text = "".join(
        f"<p>第{n}条　各科室要按照第{number}号安排做好第{n}项测试工作，逐项记录结果，于当月二十五日前报送办公室。</p>"
        for n in range(1, paragraphs)
    )
    title = f"关于做好第{number}项测试工作的通知"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>"
        f"<p>发布时间：2026-03-01</p><div class='TRS_Editor'>{text}</div><div class='foot'>测试市人民政府办公室</div></body></html>"
    )


def listing(*targets):
    """Write a list page."""
    rows = "".join(
        f'<li><a href="{target}">关于做好第{n}项测试工作的通知</a><span>2026-03-01</span></li>' for n, target in enumerate(targets)
    )
    return reply(f"<!DOCTYPE html><html><head><title>通知公告</title></head><body><ul class='list'>{rows}</ul>{' ' * 600}</body></html>")


class FaultServer:
    """Answers by target: bytes are sent and the connection closed; a coroutine function gets reader, writer and the head."""

    def __init__(self):
        self.answers = {"/robots.txt": reply("", status="404 Not Found")}
        self.log, self.sunk = [], []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()

    def __enter__(self):
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self):
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self):
        self._stop = asyncio.Event()
        self._tasks = set()
        server = await asyncio.start_server(self._handle, "127.0.0.1", 0)
        sink = await asyncio.start_server(self._sink, "127.0.0.2", 0)
        self.port, self.sink_port = server.sockets[0].getsockname()[1], sink.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        sink.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _sink(self, reader, writer):
        self.sunk.append(writer.get_extra_info("peername"))
        writer.close()

    async def _handle(self, reader, writer):
        self._tasks.add(asyncio.current_task())
        try:
            asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            target = asked.split(" ", 2)[1]
            host = next(line[6:] for line in asked.split("\r\n") if line.lower().startswith("host: "))
            self.log.append((host, target, asked))
            answer = self.answers.get((host, target), self.answers.get(target, reply("没有", status="404 Not Found")))
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            if callable(answer):
                await answer(reader, writer, asked)
            else:
                writer.write(answer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def counts(self):
        return Counter(target for _, target, _ in self.log)


class Crawled:
    """What a crawl left: captures by target, rows, what it resolved and connected to."""

    def __init__(self, folder, child, out, log):
        self.code, self.log, self.folder = child.returncode, log, folder
        self.told = [json.loads(line) for line in out.splitlines()][-1:] or [{}]
        seen = folder / "seen.jsonl"
        self.seen = [json.loads(line) for line in seen.read_text("utf-8").splitlines()] if seen.exists() else []
        with Archive.open(folder / "archive.db") as archive:
            self.captures = list(archive.captures())

    def of(self, target):
        return [capture for capture in self.captures if "/" + capture.url.split("/", 3)[3] == target]

    def at(self, url):
        return [capture for capture in self.captures if capture.url == url]

    def rows(self, statement, *values):
        with Archive.open(self.folder / "archive.db") as archive, archive.reading() as connection:
            return [tuple(row) for row in connection.execute(statement, values)]

    def versions(self):
        """Give how many versions each address has, by its target."""
        found = self.rows("select a.url, count(*) from versions v join addresses a on a.id = v.address group by 1")
        return {"/" + url.split("/", 3)[3]: number for url, number in found}

    @property
    def connected(self):
        return {(host, port) for what, host, *rest in self.seen if what == "connect" for port in rest}


def site_file(channels=(f"http://{HOST}/tzgg/",), extra=""):
    tables = "".join(f'[[channels]]\nname = "栏目{n}"\nurl = "{url}"\n' for n, url in enumerate(channels))
    return f'title = "测试市人民政府"\nhomepage = "http://{HOST}/"\nlevel = "city"\ndivision_code = "990300"\ndelay = 0\n{extra}\n{tables}'


def crawl(folder, server, *, site=None, hosts=(HOST,), names=None, off=(), variables=(), **settings):
    """Crawl the test site once, everything beyond the fault server and its sink stubbed; capitals override settings."""
    (folder / "sites").mkdir(exist_ok=True)
    (folder / "sites" / "ceshi.toml").write_text(site or site_file(), encoding="utf-8")
    (folder / "model.json").write_text(json.dumps(dict.fromkeys(hosts, f"127.0.0.1:{server.port}")), encoding="utf-8")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        plan = {
            "settings": PACE | settings,
            "names": names or {},
            "open": [["127.0.0.1", server.port], ["127.0.0.2", server.sink_port]],
            "closed": unused.getsockname()[1],
            "log": str(folder / "seen.jsonl"),
            "off": [*off, *filter(None, [os.environ.get("FAULTS_OFF")])],
        }
        given = {"DIBAO_DB": folder / "archive.db", "DIBAO_SITES": folder / "sites", "DIBAO_MODEL_WEB": folder / "model.json"}
        environment = os.environ | {key: str(value) for key, value in given.items()} | dict(variables)
        environment |= {"DIBAO_CONTACT": "test@example.org", "FAULTS": json.dumps(plan)}
        command = [sys.executable, "-P", str(SENTRY), "ceshi"]
        with subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder
        ) as child:
            kept = {}
            readers = [threading.Thread(target=lambda pipe=pipe: kept.update({pipe: pipe.read()})) for pipe in (child.stdout, child.stderr)]
            for reader in readers:
                reader.start()
            try:
                child.wait(timeout=90)
            except subprocess.TimeoutExpired:
                child.kill()
            for reader in readers:
                reader.join()
    return Crawled(folder, child, kept[child.stdout].decode(), kept[child.stderr].decode())


class Faults:
    """The builders of answers and the crawl, as one fixture: test modules cannot import one another."""

    head, reply, page, listing, site_file, crawl = map(staticmethod, (head, reply, page, listing, site_file, crawl))
    host = HOST


@pytest.fixture(scope="session")
def faults():
    return Faults


@pytest.fixture(scope="module")
def server():
    with FaultServer() as running:
        yield running
