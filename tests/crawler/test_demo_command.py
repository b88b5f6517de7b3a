"""The whole road on this machine: two days of the model web give exactly the changes that happened on it."""

import json
import os
import re
import subprocess
import sys
from importlib.resources import as_file, files

import pytest

from archive.store import Archive
from cleaners.errors import ArchiveError
from crawler.demo.command import _make_room, figures
from crawler.demo.content import notices
from crawler.imports import import_paths
from crawler.reading import read_file, reader_for
from spiders.site import load_sites


@pytest.mark.slow
def test_two_days_of_the_model_web(tmp_path):
    db = tmp_path / "room" / "archive.db"
    command = [sys.executable, "-P", "-m", "crawler.cli", "demo", "--no-serve", "--db", str(db)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DIBAO_")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    with Archive.open(db) as archive:
        found = figures(archive)
        with archive.reading() as connection:
            assert connection.execute("pragma integrity_check").fetchone()[0] == "ok"
            cut = connection.execute(
                "select count(*) from versions v join captures c on c.id = v.capture where c.outcome <> 'ok'"
            ).fetchone()[0]
            twice = connection.execute("select class from versions where number > 1 order by class").fetchall()
    assert found["notices"] >= 300
    assert [row[0] for row in twice] == ["metadata", "substantive"]
    assert (found["missing (404)"], found["soft 404"], found["challenge"], cut) == (1, 1, 1, 0)
    lines = [json.loads(line) for line in db.with_suffix(".jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == found["notices"]
    assert all(line["title"] for line in lines)
    check_files(db, {file["url"]: file for line in lines for file in line["attachments"]})


def check_files(db, exported):
    """Every file the model published and a notice links to, or is a picture of, was read, and a rebuild has nothing to read.

    What a file says is what was published; a picture says nothing without OCR, and is kept all the same.
    """
    published = {file.url: file for notice in notices(2) for file in (*notice.attachments, *notice.images)}
    fetched = {url: file for url, file in exported.items() if file["digest"]}
    assert len(fetched) > 50
    assert {published[url].kind for url in fetched} == {"pdf", "docx", "xlsx", "ofd", "zip", "png"}
    pictures = [fetched.pop(url) for url in list(fetched) if published[url].kind == "png"]
    assert [(file["text"], file["flags"]) for file in pictures] == [("", ["scanned"])]
    for url, file in fetched.items():
        text = re.sub(r"\s", "", file["text"])
        assert [line for line in published[url].lines if re.sub(r"\s", "", line) not in text] == [], url
        assert (file["flags"], file["reason"]) == ([], ""), url
    with Archive.open(db) as archive, as_file(files("crawler.demo").joinpath("sites")) as folder:
        report = archive.rebuild(reader_for(load_sites(folder)), read_file)
    assert (report.files, report.changed) == (0, False)


def test_a_demo_never_touches_an_archive_that_is_not_its_own(tmp_path):
    db = tmp_path / "a.db"
    with Archive.open(db) as archive:
        archive.keep_site("beijing", homepage="https://www.beijing.gov.cn/")
    with pytest.raises(ArchiveError, match="beijing"):
        _make_room(db)
    assert db.exists()


def test_a_demo_never_touches_imported_pages(tmp_path):
    db, page = tmp_path / "a.db", tmp_path / "page.html"
    page.write_text("<h1>关于植树的通知</h1><p>请各单位按时参加。</p>", "utf-8")
    with Archive.open(db) as archive:
        import_paths(archive, [page], {})
    with pytest.raises(ArchiveError, match="urn:sha256:"):
        _make_room(db)
    assert db.exists()


def test_a_demo_never_touches_pages_imported_for_a_site_nobody_knows(tmp_path):
    db = tmp_path / "a.db"
    with Archive.open(db) as archive:
        archive.keep_site("benjia")
    with pytest.raises(ArchiveError, match="without a homepage"):
        _make_room(db)


def test_a_demo_makes_its_own_archive_anew(tmp_path):
    db = tmp_path / "new" / "a.db"
    _make_room(db)
    with Archive.open(db) as archive:
        archive.keep_site("linshui", homepage="http://www.linshui.gov.example/")
    _make_room(db)
    assert not db.exists()
