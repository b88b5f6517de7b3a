from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.characters.fold import fold, fold_aligned, fold_search, squeeze, squeeze_lines


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("柏　岳", "柏岳"),
        ("联 系 人：王 ×", "联系人:王×"),
        ("（一）加强领导，落实责任；", "(一)加强领导,落实责任;"),
        ("示例縣人民政府關於加強管理的通知", "示例县人民政府关于加强管理的通知"),
        ("国发〔2020〕5号", "国发[2020]5号"),
        ("“回头看”", "「回頭看」"),
        ("第一段\n第二段", "第一段\r\n\r\n　　第二段"),
        ("通\u200b知\ufeff", "通知"),
        ("2020 年 9 月", "２０２０年９月"),
        ("⼀、⼯作", "一、工作"),
        ("A  B", "A\nB"),
    ],
)
def test_what_reads_the_same_folds_equal(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("12 34", "1234"), ("public notice", "publicnotice"), ("100元", "1000元"), ("不予批准", "予以批准"), ("ABC", "abc")]
)
def test_what_means_something_else_does_not(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(("query", "text"), [("扶貧", "扶贫"), ("ＩＣＰ", "icp"), ("甚麼", "甚么"), ("通\u200b知", "通知")])
def test_search_finds_across_script_width_and_case(query, text):
    assert fold_search(query) == fold_search(text)


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert fold_search(fold_search(text)) == fold_search(text)
    assert fold_aligned(fold_aligned(text)) == fold_aligned(text)


@given(st.text())
def test_aligned_folding_keeps_every_offset(text):
    assert len(fold_aligned(text)) == len(text)


@given(st.text(), st.text())
def test_search_folding_works_character_by_character(one, other):
    assert fold_search(one + other) == fold_search(one) + fold_search(other)


@pytest.mark.parametrize(
    ("one", "other"), [("葛\U000e0100洪", "葛洪"), ("骨\ufe01干", "骨干"), ("\U0002f800", "丽"), ("𫔎", "𫔎"), ("通\u2066知", "通知")]
)
def test_variants_and_characters_beyond_the_first_plane_fold(one, other):
    assert fold(one) == fold(other)
    assert fold_search(one) == fold_search(other)


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\n")), min_size=1))
def test_lines_squeezed_together_are_lines_squeezed_one_by_one(texts):
    assert squeeze_lines(texts) == [squeeze(text) for text in texts]
    assert [squeeze(text) for text in squeeze_lines(texts)] == squeeze_lines(texts)
    assert not any(character.isspace() for text in texts for character in squeeze(text))
