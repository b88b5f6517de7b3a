"""The text of a file is kept once for its bytes, comes back as it was read, and is read again when the readers change."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, filetexts
from archive.documents import storable
from archive.filetexts import open_text
from cleaners.attachments import FLAGS, FileText
from cleaners.records import Attachment, Capture, Notice, Paragraph

START = datetime(2024, 1, 1, tzinfo=UTC)
SITE = "https://www.linshui.gov.example"
SHEET = FileText(
    "姓名\t金额\n张三\t12", 2, "application/zip", ("partial", "signed"), "Its end is missing.",
    files=(FileText("张三\t12", name="a.xls", size=9, tables=((("张三", "12"),),), files=(FileText(name="b"),)),),
    tables=((("姓名", "金额"), ("张三", "12")),),
)  # fmt: skip


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


def keep(archive, name="f.xls", body=b"one", day=1.0, site="linshui", *, run=None, **fields):
    fields = {"role": "attachment", **fields}
    return archive.add(Capture(site, f"{SITE}/{name}", START + timedelta(days=day), 200, (), body, **fields), run)


def texts(archive):
    with archive.reading() as connection:
        return [open_text(row) for row in connection.execute("select * from file_texts order by payload")]


def rows(archive):
    with archive.reading() as connection:
        return [tuple(row) for row in connection.execute("select * from file_texts order by payload")]


def nothing(_capture):
    return Notice(), "f"


def test_a_text_comes_back_with_its_tables_and_files(archive):
    archive.attach(keep(archive), SHEET)
    assert texts(archive) == [SHEET]


FILES = st.builds(
    FileText,
    text=st.text(), pages=st.integers(0, 99), media_type=st.sampled_from(["", "application/pdf"]), reason=st.text(max_size=9),
    flags=st.lists(st.sampled_from(sorted(FLAGS)), max_size=3).map(tuple), name=st.text(max_size=9), size=st.integers(0, 99),
    tables=st.lists(st.lists(st.lists(st.text(max_size=5), max_size=3).map(tuple), max_size=3).map(tuple), max_size=2).map(tuple),
)  # fmt: skip


@given(FILES, st.lists(FILES, max_size=2).map(tuple))
def test_any_text_comes_back(found, inside):
    whole = FileText(**{name: getattr(found, name) for name in ("text", "pages", "media_type", "flags", "reason", "tables")}, files=inside)
    row = filetexts._row(whole)
    assert open_text(row) == whole


def test_a_lone_surrogate_is_kept_out_of_the_column(archive):
    archive.attach(keep(archive), FileText("a\ud800b"))
    assert texts(archive)[0].text == storable("a\ud800b")


def test_the_same_bytes_are_read_once_whatever_links_to_them(archive):
    archive.attach(keep(archive, "a.xls"), SHEET)
    twin = keep(archive, "b.xls", day=2)
    assert archive.has_text(twin)
    archive.attach(twin)
    assert len(texts(archive)) == 1
    assert list(archive.unread_files()) == []


def test_what_was_never_read_is_given_once_a_payload_and_what_killed_runs_left_by_site(archive):
    keep(archive, "a.xls")
    keep(archive, "b.xls", day=2)
    archive.keep_site("qinghe")
    complete, killed = archive.start_run("qinghe"), archive.start_run("qinghe")
    keep(archive, "c.xls", b"two", site="qinghe", run=complete)
    archive.end_run(complete, "complete")
    keep(archive, "d.xls", b"three", outcome="damaged")
    keep(archive, "e.html", b"four", role="notice")
    keep(archive, "f.xls", b"five", site="qinghe", run=killed)
    archive.interrupt_runs("qinghe")
    assert [capture.url for capture in archive.unread_files()] == [f"{SITE}/{name}.xls" for name in "acf"]
    assert [capture.url for capture in archive.unread_files("qinghe")] == [f"{SITE}/f.xls"]
    assert list(archive.unread_files("linshui")) == []
    assert not archive.has_text(keep(archive, "g.xls"))


def test_link_and_text_are_one_transaction(archive, monkeypatch):
    page = archive.add(Capture("linshui", f"{SITE}/1.html", START, 200, (), b"page"))
    archive.read(
        page, Notice(title="通知", paragraphs=(Paragraph("见附件。"),), attachments=(Attachment(f"{SITE}/f.xls", "表"),)), fingerprint="f"
    )
    file = keep(archive)

    def fail(*_):
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr("archive.readings.linking", fail)
    with pytest.raises(Exception, match="disk full"):
        archive.attach(file, SHEET)
    assert texts(archive) == []
    with archive.reading() as connection:
        assert connection.execute("select capture from attachments").fetchone()[0] is None


def test_a_rebuild_reads_files_of_other_readers_and_then_none(archive, monkeypatch):
    archive.attach(keep(archive, "a.xls"), SHEET)
    keep(archive, "b.xls", b"two")
    report = archive.rebuild(nothing, lambda _: FileText(flags=("scanned",)))
    assert (report.files, report.refiled, report.shortfalls, report.changed) == (1, 1, {"scanned": 1}, True)
    before = rows(archive)
    report = archive.rebuild(nothing, lambda _: FileText("never asked for"))
    assert (report.files, report.changed) == (0, False)
    assert rows(archive) == before
    monkeypatch.setattr(filetexts, "fingerprint", lambda: "sha256:other")
    report = archive.rebuild(nothing, lambda capture: SHEET if capture.body == b"one" else FileText("now read"))
    assert (report.files, report.refiled, report.shortfalls) == (2, 1, {"partial": 1})
    assert [found.text for found in texts(archive)] == [SHEET.text, "now read"]
    assert archive.rebuild(nothing, lambda _: FileText("never asked for")).files == 0


def test_a_crawl_leaves_what_another_reader_read_to_a_rebuild(archive, monkeypatch):
    file = keep(archive)
    archive.attach(file, SHEET)
    monkeypatch.setattr(filetexts, "fingerprint", lambda: "sha256:other")
    assert archive.has_text(file)
    assert list(archive.unread_files()) == []
    assert [capture.record_id for capture in archive.unread_files(stale=True)] == [file.record_id]


def test_which_capture_is_read_again_is_the_first_kept(archive, monkeypatch):
    first = keep(archive, "a.csv", day=5)
    archive.attach(keep(archive, "b.txt", day=1), SHEET)
    monkeypatch.setattr(filetexts, "fingerprint", lambda: "sha256:other")
    seen = []
    archive.rebuild(nothing, lambda capture: seen.append(capture.record_id) or SHEET)
    assert seen == [first.record_id]


def test_an_archive_of_an_older_dibao_opens_and_a_rebuild_reads_its_files(tmp_path):
    path = tmp_path / "a.db"
    with Archive.open(path) as archive:
        keep(archive)
    connection = sqlite3.connect(path)
    connection.executescript(
        "drop table file_texts; drop index captures_files; delete from _sqlite_migrations where name in ('file_texts', 'file_text_fixity')"
    )
    connection.close()
    with Archive.open(path) as archive:
        assert archive.rebuild(nothing, lambda _: SHEET).files == 1
        assert texts(archive) == [SHEET]


def test_tables_too_large_to_keep_are_left_to_the_text(archive, monkeypatch):
    monkeypatch.setattr(filetexts, "LARGEST_CONTENTS", 20)
    archive.attach(keep(archive), SHEET)
    (found,) = texts(archive)
    assert (found.text, found.tables, found.files) == (SHEET.text, (), ())
