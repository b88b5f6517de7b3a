from datetime import UTC, date, datetime, timedelta

import pytest

from archive import Archive, views
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Notice, Paragraph

START = datetime(2024, 6, 1, tzinfo=UTC)


def keep(archive, number, text, day=0, *, site="linshui", **fields):
    url = f"https://www.{site}.gov.example/{number}.html"
    capture = archive.add(Capture(site, url, START + timedelta(days=day), 200, (), f"{number} {text}".encode()))
    return archive.read(capture, Notice(title=f"通知{number}", paragraphs=(Paragraph(text),), **fields), fingerprint="f")


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


def test_notices_come_in_the_order_of_days_chosen_by_site_day_and_state(archive):
    keep(archive, 1, "防汛", issued=date(2024, 3, 1))
    keep(archive, 2, "抗旱", issued=date(2024, 1, 1))
    keep(archive, 3, "医保", site="pingchuan", issued=date(2024, 2, 1))
    keep(archive, 4, "没有日期")
    found = list(archive.notices())
    assert [notice.title for notice in found] == ["通知2", "通知3", "通知1", "通知4"]
    assert found[0].text == "抗旱"
    assert found[0].issued == date(2024, 1, 1)
    assert found[0].first_seen == START
    assert [notice.site for notice in archive.notices("pingchuan")] == ["pingchuan"]
    assert [notice.title for notice in archive.notices(since=date(2024, 2, 1), until=date(2024, 3, 1))] == ["通知3", "通知1"]
    assert list(archive.notices(state="gone")) == []
    assert len(list(archive.notices(state="live"))) == len(found)


def test_notices_come_whole_however_many_a_batch_holds(archive, monkeypatch):
    monkeypatch.setattr(views, "BATCH", 2)
    for number in range(5):
        keep(archive, number, f"文字{number}", issued=date(2024, 1, 1))
    assert {notice.title for notice in archive.notices()} == {f"通知{number}" for number in range(5)}


def test_versions_tell_when_and_why_and_what_they_said(archive):
    work = keep(archive, 1, "防汛").notice
    keep(archive, 1, "防汛和抗旱", day=1)
    first, second = archive.versions(work)
    assert (first.number, first.kind, first.text) == (1, "first", "防汛")
    assert (second.number, second.kind, second.text) == (2, "substantive", "防汛和抗旱")
    assert second.captured_at == START + timedelta(days=1)
    assert [capture.record_id for capture in archive.captures()] == [first.record_id, second.record_id]
    assert archive.notice(work).versions == 2
    assert archive.notice(work).text == "防汛和抗旱"


def test_a_notice_that_is_not_there_says_where_ids_come_from(archive):
    with pytest.raises(ArchiveError, match="nothere: the archive has no such notice"):
        archive.notice("nothere")
