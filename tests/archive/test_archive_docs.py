"""The examples of docs/archive.md run as they stand, and docs/schema.md says what the tables are."""

import re
import sqlite3
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import Archive
from archive.schema import migrations
from archive.schema.document import document, undescribed
from cleaners.records import Capture, Notice, Paragraph

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"^`{3}python\n(.*?)^`{3}", re.DOTALL | re.MULTILINE)


@pytest.fixture
def example(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Archive.open("archive.db") as archive:
        for day, text in ((1, "现将低保名单公示如下。"), (2, "现将低保名单公示如下，公示期七天。")):
            when = datetime(2024, 6, day, tzinfo=UTC)
            kept = archive.add(Capture("linshui", "https://www.linshui.gov.example/1.html", when, 200, (), text.encode()))
            notice = Notice(title="低保公示", issued=date(2024, 6, 1), document_number="临民〔2024〕3号", paragraphs=(Paragraph(text),))
            archive.read(kept, notice, fingerprint="f")


def test_the_examples_run_as_they_stand(example, capsys):
    blocks = CODE.findall((ROOT / "docs" / "archive.md").read_text("utf-8"))
    assert blocks
    for block in blocks:
        exec(block, {"date": date, "datetime": datetime, "UTC": UTC})
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "2024-06-01 临民〔2024〕3号 低保公示 17"
    assert [line.split()[0] for line in shown[2:4]] == ["1", "2"]
    assert "first_seen" in "\n".join(shown)


def test_the_example_of_a_rows_fixity_runs():
    for block in CODE.findall((ROOT / "docs" / "durability.md").read_text("utf-8")):
        exec(block, {})


def test_every_table_and_column_has_words():
    connection = sqlite3.connect(":memory:")
    migrations.apply(Database(connection))
    words = tomllib.loads((ROOT / "archive" / "browse" / "tables.toml").read_text("utf-8"))
    assert undescribed(connection, words) == []
    connection.close()


def test_the_page_of_tables_is_that_of_today():
    written = (ROOT / "docs" / "schema.md").read_text("utf-8")
    assert written == document() + "\n", "run: python -m archive.schema.document > docs/schema.md"
