"""Backups are looked over before they count, restored ones give the same exports, and nothing good is ever lost for one."""

import io
import lzma
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import under_load
from click.testing import CliRunner
from commit_path import work

from archive import Archive
from archive.export import export
from archive.locks import hold
from archive.preservation.backup import backup, restore
from archive.preservation.verify import verify
from cleaners.errors import ArchiveError
from crawler.cli import main

ROOT = Path(__file__).parents[3]
OLDER = Path(__file__).with_name("older.db.xz")


@pytest.fixture
def path(tmp_path):
    with Archive.open(tmp_path / "archive.db") as archive:
        work(archive, lambda _: None, turns=1, pages=5)
    return tmp_path / "archive.db"


def exported(path):
    out = io.BytesIO()
    with Archive.open(path, for_reading=True) as archive:
        export(archive, "jsonl", out)
    return out.getvalue()


def damage(path, statement):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_restored_backup_exports_the_same_bytes(path, tmp_path):
    copy = backup(path, tmp_path / "copies")
    assert copy.report.sound
    assert copy.path.parent == tmp_path / "copies"
    done = restore(copy.path, tmp_path / "new" / "back.db")
    assert exported(done.path) == exported(path) != b""
    assert (done.rows["captures"], done.aside) == (7, None)
    with Archive.open(done.path) as archive, archive.reading() as connection:
        assert connection.execute("pragma journal_mode").fetchone()[0] == "wal"


def test_backups_of_an_archive_that_is_written_to_hold_what_was_kept_before(tmp_path):
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    with under_load.writer(path, pause=0.005) as writing:
        copies = [backup(path, tmp_path / "copies", keep=2).path for _ in range(3)]
        writing.stop()
    assert writing.error == ""
    assert [copy.exists() for copy in copies] == [False, True, True]
    done = restore(copies[-1], tmp_path / "back.db")
    assert exported(done.path) == exported(copies[-1])


def test_a_damaged_archive_gives_no_backup_and_the_good_one_stays(path, tmp_path):
    good = tmp_path / "good.db"
    backup(path, good)
    before = good.read_bytes()
    damage(path, "update runs set reason = 'x'")
    with pytest.raises(ArchiveError, match=r"not sound.*runs row 1"):
        backup(path, good)
    assert good.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir() if "part" in file.name) == []


def test_a_damaged_archive_is_copied_where_asked_and_the_copy_says_so(path, tmp_path):
    good = tmp_path / "copies" / "a.db"
    backup(path, good)
    damage(path, "update runs set reason = 'x'")
    told = CliRunner().invoke(main, ["backup", "--db", str(path), "--to", str(good), "--damaged"])
    assert told.exit_code == 1
    assert "a.damaged.db: is damaged as the archive is: runs row 1" in told.stderr
    assert verify(good).sound
    assert exported(good.with_name("a.damaged.db")) == exported(good)


def test_a_full_disk_is_told_and_nothing_is_left(path, tmp_path):
    code = "import resource, sys; from crawler.cli import main; resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000)); main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, "backup", "--db", path, "--to", tmp_path / "copies"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "could not be written" in done.stderr
    assert [file.name for file in (tmp_path / "copies").iterdir() if file.is_file()] == []


def test_what_a_killed_backup_left_is_taken_away_by_the_next(path, tmp_path):
    (tmp_path / ".good.db.part").write_bytes(b"half")
    backup(path, tmp_path / "good.db", quick=True)
    assert not (tmp_path / ".good.db.part").exists()


def test_an_archive_is_replaced_only_when_asked_and_kept_aside_with_its_log(path, tmp_path):
    copy = backup(path, tmp_path / "copy.db").path
    with Archive.open(path) as archive:
        work(archive, lambda _: None, turns=1, pages=1)
    log = path.with_name("archive.db-wal")
    log.write_bytes(b"what a killed process left")
    with pytest.raises(ArchiveError, match="--replace"):
        restore(copy, path)
    done = restore(copy, path, replace=True)
    assert done.aside is not None
    assert done.aside.with_name(f"{done.aside.name}-wal").read_bytes() == b"what a killed process left"
    assert done.lacks["captures"] == 2
    assert verify(path).sound


def test_a_backup_that_is_damaged_is_not_restored(path, tmp_path):
    copy = backup(path, tmp_path / "copy.db").path
    damage(copy, "update payloads set size = size + 1")
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="not sound, so nothing was restored"):
        restore(copy, path, replace=True)
    assert path.read_bytes() == before


def test_whoever_uses_the_archive_is_named(path, tmp_path):
    copy = backup(path, tmp_path / "copy.db").path
    with (
        hold(path, "site:lianxu", "dibao crawl lianxu"),
        pytest.raises(ArchiveError, match=rf"process {os.getpid()} \(dibao crawl lianxu\)"),
    ):
        restore(copy, path, replace=True)


def test_a_backup_of_an_older_dibao_is_brought_up_to_date(tmp_path):
    copy = tmp_path / "older.db"
    copy.write_bytes(lzma.decompress(OLDER.read_bytes()))
    done = restore(copy, tmp_path / "new.db")
    assert done.rows["captures"] == 24
    assert verify(done.path).sound


def test_the_archive_itself_and_missing_files_are_refused(path, tmp_path):
    for wrong in (lambda: backup(path, path), lambda: restore(path, path, replace=True)):
        with pytest.raises(ArchiveError, match="itself"):
            wrong()
    for wrong in (lambda: backup(tmp_path / "none.db", tmp_path), lambda: restore(tmp_path / "none.db", path)):
        with pytest.raises(ArchiveError, match="no such"):
            wrong()


def test_the_commands(path, tmp_path):
    made = CliRunner().invoke(main, ["backup", "--db", str(path), "--to", str(tmp_path / "copy.db")])
    assert (made.exit_code, "looked over and sound" in made.output) == (0, True)
    back = CliRunner().invoke(main, ["restore", str(tmp_path / "copy.db"), "--to", str(path), "--replace"])
    assert (back.exit_code, "7 captures" in back.output, "kept as" in back.output) == (0, True, True)
