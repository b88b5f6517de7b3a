"""Whatever the crawler and the cleaners say of a capture, a run or a remark, a reader of the Chinese pages reads in Chinese.

Every reason is made by the code that makes it in a crawl, so that a new wording there shows here.
"""

from __future__ import annotations

import ast
import gzip
import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL.SSL import Error as TlsError
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError, DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.utils._download_handlers import get_maxsize_msg
from twisted.internet import error as twisted
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from archive.browse.page import Page
from archive.browse.words import words
from cleaners.attachments import read_here
from cleaners.clean import clean
from cleaners.records import Capture
from crawler.exchanges.challenge import classify, signatures
from crawler.exchanges.damage import broken_off, cut_short, left_over
from crawler.exchanges.exchange import MOST_REDIRECTS, from_failure
from crawler.exchanges.transfer import decode_transfer
from crawler.identity import contradictions
from crawler.manners.hosts import Hosts
from crawler.manners.never import rules
from crawler.monitor import Tally, verdict
from crawler.network.addresses import refuse_url
from crawler.network.tls import FAULTS, explain
from crawler.network.wire import HeadersTooLongError
from spiders.site import Channel, Expect, Site
from spiders.walk import End

ROOT = Path(__file__).parents[3]
PATTERNS = tomllib.loads((ROOT / "archive/browse/words.toml").read_text("utf-8"))["reasons"]
URL = "http://www.yunxi.gov.example/tzgg/1.html"
HTML = (("Content-Type", "text/html; charset=utf-8"),)


def said(reason: str) -> str:
    """Give the Chinese of a reason; fails where English sentences are left of it (two words of small letters in a row)."""
    text = words("zh").reason(reason)
    assert text != reason
    assert re.search("[一-鿿]", text)
    assert not re.search(r"[a-z]{2,} [a-z]{2,}", re.sub(r"robots\.txt|dibao probe", "", text)), text
    return text


def packed(plain: bytes) -> bytes:
    """Compress, the same way at any time: what tests are called must not depend on the clock."""
    return gzip.compress(plain, mtime=0)


def answer(status: int | None, body: str = "", **values) -> Capture:
    return Capture("yunxi", URL, datetime(2026, 3, 1, tzinfo=UTC), status, HTML, body.encode(), **values)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 410, 412, 418, 429, 451, 500, 502, 503, 504, 521, 599, 302])
def test_every_status_that_is_no_success(status):
    assert str(status) in said(classify(answer(status)).reason)


@pytest.mark.parametrize(
    "capture",
    [
        answer(200),
        answer(200, "<title>页面不存在</title><p>您访问的页面不存在</p>"),
        answer(200, "<script>location='/x'</script>"),
        answer(302, redirected_to="http://www.yunxi.gov.example/"),
        answer(302, redirected_to="http://www.yunxi.gov.example/404.html"),
    ],
)
def test_what_is_not_content(capture):
    said(classify(capture).reason)


@pytest.mark.parametrize(
    "name",
    sorted({one.id for one in (*signatures().firewalls, *signatures().errors)} | {"js_stub", "script_shell", "sends_on", "empty_page"}),
)
def test_every_signature_has_a_name(name):
    assert words("zh").knows("signatures", name)
    assert said(f"{name} (HTTP 412)") == words("zh").word("signatures", name) + "（HTTP 412）"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "ftp://a.gov.example/",
        "http://a@b.gov.example/",
        "http://intranet/",
        "http://a.local/",
        "http://[::1]/",
        "http://[/",
    ],
)
def test_every_refused_address(url):
    said(refuse_url(url))


