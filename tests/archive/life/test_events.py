"""The timeline: every thing that happens is told as what it is."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.life.kinds import EventKind, State
from archive.relations.passes import relate
from cleaners.records import Attachment, Capture, Entry, Notice, Paragraph
from crawler.cli import main

SITE = "https://www.linshui.gov.example"
START = datetime(2026, 3, 1, tzinfo=UTC)
FILE = Attachment(f"{SITE}/f.pdf", "附件")


class World:
    """An archive, and what is done to it, by hours since the start."""

    def __init__(self, path):
        self.archive = Archive.open(path)
        self.archive.keep_site("linshui", channels=[("通知", f"{SITE}/tz/", "daily")])

    def page(self, hours, text="各科室请按时完成。", outcome="ok", *, path="/1", run=None, fingerprint="f", **more):
        notice = Notice(
            title=more.pop("title", "通知"), paragraphs=(Paragraph(text),), attachments=more.pop("files", ()), **more.pop("parts", {})
        )
        body = f"{path}{hours}".encode() if outcome == "ok" else b""
        capture = Capture("linshui", SITE + path, START + timedelta(hours=hours), 200, (), body, outcome=outcome, **more)
        kept = self.archive.add(capture, run)
        if outcome == "ok":
            self.archive.read(kept, notice, fingerprint=fingerprint)
        return kept

    def file(self, hours, body, outcome="ok"):
        kept = self.archive.add(
            Capture("linshui", FILE.url, START + timedelta(hours=hours), 200, (), body, role="attachment", outcome=outcome)
        )
        self.archive.attach(kept)

    def kinds(self, **asked):
        return [str(event.kind) for event in self.archive.events(**asked)]


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "a.db")
    yield made
    made.archive.close()


def test_a_page_that_is_taken_down_and_comes_back(world):
    world.page(0)
    world.page(10)
    for hours in (24, 25, 48, 72):
        world.page(hours, outcome="missing")
    world.page(500)
    first, failing, gone, back = world.archive.events()
    assert [first.kind, failing.kind, gone.kind, back.kind] == ["first_seen", "failing", "gone", "reappeared"]
    assert failing.at == START + timedelta(hours=24)
    assert gone.at == START + timedelta(hours=72)
    assert gone.evidence == {
        "captures": [3, 4, 5, 6],
        "outcomes": ["missing"] * 4,
        "failures": 4,
        "last_alive": "2026-03-01T10:00:00.000000Z",
        "first_seen": "2026-03-02T00:00:00.000000Z",
        "confirmed": "2026-03-04T00:00:00.000000Z",
    }
    assert (back.evidence["was"], back.notice) == (State.GONE, first.notice)


def test_a_page_that_fails_for_a_while_was_never_gone(world):
    world.page(0)
    world.page(24, outcome="missing")
    world.page(25, outcome="soft_404")
    world.page(30)
    assert world.kinds() == ["first_seen", "failing", "recovered"]


def test_edits_are_told_by_what_they_change(world):
    world.page(0)
    world.page(24, "各科室请按时完成，不得延误。")
    world.page(48, "各科室请按时完成,不得延误。")
    world.page(72, "各科室请按时完成，不得延误。", parts={"document_number": "临政发〔2026〕3号"})
    assert world.kinds()[:4] == ["first_seen", "substantive", "cosmetic", "metadata"]
    metadata = next(event for event in world.archive.events(kinds=["metadata"]))
    assert metadata.evidence["changed"] == ["document_number"]


def test_a_file_that_was_replaced_is_told_and_one_that_came_for_the_first_time_is_not(world):
    world.page(0, files=(FILE,))
    world.file(1, b"one")
    world.file(24, b"one")
    world.file(48, b"another")
    assert world.kinds() == ["first_seen", "attachment"]
    swapped = list(world.archive.events())[1]
    assert (swapped.at, swapped.evidence["file"]) == (START + timedelta(hours=48), FILE.url)


def test_a_file_that_is_gone_is_told_with_its_notice(world):
    world.page(0, files=(FILE,))
    world.file(1, b"one")
    for hours in (24, 48, 100):
        world.file(hours, b"", "missing")
    gone = list(world.archive.events())[-1]
    assert (gone.kind, gone.url, gone.evidence["file"], gone.title) == ("gone", FILE.url, FILE.url, "通知")


def test_a_page_that_moved_a_page_that_is_blocked_and_a_redirect_to_nothing(world):
    world.page(0)
    world.page(24, outcome="blocked")
    world.page(48)
    world.page(72, outcome="redirected", redirected_to=f"{SITE}/neu/1")
    world.page(72.01, path="/neu/1")
    assert world.kinds(notice=next(world.archive.events()).notice)[:4] == ["first_seen", "blocked", "recovered", "moved"]
    moved = next(world.archive.events(kinds=["moved"]))
    assert moved.evidence["target"] == f"{SITE}/neu/1"
    world.page(100, outcome="redirected", redirected_to=f"{SITE}/neu/1")
    world.page(100.01, path="/neu/1", outcome="missing")
    with world.archive.reading() as connection:
        assert {row[0] for row in connection.execute("select state from addresses")} == {"failing"}


def test_lists_and_outages_and_takedowns(world):
    entries = [Entry(f"{SITE}/{number}", f"通知{number}", date(2026, 3, number)) for number in (3, 2, 1)]
    for shown in (entries, [entries[0], entries[2]], entries):
        run = world.archive.start_run("linshui")
        world.archive.list_entries(run, "linshui", "通知", shown)
        world.archive.end_channel(run, "linshui", "通知", complete=True, full=True)
        world.archive.end_run(run, "complete")
    left, again = world.archive.events(site="linshui")
    assert [left.kind, again.kind, left.title, left.evidence["channel"]] == ["unlisted", "relisted", "通知2", "通知"]
    run = world.archive.start_run("linshui")
    for number in range(6):
        world.page(1000 + number, outcome="failed", path=f"/aus/{number}", run=run)
    world.archive.end_run(run, "failed")
    outage = next(world.archive.events(kinds=["outage"]))
    assert (outage.evidence["failing"], outage.evidence["checked"], outage.notice) == (6, 6, "")


def test_what_our_reading_makes_anew_is_told_only_where_asked_for(world):
    kept = world.page(0)
    world.archive.read(kept, Notice(title="通知", paragraphs=(Paragraph("更好的读法。"),)), fingerprint="g")
    assert world.kinds() == ["first_seen"]
    assert world.kinds(kinds=["cleaner"]) == ["cleaner"]


def test_events_can_be_had_from_a_moment_on_and_newest_first(world):
    world.page(0)
    world.page(24, "甲")
    world.page(48, "乙")
    assert len(world.kinds(since=START + timedelta(hours=24))) == 2
    assert world.kinds(until=START + timedelta(hours=24)) == ["first_seen"]
    newest = list(world.archive.events(newest_first=True, most=2))
    assert [event.at for event in newest] == [START + timedelta(hours=48), START + timedelta(hours=24)]


def test_the_command_tells_the_same(world, tmp_path):
    world.page(0)
    for hours in (24, 48, 96):
        world.page(hours, outcome="missing")
    asked = ["events", "--db", str(tmp_path / "a.db")]
    lines = CliRunner().invoke(main, asked, catch_exceptions=False).stdout.splitlines()
    assert [line.split("\t")[1] for line in lines] == ["first_seen", "failing", "gone"]
    assert lines[2].split("\t")[-1] == "last answered 2026-03-01 08:00; first missing 2026-03-02 08:00, 3 failures over 72 hours"
    told = CliRunner().invoke(main, [*asked, "--json", "--kind", "gone", "--since", "2026-03-05"], catch_exceptions=False).stdout
    assert json.loads(told) == next(world.archive.events(kinds=[EventKind.GONE])).as_json()
    assert CliRunner().invoke(main, [*asked, "--since", "gestern"]).exit_code == 2
    assert "holds no site" in CliRunner().invoke(main, [*asked, "--site", "qinghe"]).output


@pytest.mark.parametrize(("failures", "hours", "state"), [(0, 0, "gone"), (5, 0, "failing"), (0, 100, "failing"), (2, 1, "gone")])
def test_how_sure_to_be_is_kept_with_the_archive_and_judges_what_failed_before(world, failures, hours, state):
    world.page(0)
    for hour in (24, 48, 96):
        world.page(hour, outcome="missing")
    world.archive.keep_policy(failures, hours)
    with world.archive.reading() as connection:
        assert connection.execute("select state from notices").fetchone()[0] == state


def test_several_copies_are_reposts_of_the_first_and_each_is_told_once(world):
    text = (
        "各乡镇人民政府：为做好今年防汛工作，请于五月底前完成河道清淤，逐级落实责任人，汛期二十四小时值班，险情随时报告县防汛办公室。" * 2
    )
    parts = {"creator": "青禾县人民政府办公室", "document_number": "青政办发〔2026〕7号"}
    for hours, site in ((0, "linshui"), (48, "baisha"), (96, "heshan"), (120, "nanpu")):
        url, when = f"https://www.{site}.gov.example/7", START + timedelta(hours=hours)
        kept = world.archive.add(Capture(site, url, when, 200, (), f"{hours}".encode()))
        world.archive.read(
            kept, Notice(title="关于做好防汛工作的通知", paragraphs=(Paragraph(text),), issued=when.date(), **parts), fingerprint="f"
        )
    relate(world.archive)
    first = next(iter(world.archive.events())).notice
    told = list(world.archive.events(kinds=["repost"]))
    assert [event.evidence["original"] for event in told] == [first] * 3
    assert len({event.notice for event in told}) == 3


def test_the_command_takes_the_address_of_a_page_and_says_which_notice_is_not_here(world, tmp_path):
    world.page(0)
    asked = ["events", "--db", str(tmp_path / "a.db"), "--notice"]
    assert "first_seen" in CliRunner().invoke(main, [*asked, f"{SITE}/1"]).output
    unknown = CliRunner().invoke(main, [*asked, "nosuch"])
    assert unknown.exit_code != 0
    assert "nosuch: there is no such notice" in unknown.output


@pytest.mark.parametrize("command", ["events", "export", "rebuild", "series"])
def test_a_site_that_is_not_here_is_named_with_those_that_are(world, tmp_path, command):
    world.page(0)
    told = CliRunner().invoke(main, [command, "--db", str(tmp_path / "a.db"), "--site", "qinghe"])
    assert told.exit_code != 0
    assert "holds no site 'qinghe'; it has linshui." in told.output
