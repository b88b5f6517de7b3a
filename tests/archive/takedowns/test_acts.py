"""What a takedown withholds is nowhere to be found, what a seal put away comes back, and nothing of either comes in again."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from archive import Archive
from archive.export import export
from archive.takedowns.acts import lift, scrub, take_down, takedowns
from cleaners.attachments import FileText
from cleaners.errors import ArchiveError
from cleaners.records import Attachment, Capture, Entry, Notice, Paragraph, Removal

START = datetime(2024, 6, 1, tzinfo=UTC)
SECRET = "低保对象甲某某家住临水县东街十七号身份证尾号四四二一"
TEXT = f"根据有关规定，现将名单公示如下。{SECRET}。公示期七天，如有异议请向本局反映，逾期不再受理，特此公示。"


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


def page(number, day=0, body="", *, site="linshui", role="notice"):
    url = f"https://www.{site}.gov.example/{number}"
    return Capture(site, url, START + timedelta(days=day), 200, (), (body or f"{number} {TEXT} {day}").encode(), role=role)


def keep(archive, number, day=0, text=TEXT, *, body="", files=(), site="linshui", **fields):
    capture = archive.add(page(number, day, body or f"{number} {text} {day}", site=site))
    removal = Removal("share", "share_bar", (0, 0, 4), f"分享{text}")
    notice = Notice(
        title=f"公示{number}", issued=date(2024, 6, 1), paragraphs=(Paragraph(text),), attachments=files, removals=(removal,), **fields
    )
    return archive.read(capture, notice, fingerprint="f")


def keep_with_file(archive):
    file = Attachment("https://www.linshui.gov.example/list.txt", "名单")
    work = keep(archive, "1.html", files=(file,)).notice
    keep(archive, "1.html", day=1, text=TEXT + "补充一句。", files=(file,))
    stored = archive.add(page("list.txt", role="attachment", body=f"附件 {SECRET}"))
    archive.attach(stored, FileText(f"附件 {SECRET}", media_type="text/plain"))
    return work


def everything(archive, *, but=()):
    """Give all that stands in all tables, payloads opened where they may be."""
    with archive.reading() as connection:
        tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        tables = [table for table in tables if not table.endswith(("_data", "_idx", "_docsize", "_config"))]  # what an index is made of
        rows = {table: [tuple(row) for row in connection.execute(f"select * from {table}")] for table in tables if table not in but}
    return repr(rows) + repr([capture.body.decode() for capture in archive.captures()])


def exported(archive):
    out = io.BytesIO()
    export(archive, "jsonl", out)
    return out.getvalue()


def test_sealed_content_is_in_no_table_search_or_export_but_the_sealed_one(archive):
    work = keep_with_file(archive)
    keep(archive, "2.html", text="另一件公示，与前者无关。")
    assert SECRET in everything(archive)
    take_down(archive._store, work, "当事人要求")
    assert SECRET not in everything(archive, but={"sealed"})
    assert archive.search(SECRET) == []
    assert [json.loads(line)["title"] for line in exported(archive).splitlines()] == ["公示2.html"]
    assert [notice.title for notice in archive.notices()] == ["公示2.html"]


def test_a_tombstone_says_what_it_was_and_why_it_is_gone(archive):
    work = keep_with_file(archive)
    taken = take_down(archive._store, work, "当事人要求", requester="person", basis="个人信息保护法第四十七条")
    assert (taken.mode, taken.reason, taken.requester, taken.lifted_at) == ("sealed", "当事人要求", "person", None)
    kept = archive.notice(work)
    assert (kept.title, kept.issued, kept.text) == ("公示1.html", date(2024, 6, 1), "")
    assert kept.reading.flags == ("withheld",)
    assert [version.number for version in archive.versions(work)] == [1, 2]
    assert {capture.outcome for capture in archive.captures()} == {"withheld"}
    with archive.reading() as connection:
        assert takedowns(connection) == takedowns(connection, work) == (taken,)


def test_a_title_that_names_somebody_can_be_withheld_too(archive):
    work = keep(archive, "1.html").notice
    take_down(archive._store, work, "当事人要求", titled=False)
    assert archive.notice(work).title is None
    assert "公示1" not in everything(archive, but={"sealed"})


def test_a_withheld_title_comes_back_with_no_list_and_stands_in_no_version(archive):
    archive.keep_site("linshui", "临水县", channels=[("公示", "https://www.linshui.gov.example/gs/", "daily")])
    work = keep(archive, "1.html", document_number="临民〔2024〕3号").notice
    take_down(archive._store, work, "当事人要求", titled=False)
    run = archive.start_run("linshui")
    archive.list_entries(run, "linshui", "公示", [Entry("https://www.linshui.gov.example/1.html", "公示1", date(2024, 6, 1), "公示")])
    shown = everything(archive, but={"sealed"})
    assert "公示1" not in shown
    assert "临民" not in shown
    lift(archive._store, 1, "误报")
    assert archive.notice(work).document_number == "临民〔2024〕3号"
    with archive.reading() as connection:
        assert "临民" in connection.execute("select parts from versions").fetchone()[0]


def test_lifting_a_seal_gives_every_row_back(archive):
    work = keep_with_file(archive)
    before = everything(archive, but={"takedowns", "takedown_acts", "search_rows", "search_stale"}), exported(archive)
    taken = take_down(archive._store, work, "误报")
    lift(archive._store, taken.id, "查明系误报")
    assert (everything(archive, but={"takedowns", "takedown_acts", "search_rows", "search_stale"}), exported(archive)) == before
    assert [hit.notice for hit in archive.search(SECRET)] == [work]
    with pytest.raises(ArchiveError, match="was lifted before"):
        lift(archive._store, taken.id, "again")
    keep(archive, "1.html", day=3)  # nothing is barred any more
    assert archive.notice(work).text == TEXT


def test_what_was_removed_is_not_in_the_file(archive, tmp_path):
    work = keep_with_file(archive)
    keep(archive, "2.html", text="另一件公示，与前者无关。")
    take_down(archive._store, work, "法院判决", mode="removed", requester="authority")
    scrub(archive._store)
    with pytest.raises(ArchiveError, match="cannot be undone"):
        lift(archive._store, 1, "try")
    archive.close()
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert SECRET.encode() not in stored
    assert "身份".encode() not in stored  # a pair of characters, as the index holds them


def test_removing_what_was_sealed_leaves_nothing_to_lift(archive):
    work = keep(archive, "1.html").notice
    take_down(archive._store, work, "核实中")
    take_down(archive._store, work, "核实属实", mode="removed")
    assert SECRET not in everything(archive)
    with pytest.raises(ArchiveError, match="is withheld already"):
        take_down(archive._store, work, "again")


@pytest.mark.parametrize("mode", ["sealed", "removed"])
def test_nothing_withheld_comes_in_again(archive, mode):
    work = keep(archive, "1.html").notice
    take_down(archive._store, work, "当事人要求", mode=mode)
    keep(archive, "1.html", day=2, text=TEXT + "又添一句。")  # the same address, whatever it says
    copy = keep(archive, "copy.html", day=3, body=f"1.html {TEXT} 0")  # the same bytes elsewhere
    repost = keep(archive, "repost.html", day=4, site="pingchuan").notice  # the same title and text around other bytes
    assert copy.kind == "none"
    assert archive.notice(work).text == ""
    assert SECRET not in everything(archive, but={"sealed"}) or archive.notice(repost).title != "公示1.html"
    with archive.reading() as connection:
        acts = [tuple(row) for row in connection.execute("select act, reason from takedown_acts order by id")]
    assert acts[0] == (mode, "当事人要求")
    assert {act for act, _ in acts[1:]} == {"barred"}


def test_the_same_text_elsewhere_is_withheld_when_it_is_read(archive):
    work = keep(archive, "1.html").notice
    take_down(archive._store, work, "当事人要求")
    capture = archive.add(page("elsewhere.html", day=1, site="pingchuan"))
    again = archive.read(capture, Notice(title="公示1.html", paragraphs=(Paragraph(TEXT),)), fingerprint="f")
    assert archive.notice(again.notice).text == ""
    assert archive.search(SECRET) == []
    assert SECRET not in everything(archive, but={"sealed"})


def test_a_file_that_others_link_to_stays(archive):
    file = Attachment("https://www.linshui.gov.example/form.txt", "申请表")
    work = keep(archive, "1.html", files=(file,)).notice
    other = keep(archive, "2.html", text="申请表见附件。", files=(file,)).notice
    stored = archive.add(page("form.txt", role="attachment", body="空白申请表"))
    archive.attach(stored, FileText("空白申请表", media_type="text/plain"))
    take_down(archive._store, work, "当事人要求")
    assert "空白申请表" in everything(archive, but={"sealed"})
    assert archive.notice(other).text == "申请表见附件。"


def test_a_rebuild_leaves_what_is_withheld_alone(archive):
    work = keep_with_file(archive)
    take_down(archive._store, work, "当事人要求")
    before = everything(archive, but={"sealed", "rebuilds", "related_until"})
    archive.rebuild(lambda capture: (Notice(title="x", paragraphs=(Paragraph(capture.body.decode() or "empty"),)), "g"))
    assert everything(archive, but={"sealed", "rebuilds", "related_until"}) == before


@pytest.mark.parametrize(
    ("work", "words", "told"),
    [
        ("nothere", {"reason": "x"}, "nothere: the archive has no such notice"),
        (None, {"reason": " "}, "needs a reason"),
        (None, {"reason": "x", "mode": "burnt"}, "burnt"),
        (None, {"reason": "x", "requester": "nobody"}, "nobody"),
    ],
)
def test_bad_takedowns_say_what_is_wrong(archive, work, words, told):
    kept = keep(archive, "1.html").notice
    with pytest.raises(ArchiveError, match=told):
        take_down(archive._store, work or kept, **words)
    with pytest.raises(ArchiveError, match="takedown 9: there is no such takedown"):
        lift(archive._store, 9, "x")
