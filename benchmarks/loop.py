"""The event loop and memory: a crawl that meets hostile and huge pages goes on to its end, and keeps the network's loop turning.

    python benchmarks/loop.py [--quick] [--json] [--check] [SHAPE ...]

For each shape a server of its own on loopback gives a list with the page of that shape among ordinary ones (shapes called `list ...` are
the list itself), and one site is crawled with the real settings in a process of its own. A coroutine in that crawl notes the longest gap
between two turns of the loop; beside it stand the peak memory of its process and how long the crawl took.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

BARS = {"gap": 1.0, "megabytes": 600.0}
"""Longest time the loop stands still, in seconds, and most memory of the crawl's process, for any shape."""
HOST = "www.linshui.gov.example"
ORDINARY = 12
TICK = 0.02
TEXT = "为做好汛期安全生产工作，经研究，现将有关事项通知如下。"
Shape = Callable[[int], bytes]


def han(count: int) -> str:
    """Give a text of random characters: the worst for an index, since nearly every pair of them is new."""
    return "".join(random.Random(count).choices([chr(0x4E00 + number) for number in range(3000)], k=count))


def page(middle: str, head: str = "") -> bytes:
    """Put markup into a notice."""
    return f"<html><head><title>关于汛期的通知</title>{head}</head><body><h1>关于汛期的通知</h1><div id=zoom><p>{TEXT}</p>{middle}".encode()


