"""A model site whose pages are empty until their script has run: lists as JSON, some of its notices too. The demo does not crawl it.

Served alone on loopback: `with ScriptedWeb() as web`; its site file lies beside. `extra` is put behind the page's own script, so that a
test can play a page whose script tries things; `faults` maps a path with query to the (status, body) to answer instead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

HOST = "www.lanyu.gov.example"
SITE_FILE = Path(str(files(__package__))) / "lanyu.toml"
PAGE_SIZE = 4
ROBOTS = "User-agent: *\nDisallow: /api/private\n"
SUBJECTS = (
    "公共数据授权运营试点", "政务云资源清理", "数据目录编制", "电子证照归集", "一网通办事项梳理", "信用信息修复", "数据安全检查",
    "政务新媒体年检",
)  # fmt: skip
FIRST = date(2026, 9, 28)
Reply = tuple[int, str, str]
"""Status, media type, body."""


def titles() -> tuple[str, ...]:
    """Give the titles of all notices, newest first."""
    return tuple(f"岚屿市数据局关于做好{subject}工作的通知" for subject in SUBJECTS)


def text(number: int) -> tuple[str, ...]:
    """Give the paragraphs of a notice."""
    subject = SUBJECTS[number - 1]
    return (
        "各区数据主管部门，市直各单位：",
        f"为做好{subject}工作，经研究决定，现将有关事项通知如下。",
        f"一、各单位要明确专人负责，于{day(number).month}月底前完成{subject}的自查，形成书面材料。",
        "二、自查材料请盖章后报送市数据局综合科，同时报送电子版，逾期未报的予以通报。",
        "岚屿市数据局",
        f"{day(number).year}年{day(number).month}月{day(number).day}日",
    )


def day(number: int) -> date:
    """Give the day of a notice."""
    return FIRST - timedelta(days=3 * (number - 1))


def scripted(number: int) -> bool:
    """Say whether a notice's page is an empty one that its script fills."""
    return number % 3 == 0


def answer(target: str, extra: str = "") -> Reply:
    """Answer a request for a path with query."""
    split = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(split.query).items()}
    if split.path == "/robots.txt":
        return 200, "text/plain", ROBOTS
    if split.path in {"/", "/index.html", "/tzgg/"}:
        return 200, "text/html", _file("shell.html")
    if split.path == "/static/app.js":
        return 200, "application/javascript", _file("app.js") + extra
    if split.path == "/api/list":
        page = query.get("page", "1")
        return 200, "application/json", _list(int(page) if page.isdecimal() else 1)
    number = query.get("id", "") if split.path == "/api/notice" else split.path.removeprefix("/notice/").removesuffix(".html")
    return _notice(int(number), api=split.path == "/api/notice") if number.isdecimal() else (404, "text/html", "<p>404</p>")


def _list(page: int) -> str:
    shown = range(1, len(SUBJECTS) + 1)[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    rows = [{"title": titles()[number - 1], "url": f"/notice/{number}.html", "date": f"{day(number)}"} for number in shown]
    return json.dumps({"total": len(SUBJECTS), "pages": -(-len(SUBJECTS) // PAGE_SIZE), "page": page, "rows": rows}, ensure_ascii=False)


def _notice(number: int, *, api: bool) -> Reply:
    if not 1 <= number <= len(SUBJECTS):
        return 404, "text/html", "<p>404</p>"
    if api:
        told = {"title": titles()[number - 1], "date": f"{day(number)}", "text": text(number)}
        return 200, "application/json", json.dumps(told, ensure_ascii=False)
    if scripted(number):
        return 200, "text/html", _file("shell.html")
    body = "".join(f"<p>{line}</p>" for line in text(number))
    filled = {"title": titles()[number - 1], "date": f"{day(number)}", "body": body}
    return 200, "text/html", _file("notice.html").format_map(filled)


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


class ScriptedWeb:
    """Serves the site on a free port of 127.0.0.1; `log` holds (path with query, User-Agent) in the order asked."""

    def __init__(self, extra: str = "", faults: Mapping[str, tuple[int, str]] | None = None) -> None:
        self.extra, self.faults = extra, dict(faults or {})
        self.log: list[tuple[str, str]] = []
        self.lock = Lock()
        self._server = _Server(("127.0.0.1", 0), self)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.hosts = {HOST: f"127.0.0.1:{self._server.server_port}"}

    @property
    def asked(self) -> list[str]:
        """What was asked for, in order."""
        with self.lock:
            return [target for target, _ in self.log]

    def write_hosts(self, path: Path | str) -> None:
        """Write the hosts as the JSON that DIBAO_MODEL_WEB names."""
        Path(path).write_text(json.dumps(self.hosts) + "\n", "utf-8")

    def __enter__(self) -> Self:
        """Start answering."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop answering and give the port back."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], web: ScriptedWeb) -> None:
        super().__init__(address, _Exchange)
        self.web = web


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        """Answer a GET."""
        web = self.server.web
        with web.lock:
            web.log.append((self.path, self.headers.get("User-Agent", "")))
        status, media_type, body = answer(self.path, web.extra)
        if self.path in web.faults:
            status, body = web.faults[self.path]
        written = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{media_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(written)))
        self.send_header("ETag", '"shell"')
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Write nothing: the log is `ScriptedWeb.log`."""
