"""A loopback server that fails as told, and a crawl of one site against it in a child process."""

import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.store import Archive
from crawler.demo.web import ModelWeb

HOST = "www.ceshi.gov.example"
SITE = f"""
title = "测试市人民政府"
homepage = "http://{HOST}/"
level = "city"
division_code = "990300"
delay = 0.05
[[channels]]
name = "通知公告"
url = "http://{HOST}/tzgg/"
"""


def reply(body=b"", status="200 OK", headers=(), length=None):
    """Write an HTTP/1.1 answer; `length` overrides Content-Length, -1 leaves it out and closes."""
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    if not any(name.lower() == "content-type" for name, _ in headers):
        lines.append("Content-Type: text/html; charset=utf-8")
    if length != -1:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def listing(*paths):
    rows = "".join(
        f'<li><a href="{path}">关于做好第{n}项测试工作的通知</a><span>2026-03-{n + 1:02d}</span></li>' for n, path in enumerate(paths)
    )
    return reply(f"<!DOCTYPE html><html><head><title>通知公告</title></head><body><ul class='list'>{rows}</ul>{' ' * 600}</body></html>")


def page(number=1, body="各科室：请按要求完成测试工作，逐项记录结果，于月底前报送。"):
    text = "".join(f"<p>{body}（第{n}段，编号{number}）</p>" for n in range(1, 5))
    title = f"关于做好第{number}项测试工作的通知"
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>发布时间：2026-03-01</p><div class='TRS_Editor'>{text}</div></body></html>"


@dataclass
class FaultServer:
    """Answers by path: bytes are sent and the connection closed; a function gets the socket and the request's head."""

    answers: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def __enter__(self):
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                outer.handle(self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self):
        return f"127.0.0.1:{self._server.server_address[1]}"

    def handle(self, connection):
        head = b""
        connection.settimeout(5)
        while b"\r\n\r\n" not in head:
            chunk = connection.recv(65536)
            if not chunk:
                return
            head += chunk
        path = head.split(b" ", 2)[1].decode()
        self.asked.append((path, time.monotonic(), head.decode("latin-1")))
        answer = self.answers.get(path, reply("没有", "404 Not Found"))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer(connection, head)
        else:
            connection.sendall(answer)

    def paths(self):
        return [path for path, _, _ in self.asked]


@dataclass
class Ran:
    """What a crawl left: its exit code, lines told, log, and the archive's captures by path and outcome."""

    code: int
    told: list
    log: str
    db: Path

    def captures(self):
        with Archive.open(self.db) as archive:
            return list(archive.captures())

    def by_path(self):
        found = {}
        for capture in self.captures():
            found.setdefault("/" + capture.url.split("/", 3)[3], []).append(capture)
        return found

    @property
    def outcome(self):
        return self.told[-1].get("outcome") or "error"

    @property
    def reason(self):
        return self.told[-1].get("reason", self.told[-1].get("error"))

    def rows(self, statement, *values):
        with Archive.open(self.db) as archive, archive.reading() as connection:
            return [tuple(row) for row in connection.execute(statement, values)]


@pytest.fixture
def server():
    with FaultServer({"/robots.txt": reply("", "404 Not Found")}) as running:
        yield running


@pytest.fixture
def crawl(tmp_path, server):
    """Crawl the test site once; keyword arguments become environment variables."""

    def run(site=SITE, name="ceshi", hosts=(HOST,), code=None, **variables):
        folder = tmp_path / "sites"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.toml").write_text(site, encoding="utf-8")
        model = tmp_path / "model.json"
        model.write_text(json.dumps(hosts if isinstance(hosts, dict) else dict.fromkeys(hosts, server.address)))
        given = {
            "DIBAO_DB": str(tmp_path / "archive.db"),
            "DIBAO_SITES": str(folder),
            "DIBAO_MODEL_WEB": str(model),
            "DIBAO_CONTACT": "test@example.org",
        }
        environment = {**os.environ, **given, **variables}
        command = [sys.executable, "-P", *(["-c", code] if code else ["-m", "crawler.run"]), name]
        child = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
        )
        with child:
            out, log = _finish(child)
        told = [json.loads(line) for line in out.splitlines()]
        return Ran(child.returncode, told or [{}], log, tmp_path / "archive.db")

    return run


def _finish(child):
    """Wait with standard input left open: its end tells the child to stop."""
    kept = {}
    readers = [
        threading.Thread(target=lambda pipe=pipe, key=key: kept.update({key: pipe.read()}))
        for key, pipe in (("out", child.stdout), ("err", child.stderr))
    ]
    for reader in readers:
        reader.start()
    try:
        child.wait(timeout=90)
    except subprocess.TimeoutExpired:
        child.kill()
    for reader in readers:
        reader.join()
    return kept["out"].decode(), kept["err"].decode()


@pytest.fixture
def reset():
    """Close a connection with RST."""

    def answer(body):
        def send(connection, _head):
            connection.sendall(body)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            connection.close()

        return send

    return answer


@pytest.fixture
def http():
    """The builders of answers."""

    return SimpleNamespace(reply=reply, listing=listing, page=page, site=SITE, host=HOST)


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    """Serve the model web on its first day, and let this process reach it."""
    with ModelWeb(day=1) as running, pytest.MonkeyPatch.context() as patch:
        hosts = tmp_path_factory.mktemp("web") / "hosts.json"
        running.write_hosts(hosts)
        patch.setenv("DIBAO_MODEL_WEB", str(hosts))
        patch.setenv("DIBAO_CONTACT", "test@example.org")
        yield running
