"""`dibao add`: from a column's address alone to a site file that crawls the column completely, untouched."""

import json
import re
import shutil
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from archive.store import Archive
from crawler.cli import main
from crawler.demo.content import column_notices
from crawler.demo.model import sites
from spiders.site import load_site

DOCS = Path(__file__).parents[2] / "docs" / "probe.md"
TRS, VSB, GENERIC = "linshui", "yunbeijt", "chengwan"


def dibao(*words):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def column(name, number=0):
    """One column of a model site, and the addresses of all its notices: the ground truth."""
    site = next(site for site in sites() if site.name == name)
    chosen = site.columns[number]
    return SimpleNamespace(
        name=chosen.name,
        url=f"http://{site.host}{chosen.path}",
        notices={notice.url for notice in column_notices(site, chosen, 1)},
    )


def add(folder, url, *more):
    return dibao("add", url, "--sites", folder, "--delay", "0.01", *more)


def listed(db):
    with Archive.open(db) as archive, archive.reading() as connection:
        return [row[0] for row in connection.execute("select outcome from runs")], {
            row[0] for row in connection.execute("select url from entries")
        }


@pytest.fixture(scope="module")
def added(web, tmp_path_factory):
    """A folder with the site file of one column, as written."""
    folder = tmp_path_factory.mktemp("sites")
    return SimpleNamespace(folder=folder, said=add(folder, column(TRS).url).output, fixture=folder / "fixtures/linshui/zwgk-tzgg")


def test_a_columns_address_is_enough_to_crawl_it_completely(web, tmp_path):
    wanted = column(VSB)  # whose pages are numbered from the oldest
    assert add(tmp_path, wanted.url).exit_code == 0
    (file,) = tmp_path.glob("*.toml")
    assert dibao("crawl", file.stem, "--sites", tmp_path, "--db", tmp_path / "archive.db", "-q").exit_code == 0
    outcomes, found = listed(tmp_path / "archive.db")
    assert outcomes == ["complete"]
    assert wanted.notices <= found


def test_the_next_page_is_proved_before_a_minimum_is_set(web, tmp_path):
    assert add(tmp_path, column(GENERIC).url).exit_code == 0
    (file,) = tmp_path.glob("*.toml")
    site = load_site(file)
    assert (site.family, site.expect.min_entries) == ("generic", 5)


def test_a_site_file_says_what_was_found(added):
    site = load_site(added.folder / "linshui.toml")
    assert (site.title, site.family, site.level, site.division_code, site.status) == (
        "临水市人民政府",
        "trs",
        "city",
        "990100",
        "candidate",
    )
    assert [channel.name for channel in site.channels] == ["通知公告"]
    assert site.evidence
    assert "linshui.toml" in added.said
    assert "dibao crawl linshui" in added.said


def test_the_documented_file_is_what_is_written(added):
    shown = re.search(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)[1]
    wanted, written = tomllib.loads(shown), tomllib.loads((added.folder / "linshui.toml").read_text("utf-8"))
    assert wanted.keys() == written.keys()
    assert wanted["expect"] == written["expect"]
    differing = {"channels", "evidence", "delay"}  # another column was added here, on another day
    assert {key: value for key, value in wanted.items() if key not in differing} == {
        key: value for key, value in written.items() if key not in differing
    }


def test_its_fixture_holds_the_pages_as_they_came_and_how_they_read(added, web):
    golden = json.loads((added.fixture / "golden.json").read_text("utf-8"))
    side = json.loads((added.fixture / "list.capture.json").read_text("utf-8"))
    assert len(golden["listing"]["entries"]) == 12
    assert golden["listing"]["next"]["url"].endswith("index_1.html")
    assert golden["notice"]["text"]
    assert side["url"] == column(TRS).url
    assert side["captured_at"]
    assert "通知公告".encode() in (added.fixture / "list.html").read_bytes()


def test_replay_shows_what_reads_differently_and_keeps_what_is_accepted(added, tmp_path):
    golden = added.fixture / "golden.json"
    before = golden.read_text("utf-8")
    assert dibao("replay", added.folder).exit_code == 0
    golden.write_text(before.replace('"promised": true', '"promised": false'), "utf-8")
    differs = dibao("replay", added.folder)
    assert differs.exit_code == 1
    assert '+  "promised": true' in differs.output
    assert "--accept" in differs.output
    assert dibao("replay", added.folder, "--accept").exit_code == 0
    assert golden.read_text("utf-8") == before
    assert dibao("replay", tmp_path).exit_code == 2


def test_replay_says_how_to_accept_in_either_language(added, tmp_path):
    shutil.copytree(added.folder, tmp_path, dirs_exist_ok=True)
    next(tmp_path.rglob("golden.json")).write_text("{}\n", "utf-8")
    lines = dibao("replay", tmp_path).stderr.splitlines()
    assert [line.endswith(f"dibao replay {tmp_path} --accept") for line in lines] == [True, True]


def test_a_second_column_goes_into_the_file_of_its_host(added, web):
    path = added.folder / "linshui.toml"
    path.write_text(path.read_text("utf-8").replace('title = "', '# geprüft\ntitle = "', 1), "utf-8")
    assert add(added.folder, column(TRS, 1).url).exit_code == 0
    text = path.read_text("utf-8")
    assert [channel["name"] for channel in tomllib.loads(text)["channels"]] == ["通知公告", "政府文件"]
    assert "# geprüft" in text
    again = add(added.folder, column(TRS, 1).url)
    assert again.exit_code == 2
    assert "already" in again.output
    assert path.read_text("utf-8") == text


def test_a_column_shorter_than_the_sites_minimum_is_pointed_out(web, tmp_path):
    add(tmp_path, column(TRS).url)
    path = tmp_path / "linshui.toml"
    path.write_text(path.read_text("utf-8").replace("min_entries = 6", "min_entries = 13"), "utf-8")
    said = add(tmp_path, column(TRS, 1).url).output
    assert "expect.min_entries" in said
    assert "lower it" in said


def test_a_page_that_is_no_list_writes_nothing(web, tmp_path):
    result = add(tmp_path / "new", "http://www.linshui.gov.example/none/")
    assert result.exit_code == 1
    assert "页面不存在 missing" in result.output
    assert not list((tmp_path / "new").iterdir())


def test_real_hosts_are_not_asked_faster_than_the_default(web, tmp_path):
    result = dibao("add", "http://www.shuiqu.gov.cn/tzgg/", "--sites", tmp_path, "--delay", "0.01")
    assert result.exit_code == 2
    assert "delay" in result.output
