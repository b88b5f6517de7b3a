import base64
import gzip
import hashlib
import logging
import uuid
from datetime import UTC, datetime

import pytest

from archive import Archive
from archive.record.payloads import zstd
from archive.warc import read_warc
from cleaners.errors import ArchiveError

SITE = "https://www.linshui.gov.example"
PAGE = "<html><p>关于防汛工作的通知</p></html>".encode()


class Writer:
    """Writes records as ISO 28500 says, each in a gzip member of its own where packed."""

    def __init__(self, out, packed=False):
        self.out, self.packed, self.number = out, packed, 0

    def record(self, kind, url, block, content_type):
        self.number += 1
        digest = base64.b32encode(hashlib.sha1(block).digest()).decode()
        head = (
            f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.UUID(int=self.number)}>\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Date: 2024-01-02T03:04:05Z\r\nWARC-IP-Address: 192.0.2.1\r\nWARC-Block-Digest: sha1:{digest}\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        whole = head.encode() + block + b"\r\n\r\n"
        self.out.write(gzip.compress(whole, mtime=0) if self.packed else whole)


def response(writer, url, body, status="200 OK", headers=(), *, kind="response"):
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *(f"{name}: {value}" for name, value in headers), "", ""]
    writer.record(kind, url, "\r\n".join(lines).encode() + body, "application/http; msgtype=response")


def warc(path, pages=5, packed=True):
    with path.open("wb") as out:
        writer = Writer(out, packed)
        writer.record("warcinfo", "", b"software: test\r\n", "application/warc-fields")
        for number in range(pages):
            response(writer, f"{SITE}/{number}.html", PAGE + b"%d" % number)
    return path


@pytest.mark.parametrize("packed", [True, False])
def test_responses_become_captures_in_order(tmp_path, packed):
    captures = list(read_warc(warc(tmp_path / "a.warc.gz", packed=packed)))
    assert [capture.body for capture in captures] == [PAGE + b"%d" % number for number in range(5)]
    first = captures[0]
    assert (first.url, first.status, first.outcome, first.role, first.ip) == (f"{SITE}/0.html", 200, "ok", "notice", "192.0.2.1")
    assert first.captured_at == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert ("Content-Type", "text/html; charset=utf-8") in first.headers


@pytest.mark.parametrize(
    ("encoding", "wire"),
    [("gzip", gzip.compress(PAGE)), ("zstd", zstd.compress(PAGE)), ("gzip", PAGE), ("identity", PAGE)],
)
def test_bodies_are_decoded_and_the_wire_remembered(tmp_path, encoding, wire):
    with (tmp_path / "a.warc").open("wb") as out:
        response(Writer(out), f"{SITE}/1.html", wire, headers=[("Content-Encoding", encoding)])
    (capture,) = read_warc(tmp_path / "a.warc")
    assert (capture.body, capture.content_encoding, capture.wire_length) == (PAGE, encoding, len(wire))


def test_chunked_bodies_are_put_together(tmp_path):
    with (tmp_path / "a.warc").open("wb") as out:
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
        response(Writer(out), f"{SITE}/1.html", chunked, headers=[("Transfer-Encoding", "chunked")])
    assert [capture.body for capture in read_warc(tmp_path / "a.warc")] == [PAGE]


def test_statuses_become_outcomes(tmp_path):
    with (tmp_path / "a.warc").open("wb") as out:
        writer = Writer(out)
        response(writer, f"{SITE}/1", b"", "404 Not Found")
        response(writer, f"{SITE}/2", b"", "302 Found", headers=[("Location", "/3")])
        response(writer, f"{SITE}/3", b"", "412 Precondition Failed")
        response(writer, f"{SITE}/robots.txt", b"", "200 OK")
    seen = [(capture.outcome, capture.redirected_to, capture.role) for capture in read_warc(tmp_path / "a.warc")]
    assert seen == [("missing", "", "notice"), ("redirected", f"{SITE}/3", "redirect"), ("failed", "", "notice"), ("ok", "", "robots")]


