"""A site that needs a browser does not begin a run without one, and a list that scripts fill is told from an empty one."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest

from crawler.demo.scripted import HOST, SITE_FILE, ScriptedWeb


@pytest.fixture
def crawl(tmp_path):
    """Crawl the model site once, with its site file changed; gives the last line of the crawl and what was asked."""

    def run(change=lambda text: text, **environment):
        folder = tmp_path / "sites"
        folder.mkdir()
        (folder / "lanyu.toml").write_text(change(SITE_FILE.read_text("utf-8")), "utf-8")
        with ScriptedWeb() as web:
            web.write_hosts(tmp_path / "hosts.json")
            ours = {
                "DIBAO_MODEL_WEB": str(tmp_path / "hosts.json"),
                "DIBAO_DB": str(tmp_path / "archive.db"),
                "DIBAO_SITES": str(folder),
                "DIBAO_CONTACT": "you@example.org",
            }
            held, writer = os.pipe()  # a crawl ends with its standard input
            command = [sys.executable, "-m", "crawler.run", "lanyu"]
            done = subprocess.run(
                command, env={**os.environ, **ours, **environment}, capture_output=True, text=True, check=False, stdin=held
            )
            os.close(held)
            os.close(writer)
            return json.loads(done.stdout.splitlines()[-1]), web.asked

    return run


def test_without_a_browser_the_run_does_not_begin(crawl, tmp_path):
    said, asked = crawl(DIBAO_CHROMIUM="/no/such/chromium")
    assert "site lanyu (javascript = true)" in said["error"]
    assert "dibao[js]" in said["error"] or "apt-get install chromium" in said["error"]
    assert asked == []
    assert not (tmp_path / "archive.db").exists()


def test_a_plain_site_whose_list_scripts_fill_ends_incomplete_and_says_what_to_do(crawl, tmp_path):
    said, asked = crawl(lambda text: text.replace("javascript = true", ""), DIBAO_CHROMIUM="/no/such/chromium")
    assert said["outcome"] == "incomplete"
    assert "needs_js: its list is filled by scripts; `dibao probe --js URL`" in said["reason"]
    assert asked == ["/robots.txt", "/tzgg/"]
    with sqlite3.connect(tmp_path / "archive.db") as connection:
        assert connection.execute("select url, last_complete from channels").fetchall() == [(f"http://{HOST}/tzgg/", None)]
