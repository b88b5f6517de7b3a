from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.docnumbers import find_numbers, has_damaged_number, whole_numbers

VECTORS = [
    ("丽政发〔2023〕30号", "丽政发〔2023〕30号"),
    ("湘政发【2012】33号", "湘政发〔2012〕33号"),
    ("沪府办规〔2020〕17 号", "沪府办规〔2020〕17号"),
    ("黔府发〔2018〕第7号", "黔府发〔2018〕7号"),
    ("(长政发[2020]11号)", "长政发〔2020〕11号"),
    ("交公路发（2020）12号", "交公路发〔2020〕12号"),
    ("根据国发﹝2019﹞5号", "国发〔2019〕5号"),
    ("…的通知国发〔2009〕12号", "国发〔2009〕12号"),
    ("丽委退役军人办〔2023〕６号", "丽委退役军人办〔2023〕6号"),
    ("中国人民银行公告〔2020〕第3号", "中国人民银行公告〔2020〕3号"),
    ("深府[1905]139号", "深府〔1905〕139号"),
    ("国发〈2019〉5号", "国发〔2019〕5号"),
    ("工信部联节〔2020〕007号", "工信部联节〔2020〕7号"),
    ("国经贸〔2001〕5号", "国经贸〔2001〕5号"),
    ("国家发展和改革委员会公告〔2020〕3号", "国家发展和改革委员会公告〔2020〕3号"),
    ("〔91〕新出图字第990号", "〔91〕新出图字第990号"),
    ("国务院令第711号", "国务院令第711号"),
    ("粤府令第184号", "粤府令第184号"),
    ("交通运输部令2018年第4号", "交通运输部令2018年第4号"),
    ("公告2019年第1号", "公告2019年第1号"),
    ("國發[2020]5號", "國發〔2020〕5號"),
    ("澄醫保發（2026）第02号", "澄醫保發〔2026〕2號"),
    ("臨府令第7號", "臨府令第7號"),
    ("〔2026〕臨教字第3號", "〔2026〕臨教字第3號"),
    ("市府〔2026〕3號", "市府〔2026〕3號"),
    ("示政发〔二〇二三〕十五号", "示政发〔2023〕15号"),
    ("示政发〔二○二三年〕5号", "示政发〔2023〕5号"),
    ("示政办发2023年第5号", "示政办发〔2023〕5号"),
    ("示教函2023-12号", "示教函〔2023〕12号"),
    ("示政发［２０２３］５号", "示政发〔2023〕5号"),
    ("示政发﹝2023﹞第 05 号", "示政发〔2023〕5号"),
    ("根据省政府第184号令", "省政府第184号令"),
    ("临水市人民政府令 第7号", "临水市人民政府令第7号"),
    ("临水市公告（2023年第5号）", "临水市公告2023年第5号"),
    ("示政字〔2023〕〇五号", "示政字〔2023〕5号"),
]


@pytest.mark.parametrize(("text", "value"), VECTORS)
def test_every_grammar_has_a_normal_form(text, value):
    (number,) = find_numbers(text)
    assert number.value == value
    assert text[number.start : number.end] == number.text


@pytest.mark.parametrize(
    "text",
    [
        "牟政办发〔201746",
        "总第12期",
        "第九号",
        "2020年第3号文件",
        "电话12345号",
        "(2020)示01民初123号",
        "〔2020〕7号",
        "门牌号",
        "示例县开办2号线",
        "参考文献张某[2020]12",
        "示政发〔2023〕号",
        "示政发〔2023〕0号",
        "第711号令",
        "示政发2020年5号楼",
        "统一社会信用代码：11500000000000000A",
    ],
)
def test_what_only_looks_like_one_is_none(text):
    assert find_numbers(text) == ()


def test_several_numbers_in_a_sentence():
    values = [
        number.value for number in find_numbers("按照国发〔2020〕5号和国办发〔2020〕6号要求，废止示政发〔2015〕8号，见国务院令第711号")
    ]
    assert values == ["国发〔2020〕5号", "国办发〔2020〕6号", "示政发〔2015〕8号", "国务院令第711号"]


def test_a_number_without_its_brackets_is_damaged():
    assert has_damaged_number("牟政办发〔201746")
    assert has_damaged_number("示府办〔2023〕号")
    assert has_damaged_number("示府办〔2023〕 第 号")
    assert not has_damaged_number("牟政办发〔2017〕46号")
    assert not has_damaged_number("")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("（示政发〔2020〕1号）", "示政发〔2020〕1号"),
        ("　示政发〔2020〕1号 ", "示政发〔2020〕1号"),
        ("见示政发〔2020〕1号文", None),
        ("示 政 发 〔 2020 〕 1 号", "示政发〔2020〕1号"),
        ("示政发〔2020〕1", "示政发〔2020〕1号"),
        ("内部　示政发〔2020〕1号", "示政发〔2020〕1号"),
        ("机密★1年 特急 示政发〔2020〕1号", "示政发〔2020〕1号"),
        ("示例县 国发〔2020〕1号", None),
        ("000012 机密★1年 示政发〔2020〕1号", "示政发〔2020〕1号"),
        ("内政发〔2020〕1号", "内政发〔2020〕1号"),
        ("示教发〔2020〕1号、示财发〔2020〕2号", "示教发〔2020〕1号"),
        ("张某[2020]1", None),
        ("", None),
    ],
)
def test_a_line_that_is_a_number(line, value):
    number = next(iter(whole_numbers(line)), None)
    assert (number.value if number else None) == value


@given(
    st.sampled_from(["国发", "示政办发", "示府办规", "工信部联节"]),
    st.integers(1949, 2049),
    st.integers(1, 99999),
    st.sampled_from(["〔〕", "[]", "【】", "（）", "﹝﹞", "［］"]),
)
def test_a_normal_form_is_its_own_normal_form(code, year, serial, brackets):
    value = f"{code}〔{year}〕{serial}号"
    assert [number.value for number in find_numbers(f"{code}{brackets[0]}{year}{brackets[1]}{serial}号")] == [value]
    assert [number.value for number in find_numbers(value)] == [value]


@given(st.text(alphabet="国发令公告第〔〕[]()0123456789年号字一 见和", max_size=60) | st.text(max_size=60))
def test_any_text_is_read_and_offsets_hold(text):
    found = find_numbers(text)
    assert all(text[number.start : number.end] == number.text for number in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_organs_that_write_together_have_a_number_each():
    assert [number.value for number in whole_numbers("示教发〔2020〕1号　示财发〔2020〕2号")] == ["示教发〔2020〕1号", "示财发〔2020〕2号"]
    assert whole_numbers("示教发〔2020〕1号和其他") == ()


@pytest.mark.parametrize("pump", ["国发〔2020〕", "发2020", "第1号", "令第", "公告", "〔20〕字第", "〔2020〕5号国"])
def test_time_goes_with_the_length(pump):
    find_numbers(pump * 5000 + "号")
    whole_numbers(pump * 5000 + "号")
