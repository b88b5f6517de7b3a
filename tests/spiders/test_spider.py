"""The spider: driven by hand over a small web in memory, and once by Scrapy over loopback."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from cleaners.records import Capture, Entry
from spiders.history import History, MemoryHistory
from spiders.loader import spider_class
from spiders.paging import Next
from spiders.site import parse_site
from spiders.spider import ChannelEnd, Fetched, Listed, SiteSpider

HOME = "https://www.hewan.gov.example/"
TOP = HOME + "tzgg/"
Web = dict[str, bytes | int | Exception]


def site(**changes: Any) -> type[SiteSpider]:
    table = {"title": "河湾市", "homepage": HOME, "level": "central", "channels": [{"name": "通知公告", "url": TOP}]}
    return spider_class(parse_site({**table, **changes}, "hewan"))


def notice_url(number: int) -> str:
    return f"{TOP}202405/t202405{number % 28 + 1:02}_{number}.html"


def list_page(numbers: list[int], total: int, current: int) -> bytes:
    rows = "".join(
        f"<li><a href='{notice_url(number)}'>河湾市人民政府关于第{number}号事项的通知</a><span>2024-05-{number % 28 + 1:02}</span></li>"
        for number in numbers
    )
    return f"<html><body><ul class='list'>{rows}</ul><script>createPageHTML({total}, {current}, 'index', 'html')</script></body></html>".encode()


def web(count: int = 20, per_page: int = 5) -> Web:
    """A TRS column of `count` notices, the newest first."""
    numbers = list(range(count, 0, -1))
    total = -(-count // per_page)
    pages: Web = {notice_url(number): b"<p>text</p>" for number in numbers}
    for current in range(total):
        name = f"index_{current}.html" if current else ""
        pages[TOP + name] = list_page(numbers[current * per_page : (current + 1) * per_page], total, current)
    return pages


def answer(request: Request, found: bytes | int | Exception) -> list[Any]:
    """Give a spider's answer to what a request brings."""
    if isinstance(found, Exception):
        failure = Failure(found)
        failure.request = request  # type: ignore[attr-defined]
        return list(request.errback(failure) or ())
    status, body = (200, found) if isinstance(found, bytes) else (found, b"")
    return called(request, HtmlResponse(request.url, status=status, body=body, request=request))


def called(request: Request, response: Response) -> list[Any]:
    """Give all that a request's callback yields, whichever way it does."""
    answers = request.callback(response, **request.cb_kwargs)

    async def gather() -> list[Any]:
        return [record async for record in answers]

    return asyncio.run(gather()) if isinstance(answers, AsyncIterator) else list(answers)


def crawl(spider: SiteSpider, pages: Web) -> tuple[list[Any], list[str]]:
    """Run a spider over a web in memory as Scrapy does; give the records and the addresses asked for."""

    async def begin() -> list[Any]:
        return [record async for record in spider.start()]

    queue, records, asked, filtered = list(asyncio.run(begin())), [], [], set()
    while queue:
        record = queue.pop(0)
        if not isinstance(record, Request):
            records.append(record)
            if isinstance(record, Listed) and isinstance(spider.history, MemoryHistory):
                spider.history.note(record.channel, record.entries)
            continue
        if record.url in filtered and not record.dont_filter:
            continue
        filtered.add(record.url)
        asked.append(record.url)
        queue += answer(record, pages.get(record.url, 404))
    return records, asked


def of(kind: type, records: list[Any]) -> list[Any]:
    return [record for record in records if isinstance(record, kind)]


def test_a_first_run_lists_and_fetches_everything():
    records, asked = crawl(site()(), web())
    assert len(of(Listed, records)) == 8  # a list of four pages that does not say how long it is, read and read again
    assert [listed.first for listed in of(Listed, records)] == [True] + 7 * [False]
    assert [fetched.capture.url for fetched in of(Fetched, records)] == [notice_url(number) for number in range(20, 0, -1)]
    assert of(ChannelEnd, records) == [ChannelEnd("通知公告", complete=True, reason="last_page", full=True)]
    assert len([url for url in asked if "/t2024" in url]) == 20


def test_entries_carry_what_the_list_says_to_the_capture():
    records, _ = crawl(site()(), web())
    entry = of(Fetched, records)[0].capture.entry
    assert (entry.title, entry.channel, str(entry.issued)) == ("河湾市人民政府关于第20号事项的通知", "通知公告", "2024-05-21")


def test_files_are_looked_at_again_beside_their_notices():
    history = MemoryHistory(files=((HOME + "f.pdf", notice_url(3)), ("https://elsewhere.example/g.pdf", notice_url(3))))
    records, asked = crawl(site()(history=history), web() | {HOME + "f.pdf": b"file"})
    assert [url for url in asked if url.endswith(".pdf")] == [HOME + "f.pdf"]
    assert [record.capture.role for record in of(Fetched, records) if record.capture.url == HOME + "f.pdf"] == ["attachment"]


