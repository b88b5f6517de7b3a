"""A body that lost its end is told from one that never had it, as far as it can be."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.records import Capture
from crawler.exchanges.damage import broken_off, cut_short, lacks_end, left_over

WHOLE = b"<!DOCTYPE html><html><body><p>" + "关于植树的通知。".encode() * 40 + b"</p><p>x</p></body></html>\n<!-- 0.02 s -->"


def capture(body):
    return Capture("", "http://a.example/1.html", datetime(2026, 3, 1, tzinfo=UTC), 200, (), body)


@pytest.mark.parametrize(
    "body",
    [
        WHOLE,
        b"<p>fragment</p>",
        b"%PDF-1.7\n...\n%%EOF\n",
        b"PK\x03\x04...PK\x05\x06" + bytes(18),
        b'{"a": 1}\n',
        b"[1]",
        b'cb({"a":1});',
        b"words",
        b"",
    ],
)
def test_whole_bodies(body):
    assert broken_off(body) == ""


@pytest.mark.parametrize("body", [WHOLE[:200], b"<p>fragm", b"%PDF-1.7\n...", b"PK\x03\x04...", b'{"a": ', b'[{"a":1}, {"b'])
def test_broken_bodies(body):
    assert broken_off(body)


@given(st.integers(30, 300))
def test_a_page_cut_anywhere_lacks_its_end(cut):
    assert lacks_end(WHOLE[:cut])
    assert cut_short(capture(WHOLE[:cut]), capture(WHOLE), "")


def test_what_was_so_before_or_comes_so_twice_is_what_is_published():
    odd = capture(WHOLE[:200])
    assert cut_short(odd, None, "")
    assert cut_short(odd, None, odd.payload_digest) == ""
    assert cut_short(odd, None, "sha256:other")
    assert cut_short(odd, replace(odd, body=WHOLE[:210]), "") == ""
    assert "bytes came before" in cut_short(odd, replace(odd, body=WHOLE[:-60]), ""), "it shrank by more than a third"


def test_bytes_left_over_are_counted():
    assert left_over(0) == ""
    assert left_over(7).startswith("7 bytes")


@given(st.binary(max_size=200))
def test_any_body_is_judged(body):
    assert isinstance(broken_off(body), str)
