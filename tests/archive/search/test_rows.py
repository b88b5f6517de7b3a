import sqlite3
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive import Archive
from archive.schema.base import run
from archive.search import files_form, indexed, match, read_query, said, searchable
from archive.search.contents import heading
from archive.search.rows import DAY
from archive.search.terms import facts_in
from archive.search.trees import hits
from cleaners.attachments import FileText
from cleaners.records import Attachment, Capture, Notice, Paragraph

SITE = "https://www.linshui.gov.example"
WORDS = ["扶贫公示", "防汛，抗旱", "第1号", "名单：范菱歌", "扶貧 a1"]
QUERIES = [
    "公示",
    "扶贫",
    "号",
    "抗旱 OR 名单",
    "-公示",
    "文种:通知",
    "机关:财政 -a1",
    "since:2024-02",
    "日期:2024-01 公",
    "附件内容",
    "site:linshui",
]
pages = st.tuples(
    st.just("page"),
    st.integers(1, 3),
    st.sampled_from(WORDS),
    st.sampled_from([None, date(2024, 1, 1), date(2024, 2, 3), date(2023, 12, 31)]),
    st.sampled_from([None, "通知", "公告"]),
    st.sampled_from([None, "财政局"]),
    st.booleans(),
)
files = st.tuples(st.just("file"), st.sampled_from(["附件内容一", "附件内容二", ""]), st.booleans())
others = st.sampled_from([("run",), ("merge", 1, 2), ("merge", 2, 3), ("split", 2), ("late",)])


def act(archive, steps):
    """Do what the steps say, a day apart; one that cannot be done is passed over."""
    changes, late = {}, 0
    for day, (kind, *what) in enumerate(steps):
        at = datetime(2024, 6, 1, tzinfo=UTC) + timedelta(days=day)
        if kind == "page":
            number, text, issued, genre, creator, attached = what
            links = (Attachment(f"{SITE}/a.xls", title="名单"),) if attached else ()
            capture = archive.add(Capture("linshui", f"{SITE}/{number}.html", at - timedelta(days=late), 200, (), f"{day}".encode() * 99))
            notice = Notice(f"标题{number}", paragraphs=(Paragraph(text),), issued=issued, type=genre, creator=creator, attachments=links)
            changes[number] = archive.read(capture, notice, fingerprint="f")
        elif kind == "file":
            text, read = what
            capture = archive.add(Capture("linshui", f"{SITE}/a.xls", at, 200, (), text.encode(), role="attachment"))
            archive.attach(capture, FileText(text) if read else None)
        elif kind == "run":
            archive.end_run(archive.start_run("linshui"), "complete")
        elif kind == "late":
            late = 3
        elif all(number in changes for number in what):
            point(archive, kind, *what)
    archive.end_run(archive.start_run("linshui"), "complete")


def point(archive, kind, number, other=None):
    with archive.reading() as connection:
        address, own = connection.execute("select id, notice from addresses where url = ?", (f"{SITE}/{number}.html",)).fetchone()
        to = connection.execute("select notice from addresses where url = ?", (f"{SITE}/{other}.html",)).fetchone()
    if kind == "split" or to["notice"] != own:
        archive.move(address, to["notice"] if to else None, "by hand")


def holds(archive):
    """Check that the index is what its rows say, and the rows what the archive says."""
    with archive.reading() as connection:
        rows = connection.execute("select * from search_rows").fetchall()
        wanted = Counter((token, row["row"], column) for row in rows for column, tokens in indexed(row).items() for token in tokens.split())
        connection.execute("create virtual table if not exists temp.tokens using fts5vocab('main', 'search', 'instance')")
        assert Counter(map(tuple, connection.execute("select term, doc, col from temp.tokens"))) == wanted
        for query in QUERIES:
            for older in (False, True):
                found = {
                    row[0] for row in connection.execute("select rowid from search where search match ?", (match(query, history=older),))
                }
                tree = read_query(query).tree
                scanned = {
                    row["row"]
                    for row in rows
                    if row["older"] <= older and hits(tree, [*said(row), files_form(row)], facts_in(row["terms"]))
                }
                assert found == scanned, query
        numbers = dict(connection.execute("select id, search_row from notices where version is not null").fetchall())
    current = {row["notice"]: row for row in rows if not row["older"]}
    assert {work: row["row"] for work, row in current.items()} == numbers
    for kept in archive.notices():
        title, body = said(current[kept.id])
        assert (title, body) == (searchable(heading(kept.reading)), searchable(kept.text))
        issued = kept.issued or kept.first_seen.date()
        assert current[kept.id]["row"] // DAY == issued.toordinal()
        texts = {searchable(version.text) for version in archive.versions(kept.id)}
        assert {said(row)[1] for row in rows if row["notice"] == kept.id} == texts


