"""What waits is handed out once, in order, and outlives its run."""

import pytest

from archive.record.frontier import Waiting, fingerprint
from archive.store import Archive

HOST = "www.ceshi.gov.example"


def row(number, role="notice", *, channel="通知", priority=0, path="", host=HOST, meta="{}"):
    url = f"http://{host}/{path or number}"
    call = (("GET", None, None, priority, role == "notice"), ("parse_notice", "page_failed", None, meta))
    return Waiting(number, fingerprint(url), role, channel, host, url, *call[0], *call[1])


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as opened:
        opened.keep_site("ceshi", channels=[("通知", f"http://{HOST}/tz/", "daily")])
        yield opened


@pytest.fixture
def frontier(archive):
    return archive.frontier("ceshi")


def numbers(rows):
    return [one.number for one in rows]


def test_the_urgent_come_first_then_those_found_first(archive, frontier):
    run = archive.start_run("ceshi")
    for waiting in (row(1), row(2), row(3, "part", priority=1), row(4, priority=-1)):
        frontier.put(waiting, None)
    assert frontier.lease(HOST, run, ["通知"], 3) == [row(3, "part", priority=1), row(1), row(2)]
    assert numbers(frontier.lease(HOST, run, ["通知"], 3)) == [4]
    assert frontier.lease(HOST, run, ["通知"], 3) == []
    assert frontier.count() == 4


def test_a_host_is_handed_out_by_itself(archive, frontier):
    run = archive.start_run("ceshi")
    frontier.put(row(1), None)
    frontier.put(row(2, host="wap.ceshi.gov.example"), None)
    assert frontier.hosts(["通知"]) == {HOST: 1, "wap.ceshi.gov.example": 1}
    assert numbers(frontier.lease("wap.ceshi.gov.example", run, [], 9)) == [2]


def test_the_leases_of_a_killed_run_are_the_next_ones(archive, frontier):
    frontier.put(row(1), archive.start_run("ceshi"))
    assert frontier.lease(HOST, archive.start_run("ceshi"), ["通知"], 9) == []
    frontier.take_over(["通知"])
    assert numbers(frontier.lease(HOST, archive.start_run("ceshi"), ["通知"], 9)) == [1]
    with archive.reading() as connection:
        assert connection.execute("select attempts from frontier").fetchone()[0] == 2


def test_a_column_is_a_chain_of_one_page_at_a_time(archive, frontier):
    frontier.put(row(1, "listing"), None)
    frontier.put(row(2, "listing", channel="公告"), None)
    frontier.put(row(5, "listing"), None)
    assert frontier.waits("通知")
    assert frontier.count() == 2
    frontier.end_chain("通知")
    assert not frontier.waits("通知")
    assert frontier.waits("公告")


def test_only_the_columns_of_the_run_are_handed_out_and_those_no_longer_named_go(archive, frontier):
    run = archive.start_run("ceshi")
    frontier.put(row(1, "listing"), None)
    frontier.put(row(2, "listing", channel="公告"), None)
    assert frontier.hosts(["公告"]) == {HOST: 1}
    assert numbers(frontier.lease(HOST, run, ["公告"], 9)) == [2]
    frontier.take_over(["公告"])
    assert not frontier.waits("通知")


def test_what_takes_the_place_of_a_request_has_its_number(frontier):
    frontier.put(row(1), None)
    frontier.put(row(1, path="moved"), None)
    assert frontier.count() == 1
    assert list(frontier.fingerprints()) == [fingerprint(f"http://{HOST}/moved")]
    frontier.remove(1)
    assert frontier.count() == 0


def test_a_new_run_asks_for_parts_with_their_notice_and_counts_repetitions_anew(archive, frontier):
    frontier.put(row(1, "part"), None)
    frontier.put(row(2, meta='{"role":"notice","retry_times":2}'), None)
    frontier.take_over(["通知"])
    (left,) = frontier.lease(HOST, archive.start_run("ceshi"), ["通知"], 9)
    assert left.meta == '{"role":"notice"}'


def test_post_pages_of_one_address_are_different_requests():
    url = f"http://{HOST}/list"
    assert len({fingerprint(url), fingerprint(url, "POST", b"page=1"), fingerprint(url, "POST", b"page=2")}) == 3


def test_an_entry_that_waits_is_not_pending(archive, frontier):
    from cleaners.records import Entry

    archive.list_entries(archive.start_run("ceshi"), "ceshi", "通知", [Entry(f"http://{HOST}/{n}", "通知") for n in (1, 2)])
    frontier.put(row(1), None)
    assert [entry.url for entry in archive.history("ceshi").pending()] == [f"http://{HOST}/2"]
