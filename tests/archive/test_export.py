import io
import json
import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from archive import Archive
from archive.export import export
from cleaners.attachments import FileText
from cleaners.errors import ArchiveError
from cleaners.records import Attachment, Capture, Notice, Paragraph, Picture

START = datetime(2024, 6, 1, tzinfo=UTC)


FOUND = FileText(
    "名单.txt\n张三", media_type="application/zip", flags=("partial",), reason="One file is broken.",
    files=(FileText("张三", media_type="text/plain", name="名单.txt", size=6),),
)  # fmt: skip


def keep(archive, number, issued, text="防汛工作", day=0, *, site="linshui", **fields):
    url = f"https://www.{site}.gov.example/{number}.html"
    capture = archive.add(Capture(site, url, START + timedelta(days=day), 200, (), f"{number} {text} {day}".encode("utf-8", "replace")))
    notice = Notice(
        title=f"通知{number}", issued=issued, paragraphs=(Paragraph(text), Paragraph("甲 1", kind="row", cells=("甲", "1"))), **fields
    )
    return archive.read(capture, notice, fingerprint="f")


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        archive.keep_site("linshui", "临水县人民政府", level="county", division_code="110000")
        keep(
            archive,
            2,
            date(2024, 1, 2),
            created=date(2024, 1, 1),
            attachments=(Attachment("https://www.linshui.gov.example/f.pdf", "附件"), Attachment("", "名单.doc")),
            images=(Picture("https://www.linshui.gov.example/a.png", "现场", 1),),
            editor="王五",
        )
        archive.attach(
            archive.add(Capture("linshui", "https://www.linshui.gov.example/f.pdf", START, 200, (), b"pdf", role="attachment")), FOUND
        )
        keep(archive, 1, datetime(2024, 1, 1, 9, tzinfo=UTC))
        keep(archive, 3, None, site="qinghe")
        keep(archive, 1, datetime(2024, 1, 1, 9, tzinfo=UTC), "抗旱工作", day=1)
        yield archive


def lines(archive, **asked):
    out = io.BytesIO()
    number = export(archive, "jsonl", out, **asked)
    documents = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(documents) == number
    return documents


def test_a_line_a_notice_in_its_current_version(archive):
    first, second, third = lines(archive)
    assert (first["title"], first["text"], first["issued"]) == ("通知1", "抗旱工作\n甲 1", "2024-01-01T09:00:00+00:00")
    assert [version["class"] for version in first["versions"]] == ["first", "substantive"]
    assert first["capture"]["captured_at"] == "2024-06-02T00:00:00.000000Z"
    assert (second["site_title"], second["level"], second["division_code"], second["created"]) == (
        "临水县人民政府",
        "county",
        "110000",
        "2024-01-01",
    )
    assert [file["title"] for file in second["attachments"]] == ["附件", "名单.doc"]
    assert second["attachments"][0]["digest"].startswith("sha256:")
    assert second["paragraphs"][1] == {"text": "甲 1", "kind": "row", "cells": ["甲", "1"]}
    assert (third["issued"], third["addresses"][0]["url"]) == (None, "https://www.qinghe.gov.example/3.html")


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"site": "qinghe"}, ["通知3"]),
        ({"since": date(2024, 1, 2)}, ["通知2", "通知3"]),
        ({"until": date(2024, 1, 1)}, ["通知1"]),
        ({"since": date(2024, 6, 1), "until": date(2024, 6, 1)}, ["通知3"]),
        ({"site": "none"}, []),
    ],
)
def test_filters_by_site_and_day(archive, asked, titles):
    assert [document["title"] for document in lines(archive, **asked)] == titles


def test_attachments_carry_what_was_read_in_them(archive):
    file, nowhere = lines(archive)[1]["attachments"]
    assert (file["text"], file["file_type"], file["flags"], file["reason"]) == (
        "名单.txt\n张三",
        "application/zip",
        ["partial"],
        "One file is broken.",
    )
    assert file["files"] == [{"name": "名单.txt", "size": 6, "media_type": "text/plain", "flags": [], "reason": ""}]
    assert nowhere == {"url": "", "title": "名单.doc"}


def test_pictures_and_people_are_carried(archive):
    second = lines(archive)[1]
    assert second["images"] == [{"url": "https://www.linshui.gov.example/a.png", "caption": "现场", "paragraph": 1}]
    assert second["editor"] == "王五"


def test_a_time_of_issue_counts_for_the_day_it_was_in_china(archive):
    issued = datetime(2024, 3, 2, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    keep(archive, 7, issued, "春季植树")
    assert [document["issued"] for document in lines(archive, since=date(2024, 3, 2), until=date(2024, 3, 2))] == [
        "2024-03-02T00:30:00+08:00"
    ]
    assert lines(archive, since=date(2024, 3, 1), until=date(2024, 3, 1)) == []


def test_filters_hold_together(archive):
    keep(archive, 8, date(2024, 1, 2), "森林防火", site="qinghe")
    asked = {"site": "qinghe", "since": date(2024, 1, 1), "until": date(2024, 1, 31)}
    assert [document["title"] for document in lines(archive, **asked)] == ["通知8"]


def test_every_notice_is_in_it_however_many(archive):
    with archive.write():
        for number in range(450):
            keep(archive, number + 10, date(2024, 3, 1 + number % 3))
    exported = [document["id"] for document in lines(archive)]
    assert len(exported) == len(set(exported)) == 453


def test_the_same_archive_gives_the_same_bytes(archive, tmp_path):
    export(archive, "jsonl", tmp_path / "1.jsonl")
    export(archive, "jsonl", tmp_path / "2.jsonl")
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_text_is_a_file_a_notice_or_one_stream(archive, tmp_path):
    assert export(archive, "text", tmp_path / "texts") == 3
    files = sorted((tmp_path / "texts").iterdir())
    assert [file.name[:10] for file in files] == ["2024-01-01", "2024-01-02", "2024-06-01"]
    assert files[0].read_text(encoding="utf-8") == "通知1\n\n抗旱工作\n甲 1\n"
    assert export(archive, "text", tmp_path / "all.txt") == 3
    assert (tmp_path / "all.txt").read_text(encoding="utf-8").count("通知") == 3


def test_an_export_that_fails_leaves_what_was_there(archive, tmp_path, monkeypatch):
    path = tmp_path / "out.jsonl"
    path.write_text("before")
    monkeypatch.setattr("archive.export.jsonl.as_document", lambda entry: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(archive, "jsonl", path)
    assert path.read_text() == "before"
    assert not list(tmp_path.glob(".out*"))


def test_what_cannot_be_is_named(archive, tmp_path):
    with pytest.raises(ArchiveError, match="jsonl, text"):
        export(archive, "csv", tmp_path / "x")
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="cannot be written"):
        export(archive, "jsonl", tmp_path / "file" / "out.jsonl")


def test_text_with_no_characters_in_it_can_be_exported(archive):
    keep(archive, 9, date(2024, 1, 9), "甲\x00乙\ud800")
    assert lines(archive, since=date(2024, 1, 9))[0]["text"] == "甲\x00乙\ud800\n甲 1"
    export(archive, "text", io.BytesIO())


def test_a_pipe_stays_a_pipe(archive, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    number = export(archive, "jsonl", pipe)
    assert len(os.read(reader, 1 << 20).splitlines()) == number > 0
    assert pipe.is_fifo()
    os.close(reader)
