"""Which paragraph is which: kept, edited, split, joined, moved, on edits as clerks make them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.differences.alignment import align

LONG = "各单位要加强组织领导，明确责任分工。要按照本通知要求，抓好工作落实，确保取得实效。"
HEAD, TAIL = LONG[:18], LONG[18:]
lines = st.lists(st.text("甲乙丙丁，。", max_size=10), max_size=9)


def kinds(before, after):
    return [(link.old, link.new, link.kind) for link in align(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "links"),
    [
        (["头", "会议定于5月23日召开。", "尾"], ["头", "会议定于5月25日召开。", "尾"], [(0, 0, "same"), (1, 1, "changed"), (2, 2, "same")]),
        (["头", LONG, "尾"], ["头", HEAD, TAIL, "尾"], [(0, 0, "same"), (1, 1, "split"), (1, 2, "split"), (2, 3, "same")]),
        (["头", HEAD, TAIL, "尾"], ["头", LONG, "尾"], [(0, 0, "same"), (1, 1, "joined"), (2, 1, "joined"), (3, 2, "same")]),
        (["头", LONG], ["头", f"{HEAD}　", TAIL.replace("抓好", "切实抓好")], [(0, 0, "same"), (1, 1, "split"), (1, 2, "split")]),
        (["一是加强领导，落实责任。", LONG], [LONG, "一是加强领导，落实责任。"], [(0, 1, "same"), (1, 0, "moved")]),
        (["头", "尾"], ["头", "新的一段话", "尾"], [(0, 0, "same"), (1, 2, "same")]),
        (["完全不同的一句话"], ["毫无关系另外内容"], []),
    ],
)
def test_edits_are_told_for_what_they_are(before, after, links):
    assert kinds(before, after) == links


def test_a_paragraph_that_moved_and_was_edited_is_found():
    items = [f"第{number}项：{LONG[number : number + 20]}由第{number}科负责办理。" for number in range(6)]
    after = [*items[3:], *items[:2], items[2].replace("负责", "牵头负责")]
    assert (2, 5, "moved") in kinds(items, after)
    assert len(kinds(items, after)) == 6


def test_a_short_paragraph_that_moved_is_found_where_nothing_else_is_like_it():
    before = ["一、加强领导。", "二、落实责任，抓好工作。", "三、强化监督。由县财政局负责监督检查。"]
    after = ["三、强化监督。由县财政局、县审计局负责监督检查。", *before[:2]]
    assert kinds(before, after) == [(0, 1, "same"), (1, 2, "same"), (2, 0, "moved")]


def test_rows_of_a_table_keep_to_their_rows():
    rows = [f"{number}\t临水镇第{number % 7}村\t王某\t{number * 37 % 1000}元" for number in range(300)]
    after = [row.removesuffix("元") if number % 3 == 0 else row for number, row in enumerate(rows) if number != 100]
    found = {link.old: link.new for link in align(rows, after)}
    assert found == {number: number - (number > 100) for number in range(300) if number != 100}


@given(lines, lines)
def test_links_are_in_order_but_for_moves_and_nothing_is_linked_twice(before, after):
    links = align(before, after)
    staying = [link for link in links if link.kind != "moved"]
    assert staying == sorted(staying, key=lambda link: (link.new, link.old))
    for link in links:
        twice = [other for other in links if other != link and (other.old == link.old or other.new == link.new)]
        assert not twice or link.kind in {"split", "joined"}
        assert link.kind != "same" or before[link.old] == after[link.new]


@given(lines)
def test_a_text_is_the_same_as_itself(text):
    assert kinds(text, text) == [(number, number, "same") for number in range(len(text))]


def test_five_hundred_paragraphs_all_edited_and_shuffled_are_found_again():
    chance = random.Random(7)
    word = "一二三四五六七八九十发展改革工作会议通知落实要求单位部门人民政府办公室印发加强组织领导责任分工完善制度推进建设"
    before = ["".join(chance.choices(word, k=chance.randint(30, 120))) for _ in range(500)]
    order = chance.sample(range(500), 500)
    after = [before[number][:5] + "修改" + before[number][5:] for number in order]
    found = {link.new: link.old for link in align(before, after)}
    assert [found.get(new) for new in range(500)] == order
