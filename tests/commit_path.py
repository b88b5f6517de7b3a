"""Work for an archive that is about to be killed, cut off or refused by its disk: what the tests of durability and the benchmark share.

`work` keeps pages, files, lists and waiting requests as a crawl does, each step a transaction, and says after each what is kept
(acknowledged). `held` says which of that an archive holds.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import Archive
from archive.connection import Store
from archive.preservation.verify import verify
from archive.record.frontier import Waiting, fingerprint
from cleaners.attachments.records import FileText
from cleaners.records import Attachment, Capture, Entry, Notice, Paragraph

START = datetime(2024, 1, 1, tzinfo=UTC)
SITE = "lianxu"
HOME = "https://www.lianxu.gov.example/"
RULES = "sha256:0123456789abcdef"


def page(number: int, turn: int) -> tuple[Capture, Notice]:
    """Make one page and what is read in it: every third changes with each turn, every fifth only in its wording."""
    url = f"{HOME}tzgg/t{number}.html"
    said = f"各单位要按照第{number}号安排落实任务，逐项记录，按月报送。" * 12 + ("" if number % 3 else f"第{turn}次修订。")
    text = said + (" " * turn if number % 5 == 0 else "")
    files = (Attachment(f"{HOME}files/{number}.pdf", "附件", "application/pdf"),) if number % 4 == 0 else ()
    notice = Notice(title=f"关于第{number}项工作的通知", issued=START.date(), paragraphs=(Paragraph(text),), attachments=files)
    body = f"<html><title>{notice.title}</title><p>{text}</p>{number % 7}{turn}</html>".encode() * 3
    at = START + timedelta(days=turn, seconds=number)
    entry = Entry(url, notice.title or "", START.date(), "通知公告")
    return Capture(SITE, url, at, 200, (("ETag", f'"{turn}"'), ("Date", "Mon, 01 Jan 2024 00:00:00 GMT")), body, entry=entry), notice


def file_of(number: int, turn: int) -> Capture:
    """Make the file of a page; it is another one every second turn."""
    body = f"%PDF-1.4 {number} {turn // 2}".encode() * 60
    at = START + timedelta(days=turn, seconds=number, microseconds=500)
    return Capture(SITE, f"{HOME}files/{number}.pdf", at, 200, (), body, role="attachment")


def begin(archive: Archive) -> int:
    """Keep the site and open a run, closing what was killed."""
    archive.keep_site(SITE, "连续市人民政府", HOME, channels=[("通知公告", f"{HOME}tzgg/", "daily")])
    archive.interrupt_runs(SITE)
    return archive.start_run(SITE)


def work(archive: Archive, kept: Callable[[str], object], *, turns: int = 2, pages: int = 12) -> None:
    """Do the work of some turns over the same pages; `kept` is told the record id of each capture and what it was, once it is kept."""
    run = begin(archive)
    frontier = archive.frontier(SITE)
    for turn in range(turns):
        for number in range(pages):
            url = f"{HOME}tzgg/t{number}.html"
            with archive.write():
                archive.list_entries(run, SITE, "通知公告", [Entry(url, f"第{number}项 {turn}", None, "通知公告")])
                frontier.put(_waiting(number, url), run)
            kept(f"listed {url}")
            capture, notice = page(number, turn)
            with archive.write():
                capture = archive.add(capture, run)
                archive.read(capture, notice, fingerprint=RULES)
                frontier.remove(number)
            kept(f"capture {capture.record_id}")
            if notice.files:
                file = archive.add(file_of(number, turn), run)
                kept(f"capture {file.record_id}")
                archive.attach(file, FileText(f"附件{number}：工作任务清单第{turn // 2}版", 1, "application/pdf"))
        archive.end_channel(run, SITE, "通知公告", complete=True, resume=None)
        kept("channel")
    archive.end_run(run, "complete")
    kept(f"run {run}")


def _waiting(number: int, url: str) -> Waiting:
    plain = {"headers": None, "body": None, "kwargs": None, "priority": 0, "filtered": True, "callback": "parse", "errback": "failed"}
    asked = {"role": "notice", "channel": "通知公告", "host": "lianxu.gov.example", "url": url, "method": "GET", "meta": "{}"}
    return Waiting(number=number, fingerprint=fingerprint(url), **asked, **plain)


def missing(path: Path, acknowledged: list[str]) -> list[str]:
    """Give what was acknowledged and an archive does not hold."""
    with Archive.open(path, create=False) as archive, archive.reading() as connection:
        return [said for said in acknowledged if not _holds(connection, said)]


def _holds(connection: sqlite3.Connection, said: str) -> bool:
    kind, _, what = said.partition(" ")
    if kind == "capture":
        number = bytes.fromhex(what.removeprefix("urn:uuid:").replace("-", ""))
        return connection.execute("select 1 from captures where record_id = ?", (number,)).fetchone() is not None
    if kind == "listed":
        return connection.execute("select 1 from entries where url = ?", (what,)).fetchone() is not None
    if kind == "channel":
        return connection.execute("select 1 from channels where last_complete is not null").fetchone() is not None
    return connection.execute("select 1 from runs where id = ? and outcome = 'complete'", (what,)).fetchone() is not None


def faults(path: Path, *, quick: bool = False) -> list[str]:
    """Give what is wrong with an archive: what `verify` finds, and transactions of which a part is there."""
    found = [str(damage) for damage in verify(path, quick=quick).damages]
    with closing(sqlite3.connect(path)) as connection:
        if connection.execute("select 1 from sqlite_schema where name = 'captures'").fetchone() is None:
            return found
        # a page is kept in one transaction with what was read in it
        half = connection.execute("select count(*) from captures where role = 'notice' and read = 0").fetchone()[0]
        halves = connection.execute("select count(*) from readings where version is null").fetchone()[0]
    return found + [f"{half} pages and {halves} readings were kept by half"] * bool(half or halves)


def named(statement: str) -> str:
    """Name a step of the commit path by its verb and its table."""
    words = re.sub(r"^(--\s*)?", "", " ".join(statement.lower().split()))
    verb = words.split(" ", 1)[0]
    table = re.search(r"(?:into|update|from|table|index) (?:'main'\.)?[\"']?([a-z_]+)", words)
    return (
        f"{verb} {table[1]}"
        if table and verb not in {"begin", "commit", "pragma"}
        else " ".join(words.split()[:2])
        if verb == "pragma"
        else verb
    )


def steps(path: Path, *, turns: int = 2, pages: int = 12) -> list[str]:
    """Give the statements of the whole work in order, by name: where it can be killed."""
    names: list[str] = []
    with traced(lambda statement: names.append(named(statement))), Archive.open(path) as archive:
        work(archive, lambda _: None, turns=turns, pages=pages)
    return names


class traced:  # noqa: N801 - used as a function
    """Have every statement of archives opened inside told, from the first on."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        self._tell = tell
        self._prepare = Store._prepare

    def __enter__(self) -> None:
        prepare, tell = self._prepare, self._tell

        def watched(store: Store) -> None:
            store.connection.set_trace_callback(tell)
            prepare(store)

        Store._prepare = watched  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        Store._prepare = self._prepare  # type: ignore[method-assign]


def lines(text: str) -> Iterator[str]:
    """Give the whole lines of what a killed process wrote."""
    return (json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n"))
