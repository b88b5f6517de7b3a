"""The pages in a real Chromium: nothing archived ever runs, and every page can be read on a phone, in the dark and by keyboard."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
import uvicorn

from archive.browse.serve import datasette
from archive.store import Archive
from cleaners.attachments import FileText
from cleaners.records import Attachment, Capture, Entry, Evidence, Notice, Paragraph, Picture, Removal

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PAYLOADS = Path(__file__).with_name("payloads.txt").read_text("utf-8").splitlines()

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")]


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api", reason="no playwright in this environment: pip install playwright")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Server:
    """An archive served on a free port by a thread."""

    def __init__(self, path: Path) -> None:
        self.served = datasette(path)
        self.asked: list[str] = []
        self.app = self.served.app()
        self.server = uvicorn.Server(uvicorn.Config(self.note, interface="asgi3", port=0, log_level="error", lifespan="on"))
        self.thread = Thread(target=self.server.run)
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive()
            time.sleep(0.02)
        self.url = "http://127.0.0.1:" + str(self.server.servers[0].sockets[0].getsockname()[1])

    async def note(self, scope, receive, send) -> None:
        self.asked.append(scope.get("path", ""))
        await self.app(scope, receive, send)

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.served.executor.shutdown()


@pytest.fixture(scope="module")
def server(kept) -> Iterator[Server]:
    server = Server(kept.path)
    yield server
    server.close()


def hostile(number: int, payload: str) -> tuple[Capture, Notice]:
    url = f"http://bad.gov.example/{number}?{payload}"
    raw = f"<html><head><title>{payload}</title></head><body>{payload}<div title='{payload}'>x</div></body></html>"
    capture = Capture(
        site="bad", url=url, captured_at=datetime(2026, 3, 1, tzinfo=UTC), status=200, body=raw.encode(), reason=payload, entry=Entry(url, payload),
        headers=(("Content-Type", "text/html; charset=utf-8"), ("X-Evil", payload)), vantage=payload, tls={payload: payload},
    )  # fmt: skip
    notice = Notice(
        title=payload,
        creator=payload,
        document_number=payload,
        paragraphs=(Paragraph(payload), Paragraph(payload, "heading", 1), Paragraph(payload, "row", cells=(payload, payload))),
        attachments=(Attachment(payload, payload), Attachment(f"http://bad.gov.example/f?{payload}", payload), Attachment("", payload)),
        images=(Picture(payload, payload), Picture(f"http://bad.gov.example/i?{payload}", payload)),
        parts=(payload,),
        editor=payload,
        reader=payload,
        removals=(Removal(payload, payload, (1, 0, len(payload)), payload),),
        uncleaned=f"{payload}\n{payload}\n{payload}",
        flags=(payload,),
        evidence={"creator": Evidence(payload, payload, payload, payload, ((payload, payload),)), payload: Evidence(payload, "", payload)},
        type=payload,
    )
    return capture, notice


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """Serve an archive in which every field of everything is a payload; gives the server and the paths to visit."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    paths = [
        "/",
        "/sites",
        "/runs",
        "/runs/1",
        "/search?q=canary",
        "/search?q=<script>",
        "/hostile/notices",
        "/hostile/captures",
        "/hostile/sites",
    ]
    with Archive.open(path) as archive:
        archive.keep_site("bad", PAYLOADS[0], "javascript:fetch('/canary')", PAYLOADS[1], PAYLOADS[2], PAYLOADS[3])
        run = archive.start_run("bad")
        for number, payload in enumerate(PAYLOADS):
            capture, notice = hostile(number, payload)
            first = archive.read(archive.add(capture, run), notice, fingerprint="sha256:0")
            later = replace(capture, captured_at=capture.captured_at + timedelta(days=1), body=capture.body + b"<p>more")
            second = archive.read(
                archive.add(later, run), replace(notice, creator="x", paragraphs=(Paragraph(payload + "x"),)), fingerprint="sha256:0"
            )
            file = archive.add(replace(capture, url=f"http://bad.gov.example/f?{payload}", role="attachment"), run)
            inside = FileText(payload, 1, payload, (payload,), payload, name=payload, size=1)
            archive.attach(file, replace(inside, media_type="application/zip", files=(inside,), tables=(((payload, payload),),)))
            at = 3 * number + 1
            paths += [f"/notice/{first.notice}?version={first.version}&removed=1", f"/capture/{at}/raw"]
            if number % 8 == 0:  # each shows one payload in every place, as the notice page does
                paths += [f"/notice/{first.notice}/diff?a={first.version}&b={second.version}", f"/capture/{at}"]
                paths += [f"/capture/{at + 2}/text", f"/capture/{at + 2}/text.txt"]
        archive.end_run(run, "failed", PAYLOADS[4], {PAYLOADS[5]: 1})
    server = Server(path)
    yield server, paths
    server.close()


