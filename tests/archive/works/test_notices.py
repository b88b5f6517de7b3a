from datetime import UTC, date, datetime, timedelta

import pytest

from archive import Archive
from archive.works.notices import notice_id
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Notice, Paragraph

START = datetime(2024, 1, 1, tzinfo=UTC)
SITE = "https://www.linshui.gov.example"
LONG = "各乡镇人民政府，县政府各部门：" * 20


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


def read(archive, url, text, day=1, *, site="linshui", principal=None, **fields):
    capture = archive.add(Capture(site, url, START + timedelta(days=day), 200, (), f"{url}{day}".encode()))
    notice = Notice(title="通知", paragraphs=(Paragraph(text),), **fields)
    return archive.read(capture, notice, fingerprint="f", principal=principal)


def pointers(archive):
    with archive.reading() as connection:
        return {row[0]: row[1:] for row in map(tuple, connection.execute("select url, notice, pointer_reason from addresses"))}


def shown(archive, work):
    with archive.reading() as connection:
        return dict(
            connection.execute("select n.*, a.url from notices n join addresses a on a.id = n.address where n.id = ?", (work,)).fetchone()
        )


def test_the_id_comes_from_the_canonical_url_alone(archive):
    assert read(archive, f"{SITE}:443/a/../1.html#top", "甲").notice == notice_id(f"{SITE}/1.html")
    assert len(notice_id(SITE)) == 16


def test_a_mobile_twin_is_the_same_notice_and_never_a_version_of_it(archive):
    twin = read(archive, "https://m.linshui.gov.example/1.html", "甲", principal=(f"{SITE}/1.html", "mobile twin"))
    first = read(archive, f"{SITE}/1.html", "甲，全文", day=2)
    assert first.notice == twin.notice == notice_id(f"{SITE}/1.html")
    assert (twin.number, first.number) == (1, 1)
    row = shown(archive, first.notice)
    assert (row["url"], row["versions"], row["addresses"]) == (f"{SITE}/1.html", 1, 2)
    assert pointers(archive)["https://m.linshui.gov.example/1.html"][1] == "mobile twin"


def test_the_same_text_on_the_same_site_is_the_same_document(archive):
    one = read(archive, f"{SITE}/1.html", LONG)
    assert read(archive, f"{SITE}/2.html", LONG).notice == one.notice
    assert pointers(archive)[f"{SITE}/2.html"] == (one.notice, "same document")


@pytest.mark.parametrize(
    ("text", "site", "fields"),
    [
        ("短", "linshui", {}),
        (LONG, "qinghe", {}),
        (LONG, "linshui", {"document_number": "临政发〔2024〕2号"}),
        (LONG, "linshui", {"created": date(2024, 2, 2)}),
    ],
)
def test_what_is_not_the_same_document(archive, text, site, fields):
    one = read(archive, f"{SITE}/1.html", text, document_number="临政发〔2024〕1号", created=date(2024, 1, 1))
    assert read(archive, f"{SITE}/2.html", text, site=site, **fields).notice != one.notice


def test_a_page_that_names_its_own_address_is_the_same_document_where_the_text_agrees(archive):
    one = read(archive, f"{SITE}/1.html", "短")
    assert read(archive, f"{SITE}/print/1.html", "短", canonical=f"{SITE}/1.html").notice == one.notice
    assert read(archive, f"{SITE}/2.html", "另一篇", canonical=f"{SITE}/1.html").notice != one.notice


def test_a_move_is_logged_and_can_be_undone(archive):
    one, two = read(archive, f"{SITE}/1.html", "甲"), read(archive, f"{SITE}/2.html", "乙")
    before = pointers(archive), shown(archive, one.notice), shown(archive, two.notice)
    move = archive.move(2, one.notice, "same document", {"by": "a reader"})
    assert pointers(archive)[f"{SITE}/2.html"] == (one.notice, "same document")
    assert shown(archive, one.notice)["addresses"] == 2
    assert archive.search("乙") == []
    archive.undo(move)
    assert (pointers(archive), shown(archive, one.notice), shown(archive, two.notice)) == before
    assert len(archive.search("乙")) == 1
    with archive.reading() as connection:
        assert [row[0] for row in connection.execute("select undone from moves order by id")] == [2, None]


def test_a_joined_address_can_be_split_off(archive):
    one = read(archive, f"{SITE}/1.html", LONG)
    read(archive, f"{SITE}/2.html", LONG)
    archive.undo(1)
    assert pointers(archive)[f"{SITE}/2.html"] == (notice_id(f"{SITE}/2.html"), "same URL")
    assert shown(archive, one.notice)["addresses"] == 1


def test_moves_that_cannot_be_made_are_named(archive):
    read(archive, f"{SITE}/1.html", "甲")
    for wrong in (lambda: archive.move(9, None, ""), lambda: archive.move(1, "none", ""), lambda: archive.undo(9)):
        with pytest.raises(ArchiveError, match="there is no such"):
            wrong()


def test_a_newer_move_is_undone_first(archive):
    one = read(archive, f"{SITE}/1.html", "甲")
    read(archive, f"{SITE}/2.html", "乙")
    move = archive.move(2, one.notice, "same document")
    archive.move(2, None, "split")
    with pytest.raises(ArchiveError, match="newer move"):
        archive.undo(move)
