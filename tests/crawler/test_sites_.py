"""`dibao sites`: the list people choose from."""

import json

from click.testing import CliRunner

from crawler.cli import main
from spiders.site import load_sites, parse_site


def sites(*words):
    done = CliRunner().invoke(main, ["sites", *words], env={"DIBAO_SITES": None}, catch_exceptions=False)
    assert done.exit_code in {0, 2}, done.output
    return done


def test_options_choose_and_the_number_is_told():
    done = sites("--province", "陕西", "--level", "county")
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert names == ["name", "mianxian", "zb", "liuba"]
    assert done.stderr == f"3 of {len(load_sites())} sites\n"


def test_text_is_looked_for_in_columns_too():
    assert "zb" in sites("县政府文件", "镇巴").stdout
    assert sites("没有这样的栏目").stdout == ""


def test_verbose_shows_columns_and_what_speaks_for_the_file():
    shown = sites("-v", "--host", "jtyst.jiangsu").stdout
    assert "政策文件  daily  https://jtyst.jiangsu.gov.cn/col/col77151/index.html" in shown
    assert "· hulelan/china-governance: 政策文件, col41780, col77126" in shown


def test_json_is_what_the_files_say():
    rows = json.loads(sites("--json", "--division", "6107").stdout)
    assert {row["province"] for row in rows} == {"陕西"}
    known = load_sites()
    for row in rows:
        del row["province"]
        assert (
            parse_site({key: value for key, value in row.items() if key != "name" and value is not None} | told(row), row["name"])
            == (known[row["name"]])
        )


def told(row):
    """Leave out the keys a file cannot say nothing with: TOML has no null."""
    channels = [{key: value for key, value in channel.items() if value is not None} for channel in row["channels"]]
    return {"channels": channels, "expect": {key: value for key, value in row["expect"].items() if value is not None}}


def test_a_wrong_word_is_told_with_what_is_allowed():
    assert "'candidate'" in sites("--status", "candidat").stderr
    assert "did you mean 'shaanxi'" in sites("--province", "shaanxl").stderr
