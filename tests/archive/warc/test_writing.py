"""Own captures as WARC records: all of them, whole, the same each time; and what the usual check and an import make of them."""

import gzip
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_files import SITE, checked, records, take_in

from archive import Archive
from archive.export.warc import Wish, export_captures
from archive.warc.record import http_head_of
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Entry

START = datetime(2024, 1, 2, 3, 4, 5, 600, tzinfo=UTC)
PAGE = "<html><h1>关于防汛工作的通知</h1></html>".encode()
HTML = (("Content-Type", "text/html"),)
words = st.text("ab 通é\r\n:;%<>\x00", max_size=6)
headers = st.lists(
    st.tuples(st.sampled_from(["Content-Type", "Content-Encoding", "content-length", "X-A", "Set-Cookie"]), words), max_size=3
)
captures = st.lists(
    st.builds(
        Capture,
        site=st.sampled_from(["linshui", "", "qinghe"]),
        url=st.sampled_from([f"{SITE}/1.html", f"{SITE}/文 件.html?b=1&a=", "urn:sha256:00", "http://[bad/"]),
        captured_at=st.integers(0, 10**10).map(lambda number: START + timedelta(microseconds=number)),
        status=st.sampled_from([None, 200, 200, 204, 304, 404, 599]),
        headers=headers.map(tuple),
        body=st.sampled_from([b"", PAGE, b"x" * 5000]) | st.binary(max_size=20),
        entry=st.none() | st.builds(Entry, url=st.just("u"), title=words, issued=st.sampled_from([None, date(2024, 1, 1)])),
        parts=st.lists(st.sampled_from([PAGE, b"second", b""]), max_size=2).map(tuple),
        role=st.sampled_from(["notice", "part", "listing", "attachment", "robots", "redirect", "other"]),
        outcome=st.sampled_from(["ok", "unchanged", "missing", "soft_404", "damaged", "failed"]),
        reason=words,
        phase=st.sampled_from(["", "dns"]),
        elapsed=st.none() | st.floats(0, 10),
        method=st.sampled_from(["GET", "POST"]),
        request_headers=headers.map(tuple),
        request_body=st.binary(max_size=4),
        content_encoding=st.sampled_from(["", "gzip"]),
        wire_length=st.none() | st.integers(0, 9),
        wire_digest=st.sampled_from(["", "sha256:ab"]),
        protocol=st.sampled_from(["", "HTTP/1.1", "HTTP/1.0", "h2"]),
        ip=st.sampled_from(["", "192.0.2.1"]),
        tls=st.sampled_from([{}, {"version": "TLSv1.3"}]),
        truncated=st.sampled_from(["", "length", "odd"]),
        redirected_to=words,
        vantage=words,
        time_known=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


def exchange(number, body=PAGE, **more):
    at = START + timedelta(days=number)
    return Capture("linshui", f"{SITE}/{number}.html", at, 200, HTML, body, wire_length=len(body), wire_digest="sha256:0", **more)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "own.db") as archive:
        yield archive


@given(captures=captures)
@settings(max_examples=20)
def test_every_capture_is_written_and_taken_in_again_as_it_was(blank, captures):
    one, two = blank(), blank()
    with Archive.open(one / "a.db") as archive:
        for capture in captures:
            archive.add(capture)
        told = export_captures(archive, "warc", one / "out.warc.gz")
        kept = list(archive.captures())
    assert (told.captures, told.left_out) == (len(captures), {})
    assert checked(one / "out.warc.gz") == 0
    with Archive.open(two / "a.db") as archive:
        for _ in range(2):
            take_in(archive, one / "out.warc.gz")
        assert list(archive.captures()) == kept
        export_captures(archive, "warc", two / "out.warc.gz")
    assert (two / "out.warc.gz").read_bytes() == (one / "out.warc.gz").read_bytes()


def test_a_body_kept_decoded_says_how_it_was_sent(archive, tmp_path):
    sent = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Content-Length", "7"))
    capture = replace(
        exchange(1), headers=sent, content_encoding="gzip", protocol="HTTP/1.1", ip="192.0.2.1", request_headers=(("Host", "a"),)
    )
    archive.add(capture)
    export_captures(archive, "warc", tmp_path / "a.warc", Wish(operator="archive@linshui.example"))
    info, main, request, about = records(tmp_path / "a.warc")
    assert main.http_head.decode().split("\r\n") == [
        "HTTP/1.1 200 OK",
        "Content-Type: text/html",
        "X-Archive-Orig-Content-Encoding: gzip",
        "X-Archive-Orig-Transfer-Encoding: chunked",
        "X-Archive-Orig-Content-Length: 7",
        f"Content-Length: {len(PAGE)}",
        "",
        "",
    ]
    assert (main.payload, main.field("WARC-IP-Address"), main.field("WARC-Protocol")) == (PAGE, "192.0.2.1", "http/1.1")
    assert main.field("WARC-Payload-Digest") == capture.payload_digest
    assert request.block == b"GET /1.html HTTP/1.1\r\nHost: a\r\n\r\n"
    assert {request.field("WARC-Concurrent-To"), about.field("WARC-Concurrent-To")} == {main.record_id}
    said = info.block.decode()
    for word in (
        "software: dibao/",
        "operator: archive@linshui.example",
        "content-decoded",
        "X-Archive-Orig-",
        "format: WARC File Format 1.1",
    ):
        assert word in said


def test_what_came_again_is_a_revisit_of_what_came_first(archive, tmp_path):
    for number in range(3):
        archive.add(exchange(number))
    archive.add(replace(exchange(3), status=304, body=b"", url=f"{SITE}/1.html", outcome="unchanged"))
    told = export_captures(archive, "warc", tmp_path / "a.warc.gz")
    assert told.records == {"warcinfo": 1, "response": 1, "revisit": 3, "metadata": 4}
    first, *revisits = [record for record in records(tmp_path / "a.warc.gz") if record.kind in {"response", "revisit"}]
    assert [record.field("WARC-Profile").rpartition("/")[2] for record in revisits] == [
        *["identical-payload-digest"] * 2,
        "server-not-modified",
    ]
    assert {record.field("WARC-Refers-To") for record in revisits[:2]} == {first.record_id}
    assert {record.field("WARC-Refers-To-Target-URI") for record in revisits[:2]} == {f"{SITE}/0.html"}
    assert revisits[2].field("WARC-Refers-To-Date") == "2024-01-03T03:04:05.000600Z"
    assert all(record.block == http_head_of(record.block) for record in revisits)


def test_what_had_no_response_and_what_was_saved_elsewhere_is_called_no_exchange(archive, tmp_path):
    archive.add(Capture("linshui", f"{SITE}/1.html", START, None, (), b"", outcome="failed", phase="dns", reason="no such host"))
    archive.add(Capture("", "urn:sha256:11", START, 200, HTML, PAGE))
    archive.add(Capture("", f"{SITE}/saved.html", START, 200, HTML, PAGE))
    told = export_captures(archive, "warc", tmp_path / "a.warc.gz")
    assert (told.captures, told.without_response) == (3, 1)
    assert [record.kind for record in records(tmp_path / "a.warc.gz")] == [
        "warcinfo",
        "metadata",
        "resource",
        "metadata",
        "resource",
        "metadata",
    ]


def test_a_site_and_days_can_be_chosen(archive, tmp_path):
    for number in range(5):
        archive.add(replace(exchange(number, b"%d" % number), site="linshui" if number else "qinghe"))
    wish = Wish("linshui", date(2024, 1, 3), date(2024, 1, 5))
    told = export_captures(archive, "warc", tmp_path / "a.warc.gz", wish)
    urls = [record.url for record in records(tmp_path / "a.warc.gz") if record.kind == "response"]
    assert (told.captures, urls) == (3, [f"{SITE}/{number}.html" for number in (1, 2, 3)])


def test_a_full_file_is_followed_by_another_and_each_says_where_it_is_from(archive, tmp_path):
    for number in range(9):
        archive.add(exchange(number, b"%d" % number * 5000))
    told = export_captures(archive, "warc", tmp_path / "a.warc.gz", most=2000)
    assert told.files[:2] == ["a.warc.gz", "a-00002.warc.gz"]
    assert len(told.files) > 3
    found = [records(tmp_path / name) for name in told.files]
    assert [records_[0].field("WARC-Filename") for records_ in found] == told.files
    assert len({records_[0].record_id for records_ in found}) == len(found)
    assert sum(record.kind == "response" for records_ in found for record in records_) == 9
    assert all(checked(tmp_path / name) == 0 for name in told.files)


def test_an_export_that_fails_leaves_what_was_there(archive, tmp_path, monkeypatch):
    for number in range(4):
        archive.add(exchange(number, b"%d" % number * 5000))
    (tmp_path / "a.warc.gz").write_bytes(b"before")

    def fail(*_args, **_more):
        raise ArchiveError("stop")

    monkeypatch.setattr("archive.warc.writing._Writer.strays", fail)
    with pytest.raises(ArchiveError, match="stop"):
        export_captures(archive, "warc", tmp_path / "a.warc.gz", most=2000)
    assert (tmp_path / "a.warc.gz").read_bytes() == b"before"
    assert [path.name for path in tmp_path.glob("*a*warc*")] == ["a.warc.gz"]


def test_a_damaged_payload_is_left_out_and_counted(archive, tmp_path):
    for number in range(3):
        archive.add(exchange(number, b"%d" % number * 50))
    with archive.write() as connection:
        connection.execute("update payloads set body = zeroblob(9) where id = 2")
    told = export_captures(archive, "warc", tmp_path / "a.warc.gz")
    assert (told.captures, sum(told.left_out.values())) == (2, 1)
    assert "damaged" in next(iter(told.left_out))


@pytest.mark.parametrize(("form", "name"), [("warc", "a.zip"), ("wacz", "a.warc.gz"), ("warc", "none/../\0.warc")])
def test_a_name_that_other_tools_would_not_know_is_refused(archive, tmp_path, form, name):
    with pytest.raises((ArchiveError, ValueError)):
        export_captures(archive, form, tmp_path / name)


def test_a_stream_is_one_file(archive, tmp_path):
    archive.add(exchange(1))
    with (tmp_path / "piped").open("wb") as out:
        export_captures(archive, "warc", out)
    assert gzip.decompress((tmp_path / "piped").read_bytes()).startswith(b"WARC/1.1\r\nWARC-Type: warcinfo")
