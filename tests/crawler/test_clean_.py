"""`dibao clean`: files, standard input, sites, explanations, and what is said of files that cannot be read."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from crawler.cli import main

PAGE = """<html><head><title>关于测试的通知</title></head><body><h1>关于测试的通知</h1><p>发布时间：2031-03-05 来源：测试市林业局</p>
<div class="TRS_Editor"><p>【打印】</p><p>各科室：</p><p>请于3月12日前完成植树任务，逐项记录结果。</p></div></body></html>"""
SITE = """title = "测试市人民政府"
homepage = "http://www.ceshi.gov.example/"
level = "central"
[[channels]]
name = "通知"
url = "http://www.ceshi.gov.example/tz/"
[[layouts]]
body = "div.own"
"""


def run(*arguments, **options):
    return CliRunner().invoke(main, ["clean", *map(str, arguments)], env={"DIBAO_SITES": None, "COLUMNS": "100"}, **options)


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "a.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


def test_an_explanation_names_what_was_removed_and_why(page):
    done = run("--explain", page)
    assert done.exit_code == 0, done.output
    assert "- 【打印】  ← 打印按钮 print button (print)" in done.output
    assert "请于3月12日前完成植树任务" in done.output


def test_several_files_give_a_block_each(page, tmp_path):
    (tmp_path / "b.txt").write_text("关于植树的通知\n各科室：\n请按时完成。", encoding="utf-8")
    done = run("--explain", page, tmp_path / "b.txt")
    assert done.exit_code == 0
    assert done.output.index("a.html") < done.output.index("b.txt")


def test_a_page_comes_by_standard_input(page):
    assert run("-", "--url", "http://a.gov.example/", input=page.read_bytes()).output.startswith("关于测试的通知\n")


def test_an_explanation_is_written_as_html(page, tmp_path):
    out = tmp_path / "out.html"
    done = run(page, "--html", out)
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert "打印按钮" in out.read_text("utf-8")


def test_json_gives_the_whole_notice(page):
    notice = json.loads(run("--explain", "--json", page).output)
    assert notice["title"] == "关于测试的通知"
    assert notice["removals"][0]["rule"] == "print"
    assert notice["evidence"]["title"]["place"]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(page, tmp_path):
    done = run(tmp_path / "no.html", tmp_path, page)
    assert done.exit_code == 1
    assert "no.html" in done.stderr
    assert str(tmp_path) in done.stderr
    assert done.stdout.startswith("关于测试的通知")


def test_an_output_that_cannot_be_written_is_one_clear_line(page, tmp_path):
    done = run(page, "--html", tmp_path / "no" / "out.html")
    assert done.exit_code == 2
    assert "--html" in done.stderr


def test_a_site_brings_its_layouts(tmp_path):
    (tmp_path / "ceshi.toml").write_text(SITE, encoding="utf-8")
    page = tmp_path / "c.html"
    page.write_text(
        "<html><body><p>" + "这里是别的文字，占了页面的大部分。" * 20 + "</p><div class=own>请按时完成植树。</div></body></html>", "utf-8"
    )
    done = run("--site", "ceshi", "--sites", tmp_path, "--json", page)
    assert json.loads(done.output)["text"] == "请按时完成植树。"
    assert run("--site", "ceshj", "--sites", tmp_path, page).exit_code == 2


def test_an_attached_file_is_read_as_what_it_is(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("单位,株数\n一科,120\n", encoding="utf-8")
    done = run("--explain", file)
    assert done.exit_code == 0, done.output
    assert "text/csv" in done.output
    assert "一科" in done.output
