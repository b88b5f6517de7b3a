"""Merging, splitting and undoing: whatever people do, every address has one notice, every version its name, and undoing restores."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule

from archive import Archive
from archive.works.byhand import merge, split, undo
from archive.works.naming import choose, name, resolve, versions_of
from archive.works.notices import notice_id
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Notice, Paragraph

START = datetime(2024, 1, 1, tzinfo=UTC)
SITE = "https://www.linshui.gov.example"
URLS = [f"{SITE}/{number}.html" for number in range(5)]
LONG = "各乡镇人民政府，县政府各部门：现将有关事项通知如下。" * 8


def read(archive, url, text, day=1, *, site="linshui", principal=None, **fields):
    capture = archive.add(Capture(site, url, START + timedelta(days=day), 200, (), f"{url}{day}".encode()))
    notice = Notice(**{"title": "通知", "paragraphs": tuple(map(Paragraph, text.split("\n")))} | fields)
    return archive.read(capture, notice, fingerprint="f", principal=principal)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


def shown(archive):
    """Give everything readers see of works, but for the numbers of search rows, which only have to keep the order of days."""
    with archive.reading() as connection:
        notices = [dict(row) for row in connection.execute("select * from notices where version is not null order by id")]
        addresses = [
            tuple(row) for row in connection.execute("select id, notice, pointer_reason, pointer_evidence from addresses order by id")
        ]
        keys = [tuple(row) for row in connection.execute("select * from document_keys order by notice")]
    for notice in notices:
        notice["search_row"] >>= 16
    return notices, addresses, keys, sorted(hit.notice for hit in archive.search("通知", limit=100))


@settings(max_examples=8, stateful_step_count=10, deadline=None)
class Works(RuleBasedStateMachine):
    moves = Bundle("moves")

    @initialize()
    def start(self):
        self.folder = tempfile.TemporaryDirectory()
        self.archive = Archive.open(f"{self.folder.name}/a.db")
        for number, url in enumerate(URLS):
            read(
                self.archive,
                url,
                f"第{number}件\n{LONG if number < 3 else '短'}",
                number,
                document_number=f"临政发〔2024〕{number // 2 + 1}号",
            )
        read(self.archive, URLS[0], f"第0件（修订）\n{LONG}", 9)
        self.names = self._names()
        self.before: dict[int, object] = {}

    def _names(self):
        with self.archive.reading() as connection:
            works = [row[0] for row in connection.execute("select id from notices where version is not null")]
            return {name(work, version): version.id for work in works for version in versions_of(connection, work)}

    def _works(self):
        with self.archive.reading() as connection:
            return [row[0] for row in connection.execute("select id from notices where version is not null order by id")]

    def _done(self, moved):
        return tuple(each.number for each in moved)

    @precondition(lambda self: len(self._works()) > 1)
    @rule(target=moves, data=st.data())
    def merge(self, data):
        one, into = data.draw(st.permutations(self._works()))[:2]
        state = shown(self.archive)
        done = self._done(merge(self.archive, one, into, "同一份文件"))
        self.before[done] = state
        return done

    @rule(target=moves, url=st.sampled_from(URLS))
    def split(self, url):
        state = shown(self.archive)
        try:
            done = self._done([split(self.archive, url, "另一份文件")])
        except ArchiveError:
            assert shown(self.archive) == state
            return ()
        self.before[done] = state
        return done

    @rule(numbers=consumes(moves))
    def undo(self, numbers):
        with self.archive.reading() as connection:
            last = connection.execute("select max(id) from moves").fetchone()[0]
        try:
            with self.archive.write():
                for number in reversed(numbers):
                    undo(self.archive, number)
        except ArchiveError:
            return  # something newer moved one of them; nothing was undone, as the invariants see
        if numbers and last == numbers[-1]:
            assert shown(self.archive) == self.before[numbers]

    @invariant()
    def every_address_points_to_one_notice_that_shows_it(self):
        with self.archive.reading() as connection:
            assert connection.execute("select count(*) from addresses where notice is null").fetchone()[0] == 0
            wrong = "select count(*) from notices n where version is not null and addresses <> (select count(*) from addresses where notice = n.id)"
            assert connection.execute(wrong).fetchone()[0] == 0
            unseen = "select count(*) from notices n where version is null and exists (select 1 from addresses where notice = n.id)"
            assert connection.execute(unseen).fetchone()[0] == 0
            assert len(self.archive.search("通知", limit=100)) == len(self._works())

    @invariant()
    def every_version_is_found_under_its_name(self):
        with self.archive.reading() as connection:
            for citation, number in self.names.items():
                assert resolve(connection, citation).version.id == number

    def teardown(self):
        self.archive.close()
        self.folder.cleanup()


TestWorks = Works.TestCase


def test_a_merge_says_why_and_can_be_undone(archive):
    one, two = read(archive, URLS[0], "甲"), read(archive, URLS[1], "乙", 2)
    before = shown(archive)
    (moved,) = merge(archive, two.notice, one.notice, "两页是同一份文件")
    with archive.reading() as connection:
        row = connection.execute("select * from addresses where url = ?", (URLS[1],)).fetchone()
        assert (row["notice"], row["pointer_reason"], row["pointer_evidence"]) == (one.notice, "by hand", '{"why":"两页是同一份文件"}')
        assert [version.url for version in versions_of(connection, one.notice)] == [URLS[0], URLS[1]]
    undo(archive, moved.number)
    assert shown(archive) == before


def test_what_was_split_off_by_hand_is_not_joined_again(archive):
    one = read(archive, URLS[0], LONG)
    assert read(archive, URLS[1], LONG, 2).notice == one.notice
    split(archive, URLS[1], "不是同一份")
    assert read(archive, URLS[1], LONG, 3).notice == notice_id(URLS[1])
    rebuilt = archive.rebuild(lambda capture: (Notice(title="通知", paragraphs=(Paragraph(LONG),)), "g"), everything=True)
    assert rebuilt.captures == 3
    with archive.reading() as connection:
        assert {row[0] for row in connection.execute("select notice from addresses")} == {one.notice, notice_id(URLS[1])}


def test_moves_that_make_no_sense_say_so(archive):
    one, two = read(archive, URLS[0], "甲"), read(archive, URLS[1], "乙", 2)
    with pytest.raises(ArchiveError, match="named after this address"):
        split(archive, URLS[0], "为何")
    with pytest.raises(ArchiveError, match="not merged into itself"):
        merge(archive, one.notice, one.notice, "为何")
    with pytest.raises(ArchiveError, match="reason is missing"):
        merge(archive, two.notice, one.notice, " ")
    with pytest.raises(ArchiveError, match="no such notice"):
        merge(archive, two.notice, "none", "为何")
    with pytest.raises(ArchiveError, match="no such address"):
        split(archive, "https://nowhere.example/", "为何")
    merge(archive, two.notice, one.notice, "为何")
    with pytest.raises(ArchiveError, match=f"merged into {one.notice}"):
        merge(archive, two.notice, one.notice, "为何")


def test_a_version_keeps_its_name_when_its_address_moves(archive):
    one, two = read(archive, URLS[0], "甲"), read(archive, URLS[1], "乙", 2)
    merge(archive, two.notice, one.notice, "同一份")
    with archive.reading() as connection:
        cited = resolve(connection, f"{two.notice}@2024-01-03#p1")
        assert (cited.notice, cited.version.url, cited.text) == (one.notice, URLS[1], "乙")
        assert choose(connection, one.notice, "2024-01-03").url == URLS[1]
        with pytest.raises(ArchiveError, match="several versions"):
            choose(connection, one.notice, "2024-01")
