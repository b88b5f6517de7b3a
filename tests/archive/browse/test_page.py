"""Links and times as pages show them."""

from __future__ import annotations

import pytest

from archive.browse.page import Page
from archive.browse.security import raw_type


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "urn:sha256:00",
        "//host/",
        "http:",
        "http://[",
        "",
        None,
        " http://a/",
    ],
)
def test_only_web_addresses_are_linked(url):
    assert Page.external(url) == ""


def test_a_web_address_is_linked_as_it_is():
    assert Page.external("http://a.gov.example/路?q=1") == "http://a.gov.example/路?q=1"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-03-01T16:30:00.000000Z", "2026-03-02 00:30:00"),
        ("2026-03-01T16:30:00+08:00", "2026-03-01 16:30"),
        (None, ""),
        ("some other text", "some other text"),
    ],
)
def test_times_are_shown_in_beijing_time(stored, shown):
    assert Page.moment(stored) == shown


@pytest.mark.parametrize(
    ("declared", "body", "kind"),
    [
        ("text/html;charset=gb2312", b"", "text/html; charset=gb2312"),
        ("Text/HTML", b"", "text/html"),
        ("application/xhtml+xml", b"", "text/html"),
        ("text/plain; charset=utf-8", b"", "text/plain; charset=utf-8"),
        ("image/svg+xml", b"<svg>", "application/octet-stream"),
        ("text/xml", b"<html>", "application/octet-stream"),
        ("application/pdf", b"%PDF", "application/octet-stream"),
        ("", b"\n<!DOCTYPE html><html>", "text/html"),
        ("", b"PK\x03\x04", "application/octet-stream"),
        ('text/html; charset="utf-8"\r\nX: y', b"", "text/html; charset=utf-8"),
        ("text/html; charset=<script>", b"", "text/html"),
    ],
)
def test_stored_bytes_are_shown_only_as_html_or_plain_text(declared, body, kind):
    assert raw_type([("Content-Type", declared)] if declared else [], body) == kind