def test_known_notices_are_listed_and_not_asked_for_again_unless_due():
    known = frozenset(notice_url(number) for number in range(1, 19))
    history = MemoryHistory(captured=known, recheck=(notice_url(3), "https://elsewhere.example/9.html"))
    records, _ = crawl(site()(history=history), web())
    assert {fetched.capture.url for fetched in of(Fetched, records)} == {notice_url(20), notice_url(19), notice_url(3)}
    assert len({entry.url for listed in of(Listed, records) for entry in listed.entries}) == 20


def test_what_was_listed_and_never_captured_is_asked_for():
    history = MemoryHistory(uncaptured=(Entry(HOME + "old/1.html", "旧通知", None, "通知公告"),))
    _, asked = crawl(site()(history=history), web() | {HOME + "old/1.html": b"x"})
    assert HOME + "old/1.html" in asked


def test_a_run_after_a_complete_one_does_not_read_the_whole_list():
    known = frozenset(notice_url(number) for number in range(1, 60))
    history = MemoryHistory(captured=known, complete=datetime(2024, 7, 1, tzinfo=UTC), full={"通知公告": datetime.now(UTC)})
    records, asked = crawl(site()(history=history), web(count=60))
    assert of(ChannelEnd, records) == [ChannelEnd("通知公告", complete=True, reason="all_known", full=False)]
    assert sum("index" in url or url == TOP for url in asked) < 5
    assert notice_url(60) in asked


def test_the_whole_list_is_read_again_when_asked_and_every_so_many_days():
    known = frozenset(notice_url(number) for number in range(1, 60))
    for days, full in ((0, True), (91, False)):
        walked = {"通知公告": datetime.now(UTC) - timedelta(days=days)}
        history = MemoryHistory(captured=known, complete=datetime(2024, 7, 1, tzinfo=UTC), full=walked)
        records, _ = crawl(site()(history=history, full=full), web(count=60))
        assert [end.full for end in of(ChannelEnd, records)] == [True]
        assert len({entry.url for listed in of(Listed, records) for entry in listed.entries}) == 60


@pytest.mark.parametrize("broken", [500, 412, 404, b"<p>stub</p>", ConnectionError("reset")])
def test_a_broken_list_page_is_where_the_next_run_goes_on(broken: bytes | int | Exception):
    at = Next(TOP + "index_2.html")
    records, _ = crawl(site()(), web() | {at.url: broken})
    assert [(end.complete, end.resume) for end in of(ChannelEnd, records)] == [(False, at)]
    seen = frozenset(fetched.capture.url for fetched in of(Fetched, records))
    assert len(seen) == 10
    records, asked = crawl(site()(history=MemoryHistory(captured=seen, resume={"通知公告": at})), web())
    assert asked[0] == at.url
    assert len(seen | {fetched.capture.url for fetched in of(Fetched, records)}) == 20
    assert [(end.complete, end.resume) for end in of(ChannelEnd, records)] == [(True, None)]


def test_a_challenge_in_place_of_a_list_page_is_not_read_as_one():
    spider = site()()
    request = asyncio.run(anext(spider.start()))
    capture = Capture("hewan", TOP, datetime.now(UTC), 200, (), b"", outcome="challenge")
    request.meta["capture"] = capture
    (end,) = called(request, HtmlResponse(TOP, body=web()[TOP], request=request))
    assert (end.complete, end.reason) == (False, "not_content")


def test_an_error_status_scrapy_holds_back_is_known_for_what_it_is():
    spider = site()()
    request = asyncio.run(anext(spider.start()))
    failure = Failure(HttpError(Response(TOP, status=404)))
    failure.request = request  # type: ignore[attr-defined]
    (end,) = request.errback(failure)
    assert end.reason == "missing"


def test_a_redirect_home_ends_a_list():
    spider = site()()
    pages = web()
    request = asyncio.run(anext(spider.start()))
    following = next(one for one in answer(request, pages[TOP]) if isinstance(one, Request) and one.meta["role"] == "listing")
    (end,) = called(following, HtmlResponse(HOME, body=pages[TOP], request=following))
    assert end.reason == "missing"


def test_links_to_other_hosts_are_listed_and_not_followed():
    pages = web(3)
    pages[TOP] = pages[TOP].replace(notice_url(2).encode(), b"https://www.elsewhere.example/t20240501_2.html")
    records, asked = crawl(site()(), pages)
    assert "https://www.elsewhere.example/t20240501_2.html" in [entry.url for entry in of(Listed, records)[0].entries]
    assert not [url for url in asked if "elsewhere" in url]
    _, asked = crawl(site(allow_offsite=["www.elsewhere.example"])(), pages)
    assert [url for url in asked if "elsewhere" in url]