def paragraphs(size: int) -> bytes:
    """Give a notice of so many bytes, in paragraphs of 200 characters."""
    text = han(size // 3)
    return page("".join(f"<p>{text[start : start + 200]}</p>" for start in range(0, len(text), 200)))


def rows(count: int) -> str:
    """Give the rows of a list."""
    return "".join(f"<li><a href=/x/t20310507_{n}.html>关于第{n}号事项的通知</a><span>2031-05-07</span></li>" for n in range(count))


MB = 1 << 20
SHAPES: dict[str, Shape] = {
    "2 MB of text": lambda n: paragraphs(2 * MB // n),
    "8 MB of text": lambda n: paragraphs(8 * MB // n),
    "30 MB of text": lambda n: paragraphs(30 * MB // n),
    "27 MB in one line": lambda n: page(f"<p>{han(9_000_000 // n)}"),
    "line breaks": lambda n: page("一行文字<br>" * (500_000 // n)),
    "broken UTF-8": lambda n: page("<p>") + b"\xe4\xb8<" * (1_000_000 // n),
    "random bytes": lambda n: random.Random(1).randbytes(20 * MB // n),
    "attributes": lambda n: page("<div " + " ".join(f"a{i}=1" for i in range(100_000 // n)) + ">"),
    "nested": lambda n: page("<div>" * (200_000 // n) + TEXT),
    "cells": lambda n: page("<table><tr>" + "<td>1" * (300_000 // n)),
    "scripts": lambda n: page("<script>" + "var a=1;" * (3_000_000 // n)),
    "left angles": lambda n: page("<" * (20_000_000 // n)),
    "dates": lambda n: page("<p>2031年5月7日</p>" * (20_000 // n) + f"<p>{'2031年5月7日' * (20_000 // n)}"),
    "a title of 1 MB": lambda n: page("").replace("关于汛期的通知".encode(), han(MB // 3 // n).encode()),
    "meta tags": lambda n: page("", "".join(f"<meta name=m{i} content={i}>" for i in range(100_000 // n))),
    "20,000 files": lambda n: page("".join(f"<p><a href=/f/{i}.pdf>附件{i}.pdf</a></p>" for i in range(20_000 // n))),
    "a file of 60 MB": lambda n: page(f"<p><a href=/large.pdf?{60 * MB // n}>附件.pdf</a></p>"),
    "list of 100,000 rows": lambda n: f"<html><body><ul class=list>{rows(100_000 // n)}</ul>".encode(),
    "list of 20,000 rows": lambda n: f"<html><body><ul class=list>{rows(20_000 // n)}</ul>".encode(),
    "list of 50,000 JSON rows": lambda n: json.dumps(
        {"data": [{"title": f"关于第{i}号的通知", "url": f"/y/t{i}.html", "date": "2031-05-07"} for i in range(50_000 // n)]}
    ).encode(),
    "list of 8 MB": lambda n: paragraphs(8 * MB // n),
}  # fmt: skip
WATCH = """
import asyncio, sys, json
from time import monotonic
from scrapy import signals
from crawler import run
from crawler.site_run import SiteRun
longest = [0.0]
async def watch():
    while True:
        before = monotonic()
        await asyncio.sleep({tick})
        longest[0] = max(longest[0], monotonic() - before - {tick})
started = run._run
def begin(process, crawler, channels):
    crawler.signals.connect(lambda: setattr(crawler, "watching", asyncio.ensure_future(watch())), signals.engine_started, weak=False)
    return started(process, crawler, channels)
run._run = begin
run.main()
print(json.dumps({{"gap": longest[0]}}))
"""


def answer(path: str, shape: str, body: bytes) -> bytes | None:
    """Give what the server has at a path."""
    if path == "/tz/":
        if shape.startswith("list "):
            return body
        asked = ("/the/t20310507_0.html", *(f"/a/t20310507_{n}.html" for n in range(ORDINARY)))
        return f"<html><body><ul>{''.join(f'<li><a href={url}>关于{url}的通知</a><span>2031-05-07</span></li>' for url in asked)}".encode()
    if path == "/the/t20310507_0.html":
        return body
    if path.startswith("/large.pdf"):
        return random.Random(2).randbytes(int(urlsplit(path).query))
    return page(f"<p>第{path}号。{TEXT}</p>") if path.endswith(".html") else None


async def serve(shape: str, body: bytes, told: Callable[[int], object]) -> None:
    """Serve on a free port of loopback, packed as servers do."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            found = answer(head.split()[1].decode(), shape, body)
            packed = gzip.compress(found or b"", 1)
            status = "200 OK" if found else "404 Not Found"
            more = f"Content-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}"
            writer.write(f"HTTP/1.1 {status}\r\n{more}\r\n\r\n".encode() + packed)
            await writer.drain()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # connections that end in the middle
    told(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def measure(shape: str, part: int) -> dict[str, object]:
    """Crawl one shape, a `part`-th of its size, in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, __file__, "--serve", shape, str(part)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            try:
                return crawl(shape, folder, port)
            finally:
                server.kill()


def crawl(shape: str, folder: Path, port: int) -> dict[str, object]:
    """Crawl what is served on a port."""
    (folder / "hosts.json").write_text(json.dumps({HOST: f"127.0.0.1:{port}"}))
    (folder / "linshui.toml").write_text(
        f'title = "临水市人民政府"\nhomepage = "http://{HOST}/"\nlevel = "city"\ndivision_code = "990300"\ndelay = 0\n'
        f'[[channels]]\nname = "通知"\nurl = "http://{HOST}/tz/"\n',
        encoding="utf-8",
    )
    asked = {"MODEL_WEB": folder / "hosts.json", "DB": folder / "a.db", "SITES": folder, "CONTACT": "a@linshui.example", "BUDGET": 60}
    environment = os.environ | {f"DIBAO_{key}": str(value) for key, value in asked.items()} | {"PYTHONPATH": str(ROOT)}
    began = monotonic()
    code = f"import resource\n{WATCH.format(tick=TICK)}\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    with subprocess.Popen(
        [sys.executable, "-c", code, "linshui"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = process.stdout.read().splitlines()
    seconds = monotonic() - began
    ended = next((json.loads(line) for line in reversed(lines[:-1]) if "outcome" in line), {"outcome": "none", "reason": "it ended early"})
    found: dict[str, object] = {
        "shape": shape, "gap": json.loads(lines[-2])["gap"], "megabytes": int(lines[-1]) / 1024, "seconds": seconds,
        "outcome": ended["outcome"], "reason": ended["reason"], **kept(folder / "a.db"),
    }  # fmt: skip
    return found


def kept(path: Path) -> dict[str, object]:
    """Say what the archive has: how many pages came and were not read, and how many bytes it keeps."""
    with sqlite3.connect(path) as archive:
        unread = archive.execute("select count(*) from captures where outcome = 'ok' and role = 'notice' and read = 0").fetchone()[0]
        size = archive.execute("select sum(size) from payloads").fetchone()[0]
    return {"unread": unread, "bytes": size}


def main() -> int:
    """Measure, print, and with --check hold the bars."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shapes", nargs="*", help="those to crawl; all where none is named")
    parser.add_argument("--quick", action="store_true", help="a tenth of the size")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is missed")
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        shape, part = options.serve
        asyncio.run(serve(shape, SHAPES[shape](int(part)), lambda port: print(port, flush=True)))
        return 0
    found = []
    for shape in options.shapes or SHAPES:
        found.append(row := measure(shape, 10 if options.quick else 1))
        if not options.json:
            figures = f"{row['gap']:6.2f} s {row['megabytes']:6.0f} MB {row['seconds']:6.1f} s in all"
            print(f"{shape:26} {figures}  {row['unread']} unread  {row['outcome']} {row['reason']}", flush=True)
    worst = {name: max(float(str(row[name])) for row in found) for name in BARS}
    whole = all(row["outcome"] in {"complete", "incomplete"} and not row["unread"] for row in found)
    if options.json:
        print(json.dumps({"worst": worst, "whole": whole, "shapes": found}, ensure_ascii=False))
    else:
        print(f"worst: {worst['gap']:.2f} s, {worst['megabytes']:.0f} MB; every page read and every run to its end: {whole}")
    if options.check and (not whole or any(worst[name] > bar for name, bar in BARS.items())):
        print(f"missed: {BARS}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
