"""Keys of documents: every way of writing one number is one key, and what is no number is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.docnumbers import DocumentKey, find_numbers, parse_key

SAME = [
    (
        "国发〔2019〕5号",
        "根据国发﹝2019﹞5号",
        "国发〈2019〉5号",
        "國發[2019]5號",
        "国发（2019）第５号",
        "国发【2019】 05 号",
        "国发〔二〇一九〕五号",
    ),
    ("湘政发【2012】33号", "湘政发〔2012〕33号", "湘 政 发 〔2012〕 33 号"),
    ("沪府办规〔2020〕17 号", "沪府办规〔2020〕17号", "沪府办规2020年第17号"),
    ("黔府发〔2018〕第7号", "黔府发〔2018〕7号"),
    ("(长政发[2020]11号)", "长政发〔2020〕11号"),
    ("丽委退役军人办〔2023〕６号", "丽委退役军人办〔2023〕6号"),
    ("中国人民银行公告〔2020〕第3号", "中国人民银行公告2020年第3号", "中国人民银行公告（2020年第3号）"),
    ("国务院令第711号", "中华人民共和国国务院令　第711号", "国务院第711号令", "国务院令第七百一十一号", "中華人民共和國國務院令第711號"),
    ("粤府令第184号", "粵府令第184號", "粤府第184号令"),
    ("交通运输部令2018年第4号", "中华人民共和国交通运输部令（2018年第4号）", "交通运输部令〔2018〕4号", "交通运输部2018年第4号令"),
    ("公告2019年第1号", "公告〔2019〕1号", "2019年第1号公告"),
    ("国家发展和改革委员会令2020年第31号", "国家发展改革委令2020年第31号"),
    ("第九号", "（第九号）", "第9号"),
    ("（十三届）第九号", "第十三届第九号"),
    ("〔91〕新出图字第990号", "[1991]新出图字第990号", "（91）新出图字第 990 号"),
    ("示教发〔2020〕1号　示财发〔2020〕2号", "示教发〔2020〕1号"),
]


@pytest.mark.parametrize("written", SAME)
def test_one_number_is_one_key_however_it_is_written(written):
    keys = {parse_key(number) for number in written}
    assert len(keys) == 1
    assert None not in keys


def test_different_numbers_are_different_keys():
    keys = [parse_key(written[0]) for written in SAME]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("国发〔2019〕5号", DocumentKey("国发", 2019, 5, "bracketed")),
        ("中华人民共和国国务院令第711号", DocumentKey("国务院令", None, 711, "order")),
        ("中国人民银行公告〔2020〕第3号", DocumentKey("中国人民银行公告", 2020, 3, "announcement")),
        ("第九号", DocumentKey("", None, 9, "announcement")),
        ("第7号令", DocumentKey("令", None, 7, "order")),
        ("〔91〕新出图字第990号", DocumentKey("新出图字", 1991, 990, "bracket_first")),
        ("深府[1905]139号", DocumentKey("深府", 1905, 139, "bracketed")),
        ("财税〔94〕1号", DocumentKey("财税", 1994, 1, "bracketed")),
        ("财税〔05〕1号", DocumentKey("财税", 2005, 1, "bracketed")),
    ],
)
def test_a_key_has_its_parts(number, key):
    assert parse_key(number) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "牟政办发〔201746",
        "总第12期",
        "门牌号",
        "(2020)示01民初123号",
        "〔2020〕7号",
        "示政发〔2023〕号",
        "示政发〔2023〕0号",
        "杨管规〔2012〕001-3",
    ],
)
def test_what_is_no_number_has_no_key(text):
    assert parse_key(text) is None


@given(
    code=st.text("国发办政示临水字函", min_size=1, max_size=8),
    year=st.integers(1949, 2048),
    serial=st.integers(1, 99999),
    brackets=st.sampled_from(["〔〕", "[]", "［］", "（）", "【】", "﹝﹞", "〈〉", "()"]),
    zeros=st.integers(0, 2),
)
def test_brackets_width_and_zeros_do_not_matter(code, year, serial, brackets, zeros):
    written = f"{code}{brackets[0]}{year}{brackets[1]}第{str(serial).zfill(min(5, len(str(serial)) + zeros))}号"
    assert parse_key(written) == DocumentKey(code, year, serial, "bracketed")


@given(st.sampled_from([number for written in SAME for number in written]))
def test_a_canonical_number_is_read_back(number):
    key = parse_key(number)
    assert key
    assert parse_key(key.canonical) == key


@given(st.text("国发令公告第号〔〕[]（）12年〇九十届字", max_size=24))
def test_every_text_has_a_key_that_stays_or_none(text):
    key = parse_key(text)
    assert key is None or (key.serial > 0 and parse_key(key.canonical) == key)


def test_a_code_does_not_lose_its_republic():
    assert [number.value for number in find_numbers("见中华人民共和国国务院令第711号")] == ["中华人民共和国国务院令第711号"]
