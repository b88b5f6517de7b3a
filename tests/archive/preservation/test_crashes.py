"""Killed, cut off, refused by its disk: an archive keeps what it acknowledged, whole. The long forms are in benchmarks/durability.py."""

import lzma
import os
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random

import apsw
import failing_writes
import power_cuts
import pytest
import statement_kills
from commit_path import named, steps, work
from statement_kills import forkserver

from archive import Archive
from archive.connection import names
from archive.preservation.verify import verify

OLDER = Path(__file__).with_name("older.db.xz")


def test_the_commit_path_has_the_steps_it_is_killed_at(tmp_path):
    made = Counter(steps(tmp_path / "a.db", turns=1, pages=5))
    wanted = (
        "begin",
        "commit",
        "insert captures",
        "insert payloads",
        "insert readings",
        "insert versions",
        "insert entries",
        "update runs",
    )
    assert all(made[step] for step in wanted), made
    assert made["begin"] == made["commit"]


def test_killed_at_steps_and_moments_it_keeps_what_it_acknowledged(tmp_path):
    random, bad = Random(20261122), []
    path = tmp_path / "killed.db"
    Archive.open(path).close()
    places = [
        place for place in statement_kills.places(tmp_path, random, 200) if not place[0].startswith(("create", "alter", "drop", "pragma"))
    ]
    for step, at in places[:7]:
        bad += [(step, at, fault) for fault in statement_kills.check(path, statement_kills.kill_at_statement(path, at // 2))]
    for _ in range(2):
        bad += statement_kills.check(path, statement_kills.kill_after(path, random.random() * 0.3))
    assert bad == []


def test_a_power_cut_takes_nothing_that_was_acknowledged(tmp_path):
    statements, acknowledged = power_cuts.record(tmp_path, turns=1, pages=6)
    tape = power_cuts.replay(statements, tmp_path, checkpoint=20)
    random, bad = Random(7), []
    for turn in range(18):
        mode, at = power_cuts.MODES[turn % 3], random.randrange(len(tape.events) + 1)
        files, kept = tape.cut(at, mode, random)
        bad += [(mode, at, fault) for fault in power_cuts.check(power_cuts.restart(files, tmp_path), acknowledged[:kept])]
    assert bad == []


def test_the_model_of_power_cuts_sees_what_is_not_synced(tmp_path):
    """Where SQLite is told not to sync, as much is lost as the model says: it does not pass everything."""
    statements, acknowledged = power_cuts.record(tmp_path, turns=1, pages=3)
    careless = [statement and statement.replace("synchronous = full", "synchronous = off") for statement in statements]
    tape = power_cuts.replay([*careless[:-1]], tmp_path, checkpoint=10_000)
    last = max(place for place, event in enumerate(tape.events) if event.kind == "kept")
    files, kept = tape.cut(last + 1, power_cuts.DROP_ALL, Random(1))
    lost = power_cuts.check(power_cuts.restart(files, tmp_path), acknowledged[:kept])
    assert kept == len(acknowledged) - 1
    assert lost


def test_a_write_that_fails_is_told_and_costs_only_its_own_step(tmp_path):
    for found in failing_writes.run(tmp_path, range(2, 130, 25)):
        assert found["bad"] == [], found
        assert str(found["error"]).startswith("ArchiveError: ")


@pytest.mark.parametrize("part", range(4))
def test_a_migration_that_is_killed_leaves_the_old_archive_or_the_new(tmp_path, part):
    path = tmp_path / "older.db"
    path.write_bytes(lzma.decompress(OLDER.read_bytes()))
    before = applied(path)
    count = migrating(path.with_name("counted.db"))
    at = Random(part).randrange(count)
    process = forkserver.Process(target=_migrate_until, args=(str(path), at), daemon=True)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert applied(path) in {before, names()}
    assert verify(path).sound
    assert applied(path) == names()


def applied(path):
    with closing(sqlite3.connect(path)) as connection:
        return frozenset(row[0] for row in connection.execute("select name from _sqlite_migrations"))


def migrating(path):
    """Count the statements that bring an older archive up to date."""
    path.write_bytes(lzma.decompress(OLDER.read_bytes()))
    made = []
    with statement_kills.traced(made.append):
        Archive.open(path).close()
    assert any(named(statement).startswith("alter") for statement in made)
    return len(made)


def _migrate_until(path, at):
    left = [at]

    def count(_statement):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with statement_kills.traced(count):
        Archive.open(Path(path)).close()


def test_the_run_a_full_disk_left_open_is_closed_by_the_next(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        archive.start_run("lianxu")
        work(archive, lambda _: None, turns=1, pages=1)
        with archive.reading() as connection:
            assert [row[0] for row in connection.execute("select outcome from runs order by id")] == ["interrupted", "complete"]
    assert verify(tmp_path / "a.db").sound


def test_the_replay_makes_the_same_archive(tmp_path):
    statements, _ = power_cuts.record(tmp_path, turns=1, pages=3)
    power_cuts.replay(statements, tmp_path)
    kept = "select count(*), count(distinct record_id), max(captured_at) from captures"
    with closing(sqlite3.connect(tmp_path / "traced.db")) as one, closing(sqlite3.connect(tmp_path / "replayed.db")) as other:
        assert one.execute(kept).fetchall() == other.execute(kept).fetchall()
    assert apsw.vfs_names()[0] != "taping"
