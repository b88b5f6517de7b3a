from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from archive import Archive
from cleaners.errors import ArchiveError
from cleaners.records import Attachment, Capture, Entry, Notice, Paragraph, Removal

SITE = "https://www.linshui.gov.example"
CHANNELS = [("通知公告", f"{SITE}/tzgg/", "daily"), ("政策文件", f"{SITE}/zcwj/", "0 6 * * 1")]


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        archive.keep_site(
            "linshui", "临水县人民政府", SITE, "county", "110000", "trs", channels=CHANNELS, definition={"title": "临水县人民政府"}
        )
        yield archive


def rows(archive, statement):
    with archive.reading() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def fetch(archive, path, outcome="ok", run=None, role="notice"):
    return archive.add(Capture("linshui", f"{SITE}/{path}", datetime.now(UTC), 200, (), path.encode(), outcome=outcome, role=role), run)


def test_a_site_is_kept_once_and_follows_its_file(archive):
    archive.keep_site("linshui", "临水县政府", channels=[("通知公告", f"{SITE}/new/", "weekly")], definition={"title": "临水县政府"})
    assert rows(archive, "select name, title from sites") == [("linshui", "临水县政府")]
    assert rows(archive, "select name, url from channels order by id") == [("通知公告", f"{SITE}/new/"), ("政策文件", f"{SITE}/zcwj/")]


def test_entries_keep_what_was_listed_and_when(archive):
    first, second = archive.start_run("linshui"), archive.start_run("linshui")
    archive.list_entries(
        first, "linshui", "通知公告", [Entry(f"{SITE}/1.html", "通知一", date(2024, 1, 1)), Entry(f"{SITE}/2.html", "通知二")]
    )
    archive.list_entries(second, "linshui", "通知公告", [Entry(f"{SITE}/1.html#x", "通知一（更正）", date(2024, 1, 2))])
    assert rows(archive, "select title, issued, first_run, last_run from entries order by id") == [
        ("通知一（更正）", "2024-01-02", first, second),
        ("通知二", None, first, first),
    ]


def test_a_channel_nobody_keeps_is_named(archive):
    with pytest.raises(ArchiveError, match="公示"):
        archive.list_entries(archive.start_run("linshui"), "linshui", "公示", [])


def test_a_run_counts_its_captures_by_outcome(archive):
    run = archive.start_run("linshui")
    fetch(archive, "1.html", run=run)
    fetch(archive, "2.html", "missing", run=run)
    archive.end_run(run, "complete")
    assert rows(archive, "select outcome, counts, ended_at is not null from runs") == [("complete", '{"missing":1,"ok":1}', 1)]


def test_history_knows_what_is_held_and_what_is_not(archive):
    run, history = archive.start_run("linshui"), archive.history("linshui")
    assert history.last_complete_run() is None
    paths = ("1.html", "2.html", "3.html", "4.html")
    archive.list_entries(run, "linshui", "通知公告", [Entry(f"{SITE}/{path}", path) for path in paths])
    fetch(archive, "1.html")
    fetch(archive, "2.html", "missing")
    fetch(archive, "3.html", "failed")
    assert history.known([f"{SITE}/{path}#x" for path in paths]) == {f"{SITE}/1.html#x"}
    assert [(entry.title, entry.channel) for entry in history.pending()] == [("3.html", "通知公告"), ("4.html", "通知公告")]
    archive.end_run(run, "failed")
    assert history.last_complete_run() is None
    archive.end_run(archive.start_run("linshui"), "complete")
    assert history.last_complete_run() is not None


def test_a_channel_goes_on_where_it_broke_off(archive):
    run, history = archive.start_run("linshui"), archive.history("linshui")
    following = SimpleNamespace(url=f"{SITE}/tzgg/list.do", method="POST", body=b"page=2\xff", headers=(("X-A", "b"),))
    archive.end_channel(run, "linshui", "通知公告", complete=False, resume=following)
    assert SimpleNamespace(**history.resume_point("通知公告")) == following
    assert history.resume_point("政策文件") is None
    archive.end_channel(run, "linshui", "通知公告", complete=True)
    assert history.resume_point("通知公告") is None


