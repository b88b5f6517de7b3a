"""Saved pages come in with what is known of them, once however often they are imported."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warc_files import Writer

from archive.export.warc import export_captures
from archive.store import Archive
from cleaners.errors import NoticeError
from crawler.demo.files import write
from crawler.imports import import_paths, page_capture, read_sidecar
from crawler.reading import reader_for

PAGE = "<html><head><title>关于测试的通知</title></head><body><h1>关于测试的通知</h1><div class='TRS_Editor'><p>各科室：请按要求完成第{}项测试工作，逐项记录。</p></div></body></html>"
WARC = (
    "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:11111111-2222-3333-4444-555555555555>\r\n"
    "WARC-Date: 2026-03-01T00:00:00Z\r\nWARC-Target-URI: http://www.ceshi.gov.example/w.html\r\n"
    "Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n"
)


@pytest.fixture
def folder(tmp_path):
    pages = tmp_path / "pages"
    (pages / "deep").mkdir(parents=True)
    (pages / "a.html").write_text(PAGE.format(1), encoding="utf-8")
    (pages / "a.json").write_text(
        json.dumps({"url": "http://www.ceshi.gov.example/a.html", "captured_at": "2026-03-01T08:00:00+08:00", "title": "不读"})
    )
    (pages / "deep" / "b.HTM").write_bytes(PAGE.format(2).encode("gb18030"))
    (pages / "c.txt").write_text("关于测试的通知\n各科室：\n请完成第三项测试工作。\n", encoding="utf-8")
    (pages / "ignored.png").write_bytes(b"\x89PNG")
    http = ("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE.format(4)).encode()
    (pages / "w.warc").write_bytes(WARC.format(len(http)).encode() + http + b"\r\n\r\n")
    return pages


def take(db, *paths):
    with Archive.open(db) as archive:
        report = import_paths(archive, list(paths), {})
        with archive.reading() as connection:
            tables = {
                name: connection.execute(f"select count(*) from {name}").fetchone()[0]
                for name in ("captures", "versions", "readings", "notices")
            }
        return report, tables, list(archive.captures())


def test_every_kind_of_page_is_taken_in_and_read(tmp_path, folder):
    report, tables, captures = take(tmp_path / "a.db", folder)
    assert (report.captures, report.read, report.skipped) == (4, 4, {})
    assert tables["versions"] == 4
    known = {capture.url: capture for capture in captures}
    page = known["http://www.ceshi.gov.example/a.html"]
    assert (page.captured_at, page.time_known, page.body) == (datetime(2026, 3, 1, tzinfo=UTC), True, (folder / "a.html").read_bytes())
    bare = [capture for capture in captures if capture.url.startswith("urn:sha256:")]
    assert len(bare) == 2
    assert all(capture.url == f"urn:{capture.payload_digest}" and not capture.time_known for capture in bare)
    assert "http://www.ceshi.gov.example/w.html" in known


def test_importing_again_adds_nothing(tmp_path, folder):
    _, before, _ = take(tmp_path / "a.db", folder)
    report, after, _ = take(tmp_path / "a.db", folder, folder / "a.html")
    assert after == before
    assert (report.captures, report.known) == (0, 5)


def test_one_bad_file_is_reported_and_stops_nothing(tmp_path, folder):
    (folder / "a.json").write_text("{not json")
    report, _, _ = take(tmp_path / "a.db", folder)
    assert report.captures == 3
    assert "a.json" in report.skipped[str(folder / "a.html")]


def test_what_cannot_be_imported_is_said(tmp_path, folder):
    report, _, _ = take(tmp_path / "a.db", folder / "ignored.png")
    assert "known are .html" in report.skipped[str(folder / "ignored.png")]
    with pytest.raises(NoticeError, match="no such file"):
        take(tmp_path / "a.db", tmp_path / "nothing")


def test_a_page_that_says_it_is_not_there_cuts_no_version(tmp_path):
    page = tmp_path / "gone.html"
    page.write_text("<html><head><title>页面不存在</title></head><body>您访问的页面不存在</body></html>", encoding="utf-8")
    report, tables, (capture,) = take(tmp_path / "a.db", page)
    assert (report.read, tables["versions"], capture.outcome) == (0, 0, "soft_404")


def test_a_time_without_a_zone_is_chinas(tmp_path):
    (tmp_path / "p.html").write_text("x")
    (tmp_path / "p.html.json").write_text('{"captured_at": "2026-03-01 08:00:00"}')
    assert read_sidecar(tmp_path / "p.html")[1].astimezone(UTC) == datetime(2026, 3, 1, tzinfo=UTC)
    assert page_capture(tmp_path / "p.html").time_known


@pytest.mark.parametrize("text", ["[]", "3", '{"captured_at": "yesterday"}', '{"captured_at": 5}', "\xff"])
def test_a_sidecar_that_cannot_be_used_is_named(tmp_path, text):
    (tmp_path / "p.html").write_text("x")
    (tmp_path / "p.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(NoticeError, match=r"p\.json"):
        read_sidecar(tmp_path / "p.html")


def test_attached_files_come_along_are_linked_and_read(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    link = PAGE.format(1).replace("</div>", '<p><a href="/f/table.xlsx">名单.xlsx</a></p></div>')
    (pages / "b.html").write_text(link, "utf-8")
    (pages / "b.json").write_text('{"url": "http://www.ceshi.gov.example/b.html"}')
    for name, body in (
        ("b.xlsx", write("xlsx", ["姓名\t金额", "张三\t12"])),
        ("broken.pdf", b"%PDF-1.4 broken"),
        ("stray.pdf", b"%PDF-1.4"),
    ):
        (pages / name).write_bytes(body)
    (pages / "b.xlsx.json").write_text('{"url": "http://www.ceshi.gov.example/f/table.xlsx"}')
    (pages / "broken.pdf.json").write_text('{"url": "http://www.ceshi.gov.example/f/broken.pdf"}')
    report, _, captures = take(tmp_path / "a.db", pages)
    assert (report.captures, report.read, report.files, report.skipped) == (3, 1, {"": 1, "damaged": 1}, {})
    assert {capture.url.rsplit("/", 1)[1]: capture.role for capture in captures} == {
        "b.html": "notice",
        "table.xlsx": "attachment",
        "broken.pdf": "attachment",
    }
    with Archive.open(tmp_path / "a.db") as archive, archive.reading() as connection:
        found = connection.execute(
            "select t.text from attachments a join payloads p on p.digest = a.payload join file_texts t on t.payload = p.id"
        ).fetchall()
        assert [row[0] for row in found] == ["姓名\t金额\n张三\t12"]
        assert '"file/damaged":1' in connection.execute("select counts from runs").fetchone()[0]
    assert take(tmp_path / "a.db", pages)[0].captures == 0


def test_attached_files_in_a_warc_are_read(tmp_path):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + write("pdf", ["关于测试的通知"])
    (tmp_path / "f.warc").write_bytes(WARC.format(len(http)).encode() + http + b"\r\n\r\n")
    report, _, _ = take(tmp_path / "a.db", tmp_path / "f.warc")
    assert report.files == {"": 1}
    with Archive.open(tmp_path / "a.db") as archive, archive.reading() as connection:
        assert connection.execute("select text from file_texts").fetchone()[0] == "关于测试的通知"


REVISIT = (
    ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"),
    ("WARC-Refers-To-Target-URI", "http://www.ceshi.gov.example/1.html"),
    ("WARC-Refers-To-Date", "2024-01-02T03:04:05Z"),
)


def crawled(folder):
    """Make two files of one crawl: pages, and a revisit of one of them."""
    one, two = Writer(folder / "b.warc"), Writer(folder / "a.warc")
    for number in (1, 2):
        one.response(f"http://www.ceshi.gov.example/{number}.html", PAGE.format(number).encode(), ("Content-Type", "text/html"))
    fields = (*REVISIT, ("WARC-Payload-Digest", "sha256:" + hashlib.sha256(PAGE.format(1).encode()).hexdigest()))
    two.response("http://www.ceshi.gov.example/1.html", b"", ("Server", "a"), kind="revisit", fields=fields, date="2024-02-02T00:00:00Z")
    return one.path, two.path


@pytest.mark.parametrize("at_once", [True, False])
def test_a_revisit_finds_what_it_repeats_in_another_file_or_in_the_archive(tmp_path, at_once):
    one, two = crawled(tmp_path)
    if not at_once:
        take(tmp_path / "a.db", one)
    report, tables, captures = take(tmp_path / "a.db", *([two, one] if at_once else [two]))
    assert (report.unresolved, report.skipped) == (0, {})
    assert [capture.body for capture in captures if capture.url.endswith("1.html")] == [PAGE.format(1).encode()] * 2
    assert (tables["captures"], tables["versions"], tables["readings"]) == (3, 2, 3)


def test_a_revisit_of_what_is_nowhere_is_kept_and_completed_when_it_comes(tmp_path):
    one, two = crawled(tmp_path)
    report, tables, (capture,) = take(tmp_path / "a.db", two)
    assert (report.unresolved, capture.outcome, capture.body, tables["versions"]) == (1, "unchanged", b"", 0)
    assert "revisit of http://www.ceshi.gov.example/1.html" in capture.reason
    take(tmp_path / "a.db", one)
    report, tables, captures = take(tmp_path / "a.db", two)
    assert (report.unresolved, report.read, captures[0].outcome, captures[0].body) == (0, 1, "ok", PAGE.format(1).encode())
    assert (tables["captures"], tables["versions"]) == (3, 2)
    assert take(tmp_path / "a.db", one, two)[0].captures == 0


def rows(db):
    """Give what readers see of an archive: notices, versions, what pages say."""
    with Archive.open(db) as archive, archive.reading() as connection:
        return [
            [tuple(row) for row in connection.execute(f"select {columns} from {table} order by 1, 2")]
            for table, columns in (
                ("notices", "id, site, title, issued, document_number, first_seen, last_changed, versions, state"),
                (
                    "versions v join addresses a on a.id = v.address",
                    "a.url, v.captured_at, v.number, v.class, v.text_digest, v.parts_digest",
                ),
                ("addresses", "url, notice, first_seen, last_seen, state"),
            )
        ]


@pytest.mark.parametrize("name", ["out.warc.gz", "out.wacz"])
def test_an_export_taken_in_elsewhere_gives_the_same_archive(tmp_path, folder, name):
    one, two = crawled(tmp_path)
    take(tmp_path / "a.db", folder, one, two)
    with Archive.open(tmp_path / "a.db") as archive:
        export_captures(archive, name.rpartition(".")[2].replace("gz", "warc"), tmp_path / name)
        before = [replace(capture) for capture in archive.captures()]
    _, _, after = take(tmp_path / "b.db", tmp_path / name)
    assert after == before
    assert rows(tmp_path / "b.db") == rows(tmp_path / "a.db")
    with Archive.open(tmp_path / "b.db") as archive:
        assert not archive.rebuild(reader_for({})).changed
    assert rows(tmp_path / "b.db") == rows(tmp_path / "a.db")


GOLD = Path(__file__).parents[2].parent / "shared" / "gold" / "gov"


@pytest.mark.slow
@pytest.mark.skipif(not GOLD.is_dir(), reason="the real pages are not here")
def test_real_pages_taken_in_twice_and_rebuilt_change_nothing(tmp_path):
    pages = sorted(GOLD.glob("*.html"))[::8]
    first, _, captures = take(tmp_path / "a.db", *pages)
    assert first.captures == len(pages)
    before = rows(tmp_path / "a.db")
    second, _, again = take(tmp_path / "a.db", *pages)
    assert (second.captures, second.known, again) == (0, len(pages), captures)
    with Archive.open(tmp_path / "a.db") as archive:
        assert not archive.rebuild(reader_for({})).changed
    assert rows(tmp_path / "a.db") == before
