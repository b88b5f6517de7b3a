"""`dibao rebuild`: the same rules change nothing on real pages, changed rules are told as the cleaner's, and what is left is named."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.locks import hold
from cleaners.rules import default_rules
from crawler.cli import main

GOLD = Path(__file__).parents[2].parent / "shared" / "gold" / "gov"
PAGE = "<html><head><title>关于北岸路施工的通知</title></head><body><h1>关于北岸路施工的通知</h1><div class=content><p>{text}</p></div></body></html>"
TEXT = "根据会议安排，北岸路将于近期维修，请过往车辆注意绕行，施工期间给您带来不便，敬请谅解。"
CLOCKS = {"rebuilds", "related_until"}
"""Tables that say when somebody looked, and nothing of what was found."""


def run(*arguments, code=0):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result


def dump(path):
    with Archive.open(path) as archive, archive.reading() as connection:
        listed = "select name from sqlite_master where type = 'table' and name not glob 'search*' and name not glob 'sqlite*'"
        names = {row[0] for row in connection.execute(listed)} - CLOCKS
        rows = {name: map(tuple, connection.execute(f"select * from {name}").fetchall()) for name in names}
        # citations are numbered anew each time they are looked for
        return {name: sorted(repr(row[name == "citations" :]) for row in found) for name, found in rows.items()}


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.html").write_text(PAGE.format(text=TEXT + f"第{number}段。"), "utf-8")
        url = {"url": f"https://www.linshui.gov.example/{number}.html", "captured_at": "2024-01-01T00:00:00+08:00"}
        (folder / f"{number}.json").write_text(json.dumps(url), "utf-8")
    return folder


@pytest.mark.skipif(not GOLD.is_dir(), reason="the pages are kept beside this checkout")
def test_real_pages_imported_twice_and_rebuilt_change_nothing(tmp_path):
    folder = tmp_path / "gold"
    folder.mkdir()
    for file in sorted(GOLD.glob("*.html"))[::4]:
        shutil.copy(file, folder)
        shutil.copy(file.with_suffix(".json"), folder)
    db = tmp_path / "a.db"
    run("import", folder, "--db", db)
    once = dump(db)
    run("import", folder, "--db", db)
    twice = dump(db)
    assert {name for name in once if once[name] != twice[name]} == {"runs"}
    for options in ((), ("--all", "--jobs", "2"), ("--check", "--jobs", "0")):
        run("rebuild", "--db", db, *options)
        after = dump(db)
        assert {name for name in twice if twice[name] != after[name]} == set()


def test_changed_rules_are_told_as_the_cleaners(tmp_path, pages, monkeypatch):
    db = tmp_path / "a.db"
    run("import", pages, "--db", db)
    other = replace(default_rules(), learned=("从未出现过的一行",))
    monkeypatch.setattr("crawler.reading.rules_for", lambda *_: other)
    run("rebuild", "--db", db, "--check", "--jobs", "0")  # by today's rules, none was read
    report = json.loads(run("rebuild", "--db", db, "--jobs", "0", "--json").stdout)
    assert (report["captures"], report["readings"], report["differing"], report["cut"]) == (4, {"cleaner": 4}, 0, 0)
    again = run("rebuild", "--db", db, "--jobs", "0")
    assert "0 captures read, 4 read by today's rules before: nothing changed; 4 versions stand." in again.stderr


def test_a_site_that_is_crawled_is_named_and_left(tmp_path, pages, monkeypatch):
    monkeypatch.setattr("archive.rebuilding.rebuild.PATIENCE", 0.1)
    db = tmp_path / "a.db"
    run("import", pages, "--db", db)
    with Archive.open(db) as archive, archive.write() as connection:
        connection.execute("update addresses set site = 'linshui'")
    with hold(db, "site:linshui", "crawl linshui"):
        result = run("rebuild", "--db", db, "--jobs", "0", code=1)
        assert "dibao rebuild --site linshui" in result.stderr
        assert "crawl linshui" in run("rebuild", "--db", db, "--jobs", "0", "--site", "linshui", code=2).stderr


def test_what_reads_differently_is_listed(tmp_path, pages):
    db = tmp_path / "a.db"
    run("import", pages, "--db", db)
    with Archive.open(db) as archive, archive.write() as connection:
        document = json.loads(connection.execute("select document from readings where id = 1").fetchone()[0])
        connection.execute("update readings set document = ? where id = 1", (json.dumps(document | {"reader": "other"}),))
    result = run("rebuild", "--db", db, "--check", "--jobs", "0", code=1)
    assert "https://www.linshui.gov.example/0.html: reader" in result.stderr
