"""A column that scripts fill, in a real browser: what it shows is kept, and what its scripts try reaches nothing."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections import Counter

import pytest

from crawler.demo.scripted import HOST, SITE_FILE, SUBJECTS, ScriptedWeb, scripted, titles
from crawler.rendering.chromium import why_no_browser
from crawler.rendering.wanted import MARK
from crawler.visit import Visit
from spiders.listing import read_listing
from spiders.site import load_site

pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser() or "a browser is there")]
LIST = f"http://{HOST}/tzgg/"
TRIES = """
const targets = %s;
for (const target of targets) {
  fetch(target, {mode: "no-cors"}).catch(() => {});
  navigator.sendBeacon(target, "x");
  window.open(target);
  for (const [tag, key] of [["img", "src"], ["script", "src"], ["iframe", "src"]]) {
    document.body.append(Object.assign(document.createElement(tag), {[key]: target}));
  }
  for (const rel of ["preconnect", "dns-prefetch", "prefetch", "stylesheet"]) {
    document.head.append(Object.assign(document.createElement("link"), {rel, href: target}));
  }
  for (const kind of [WebSocket, EventSource]) { try { new kind(target.replace("http", kind === WebSocket ? "ws" : "http")); } catch {} }
  const inside = `fetch("${target}", {mode: "no-cors"}).catch(() => {}); new WebSocket("${target.replace("http", "ws")}");`;
  new Worker(URL.createObjectURL(new Blob([inside])));
}
const frame = document.body.appendChild(document.createElement("iframe"));
for (const view of [window, frame.contentWindow]) {
  try {
    const peer = new view.RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.2:%d"}]});
    peer.createDataChannel("x");
    peer.createOffer().then((offer) => peer.setLocalDescription(offer));
  } catch {}
}
document.getElementById("app").innerHTML = "<p>试过了</p>";
setTimeout(() => { location.href = targets[0]; }, 200);
"""


def shell(script):
    return 200, f'<html><body><div id="app"></div><script>{script}</script></body></html>'


class Sink:
    """Counts who connects to addresses that nobody may reach."""

    def __init__(self):
        self.connections = []
        self.tcp = [socket.create_server((ip, 0)) for ip in ("127.0.0.2", "127.0.0.1")]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.2", 0))
        for server in self.tcp:
            threading.Thread(target=self._accept, args=(server,), daemon=True).start()
        threading.Thread(target=self._receive, daemon=True).start()

    def _accept(self, server):
        while True:
            try:
                connection, peer = server.accept()
            except OSError:
                return
            self.connections.append(("tcp", peer))
            connection.close()

    def _receive(self):
        while True:
            try:
                self.connections.append(("udp", self.udp.recvfrom(2048)[1]))
            except OSError:
                return

    @property
    def targets(self):
        other, own = (server.getsockname()[1] for server in self.tcp)
        names = [f"127.0.0.2:{other}", f"2130706434:{other}", f"[::ffff:127.0.0.2]:{other}", f"elsewhere.example:{other}"]
        return [f"http://{name}/" for name in (*names, f"localhost:{own}", "169.254.169.254")]

    def close(self):
        for server in self.tcp:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
        self.udp.close()


@pytest.fixture(scope="module")
def sink():
    made = Sink()
    yield made
    made.close()


@pytest.fixture(scope="module")
def web(sink, tmp_path_factory):
    faults = {
        "/tzgg/?page=71": shell(TRIES % (json.dumps(sink.targets), sink.udp.getsockname()[1])),
        "/tzgg/?page=72": shell("while (true) {}"),
        "/api/list?page=73": (500, "busy"),
        "/tzgg/?page=74": shell("document.body.innerHTML = '<p>' + navigator.userAgent + '</p>';"),
        "/tzgg/?page=75": (412, "<html><body><script>$_ts=window['$_ts'];</script></body></html>"),
    }
    with ScriptedWeb(faults=faults) as running, pytest.MonkeyPatch.context() as patch:
        hosts = tmp_path_factory.mktemp("web") / "hosts.json"
        running.write_hosts(hosts)
        patch.setenv("DIBAO_MODEL_WEB", str(hosts))
        patch.setenv("DIBAO_DB", str(hosts.with_name("none.db")))
        patch.setenv("DIBAO_RENDER_SECONDS", "20")
        yield running


def test_what_a_page_tries_reaches_nothing_and_its_failures_are_told(web, sink, monkeypatch):
    monkeypatch.setenv("DIBAO_RENDER_SECONDS", "4")
    with Visit(load_site(SITE_FILE), "you@example.org") as visit:
        tried, endless, broken, agent, challenge = (visit.fetch(f"{LIST}?page={number}") for number in (71, 72, 73, 74, 75))
    assert sink.connections == []
    assert (tried.outcome, "试过了" in tried.body.decode()) == ("ok", True)  # it did run, and where it wanted to lead the page it did not
    assert (endless.outcome, endless.phase) == ("failed", "browser")
    assert "did not come to rest" in endless.reason
    assert (broken.outcome, broken.reason.rpartition(": ")[2]) == ("failed", "HTTP 500")
    assert "dibao/" in agent.body.decode()
    assert "you@example.org" in agent.body.decode()
    assert (challenge.outcome, challenge.status) == ("challenge", 412)
    assert not any(name == MARK for name, _ in challenge.headers)  # its script was never run


def test_a_column_that_scripts_fill_is_crawled_whole(web, tmp_path):
    db = tmp_path / "archive.db"
    environment = {**os.environ, "DIBAO_DB": str(db), "DIBAO_CONTACT": "you@example.org", "DIBAO_SITES": str(SITE_FILE.parent)}
    before = len(web.log)
    held, writer = os.pipe()  # a crawl ends with its standard input
    command = [sys.executable, "-m", "crawler.run", "lanyu"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, stdin=held)
    os.close(held)
    os.close(writer)
    assert json.loads(done.stdout.splitlines()[-1])["outcome"] == "complete", done.stdout + done.stderr
    asked = Counter(target for target, _ in web.log[before:])
    assert asked["/static/app.js"] == 1
    assert not any(target.startswith(("/api/private", "/static/logo", "/static/app.css", "/favicon")) for target in asked)
    assert {agent for _, agent in web.log} == {web.log[0][1]}
    assert web.log[0][1].startswith("dibao/")
    with sqlite3.connect(db) as connection:
        notices = connection.execute("select title, versions from notices").fetchall()
        kept = Counter(connection.execute("select role, outcome from captures"))
    assert sorted(notices) == sorted((title, 1) for title in titles())
    shells = sum(map(scripted, range(1, len(SUBJECTS) + 1)))
    rendered = shells + 2  # two list pages
    # beside each rendered page: the server's answer, what its script was answered, and what robots.txt refused it
    assert kept == {
        ("robots", "ok"): 1,
        ("listing", "ok"): 2,
        ("notice", "ok"): len(SUBJECTS),
        ("other", "ok"): 2 * rendered + 1,
        ("other", "refused"): rendered,
    }


def test_both_the_answer_and_the_page_are_kept_and_told_apart(web):
    with Visit(load_site(SITE_FILE), "you@example.org") as visit:
        page = visit.fetch(LIST)
        notice = visit.fetch(f"http://{HOST}/notice/3.html", role="notice")
        plain = visit.fetch(f"http://{HOST}/notice/1.html", role="notice")
    assert [entry.title for entry in read_listing(page.body, page.url).entries] == list(titles()[:4])
    assert dict(page.headers)[MARK].startswith("chromium/")
    assert "requests=3; robots=1; unneeded=1" in dict(page.headers)[MARK]
    assert page.reason == "requests of its scripts not sent: 1 robots"
    answers = [capture for capture in visit.captures if capture.url.endswith("/api/list?page=1")]
    assert [(capture.role, capture.outcome) for capture in answers] == [("other", "ok")]
    assert MARK in dict(notice.headers)
    assert MARK not in dict(plain.headers)
