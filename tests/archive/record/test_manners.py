from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from archive import Archive
from archive.record.manners import KeptPace, Manners
from cleaners.records import Capture

NOW = datetime.now(UTC)
ROBOTS = "http://www.linshui.gov.example/robots.txt"


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


def capture(url, *, ago=timedelta(), outcome="ok", status=200, role="notice", body=b""):
    return Capture("linshui", url, NOW - ago, status, (), body, outcome=outcome, role=role)


def test_a_pace_is_kept_until_it_is_taken_back(archive):
    manners = Manners(archive)
    manners.keep_pace("linshui.gov.cn", KeptPace(4.0, NOW + timedelta(hours=1), "HTTP 429"))
    manners.keep_pace("linshui.gov.cn", KeptPace(8.0, None, "HTTP 503"))
    manners.keep_pace("b.gov.cn", KeptPace(3.0, NOW))
    assert manners.paces() == {"linshui.gov.cn": KeptPace(8.0, None, "HTTP 503"), "b.gov.cn": KeptPace(3.0, NOW)}
    manners.keep_pace("linshui.gov.cn", None)
    assert list(manners.paces()) == ["b.gov.cn"]


def test_requests_of_a_day_are_counted_over_all_crawls_and_only_those_sent(archive):
    first, second, imported = archive.start_run("linshui"), archive.start_run("other"), archive.start_run("linshui", "import")
    for path in ("a", "b", "b"):
        archive.add(capture(f"http://www.linshui.gov.example/{path}"), first)
    archive.add(capture("http://www.linshui.gov.example/c", outcome="failed", status=None), second)
    archive.add(capture("http://xxgk.linshui.gov.example/d"), second)
    archive.add(capture("http://www.linshui.gov.example/e", outcome="refused", status=None), second)
    archive.add(capture("http://www.linshui.gov.example/f", ago=timedelta(days=2)), second)
    archive.add(capture("http://www.linshui.gov.example/g"), imported)
    archive.end_run(first, "complete")
    counts = Manners(archive).sent(lambda host: host, NOW - timedelta(days=1))
    assert counts == Counter({"www.linshui.gov.example": 4, "xxgk.linshui.gov.example": 1})


def test_the_newest_answer_in_time_is_given_and_a_failure_is_none(archive):
    manners = Manners(archive)
    archive.add(capture(ROBOTS, ago=timedelta(hours=30), role="robots", body=b"old"))
    assert manners.answered(ROBOTS, "robots", NOW - timedelta(hours=24)) is None
    archive.add(capture(ROBOTS, ago=timedelta(hours=3), role="robots", body=b"good"))
    archive.add(capture(ROBOTS, ago=timedelta(hours=2), role="notice", body=b"bad"))
    archive.add(capture(ROBOTS, ago=timedelta(hours=1), role="robots", outcome="failed", status=None))
    assert manners.answered(ROBOTS, "robots", NOW - timedelta(hours=24)).body == b"good"
