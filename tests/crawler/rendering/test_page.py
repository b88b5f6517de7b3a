"""What the scripts of a page may ask for; the browser is a stand-in here, `test_browser` has a real one."""

import asyncio
from types import SimpleNamespace

import pytest
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, TextResponse

pytest.importorskip("playwright")
from crawler.rendering import page as module
from crawler.rendering.page import Load

SITE = "http://www.lanyu.gov.example"
DOCUMENT = HtmlResponse(f"{SITE}/tzgg/", body=b"<div id=app></div>", headers={"Content-Type": "text/html", "Set-Cookie": "a=1"})


class Route:
    """Notes how a request was answered."""

    def __init__(self, url, kind="fetch", method="GET", body=None, headers=(), *, navigation=False):
        frame = SimpleNamespace(parent_frame=None)
        self.request = SimpleNamespace(
            url=url,
            resource_type=kind,
            method=method,
            post_data_buffer=body,
            headers=dict(headers),
            frame=frame,
            is_navigation_request=lambda: navigation,
        )
        self.answer = None

    async def fulfill(self, **answer):
        self.answer = answer

    async def abort(self, reason):
        self.answer = reason


class Web:
    """Stands for the crawl's own stack."""

    def __init__(self, answer=None):
        self.sent, self.answer = [], answer

    async def ask(self, request):
        self.sent.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or TextResponse(request.url, body=b"{}", headers={"Content-Type": "application/json", "X-Total": "9"})


def load(web):
    return Load(DOCUMENT, frozenset({"www.lanyu.gov.example", "api.lanyu.gov.example"}), web.ask, (OSError,), {}, 1 << 20)


def answered(found, *routes):
    async def run():
        for route in routes:
            await found.answer(route)

    asyncio.run(run())
    return [route.answer for route in routes]


def test_the_document_is_the_answer_that_came_already_and_the_page_stays():
    web = Web()
    found = load(web)
    first, second = answered(
        found, Route(f"{SITE}/tzgg/", "document", navigation=True), Route("http://127.0.0.2/", "document", navigation=True)
    )
    assert (first["body"], first["headers"]) == (DOCUMENT.body, {"Content-Type": "text/html"})  # a cookie is the crawl's to keep
    assert second == "aborted"
    assert web.sent == []


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (Route("http://hm.tongji.example/hm.js", "script"), "offsite"),
        (Route("http://127.0.0.2/a", "fetch"), "offsite"),
        (Route("http://169.254.169.254/latest/meta-data/", "xhr"), "offsite"),
        (Route(f"{SITE}/logo.png", "image"), "unneeded"),
        (Route(f"{SITE}/a.woff2", "font"), "unneeded"),
        (Route(f"{SITE}/events", "eventsource"), "unneeded"),
        (Route(f"{SITE}/beacon", "ping", "POST"), "unneeded"),
        (Route(f"{SITE}/api/list", "fetch", "DELETE"), "unneeded"),
        (Route(f"{SITE}/module/visitcount/visit.jsp?id=1", "xhr"), "counter"),
    ],
)
def test_what_brings_no_list_is_not_sent(route, why):
    web = Web()
    found = load(web)
    assert answered(found, route) == ["blockedbyclient"]
    assert dict(found.refused) == {why: 1}
    assert web.sent == []


def test_a_request_goes_through_the_stack_with_the_scripts_own_headers_and_none_of_the_browsers():
    web = Web()
    headers = {"content-type": "application/json", "x-token": "t", "user-agent": "Mozilla/5.0", "cookie": "a=1", "sec-ch-ua": "Chromium"}
    (answer,) = answered(load(web), Route("http://api.lanyu.gov.example/list", "xhr", "POST", b'{"page":1}', headers))
    (sent,) = web.sent
    assert {name.decode(): value[0].decode() for name, value in sent.headers.items()} == {
        "Content-Type": "application/json",
        "X-Token": "t",
        "Origin": SITE,
        "Referer": f"{SITE}/tzgg/",
    }
    assert (sent.method, sent.body, sent.meta["role"]) == ("POST", b'{"page":1}', "other")
    assert answer == {"status": 200, "headers": {"Content-Type": "application/json", "X-Total": "9"}, "body": b"{}"}


def test_a_style_sheet_is_answered_empty_since_loaders_wait_for_it():
    web = Web()
    (answer,) = answered(load(web), Route(f"{SITE}/app.css", "stylesheet"))
    assert (answer["status"], answer["body"], web.sent) == (200, "", [])


def test_requests_are_bounded_and_scripts_asked_for_once(monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    web = Web()
    found = load(web)
    script = f"{SITE}/app.js"
    urls = [script, script, f"{SITE}/api?1", f"{SITE}/api?2", script]
    answers = answered(found, *(Route(url, "script" if url == script else "fetch") for url in urls))
    assert [request.url for request in web.sent] == [script, f"{SITE}/api?1"]
    assert [isinstance(answer, dict) for answer in answers] == [True, True, True, False, True]
    assert found.refused["limit"] == 1


def test_a_refusal_is_told_from_a_failure():
    refused, failed, broken = (
        load(Web(answer))
        for answer in (IgnoreRequest("Forbidden by robots.txt"), OSError("connection lost"), TextResponse(SITE, 503, body=b"busy"))
    )
    for found in (refused, failed, broken):
        answered(found, Route(f"{SITE}/api", "fetch"))
    assert (dict(refused.refused), refused.failed) == ({"robots": 1}, [])
    assert failed.failed == [f"{SITE}/api: connection lost"]
    assert broken.failed == [f"{SITE}/api: HTTP 503"]
