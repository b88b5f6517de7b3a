"""The archive against a model: visits, changes, removals and cosmetic edits in any order."""

import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from archive import Archive
from archive.documents import load_notice
from archive.life.keeping import load, observations
from archive.life.states import derive
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Notice, Paragraph

START = datetime(2024, 1, 1, tzinfo=UTC)
URLS = [f"https://www.linshui.gov.example/{number}.html" for number in range(3)]


def page(url, day, body=b"", **more):
    return Capture("linshui", url, START + timedelta(days=day), more.pop("status", 200), (), body, **more)


def notice_of(text, number="", spaced=False):
    return Notice(
        title="通知", issued=date(2024, 1, 1), document_number=number or None, paragraphs=(Paragraph(text + (" " if spaced else "")),)
    )


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


def visit(archive, url, day, notice, body=None):
    capture = archive.add(page(url, day, body if body is not None else f"{url}{day}".encode()))
    return archive.read(capture, notice, fingerprint="f")


def rows(archive, statement, *values):
    with archive.reading() as connection:
        return [tuple(row) for row in connection.execute(statement, values)]


class Visits(RuleBasedStateMachine):
    """Any order of visits gives the versions a dictionary of lists says."""

    @initialize()
    def start(self):
        self.folder = Path(tempfile.mkdtemp())
        self.archive = Archive.open(self.folder / "a.db")
        self.day, self.captures = 0, 0
        self.model = {url: [] for url in URLS}

    @rule(
        url=st.sampled_from(URLS),
        text=st.sampled_from(["甲", "乙", "甲\x00丙"]),
        number=st.sampled_from(["", "临政发〔2024〕1号"]),
        spaced=st.booleans(),
    )
    def read(self, url, text, number, spaced):
        self.day += 1
        self.captures += 1
        change = visit(self.archive, url, self.day, notice_of(text, number, spaced))
        said, versions = (text, number), self.model[url]
        before = versions[-1] if versions else None
        if before == said:
            assert change.kind in {"unchanged", "cosmetic"}
        else:
            versions.append(said)
            expected = "first" if before is None else "metadata" if before[0] == text else "substantive"
            assert (change.kind, change.number) == (expected, len(versions))

    @rule(
        url=st.sampled_from(URLS),
        outcome=st.sampled_from(["missing", "gone", "soft_404", "challenge", "blocked", "unchanged", "failed", "damaged"]),
    )
    def fail(self, url, outcome):
        self.day += 1
        self.captures += 1
        self.archive.add(page(url, self.day, status=None, outcome=outcome, reason="made so"))

    @rule()
    def reopen(self):
        self.archive.close()
        self.archive = Archive.open(self.folder / "a.db")

    @invariant()
    def the_archive_says_what_the_model_says(self):
        kept = {url: [] for url in URLS}
        for url, document in rows(
            self.archive,
            "select a.url, coalesce(r.document, s.document) from versions v join addresses a on a.id = v.address"
            " join readings r on r.id = v.reading left join readings s on s.id = r.same_as where v.merged_into is null order by v.captured_at",
        ):
            notice = load_notice(document)
            kept[url].append((notice.text.strip(), notice.document_number or ""))
        assert kept == self.model
        with self.archive.reading() as connection:
            for address, state in rows(self.archive, "select id, state from addresses"):
                life = load(connection, address)
                assert life == derive(observations(connection, address))
                assert life[-1].state == state
        assert rows(self.archive, "select count(*) from captures") == [(self.captures,)]
        shown = dict(rows(self.archive, "select a.url, n.versions from notices n join addresses a on a.id = n.address"))
        assert shown == {url: len(versions) for url, versions in self.model.items() if versions}

    def teardown(self):
        self.archive.close()
        shutil.rmtree(self.folder)


TestVisits = Visits.TestCase
TestVisits.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)


def test_a_cosmetic_change_is_noted_and_no_version(archive):
    visit(archive, URLS[0], 1, notice_of("甲，乙"))
    change = visit(archive, URLS[0], 2, notice_of("甲,乙"))
    assert (change.kind, change.number) == ("cosmetic", 1)
    assert rows(archive, "select cosmetic from readings order by id") == [(0,), (1,)]


def test_a_text_that_comes_back_is_a_third_version_and_stays_one_when_seen_again(archive):
    changes = [visit(archive, URLS[0], day, notice_of(text)) for day, text in enumerate("甲乙甲甲")]
    assert [(change.kind, change.number) for change in changes] == [
        ("first", 1),
        ("substantive", 2),
        ("substantive", 3),
        ("unchanged", 3),
    ]
    assert rows(archive, "select versions from notices") == [(3,)]


@pytest.mark.parametrize("outcome", ["challenge", "blocked", "missing", "failed"])
def test_no_version_comes_of_what_stood_between_two_equal_visits(archive, outcome):
    visit(archive, URLS[0], 1, notice_of("甲"))
    archive.add(page(URLS[0], 2, "请完成验证".encode(), status=412, outcome=outcome, reason="made so"))
    change = visit(archive, URLS[0], 3, notice_of("甲"))
    assert (change.kind, change.number) == ("unchanged", 1)
    assert rows(archive, "select versions, state from notices") == [(1, "live")]
    assert [capture.outcome for capture in archive.captures()] == ["ok", outcome, "ok"]


