import json
import os
import signal
import warnings
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
import toy_cleaner
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_cleaner import Toy

from archive import Archive
from archive.locks import hold
from cleaners.errors import ArchiveError, LayoutError
from cleaners.records import Attachment, Capture, Notice, Paragraph, Removal

START = datetime(2024, 1, 1, tzinfo=UTC)
SITE = "https://www.linshui.gov.example"
DERIVED = ("readings", "versions", "notices", "attachments", "removals", "search_rows where older = 0", "addresses", "moves")
"""Rows of earlier versions are put into the index at the end of a run, and of a rebuild."""


def read(capture, rules=""):
    """A toy cleaner: pages are JSON; the rule "counter" drops the counter."""
    page = json.loads(capture.body)
    lines = [page["text"]] if "counter" in rules or not page.get("counter") else [page["text"], page["counter"]]
    removals = (Removal("counter", "counter", (0, 0, 1), page["counter"]),) if "counter" in rules and page.get("counter") else ()
    flags = ("soft_404",) if page["text"] == "不存在" and "blind" not in rules else ()
    files = tuple(Attachment(f"{SITE}/{name}", name) for name in page.get("files", ()))
    return Notice(
        title="通知", issued=date(2024, 1, 1), paragraphs=tuple(map(Paragraph, lines)), removals=removals, attachments=files, flags=flags
    ), rules


def keep(archive, number, day, rules="", **page):
    body = json.dumps(page).encode()
    capture = archive.add(Capture("linshui", f"{SITE}/{number}.html", START + timedelta(days=day), 200, (), body))
    return archive.read(capture, read(capture, rules)[0], fingerprint=rules)


def keep_file(archive, name, day, body):
    return archive.attach(archive.add(Capture("linshui", f"{SITE}/{name}", START + timedelta(days=day), 200, (), body, role="attachment")))


def dump(archive, *tables):
    with archive.reading() as connection:
        return {table: [tuple(row) for row in connection.execute(f"select * from {table} order by 1, 2")] for table in tables or DERIVED}


def names(archive):
    with archive.reading() as connection:
        return [tuple(row) for row in connection.execute("select address, captured_at, id, merged_into from versions order by 1, 2")]


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


def test_the_same_rules_change_nothing(archive):
    keep(archive, 1, 1, text="甲", files=["f.pdf"])
    keep_file(archive, "f.pdf", 1.1, b"one")
    keep(archive, 1, 2, text="甲 ", files=["f.pdf"])
    keep_file(archive, "f.pdf", 2.1, b"two")
    keep(archive, 1, 3, text="乙", files=["f.pdf"])
    keep(archive, 2, 3, text="不存在")
    keep(archive, 3, 3, text="丙" * 200)
    keep(archive, 4, 4, text="丙" * 200)
    before = dump(archive, *DERIVED, "captures")
    report = archive.rebuild(read)
    assert dump(archive, *DERIVED, "captures") == before
    assert not report.changed
    assert (report.captures, report.versions) == (6, 5)


def test_a_changed_rule_changes_readings_by_the_cleaner_and_every_version_still_resolves(archive):
    keep(archive, 1, 1, text="甲", counter="1次")
    keep(archive, 1, 2, text="甲", counter="2次")
    keep(archive, 1, 3, text="乙", counter="3次")
    before = names(archive)
    report = archive.rebuild(lambda capture: read(capture, "counter"))
    assert (report.readings, report.cut, report.merged, report.versions) == ({"cleaner": 3}, 0, 1, 2)
    after = names(archive)
    assert [row[:3] for row in after] == [row[:3] for row in before]
    assert [row[3] for row in after] == [None, before[0][2], None]
    assert {row[5] for row in dump(archive, "readings")["readings"][3:]} != {"source"}
    assert archive.search("次") == []
    assert not archive.rebuild(lambda capture: read(capture, "counter")).changed


def test_going_back_to_the_old_rules_brings_the_old_versions_back(archive):
    keep(archive, 1, 1, text="甲", counter="1次")
    keep(archive, 1, 2, text="甲", counter="2次")
    before = names(archive)
    archive.rebuild(lambda capture: read(capture, "counter"))
    archive.rebuild(read)
    assert names(archive) == before


