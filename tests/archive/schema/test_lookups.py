"""What is kept and what a run's end does costs the same in a large archive: no statement of theirs reads a growing table from end to end."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from cleaners.records import Attachment, Capture, Entry, Notice, Paragraph

START = datetime(2024, 5, 6, 7, tzinfo=UTC)
HOST = "http://www.qingshan.gov.example"
GROWING = {"addresses", "address_states", "attachments", "captures", "document_keys", "entries", "entry_intervals", "envelopes", "moves"}
GROWING |= {"notices", "payloads", "readings", "removals", "search_rows", "versions"}


class Explaining:
    """A connection that asks for the plan of each statement before it runs it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.plans: dict[str, list[str]] = {}

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Run a statement, its plan kept."""
        if sql not in self.plans and re.match(r"\s*(select|with|update|delete)", sql):
            self.plans[sql] = [row[3] for row in self.connection.execute(f"explain query plan {sql}", *values)]
        return self.connection.execute(sql, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def slow(self) -> list[str]:
        """Give the statements that read a growing table, or index it for themselves; partial indexes hold few rows."""
        indexes = "select name from sqlite_master where type = 'index' and sql like '% where %'"
        partial = {row[0] for row in self.connection.execute(indexes)}
        return [
            " ".join(sql.split()) + f" -- {step}" for sql, steps in self.plans.items() for step in steps if _is_slow(sql, step, partial)
        ]


def _is_slow(sql: str, step: str, partial: set[str]) -> bool:
    if "AUTOMATIC" in step:
        return True
    scanned = re.match(r"SCAN (\w+)(?:.* INDEX (\w+))?", step)
    if scanned is None or scanned[2] in partial:
        return False
    name = re.search(rf"(\w+) (?:as )?{scanned[1]}\b", sql)
    return bool({scanned[1], name[1] if name else ""} & GROWING)


def _visit(archive: Archive, run: int, place: int, day: int) -> None:
    at = START + timedelta(days=day, minutes=place)
    url = f"{HOST}/tz/t{place}.html"
    entry = Entry(url, f"通知{place}", date(2024, 5, 6), "通知")
    kept = archive.add(Capture("qingshan", url, at, 200, (), f"<html><p>第{place}件事 {day // 2}</p></html>".encode(), entry=entry), run)
    text = f"关于第{place}件事的通知，第{day // 2}次修改。"
    file = Attachment(f"{HOST}/f{place}.pdf", "附件")
    notice = Notice(title=f"通知{place}", document_number=f"青政发〔2024〕{place}号", paragraphs=(Paragraph(text),), attachments=(file,))
    archive.read(kept, notice, fingerprint="a")
    archive.attach(archive.add(Capture("qingshan", file.url, at, 200, (), b"%PDF" + bytes([day]), role="attachment"), run))
    archive.add(Capture("qingshan", f"{HOST}/alt/{place}.html", at, 301, (), b"", outcome="redirected", redirected_to=url), run)
    archive.add(Capture("qingshan", f"{HOST}/gone/{place}.html", at, 404, (), b"", outcome="missing"), run)


@pytest.fixture
def explained(tmp_path: Path) -> Iterator[Explaining]:
    """Keep a few visits of three days, with all that runs do, and give the plans of all statements."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.keep_site("qingshan", "青山县人民政府", channels=[("通知", f"{HOST}/tz/", "1d")])
        archive._store.connection = explaining = Explaining(archive._store.connection)  # type: ignore[assignment]
        for day in range(3):
            run = archive.start_run("qingshan")
            archive.list_entries(run, "qingshan", "通知", [Entry(f"{HOST}/tz/t{place}.html", "通知") for place in range(day, 4)])
            for place in range(4):
                _visit(archive, run, place, day)
            archive.end_channel(run, "qingshan", "通知", complete=True, full=True)
            archive.end_run(run, "complete")
        yield explaining


def test_no_statement_of_a_run_reads_a_whole_table(explained: Explaining) -> None:
    assert len(explained.plans) > 60
    assert explained.slow() == []
