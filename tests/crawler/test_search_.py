"""`dibao search`: what someone looking for a notice types."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from archive import Archive
from cleaners.records import Capture, Notice, Paragraph
from crawler.cli import main

START = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def db(tmp_path):
    texts = [
        ("防汛工作的通知", "通知", date(2024, 1, 3)),
        ("防汛名单公示：范菱歌", "公示", date(2024, 2, 1)),
        ("防汛名单公示", "公示", date(2024, 2, 1)),
    ]
    with Archive.open(tmp_path / "a.db") as archive:
        archive.keep_site("linshui", "临水县人民政府")
        for day, (text, kind, issued) in enumerate(texts):
            url = f"https://www.linshui.gov.example/{min(day, 1)}.html"
            capture = archive.add(Capture("linshui", url, START + timedelta(days=day), 200, (), text.encode()))
            archive.read(capture, Notice(title=f"关于{text[:4]}", issued=issued, type=kind, paragraphs=(Paragraph(text),)), fingerprint="f")
    return tmp_path / "a.db"


def search(db, *words):
    return CliRunner().invoke(main, ["search", "--db", str(db), *words])


def test_hits_come_newest_first_with_their_addresses(db):
    done = search(db, "防汛")
    assert done.exit_code == 0
    assert [line[:10] for line in done.stdout.splitlines() if line.startswith("2024")] == ["2024-02-01", "2024-01-03"]
    assert "https://www.linshui.gov.example/1.html" in done.stdout
    assert "2 found, 2 shown" in done.stderr


def test_filters_limits_and_words_that_must_not_be_there(db):
    assert search(db, "防汛", "-公示", "-q").stdout.count("http") == 1
    assert search(db, "-公示").stdout.count("http") == 1
    assert search(db, "防汛", "--type", "通知", "--site", "临水", "--since", "2024-01", "--until", "2024-01-31").stdout.count("http") == 1
    assert search(db, "--limit", "1", "防汛").stdout.count("http") == 1
    assert "read as: 「防汛」 AND type：公示" in search(db, "防汛", "--type", "公示").stderr


def test_text_removed_since_is_found_with_history(db):
    assert "0 found" in search(db, "范菱歌").stderr
    [hit] = map(json.loads, search(db, "范菱歌", "--history", "--json").stdout.splitlines())
    assert (hit["older"], hit["until"][:10], hit["issued"]) == (True, "2024-06-03", "2024-02-01")
    assert "until 2024-06-03" in search(db, "范菱歌", "--history").stdout


def test_how_a_query_was_read_is_said_and_nothing_is_an_error(db):
    done = search(db, "防汛 OR (", "--relevance")
    assert done.exit_code == 0
    assert "left out" in done.stderr
    assert "no site is called" in search(db, "防汛", "--site", "青河").stderr
    assert search(db).exit_code == 2
    assert "2024-05" in search(db, "防汛", "--since", "昨天").stderr


def test_the_index_is_brought_up_to_date_first(db):
    with Archive.open(db) as archive, archive.write() as connection:
        connection.execute("insert into search_stale select id from notices limit 1")
    assert "1 notices wait" in search(db, "防汛").stderr
    assert "wait" not in search(db, "防汛").stderr
