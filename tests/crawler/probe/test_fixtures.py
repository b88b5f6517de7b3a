"""Fixtures: pages as they came, read again as they were asked for, never overwritten, and damaged ones named."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cleaners.errors import FileError
from cleaners.records import Capture
from crawler.probe.finding import look
from crawler.probe.fixtures import folders, replay, save
from spiders.paging import Next

URL = "http://www.shuiqu.gov.example/zwgk/tzgg/"
ROWS = "".join(f"<li><a href='{n}.html'>关于开展第{n}次清淤工作的通知</a><span>2026-11-{n:02d}</span></li>" for n in range(1, 13))
BODY = f"<html><head><title>通知公告</title></head><body><ul>{ROWS}</ul></body></html>".encode("gbk")
HEADERS = (("Content-Type", "text/html; charset=gbk"), ("Set-Cookie", "id=1"))
PAGE = Capture("", URL, datetime(2026, 11, 22, tzinfo=UTC), 200, HEADERS, BODY, role="listing")


@pytest.fixture
def saved(tmp_path):
    found = look(PAGE, URL)
    asked = Next(URL, "POST", b"page=1", (("Content-Type", "application/x-www-form-urlencoded"),))
    save(replace(found, rows_asked=asked), tmp_path / "fixtures" / "shuiqu" / "tzgg")
    return tmp_path / "fixtures" / "shuiqu" / "tzgg"


def test_the_bytes_and_the_request_are_kept_and_no_cookie(saved):
    side = json.loads((saved / "list.capture.json").read_text("utf-8"))
    assert (saved / "list.html").read_bytes() == BODY
    assert (side["url"], side["request"]["method"], side["request"]["body"]) == (URL, "POST", "page=1")
    assert "id=1" not in (saved / "list.capture.json").read_text("utf-8")
    assert folders(saved.parents[1]) == [saved]


def test_it_reads_the_same_again(saved):
    assert replay(saved).difference == ()
    assert len(json.loads((saved / "golden.json").read_text("utf-8"))["listing"]["entries"]) == 12


def test_a_missing_golden_file_differs_until_it_is_accepted(saved):
    (saved / "golden.json").unlink()
    assert replay(saved, accept=True).difference
    assert replay(saved).difference == ()


def test_a_fixture_is_never_overwritten(saved):
    with pytest.raises(FileError, match="is there already"):
        save(look(PAGE, URL), saved)


@pytest.mark.parametrize("text", ["", "{}", '{"url": 1, "file": "list.html", "headers": [], "captured_at": "x"}', "[1]"])
def test_a_damaged_side_file_is_named(saved, text):
    (saved / "list.capture.json").write_text(text)
    with pytest.raises(FileError, match=r"list\.capture\.json: not the side file"):
        replay(saved)


def test_a_side_file_cannot_lead_out_of_its_folder(saved, tmp_path):
    (tmp_path / "secret.html").write_bytes(BODY)
    side = json.loads((saved / "list.capture.json").read_text("utf-8"))
    (saved / "list.capture.json").write_text(json.dumps(side | {"file": "../../../secret.html"}))
    with pytest.raises(FileError):
        replay(saved)