def test_captures_never_read_are_read(archive):
    for day, text in enumerate("甲甲乙"):
        archive.add(
            Capture("linshui", f"{SITE}/1.html", START + timedelta(days=day), 200, (), json.dumps({"text": text, "day": day}).encode())
        )
    report = archive.rebuild(read)
    assert (report.readings, report.cut) == ({"source": 3}, 2)
    assert len(archive.search("乙")) == 1
    assert not archive.rebuild(read).changed


def test_a_false_alarm_is_taken_back(archive):
    keep(archive, 1, 1, text="甲")
    assert keep(archive, 1, 2, text="不存在").kind == "none"
    archive.rebuild(lambda capture: read(capture, "blind"))
    with archive.reading() as connection:
        assert connection.execute("select outcome, reason from captures order by id desc").fetchone()[:] == ("ok", "")
        assert connection.execute("select state, versions from notices").fetchone()[:] == ("changed", 2)


def test_rules_that_see_nothing_any_more_take_no_version_away(archive):
    keep(archive, 1, 1, text="甲")
    archive.rebuild(lambda capture: (replace(read(capture)[0], flags=("challenge",)), "strict"))
    assert len(archive.search("甲")) == 1


def test_a_false_change_of_source_is_settled(archive):
    keep(archive, 1, 1, text="甲", counter="1次")
    assert keep(archive, 1, 2, "counter", text="甲", counter="2次").cause == "both"
    report = archive.rebuild(lambda capture: read(capture, "counter"))
    assert (report.merged, report.versions) == (1, 1)


def test_a_rebuild_waits_for_nobody_and_says_who_holds_the_archive(archive):
    with hold(archive.path, "archive", "dibao restore"), pytest.raises(ArchiveError, match="dibao restore"):
        archive.rebuild(read)


visits = st.lists(
    st.one_of(
        st.tuples(
            st.just("page"),
            st.integers(1, 2),
            st.sampled_from(["甲", "乙", "不存在"]),
            st.sampled_from(["", "1次", "2次"]),
            st.sampled_from([[], ["f"], ["f", "g"]]),
        ),
        st.tuples(st.just("file"), st.sampled_from(["f", "g"]), st.sampled_from([b"one", b"two"])),
    ),
    max_size=10,
)


@pytest.mark.parametrize("texts", ["ABA", "AAB", "BAA", "ABB", "AAA", "ABC"])
@pytest.mark.parametrize("order", [(0, 2, 1), (2, 0, 1), (2, 1, 0), (1, 2, 0)])
def test_what_a_killed_run_left_unread_is_read_late_and_comes_to_the_same(archive, texts, order):
    captures = [
        archive.add(
            Capture("linshui", f"{SITE}/1.html", START + timedelta(days=day), 200, (), json.dumps({"text": text, "day": day}).encode())
        )
        for day, text in enumerate(texts)
    ]
    for place in order:
        archive.read(captures[place], read(captures[place])[0], fingerprint="")
    with archive.reading() as connection:
        standing = connection.execute("select captured_at from versions where merged_into is null order by number").fetchall()
    changed = [day for day, text in enumerate(texts) if not day or texts[day - 1] != text]
    assert [int(row[0][8:10]) - 1 for row in standing] == changed
    assert len(archive.search(texts[-1])) == 1
    assert not archive.rebuild(read).changed


@given(visits)
@settings(max_examples=40, deadline=None)
def test_whatever_a_crawl_saw_a_rebuild_makes_again(tmp_path_factory, visits):
    with Archive.open(tmp_path_factory.mktemp("rebuild") / "a.db") as archive:
        for day, (kind, *what) in enumerate(visits):
            if kind == "page":
                keep(archive, what[0], day, text=what[1], counter=what[2], files=what[3], visit=day)
            else:
                keep_file(archive, what[0], day, what[1])
        before, kept = dump(archive), names(archive)
        assert not archive.rebuild(read).changed
        assert dump(archive) == before
        archive.rebuild(lambda capture: read(capture, "counter"))
        after = {row[:3]: row[3] for row in names(archive)}
        standing = {row[2] for row, merged in after.items() if merged is None}
        assert {row[:3] for row in kept} <= after.keys()
        assert all(merged is None or merged in standing for merged in after.values())