def test_a_visit_that_says_the_same_keeps_a_reading_that_holds_nothing_twice(archive):
    for day in range(4):
        visit(archive, URLS[0], day, notice_of("甲"), body=b"same")
    assert rows(archive, "select count(*), count(document), count(text_digest), count(version) from readings") == [(4, 1, 1, 4)]
    assert rows(archive, "select count(*) from envelopes") == [(1,)]


def test_reading_the_same_capture_twice_changes_nothing(archive):
    capture = archive.add(page(URLS[0], 1, b"a"))
    first = archive.read(capture, notice_of("甲"), fingerprint="f")
    again = archive.read(capture, notice_of("甲"), fingerprint="f")
    assert (first.kind, again.kind, again.version) == ("first", "unchanged", first.version)
    assert rows(archive, "select count(*) from readings") == [(1,)]


def test_another_cleaner_never_cuts_a_version(archive):
    capture = archive.add(page(URLS[0], 1, b"a"))
    archive.read(capture, notice_of("甲 首页"), fingerprint="old")
    change = archive.read(capture, notice_of("甲"), fingerprint="new")
    assert (change.kind, change.cause, change.number) == ("cleaner", "cleaner", 1)
    same_bytes = archive.add(page(URLS[0], 2, b"a"))
    assert archive.read(same_bytes, notice_of("甲!"), fingerprint="newer").kind == "cleaner"
    assert rows(archive, "select count(*) from versions") == [(1,)]
    assert archive.search("首页") == []


def test_reading_the_stale_capture_first_tells_source_from_cleaner(archive):
    old = archive.add(page(URLS[0], 1, b"a"))
    archive.read(old, notice_of("甲 首页"), fingerprint="old")
    new = archive.add(page(URLS[0], 2, b"b"))
    (stale,) = archive.stale(new, "new")
    assert stale.record_id == old.record_id
    archive.read(stale, notice_of("甲"), fingerprint="new")
    assert archive.stale(new, "new") == ()
    change = archive.read(new, notice_of("甲"), fingerprint="new")
    assert (change.kind, change.cause) == ("unchanged", "source")


def test_without_that_the_cause_is_both(archive):
    archive.read(archive.add(page(URLS[0], 1, b"a")), notice_of("甲 首页"), fingerprint="old")
    change = archive.read(archive.add(page(URLS[0], 2, b"b")), notice_of("甲"), fingerprint="new")
    assert (change.kind, change.cause) == ("substantive", "both")


def test_a_page_that_is_no_notice_cuts_no_version_and_says_so(archive):
    visit(archive, URLS[0], 1, notice_of("甲"))
    change = visit(archive, URLS[0], 2, Notice(title="页面不存在", flags=("soft_404",)))
    assert (change.kind, change.version) == ("none", None)
    assert rows(archive, "select state from notices") == [("failing",)]
    assert rows(archive, "select outcome from captures order by id") == [("ok",), ("soft_404",)]
    assert visit(archive, URLS[0], 3, notice_of("甲")).kind == "unchanged"
    assert rows(archive, "select state from notices") == [("live",)]


def test_a_page_that_was_no_notice_read_late_says_nothing_of_today(archive):
    left = archive.add(page(URLS[0], 1, b"a"))
    visit(archive, URLS[0], 2, notice_of("甲"))
    assert archive.read(left, Notice(title="页面不存在", flags=("soft_404",)), fingerprint="f").kind == "none"
    assert rows(archive, "select state from notices") == [("live",)]
    assert rows(archive, "select outcome from captures order by id") == [("soft_404",), ("ok",)]


def test_what_was_never_read_is_found(archive):
    visit(archive, URLS[0], 1, notice_of("甲"))
    left = archive.add(page(URLS[1], 1, b"b"))
    archive.add(page(URLS[2], 1, b"c", outcome="challenge"))
    assert [capture.record_id for capture in archive.unread()] == [left.record_id]
    assert list(archive.unread("another")) == []


def test_several_calls_can_be_one_transaction(archive):
    def cut_off():
        with archive.write():
            visit(archive, URLS[0], 1, notice_of("甲"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cut_off()
    assert rows(archive, "select count(*) from captures") == [(0,)]


def test_a_call_that_fails_inside_takes_all_of_it_back_even_where_it_is_caught(archive):
    def caught():
        with archive.write():
            visit(archive, URLS[0], 1, notice_of("甲"))
            with pytest.raises(ArchiveError, match="add it before"):
                archive.read(page(URLS[1], 1), notice_of("乙"), fingerprint="f")

    with pytest.raises(ArchiveError, match="step inside"):
        caught()
    assert rows(archive, "select count(*) from captures") == [(0,)]
    visit(archive, URLS[0], 1, notice_of("甲"))
    assert rows(archive, "select count(*) from captures") == [(1,)]
