"""Serves the model government web on loopback: virtual hosts, a clock, a log of what was asked, and faults on demand.

Run alone with `python -m crawler.demo.web --day 1 --hosts FILE`; `POST /-/clock` with the day as body moves the clock.
"""

from __future__ import annotations

import gzip
import json
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

import click

from cleaners.errors import NoticeError
from crawler.demo.pages import Reply, Request, answer, form, hosts
from crawler.demo.records import ModelSite
from crawler.demo.scenes import Play, Scene

BODY_LIMIT = 65536  # bytes of a request body that are read


@dataclass(frozen=True, slots=True)
class Fault:
    """What to do wrong at one address.

    Another `status`, a `delay` in seconds before the reply, a body cut after `cut_at` bytes while Content-Length promises all
    of it, more `headers`; `times` limits how often (0: always).
    """

    status: int | None = None
    delay: float = 0.0
    cut_at: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    times: int = 0


Faults = Mapping[tuple[str, str], Fault]


class ModelWeb:
    """Holds the running servers, one a loopback address; `with ModelWeb(day=1) as web` starts and stops them.

    `hosts` maps host names to `ip:port`, `day` may be set while it runs, `log` holds (host, method, path with query, status)
    in the order answered, `faults` maps (host, path with query) to a Fault. `families` serves the sites of families.toml too;
    `play` has the lists of a host misbehave. Raises NoticeError where no port can be bound.
    """

    def __init__(self, day: int = 1, port: int = 0, faults: Faults | None = None, *, families: bool = False) -> None:
        self.day = day
        self._sites = self.known(families=families)
        self._scenes: dict[str, Scene] = {}
        self.faults: dict[tuple[str, str], Fault] = dict(faults or {})
        self.log: list[tuple[str, str, str, int]] = []
        self.closing = Event()  # ends every delay
        self._lock = Lock()
        self._met: dict[tuple[str, str], int] = {}
        self._servers: list[_Server] = []
        self._threads: list[Thread] = []
        self.hosts = self._listen(port)

    @staticmethod
    def known(*, families: bool) -> Mapping[str, ModelSite]:
        """Map the host names served to their sites."""
        return hosts(further=families)

    def gzips(self, host: str) -> bool:
        """Say whether a host's server compresses what it sends."""
        return host in self._sites and self._sites[host].gzip

    def charset(self, host: str) -> str:
        """Give the charset a host's server declares; a GBK site's declares none, its pages do (wrongly: gb2312)."""
        return "" if host not in self._sites or self._sites[host].encoding != "utf-8" else "; charset=utf-8"

    def _listen(self, port: int) -> dict[str, str]:
        """Bind one server for every loopback address the model's hosts are spread over."""
        bound: dict[str, _Server] = {}
        for ip in dict.fromkeys(map(_loopback, (site.address for site in self._sites.values()))):
            bound[ip] = _bind(ip, port, self)
        self._servers = list(bound.values())
        ips = {host: _loopback(site.address) for host, site in self._sites.items()}
        return {host: f"{ip}:{bound[ip].server_port}" for host, ip in ips.items()}

    def __enter__(self) -> Self:
        """Start answering."""
        self._threads = [Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True) for server in self._servers]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop answering and give the ports back."""
        self.closing.set()
        for server in self._servers:
            if self._threads:
                server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()

    def write_hosts(self, path: Path | str) -> None:
        """Write the hosts as the JSON that DIBAO_MODEL_WEB names."""
        Path(path).write_text(json.dumps(self.hosts, indent=1) + "\n", "utf-8")

    def play(self, host: str, play: Play, *, after: int = 2, times: int = 1) -> None:
        """Have a host's lists misbehave, from now on and by the list pages it serves (see `crawler.demo.scenes`)."""
        with self._lock:
            self._scenes[host] = Scene(play, after, times)

    def perform(self, request: Request) -> Reply:
        """Answer a request at this moment of its host's play; a list page moves the play on."""
        if request.host not in self._scenes:
            return answer(request, self.day)
        with self._lock:
            scene = self._scenes[request.host]
            reply = answer(request, self.day, scene)
            if reply.listing:
                self._scenes[request.host] = scene.served_one(request.page)
        return reply

    def fault_at(self, host: str, target: str) -> Fault | None:
        """Give the fault to show now, counting how often it was shown."""
        fault = self.faults.get((host, target))
        if fault is None:
            return None
        with self._lock:
            met = self._met[host, target] = self._met.get((host, target), 0) + 1
        return fault if not fault.times or met <= fault.times else None


class _Server(ThreadingHTTPServer):
    """One address's server; connections are threads that end with the process."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], web: ModelWeb) -> None:
        super().__init__(address, _Exchange)
        self.web = web

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: a client that hangs up is not the model's trouble."""


def _loopback(number: int) -> str:
    """Give 127.0.0.<number> where the system has it, 127.0.0.1 otherwise (macOS has only that one)."""
    ip = f"127.0.0.{number}"
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((ip, 0))
    except OSError:
        return "127.0.0.1"
    return ip


