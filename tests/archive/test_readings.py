"""Whatever sites, cleaners and rebuilds do in whatever order: no change of the source is told that did not happen, and none is missed."""

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from archive import Archive
from cleaners.records import Capture, Notice, Paragraph

START = datetime(2024, 1, 1, tzinfo=UTC)
SITE = "https://www.linshui.gov.example"
TEXTS = ("甲", "乙", "丙")
WORDS = {"A": "", "B": "按", "C": "略"}
"""What each cleaner adds to every text: none of them takes two texts for one."""


@dataclass(frozen=True)
class Cleaner:
    """A toy cleaner: pages are JSON; knows its fingerprint, as the reader of a rebuild does."""

    name: str

    def __call__(self, capture):
        page = json.loads(capture.body)
        return Notice(title="通知", paragraphs=(Paragraph(page["text"] + WORDS[self.name] + page["width"]),)), self.name

    def fingerprint(self, _site):
        return self.name

    def learned(self, _site):
        return ()


@dataclass
class Page:
    """The truth of an address: when what was captured, which of it was read, and what each name told when it was first seen."""

    seen: dict[int, str] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)

    def versions(self):
        return [text for text, _ in groupby(self.seen[at] for at in sorted(self.read))]


class Sources(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp())
        self.archive = Archive.open(self.folder / "a.db")
        self.cleaner = Cleaner("A")
        self.pages = {"1": Page(), "2": Page()}
        self.unread = []
        self.clock = 0

    def teardown(self):
        if hasattr(self, "archive"):
            self.archive.close()
            shutil.rmtree(self.folder)

    def capture(self, number, minute, text, width):
        body = json.dumps({"text": text, "width": width, "minute": minute}).encode()
        self.pages[number].seen[minute] = text
        return self.archive.add(Capture("linshui", f"{SITE}/{number}.html", START + timedelta(minutes=minute), 200, (), body))

    def read(self, number, minute, capture):
        page = self.pages[number]
        for before in self.archive.stale(capture, self.cleaner.name):
            told = self.archive.read(before, *self.cleaner(before)[:1], fingerprint=self.cleaner.name)
            assert told.cause == "cleaner"
            assert told.kind in {"cleaner", "unchanged", "cosmetic"}
        told = self.archive.read(capture, self.cleaner(capture)[0], fingerprint=self.cleaner.name)
        before = [at for at in page.read if at < minute]
        changed = bool(page.read) and (not before or page.seen[max(before)] != page.seen[minute])
        page.read.add(minute)
        assert told.cause == "source"
        if minute == max(page.read):
            assert told.kind in ({"substantive"} if changed else {"first"} if len(page.read) == 1 else {"unchanged", "cosmetic"})

    @rule(number=st.sampled_from("12"), text=st.sampled_from(TEXTS), width=st.sampled_from("!！"))
    def visit(self, number, text, width):
        self.clock += 10
        self.read(number, self.clock, self.capture(number, self.clock, text, width))

    @rule(number=st.sampled_from("12"), text=st.sampled_from(TEXTS))
    def killed_before_reading(self, number, text):
        self.clock += 10
        self.unread.append((number, self.clock, self.capture(number, self.clock, text, "!")))

    @precondition(lambda self: self.unread)
    @rule(place=st.integers(0, 20))
    def read_a_leftover(self, place):
        self.read(*self.unread.pop(place % len(self.unread)))

    @precondition(lambda self: self.clock)
    @rule(number=st.sampled_from("12"), text=st.sampled_from(TEXTS), back=st.integers(1, 9), visit=st.integers(0, 20))
    def import_an_old_one(self, number, text, back, visit):
        minute = 10 * (visit % (self.clock // 10) + 1) - back
        if minute not in self.pages[number].seen:
            self.read(number, minute, self.capture(number, minute, text, "!"))

    @rule(name=st.sampled_from("ABC"))
    def another_cleaner(self, name):
        self.cleaner = Cleaner(name)

    @rule(everything=st.booleans())
    def rebuild(self, everything):
        self.archive.rebuild(self.cleaner, everything=everything)
        for number, minute, _ in self.unread:
            self.pages[number].read.add(minute)
        self.unread = []
        assert not self.archive.rebuild(self.cleaner, everything=True).changed

    @invariant()
    def what_stands_is_what_happened(self):
        if not hasattr(self, "archive"):
            return
        for number, page in self.pages.items():
            with self.archive.reading() as connection:
                rows = connection.execute(VERSIONS, (f"{SITE}/{number}.html",)).fetchall()
            standing = {row["id"]: row for row in rows if row["merged_into"] is None}
            ordered = sorted(standing.values(), key=lambda row: row["captured_at"])
            assert [said(row) for row in ordered] == page.versions()
            assert [row["number"] for row in ordered] == list(range(1, len(ordered) + 1))
            assert [row["class"] for row in ordered] == ["first", *["substantive"] * (len(ordered) - 1)][: len(ordered)]
            assert page.names.keys() <= {row["captured_at"] for row in rows}
            assert all(row["merged_into"] is None or row["merged_into"] in standing for row in rows)
            page.names = {row["captured_at"]: "" for row in rows}


def said(row):
    return json.loads(row["document"])["paragraphs"][0]["text"][0]


VERSIONS = """
    select v.*, coalesce(r.document, s.document) as document from versions v join addresses a on a.id = v.address
    join readings r on r.id = v.reading left join readings s on s.id = r.same_as where a.url = ?
"""

TestSources = Sources.TestCase
TestSources.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
