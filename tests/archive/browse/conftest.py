"""A small archive with one of everything a page shows: every name, place and number in it is invented."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from archive.browse.serve import datasette
from archive.store import Archive
from cleaners.records import Attachment, Capture, Entry, Evidence, Notice, Paragraph, Removal

HOST = "http://www.yunxi.gov.example"
FINGERPRINT = "sha256:00000000000000aa"
START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"), ("Server", "nginx"))


def page(url: str, body: str = "<html><body><p>存档的网页</p></body></html>", day: int = 0, **values) -> Capture:
    values = {"site": "yunxi", "status": 200, "headers": HTML, **values}
    return Capture(url=url, captured_at=START + timedelta(days=day), body=body.encode(), **values)


def plain(title: str, *paragraphs: str, **values) -> Notice:
    return Notice(title=title, paragraphs=tuple(Paragraph(text) for text in paragraphs), **values)


UNCLEANED_LINES = (
    "当前位置：首页 > 通知公告",
    "各乡镇人民政府：",
    "一、总体安排",
    "扶贫资金分两批下达，请按时拨付。【打印】",
    "乡镇\t金额",
    "青石镇\t12万元",
    "分享到：微信 微博",
    "版权所有：云溪县人民政府办公室",
)
UNCLEANED = "\n".join(UNCLEANED_LINES)
REMOVALS = (
    Removal("breadcrumb-current", "breadcrumb", (0, 0, 14), "当前位置：首页 > 通知公告"),
    Removal("print-bracket", "print", (3, 16, 20), "【打印】"),
    Removal("share-to", "share", (6, 0, 9), "分享到：微信 微博"),
    Removal("copyright", "imprint", (7, 0, 15), "版权所有：云溪县人民政府办公室"),
)
FIRST = Notice(
    title="云溪县人民政府办公室关于下达扶贫资金的通知",
    issued=date(2026, 3, 1),
    created=date(2026, 2, 27),
    creator="云溪县人民政府办公室",
    document_number="云政办发〔2026〕7号",
    type="通知",
    script="Hans",
    paragraphs=(
        Paragraph("各乡镇人民政府："),
        Paragraph("一、总体安排", "heading", 1),
        Paragraph("扶贫资金分两批下达，请按时拨付。"),
        Paragraph("乡镇\t金额", "row", cells=("乡镇", "金额")),
        Paragraph("青石镇\t12万元", "row", cells=("青石镇", "12万元")),
    ),
    attachments=(Attachment(f"{HOST}/files/plan.pdf", "资金分配表", "application/pdf"),),
    removals=REMOVALS,
    uncleaned=UNCLEANED,
    flags=("date_conflict",),
    evidence={
        "issued": Evidence("2026-03-01", "day", "发布日期：2026-03-01", "label", (("2026-02-28", "meta:PubDate"),)),
        "document_number": Evidence("云政办发〔2026〕7号", "", "发文字号 云政办发〔2026〕7号", "table"),
    },
)
SECOND = replace(
    FIRST,
    paragraphs=(
        *FIRST.paragraphs[:2],
        Paragraph("扶贫资金分三批下达，请按时足额拨付。"),
        *FIRST.paragraphs[3:],
        Paragraph("本通知自印发之日起施行。"),
    ),
    removals=(),
    uncleaned="",
    created=date(2026, 2, 28),
)


@dataclass
class Kept:
    """The file and the names the tests ask for."""

    path: Path
    notice: str = ""
    versions: list[int] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)


def _story(archive: Archive, kept: Kept) -> None:
    archive.keep_site("yunxi", "云溪县人民政府", HOST + "/", "county", "990124", "trs", [("通知公告", HOST + "/tzgg/", "daily")])
    archive.keep_site("heping", "和平市人民政府", "http://www.heping.gov.example/", "city", "990200", "vsb")
    run = archive.start_run("yunxi")
    url = HOST + "/tzgg/2026/03/t20260301_7.html"
    for day, notice in ((0, FIRST), (1, SECOND)):
        capture = archive.add(page(url, f"<p>扶贫资金 {day}</p>", day, entry=Entry(url, FIRST.title or "")), run)
        change = archive.read(capture, notice, fingerprint=FINGERPRINT)
        kept.notice = change.notice
        kept.versions.append(change.version or 0)
    twin = archive.add(page("http://m.yunxi.gov.example/tzgg/2026/03/t20260301_7.html", "<p>手机版</p>", 1), run)
    archive.read(twin, replace(SECOND, title="关于下达扶贫资金的通知"), fingerprint=FINGERPRINT, principal=(url, "twin"))
    file = replace(
        page(f"{HOST}/files/plan.pdf", "%PDF-1.4 invented", 1), role="attachment", headers=(("Content-Type", "application/pdf"),)
    )
    archive.attach(archive.add(file, run))
    archive.add(page(url, "<h1>404</h1>", 2, status=404, outcome="missing", reason="HTTP 404"), run)
    archive.add(page(url, "", 3, status=None, headers=(), outcome="failed", reason="connection refused", phase="connect"), run)
    archive.end_run(run, "complete")


def _more(archive: Archive, kept: Kept) -> None:
    titles = ("关于召开旅游发展大会的通知", "教师招聘拟录用人员公示", "關於做好扶貧工作的公告", "春季植树活动安排")
    for number, title in enumerate(titles * 7):
        url = f"http://www.heping.gov.example/info/{number}.htm"
        notice = plain(f"{title}（{number}）", f"第{number}号文件的正文，一切从简。", issued=date(2026, 1, 1) + timedelta(days=number % 9))
        capture = archive.add(page(url, f"<p>{number}</p>", site="heping"))
        kept.ids[notice.title or ""] = archive.read(capture, notice, fingerprint=FINGERPRINT).notice


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    kept = Kept(tmp_path_factory.mktemp("archive") / "档案.db")
    with Archive.open(kept.path) as archive:
        _story(archive, kept)
        _more(archive, kept)
        # open while it is read, as a crawl would have it
        yield kept


class Reader:
    """Asks a Datasette as a visitor would, on one event loop."""

    def __init__(self, served) -> None:
        self.served = served
        self.loop = asyncio.new_event_loop()

    def get(self, path: str):
        return self.loop.run_until_complete(self.served.client.get(path))

    def text(self, path: str, status: int = 200) -> str:
        answer = self.get(path)
        assert answer.status_code == status, (path, answer.text[:500])
        return answer.text

    def close(self) -> None:
        self.served.executor.shutdown()
        self.loop.close()


@pytest.fixture(scope="session")
def reader(kept: Kept) -> Iterator[Reader]:
    reader = Reader(datasette(kept.path))
    yield reader
    reader.close()


@pytest.fixture
def read_archive() -> Iterator[Callable[[Path], Reader]]:
    """Give a way to read another archive; what it opened is closed."""
    opened: list[Reader] = []

    def read(path: Path) -> Reader:
        opened.append(Reader(datasette(path)))
        return opened[-1]

    yield read
    for reader in opened:
        reader.close()
