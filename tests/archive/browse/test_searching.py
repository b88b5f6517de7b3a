"""The search page: filters, order, earlier versions, how the query was read; and Datasette's own box, which takes the same language."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest

from archive import Archive
from cleaners.attachments import FileText
from cleaners.records import Attachment, Capture, Notice, Paragraph

START = datetime(2026, 3, 2, tzinfo=UTC)
SITE = "http://www.heping.gov.example"


def keep(archive, number, text, issued, kind="通知", *, day=0, **fields):
    at = START + timedelta(days=day)
    capture = archive.add(Capture("heping", f"{SITE}/{number}.html", at, 200, (), f"{number} {day}".encode()))
    notice = Notice(title=f"第{number}号", issued=issued, type=kind, paragraphs=(Paragraph(text),), **fields)
    return archive.read(capture, notice, fingerprint="f")


@pytest.fixture
def searched(tmp_path, read_archive):
    with Archive.open(tmp_path / "a.db") as archive:
        archive.keep_site("heping", "和平县人民政府")
        keep(archive, 1, "低保名单：范菱歌、白芷", date(2026, 3, 1))
        keep(archive, 1, "低保名单：白芷", date(2026, 3, 1), day=1)
        keep(archive, 2, "见附件", date(2026, 2, 1), "公示", attachments=(Attachment(f"{SITE}/a.xls", title="低保名单.xls"),))
        file = archive.add(Capture("heping", f"{SITE}/a.xls", START, 200, (), b"xls", role="attachment"))
        archive.attach(file, FileText("姓名\n江篱"))
        archive.catch_up_search()
    return read_archive(tmp_path / "a.db")


def found(reader, **asked):
    html = reader.text("/search?" + "&".join(f"{name}={quote(value)}" for name, value in asked.items()))
    return [number for number in ("1", "2") if f"第{number}号</a>" in html or f"<mark>第{number}号</mark></a>" in html], html


def test_filters_choose_with_words_or_alone(searched):
    assert found(searched, q="低保")[0] == ["1", "2"]
    assert found(searched, q="低保", type="公示")[0] == found(searched, type="公示")[0] == found(searched, q="低保 文种:公示")[0] == ["2"]
    assert found(searched, q="低保", since="2026-03")[0] == ["1"]
    assert found(searched, q="低保", site="heping", until="2026-02-28", by="relevance")[0] == ["2"]
    assert found(searched)[0] == []


def test_earlier_versions_are_shown_as_such(searched):
    assert found(searched, q="范菱歌")[0] == []
    numbers, html = found(searched, q="范菱歌", history="1")
    assert numbers == ["1"]
    assert "旧版本" in html
    assert "<mark>范菱歌</mark>" in html
    assert "version=1" in html


def test_a_hit_in_a_file_names_the_file(searched):
    numbers, html = found(searched, q="江篱")
    assert numbers == ["2"]
    assert "见附件：" in html
    assert "低保名单.xls" in html


def test_the_page_says_how_a_query_was_read(searched):
    _, html = found(searched, q="低保 或 (江篱 since:昨天", since="明天")
    assert "「低保」 或 「江篱」" in html
    for said in ("读作连接词", "未起作用", '<q lang="zh">since:昨天</q>', '<q lang="zh">明天</q>'):
        assert said in html
    assert "读作" not in found(searched, q="低保 名单")[1]
    assert "没有叫这个名字的站点" in found(searched, q="站点:云溪 低保")[1]


@pytest.mark.parametrize("query", ["低保 OR 江篱", "低保 -文种:公示", "站点:和平 日期:2026-02", "机关:财政", "白芷 AND (", "-低保", "汛"])
def test_datasettes_own_box_takes_the_same_language(searched, tmp_path, query):
    path = f"{searched.served.urls.table('a', 'notices', format='json')}?_search={quote(query)}&_shape=array"
    with Archive.open(tmp_path / "a.db") as archive:
        assert [row["id"] for row in searched.get(path).json()] == [hit.notice for hit in archive.search(query)]


def test_what_waits_to_be_indexed_is_said(searched, tmp_path):
    assert "索引尚缺" not in found(searched, q="低保")[1]
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("insert into search_stale select id from notices")
    connection.commit()
    connection.close()
    assert "索引尚缺 2 件" in found(searched, q="低保")[1]