@given(st.lists(pages | files | others, min_size=2, max_size=10))
@settings(max_examples=30, deadline=None)
def test_rows_added_changed_moved_and_removed_leave_the_index_as_the_archive_is(tmp_path_factory, steps):
    with Archive.open(tmp_path_factory.mktemp("rows") / "a.db") as archive:
        act(archive, steps)
        holds(archive)


def as_an_older_dibao_left_it(path):
    """Put the search tables of an archive back to what the release before made."""
    connection = sqlite3.connect(path, isolation_level=None)
    database = Database(connection, execute_plugins=False)
    run(
        database,
        """
        drop table search; drop table search_rows; drop table search_stale; drop index attachments_payload;
        create table search_rows (
            row integer primary key, notice text not null unique references notices(id), title text not null, body text not null
        );
        create virtual table search using fts5 (title, body, content='', tokenize='ascii');
        insert into search_rows select search_row, id, 'x', 'y' from notices where search_row is not null;
        insert into search (rowid, title, body) select row, title, body from search_rows;
        delete from _sqlite_migrations where name = 'search_of_everything'
        """,
    )
    connection.close()


def test_an_archive_of_the_release_before_says_what_is_missing_and_is_filled(tmp_path, kept):
    kept.page(1, "防汛工作", files=("名单.xls",))
    kept.page(2, "抗旱工作", date(2024, 2, 1), day=1)
    kept.page(2, "抗旱防汛", date(2024, 2, 1), day=2)
    kept.file("名单.xls", "范菱歌")
    kept.archive.close()
    as_an_older_dibao_left_it(tmp_path / "a.db")
    with Archive.open(tmp_path / "a.db") as archive:
        assert (archive.search("防汛"), archive.search("防汛").pending) == ([], 2)
        assert archive.catch_up_search() == 2
        assert [len(archive.search(word)) for word in ("防汛", "范菱歌", "抗旱工作")] == [2, 1, 0]
        assert (len(archive.search("抗旱工作", history=True)), archive.search("防汛").pending) == (1, 0)
        holds(archive)


def test_the_end_of_the_next_run_fills_it_too(tmp_path, kept):
    kept.page(1, "防汛工作")
    kept.archive.close()
    as_an_older_dibao_left_it(tmp_path / "a.db")
    with Archive.open(tmp_path / "a.db") as archive:
        archive.end_run(archive.start_run("linshui"), "complete")
        assert len(archive.search("防汛")) == 1
        holds(archive)


def test_notices_wait_one_by_one_and_are_done_in_steps(kept, monkeypatch):
    monkeypatch.setattr("archive.search.rows.A_STEP", 2)
    monkeypatch.setattr("archive.search.rows.catch_up.__defaults__", (2,))
    for number in range(5):
        kept.page(number, f"见附件{number}", files=("a.xls",))
    kept.file("a.xls", "名单")
    assert kept.archive.search("名单").pending == 5
    assert kept.archive.catch_up_search() == 5
    assert len(kept.archive.search("名单")) == 5


def test_a_file_read_again_is_found_by_its_new_words(kept):
    kept.page(1, "见附件", files=("a.xls",))
    kept.file("a.xls", "旧读")
    kept.archive.catch_up_search()
    kept.file("a.xls", "新读", day=0.7)
    kept.archive.catch_up_search()
    assert (kept.titles("旧读"), kept.titles("新读")) == ([], ["通知1"])
    holds(kept.archive)


def test_of_large_files_the_beginning_is_searched_and_the_rest_counted(kept, monkeypatch):
    monkeypatch.setattr("archive.search.contents.MOST_OF_A_FILE", 10)
    monkeypatch.setattr("archive.search.contents.MOST_OF_FILES", 15)
    kept.page(1, "见附件", files=("a.xls", "b.xls"))
    kept.file("a.xls", "甲" * 9 + "乙丙", b"a")
    kept.file("b.xls", "丁" * 4 + "戊己庚", b"b")
    kept.archive.catch_up_search()
    assert [len(kept.archive.search(word)) for word in ("甲乙", "乙丙", "丁戊", "戊己", "b.xls")] == [1, 0, 1, 0, 1]
    with kept.archive.reading() as connection:
        assert connection.execute("select cut from search_rows").fetchone()[0] == 1 + 2