def test_resources_are_captures_and_revisits_and_requests_are_not(tmp_path):
    with (tmp_path / "a.warc").open("wb") as out:
        writer = Writer(out)
        writer.record("resource", f"{SITE}/f.txt", b"text", "text/plain")
        response(writer, f"{SITE}/1.html", b"", kind="revisit")
        writer.record("request", f"{SITE}/1.html", b"GET /1.html HTTP/1.1\r\n\r\n", "application/http; msgtype=request")
        response(writer, "dns:www.linshui.gov.example", b"192.0.2.1")
    assert [(capture.url, capture.body) for capture in read_warc(tmp_path / "a.warc")] == [(f"{SITE}/f.txt", b"text")]


def test_a_file_read_twice_is_kept_once(tmp_path):
    path = warc(tmp_path / "a.warc.gz")
    with Archive.open(tmp_path / "a.db") as archive:
        for capture in [*read_warc(path), *read_warc(path)]:
            archive.add(capture)
        assert len(list(archive.captures())) == 5


@pytest.mark.parametrize("packed", [True, False])
def test_a_damaged_byte_costs_no_more_than_its_record_and_never_gives_wrong_bytes(tmp_path, packed, caplog):
    caplog.set_level(logging.CRITICAL)
    whole = warc(tmp_path / "whole", packed=packed).read_bytes()
    pages = {PAGE + b"%d" % number for number in range(5)}
    for place in range(0, len(whole), max(1, len(whole) // 150)):
        (tmp_path / "damaged").write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        captures = list(read_warc(tmp_path / "damaged"))
        assert len(captures) >= 4, place
        assert {capture.body for capture in captures} <= pages, place


@pytest.mark.parametrize("packed", [True, False])
def test_a_cut_file_gives_the_records_before_the_cut_and_no_part_of_one(tmp_path, packed, caplog):
    caplog.set_level(logging.CRITICAL)
    whole = warc(tmp_path / "whole", packed=packed).read_bytes()
    before = 0
    for end in range(0, len(whole), max(1, len(whole) // 150)):
        (tmp_path / "cut").write_bytes(whole[:end])
        bodies = [capture.body for capture in read_warc(tmp_path / "cut")]
        assert bodies == [PAGE + b"%d" % number for number in range(len(bodies))]
        assert len(bodies) >= before
        before = len(bodies)
    assert before >= 4


def test_what_is_left_out_is_said(tmp_path, caplog):
    path = tmp_path / "a.warc"
    with path.open("wb") as out:
        response(Writer(out), f"{SITE}/1.html", PAGE)
    path.write_bytes(path.read_bytes().replace(b"sha1:", b"sha1:A"))
    assert list(read_warc(path)) == []
    assert "another digest" in caplog.text
    assert str(path) in caplog.text


@pytest.mark.parametrize("wire", [gzip.compress(PAGE)[:-20], gzip.compress(PAGE)[:8] + b"\xff" * 40])
def test_a_body_that_cannot_be_decoded_is_kept_as_it_came_and_called_damaged(tmp_path, wire):
    with (tmp_path / "a.warc").open("wb") as out:
        writer = Writer(out)
        response(writer, f"{SITE}/1.html", wire, headers=[("Content-Encoding", "gzip")])
        response(writer, f"{SITE}/2.html", PAGE, headers=[("Content-Encoding", "rot13")])
    one, two = read_warc(tmp_path / "a.warc")
    assert (one.outcome, one.phase, one.body) == ("damaged", "decode", wire)
    assert (two.outcome, two.body) == ("damaged", PAGE)
    assert "rot13" in two.reason


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ArchiveError, match=r"none\.warc"):
        list(read_warc(tmp_path / "none.warc"))
    (tmp_path / "empty.warc").write_bytes(b"")
    assert list(read_warc(tmp_path / "empty.warc")) == []
