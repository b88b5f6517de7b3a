"""What `verify` finds: single bits in records, rows that do not follow any more, and nothing where nothing is wrong."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from random import Random

import bit_flips
import pytest
from click.testing import CliRunner
from commit_path import RULES, START, page, work

from archive import Archive
from archive.documents import load_notice
from archive.preservation.verify import verify
from archive.times import stamp
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Notice
from crawler.cli import main


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return bit_flips.make(tmp_path_factory.mktemp("made"), turns=2, pages=8)


@pytest.fixture
def path(made, tmp_path):
    copy = tmp_path / "archive.db"
    copy.write_bytes(made.read_bytes())
    return copy


def damage(path, statement, *values):
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(statement, values).rowcount > 0
        connection.commit()


def test_nothing_is_found_where_nothing_is_wrong(path):
    report = verify(path)
    assert (report.damages, report.without_fixity) == ([], {})
    assert report.looked_at["captures"] == 20


def test_single_bits_in_records_are_found_and_named_and_others_do_no_harm(path):
    found = list(bit_flips.flips(path, 24, Random(11), used=True))
    assert [flip for flip in found if flip.kind == bit_flips.RECORD and not flip.named] == []
    assert [flip for flip in found if not flip.found and not flip.harmless] == []
    assert sum(flip.kind == bit_flips.RECORD for flip in found) >= 6


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("update captures set read = 0 where id = 1", "captures"),
        ("update notices set title = title || '。' where title is not null", "notices"),
        ("update addresses set notice = (select max(id) from notices) where id = 1", "addresses"),
        ("update addresses set state = 'gone' where state = 'live'", "addresses"),
        ("update versions set number = number + 1 where id = 2", "versions"),
        ("update attachments set title = '别的' where id = 1", "attachments"),
        ("update search_rows set said = substr(said, 3)", "search_rows"),
        ("update readings set version = (select max(id) from versions) where id = 1", "readings"),
        ("delete from search_data where id > 10 and id = (select max(id) from search_data)", "search"),
        ("delete from payloads where id = 3", "captures"),
    ],
)
def test_rows_that_do_not_follow_from_the_record_are_named(path, statement, table):
    damage(path, statement)
    assert table in {found.table for found in verify(path).damages}


def test_payload_bytes_that_are_others_are_named_by_their_address(path):
    damage(path, "update payloads set body = zeroblob(9) where id = 1")
    (found,) = verify(path, quick=True).damages
    assert (found.table, found.row, "backup" in found.remedy) == ("payloads", 1, True)
    assert found.shows.startswith("https://www.lianxu.gov.example/")


def test_a_crawl_may_write_meanwhile(path):
    with Archive.open(path) as archive, archive.write() as connection:
        connection.execute("update runs set reason = 'half'")
        assert verify(path).sound


def test_what_is_read_late_again_or_is_no_content_stays_sound(path):
    with Archive.open(path) as archive:
        for number in range(3):
            capture, notice = page(number, 5)
            archive.read(archive.add(capture), notice, fingerprint="sha256:fedcba9876543210")
        gone = archive.add(Capture("lianxu", page(1, 0)[0].url, START + timedelta(days=9), 200, (), b"404"))
        archive.read(gone, Notice(flags=("soft_404",)), fingerprint=RULES)
        late, notice = page(2, -3)
        archive.read(archive.add(late), notice, fingerprint=RULES)
        work(archive, lambda _: None, turns=1, pages=2)
    assert [str(found) for found in verify(path).damages] == []


def test_a_file_that_is_no_archive_is_refused_and_a_broken_one_reported(tmp_path, path):
    other = tmp_path / "other.db"
    other.write_bytes(b"not a database" * 99)
    with pytest.raises(ArchiveError, match="not a dibao archive"):
        verify(other)
    path.write_bytes(path.read_bytes()[: 16384 * 3])
    assert not verify(path).sound


def test_the_command_tells_and_exits_with_one(path):
    sound = CliRunner().invoke(main, ["verify", "--db", str(path)])
    assert (sound.exit_code, "sound" in sound.output) == (0, True)
    damage(path, "update moves set reason = 'x' where id = 1")
    told = CliRunner().invoke(main, ["verify", "--db", str(path), "--quick"])
    assert told.exit_code == 1
    assert "moves row 1 (https://www.lianxu.gov.example/" in told.output
    written = CliRunner().invoke(main, ["verify", "--db", str(path), "--json"])
    assert [found["table"] for found in json.loads(written.stdout)["damages"]][:1] == ["moves"]


@pytest.mark.parametrize(
    "statement",
    [
        "update notices set title = title || '。' where title is not null",
        "update notices set versions = 9, state = 'gone' where addresses > 0",
        "update addresses set state = 'gone' where state = 'live'",
        "update attachments set title = '别的' where id = 1",
        "update readings set version = (select max(id) from versions) where id = 1",
    ],
)
def test_what_is_to_be_derived_again_is_so_by_the_rebuild_that_verify_names(path, statement):
    with Archive.open(path) as archive:
        with archive.reading() as connection:
            said = {row[0]: (load_notice(row[1]), row[2]) for row in connection.execute(_STANDING).fetchall()}
        with archive.write() as connection:
            assert connection.execute(statement).rowcount > 0
        assert "derive it again (dibao rebuild --all)" in {found.remedy for found in verify(path).damages}
        archive.rebuild(lambda capture: said[stamp(capture.captured_at)], everything=True)
        assert [str(found) for found in verify(path).damages] == []


_STANDING = """
    select c.captured_at, coalesce(r.document, s.document), u.fingerprint from readings r join captures c on c.id = r.capture
    join rulesets u on u.id = r.rules left join readings s on s.id = r.same_as order by r.read_at, r.id
"""


def test_a_damaged_search_index_is_made_anew_as_verify_says(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update search_rows set said = substr(said, 3) where row = (select min(row) from search_rows)")
    damages = verify(path).damages
    assert {damage.table for damage in damages} & {"search_rows", "search"}
    assert all("dibao rebuild --index" in damage.remedy for damage in damages), damages
    assert CliRunner().invoke(main, ["rebuild", "--index", "--db", str(path)]).exit_code == 0
    assert verify(path).sound
