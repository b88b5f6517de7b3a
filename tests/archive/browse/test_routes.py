"""The pages through Datasette itself: what a reader finds on each."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime
from html import unescape
from urllib.parse import quote, urlsplit

import lxml.html
import pytest

from archive.browse import queries
from archive.browse.serve import SETTINGS
from archive.search import files_form, said, scan
from archive.store import Archive
from cleaners.records import Capture, Evidence, Notice, Paragraph

MEETING = "http://www.yunxi.gov.example/tzgg/2026/03/t20260301_7.html"


def ids(html: str) -> list[str]:
    return [link.split("/")[2].split("?")[0] for link in re.findall(r'<h[23]><a href="([^"]+)"', html)]


def by_newest(kept, query: str = "") -> list[str]:
    with sqlite3.connect(f"file:{kept.path}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute("select * from search_rows where not older order by row desc").fetchall()
    connection.close()
    return [row["notice"] for row in found if not query or scan(query, *said(row), files_form(row))]


def pages(reader, path: str) -> list[str]:
    found: list[str] = []
    while path:
        html = reader.text(path)
        found += ids(html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        path = unescape(following[1]) if following else ""
    return found


def test_newest_notices_page_through_all_of_them_in_order(reader, kept):
    assert pages(reader, "/") == by_newest(kept)
    assert len(by_newest(kept)) == 29


def test_newest_of_one_site(reader, kept):
    assert set(pages(reader, "/?site=heping")) == set(kept.ids.values())
    assert ids(reader.text("/?site=yunxi")) == [kept.notice]


@pytest.mark.parametrize("query", ["扶贫", "通知", "公示", "扶貧", "關於", "旅游 通知", "号", "没有这样的词", '"', "AND *", "a" * 500])
def test_search_finds_what_a_scan_finds_newest_first(reader, kept, query):
    expected = by_newest(kept, query)
    assert pages(reader, f"/search?q={quote(query)}") == expected
    answer = reader.get(
        f"{reader.served.urls.table(kept.path.stem, 'notices', format='json')}?_search={quote(query)}&_shape=array&_size=max"
    )
    assert [row["id"] for row in answer.json()] == expected


def test_search_marks_the_words_in_either_script(reader):
    html = reader.text(f"/search?q={quote('扶贫')}")
    assert "<mark>扶貧</mark>" in html
    assert "<mark>扶贫</mark>" in html
    assert "<strong>8</strong>" in html


def test_a_notice_shows_text_parts_and_where_they_came_from(reader, kept):
    html = reader.text(f"/notice/{kept.notice}?version={kept.versions[0]}")
    tree = lxml.html.fromstring(html)
    assert tree.xpath("//h1/text()") == ["云溪县人民政府办公室关于下达扶贫资金的通知"]
    assert [cell.text for cell in tree.xpath("//section[@class='text']//td")] == ["乡镇", "金额", "青石镇", "12万元"]
    issued = tree.xpath("//table[contains(@class, 'parts')]//tr[th='发布日期']")[0].text_content()
    assert "2026-03-01" in issued
    assert "页面标签" in issued
    assert "发布日期：2026-03-01" in issued
    assert "2026-02-28" in issued
    assert "互相矛盾" in tree.xpath("//ul[@class='flags']")[0].text_content()


def test_removed_pieces_stand_in_their_places(reader, kept):
    path = f"/notice/{kept.notice}?version={kept.versions[0]}"
    closed = lxml.html.fromstring(reader.text(path)).xpath("//section[@class='text']")[0]
    assert [block.tag for block in closed] == ["details", "p", "h2", "p", "div", "details"]
    assert "【打印】" not in closed.text_content()
    opened = lxml.html.fromstring(reader.text(path + "&removed=1")).xpath("//section[@class='text']")[0]
    assert opened.xpath("./p")[1].text_content() == "扶贫资金分两批下达，请按时拨付。【打印】"
    assert [piece.text for piece in opened.xpath("./details[1]//del")] == ["当前位置：首页 > 通知公告"]
    assert "copyright" in opened.xpath("./details[2]")[0].text_content()
    assert all("open" in block.attrib for block in opened.xpath("./details"))


def test_a_notice_shows_its_versions_addresses_files_and_history(reader, kept):
    tree = lxml.html.fromstring(reader.text(f"/notice/{kept.notice}"))
    text = tree.text_content()
    assert "版本 2" in text
    assert "标题或正文有改动" in text
    assert "同一页面的另一地址" in text
    assert "找不到（404）" in text
    assert "服务器拒绝连接" in text
    assert tree.xpath("//section[h2[@id='attachments']]//a/text()") == ["资金分配表", "存档文件"]
    assert [row.get("class") for row in tree.xpath("//ol[@class='timeline']/li")] == ["failed", "missing", "ok", "ok", "ok"]


def test_the_difference_of_versions_marks_characters_and_fields(reader, kept):
    a, b = kept.versions
    tree = lxml.html.fromstring(reader.text(f"/notice/{kept.notice}/diff?a={a}&b={b}"))
    assert tree.xpath("//p[contains(@class, 'changed')]//del/text()") == ["两"]
    assert tree.xpath("//p[contains(@class, 'changed')]//ins/text()") == ["三", "足额"]
    assert tree.xpath("//p[contains(@class, 'added')]//ins/text()") == ["本通知自印发之日起施行。"]
    fields = tree.xpath("//div[contains(@class, 'changed')]")[0].text_content()
    assert "成文日期" in fields
    assert "2026-02-28" in fields
    assert "都相同" in reader.text(f"/notice/{kept.notice}/diff?a={a}&b={a}")


def test_the_difference_wants_two_versions_of_this_notice(reader, kept):
    other = next(iter(kept.ids.values()))
    assert "a, b" in reader.text(f"/notice/{kept.notice}/diff?a=1", 400)
    reader.text(f"/notice/{other}/diff?a={kept.versions[0]}&b={kept.versions[1]}", 404)


@pytest.mark.parametrize(
    ("at", "number"),
    [
        ("2026-03-02T01:30:00Z", 0),
        ("2026-03-02T09:30:00+08:00", 0),
        ("2026-03-02T20:00:00Z", 0),
        ("2026-03-03T01:30:00.000000Z", 1),
        ("2026-03-03", 0),
        ("2027-01-01", 1),
    ],
)
def test_a_permanent_name_leads_to_its_version(reader, kept, at, number):
    answer = reader.get(f"/version?url={quote(MEETING)}&at={at}")
    assert answer.status_code == 302
    assert answer.headers["location"] == f"/notice/{kept.notice}?version={kept.versions[number]}"


def test_a_permanent_name_that_names_nothing_says_so(reader):
    reader.text(f"/version?url={quote(MEETING)}&at=2020-01-01T00:00:00Z", 404)
    reader.text("/version?url=http://www.nowhere.example/&at=2026-03-02T01:30:00Z", 404)
    assert "at=yesterday" in reader.text(f"/version?url={quote(MEETING)}&at=yesterday", 400)
    reader.text("/version?at=2026-03-02T01:30:00Z", 400)


def test_a_merged_version_leads_to_the_one_it_was_merged_into(kept):
    copy = sqlite3.connect(":memory:")
    with sqlite3.connect(kept.path) as original:
        original.backup(copy)
    original.close()
    copy.execute("update versions set merged_into = ? where id = ?", (kept.versions[1], kept.versions[0]))
    assert queries.version_at(copy, MEETING, "2026-03-02T01:30:00.000000Z")["id"] == kept.versions[1]
    copy.execute("update versions set merged_into = ? where id = ?", (kept.versions[0], kept.versions[1]))
    assert queries.version_at(copy, MEETING, "2026-03-02T01:30:00.000000Z") is not None
    copy.close()


def test_a_permanent_name_that_was_merged_says_into_which_version(tmp_path, read_archive):
    with Archive.open(tmp_path / "a.db") as archive:
        for day, counter in enumerate(("1次", "2次")):
            capture = archive.add(Capture("yunxi", MEETING, datetime(2026, 3, 2 + day, 1, 30, tzinfo=UTC), 200, (), counter.encode()))
            archive.read(capture, Notice(title="通知", paragraphs=(Paragraph(counter),)), fingerprint="old")
        archive.rebuild(lambda capture: (Notice(title="通知", paragraphs=(Paragraph("正文。"),)), "new"))
    reader = read_archive(tmp_path / "a.db")
    shown = reader.text(reader.get(f"/version?url={quote(MEETING)}&at=2026-03-03T01:30:00Z").headers["location"])
    assert "此版本已并入" in shown
    plain_name = reader.get(f"/version?url={quote(MEETING)}&at=2026-03-02T01:30:00Z").headers["location"]
    assert "此版本已并入" not in reader.text(plain_name)


def test_a_capture_shows_the_exchange_and_gives_its_bytes_in_a_sandbox(reader):
    html = reader.text("/capture/1")
    assert "nginx" in html
    assert "sha256:" in html
    raw = reader.get("/capture/1/raw")
    assert raw.content == "<p>扶贫资金 0</p>".encode()
    assert raw.headers["content-type"] == "text/html; charset=utf-8"
    assert raw.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_a_stored_file_is_a_download(reader, kept):
    link = lxml.html.fromstring(reader.text(f"/notice/{kept.notice}")).xpath("//a[text()='存档文件']/@href")[0]
    raw = reader.get(link)
    assert raw.content == b"%PDF-1.4 invented"
    assert raw.headers["content-type"] == "application/octet-stream"
    assert raw.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in raw.headers["content-security-policy"]


def test_a_failure_has_facts_but_no_bytes(reader):
    with_none = next(n for n in range(1, 12) if "服务器拒绝连接" in reader.text(f"/capture/{n}"))
    assert "没有得到内容" in reader.text(f"/capture/{with_none}")
    reader.text(f"/capture/{with_none}/raw", 404)


def test_a_run_shows_outcomes_failures_and_versions(reader):
    text = lxml.html.fromstring(reader.text("/runs/1")).text_content()
    for word in ("完成", "找不到（404）", "HTTP 404", "服务器拒绝连接", "连接", "标题或正文有改动"):
        assert word in text


def test_reasons_are_chinese_with_the_original_at_hand_and_english_in_english(reader):
    said = lxml.html.fromstring(reader.text("/runs/1")).xpath("//span[@title='connection refused']/text()")
    assert said == ["服务器拒绝连接"]
    english = lxml.html.fromstring(reader.text("/runs/1?lang=en"))
    assert "connection refused" in english.text_content()
    assert not english.xpath("//span[@title]")


def picture_notice(archive: Archive) -> str:
    url = "http://www.yunxi.gov.example/tzgg/picture.html"
    capture = archive.add(Capture("yunxi", url, datetime(2026, 3, 1, tzinfo=UTC), 200, (), b"<img src=scan.png>"))
    evidence = {"image_only": Evidence("image_only", "", "1 images", "flag")}
    notice = Notice(title="一份扫描件", flags=("empty_body", "image_only"), evidence=evidence)
    return archive.read(capture, notice, fingerprint="sha256:0").notice


def test_a_notice_that_is_a_picture_says_so_and_leads_to_the_page(tmp_path, read_archive):
    with Archive.open(tmp_path / "a.db") as archive:
        name = picture_notice(archive)
        tree = lxml.html.fromstring(read_archive(tmp_path / "a.db").text(f"/notice/{name}"))
    (note,) = tree.xpath("//section[@class='text']/p[@class='note']")
    assert "正文是图片" in note.text_content()
    assert note.xpath("a/@href") == ["http://www.yunxi.gov.example/tzgg/picture.html", "/capture/1/raw"]
    assert tree.xpath("//ul[@class='flags']//span[@title='1 images']/text()") == ["图片 1 张"]


def test_the_difference_shows_moments_as_other_pages_do(tmp_path, read_archive):
    url, versions = "http://www.yunxi.gov.example/tzgg/moment.html", []
    with Archive.open(tmp_path / "a.db") as archive:
        for day in (1, 2):
            capture = archive.add(Capture("yunxi", url, datetime(2026, 3, day, tzinfo=UTC), 200, (), b"<p>%d</p>" % day))
            notice = Notice(title="时刻", issued=datetime(2026, 3, day, 9, 13, tzinfo=UTC), paragraphs=(Paragraph("正文"),))
            change = archive.read(capture, notice, fingerprint="sha256:0")
            versions.append(change.version)
        path = f"/notice/{change.notice}/diff?a={versions[0]}&b={versions[1]}"
        tree = lxml.html.fromstring(read_archive(tmp_path / "a.db").text(path))
    assert tree.xpath("//del/text() | //ins/text()") == ["2026-03-01 17:13", "2026-03-02 17:13"]


def test_sites_show_their_last_run_and_their_notices(reader):
    rows = lxml.html.fromstring(reader.text("/sites")).xpath("//tbody/tr")
    assert ["云溪县人民政府" in row.text_content() for row in rows] == [True, False]
    assert "完成" in rows[0].text_content()
    assert "尚未采集" in rows[1].text_content()


@pytest.mark.parametrize(
    "path", ["/notice/none", "/notice/none/diff?a=1&b=2", "/capture/999", "/capture/999/raw", "/runs/999", "/capture/99999999999999999999"]
)
def test_what_is_not_there_is_said_in_words(reader, path):
    assert "没有这一页" in reader.text(path, 404)


@pytest.mark.parametrize("path", ["/?before=x", "/search?q=通知&before=9e9", "/?before=99999999999999999999"])
def test_a_malformed_number_is_named(reader, path):
    assert "before=" in reader.text(path, 400)


def test_the_language_is_kept_from_page_to_page(reader, kept):
    tree = lxml.html.fromstring(reader.text(f"/notice/{kept.notice}?lang=en"))
    assert tree.get("lang") == "en"
    assert "Versions" in tree.text_content()
    links = [link for link in tree.xpath("//main//a/@href") if link.startswith("/")]
    assert links
    assert all("lang=en" in link for link in links)
    assert tree.xpath("//a[@class='language']/@href") == [f"/notice/{kept.notice}"]


def test_every_link_of_ours_answers(reader):
    seen, waiting = set(), ["/", "/search?q=通知", "/sites", "/runs", "/?lang=en"]
    while waiting:
        path = waiting.pop()
        answer = reader.get(path)
        assert answer.status_code in (200, 302), path
        if not answer.headers.get("content-type", "").startswith("text/html") or "/raw" in path:
            continue
        links = lxml.html.fromstring(answer.text or "<p>").xpath("//main//a/@href | //nav//a/@href | //link/@href")
        fresh = {link.partition("#")[0] for link in links if not urlsplit(link).netloc and link[:1] == "/"} - seen
        waiting += [link for link in fresh if not link.startswith("/%") and "/~" not in link]
        seen |= fresh
    assert len(seen) > 100


def test_a_page_survives_what_utf8_cannot_hold(kept, reader, monkeypatch):
    monkeypatch.setattr("archive.browse.routes.load_notice", lambda _: Notice(title="坏\ud800字"))
    assert "坏?字" in reader.text(f"/notice/{kept.notice}")


def test_a_merged_notice_leads_to_the_one_it_became(tmp_path, read_archive):
    path = tmp_path / "merged.db"
    urls = ("http://a.gov.example/1.html", "http://a.gov.example/2.html")
    with Archive.open(path) as archive:
        captures = [
            archive.add(Capture(site="", url=url, captured_at=datetime(2026, 1, 1, tzinfo=UTC), status=200, headers=(), body=url.encode()))
            for url in urls
        ]
        first, second = (
            archive.read(capture, Notice(title=f"第{n}份", paragraphs=(Paragraph("正文"),)), fingerprint="x").notice
            for n, capture in enumerate(captures)
        )
        move = archive.move(2, first, "same document", {"seen": "by hand"})
        reader = read_archive(path)
        gone, kept = reader.text(f"/notice/{second}"), reader.text(f"/notice/{first}")
        assert f'<a href="/notice/{first}">第0份</a>' in gone
        assert "由另一件通知移来" in kept
        assert "同一份文件" in kept
        assert f"/notice/{first}" in reader.get(f"/version?url={urls[1]}&at=2026-01-01T00:00:00Z").headers["location"]
        archive.undo(move)
        assert "已撤销" in reader.text(f"/notice/{first}")
        assert "/notice/" + second in reader.get(f"/version?url={urls[1]}&at=2026-01-01T00:00:00Z").headers["location"]


def test_a_query_that_takes_too_long_is_stopped_and_said(kept, monkeypatch, read_archive):
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
    monkeypatch.setattr("archive.browse.queries.sites", lambda conn: conn.execute(endless).fetchall())
    monkeypatch.setitem(SETTINGS, "sql_time_limit_ms", 50)
    reader = read_archive(kept.path)
    assert "太慢" in reader.text("/sites", 503)
    assert "最新通知" in reader.text("/")


def test_what_a_crawl_adds_is_there_at_once(tmp_path, read_archive):
    with Archive.open(tmp_path / "live.db") as archive:
        reader = read_archive(archive.path)
        assert "还没有通知" in reader.text("/")
        url = "http://a.gov.example/1.html"
        with archive.write():
            capture = archive.add(
                Capture(site="", url=url, captured_at=datetime(2026, 1, 1, tzinfo=UTC), status=200, headers=(), body=b"<p>1")
            )
            archive.read(capture, Notice(title="新到的通知"), fingerprint="x")
            assert "还没有通知" in reader.text("/")
        assert "新到的通知" in reader.text("/")


@pytest.mark.parametrize("path", ["/nonesuch", "/a/b/c/d/e"])
def test_an_address_that_is_no_page_leads_back(reader, path):
    text = reader.text(path, 404)
    assert "没有这一页" in text
    assert 'href="/"' in text
