"""What a spider is told of earlier runs, and which notices are looked at again by age."""

from datetime import UTC, datetime, timedelta

import pytest

from archive.store import Archive
from cleaners import clean
from cleaners.records import Capture, Entry
from crawler.history import ArchiveHistory
from spiders.paging import Next

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOST = "http://www.ceshi.gov.example"


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as opened:
        opened.keep_site("ceshi", channels=[("通知", f"{HOST}/tz/", "daily")])
        yield opened


def keep(archive, path, outcome="ok", role="notice", when=FIRST):
    kept = archive.add(
        Capture("ceshi", HOST + path, when, 200, (), "<p>各科室：请按时完成测试工作。</p>".encode(), outcome=outcome, role=role)
    )
    if outcome == "ok" and role == "notice":
        archive.read(kept, clean(kept), fingerprint="sha256:test")
    return kept


def test_known_are_pages_that_came_and_pages_that_moved(archive):
    keep(archive, "/1")
    keep(archive, "/2", "redirected")
    keep(archive, "/3", "failed")
    urls = [HOST + path for path in ("/1", "/2", "/3", "/4")]
    assert ArchiveHistory(archive, "ceshi").known(urls) == frozenset(urls[:2])


def test_due_follows_the_wish(archive):
    keep(archive, "/1")
    later = FIRST + 2 * DAY
    assert ArchiveHistory(archive, "ceshi", "due").due(later) == (HOST + "/1",)
    assert ArchiveHistory(archive, "ceshi", "due").due(FIRST + DAY / 2) == ()
    assert ArchiveHistory(archive, "ceshi", "all").due(FIRST + DAY / 2) == (HOST + "/1",)
    assert ArchiveHistory(archive, "ceshi", "none").due(later) == ()


def test_a_recheck_knows_what_the_list_said(archive):
    run = archive.start_run("ceshi")
    entry = Entry(HOST + "/1", "关于测试的通知", FIRST.date(), "通知")
    archive.list_entries(run, "ceshi", "通知", [entry])
    history = ArchiveHistory(archive, "ceshi")
    assert history.listed(HOST + "/1") == entry
    assert history.listed(HOST + "/2") is None
    assert [one.url for one in history.pending()] == [HOST + "/1"]


def test_a_chain_goes_on_where_it_broke(archive):
    point = Next(HOST + "/tz/", "POST", b"page=3", (("X-Requested-With", "XMLHttpRequest"),))
    archive.end_channel(archive.start_run("ceshi"), "ceshi", "通知", complete=False, resume=point)
    assert ArchiveHistory(archive, "ceshi").resume_point("通知") == point
    assert ArchiveHistory(archive, "ceshi").resume_point("没有") is None


def test_attachments_that_never_came_are_missing_until_they_do(archive):
    body = "<div class='TRS_Editor'><p>各科室：请按时完成测试工作，附件一并报送。</p><p><a href='/f.xlsx'>测试项目表.xlsx</a></p></div>"
    kept = archive.add(Capture("ceshi", HOST + "/1", FIRST, 200, (("Content-Type", "text/html; charset=utf-8"),), body.encode()))
    notice = clean(kept)
    archive.read(kept, notice, fingerprint="sha256:test")
    history = ArchiveHistory(archive, "ceshi")
    assert history.missing_files() == ((HOST + "/f.xlsx", HOST + "/1"),)
    keep(archive, "/f.xlsx", "missing", "attachment")
    assert history.missing_files() == ()
