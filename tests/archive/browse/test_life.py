"""What a reader sees of a notice's life on the web."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from archive.browse.serve import datasette
from archive.store import Archive
from cleaners.records import Capture, Entry, Notice, Paragraph

HOST = "http://www.yunxi.gov.example"
START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def seen(archive, path, hours, outcome="ok", text="各乡镇：请按时报送。", **more):
    body = f"{path}{hours}".encode() if outcome == "ok" else b""
    kept = archive.add(Capture("yunxi", HOST + path, START + timedelta(hours=hours), 200, (), body, outcome=outcome, **more))
    if outcome == "ok":
        return archive.read(kept, Notice(title=f"通知{path}", paragraphs=(Paragraph(text),)), fingerprint="f").notice
    return ""


@pytest.fixture
def ask(tmp_path):
    """Give a function that asks for a page of an archive in which a page was taken down, one moved and one left the list."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.keep_site("yunxi", title="云溪县人民政府", channels=[("通知公告", f"{HOST}/tz/", "daily")])
        notice = seen(archive, "/1", 0)
        for hours in (24, 25, 72):
            seen(archive, "/1", hours, "missing")
        other = seen(archive, "/2", 0)
        seen(archive, "/2", 24, text="各乡镇：请于月底前报送。")
        seen(archive, "/2", 48, "redirected", redirected_to=f"{HOST}/neu/2")
        for shown in ((1, 2), (2,)):
            run = archive.start_run("yunxi")
            archive.list_entries(run, "yunxi", "通知公告", [Entry(f"{HOST}/{number}") for number in shown])
            archive.end_channel(run, "yunxi", "通知公告", complete=True, full=True)
            archive.end_run(run, "complete")
    served = datasette(tmp_path / "a.db")
    paths = {"notice": f"/notice/{notice}", "other": f"/notice/{other}"}

    def get(path, **params):
        response = asyncio.run(served.client.get(paths.get(path, path), params=params))
        return response.status_code, response.text

    return get


def test_a_page_that_is_gone_says_since_when_and_how_sure_that_is(ask):
    _, text = ask("notice")
    told = "最后一次可访问 2026-03-02 08:00:00，首次找不到（404） 2026-03-03 08:00:00，2026-03-05 08:00:00 确认下线（3 次失败，48 小时）"
    assert told in text
    assert text.count("依据 3</a>") == 1  # every failure is evidence, and can be looked at
    assert "不再列出" in text
    assert "confirmed gone 2026-03-05 08:00:00 (3 failures, 48 hours)" in ask("notice", lang="en")[1]


def test_a_page_that_moved_says_where_to(ask):
    _, text = ask("other")
    assert f"{HOST}/neu/2" in text
    assert "改动，最近核实" in text


def test_the_timeline_tells_everything_newest_first_and_can_be_narrowed(ask):
    _, text = ask("/events")
    words = ("列表不再列出", "确认下线", "已迁移", "待确认下线", "标题或正文有改动", "首次收录")
    shown = [text.index(f">{word}</span>") for word in words]
    assert shown == sorted(shown)
    _, text = ask("/events", kind="gone", site="yunxi")
    assert ">确认下线</span>" in text
    assert ">首次收录</span>" not in text
    assert "没有动态" in ask("/events", kind="outage")[1]


def test_older_events_follow_and_a_wrong_question_is_told(ask):
    _, text = ask("/events", before="2026-03-03T08:00:00+08:00")
    assert ">首次收录</span>" in text
    assert ">确认下线</span>" not in text
    for wrong in ({"kind": "vanished"}, {"before": "gestern"}, {"before": "2026-03-03"}):
        assert ask("/events", **wrong)[0] == 400


def test_sites_count_notices_by_state(ask):
    _, text = ask("/sites")
    assert "已下线 1" in text
    assert "已迁移 1" in text
