"""The scores that gold is held to: they notice what is lost, added or invented, and nothing else."""

import json

import pytest
from gold_scores import Gold, as_day, score, squeeze, summary

TEXT = "各科室：\n会议定于6月3日上午9时在二楼会议室召开，请准时参加。\n临水市水务局"


@pytest.fixture
def gold(tmp_path):
    facts = {
        "title": "关于召开会议的通知", "date": "2021-06-01", "source": "市水务局", "author": None, "doc_number": None, "issuer": None, "set": "hand",
        "attachments": [{"name": "回执.docx", "href": "./P1.docx"}], "flags": [], "body": TEXT, "with": ["二楼会议室"], "without": ["打印"],
    }  # fmt: skip
    path = tmp_path / "page.json"
    path.write_text(json.dumps(facts), "utf-8")
    return Gold(path)


def right():
    return {
        "title": "关于召开会议的通知",
        "date": "2021年6月1日",
        "source": "来源：市水务局",
        "body": TEXT,
        "attachments": [{"name": "回执.docx"}],
    }


def test_what_is_right_scores_one(gold):
    found = score(gold, right())
    assert {name: value for name, value in found.items() if value != 1.0} == {"number_extra": 0.0}


def test_layout_alone_costs_nothing(gold):
    laid_out = TEXT.replace("：", ":").replace("会议", "会 议\u200b").replace("\n", "\n　　")
    assert score(gold, right() | {"body": laid_out})["lines"] == 1.0


def test_a_repeated_title_costs_nothing(gold):
    assert score(gold, right() | {"body": f"关于召开会议的通知\n{TEXT}"})["body"] == 1.0


@pytest.mark.parametrize("body", ["", TEXT.replace("请准时参加", ""), TEXT + "\n【打印本页】【关闭窗口】", f"{TEXT}\n{TEXT}"])
def test_text_lost_added_or_doubled_costs(gold, body):
    assert score(gold, right() | {"body": body})["body"] < 0.999


def test_paragraphs_run_together_cost_lines_only(gold):
    found = score(gold, right() | {"body": TEXT.replace("\n", "")})
    assert found["body"] == 1.0
    assert found["lines"] == 0.0


def test_furniture_in_the_text_is_named(gold):
    assert score(gold, right() | {"body": TEXT + "\n打印"})["phrases"] == 0.5


def test_a_number_that_is_not_the_notice_s_own_is_counted(gold):
    rows = [score(gold, right() | {"doc_number": "国发〔2010〕33号"})]
    assert summary(rows)["invented_numbers"] == 1


def test_a_date_where_there_is_none_is_invented(gold):
    gold.facts["date"] = None
    assert score(gold, right())["invented"] == 1.0
    assert score(gold, right() | {"date": None})["invented"] == 0.0


def test_files_are_known_by_name_or_address(gold):
    found = score(gold, right() | {"attachments": [{"name": "下载", "href": "./P1.docx"}, {"name": "首页", "href": "/"}]})
    assert (found["attachments_r"], found["attachments_p"]) == (1.0, 0.5)


@pytest.mark.parametrize("said", ["2021-06-01", "2021年6月1日", "2021/6/1 9:05", "2021.06.01"])
def test_days_are_compared_as_days(said):
    assert as_day(said) == "2021-06-01"


def test_bullets_and_bars_are_not_text():
    assert squeeze("● 第一项 | 第二项") == "第一项第二项"
