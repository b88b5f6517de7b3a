from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.signature import find_signature, is_organ, is_person

BODY = ["各乡镇人民政府：", "现将有关事项通知如下，请遵照执行。", "一、加强领导。", "二、抓好落实。"]


@pytest.mark.parametrize(
    ("end", "names", "created"),
    [
        (["示例县人民政府", "2020年9月15日"], ("示例县人民政府",), date(2020, 9, 15)),
        (["示例县交通运输局", "示例县财政局", "二〇二〇年九月十五日"], ("示例县交通运输局", "示例县财政局"), date(2020, 9, 15)),
        (["示例县交通运输局　　　示例县财政局", "2020年9月15日"], ("示例县交通运输局　　　示例县财政局",), date(2020, 9, 15)),
        (["示例县人民政府办公室 2020年9月15日"], ("示例县人民政府办公室",), date(2020, 9, 15)),
        (
            ["附件：1.名单", "示例县人民政府", "2020年9月15日", "（此件公开发布）", "附件1", "示例县财政局", "2019年1月1日"],
            ("示例县人民政府",),
            date(2020, 9, 15),
        ),
        (["附件：", "1.名单", "示例县人民政府", "2020年9月15日"], ("示例县人民政府",), date(2020, 9, 15)),
        (["市长 王某某", "2020年9月15日"], ("市长 王某某",), date(2020, 9, 15)),
        (["联 系 人：王某", "联系电话：0000-0000000", "2020年9月15日"], (), date(2020, 9, 15)),
        (["2020年9月15日", "抄送：县委办公室。"], (), date(2020, 9, 15)),
        (["示例县交通运输局\t示例县财政局", "2020年9月15日"], ("示例县交通运输局\t示例县财政局",), date(2020, 9, 15)),
        (["示 例 县 人 民 政 府", "2020 年 9 月 15 日"], ("示 例 县 人 民 政 府",), date(2020, 9, 15)),
        (["示例县人民政府（盖章）", "2020年9月15日"], ("示例县人民政府（盖章）",), date(2020, 9, 15)),
        (["2020年9月15日", "示例县交通运输局", "示例县财政局"], ("示例县交通运输局", "示例县财政局"), date(2020, 9, 15)),
        (["特此通知。示例县人民政府 2020年9月15日"], ("示例县人民政府",), date(2020, 9, 15)),
        (["示例县人民政府 2020.9.15"], ("示例县人民政府",), date(2020, 9, 15)),
        (["示例县人民政府", "二〇二〇年九月十五日", "示例县人民政府办公室　　2020年9月16日印发"], ("示例县人民政府",), date(2020, 9, 15)),
    ],
)
def test_the_signature_is_found(end, names, created):
    found = find_signature([*BODY, *end])
    assert found is not None
    assert (found.names, found.created) == (names, created)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        BODY,
        [*BODY, "示例县人民政府", "xxxx年xx月xx日"],
        [*BODY, "示例县人民政府", "2020年9月"],
        ["2020年9月15日", *BODY],
        [*BODY, "2020年9月15日", "会议强调，要继续抓好各项工作的落实。"],
        [*BODY, "会议于2020年9月15日召开"],
        [*BODY, "会议强调，要抓好落实。来源：示例日报 2020-09-15"],
        [*BODY, "（摄于2020年9月15日）"],
        [*BODY, "示例县人民政府", "农历二〇二〇年五月八日"],
    ],
)
def test_nothing_is_signed_where_nothing_stands(lines):
    assert find_signature(lines) is None


@pytest.mark.parametrize(
    "name", ["示例县人民政府", "示例县公安局交通警察大队", "中共示例县委", "示例县人民政府（办公室代章）", "示例省科协"]
)
def test_names_of_organs(name):
    assert is_organ(name)


@pytest.mark.parametrize("name", ["", "请认真贯彻执行", "会议强调，要抓好落实", "王某某", "2020年"])
def test_other_words(name):
    assert not is_organ(name)


def test_a_person_signs_by_office():
    assert is_person("市长　王某某")
    assert not is_person("市长热线开通")


@given(st.lists(st.text(alphabet="示例县人民政府2020年9月15日附件 ：1、x", max_size=20), max_size=12))
def test_any_lines_are_read(lines):
    found = find_signature(lines)
    assert found is None or 0 <= found.paragraph < len(lines)