def _bind(ip: str, port: int, web: ModelWeb) -> _Server:
    try:
        return _Server((ip, port), web)
    except OSError as error:
        raise NoticeError(f"the model web cannot listen on {ip}:{port}: {error.strerror}; choose another, or 0 for a free one") from error


class _Exchange(BaseHTTPRequestHandler):
    """Reads one request after another from a connection and answers them from the pages."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1  # one write a reply: without it small packets wait for each other (Nagle)
    disable_nagle_algorithm = True
    server: _Server

    def version_string(self) -> str:
        """Name the server."""
        return "ModelWeb"

    def do_GET(self) -> None:
        """Answer a GET."""
        self._serve({})

    do_HEAD = do_GET  # noqa: N815 - the name http.server asks for

    def do_POST(self) -> None:
        """Answer a form, or move the clock."""
        length = self.headers.get("Content-Length", "")
        body = self.rfile.read(min(int(length), BODY_LIMIT)) if length.isdecimal() else b""
        if self.path == "/-/clock":
            self._set_clock(body)
        else:
            self._serve(form(body, self.headers.get("Content-Type", "")))

    def _set_clock(self, body: bytes) -> None:
        """Set the day to the number in the body; 400 where it is none."""
        valid = body.strip().isdigit() and int(body) > 0
        if valid:
            self.server.web.day = int(body)
        self._send(Reply(b"ok\n" if valid else b"a day is a whole number from 1\n", 200 if valid else 400, "text/plain"))

    def _serve(self, form: Mapping[str, str]) -> None:
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0].lower()
        split = urlsplit(self.path)
        query = {**dict(parse_qsl(split.query, keep_blank_values=True)), **form}
        web = self.server.web
        reply = web.perform(Request(host, split.path, self.path, self.command, query))
        fault = web.fault_at(host, self.path) or Fault()
        web.closing.wait(fault.delay)
        status = self._send(reply, fault, gzipped=web.gzips(host), charset=web.charset(host))
        web.log.append((host, self.command, self.path, status))

    def _send(self, reply: Reply, fault: Fault = Fault(), *, gzipped: bool = False, charset: str = "") -> int:
        """Send the reply with its validators, encoding and faults; give the status sent."""
        tags = _validators(reply)
        status = fault.status or (304 if tags and self._unchanged(tags) else reply.status)
        body = b"" if status == 304 else reply.body
        encode = gzipped and body and "gzip" in self.headers.get("Accept-Encoding", "")
        body = gzip.compress(body, mtime=0) if encode else body
        self.send_response(status)
        self._head((*_typed(reply, charset), *tags, *((("Content-Encoding", "gzip"),) if encode else ()), *reply.headers, *fault.headers))
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: fault.cut_at])
        self.close_connection = self.close_connection or fault.cut_at is not None
        return status

    def _head(self, headers: tuple[tuple[str, str], ...]) -> None:
        for name, value in headers:
            self.send_header(name, value)

    def _unchanged(self, tags: tuple[tuple[str, str], ...]) -> bool:
        """Say whether the request's validators still hold (RFC 9110, 13.2.2: the entity tag goes before the date)."""
        held = dict(tags)
        if "If-None-Match" in self.headers:
            return self.headers["If-None-Match"] == held["ETag"]
        return self.headers.get("If-Modified-Since") == held["Last-Modified"]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Write nothing: the log is `ModelWeb.log`."""


def _typed(reply: Reply, charset: str) -> tuple[tuple[str, str], ...]:
    textual = reply.media_type.startswith("text/") or reply.media_type == "application/json"
    return (("Content-Type", reply.media_type + (charset if textual else "")),)


def _validators(reply: Reply) -> tuple[tuple[str, str], ...]:
    """Give ETag and Last-Modified for a reply that has a validator, a date and more."""
    if not reply.validator or reply.status != 200:
        return ()
    day = datetime.strptime(reply.validator[:8], "%Y%m%d").replace(tzinfo=UTC)
    tag = sha256(reply.body).hexdigest()[:16]
    return (("ETag", f'"{tag}"'), ("Last-Modified", format_datetime(day, usegmt=True)))


@click.command()
@click.option("--day", default=1, show_default=True, help="The day of the clock to start with.")
@click.option("--port", default=0, show_default=True, help="The port on every address; 0 takes any free one.")
@click.option("--families", is_flag=True, help="Serve one more site for every CMS family.")
@click.option("--hosts", "hosts_file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to write the hosts.")
def main(day: int, port: int, families: bool, hosts_file: Path) -> None:
    """Serve the model web until SIGTERM or SIGINT."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with ModelWeb(day, port, families=families) as web:
        web.write_hosts(hosts_file)
        click.echo(f"ready: {len(web.hosts)} hosts, day {web.day}, {hosts_file}")
        stop.wait()


if __name__ == "__main__":
    main()
