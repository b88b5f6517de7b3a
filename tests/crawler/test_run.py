"""A run that is stopped or killed loses nothing: the next one ends where an undisturbed run would have."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path
from random import Random

import pytest

from archive.store import Archive
from crawler.demo.web import ModelWeb

SITE = "yunbeijt"
SITES = Path(str(files("crawler.demo").joinpath("sites")))


@pytest.fixture(scope="module")
def web():
    with ModelWeb(day=1) as running:
        yield running


@pytest.fixture
def start(web, tmp_path):
    hosts = tmp_path / "hosts.json"
    web.write_hosts(hosts)

    def begin(db, *more):
        environment = {**os.environ, "DIBAO_MODEL_WEB": str(hosts), "DIBAO_CONTACT": "test@example.org"}
        command = [sys.executable, "-P", "-m", "crawler.cli", "crawl", SITE, "--sites", str(SITES), "--db", str(db), *more]
        return subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    return begin


def finish(child):
    out, _ = child.communicate(timeout=100)
    return child.returncode, out.decode()


def wait_for(web, pages, child):
    """Wait until the model has answered so many more requests, or the child is through."""
    goal = len(web.log) + pages
    while len(web.log) < goal and child.poll() is None:
        time.sleep(0.005)


def notices(db):
    with Archive.open(db) as archive, archive.reading() as connection:
        assert connection.execute("pragma integrity_check").fetchone()[0] == "ok"
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        rows = connection.execute(
            "select a.url, v.number, v.text_digest, v.parts_digest from versions v join addresses a on a.id = v.address"
        )
        return sorted(tuple(row) for row in rows)


def file_texts(db):
    with Archive.open(db) as archive, archive.reading() as connection:
        rows = connection.execute("select p.digest, t.flags, t.text from file_texts t join payloads p on p.id = t.payload")
        return sorted(tuple(row) for row in rows)


def runs(db):
    with Archive.open(db) as archive, archive.reading() as connection:
        return [row[0] for row in connection.execute("select outcome from runs order by id")]


@pytest.fixture(scope="module")
def whole(web, tmp_path_factory):
    """The archive of a run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    child = start.__wrapped__(web, folder)(folder / "archive.db")
    code, out = finish(child)
    assert code == 0, out
    return folder / "archive.db"


@pytest.fixture(scope="module")
def undisturbed(whole):
    return notices(whole)


@pytest.fixture(scope="module")
def read_undisturbed(whole):
    return file_texts(whole)


def kill_and_finish(web, start, db, counts):
    for pages in counts:
        child = start(db)
        wait_for(web, pages, child)
        os.killpg(child.pid, signal.SIGKILL)
        finish(child)
    # a run whose parent was killed is over at once, but its lock may be seen for a moment
    code, out = finish(start(db))
    assert code == 0, out


def test_killed_three_times_in_a_row_it_ends_with_the_same_notices(web, start, undisturbed, read_undisturbed, tmp_path):
    db = tmp_path / "archive.db"
    kill_and_finish(web, start, db, [1, 19, 30])
    assert len(undisturbed) > 40
    assert notices(db) == undisturbed
    assert len(read_undisturbed) > 5
    assert file_texts(db) == read_undisturbed
    assert runs(db) == ["interrupted"] * (len(runs(db)) - 1) + ["complete"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))  # tests/crawler/test_kills.py kills more often, over more pages
def test_killed_at_a_random_page_it_ends_with_the_same_notices(web, start, whole, tmp_path, seed):
    db = tmp_path / "archive.db"
    kill_and_finish(web, start, db, [Random(seed).randint(1, 60)])
    assert notices(db) == notices(whole)
    assert file_texts(db) == file_texts(whole)


def test_killing_only_the_parent_stops_the_child_in_an_orderly_way(web, start, undisturbed, tmp_path):
    db = tmp_path / "archive.db"
    child = start(db)
    wait_for(web, 10, child)
    child.kill()
    finish(child)
    code, out = finish(start(db))
    assert code == 0, out
    assert notices(db) == undisturbed
    assert runs(db) == ["incomplete", "complete"]


@pytest.mark.parametrize("to_group", [True, False], ids=["the whole group", "the parent"])
def test_sigterm_stops_after_the_page_in_hand_and_says_so(web, start, tmp_path, to_group):
    db = tmp_path / "archive.db"
    child = start(db)
    wait_for(web, 10, child)
    (os.killpg if to_group else os.kill)(child.pid, signal.SIGTERM)
    code, out = finish(child)
    assert code == 1, out
    assert "stopped: shutdown" in out
    assert runs(db) == ["incomplete"]


@pytest.mark.parametrize("seconds", [0.2, 0.6, 1.0])
def test_ctrl_c_while_it_starts_ends_without_a_traceback(start, tmp_path, seconds):
    db = tmp_path / "archive.db"
    Archive.open(db).close()
    child = start(db)
    while b"crawling" not in child.stdout.readline():  # the children are about to start
        pass
    time.sleep(seconds)
    os.killpg(child.pid, signal.SIGINT)
    code, out = finish(child)
    assert code == 1, out
    assert "Traceback" not in out
    assert "stopped: shutdown" in out


def test_two_runs_of_one_site_do_not_meet(web, start, tmp_path):
    db = tmp_path / "archive.db"
    first = start(db)
    wait_for(web, 5, first)
    code, out = finish(start(db))
    first_code, _ = finish(first)
    assert first_code == 0
    assert code == 0 or "is held by process" in out
    assert set(runs(db)) == {"complete"}


def test_a_run_counts_the_files_it_read(whole, read_undisturbed):
    with Archive.open(whole) as archive, archive.reading() as connection:
        counts = json.loads(connection.execute("select counts from runs").fetchone()[0])
    assert counts["file/read"] == len(read_undisturbed)


def test_files_that_were_kept_and_never_read_are_read_by_the_next_run(web, start, whole, read_undisturbed, tmp_path):
    db = tmp_path / "archive.db"
    with sqlite3.connect(whole) as source, sqlite3.connect(db) as copy:
        source.backup(copy)
        copy.execute("delete from file_texts where payload % 2")
        copy.execute("update runs set outcome = 'interrupted'")
        copy.execute("update attachments set capture = null, payload = null where id % 3 = 0")  # and some that were not linked yet
    source.close()
    copy.close()
    code, out = finish(start(db, "--recheck", "none"))
    assert code == 0, out
    assert file_texts(db) == read_undisturbed
    with Archive.open(db) as archive, archive.reading() as connection:
        assert connection.execute("select count(*) from attachments where capture is null").fetchone()[0] == 0
