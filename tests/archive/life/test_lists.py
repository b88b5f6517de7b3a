"""What lists show no more, and show again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from archive import Archive
from cleaners.records import Capture, Entry

SITE = "https://www.linshui.gov.example"


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as opened:
        opened.keep_site("linshui", channels=[("通知", f"{SITE}/tz/", "daily")])
        yield opened


def walk(archive, shown, *, full=True, complete=True, begun=None):
    run = archive.start_run("linshui")
    archive.list_entries(run, "linshui", "通知", [Entry(f"{SITE}/{number}.html", issued=date(2026, 3, number)) for number in shown])
    archive.end_channel(run, "linshui", "通知", complete, full=full, begun=begun)
    archive.end_run(run, "complete")
    return run


def spans(archive):
    with archive.reading() as connection:
        rows = connection.execute(
            "select e.url, s.number, s.first_run, s.last_run, s.ended_run, s.rolled_off from entry_spans s join entries e on e.id = s.entry"
            " order by e.id, s.number"
        )
        return [(int(row["url"][len(SITE) + 1]), *tuple(row)[1:]) for row in rows]


def test_only_a_walk_of_the_whole_list_ends_an_interval(archive):
    walk(archive, [3, 2, 1])
    walk(archive, [3, 1], full=False)
    walk(archive, [3, 1], complete=False)
    assert [span[4] for span in spans(archive)] == [None] * 3
    walk(archive, [3, 1])
    assert (2, 1, 1, 1, 4, 0) in spans(archive)


def test_what_is_listed_again_has_an_interval_of_its_own(archive):
    walk(archive, [3, 2, 1])
    walk(archive, [3, 1])
    walk(archive, [3, 2, 1])
    assert [span for span in spans(archive) if span[0] == 2] == [(2, 1, 1, 1, 2, 0), (2, 2, 3, 3, None, 0)]


def test_what_a_list_lost_off_its_end_is_told_apart(archive):
    walk(archive, [3, 2, 1])
    walk(archive, [4, 3, 2])
    assert (1, 1, 1, 1, 2, 1) in spans(archive)


def test_a_walk_that_showed_nothing_ends_nothing(archive):
    walk(archive, [3, 2, 1])
    walk(archive, [])
    assert [span[4] for span in spans(archive)] == [None] * 3


def test_a_walk_that_began_in_an_earlier_run_showed_what_that_run_saw(archive):
    begun = datetime.now(UTC)
    walk(archive, [3, 2], complete=False)
    walk(archive, [1], begun=begun)
    assert [span[4] for span in spans(archive)] == [None] * 3


def test_what_left_the_list_is_looked_at_soon_and_is_not_gone(archive):
    now = datetime.now(UTC)
    for number in (1, 2, 3):
        archive.add(Capture("linshui", f"{SITE}/{number}.html", now, 200, (), b"page"))
    walk(archive, [3, 2, 1])
    assert archive.history("linshui").due(now + timedelta(hours=1)) == ()
    walk(archive, [3, 1])
    assert [at.url for at in archive.history("linshui").due(now + timedelta(hours=1))] == [f"{SITE}/2.html"]
    with archive.reading() as connection:
        assert {row["state"] for row in connection.execute("select state from addresses")} == {"live"}