@pytest.mark.parametrize(
    "error",
    [
        IgnoreRequest("Forbidden by robots.txt"),
        IgnoreRequest("robots.txt could not be read (HTTP 503), so nothing else is asked for"),
        IgnoreRequest("robots.txt could not be read (DNS lookup failed: no results.), so nothing else is asked for"),
        IgnoreRequest("offsite: http://b.gov.example/ is on no host of the site yunxi"),
        CannotResolveHostError(str(twisted.DNSLookupError("no results for hostname lookup: www.yunxi.gov.example"))),
        twisted.ConnectionRefusedError(111, "Connection refused"),
        twisted.TCPTimedOutError(110, "Connection timed out"),
        twisted.NoRouteError(113, "No route to host"),
        twisted.ConnectError(101, "Network is unreachable"),
        twisted.ConnectionLost(),
        twisted.ConnectionDone(),
        DownloadTimeoutError(f"Getting {URL} took longer than 60.0 seconds."),
        DownloadTimeoutError(str(twisted.TimeoutError("Getting it took longer than 60 s"))),
        DownloadFailedError(str(ResponseFailed([Failure(twisted.ConnectionLost("Connection to the other side was lost"))]))),
        DownloadFailedError(str(ResponseFailed([Failure(twisted.ConnectionDone())]))),
        DownloadFailedError(str(ResponseFailed([Failure(TlsError([("SSL routines", "", "unsupported protocol")]))]))),
        DownloadCancelledError(get_maxsize_msg(40_000_000, 33_554_432, Request(URL), expected=True)),
        DownloadCancelledError(get_maxsize_msg(40_000_000, 33_554_432, Request(URL), expected=False)),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_failure_without_an_answer(error):
    capture = from_failure(Request(URL), error, "yunxi")
    if "SSL" in capture.reason:
        assert words("zh").reason(capture.reason) == "加密连接没有建立（unsupported protocol）"
    else:
        said(capture.reason)
    assert words("zh").knows("phases", capture.phase)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.reason)
def test_every_kind_of_address_that_is_never_asked_for(rule):
    said(f"never asked for: {rule.reason}")


def test_a_handshake_that_failed():
    error = "[('SSL routines', '', 'unsupported protocol')]"
    said = words("zh").reason(explain("www.yunxi.gov.example", {}, error))
    assert said == '与 www.yunxi.gov.example 的加密连接没有建立（unsupported protocol）；站点文件里写 tls = "legacy" 才使用旧协议和旧算法'
    assert words("zh").reason(explain("a.example", {"level": "legacy"}, error)) == "与 a.example 的加密连接没有建立（unsupported protocol）"


@pytest.mark.parametrize("fault", [*FAULTS.values(), "certificate is not for www.yunxi.gov.example", "OpenSSL verification error 99"])
def test_every_fault_of_a_certificate(fault):
    assert fault not in said(explain("www.yunxi.gov.example", {"fault": fault}, ""))


@pytest.mark.parametrize(
    "closed", ["daily budget of 2000 requests reached", "outside the crawl window 22:00-06:00 (Asia/Shanghai)", "shutdown", "dropped"]
)
def test_every_end_of_a_run_that_its_manners_ask_for(closed):
    outcome, reason = verdict(site(), Tally(ended={"最新消息": (True, "last_page")}), closed, {})
    assert outcome == "incomplete"
    assert said(reason).startswith("中途停止：")


@pytest.mark.parametrize(
    ("wire", "coding"),
    [
        (b"plain", "gzip"), (packed(b"x" * 99)[:-9], "gzip"), (packed(b"x")[:3] + b"\xff" * 20, "gzip"), (b"x", "secret"),
        (packed(b"x" * 2000), "gzip"), (packed(b"x"), ""), (packed(packed(b"x")), "gzip"),
        (packed(b"x") + b"y", "gzip"), (packed(b"") * 2000, "gzip"), (b"x", "gzip, gzip, gzip, gzip"),
    ],
)  # fmt: skip
def test_every_damage_of_a_transfer(wire, coding):
    transfer = decode_transfer(wire, coding, 1000)
    said(transfer.damaged or transfer.note)


@pytest.mark.parametrize(
    "reason",
    [
        left_over(3), broken_off(b"<html>"), broken_off(b"%PDF-1"), broken_off(b"PK\x03\x04"), broken_off(b"<p"), broken_off(b"{"),
        cut_short(answer(200, "<html>x"), None, ""), cut_short(answer(200, "<html>x"), answer(200, "<html></html>"), ""),
        "redirect loop: http://a.example/1.html leads back to itself", f"redirect loop: more than {MOST_REDIRECTS} redirects",
        "redirect loop: it sets a cookie and comes again (cookies = true in the site file allows it)",
        "the body is larger than may be downloaded", str(HeadersTooLongError()), refuse_url("http://a.gov.example:22/"),
    ],
)  # fmt: skip
def test_every_damage_that_no_coding_tells(reason):
    said(reason)


@pytest.mark.parametrize("end", End)
def test_every_end_of_a_channel(end):
    tally = Tally(ended={"最新消息": (False, str(end))}, listed={"最新消息": 20})
    outcome, reason = verdict(site(), tally, "finished", {})
    assert outcome == "incomplete"
    assert said(reason).startswith("栏目“最新消息”：")


def site() -> Site:
    channel = Channel(name="最新消息", url="http://www.yunxi.gov.example/zxxx/")
    return Site(
        name="yunxi", title="云溪县人民政府", homepage="http://www.yunxi.gov.example/", level="county", family="trs", frequency="daily",
        division_code="990124", channels=(channel,), expect=Expect(min_entries=10),
    )  # fmt: skip


@pytest.mark.parametrize("closed", ["shutdown", "cancelled", "dropped", "closespider_pagecount"])
def test_a_run_that_was_stopped_says_all_that_was_left(closed):
    hosts = Hosts(patience=1)
    hosts.note(classify(answer(412)))
    hosts.note(replace(answer(None, outcome="failed", reason="empty body"), url="http://img.yunxi.gov.example/a.jpg"))
    hosts.stop("b.gov.example", "b.gov.example asks to be left alone for 900 s")
    tally = Tally(unread=2, failing={("GET", str(number)) for number in range(3)}, listed={"最新消息": 20})
    text = said(verdict(site(), tally, closed, hosts.stopped)[1])
    assert text.count("；") == 6


def test_what_waits_for_the_next_run_and_notices_of_another_site():
    ended = {"最新消息": (True, "last_page")}
    assert said(verdict(site(), Tally(ended=ended), "finished", {}, waiting=18)[1]) == "还有 18 个请求留给下一次采集"
    tally = Tally(ended=ended)
    other = site().model_copy(update={"expect": Expect(site_name="云溪县人民政府")})
    for name, code in (("云岭县人民政府", ""), ("", "9902000001")):
        tally.identify(contradictions(other, name, code))
    assert said(verdict(other, tally, "finished", {})[1]).count("2 篇通知中有 1 篇") == 2


@pytest.mark.parametrize("trouble", ["database or disk is full", "disk I/O error", "attempt to write a readonly database"])
def test_an_archive_that_could_not_be_written(trouble):
    stopped = f"/tmp/archive.db: {trouble}; nothing of this step was kept, try it again"
    assert said(verdict(site(), Tally(ended={"最新消息": (True, "last_page")}), stopped, {})[1]).startswith("中途停止：/tmp/archive.db：")


def test_a_list_that_fell_short_and_one_that_never_came():
    assert "至少应有 10 条" in said(verdict(site(), Tally(listed={"最新消息": 3}), "finished", {})[1])
    tally = Tally(ended={"最新消息": (False, "failed")}, listed={"最新消息": 20})
    tally.add(answer(500, role="listing", outcome="failed", reason="HTTP 500; compressed twice"))
    assert said(verdict(site(), tally, "finished", {})[1]).startswith("栏目“最新消息”：没有取到")


@pytest.mark.parametrize(
    "reason",
    [
        "killed",
        "the run did not begin",
        "as read",
        "connection refused",
        "the last pages could not be kept; they are asked for again by the next run",
    ],
)
def test_what_the_archive_itself_says(reason):
    said(reason)


def test_the_evidence_of_flags():
    rows = "".join(f"<li><a href='/{number}.html'>第{number}条消息的标题很长</a></li>" for number in range(30))
    for page in ("<div class='TRS_Editor'><img src='a.png'></div>", f"<ul>{rows}</ul>"):
        notice = clean(answer(200, f"<html><body>{page}</body></html>"))
        counted = [proof.snippet for flag, proof in notice.evidence.items() if flag in {"image_only", "listing"}]
        assert counted
        assert all(said(snippet) for snippet in counted)


def reasons_of_files():
    """Every reason that stands in the source of the readers of files; what is filled in is a 7."""
    for path in sorted((ROOT / "cleaners/attachments").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                named = [keyword.value for keyword in node.keywords if keyword.arg == "reason"]
                raised = node.args[:1] if getattr(node.func, "id", "") in {"FileError", "damaged", "unsupported"} else []
                yield from filter(None, map(_text, (*named, *raised)))


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


@pytest.mark.parametrize("reason", sorted({f"{reason.rstrip('.')}." for reason in reasons_of_files()} - {"7."}))
def test_what_the_readers_of_files_say(reason):
    said(reason)


def test_several_sentences_of_a_reader_of_files_are_each_put_into_chinese():
    page = Page(None, SimpleNamespace(args={}), None)
    reason = "Pages 3-5, 8 of 12 are without text: pip install 'dibao[ocr]' and ask for OCR of so many pages (ocr_pages). Its end is missing: fetch the file again."
    assert (
        page.file_reason(reason) == "共 12 页，第 3-5, 8 页是图片，没有文字：可用文字识别（OCR）读出。文件的末尾缺失或已损坏：请重新采集。"
    )
    found = read_here(b"7z\xbc\xaf\x27\x1c" + bytes(99), name="a.7z")
    assert page.file_reason(found.reason) == "这是 7z 压缩包，不能读：请解压后导入其中的文件。"


def test_what_nobody_wrote_a_pattern_for_stands_as_it_is():
    assert words("zh").reason("something new; and more") == "something new; and more"
    assert words("zh").reason("something new; HTTP 404") == "something new；服务器答复：没有这一页（HTTP 404）"
    assert words("en").reason("HTTP 404") == "HTTP 404"
    assert words("zh").reason("") == ""


@given(
    st.text()
    | st.lists(st.sampled_from(["channel ", ": ", "; ", "(", ")", "failed", "{reason}", "%s", "[<twisted", "x", "\n"])).map("".join)
)
def test_any_text_gives_a_text(text):
    assert isinstance(words("zh").reason(text), str)


@pytest.mark.parametrize(
    "piece", ["channel a: ", "; ", "(", "robots.txt could not be read (", "[<twisted.python.failure.Failure a: ", ">, <", "1"]
)
def test_hostile_texts_take_no_time(piece):
    """A pattern that looks at characters again and again would take minutes here."""
    for text in (piece * (8000 // len(piece)), piece * 300 + "\n"):
        words("zh").reason(text)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_names_what_its_chinese_uses(pattern):
    assert set(re.findall(r"\{(\w+)\}", PATTERNS[pattern])) == set(re.compile(pattern).groupindex)
