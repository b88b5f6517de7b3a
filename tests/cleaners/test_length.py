"""A page longer than any notice gives its beginning and says so; rebuild and crawl cut alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cleaners import length, worker
from cleaners.length import FLAG
from cleaners.noise.boilerplate import restore
from cleaners.records import Capture
from cleaners.worker import read_bare, read_safely, read_stripped

TEXT = "为做好防汛工作，现将有关事项通知如下，请认真执行。"


def capture(page: str, **more: object) -> Capture:
    made = Capture("ceshi", "https://www.ceshi.gov.example/t1.html", datetime(2031, 5, 7, tzinfo=UTC), 200, (), page.encode())
    return replace(made, **more)  # type: ignore[arg-type]


def notice_page(count: int, first: int = 0) -> str:
    rows = "".join(f"<p>第{number}号，{TEXT}</p>" for number in range(first, first + count))
    return f"<html><head><title>关于防汛的通知</title></head><body><h1>关于防汛的通知</h1><div id=zoom>{rows}</div></body></html>"


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(length, "MOST_CHARACTERS", 1_000)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("reader", [read_safely, read_stripped, read_bare])
def test_of_a_text_too_long_the_beginning_is_read_and_the_rest_is_counted(reader: object) -> None:
    notice = reader(capture(notice_page(500)))  # type: ignore[operator]
    assert 900 < len(notice.text) <= 1_100
    assert f"第3号，{TEXT}" in notice.text
    assert FLAG in notice.flags
    assert "of which the first 1000 in" in notice.evidence[FLAG].snippet
    assert restore(notice.text, notice.removals) == notice.uncleaned


@pytest.mark.usefixtures("short")
def test_one_endless_line_is_cut_too() -> None:
    notice = read_safely(capture(f"<html><body><div id=zoom><p>{TEXT * 500}</p></div></body></html>"))
    assert len(notice.text) == 1_000
    assert TEXT * 20 in notice.text
    assert FLAG in notice.flags


@pytest.mark.usefixtures("short")
def test_further_parts_are_read_as_far_as_one_notice_goes() -> None:
    parts = tuple(notice_page(10, first).encode() for first in (10, 20, 30, 40))
    notice = read_safely(capture(notice_page(10), parts=parts))
    assert f"第29号，{TEXT}" in notice.text
    assert "第49号" not in notice.text
    assert FLAG in notice.flags


def test_a_notice_of_ordinary_length_is_whole() -> None:
    notice = read_safely(capture(notice_page(300)))
    assert f"第299号，{TEXT}" in notice.text
    assert FLAG not in notice.flags


def test_files_pictures_tags_and_words_are_as_many_as_a_notice_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(length, "MOST_FILES", 5)
    monkeypatch.setattr(length, "LONGEST", 100)
    files = "".join(f'<p><a href="/f/{number}.pdf">附件{number}.pdf</a></p>' for number in range(20))
    page = notice_page(3).replace("</div>", f"{files}</div>").replace("<head>", f'<head><meta name="Keywords" content="{"汛" * 500}">')
    notice = read_safely(capture(page))
    assert [file.url.rsplit("/", 1)[-1] for file in notice.attachments] == [f"{number}.pdf" for number in range(5)]
    assert len(notice.meta["Keywords"]) == 100
    assert FLAG in notice.flags
    assert "attachments" in notice.evidence[FLAG].snippet


def test_parts_that_are_not_plain_are_read_by_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    run_limited = worker.run_limited
    monkeypatch.setattr(
        worker, "run_limited", lambda function, *given, **more: asked.append(function) or run_limited(function, *given, **more)
    )
    read_safely(capture(notice_page(2), parts=(notice_page(2).encode(),)))
    assert asked == []
    read_safely(capture(notice_page(2), parts=(("<td>" * 6_000).encode(),)))
    assert asked