def test_paging_by_hand_goes_by_its_template():
    pages = {TOP + f"l-{n}.html": list_page([n * 3 + 2, n * 3 + 1, n * 3], 0, 0).replace(b"createPageHTML", b"none") for n in (2, 3)}
    pages[TOP] = list_page([5, 4, 3], 0, 0)
    channel = {"name": "通知公告", "url": TOP, "paging": {"template": "l-{page}.html"}}
    records, asked = crawl(site(channels=[channel])(), pages)
    assert [url for url in asked if "t2024" not in url] == 2 * [TOP, TOP + "l-2.html", TOP + "l-3.html", TOP + "l-4.html"]
    assert of(ChannelEnd, records)[0].complete
    channel["paging"] = {"template": ""}
    _, asked = crawl(site(channels=[channel])(), web())
    assert not [url for url in asked if "index_" in url]


def test_only_the_channels_asked_for_are_read():
    channels = [{"name": "甲", "url": TOP}, {"name": "乙", "url": HOME + "yi/"}]
    records, _ = crawl(site(channels=channels)(channels="甲"), web())
    assert [end.channel for end in of(ChannelEnd, records)] == ["甲"]
    with pytest.raises(ValueError, match="丙"):
        site(channels=channels)(channels=["丙"])


def notice() -> Capture:
    return Capture("hewan", notice_url(1), datetime.now(UTC), 200, (), b"", entry=Entry(notice_url(1), channel="通知公告"))


def test_attachments_are_asked_for_as_the_site_file_says():
    request = site()().attachment_request(HOME + "a.pdf", notice())
    assert request is not None
    assert (request.meta["role"], request.meta["channel"]) == ("attachment", "通知公告")
    assert site()().attachment_request("https://elsewhere.example/a.pdf", notice()) is None
    assert site(attachments="list")().attachment_request(HOME + "a.pdf", notice()) is None


def test_the_capture_made_nearest_the_network_is_handed_on():
    spider = site()()
    request = spider.notice_request(notice_url(1))
    capture = notice()
    request.meta["capture"] = capture
    (fetched,) = request.callback(HtmlResponse(request.url, body=b"x", request=request))
    assert fetched.capture is capture


def test_memory_history_is_a_history():
    history: History = MemoryHistory(frozenset({"a"}), datetime(2024, 1, 1, tzinfo=UTC) + timedelta())
    assert history.known(["a", "b"]) == {"a"}
    assert history.resume_point("x") is None
    assert (history.pending(), history.due(datetime.now(UTC))) == ((), ())


@pytest.fixture
def served() -> Iterator[Callable[[Web], SimpleNamespace]]:
    """Serve a web of paths on a free loopback port."""
    servers = []

    def serve(pages: Web) -> SimpleNamespace:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = pages.get(self.path, 404)
                status, body = (found, b"") if isinstance(found, int) else (200, found)
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return SimpleNamespace(address=f"http://127.0.0.1:{server.server_port}/")

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


RUN = """
import json, sys
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from spiders.loader import SiteLoader
from scrapy.settings import Settings

settings = Settings({"SITE_FOLDERS": [sys.argv[1]], "SPIDER_LOADER_CLASS": SiteLoader, "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
                     "LOG_LEVEL": "WARNING", "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "HTTPERROR_ALLOW_ALL": True})
process = AsyncCrawlerProcess(settings)
crawler = process.create_crawler("hewan")
found = []
def take(item, spider, **_):
    if hasattr(item, "entries"):
        spider.history.note(item.channel, item.entries)
    found.append([type(item).__name__, getattr(item, "reason", ""), len(getattr(item, "entries", ()))])
crawler.signals.connect(take, signals.item_scraped)
process.crawl(crawler)
process.start()
print(json.dumps(found))
"""


@pytest.mark.parametrize(("missing", "reason", "notices"), [(None, "last_page", 20), ("/tzgg/index_3.html", "missing", 15)])
def test_scrapy_runs_a_site_file_over_loopback(
    tmp_path: Path, served: Callable[[Web], SimpleNamespace], missing: str | None, reason: str, notices: int
):
    pages: Web = {"/" + url.removeprefix(HOME): body.replace(HOME.encode(), b"/") for url, body in web().items() if isinstance(body, bytes)}
    pages.pop(missing or "", None)
    address = served(pages).address
    (tmp_path / "hewan.toml").write_text(
        f'title = "河湾市"\nhomepage = "{address}"\nlevel = "central"\n[[channels]]\nname = "通知公告"\nurl = "{address}tzgg/"\n', "utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::scrapy.exceptions.ScrapyDeprecationWarning", "-c", RUN, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [one for one in found if one[0] == "ChannelEnd"] == [["ChannelEnd", reason, 0]]
    assert sum(one[0] == "Fetched" for one in found) == notices
    assert "WARNING" not in done.stderr
