"""A notice split over several pages is crawled whole, read whole again by a rebuild, and named where a part did not come."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.store import Archive
from cleaners.records import Capture, Notice
from crawler.cli import main
from crawler.split import SplitNotices
from spiders.spider import FurtherPart

HOST = "www.qinghe.gov.example"
HOME = f"http://{HOST}/"
SITE = f"""title = "青禾市人民政府"
homepage = "{HOME}"
level = "central"
delay = 0.1
[[channels]]
name = "通知公告"
url = "{HOME}tz/"
"""
OTHERS = range(11, 16)
ROWS = "<li><a href='t1.html'>青禾市水利规划全文公布</a><span>2021-03-05</span></li>" + "".join(
    f"<li><a href='t{number}.html'>青禾市人民政府关于第{number}号事项的通知</a><span>2021-03-04</span></li>" for number in OTHERS
)
LIST = f"<html><body><ul class='list'>{ROWS}</ul></body></html>"
WHOLE = "<html><body><h1>青禾市人民政府关于事项的通知</h1><div class='TRS_Editor'><p>各有关单位：</p><p>请按时完成各项任务，逐项上报结果。</p></div></body></html>"


def part(number: int, text: str) -> str:
    pager = "".join(f"<a href='t1_{other}.html'>{other}</a> " for other in (2, 3))
    return f"""<html><head><title>青禾市水利规划全文公布</title></head><body><h1>青禾市水利规划全文公布</h1><p>发布时间：2021-03-05</p>
<div class="TRS_Editor"><p>{text}</p><p>第{number}部分到此为止，内容完整无缺。</p></div><div class="pager"><b>1</b> {pager}</div></body></html>"""


PAGES = {
    "/tz/": LIST,
    **{f"/tz/t{number}.html": WHOLE for number in OTHERS},
    "/tz/t1.html": part(1, "全市累计完成水利投资，建成小型水库四座。"),
    "/tz/t1_2.html": part(2, "到规划期末，基本建成水安全保障体系。"),
    "/tz/t1_3.html": part(3, "加强组织领导，落实各项保障措施。"),
}


class Pages(BaseHTTPRequestHandler):
    """Answers from `server.pages`."""

    def do_GET(self):
        page = self.server.pages.get(self.path)
        body = (page or "404").encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def crawl(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.pages = dict(PAGES)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "qinghe.toml").write_text(SITE, "utf-8")
    (tmp_path / "hosts.json").write_text(json.dumps({HOST: f"127.0.0.1:{server.server_port}"}), "utf-8")

    def run(db: Path):
        environment = {**os.environ, "DIBAO_MODEL_WEB": str(tmp_path / "hosts.json"), "DIBAO_CONTACT": "test@example.org"}
        command = [sys.executable, "-P", "-m", "crawler.cli", "crawl", "qinghe", "--sites", str(tmp_path / "sites"), "--db", str(db)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=100)

    run.pages = server.pages
    yield run
    server.shutdown()
    server.server_close()


def documents(db: Path) -> list[dict]:
    with Archive.open(db) as archive, archive.reading() as connection:
        found = connection.execute("select document from readings where document is not null order by id").fetchall()
    return [document for (row,) in found if "第1部分" in json.dumps(document := json.loads(row), ensure_ascii=False)]


def test_a_split_notice_is_crawled_and_rebuilt_whole(crawl, tmp_path):
    db = tmp_path / "a.db"
    done = crawl(db)
    assert done.returncode == 0, done.stdout + done.stderr
    (document,) = documents(db)
    assert [f"第{number}部分到此为止" in json.dumps(document, ensure_ascii=False) for number in (1, 2, 3)] == [True] * 3
    with Archive.open(db) as archive:
        roles = [capture.role for capture in archive.captures() if "/tz/t1." in capture.url or "/tz/t1_" in capture.url]
        (first,) = archive.captures(role="notice", url=f"{HOME}tz/t1.html")
    assert sorted(roles) == ["notice", "part", "part"]
    assert [b"\xe7\xac\xac2" in body for body in first.parts] == [True, False]
    rebuilt = CliRunner().invoke(main, ["rebuild", "--db", str(db), "--sites", str(tmp_path / "sites")])
    assert rebuilt.exit_code == 0, rebuilt.output
    assert documents(db) == [document]


def test_a_part_that_does_not_come_is_named(crawl, tmp_path):
    del crawl.pages["/tz/t1_3.html"]
    crawl(tmp_path / "a.db")
    (document,) = documents(tmp_path / "a.db")
    said = json.dumps(document, ensure_ascii=False)
    assert "第2部分到此为止" in said
    assert document["parts"] == [f"{HOME}tz/t1_3.html"]
    assert "split" in document["flags"]


def test_the_parts_a_killed_run_did_not_come_to_are_asked_for_by_the_next(crawl, tmp_path):
    db = tmp_path / "a.db"
    with Archive.open(db) as archive:
        page = PAGES["/tz/t1.html"].encode()
        archive.add(Capture("qinghe", f"{HOME}tz/t1.html", datetime(2021, 4, 1, tzinfo=UTC), 200, (), page))
    done = crawl(db)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all("第3部分到此为止" in json.dumps(document, ensure_ascii=False) for document in documents(db))
    with Archive.open(db) as archive:
        assert list(archive.unread()) == []


def capture(body: bytes, record: str | None = None, outcome: str = "ok") -> Capture:
    return Capture("", HOME, datetime(2021, 4, 1, tzinfo=UTC), 200, (), body, record_id=record, outcome=outcome)


def test_parts_are_put_in_order_whatever_order_they_come_in():
    split = SplitNotices()
    split.wait(first := capture(b"1", "a"), Notice(parts=("u2", "u3")))
    assert split.take(FurtherPart("a", "u3", capture(b"3"))) is None
    assert split.take(FurtherPart("a", "u2", capture(b"2"))) == (first, (b"2", b"3"))
    assert split.take(FurtherPart("a", "u2", capture(b"2"))) is None


@pytest.mark.parametrize("missing", [None, capture(b"blocked", outcome="blocked")])
def test_what_follows_a_part_that_did_not_come_is_not_joined(missing):
    split = SplitNotices()
    split.wait(first := capture(b"1", "a"), Notice(parts=("u2", "u3")))
    split.take(FurtherPart("a", "u2", missing))
    assert split.take(FurtherPart("a", "u3", capture(b"3"))) == (first, ())