def test_history_says_when_notices_were_first_seen_and_last_checked(archive):
    first, again = datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)
    for number in range(3):
        capture = archive.add(Capture("linshui", f"{SITE}/{number}.html", first, 200, (), b"%d" % number))
        archive.read(capture, Notice(paragraphs=(Paragraph(str(number)),)), fingerprint="f")
    archive.add(Capture("linshui", f"{SITE}/0.html", again, 304, (), b"", outcome="unchanged"))
    archive.add(Capture("linshui", f"{SITE}/robots.txt", first, 200, (), b"", role="robots"))
    checked = archive.history("linshui").checked()
    assert [(at.url[-6:], at.first_seen, at.last_checked) for at in checked] == [
        ("1.html", first, first),
        ("2.html", first, first),
        ("0.html", first, again),
    ]
    assert archive.history("qinghe").checked() == ()


def test_history_knows_which_pages_moved_and_forgets_it_when_they_come_back(archive):
    url, there = f"{SITE}/1.html", f"{SITE}/new/1.html"
    archive.add(Capture("linshui", url, datetime(2024, 1, 1, tzinfo=UTC), 301, (), b"", outcome="redirected", redirected_to=there))
    history = archive.history("linshui")
    assert history.moved([url + "#top", there]) == {url + "#top"}
    archive.add(Capture("linshui", url, datetime(2024, 1, 2, tzinfo=UTC), 200, (), b"a"))
    assert history.moved([url]) == frozenset()


def test_history_gives_what_the_lists_said_of_an_address(archive):
    run = archive.start_run("linshui")
    archive.list_entries(run, "linshui", "通知公告", [Entry(f"{SITE}/1.html", "旧题", None)])
    archive.list_entries(run, "linshui", "通知公告", [Entry(f"{SITE}/1.html", "通知", date(2024, 1, 2))])
    listed = archive.history("linshui").listed(f"{SITE}/1.html#x")
    assert listed == Entry(f"{SITE}/1.html#x", "通知", date(2024, 1, 2), "通知公告")
    assert archive.history("linshui").listed(f"{SITE}/2.html") is None
    assert archive.history("qinghe").listed(f"{SITE}/1.html") is None


def test_history_gives_the_files_nobody_asked_for(archive):
    files = tuple(Attachment(f"{SITE}/{name}", name) for name in ("held.pdf", "lost.pdf", "new.pdf"))
    archive.read(fetch(archive, "1.html"), Notice(paragraphs=(Paragraph("甲"),), attachments=files), fingerprint="f")
    archive.attach(fetch(archive, "held.pdf", role="attachment"))
    fetch(archive, "lost.pdf", "missing", role="attachment")
    assert archive.history("linshui").missing_files() == ((f"{SITE}/new.pdf", f"{SITE}/1.html"),)


def test_killed_crawls_are_closed_and_others_left_alone(archive):
    archive.start_run("linshui")
    archive.end_run(archive.start_run("linshui"), "complete")
    archive.start_run("linshui", "import")
    archive.start_run("qinghe")
    assert archive.interrupt_runs("linshui") == 1
    assert rows(archive, "select outcome, reason from runs order by id") == [
        ("interrupted", "killed"),
        ("complete", ""),
        ("running", ""),
        ("running", ""),
    ]


def test_channels_have_a_clock(archive):
    when = datetime(2024, 6, 1, 6, tzinfo=UTC)
    archive.set_due("linshui", "政策文件", when)
    run = archive.start_run("linshui")
    archive.end_channel(run, "linshui", "政策文件", complete=True)
    first, second = archive.due_channels()
    assert (first.channel, first.frequency, first.next_due, first.last_started) == ("通知公告", "daily", None, None)
    assert (second.next_due, second.url, second.last_started is not None) == (when, f"{SITE}/zcwj/", True)


def test_status_counts_what_is_kept(archive):
    run = archive.start_run("linshui")
    capture = fetch(archive, "1.html", run=run)
    removals = (Removal("r", "导航", (0, 0, 2), "首页"), Removal("r", "计数", (1, 0, 2), "浏览"))
    archive.read(capture, Notice(paragraphs=(Paragraph("甲"),), removals=removals), fingerprint="f")
    fetch(archive, "2.html", "challenge", run=run)
    archive.end_run(run, "complete")
    (site,) = archive.status()
    assert (site.site, site.title, site.last_outcome) == ("linshui", "临水县人民政府", "complete")
    assert site.captures == {"ok": 1, "challenge": 1}
    assert (site.notices, site.versions, site.removals) == (1, 1, {"导航": 1, "计数": 1})
