import sqlite3
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.search import bigrams, highlight, match, said, scan, searchable, snippet
from cleaners.records import Capture, Notice, Paragraph

searchable("预热")  # the folding tables are made once; no example should pay for it
alphabet = st.sampled_from([*"扶贫貧通知a1Ab２。，“” \n·〔〕\x00\u0301é𠀀𬺰🙂ʬq0", "\ud800"])
texts = st.text(alphabet, max_size=14)
queries = st.text(alphabet | st.sampled_from(list('"*()-:^{}+')), max_size=5) | st.sampled_from(
    ["AND", "a OR b", 'NEAR("a"', "title:扶贫", '"', "扶贫 通知"]
)


@pytest.fixture(scope="module")
def index():
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table f using fts5 (body, title, files, terms, content='', tokenize='ascii')")
    return connection


@given(st.text(alphabet))
def test_the_searchable_form_of_a_searchable_form_is_itself(text):
    assert searchable(searchable(text)) == searchable(text)


@pytest.mark.parametrize(
    ("query", "text", "hit"),
    [
        ("扶貧", "精准扶贫工作", True),
        ("扶贫", "精準扶貧", True),
        ("务院", "国务院", True),
        ("贫", "扶贫", True),
        ("ＣＰＩ", "居民消费价格（cpi）", True),
        ("扶贫 通知", "关于扶贫工作的通知", True),
        ("扶贫 通知", "关于扶贫工作", False),
        ('"扶贫 通知"', "扶贫通知", True),
        ("“扶贫通知”", "扶贫的通知", False),
        ("临政发〔2024〕5号", "临政发[2024]5号", True),
        ("通告", "通\n告", False),
        ("通告", "沟通。告知", False),
        ("范菱歌", "范 菱 歌", True),
        ("", "通知", False),
        ("。", "通知。", False),
    ],
)
def test_what_is_a_hit(index, query, text, hit):
    index.execute("insert into f (f) values ('delete-all')")
    index.execute("insert into f (rowid, title, body) values (1, '', ?)", (bigrams(text),))
    assert scan(query, text) is hit
    assert bool(index.execute("select 1 from f where f match ?", (match(query),)).fetchall()) is hit


def test_highlights_mark_the_text_as_it_stands():
    assert highlight("精準扶　貧：工作", "扶贫 作") == (("精準", False), ("扶　貧", True), ("：工", False), ("作", True))


@given(texts, queries)
def test_highlighting_loses_nothing(text, query):
    assert "".join(piece for piece, _ in highlight(text, query)) == text


def test_a_snippet_shows_the_first_hit():
    pieces = snippet("前" * 300 + "扶贫" + "后" * 300, "扶贫", width=60)
    assert ("扶贫", True) in pieces
    assert pieces[0] == pieces[-1] == ("…", False)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


def keep(archive, number, text, issued, day=0):
    captured_at = datetime(2024, 6, 1, tzinfo=UTC) + timedelta(days=day)
    url = f"https://www.linshui.gov.example/{number}.html"
    capture = archive.add(Capture("linshui", url, captured_at, 200, (), f"{number} {text} {issued}".encode()))
    notice = Notice(title=f"通知{number}", issued=issued, paragraphs=(Paragraph(text),))
    return archive.read(capture, notice, fingerprint="f")


def test_hits_come_newest_first_in_pages(archive):
    for number, day in enumerate([3, 1, 4, 1, 5]):
        keep(archive, number, "防汛工作", date(2024, 1, day))
    hits = archive.search("防汛", limit=3)
    assert [hit.issued.day for hit in hits] == [5, 4, 3]
    assert [hit.issued.day for hit in archive.search("防汛", before=hits[-1].row)] == [1, 1]
    assert archive.count("防汛") == 5


def test_a_new_version_is_found_by_its_own_words_and_its_own_day(archive):
    keep(archive, 1, "防汛工作", date(2024, 1, 1))
    keep(archive, 2, "抗旱工作", date(2024, 1, 2))
    keep(archive, 1, "抗旱工作", date(2024, 1, 3), day=1)
    assert archive.search("防汛") == []
    assert [hit.title[0][0] for hit in archive.search("抗旱")] == ["通知1", "通知2"]


def test_a_notice_without_a_date_stands_at_the_day_it_was_first_seen(archive):
    keep(archive, 1, "防汛工作", None)
    keep(archive, 2, "防汛工作", date(2024, 6, 2))
    keep(archive, 3, "防汛工作", date(2024, 5, 30))
    assert [hit.title[0][0] for hit in archive.search("防汛")] == ["通知2", "通知1", "通知3"]


def test_the_index_agrees_with_its_rows_after_many_changes(archive):
    for day in range(6):
        for number in range(4):
            keep(archive, number, f"第{day * number}号公告，防汛", date(2024, 1, 1 + (day * number) % 5), day)
    with archive.reading() as connection:
        rows = connection.execute("select * from search_rows where not older").fetchall()
        for query in ("公告", "防汛", "第0号", "1"):
            found = {row[0] for row in connection.execute("select rowid from search where search match ?", (match(query),))}
            assert found == {row["row"] for row in rows if scan(query, *said(row))}


def test_a_day_with_more_notices_than_numbers_goes_on_in_the_next(archive, monkeypatch):
    monkeypatch.setattr("archive.search.rows.DAY", 4)
    for number in range(10):
        keep(archive, number, "防汛工作", date(2024, 1, 1))
    keep(archive, 10, "防汛工作", date(2023, 1, 1))
    assert len(archive.search("防汛")) == 11
    assert archive.search("防汛")[-1].issued.year == 2023
    keep(archive, 3, "抗旱工作", date(2024, 1, 1), day=1)
    assert (len(archive.search("防汛")), len(archive.search("抗旱"))) == (10, 1)


def test_the_end_of_a_run_leaves_the_index_merged(archive):
    run = archive.start_run("linshui")
    for number in range(30):
        keep(archive, number, "防汛工作" * 50, date(2024, 1, 1))

    def segments():
        with archive.reading() as connection:
            return connection.execute("select count(distinct segid) from search_idx").fetchone()[0]

    before = segments()
    archive.end_run(run, "complete")
    assert segments() < max(before, 2)
    assert archive.count("防汛") == 30


@pytest.mark.parametrize("query", ["临政办发〔2024〕7号", "临政办发[2024]7号", "临政办发（2024）７号", "臨政辦發"])
def test_a_notice_is_found_by_its_number_however_its_brackets_are_typed(archive, query):
    url = "https://www.linshui.gov.example/7.html"
    capture = archive.add(Capture("linshui", url, datetime(2024, 1, 2, tzinfo=UTC), 200, (), b"7"))
    notice = Notice(title="关于防汛的通知", document_number="临政办发〔2024〕7号", paragraphs=(Paragraph("各乡镇："),))
    archive.read(capture, notice, fingerprint="f")
    keep(archive, 8, "防汛工作", date(2024, 1, 1))
    assert [hit.url for hit in archive.search(query)] == [url]
