"""`dibao diff`, `works`, `merge`, `split`, `undo`: what a scholar types."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.works.notices import notice_id
from cleaners.records import Capture, Notice, Paragraph
from crawler.cli import main

START = datetime(2024, 5, 1, tzinfo=UTC)
URL = "https://www.linshui.gov.example/t20240501_1.html"
OTHER = "https://www.linshui.gov.example/t20240501_2.html"
ITEMS = [f"第{number}项工作由第{number}科牵头办理，各单位配合落实。" for number in range(1, 9)]


def read(archive, text, day=0, url=URL, fingerprint="f", **fields):
    capture = archive.add(Capture("linshui", url, START + timedelta(days=day), 200, (), "".join(text).encode()))
    archive.read(capture, Notice(**{"title": "示例通知", "paragraphs": tuple(map(Paragraph, text))} | fields), fingerprint=fingerprint)
    return capture


@pytest.fixture
def db(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        read(archive, ITEMS)
        edited = [ITEMS[0], "新增一项任务。", *ITEMS[1:5], ITEMS[5].replace("牵头", "负责"), ITEMS[7]]
        read(archive, edited, 1, document_number="临政发〔2024〕1号")
        read(archive, ["另一件事。"], 2, OTHER)
    return tmp_path / "a.db"


def dibao(db, *words):
    done = CliRunner().invoke(main, [words[0], "--db", str(db), *words[1:]])
    return done.exit_code, done.output.splitlines()


def test_the_last_two_versions_are_compared_with_ids_and_little_around_them(db):
    code, lines = dibao(db, "diff", URL)
    work = notice_id(URL)
    assert code == 0
    assert lines[:4] == [
        "示例通知",
        f"--- {work}@2024-05-01T00:00:00.000000Z  version 1 第1版  {URL}",
        f"+++ {work}@2024-05-02T00:00:00.000000Z  version 2 第2版  {URL}",
        "the source changed (原文有改动)",
    ]
    assert lines[5:7] == ["发文字号", "+ 临政发〔2024〕1号"]
    assert lines[8:] == [
        f"    p1 {ITEMS[0]}",
        "+   p9 新增一项任务。",
        f"    p2 {ITEMS[1]}",
        "  … 2 unchanged 段未变",
        f"    p5 {ITEMS[4]}",
        "-   p6 第6项工作由第6科[-牵头-]办理，各单位配合落实。",
        "+   p6 第6项工作由第6科{+负责+}办理，各单位配合落实。",
        f"-   p7 {ITEMS[6]}",
        f"    p8 {ITEMS[7]}",
    ]


@pytest.mark.parametrize("names", [("1", "2"), ("1",), ("2024-05-01", "2024-05-02T00:00:00Z"), ("2024-05-01T08:00+08:00", "2")])
def test_versions_are_named_by_number_or_time(db, names):
    assert dibao(db, "diff", notice_id(URL), *names) == dibao(db, "diff", URL)


def test_json_holds_what_changed_or_all(db):
    some, everything = (json.loads("\n".join(dibao(db, "diff", URL, "--json", *more)[1])) for more in ((), ("--all",)))
    assert some["cause"] == "source"
    assert [(row["kind"], row["before"], row["after"]) for row in some["paragraphs"]] == [
        ("added", None, "p9"), ("changed", "p6", "p6"), ("removed", "p7", None),
    ]  # fmt: skip
    assert len(everything["paragraphs"]) == 9
    assert some["paragraphs"][1]["pieces"][1] == ["牵头", "removed"]


def test_what_our_cleaner_changed_is_told_as_that(db):
    with Archive.open(db) as archive:
        capture = next(iter(archive.captures(url=OTHER)))
        archive.read(capture, Notice(title="示例通知", paragraphs=(Paragraph("另一件事。"), Paragraph("落款。"))), fingerprint="g")
    code, lines = dibao(db, "diff", OTHER, "1", "1")
    assert code == 0
    assert "our reading changed, the source did not (读法有改进，原文未变)" in lines
    assert lines[-1] == "+   p2 落款。"


def test_names_that_fit_nothing_are_told_with_those_there_are(db):
    code, lines = dibao(db, "diff", URL, "7")
    assert code == 2
    assert "there is no such version; there are 1 (2024-05-01T00:00:00.000000Z), 2" in lines[0]
    assert "there is only one version" in dibao(db, "diff", OTHER)[1][0]
    assert "no such notice" in dibao(db, "diff", "https://nowhere.example/")[1][0]


def test_works_are_merged_split_undone_and_shown(db):
    assert dibao(db, "merge", OTHER, URL, "--reason", "同一份文件") == (
        0, [f"move 1: {OTHER} now belongs to {notice_id(URL)}, no longer to {notice_id(OTHER)}"],
    )  # fmt: skip
    code, lines = dibao(db, "works", URL)
    assert code == 0
    assert [line.strip() for line in lines if line.strip().startswith("http")] == [URL, OTHER]
    assert any("by hand" in line and "why: 同一份文件" in line for line in lines)
    assert dibao(db, "split", OTHER, "--reason", "不是")[0] == 0
    assert dibao(db, "undo", "1", "2")[1][0] == f"move 3: {OTHER} belongs to {notice_id(URL)} again, no longer to {notice_id(OTHER)}"
    assert [line for line in dibao(db, "works", OTHER)[1] if "undone by" in line]
    assert dibao(db, "undo", "1")[0] == 2
    assert dibao(db, "merge", OTHER, URL)[0] == 2
