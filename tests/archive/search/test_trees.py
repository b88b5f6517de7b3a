import sqlite3
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive.search import bigrams, facts_of, match, read_query, scan, searchable, terms
from archive.search.trees import since_of, single, wanted

searchable("预热")  # the folding tables are made once; no example should pay for it
SAVED = [line for line in (Path(__file__).parent / "queries.txt").read_text("utf-8").split("\n") if line]
alphabet = st.sampled_from([*"扶贫貧通知a1Ab２。，“” \n·〔〕\x00\u0301é𠀀𬺰🙂ʬq0", "\ud800"])
texts = st.text(alphabet, max_size=14)
written = st.sampled_from(
    ["扶贫", "通知", "贫", "a", '"通知。扶贫"', "扶貧", "知a1", "“贫 通”", "site:linshui", "文种:通知", "机关：财政", "机关:政"]
)
dated = st.sampled_from(["since:2024-02", "until:2024-03-31", "日期:2024-01-31..2024-03", "date:2023", "since:1999-12-31"])
joined = st.sampled_from(
    ["AND", "OR", "NOT", "-", "(", ")", "或", "与", "|", "（", " ", "\n", '"', "site:", "文种:x", "国发2017 47号", "：", "since:"]
)
queries = st.lists(written | dated | joined | st.text(alphabet, max_size=3), max_size=9).map(" ".join) | st.text(
    alphabet | st.sampled_from(list('"*()-:^{}+|&')), max_size=8
)
days = st.dates(date(2023, 12, 1), date(2024, 4, 30)) | st.sampled_from([date(1, 1, 1), date(1999, 12, 31), date(9999, 12, 31)])
facts = st.builds(
    facts_of,
    st.sampled_from(["linshui", "other-site", ""]),
    st.sampled_from(["通知", "公告", None]),
    st.sampled_from(["财政部", "财政部 国家税务总局", "a", None]),
    days.map(date.toordinal),
)


@pytest.fixture(scope="module")
def index():
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table f using fts5 (body, title, files, terms, content='', tokenize='ascii')")
    return connection


def fill(index, notices):
    index.execute("insert into f (f) values ('delete-all')")
    index.executemany(
        "insert into f (rowid, title, body, files, terms) values (?, ?, ?, ?, ?)",
        [(number, *map(bigrams, fields), terms(stated)) for number, (*fields, stated) in enumerate(notices)],
    )


def found_in(index, query):
    return {row[0] for row in index.execute("select rowid from f where f match ?", (match(query),))}


@given(st.lists(st.tuples(texts, texts, texts, facts), max_size=6), queries)
@settings(max_examples=1500, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@example([("扶贫通知", "", "", facts_of("linshui", "通知", "财政部", 738000))], "-贫")
def test_the_index_finds_exactly_what_a_scan_finds(index, notices, query):
    fill(index, notices)
    assert found_in(index, query) == {number for number, (*fields, stated) in enumerate(notices) if scan(query, *fields, facts=stated)}


@pytest.mark.parametrize("query", SAVED)
def test_queries_that_were_trouble_once_find_what_a_scan_finds(index, query):
    stated = facts_of("linshui", "通知", "财政部", date(2024, 3, 1).toordinal())
    notices = [("扶贫通知", "贫困县 a1", "", stated), ("国发〔2017〕47号", "", "公示", stated), ("", "", "", stated)]
    fill(index, notices)
    assert found_in(index, query) == {number for number, (*fields, stated) in enumerate(notices) if scan(query, *fields, facts=stated)}


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_is_an_error(index, query):
    index.execute("select rowid from f where f match ?", (match(query),)).fetchall()


@pytest.mark.parametrize(
    "query",
    [
        " ".join(f"词{n}" for n in range(1000)),
        " OR ".join(f"词{n}" for n in range(1000)),
        " NOT ".join(f"词{n}" for n in range(1000)),
        "(" * 500 + "词",
        "".join(f"(词{n} OR " for n in range(300)),
        "".join(f"-(词{n} " for n in range(300)),
        "NOT " * 300 + "词",
        "词" * 20000,
        "日期:0001..9999 " * 70,
    ],
)
def test_long_and_deep_queries_are_no_errors(index, query):
    index.execute("select rowid from f where f match ?", (match(query),)).fetchall()


@given(st.lists(st.tuples(texts, texts, texts, facts), min_size=1, max_size=6), queries)
def test_no_hit_stands_before_the_first_day_a_query_allows(notices, query):
    tree = read_query(query).tree
    hits = [stated for *fields, stated in notices if scan(query, *fields, facts=stated)]
    assert all(stated.day >= since_of(tree) for stated in hits)


def test_what_must_not_be_there_is_not_looked_for():
    assert wanted(read_query("扶贫 (通知 OR 公示) -解读 site:linshui").tree) == ("扶贫", "通知", "公示")
    assert single(read_query("扶贫 -(通知 贫)").tree)
    assert not single(read_query("扶贫 -(通知 贫困)").tree)
