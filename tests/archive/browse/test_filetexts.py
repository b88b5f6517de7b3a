"""What attached files say, as a reader finds it: on the notice's page, on a page of their own and as plain text."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime
from shutil import copy

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.browse.filetexts import passages, shown_file
from archive.store import Archive
from cleaners.attachments import FileText
from cleaners.records import Attachment, Capture, Notice, Paragraph, Picture

START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HOST = "http://www.yunxi.gov.example"
XSS = "<script>document.title='owned'</script>"
SHEET = FileText(
    f"资金分配表\n乡镇\t金额\n青石镇\t12\n合计\n{XSS}\t1", media_type="application/vnd.ms-excel", flags=("hidden", "mislabelled"),
    reason="Hidden sheets were left out: 底稿.", tables=((("资金分配表", ""), ("乡镇", "金额"), ("青石镇", "12"), ("合计", ""), (XSS, "1")),),
)  # fmt: skip
PACKED = FileText(
    "甲.txt\n甲的内容\n乙.pdf", media_type="application/zip", flags=("partial",),
    reason="Of its 2 files 1 could not be read whole (乙.pdf): see the reason of each.",
    files=(
        FileText("甲的内容", media_type="text/plain", name="甲.txt", size=12),
        FileText(media_type="application/pdf", flags=("encrypted",), reason="It asks for a password: ask the office for a copy without one.",
                 name="乙.pdf", size=900),
    ),
)  # fmt: skip
LONG = FileText("\n".join(f"第{number}行，一切从简。" for number in range(30_000)), 900, "application/pdf")
FILES = {"sheet.xls": ("资金分配表.xls", SHEET), "all.zip": ("全部材料.zip", PACKED), "long.pdf": ("汇编.pdf", LONG)}
NOTICE = Notice(
    title="关于分配资金的通知",
    issued=date(2026, 3, 1),
    printed=date(2026, 3, 3),
    editor="王五",
    attachment_notes=("附件：1.资金分配表", "2.名单"),
    paragraphs=(
        Paragraph("见附件。"),
        Paragraph("乡镇\t金额", "row", cells=("乡镇", "金额"), table=1, merged=((1, 2), (3, 1))),
        Paragraph("甲\t1", "row", cells=("甲", "1"), table=1),
        Paragraph("另一张表\t2", "row", cells=("另一张表", "2"), table=2),
    ),
    attachments=(*(Attachment(f"{HOST}/f/{name}", title) for name, (title, _) in FILES.items()), Attachment("", "名单.doc")),
    images=(Picture(f"{HOST}/a.jpg", "现场情况", 1), Picture("javascript:alert(1)", "", 9)),
    reader="layout:div.TRS_Editor",
    confidence=0.97,
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "a.db"
    with Archive.open(path) as archive:
        page = archive.add(Capture("yunxi", f"{HOST}/1.html", START, 200, (("Content-Type", "text/html"),), b"<p>page</p>"))
        notice = archive.read(page, NOTICE, fingerprint="f").notice
        for name, (_, found) in FILES.items():
            file = Capture(
                "yunxi", f"{HOST}/f/{name}", START, 200, (("Content-Type", "application/octet-stream"),), name.encode(), role="attachment"
            )
            archive.attach(archive.add(file), found)
        with archive.reading() as connection:
            numbers = dict(connection.execute("select url, capture from attachments").fetchall())
    return path, notice, {url.rsplit("/", 1)[1]: number for url, number in numbers.items()}


@pytest.fixture
def reader(place, read_archive):
    return read_archive(place[0])


@pytest.fixture
def shown(reader, place):
    return lxml.html.fromstring(reader.text(f"/notice/{place[1]}"))


def test_a_notice_shows_what_its_files_say(shown):
    files = shown.cssselect("section.files > ul > li")
    assert [file.cssselect("a, span")[0].text for file in files] == ["资金分配表.xls", "全部材料.zip", "汇编.pdf", "名单.doc"]
    sheet, packed, long, _ = files
    assert [[cell.text_content() for cell in row.cssselect("td")] for row in sheet.cssselect("tr")] == [
        ["乡镇", "金额"], ["青石镇", "12"], ["合计", ""], [XSS, "1"],
    ]  # fmt: skip
    assert sheet.cssselect("caption")[0].text == "资金分配表"
    said = sheet.text_content()
    assert "有隐藏内容，未列出" in said
    assert "隐藏的工作表没有列出：底稿。" in said
    inside = packed.cssselect(".inside > li")
    assert [name.text for name in packed.cssselect(".inside-name")] == ["甲.txt", "乙.pdf"]
    assert "甲的内容" in inside[0].text_content()
    assert "文件有密码：请向发文机关索取没有密码的。" in inside[1].text_content()
    assert "以上只是开头。" in long.text_content()
    assert len(long.text_content()) < 5000
    assert "以上只是开头。" not in packed.text_content()


def test_a_file_without_an_address_and_pictures_are_named_and_never_embedded(shown):
    assert "没有给出地址" in shown.cssselect("section.files > ul > li")[-1].text_content()
    pictures = shown.xpath("//section[h2[@id='pictures']]//li")
    assert [picture.text_content().split()[:2] for picture in pictures] == [
        ["现场情况", f"{HOST}/a.jpg"],
        ["（无说明）", "javascript:alert(1)"],
    ]
    assert [link.get("href") for link in pictures[0].cssselect("a")] == [f"{HOST}/a.jpg", "#p2"]
    assert not pictures[1].cssselect("a")
    assert {image.get("src").split("?")[0] for image in shown.cssselect("img")} == {"/-/static-plugins/dibao/dibao.svg"}


def test_tables_of_a_notice_stay_apart_and_cells_span(shown):
    first, second = shown.cssselect("section.text table")
    assert [(cell.get("colspan"), cell.get("rowspan")) for cell in first.cssselect("td")] == [
        (None, "2"),
        ("3", None),
        (None, None),
        (None, None),
    ]
    assert [cell.text for cell in second.cssselect("td")] == ["另一张表", "2"]


def test_new_parts_and_the_reader_are_told(shown):
    parts = {row.cssselect("th")[0].text: row.cssselect("td")[0].text for row in shown.cssselect("table.parts tbody tr")}
    assert (parts["责任编辑"], parts["印发日期"], parts["附件说明"]) == ("王五", "2026-03-03", "附件：1.资金分配表\n2.名单")
    assert shown.cssselect(".reader")[0].text == "正文由来： 版式规则 · 把握 97%"


def test_a_file_has_a_page_of_its_own_and_plain_text(reader, place):
    number = place[2]["long.pdf"]
    html = lxml.html.fromstring(reader.text(f"/capture/{number}/text"))
    assert html.cssselect("h1")[0].text == "汇编.pdf"
    assert "第9999行，一切从简。" in html.text_content()
    assert "这里没有全部列出" in html.text_content()
    answer = reader.get(f"/capture/{number}/text.txt")
    assert answer.text == LONG.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert f"/capture/{number}/text" in reader.text(f"/capture/{number}")


def test_in_english_the_words_are_english(reader, place):
    html = reader.text(f"/notice/{place[1]}?lang=en")
    for words in (
        "hidden content left out",
        "Hidden sheets were left out: 底稿.",
        "The page names this file",
        "ZIP archive",
        "Text of the file",
    ):
        assert words in html


@pytest.mark.parametrize("path", ["/capture/1/text", "/capture/1/text.txt", "/capture/99/text", f"/capture/{2**70}/text"])
def test_what_was_never_read_has_no_such_page(reader, path):
    reader.text(path, 404)


def test_an_archive_of_an_older_dibao_is_still_shown(place, tmp_path, read_archive):
    path = tmp_path / "old.db"
    copy(place[0], path)
    connection = sqlite3.connect(path)
    connection.executescript("drop table file_texts")
    connection.close()
    assert "存档文件" in read_archive(path).text(f"/notice/{place[1]}")


LINES = st.lists(st.lists(st.sampled_from(["甲", "乙 丙", "1", ""]), min_size=1, max_size=3).map("\t".join), max_size=12)


@given(
    LINES,
    st.lists(
        st.lists(st.lists(st.sampled_from(["甲", "乙 丙", "1", ""]), min_size=1, max_size=3).map(tuple), max_size=3).map(tuple), max_size=3
    ),
)
def test_no_word_of_a_file_is_lost_in_its_passages(lines, tables):
    """Whatever the tables are, also where they do not stand in the text at all."""
    text = "\n".join(line.rstrip() for line in lines)
    shown = "".join(
        "".join((*passage.headings, *passage.lines, *("".join(row) for row in passage.rows))) for passage in passages(text, tables)
    )
    assert "".join(shown.split()) == "".join(text.split())


def test_very_many_lines_that_start_like_a_table_take_no_time():
    table = (*((("a", ""),) * 50_000), ("b", "c"))
    text = "\n".join(["a"] * 100_000)
    assert sum(len(passage.lines) for passage in passages(text, [table] * 50)) == 100_000


def test_files_of_an_archive_share_what_is_shown():
    inside = tuple(FileText("字" * 900, name=f"{number}.txt", media_type="text/plain") for number in range(150))
    shown = shown_file(FileText("...", media_type="application/zip", files=inside), 1000)
    assert sum(len(line) for file in shown.files for passage in file.passages for line in passage.lines) == 1000
    assert (len(shown.files), shown.unlisted, shown.cut) == (100, 50, True)


def test_what_is_embedded_in_a_document_takes_nothing_from_its_text():
    found = FileText("正文", media_type="application/ofd", files=(FileText(name="附页.xml"),))
    shown = shown_file(found, 1000)
    assert shown.passages[0].lines == ["正文"]
    assert not shown.cut
    assert shown_file(replace(found, text="正" * 10), 5).cut
