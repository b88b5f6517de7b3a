import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive import Archive
from archive.schema import APPLICATION_ID, PAGE_SIZE
from cleaners.errors import ArchiveError

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
import threading
from datetime import UTC, datetime, timedelta
from archive import Archive
from cleaners.records import Capture, Notice, Paragraph
name, visits = sys.argv[2], int(sys.argv[3])
with Archive.open(sys.argv[1]) as archive:
    print("open", flush=True)
    for number in range(visits):
        url = f"https://{name}.gov.example/{number % 7}.html"
        at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        capture = archive.add(Capture(name, url, at, 200, (), f"{name}{number}".encode() * 200))
        archive.read(capture, Notice(title="通知", paragraphs=(Paragraph(f"第{number}次，{name}"),)), fingerprint="f")
        print(number, flush=True)
"""


def writer(path, name, visits=100_000):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, path, name, str(visits)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_new_archive_has_its_settings(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive, archive.reading() as connection:
        asked = {
            name: connection.execute(f"pragma {name}").fetchone()[0]
            for name in ("page_size", "application_id", "journal_mode", "synchronous")
        }
        assert asked == {"page_size": PAGE_SIZE, "application_id": APPLICATION_ID, "journal_mode": "wal", "synchronous": 2}
        assert connection.execute("pragma foreign_keys").fetchone()[0] == 1


def test_a_missing_archive_is_not_made_unasked(tmp_path):
    with pytest.raises(ArchiveError, match="no such archive"):
        Archive.open(tmp_path / "a.db", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"not a database, but a text long enough to be one" * 9, b"x"])
def test_another_kind_of_file_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="not a dibao archive"):
        Archive.open(path)
    assert path.read_bytes() == content


def test_another_database_is_refused(tmp_path):
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("create table t (a)")
    connection.close()
    with pytest.raises(ArchiveError, match="not a dibao archive"):
        Archive.open(tmp_path / "a.db")


def test_an_archive_of_a_newer_dibao_is_refused(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive, archive.write() as connection:
        connection.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values ('dibao', 'tomorrow', '')")
    with pytest.raises(ArchiveError, match=r"newer dibao.*tomorrow"):
        Archive.open(tmp_path / "a.db")


def test_a_folder_and_a_place_that_is_not_there_are_named(tmp_path):
    with pytest.raises(ArchiveError, match="folder"):
        Archive.open(tmp_path)
    with pytest.raises(ArchiveError, match="none"):
        Archive.open(tmp_path / "none" / "a.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_file_is_named(tmp_path):
    Archive.open(tmp_path / "a.db").close()
    (tmp_path / "a.db").chmod(0o444)
    with pytest.raises(ArchiveError, match="permissions"):
        Archive.open(tmp_path / "a.db")


def test_an_archive_cut_off_while_it_was_made_is_made_whole(tmp_path):
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute(f"pragma application_id = {APPLICATION_ID}")
    connection.close()
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.status() == []


def test_several_processes_write_at_once(tmp_path):
    path = tmp_path / "a.db"
    writers = [writer(path, name, 40) for name in ("linshui", "qinghe", "anping")]
    results = [each.communicate(timeout=100) for each in writers]
    assert [each.returncode for each in writers] == [0, 0, 0], results
    with Archive.open(path) as archive:
        assert [(site.site, site.versions) for site in archive.status()] == [("anping", 40), ("linshui", 40), ("qinghe", 40)]


def test_killing_a_writer_loses_nothing_it_said_was_kept(tmp_path):
    path, said = tmp_path / "a.db", 0
    for turn in range(8):
        process = writer(path, f"s{turn}")
        assert process.stdout.readline() == "open\n"
        time.sleep(0.03 + 0.04 * turn)
        process.send_signal(signal.SIGKILL)
        out, _ = process.communicate()
        said += len([line for line in out.splitlines(keepends=True) if line.endswith("\n")])
    with Archive.open(path) as archive, archive.reading() as connection:
        assert connection.execute("pragma integrity_check").fetchone()[0] == "ok"
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        assert connection.execute("select count(*) from readings").fetchone()[0] >= said > 0
        assert connection.execute("select count(*) from readings where version is null").fetchone()[0] == 0
        assert (
            connection.execute("select count(*) from notices").fetchone()
            == connection.execute("select count(*) from search_rows where not older").fetchone()
        )


def test_a_thread_reads_at_once_what_was_kept_while_another_one_writes(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        archive.keep_site("ceshi", "测试")
        begun, go_on = threading.Event(), threading.Event()

        def write():
            with archive.write():
                archive.keep_site("ceshi", "改名")
                with archive.reading() as own:
                    seen.append(own.execute("select title from sites").fetchone()[0])
                begun.set()
                go_on.wait(30)

        seen = []
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(write)
            begun.wait(30)
            with archive.reading() as connection:
                seen.append(connection.execute("select title from sites").fetchone()[0])
                with pytest.raises(sqlite3.OperationalError, match="readonly"):
                    connection.execute("delete from sites")
            go_on.set()
            done.result()
        with archive.reading() as connection:
            seen.append(connection.execute("select title from sites").fetchone()[0])
        assert seen == ["改名", "测试", "改名"]
    assert [file.name for file in tmp_path.glob("a.db-*") if file.is_file()] == []


def test_an_archive_that_may_not_be_written_to_can_be_read(tmp_path, monkeypatch):
    path = tmp_path / "a.db"
    Archive.open(path).close()
    before = path.read_bytes()
    monkeypatch.setattr(os, "access", lambda _path, mode: not mode & os.W_OK)  # root may write anywhere
    with pytest.raises(ArchiveError, match="may not be written to"):
        Archive.open(path)
    with Archive.open(path, for_reading=True) as archive:
        assert archive.status() == []
        with pytest.raises(ArchiveError, match="readonly"), archive.write() as connection:
            connection.execute("create table x (y)")
    assert path.read_bytes() == before
    assert {file.name for file in tmp_path.iterdir()} <= {"a.db", "a.db-locks"}


def test_the_log_a_long_reader_held_is_cut_at_the_end_of_the_next_run(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr("archive.connection.LARGE_LOG", 1 << 20)
    log = tmp_path / "a.db-wal"
    with Archive.open(tmp_path / "a.db") as archive, Archive.open(tmp_path / "a.db", for_reading=True) as reader:
        with reader.reading() as connection:
            connection.execute("begin")
            connection.execute("select count(*) from sites").fetchone()
            for number in range(30):
                archive.keep_site(f"s{number}", "测试" * 20_000)
            archive.end_run(archive.start_run("s0"), "complete")
            assert log.stat().st_size > 1 << 20
            assert "keeps it from being cut" in caplog.text
            connection.execute("rollback")
        archive.end_run(archive.start_run("s0"), "complete")
        assert log.stat().st_size == 0


def test_two_processes_that_read_and_then_write_never_find_it_locked(tmp_path):
    path = tmp_path / "a.db"
    Archive.open(path).close()
    code = (
        "import sys\nfrom archive import Archive\nwith Archive.open(sys.argv[1]) as archive:\n"
        "    for number in range(150):\n"
        "        with archive.write() as connection:\n"
        "            seen = connection.execute('select count(*) from host_pace').fetchone()[0]\n"
        "            connection.execute('insert into host_pace values (?, ?, null, ?, ?)', (f'{sys.argv[2]}{number}', seen, '', ''))\n"
    )
    each = [subprocess.Popen([sys.executable, "-c", code, path, name], cwd=ROOT, stderr=subprocess.PIPE, text=True) for name in "ab"]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in each] == [("", 0), ("", 0)]
    with Archive.open(path) as archive, archive.reading() as connection:
        assert connection.execute("select count(*), count(distinct delay) from host_pace").fetchone()[:] == (300, 300)


def test_a_backup_put_to_use_by_hand_gets_the_settings_of_an_archive(tmp_path):
    Archive.open(tmp_path / "a.db").close()
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("pragma journal_mode = delete")
    connection.close()
    with Archive.open(tmp_path / "a.db") as archive, archive.reading() as connection:
        assert connection.execute("pragma journal_mode").fetchone()[0] == "wal"
