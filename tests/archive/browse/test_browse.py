"""The plugin as Datasette sees it: hooks, settings, headers, and nothing at all where no archive is served."""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import urlopen

import lxml.html
import pytest
from datasette.app import Datasette

from archive.browse.serve import address, browse, datasette, listen
from cleaners.errors import ArchiveError, NoticeError


@pytest.fixture
def plain(tmp_path):
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        "create table notes (id integer primary key, text); create virtual table notes_fts using fts5 (text, content=notes)"
    )
    connection.execute("insert into notes (text) values ('hello world')")
    connection.execute("insert into notes_fts (notes_fts) values ('rebuild')")
    connection.commit()
    connection.close()
    return path


def ask(served, *paths):
    async def answers():
        return [await served.client.get(path, follow_redirects=True) for path in paths]

    try:
        return asyncio.run(answers())
    finally:
        served.executor.shutdown()


def table(served, kept, name):
    return served.urls.table(kept.path.stem, name)


@pytest.mark.parametrize(
    "path", ["/", "/search?q=通知", "/sites", "/capture/1", "/capture/1/raw", "/notice/none", "/-/static/app.css", "/none", "/-/threads"]
)
def test_every_answer_carries_the_security_headers(reader, path):
    headers = reader.get(path).headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_no_page_allows_inline_scripts(reader, kept):
    ours, theirs = reader.get("/"), reader.get(table(reader.served, kept, "notices"))
    assert "script-src" not in ours.headers["content-security-policy"]
    scripts = theirs.headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
    assert "'sha256-" in scripts
    assert "unsafe-inline" not in scripts


@pytest.mark.parametrize("name", ["databases", "threads", "settings", "plugins", "versions", "metadata"])
@pytest.mark.parametrize("suffix", ["", ".json"])
def test_pages_about_the_machine_are_closed(reader, kept, name, suffix):
    answer = reader.get(f"/-/{name}{suffix}")
    assert answer.status_code == 404
    assert str(kept.path.parent) not in answer.text


def test_the_file_is_not_for_download(reader, kept):
    assert reader.get(str(reader.served.urls.database(kept.path.stem)) + ".db").status_code in (403, 404)


def test_datasettes_own_tables_work_and_lead_to_our_pages(reader, kept):
    html = reader.text(table(reader.served, kept, "notices"))
    assert f'<a href="/notice/{kept.notice}">云溪县人民政府办公室关于下达扶贫资金的通知</a>' in html
    assert "每一件通知" in html
    assert '<a href="/capture/1">urn:uuid:' in reader.text(table(reader.served, kept, "captures"))


def test_shadow_tables_are_hidden(reader, kept):
    shown = reader.get(str(reader.served.urls.database(kept.path.stem)) + ".json").json()["tables"]
    visible = {entry["name"] for entry in shown if not entry["hidden"]}
    assert {"notices", "captures", "versions"} <= visible
    assert not visible & {"payloads", "dictionaries", "search", "search_rows", "search_data", "search_idx"}


def test_visitors_have_no_sql_unless_it_is_turned_on(kept):
    path = f"{datasette(kept.path).urls.database(kept.path.stem)}.json?sql=select+1"
    assert ask(datasette(kept.path), path)[0].status_code == 403
    assert ask(datasette(kept.path, sql=True), path)[0].json()["ok"]


@pytest.mark.parametrize(
    "sql", ["select hex(zeroblob(100000000))", "select replace(hex(zeroblob(30000000)),'0','00')", "select randomblob(400000000)"]
)
def test_visitors_sql_cannot_fill_the_memory(kept, sql):
    served = datasette(kept.path, sql=True)
    answer = ask(served, f"{served.urls.database(kept.path.stem)}.json?sql={sql}")[0]
    assert answer.status_code == 400
    assert "too big" in answer.text


@pytest.mark.parametrize(
    "sql",
    ["delete from notices", "pragma writable_schema=on", "attach '/etc/passwd' as p", "with x as (select 1) insert into runs values (1)"],
)
def test_visitors_sql_cannot_write(kept, sql):
    served = datasette(kept.path, sql=True)
    assert ask(served, f"{served.urls.database(kept.path.stem)}.json?sql={sql}")[0].status_code == 400


def test_another_database_keeps_its_own_search(kept, plain):
    served = Datasette([str(kept.path), str(plain)])
    answers = ask(served, "/other/notes.json?_search=hello&_shape=array", "/")
    assert [row["text"] for row in answers[0].json()] == ["hello world"]
    assert "最新通知" in answers[1].text


def test_datasettes_own_pages_show_the_way_back(reader, kept):
    database = str(reader.served.urls.database(kept.path.stem))
    for path in (database, table(reader.served, kept, "notices"), table(reader.served, kept, "runs") + "/1"):
        top = lxml.html.fromstring(reader.text(path)).xpath("//div[@class='dibao-top']")[0]
        assert top.xpath("a/@href") == ["/", "/", "/search", "/sites", "/runs"], path
        assert top.xpath("a/text()")[0] == "← 邸报"
    assert "dibao-top" in reader.get("/-/static-plugins/dibao/tables.css").text


def test_without_an_archive_the_plugin_does_nothing(plain):
    home, sites = ask(Datasette([str(plain)]), "/", "/sites")
    assert "dibao" not in home.text
    assert "other" in home.text
    assert "content-security-policy" not in home.headers
    assert sites.status_code == 404


def test_what_is_no_archive_is_said(tmp_path, plain):
    with pytest.raises(ArchiveError, match="no such archive"):
        datasette(tmp_path / "none.db")
    with pytest.raises(ArchiveError, match="not a dibao archive"):
        datasette(plain)


def test_a_page_that_is_not_there_is_no_page_of_log(kept, capfd):
    (answer,) = ask(datasette(kept.path), "/none")
    assert answer.status_code == 404
    assert capfd.readouterr() == ("", "")


def test_a_port_in_use_is_named_before_anything_is_said(kept, capfd):
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(NoticeError, match=rf"127\.0\.0\.1:{port} is in use.*--port"):
            browse(kept.path, port=port)
    assert capfd.readouterr() == ("", "")


def test_a_host_that_is_not_this_machine_is_named(kept, capfd):
    with pytest.raises(NoticeError, match=r"192\.0\.2\.1:8001 cannot be listened on .*--host"):
        browse(kept.path, "192.0.2.1")
    assert capfd.readouterr() == ("", "")


def test_a_missing_archive_is_named_before_anything_is_said(tmp_path, capfd):
    with pytest.raises(ArchiveError, match="no such archive"):
        browse(tmp_path / "none.db", port=0)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("localhost", "http://localhost:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::", "http://[::1]:80/"),
    ],
)
def test_the_url_said_is_one_a_browser_can_open(host, url):
    assert address(host, 80) == url


def fetch(url: str) -> tuple[int, str]:
    try:
        with urlopen(url) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, ""


def test_the_command_serves_until_interrupted(kept):
    call = f"from pathlib import Path; from archive.browse.serve import browse; browse(Path({str(kept.path)!r}), port=0)"
    served = subprocess.Popen([sys.executable, "-c", call], stderr=subprocess.PIPE)
    try:
        url = re.search(rb"http://127\.0\.0\.1:[1-9]\d*/", served.stderr.readline())[0].decode()
        assert "最新通知" in fetch(url)[1]  # at once: the URL is said when it is listened on
        assert fetch(f"{url}none")[0] == 404
    finally:
        served.send_signal(signal.SIGINT)
        errors = served.communicate(timeout=30)[1].decode()
    assert "Error" not in errors
