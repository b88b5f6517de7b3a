"""One exchange as a capture, whatever a server says in it: no header raises, no redirect loops, no body takes long."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from crawler.exchanges.exchange import MOST_REDIRECTS, from_failure, from_response

URL = "http://www.ceshi.gov.example/a/1.html"
MIB = 1 << 20


def answered(status=200, body=b"", url=URL, meta=None, cookies=False, **headers):
    request = Request(url, meta={"role": "listing"} | (meta or {}))
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return from_response(request, Response(url, status=status, headers=given, body=body), "ceshi", 32 * MIB, cookies=cookies)


def test_a_redirect_is_followed_where_it_leads_on():
    found = answered(302, Location="../b/关于.html".encode())
    assert (found.outcome, found.redirected_to) == ("redirected", "http://www.ceshi.gov.example/b/%E5%85%B3%E4%BA%8E.html")
    assert answered(302, Location="/b/2.html", meta={"redirect_urls": ["http://www.ceshi.gov.example/b/1.html"]}).outcome == "redirected"


@pytest.mark.parametrize(
    "location",
    ["file:///etc/hostname", "data:text/html,x", "javascript:alert(1)", "ftp://a.example/", "http://[::1", "http://a.example:99999/"],
)
def test_a_redirect_that_leaves_the_web_is_refused_where_it_stands(location):
    found = answered(302, Location=location)
    assert (found.outcome, found.phase) == ("refused", "guard")
    assert found.reason


def test_a_redirect_that_leads_back_is_a_failure():
    back = answered(302, Location="/a/0.html#top", meta={"redirect_urls": ["http://www.ceshi.gov.example/a/0.html"]})
    assert (back.outcome, back.phase, back.reason) == (
        "failed",
        "redirect",
        "redirect loop: http://www.ceshi.gov.example/a/0.html leads back to itself",
    )
    chain = {"redirect_urls": [f"http://www.ceshi.gov.example/{n}" for n in range(MOST_REDIRECTS)]}
    assert "more than 10 redirects" in answered(302, Location="/on", meta=chain).reason


def test_a_cookie_is_brought_once_where_the_site_file_allows_it():
    cookie = {"Location": URL, "Set_Cookie": "CT6T=1"}
    assert "cookies = true" in answered(302, **cookie).reason
    assert answered(302, **cookie, cookies=True).outcome == "redirected"
    assert answered(302, **cookie, cookies=True, meta={"redirect_urls": [URL]}).outcome == "failed"


@given(
    st.binary(max_size=60),
    st.sampled_from([200, 301, 302, 307, 304, 404]),
    st.sampled_from(["Location", "Content-Type", "Content-Encoding", "Set-Cookie"]),
)
def test_any_header_gives_a_capture(value, status, name):
    value = value.replace(b"\r", b"").replace(b"\n", b"")
    assert answered(status, b"<html></html>", **{name: value}).outcome


def test_what_is_cancelled_for_its_size_says_so():
    found = from_failure(Request(URL), DownloadCancelledError(), "ceshi")
    assert (found.outcome, found.truncated, found.reason) == ("failed", "length", "the body is larger than may be downloaded")


@pytest.mark.parametrize("unit", [b"<", b" ", b"<div>", b"<script", b"<html", "通知".encode(), b"\x1f\x8b", b"&nbsp;", b'{"'])
def test_a_body_of_the_largest_size_takes_time_in_proportion(unit):
    """It is judged on the event loop: sixteen times the bytes, sixteen times the time at most, with room for noise."""
    assert _seconds(unit, 32 * MIB) < 64 * max(_seconds(unit, 2 * MIB), 0.002)


def _seconds(unit, size):
    body = unit * (size // len(unit))
    began = process_time()
    answered(200, body, Content_Type="text/html")
    return process_time() - began