def test_a_rebuild_says_how_many_captures_say_something_else(archive):
    keep(archive, 1, 1, text="甲", counter="浏览 1 次")
    keep(archive, 2, 1, text="乙")
    changed = archive.rebuild(lambda capture: read(capture, "counter"))
    assert (changed.captures, changed.readings, changed.differing, changed.changed) == (2, {"cleaner": 2}, 1, True)
    again = archive.rebuild(lambda capture: read(capture, "counter"))
    assert (again.readings, again.differing, again.changed) == ({}, 0, False)
    back = archive.rebuild(read)
    assert (back.differing, back.changed) == (1, True)
    with archive.reading() as connection:
        standing = [
            row[0]
            for row in connection.execute(
                "select u.fingerprint from versions v join readings r on r.id = v.reading join rulesets u on u.id = r.rules"
            )
        ]
    assert standing == ["", ""]


def test_a_page_the_cleaner_fails_on_keeps_what_it_said(archive):
    keep(archive, 1, 1, text="甲")
    keep(archive, 2, 1, text="乙")

    def failing(capture):
        if capture.url.endswith("1.html"):
            raise LayoutError(f"{capture.url}: the cleaner failed on this page")
        return read(capture, "new")

    before = dump(archive, "versions", "search_rows")
    report = archive.rebuild(failing)
    assert (report.captures, report.cut, report.merged, report.versions) == (2, 0, 0, 2)
    assert dump(archive, "search_rows")["search_rows"] == before["search_rows"]


def test_a_file_that_a_killed_run_kept_and_did_not_attach_is_attached_by_the_next(archive):
    keep(archive, 1, 1, text="甲", files=["f.pdf", "g.pdf"])
    keep_file(archive, "g.pdf", 1.1, b"one")
    for day, name, body in ((1.2, "f.pdf", b"first"), (1.3, "g.pdf", b"swapped")):
        archive.add(Capture("linshui", f"{SITE}/{name}", START + timedelta(days=day), 200, (), body, role="attachment"))
    assert [capture.body for capture in archive.unattached("linshui")] == [b"first", b"swapped"]
    for capture in archive.unattached("linshui"):
        archive.attach(capture)
    assert list(archive.unattached("linshui")) == []
    assert len(names(archive)) == 2  # the swapped file cut one, the first known digest did not
    before = dump(archive)
    assert not archive.rebuild(read).changed
    assert dump(archive) == before


def fill(archive, pages=12):
    for number in range(pages):
        for day in range(number % 3 + 1):
            toy_cleaner.keep(archive, number, day, text=f"第{number}页", counter=f"{day}次", site=("beian", "linshui")[number % 2])


def standing_rules(archive):
    """Give by address the rules its captures stand as they were read by."""
    with archive.reading() as connection:
        rows = connection.execute(
            "select c.address, c.id, u.fingerprint from captures c join readings r on r.capture = c.id join rulesets u on u.id = r.rules"
            " order by c.id, r.read_at, r.id"
        ).fetchall()
    newest = {row[1]: (row[0], row[2]) for row in rows}
    return {address: {rules for at, rules in newest.values() if at == address} for address, _ in newest.values()}


def shown(archive):
    """Give everything derived that does not tell when it was made."""
    with archive.reading() as connection:
        return [
            [tuple(row) for row in connection.execute(query)]
            for query in (
                "select address, captured_at, number, class, merged_into, text_digest from versions order by 1, 2",
                "select id, title, version, versions, state, search_row from notices order by 1",
                "select capture, cause, version, cosmetic, coalesce(document, same_as) from readings order by id",
            )
        ]


def test_what_todays_rules_read_is_skipped_unless_asked_for(archive):
    fill(archive)
    first = archive.rebuild(Toy("plain"))
    assert (first.captures, first.skipped) == (24, 0)
    toy_cleaner.keep(archive, 3, 9, Toy("plain"), text="新")
    toy_cleaner.keep(archive, 4, 9, read=False, text="未读")
    second = archive.rebuild(Toy("plain"))
    assert (second.captures, second.skipped, second.cut, second.differing) == (3, 23, 1, 1)
    assert archive.rebuild(Toy("plain")).skipped == 26
    everything = archive.rebuild(Toy("plain"), everything=True)
    assert (everything.captures, everything.skipped, everything.changed) == (26, 0, False)


def test_a_rebuild_of_one_site_leaves_the_others(archive):
    fill(archive)
    assert archive.rebuild(Toy("plain"), site="beian").readings == {"cleaner": 12}
    assert archive.rebuild(Toy("plain")).readings == {"cleaner": 12}


