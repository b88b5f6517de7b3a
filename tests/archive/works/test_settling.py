"""What comes late: redirects after the page they lead to, principal addresses that go, keys of an older archive."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from archive import Archive
from archive.works.byhand import split
from archive.works.copies import relatives
from archive.works.keys import fill
from archive.works.notices import notice_id
from cleaners.records import Capture, Notice, Paragraph

START = datetime(2024, 1, 1, tzinfo=UTC)
OLD, NEW = "https://www.linshui.gov.example/info/1001/12.htm", "https://www.linshui.gov.example/art/2024/5/1/art_9_12.html"
TEXT = "为规范示例资金管理，提高使用效益，根据有关规定，结合我县实际，制定本办法。各单位要加强领导，落实责任，确保安全。" * 3
TITLE = "临水县人民政府关于印发示例资金管理办法的通知"
NUMBER = "临政发〔2024〕3号"


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        for site, title in (("linshui", "临水县人民政府"), ("linshan", "临山县人民政府"), ("city", "临江市人民政府")):
            archive.keep_site(site, title, level="county")
        yield archive


def read(archive, url, text=TEXT, day=1, *, site="linshui", run=None, **fields):
    capture = archive.add(Capture(site, url, START + timedelta(days=day), 200, (), f"{url}{text}{day}".encode()), run)
    notice = Notice(**{"title": TITLE, "paragraphs": (Paragraph(text),)} | fields)
    return archive.read(capture, notice, fingerprint="f").notice


def redirect(archive, url, target, day, run):
    archive.add(Capture("linshui", url, START + timedelta(days=day), 301, (), b"", outcome="redirected", redirected_to=target), run)


def pointer(archive, url):
    with archive.reading() as connection:
        return tuple(connection.execute("select notice, pointer_reason, pointer_evidence from addresses where url = ?", (url,)).fetchone())


def test_a_page_that_a_known_one_leads_to_is_its_work_whatever_was_restamped(archive):
    old = read(archive, OLD, "县政府办公室值班电话已经更新。", title="示例通知一则", issued=date(2024, 1, 1))
    redirect(archive, OLD, NEW, 2, archive.start_run("linshui"))
    assert read(archive, NEW, "县政府办公室值班电话已经更新。", 2, title="示例通知一则", issued=date(2024, 5, 1)) == old
    assert pointer(archive, NEW)[1] == "redirect"


def test_a_redirect_that_comes_after_the_page_joins_them_at_the_end_of_the_run(archive):
    old, new = read(archive, OLD, "短文。", title="示例通知"), read(archive, NEW, "短文。", 2, title="示例通知")
    assert old != new
    run = archive.start_run("linshui")
    redirect(archive, OLD, NEW, 3, run)
    archive.end_run(run, "complete")
    work, reason, evidence = pointer(archive, NEW)
    assert (work, reason, json.loads(evidence)["url"]) == (old, "redirect", OLD)
    with archive.reading() as connection:
        row = connection.execute("select address, addresses, state from notices where id = ?", (old,)).fetchone()
        shown = connection.execute("select url, state from addresses where id = ?", (row["address"],)).fetchone()
    # the page that lives is the one that is shown
    assert (row["addresses"], row["state"], tuple(shown)) == (2, "live", (NEW, "live"))


def test_a_notice_that_moved_shows_its_own_page_and_not_the_mobile_one_that_says_less(archive):
    mobile = {url: url.replace("www.", "m.") for url in (OLD, NEW)}
    for day, url in ((1, OLD), (2, NEW)):
        run = archive.start_run("linshui")
        if url == NEW:
            redirect(archive, mobile[OLD], mobile[NEW], day, run)
            redirect(archive, OLD, NEW, day, run)
        for address, number in ((mobile[url], None), (url, NUMBER)):
            capture = archive.add(Capture("linshui", address, START + timedelta(days=day), 200, (), f"{address}{day}".encode()), run)
            notice = Notice(title=TITLE, paragraphs=(Paragraph(TEXT),), document_number=number)
            archive.read(capture, notice, fingerprint="f", principal=None if number else (url, "twin"))
        archive.end_run(run, "complete")
    with archive.reading() as connection:
        shown = connection.execute(
            "select a.url, n.addresses, n.document_number from notices n join addresses a on a.id = n.address where n.version is not null"
        ).fetchall()
    assert [tuple(row) for row in shown] == [(NEW, 4, NUMBER)]


def test_redirects_never_undo_what_a_person_decided_and_home_pages_join_nothing(archive):
    read(archive, OLD)
    read(archive, NEW, day=2)
    split(archive, NEW, "不是同一份文件")
    home = read(archive, "https://www.linshui.gov.example/", "网站首页", title="临水县人民政府")
    run = archive.start_run("linshui")
    redirect(archive, OLD, NEW, 3, run)
    redirect(archive, OLD, "https://www.linshui.gov.example/", 4, run)
    archive.end_run(run, "complete")
    assert pointer(archive, NEW)[0] == notice_id(NEW)
    assert pointer(archive, "https://www.linshui.gov.example/")[0] == home
    assert pointer(archive, OLD)[0] == notice_id(OLD)


def test_equal_numbers_join_within_a_site_and_are_copies_across_sites(archive):
    one = read(archive, OLD, document_number=NUMBER, creator="临水县人民政府", issued=date(2024, 1, 5))
    same = read(archive, NEW, TEXT.replace("有关规定", "国家规定"), 2, document_number="臨政發[2024]第3號", creator="临水县人民政府")
    repost = read(archive, "https://www.city.gov.example/9.html", day=3, site="city", document_number=NUMBER, issued=date(2024, 1, 9))
    other = read(archive, "https://www.linshan.gov.example/7.html", "防汛值班安排。" * 30, 4, site="linshan", title="关于防汛值班的通知",
                 document_number=NUMBER, creator="临山县人民政府")  # fmt: skip
    assert same == one
    assert pointer(archive, NEW)[1] == "same document number"
    with archive.reading() as connection:
        found = relatives(connection, one)
        assert (found.key, found.authority, found.first) == (NUMBER, "临水县", one)
        assert [(copy.notice, copy.relation) for copy in found.copies] == [(repost, "copy")]
        assert relatives(connection, other).copies == ()


def test_a_copy_of_an_earlier_version_is_told_as_that(archive):
    one = read(archive, OLD, document_number=NUMBER, creator="临水县人民政府")
    other = read(archive, "https://www.city.gov.example/9.html", site="city", document_number=NUMBER, creator="临水县人民政府")
    read(archive, OLD, f"{TEXT}{'另行补充的规定由县财政局负责解释。' * 20}", 2, document_number=NUMBER, creator="临水县人民政府")
    with archive.reading() as connection:
        assert [(copy.notice, copy.relation) for copy in relatives(connection, one).copies] == [(other, "earlier")]


def test_conflicting_copies_stay_apart_and_are_named(archive):
    one = read(archive, OLD, document_number=NUMBER, creator="临水县人民政府")
    other = read(archive, NEW, "现将防汛值班安排公布如下，请按时到岗。" * 10, 2, title="关于防汛值班安排的通知", document_number=NUMBER)
    explained = read(archive, f"{OLD}l", TEXT, 3, title="《示例资金管理办法》政策解读", document_number=NUMBER)
    assert len({one, other, explained}) == 3
    with archive.reading() as connection:
        assert [(copy.notice, copy.relation) for copy in relatives(connection, one).copies] == [(other, "conflict")]
        assert connection.execute("select count(*) from document_keys").fetchone()[0] == 2


def test_an_older_archive_gets_its_keys(archive):
    works = [
        read(
            archive,
            f"https://www.linshui.gov.example/{number}.htm",
            f"{number}{TEXT[number:]}",
            document_number=f"临政发〔2024〕{number}号",
        )
        for number in range(1, 6)
    ]
    with archive.write() as connection:
        connection.execute("delete from document_keys")
        connection.execute("insert into unfilled values ('document_keys', '')")
    archive.end_run(archive.start_run("linshui"), "complete")
    with archive.reading() as connection:
        keys = dict(map(tuple, connection.execute("select notice, serial from document_keys")))
        assert keys == {work: number for number, work in enumerate(works, 1)}
        assert connection.execute("select count(*) from unfilled").fetchone()[0] == 0
    assert fill(archive._store) == 0


def test_a_key_follows_what_the_notice_shows(archive):
    work = read(archive, OLD, document_number=NUMBER)
    read(archive, OLD, day=2, document_number="临政发〔2024〕4号")
    with archive.reading() as connection:
        assert [tuple(row) for row in connection.execute("select notice, serial from document_keys")] == [(work, 4)]
    read(archive, OLD, day=3)
    with archive.reading() as connection:
        assert connection.execute("select count(*) from document_keys").fetchone()[0] == 0
