"""`dibao takedown`: what whoever answers a request types."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from archive import Archive
from cleaners.records import Capture, Notice, Paragraph
from crawler.cli import main

TEXT = "根据有关规定，现将低保对象名单公示如下：甲某某，家住东街十七号。公示期七天，如有异议请向本局反映，逾期不再受理，特此公示。"


@pytest.fixture
def db(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        capture = archive.add(Capture("linshui", "https://www.linshui.gov.example/1.html", datetime(2024, 6, 1, tzinfo=UTC), 200, (), b"x"))
        archive.read(capture, Notice(title="低保公示", paragraphs=(Paragraph(TEXT),)), fingerprint="f")
        yield tmp_path / "a.db", next(archive.notices()).id


def takedown(db, *words, answer=None):
    return CliRunner().invoke(main, ["takedown", "--db", str(db), *words], input=answer)


def test_a_notice_is_sealed_listed_and_given_back(db):
    path, work = db
    done = takedown(path, work, "--reason", "当事人要求", "--requester", "person", "--basis", "个人信息保护法第四十七条")
    assert done.exit_code == 0, done.output
    assert f"takedown 1: {work} sealed" in done.stdout
    assert "1 addresses, 1 captures, 1 payloads" in done.stdout
    listed = json.loads(takedown(path, "--json").stdout)
    assert (listed["takedowns"][0]["notice"], listed["takedowns"][0]["basis"]) == (work, "个人信息保护法第四十七条")
    assert takedown(path, "--lift", "1", "--reason", "误报").exit_code == 0
    assert [line.split()[-2:] for line in takedown(path, "--list").stdout.splitlines()[1:]] == [
        ["sealed", "当事人要求"],
        ["lifted", "误报"],
    ]
    with Archive.open(path) as archive:
        assert archive.notice(work).text == TEXT


def test_removing_asks_first(db):
    path, work = db
    assert takedown(path, work, "--reason", "x", "--remove", answer="n\n").exit_code == 1
    with Archive.open(path) as archive:
        assert archive.notice(work).text == TEXT
    done = takedown(path, work, "--reason", "法院判决", "--remove", "--yes")
    assert "Backups and exports made before still hold it" in done.stderr
    assert TEXT.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "give the id of a notice"),
        (["x", "--list"], "give the id of a notice"),
        (["x"], "--reason is missing"),
        (["nothere", "--reason", "y"], "nothere: there is no such notice; give its id, or the address of its page"),
        (["--lift", "7", "--reason", "y"], "takedown 7: there is no such takedown"),
    ],
)
def test_wrong_words_are_told(db, words, told):
    done = takedown(db[0], *words)
    assert done.exit_code == 2
    assert told in done.stderr