def test_nothing_archived_ever_runs(chromium, attacked):
    server, paths = attacked
    page = chromium.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message) or dialog.dismiss())
    assert len(PAYLOADS) >= 60
    for path in paths:
        answer = page.goto(server.url + path, wait_until="load")
        assert answer.status == 200, path
        assert page.title() != "pwned", path
        assert not dialogs, path
        assert not [asked for asked in server.asked if "canary" in asked], path
        assert urlsplit(page.url).path == urlsplit(path).path, path
    page.close()


def test_the_raw_page_is_an_origin_of_its_own_and_cannot_be_framed(chromium, attacked):
    server, _ = attacked
    page = chromium.new_page()
    page.goto(server.url + "/capture/1/raw")
    assert page.evaluate("self.origin") == "null"
    page.goto("about:blank")
    page.set_content(f'<iframe src="{server.url}/"></iframe><iframe src="{server.url}/capture/1/raw"></iframe>')
    page.wait_for_timeout(300)
    assert all(not frame.url.startswith(server.url) or not frame.locator("h1").count() for frame in page.frames[1:])
    page.close()


def paths_of(kept) -> list[str]:
    a, b = kept.versions
    notice = f"/notice/{kept.notice}"
    return [
        "/", "/?lang=en", "/search?q=扶贫", "/search?q=没有的", f"{notice}?version={a}&removed=1", notice, f"{notice}/diff?a={a}&b={b}", "/capture/1",
        "/sites", "/runs", "/runs/1", "/notice/none",
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_every_page_fits_the_screen_and_can_be_read(chromium, server, kept, width, scheme):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    for path in paths_of(kept):
        page.goto(server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        assert page.evaluate(CONTRAST) == [], path
    context.close()


CONTRAST = Path(__file__).with_name("contrast.js").read_text("utf-8")


def test_pages_are_made_for_keyboard_and_screen_reader(chromium, server, kept):
    page = chromium.new_page()
    for path in paths_of(kept):
        page.goto(server.url + path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("html").get_attribute("lang") in ("zh-Hans", "en"), path
        levels = [int(level) for level in page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5')].map(h => h.tagName[1])")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), (path, levels)
        assert page.evaluate("[...document.querySelectorAll('input:not([type=hidden]),select')].every(i => i.labels.length)"), path
        assert page.evaluate("[...document.querySelectorAll('a,button')].every(a => a.textContent.trim())"), path
    page.goto(server.url + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") == 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.close()


def test_pages_ask_nothing_of_anyone_else_and_break_no_policy(chromium, server, kept):
    page = chromium.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    tables = [str(server.served.urls.table(kept.path.stem, name)) for name in ("notices", "captures")]
    for path in [*paths_of(kept)[:-1], *tables, str(server.served.urls.database(kept.path.stem))]:
        page.goto(server.url + path)
        assert not complaints, path
    assert all(url.startswith(server.url) for url in asked)
    page.close()


def test_a_reader_searches_opens_and_compares(chromium, server):
    page = chromium.new_page()
    page.goto(server.url + "/")
    page.get_by_role("searchbox").fill("扶貧 资金")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="云溪县人民政府办公室关于下达扶贫资金的通知").click()
    page.get_by_role("link", name="与上一版本比较").click()
    assert page.locator("ins").all_text_contents() == ["2026-02-28", "三", "足额", "本通知自印发之日起施行。"]
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", level=1).text_content().startswith("Difference of versions")
    page.close()


def test_a_notice_prints_as_a_document(chromium, server, kept):
    page = chromium.new_page()
    page.goto(f"{server.url}/notice/{kept.notice}")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    assert not page.locator(".actions").is_visible()
    assert page.locator(".text").is_visible()
    page.close()
