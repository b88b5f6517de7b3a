from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive
from cleaners.records import Capture, Entry

START = datetime(2024, 1, 1, 8, tzinfo=UTC)
URL = "https://www.linshui.gov.example/1.html"
FULL = Capture(
    "linshui",
    URL + "?utm_source=x#top",
    START + timedelta(microseconds=1),
    200,
    (("Content-Type", "text/html"), ("Set-Cookie", "a=\udcff"), ("Set-Cookie", "b")),
    b"\x00\xff",
    entry=Entry(URL, "通知", date(2024, 1, 1), "公告"),
    parts=(b"one", b"two"),
    reason="甲\x00乙",
    elapsed=0.25,
    method="POST",
    request_headers=(("User-Agent", "dibao"),),
    request_body=b"page=1",
    content_encoding="gzip",
    wire_length=9,
    wire_digest="sha256:0",
    protocol="HTTP/1.1",
    ip="192.0.2.1",
    tls={"version": "TLSv1.3"},
    truncated="length",
    vantage="demo",
    time_known=False,
)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


def rows(archive, statement):
    with archive.reading() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def test_a_capture_comes_back_as_it_was(archive):
    kept = archive.add(FULL)
    assert kept.record_id.startswith("urn:uuid:")
    assert list(archive.captures()) == [kept] == [replace(FULL, record_id=kept.record_id)]


def test_a_failure_without_a_response_is_a_capture_too(archive):
    archive.add(Capture("linshui", URL, START, None, (), b"", outcome="failed", reason="no such host", phase="dns"))
    (capture,) = archive.captures()
    assert (capture.status, capture.outcome, capture.phase, capture.body) == (None, "failed", "dns", b"")
    assert rows(archive, "select payload from captures") == [(None,)]
    assert rows(archive, "select state from addresses") == [("unknown",)]


def test_the_same_record_is_kept_once(archive):
    record = replace(FULL, record_id="urn:uuid:1")
    assert archive.add(record) == archive.add(record) == record
    assert len(list(archive.captures())) == 1


def headers(day):
    return (("Date", f"day {day}"), ("Server", "nginx"), ("set-cookie", f"a={day}"), ("Set-Cookie", f"b={day}"), ("Server", "x"))


def test_headers_of_many_visits_come_back_exactly_and_are_kept_once(archive):
    asked = (("User-Agent", "dibao"), ("Cookie", "c"), ("cookie", ""))
    added = [
        archive.add(Capture("linshui", URL, START + timedelta(days=day), 200, headers(day), b"a", request_headers=asked))
        for day in range(3)
    ]
    assert list(archive.captures()) == added
    assert [capture.headers for capture in added] == [headers(day) for day in range(3)]
    assert rows(archive, "select count(*) from envelopes") == [(1,)]


@given(
    st.lists(st.tuples(st.sampled_from(["Date", "date", "Age", "ETag", "Vary"]), st.text(max_size=4)), max_size=6),
    st.lists(st.tuples(st.sampled_from(["Cookie", "Accept"]), st.text(max_size=4)), max_size=3),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_headers_come_back(archive, response, request):
    capture = archive.add(Capture("linshui", URL, START, 200, tuple(response), b"", request_headers=tuple(request)))
    (kept,) = (each for each in archive.captures() if each.record_id == capture.record_id)
    assert (kept.headers, kept.request_headers) == (tuple(response), tuple(request))


@pytest.mark.parametrize(
    "record_id",
    [
        "urn:uuid:6f1f2c0e-6a0b-5e7e-9d55-64696261000a",
        "urn:uuid:6F1F2C0E-6A0B-5E7E-9D55-64696261000A",
        "6f1f2c0e-6a0b-5e7e-9d55-64696261000a",
        "https://www.linshui.gov.example/record/1",
        "1",
    ],
)
def test_record_ids_of_any_form_come_back_and_are_known(archive, record_id):
    capture = replace(FULL, record_id=record_id)
    assert not archive.holds(capture)
    archive.add(capture)
    assert archive.holds(capture)
    assert not archive.holds(replace(FULL, record_id=record_id + "0"))
    assert not archive.holds(FULL)
    assert [kept.record_id for kept in archive.captures()] == [record_id]


def test_one_page_has_one_address(archive):
    archive.add(FULL)
    archive.add(replace(FULL, url="HTTPS://WWW.LINSHUI.GOV.EXAMPLE:443/./1.html"))
    assert rows(archive, "select url from addresses") == [(URL,)]
    assert len(list(archive.captures(url=URL + "#x"))) == 2


def test_an_older_capture_that_arrives_late_does_not_change_the_state(archive):
    archive.add(Capture("linshui", URL, START, 404, (), b"", outcome="missing"))
    archive.add(Capture("linshui", URL, START - timedelta(days=9), 200, (), b"a"))
    assert rows(archive, "select state, first_seen from addresses") == [("failing", "2023-12-23T08:00:00.000000Z")]


def test_captures_can_be_chosen(archive):
    archive.add(FULL)
    archive.add(replace(FULL, site="qinghe", role="robots"))
    assert [capture.site for capture in archive.captures("qinghe")] == ["qinghe"]
    assert [capture.role for capture in archive.captures(role="notice")] == ["notice"]


def test_many_captures_are_given_in_the_order_kept_while_others_are_added(archive):
    with archive.write():
        for number in range(250):
            archive.add(Capture("linshui", f"{URL}?{number}", START, 200, (), b"%d" % number))
    seen = []
    for capture in archive.captures():
        if len(seen) < 10:
            archive.add(Capture("linshui", f"{URL}?late{len(seen)}", START, 200, (), b"late"))
        seen.append(capture.body)
    assert seen[:250] == [b"%d" % number for number in range(250)]


def test_what_asks_for_changes_only_comes_from_the_newest_good_capture(archive):
    archive.add(Capture("linshui", URL, START, 200, (("etag", '"1"'), ("Last-Modified", "Mon")), b"a"))
    archive.add(Capture("linshui", URL, START + timedelta(days=1), 200, (("ETag", '"2"'),), b"b"))
    archive.add(Capture("linshui", URL, START + timedelta(days=2), 500, (("ETag", '"3"'),), b"c", outcome="failed"))
    assert archive.validators(URL + "#x") == {"If-None-Match": '"2"'}
    assert archive.validators("https://www.linshui.gov.example/none") == {}


def test_a_naive_time_is_refused(archive):
    with pytest.raises(ValueError, match="time zone"):
        archive.add(replace(FULL, captured_at=datetime(2024, 1, 1)))  # noqa: DTZ001