def test_what_changed_and_why_is_told(archive):
    fill(archive)
    report = archive.rebuild(Toy("plain"))
    assert report.readings == {"cleaner": 24}
    assert report.fields == {"paragraphs": 24, "removals": 24}
    merged = next(example for example in report.examples if example.what == "merged")
    assert merged.before == "substantive"
    assert merged.after.startswith("merged into 2024-01-01")
    assert merged.url.endswith("/2.html")


def test_a_site_that_is_crawled_waits_for_the_next_rebuild_and_others_do_not(archive, monkeypatch):
    monkeypatch.setattr("archive.rebuilding.rebuild.PATIENCE", 0.1)
    fill(archive)
    with hold(archive.path, "site:beian", "crawl beian"):
        report = archive.rebuild(Toy("plain"))
        assert (report.left, report.readings) == (("beian",), {"cleaner": 12})
    assert archive.rebuild(Toy("plain")).readings == {"cleaner": 24}  # of both: it went on where the first one stood


def test_a_rebuild_of_a_site_that_is_crawled_says_who_crawls_it(archive):
    fill(archive, 2)
    with hold(archive.path, "site:beian", "crawl beian"), pytest.raises(ArchiveError, match="crawl beian"):
        archive.rebuild(Toy("plain"), site="beian")


def test_while_a_site_is_rebuilt_others_may_be_crawled_and_it_may_not(archive):
    fill(archive, 2)
    tried = []

    @dataclass(frozen=True)
    class Watching(Toy):
        def __call__(self, capture):
            with hold(archive.path, f"site:{'linshui' if capture.site == 'beian' else 'beian'}"):
                tried.append(capture.site)
            with pytest.raises(ArchiveError, match="rebuild"), hold(archive.path, f"site:{capture.site}"):
                pass
            return super().__call__(capture)

    archive.rebuild(Watching("plain"))
    assert tried == ["beian", "linshui", "linshui"]


def test_what_is_captured_while_its_address_is_read_is_read_too(archive):
    fill(archive, 4)
    late = []

    @dataclass(frozen=True)
    class Late(Toy):
        def __call__(self, capture):
            if not late:
                late.append(toy_cleaner.keep(archive, 0, 8, read=False, text="后来", site="beian"))
            return super().__call__(capture)

    assert archive.rebuild(Late("plain")).readings == {"cleaner": 7, "source": 1}
    assert len(archive.search("后来")) == 1


def killed_at(path, statement):
    """Run a rebuild in a process that is killed before a statement; says whether it was."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        store = Archive.open(path)
        left = iter(range(statement))
        store._store.connection.set_trace_callback(lambda _: next(left, None) is None and os.kill(os.getpid(), signal.SIGKILL))
        store.rebuild(Toy("plain"), everything=True)
        os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def test_killed_at_any_statement_an_archive_is_whole_and_the_next_rebuild_goes_on(tmp_path):
    with Archive.open(tmp_path / "whole.db") as whole:
        fill(whole)
        whole.rebuild(Toy("plain"), everything=True)
        wanted = shown(whole)
    random, kills, resumed = Random(5), 0, 0
    for trial in range(5):
        path = tmp_path / f"{trial}.db"
        with Archive.open(path) as archive:
            fill(archive)
        kills += killed_at(path, random.randint(20, 900))
        kills += killed_at(path, random.randint(20, 900))
        with Archive.open(path) as archive:
            with archive.reading() as connection:
                assert connection.execute("pragma integrity_check").fetchone()[0] == "ok"
                assert connection.execute("pragma foreign_key_check").fetchall() == []
            assert all(len(rules) == 1 for rules in standing_rules(archive).values())
            report = archive.rebuild(Toy("plain"), everything=True)
            resumed += report.resumed
            assert report.captures == 24
            assert shown(archive) == wanted
    assert kills > 5
    assert resumed


def test_other_rules_begin_anew(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        fill(archive)
    assert killed_at(tmp_path / "a.db", 500)
    with Archive.open(tmp_path / "a.db") as archive:
        report = archive.rebuild(Toy("plain again"), everything=True)
        assert (report.resumed, report.captures) == (False, 24)
        with archive.reading() as connection:
            assert [row[0] for row in connection.execute("select outcome from rebuilds order by id")] == ["stopped", "complete"]
