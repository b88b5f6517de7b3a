"""Fixity: every row of the record carries one, and it tells any change."""

import lzma
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from archive import Archive
from archive.preservation.fixity import FIXITY_BYTES, fixity, renew_fixity, tables, without_fixity
from archive.preservation.verify import give_all, verify
from archive.schema import migrations

OLDER = Path(__file__).with_name("older.db.xz")
VALUES = st.none() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary() | st.floats(allow_nan=False)


def every_table():
    with closing(sqlite3.connect(":memory:")) as connection:
        migrations.apply(Database(connection, execute_plugins=False))
        rows = connection.execute("select name, sql from sqlite_schema where type = 'table'").fetchall()
        virtual = [name for name, sql in rows if sql.lower().startswith("create virtual")]
        inner = {f"{name}_{part}" for name in virtual for part in ("data", "idx", "content", "docsize", "config")}
        names = [name for name, _ in rows if name not in inner and not name.startswith("sqlite_")]
        return {name: [row[1] for row in connection.execute(f"pragma table_info({name})")] for name in names}


def test_every_table_is_a_record_or_derived_or_scratch_and_says_why():
    assert set(every_table()) == set(tables())
    assert all(table.why and table.kind in {"record", "derived", "scratch"} for table in tables().values())


@pytest.mark.parametrize("name", [name for name, table in tables().items() if table.kind == "record"])
def test_every_column_of_a_record_is_sealed_or_derived(name):
    table, columns = tables()[name], set(every_table()[name])
    assert "fixity" in columns
    assert columns - {"fixity"} == set(table.columns) | set(table.derived)
    assert not set(table.columns) & set(table.derived)


@given(st.tuples(VALUES, VALUES), st.tuples(VALUES, VALUES))
def test_rows_that_differ_have_another_fixity(one, other):
    columns = ("url", "title")
    rows = [dict.fromkeys(tables()["entries"].columns) | dict(zip(columns, row, strict=True)) for row in (one, other)]
    same = all(type(left) is type(right) and repr(left) == repr(right) for left, right in zip(one, other, strict=True))
    assert (fixity("entries", rows[0]) == fixity("entries", rows[1])) is same


@given(st.none() | st.text(), st.none() | st.binary())
def test_large_values_count_with_their_type(text, blob):
    row = dict.fromkeys(tables()["file_texts"].columns) | {"text": text, "contents": blob}
    made = fixity("file_texts", row)
    assert len(made) == FIXITY_BYTES
    assert made != fixity("file_texts", row | {"text": (text or "") + "x"})
    assert blob is None or made != fixity("file_texts", row | {"contents": None})


def test_a_seal_is_the_same_in_every_dibao():
    row = dict.fromkeys(tables()["entries"].covered) | {"channel": 7, "url": "https://www.lianxu.gov.example/t1.html", "title": "通知"}
    assert fixity("entries", row).hex() == "4036f96a2122ff3b"


def older(folder):
    path = folder / "older.db"
    path.write_bytes(lzma.decompress(OLDER.read_bytes()))
    return path


def test_rows_of_an_older_dibao_are_told_apart_and_sealed_when_asked(tmp_path):
    path = older(tmp_path)
    before = verify(path)
    assert before.sound, before.damages
    assert before.without_fixity["captures"] == 24
    assert give_all(path) == sum(before.without_fixity.values())
    after = verify(path)
    assert (after.sound, after.without_fixity) == (True, {})


def test_what_is_written_after_an_older_dibao_is_sealed(tmp_path):
    with Archive.open(older(tmp_path)) as archive:
        run = archive.start_run("lianxu")
        archive.end_run(run, "complete")
        with archive.reading() as connection:
            assert without_fixity(connection)["runs"] == 3


def test_a_row_is_sealed_again_by_whoever_changes_it(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        run = archive.start_run("lianxu")
        with archive.write() as connection:
            connection.execute("update runs set reason = 'x' where id = ?", (run,))
        assert [(damage.table, damage.row) for damage in verify(archive.path).damages] == [("runs", run)]
        with archive.write() as connection:
            renew_fixity(connection, "runs", run)
        assert verify(archive.path).sound
