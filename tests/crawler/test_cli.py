"""The command line: every verb says what it does, errors are one clear line, and nothing depends on the working folder."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from archive import Archive
from archive.locks import hold
from crawler.cli import VERBS, main
from crawler.commands.status_ import _readable, _row
from spiders.site import load_site

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
PAGE = """<html><head><title>关于测试的通知</title></head><body><h1>关于测试的通知</h1><p>发布时间：2026-03-05 来源：测试市林业局</p>
<div class="TRS_Editor"><p>各科室：</p><p>请于3月12日前完成植树任务，逐项记录结果。联系电话：0999-5550123。</p></div></body></html>"""
SITE = """title = "测试市人民政府"
homepage = "http://www.ceshi.gov.example/"
level = "central"
[[channels]]
name = "通知"
url = "http://www.ceshi.gov.example/tz/"
"""


def run(*arguments, **environment):
    return CliRunner().invoke(
        main, list(map(str, arguments)), env={"DIBAO_DB": None, "DIBAO_CONTACT": None, "DIBAO_SITES": None, **environment}
    )


def commands(command=main, path=()):
    """Give every command with its path, groups included."""
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), name)
            yield (*path, name), found
            yield from commands(found, (*path, name))


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "a.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


def test_every_command_and_option_has_help():
    for path, command in commands():
        assert command.help, path
        for parameter in command.params:
            assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None), (path, parameter.name)


def test_every_command_is_in_the_readme_and_the_list_of_verbs():
    for name in ("README.md", "README.en.md"):
        text = (ROOT / name).read_text("utf-8")
        for path, command in commands():
            words = " ".join(path)
            assert isinstance(command, click.Group) or f"dibao {words}" in text or f"make {words}" in text, (
                f"{name} does not name `dibao {words}`"
            )
    assert {path[0] for path, _ in commands()} == set(VERBS)


def test_help_lists_the_verbs_without_loading_them():
    code = "import sys, crawler.cli; crawler.cli.main(['--help'], standalone_mode=False); sys.exit(any(m in sys.modules for m in ('scrapy', 'sqlite_utils', 'datasette', 'rich.progress')))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert all(verb in shown.stdout for verb in VERBS)


def test_clean_loads_neither_scrapy_nor_datasette(page):
    code = f"import sys, crawler.cli; crawler.cli.main(['clean', {str(page)!r}], standalone_mode=False); sys.exit(any(m in sys.modules for m in ('scrapy', 'datasette', 'twisted')))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr


def test_the_version_is_told():
    assert re.fullmatch(r"dibao, version \d+\.\d+.*\n", run("--version").output)


def test_clean_prints_one_json_object_a_line(page):
    done = run("clean", page, page, "--url", "http://www.ceshi.gov.example/a.html", "--format", "json")
    assert done.exit_code == 0, done.output
    first, second = map(json.loads, done.output.splitlines())
    assert first == second
    assert (first["title"], first["issued"][:10], first["source"]) == ("关于测试的通知", "2026-03-05", "测试市林业局")
    assert "植树任务" in first["text"]
    assert len(first["text_hans"]) == len(first["text"])
    wanted = "issued created effective author speaker creator document_number identifier addressee signatory type script paragraphs attachments removals spans flags evidence"
    assert set(wanted.split()) <= set(first)


def test_clean_prints_text_for_people(page):
    done = run("clean", page)
    assert done.output.startswith("关于测试的通知\n")
    assert "发布日期: 2026-03-05" in done.output


def test_import_status_export_and_rebuild(tmp_path, page):
    db = tmp_path / "x.db"
    assert run("import", page, "--db", db).exit_code == 0
    lines = [json.loads(line) for line in run("export", "--db", db, "--quiet").output.splitlines()]
    assert [line["title"] for line in lines] == ["关于测试的通知"]
    assert run("export", "--since", "2027-01-01", "--quiet", DIBAO_DB=str(db)).output == ""
    out = tmp_path / "texts"
    assert run("export", "--db", db, "--format", "text", "--out", out).exit_code == 0
    assert any("植树" in file.read_text("utf-8") for file in out.rglob("*.txt"))
    status = run("status", "--db", db)
    assert status.exit_code == 0
    assert status.output.splitlines()[0].startswith("site\t")
    rebuilt = run("rebuild", "--db", db)
    assert rebuilt.exit_code == 0
    assert "1" in rebuilt.output


@pytest.mark.parametrize("command", [["status"], ["rebuild"], ["export"], ["browse"]])
def test_an_archive_that_is_not_there_is_one_clear_line(tmp_path, command):
    done = run(*command, "--db", tmp_path / "no.db")
    assert done.exit_code == 2
    assert "no such archive" in done.stderr
    assert "Traceback" not in done.output
    assert not (tmp_path / "no.db").exists()


def test_a_file_that_is_not_an_archive_is_left_alone(tmp_path):
    file = tmp_path / "x.db"
    file.write_text("notes")
    assert run("status", "--db", file).exit_code == 2
    assert file.read_text() == "notes"


def test_crawl_needs_a_contact_and_a_site(tmp_path):
    (tmp_path / "ceshi.toml").write_text(SITE, encoding="utf-8")
    done = run("crawl", "ceshi", "--sites", tmp_path, "--db", tmp_path / "a.db")
    assert done.exit_code == 2
    assert "--contact" in done.stderr
    done = run("crawl", "ceshj", "--sites", tmp_path, "--contact", "a@example.org")
    assert done.exit_code == 2
    assert "did you mean 'ceshi'?" in done.stderr
    assert run("crawl").exit_code == 2


def test_schedule_runs_nothing_that_is_not_due(tmp_path, monkeypatch):
    (tmp_path / "ceshi.toml").write_text(SITE.replace("level", 'frequency = "never"\nlevel'), encoding="utf-8")
    only = load_site(tmp_path / "ceshi.toml")
    monkeypatch.setattr("crawler.commands.schedule_.load_sites", lambda *_: {"ceshi": only})
    assert run("schedule", "once", "--db", tmp_path / "a.db").exit_code == 2, "it needs a contact"
    done = run("schedule", "once", "--db", tmp_path / "a.db", "--contact", "a@example.org")
    assert (done.exit_code, done.output) == (0, "nothing is due\n")
    assert run("schedule", "once", "-q", "--db", tmp_path / "a.db", "--contact", "a@example.org").output == ""


def test_scrapys_own_commands_are_as_safe(tmp_path):
    (tmp_path / "ceshi.toml").write_text(SITE, encoding="utf-8")
    environment = {**os.environ, "DIBAO_SITES": str(tmp_path), "DIBAO_CONTACT": "", "DIBAO_DB": str(tmp_path / "a.db")}
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert "ceshi" in listed.stdout.split()
    refused = subprocess.run([*scrapy, "crawl", "ceshi"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "DIBAO_CONTACT" in refused.stderr


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared pages are not here")
def test_the_seeds_are_cleaned_as_they_should():
    scored = subprocess.run(
        [sys.executable, SHARED / "bench/score_seeds.py", SHARED / "seeds", Path(sys.executable).with_name("dibao")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert scored.returncode == 0, scored.stdout


def test_candidates_are_crawled_when_named_and_never_by_themselves(tmp_path, monkeypatch):
    (tmp_path / "ceshi.toml").write_text(f'status = "candidate"\n{SITE}', encoding="utf-8")
    crawled = []
    monkeypatch.setattr(
        "crawler.commands.crawl_.crawl_sites", lambda chosen, wishes, screen: [crawled.append(site.name) for site in chosen][:0]
    )
    monkeypatch.setattr("crawler.commands.schedule_.crawl_sites", lambda *_: pytest.fail("a candidate was scheduled"))
    common = ("--sites", tmp_path, "--db", tmp_path / "a.db", "--contact", "a@example.org")
    done = run("schedule", "once", *common)  # the shipped sites are candidates too
    assert done.exit_code == 0
    assert 'write status = "active"' in done.stderr
    assert run("crawl", "ceshi", *common).exit_code == 0
    assert crawled == ["ceshi"]


def test_a_run_that_was_killed_is_not_told_as_running(tmp_path):
    path = tmp_path / "a.db"
    with Archive.open(path) as archive:
        archive.keep_site("ceshi", "测试县")
        archive.start_run("ceshi")
    with hold(path, "site:ceshi"):
        assert "running" in run("status", "--db", path).output
    assert "interrupted" in run("status", "--db", path).output


def test_status_fits_a_terminal_and_says_why_a_run_is_not_complete(tmp_path):
    path, why = tmp_path / "a.db", "www.ceshi.gov.example answers with a challenge: ruishu (HTTP 412)"
    with Archive.open(path) as archive:
        for name in ("ceshi", "linshui-gonggong"):
            archive.keep_site(name, "测试县")
            archive.end_run(archive.start_run(name), "incomplete", why)
    assert run("status", "--db", path).output.splitlines()[1].endswith(f"\t{why}")
    with Archive.open(path, for_reading=True) as archive:
        shown = list(_readable([_row(site, path) for site in archive.status()]))
    assert [line.strip() for line in shown].count(f"reason: {why}") == 2
    assert all(len(line) <= 80 for line in shown if "reason:" not in line)
