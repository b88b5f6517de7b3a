from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from cleaners.characters.script import detect, hans_table, to_hans, to_hans_chars, wrong_words


@pytest.mark.parametrize(
    ("text", "hans"),
    [
        ("示例縣人民政府關於加強扶貧開發工作的通知", "示例县人民政府关于加强扶贫开发工作的通知"),
        ("天氣乾燥", "天气干燥"),
        ("乾隆年間", "乾隆年间"),
        ("顯著，著作", "显著，著作"),
        ("答覆，覆蓋", "答复，覆盖"),
        ("瞭解", "了解"),
        ("已是简体，不变。", "已是简体，不变。"),
        ("", ""),
        ("縣\r\n鎮\u2028鄉", "县\r\n镇\u2028乡"),
    ],
)
def test_traditional_reads_as_simplified(text, hans):
    assert to_hans(text) == hans


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("示例县召开扶贫开发工作会议，研究部署下一阶段任务。", "Hans"),
        ("示例縣召開扶貧開發工作會議，研究部署下一階段任務。", "Hant"),
        ("示例县召开扶贫开发工作会议。相關文章：示例縣召開會議，研究部署任務。", "mixed"),
        ("No Han characters, 123.", ""),
        ("", ""),
    ],
)
def test_the_script_of_a_text(text, script):
    assert detect(text) == script


def test_the_table_agrees_with_the_converter():
    table = hans_table()
    converted = OpenCC("t2s").convert("\n".join(map(chr, table))).split("\n")
    differing = [chr(code) for code, made in zip(table, converted, strict=True) if table[code] != made]
    assert len(differing) <= 3  # characters whose Simplified form is itself converted further
    assert not set(map(ord, table.values())) & set(table)


@given(st.text() | st.text(alphabet="乾隆燥縣鎮後裡著覆\n\r\x00\ud800 a", max_size=40))
def test_the_length_never_changes_and_offsets_hold(text):
    assert len(to_hans(text)) == len(to_hans_chars(text)) == len(text)
    assert not set(map(ord, to_hans_chars(text))) & set(hans_table())


def test_words_converted_character_by_character_are_told():
    assert wrong_words("各級干部要加強聯系，為瞭防范風險，干部帶頭。") == {"干部": 2, "防范": 1, "聯系": 1, "為瞭": 1}


@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_text_converted_by_phrases_has_none_of_them(config):
    text = "各级干部要加强联系，为了防范风险，今后里程超过五公里的路面由标准化施工队负责，复杂情况应当报云南省主管部门。"
    assert wrong_words(OpenCC(config).convert(text)) == {}


@given(st.text(alphabet="乾隆县縣〇①麽a于 ", max_size=20))
def test_the_short_cut_for_common_text_names_the_same_script(text):
    assert detect(text) == detect(text + "\u2fff")  # no Han character, and not in GB 2312
