"""What a visitor sees of a notice that was taken down: why, and not what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.store import Archive
from archive.takedowns.acts import take_down
from cleaners.records import Capture, Notice, Paragraph, Removal

SECRET = "甲某某家住东街十七号"
TEXT = f"根据有关规定，现将低保对象名单公示如下：{SECRET}。公示期七天，如有异议请向本局反映，逾期不再受理，特此公示。"
URL = "https://www.linshui.gov.example/1.html"


@pytest.fixture
def sealed(tmp_path, read_archive):
    path = tmp_path / "a.db"
    with Archive.open(path) as archive:
        html = (("Content-Type", "text/html; charset=utf-8"),)
        capture = archive.add(Capture("linshui", URL, datetime(2024, 6, 1, tzinfo=UTC), 200, html, f"<p>{TEXT}</p>".encode()))
        notice = Notice(title="低保公示", paragraphs=(Paragraph(TEXT),), removals=(Removal("r", "c", (0, 0, 1), SECRET),))
        work = archive.read(capture, notice, fingerprint="f").notice
        take_down(archive._store, work, "当事人要求", requester="person", basis="个人信息保护法第四十七条")
    return read_archive(path), work


def test_the_page_is_a_tombstone_that_says_why(sealed):
    reader, work = sealed
    html = reader.text(f"/notice/{work}")
    for words in ("低保公示", "内容已封存，不予显示。", "当事人要求", "个人信息保护法第四十七条", "当事人"):
        assert words in html
    assert "The content is sealed and not shown." in reader.text(f"/notice/{work}?lang=en")


def test_no_page_and_no_table_shows_what_was_sealed(sealed):
    reader, work = sealed
    assert "内容不予显示" in reader.text("/capture/1/raw", status=451)
    for path in ("/", "/search?q=东街", f"/notice/{work}?removed=1", "/capture/1", "/takedowns"):
        assert SECRET not in reader.text(path)
    for table in ("notices", "readings", "removals", "payloads", "search_rows", "takedowns", "captures"):
        answer = reader.get(reader.served.urls.table("a", table, format="json") + "?_size=max")
        assert answer.status_code == 200
        assert SECRET not in answer.text
    assert reader.get(reader.served.urls.table("a", "sealed", format="json")).status_code != 200


def test_takedowns_are_listed_for_everybody(sealed):
    reader, work = sealed
    html = reader.text("/takedowns")
    for words in ("低保公示", f"/notice/{work}", "当事人要求", "封存"):
        assert words in html
    assert 'href="/takedowns"' in reader.text("/")
