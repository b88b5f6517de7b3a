"""`dibao check`: offline for all files, and live for one site of the model web."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from click.testing import CliRunner

from crawler.cli import main
from crawler.manners.never import why_never
from crawler.network.addresses import refuse_url
from spiders.site import load_sites

MODELS = Path(str(files("crawler.demo"))) / "sites"
SITE = """title = "测试市人民政府"
homepage = "http://www.ceshi.gov.example/"
level = "city"
division_code = "990300"
[[channels]]
name = "通知"
url = "http://www.ceshi.gov.example/tz/"
"""


def check(*words, **environment):
    return CliRunner().invoke(
        main, ["check", *map(str, words)], env={"DIBAO_SITES": None, "DIBAO_CONTACT": None, **environment}, catch_exceptions=False
    )


def test_valid_files_are_counted_by_level_and_status(tmp_path):
    (tmp_path / "ceshi.toml").write_text(SITE, "utf-8")
    done = check("--sites", tmp_path)
    assert done.exit_code == 0
    rows = {line.split()[0]: line.split()[2:] for line in done.stdout.splitlines()[1:]}
    shipped = [site for site in load_sites().values() if site.level == "city"]
    assert rows["市"] == ["1", str(len(shipped)), "0", str(1 + sum(len(site.channels) for site in shipped))]
    assert rows["合计"][0] == "1"
    assert done.stderr == f"{len(load_sites()) + 1} site files are valid\n"


def test_faults_are_told_file_by_file_and_the_others_are_counted(tmp_path):
    for name, text in {
        "a": SITE.replace("level", "levle").replace("990300", "99"),
        "b": SITE.replace("[[", "["),
        "c": SITE,
    }.items():
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    done = check("--sites", tmp_path)
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    first = lines.index(str(tmp_path / "a.toml"))
    assert "did you mean 'level'" in "".join(lines[first + 1 : first + 4])
    assert all(line.startswith("    ") for line in lines[first + 1 : first + 4])
    assert str(tmp_path / "b.toml") in lines
    assert lines[-1] == f"{len(load_sites()) + 1} site files are valid, 2 are not"


def test_a_column_that_two_sites_read_is_noted(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.toml").write_text(SITE, "utf-8")
    done = check("--sites", tmp_path)
    assert done.exit_code == 0
    assert "note: a and b read the same column http://www.ceshi.gov.example/tz/" in done.stdout


def test_every_shipped_column_may_be_asked_for():
    urls = [url for site in load_sites().values() for url in (site.homepage, *(channel.url for channel in site.channels))]
    assert [(url, why) for url in urls if (why := refuse_url(url) or why_never(url))] == []


def test_quiet_says_nothing_of_what_is_right():
    done = check("-q")
    assert (done.exit_code, done.output) == (0, "")


def test_check_needs_no_engine():
    code = "import sys; from crawler.cli import main; main(['check', '-q'], standalone_mode=False); print([m for m in ('scrapy', 'twisted') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_schema_is_printed():
    assert json.loads(check("--schema").stdout)["title"] == "dibao site file"


def live(site, *more, folder=MODELS, contact="test@example.org"):
    return check("--live", site, *more, "--sites", folder, "--contact", contact)


def test_a_candidate_that_is_as_its_file_says_may_become_active(web, tmp_path):
    text = (MODELS / "linshui.toml").read_text("utf-8").replace('frequency = "daily"', 'status = "candidate"')
    parts = text.split("[[channels]]")
    (tmp_path / "neu.toml").write_text("[[channels]]".join(parts[:2]), "utf-8")
    before = len(web.log)
    done = live("neu", folder=tmp_path)
    assert done.exit_code == 0, done.output
    asked = [path for host, _, path, _ in web.log[before:] if host == "www.linshui.gov.example"]
    assert asked[:2] == ["/robots.txt", "/zwgk/tzgg/"]
    assert len(asked) == 3, "robots.txt, the list and one notice"
    for told in ("allows this page", "trs", "12, 12 with a date", "GET http://www.linshui.gov.example/zwgk/tzgg/index_1.html"):
        assert told in done.stdout
    assert '→ [expect] site_id_code = "9901000001"' in done.stdout
    assert '→ status = "active"' in done.stdout
    assert "✗" not in done.stdout
    assert done.stderr.endswith("1 of 1 columns are as the file says\n")


def test_what_is_wrong_is_told_with_what_to_write(web, tmp_path):
    text = (MODELS / "linshui.toml").read_text("utf-8").replace("990100", "990300").replace('"trs"', '"vsb"').replace("通知公告", "公告")
    (tmp_path / "falsch.toml").write_text(text.replace("min_entries = 12", "min_entries = 13"), "utf-8")
    done = live("falsch", "--channel", "公告", folder=tmp_path)
    assert done.exit_code == 1
    for told in (
        "✗ 12 entries are fewer than expect.min_entries, 13",
        "✗ the pages are of family trs, not vsb",
        "✗ SiteIDCode is '9901000001', which is not of division_code '990300'",
        '→ family = "trs"  # the page shows it',
        '→ name = "通知公告"  # of 公告: as its page calls it',
        "→ division_code, homepage  # is this the site that is meant?",
    ):
        assert told in done.stdout


def test_columns_that_do_not_come_are_told_with_the_reason(web, tmp_path):
    text = (MODELS / "linshui.toml").read_text("utf-8").replace("zwgk/zfwj/", "zwgk/nbzl/", 1).replace("zwgk/tzgg/", "zwgk/gone/")
    (tmp_path / "falsch.toml").write_text(text, "utf-8")
    done = live("falsch", "--channel", "通知公告", "--channel", "政府文件", folder=tmp_path)
    assert done.exit_code == 1
    assert "✗ the list page did not come: status 404, missing" in done.stdout
    assert "forbids this page" in done.stdout
    assert "✗ the list page did not come: refused" in done.stdout
    assert "0 of 2 columns are as the file says" in done.stderr


def test_a_visit_needs_a_contact_a_site_and_a_column(web):
    assert "contact" in live("linshui", contact="").stderr
    assert "did you mean 'linshui'" in live("linshiu").stderr
    assert "has no column '通告': it has 通知公告, 政府文件, 手机版" in live("linshui", "--channel", "通告").stderr
    assert "--channel goes with --live" in check("--channel", "x").stderr
