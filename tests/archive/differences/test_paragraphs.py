"""Ids of paragraphs: they stay through edits, moves, splits, late captures and better readings, and never come to mean anything else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.differences.paragraphs import Text, number, paragraph_ids
from archive.works.naming import resolve
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Notice, Paragraph

ITEMS = tuple(f"第{number}项工作由第{number}科牵头办理，各单位配合落实。" for number in range(1, 6))
LINE = "各单位要加强组织领导，明确责任分工。要按照本通知要求，抓好工作落实，确保取得实效。"


def ids(*texts):
    return number(Text(f"2024-01-0{day}", tuple(text)) for day, text in enumerate(texts, 1))


def test_ids_stay_with_what_is_kept_edited_or_moved():
    edited = (ITEMS[0], "新增一项。", ITEMS[1].replace("牵头", "负责"), ITEMS[4], ITEMS[2])
    assert ids(ITEMS, edited) == [(1, 2, 3, 4, 5), (1, 6, 2, 5, 3)]


def test_the_longest_part_of_a_split_keeps_the_id_and_gives_it_to_a_join():
    assert ids((LINE,), (LINE[:18], LINE[18:]), (LINE,)) == [(1,), (2, 1), (1,)]


def test_a_paragraph_that_comes_back_word_for_word_has_its_own_id_again():
    assert ids(ITEMS, ITEMS[:3], (*ITEMS[:3], "另加的一项内容。", ITEMS[3])) == [(1, 2, 3, 4, 5), (1, 2, 3), (1, 2, 3, 6, 4)]


def test_a_version_that_comes_late_takes_no_id_from_those_that_were_given():
    first, third = Text("2024-01-01", ITEMS[:2]), Text("2024-01-03", (*ITEMS[:2], ITEMS[3]))
    late = Text("2024-01-02", (*ITEMS[:2], ITEMS[2]))
    assert number([first, third, late]) == [(1, 2), (1, 2, 3), (1, 2, 4)]


def test_a_better_reading_of_every_version_leaves_ids_as_they_were():
    menu = "首页 > 政务公开 > 通知公告"
    texts = [(menu, *ITEMS[:3]), (menu, ITEMS[0], ITEMS[2], ITEMS[3])]
    cleaned = [text[1:] for text in texts]
    history = [Text(f"2024-01-0{day}", text) for day, text in [*enumerate(texts, 1), *enumerate(cleaned, 1)]]
    assert number(history) == [(1, 2, 3, 4), (1, 2, 4, 5), (2, 3, 4), (2, 4, 5)]


texts = st.lists(st.lists(st.sampled_from([*ITEMS, LINE, LINE[:18], LINE[18:], "无", ""]), max_size=6).map(tuple), max_size=5)


@given(texts)
def test_ids_are_unique_in_a_text_and_what_is_given_is_not_given_again_later(history):
    found = ids(*history)
    for text, given_ids in zip(history, found, strict=True):
        assert len(set(given_ids)) == len(given_ids) == len(text)
    for length in range(len(history)):
        assert ids(*history[:length]) == found[:length]


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


URL = "https://www.linshui.gov.example/1.html"
START = datetime(2024, 1, 1, tzinfo=UTC)


def notice(*paragraphs):
    return Notice(title="示例通知", paragraphs=tuple(map(Paragraph, paragraphs)))


def test_a_citation_survives_a_better_cleaner(archive):
    menu = "首页 > 政务公开"
    for day, text in enumerate([(menu, *ITEMS[:3]), (menu, *ITEMS[:2])]):
        capture = archive.add(Capture("linshui", URL, START + timedelta(days=day), 200, (), "\n".join(text).encode()))
        work = archive.read(capture, notice(*text), fingerprint="f").notice
    with archive.reading() as connection:
        before = resolve(connection, f"{work}@2024-01-01#p4")
    archive.rebuild(lambda capture: (notice(*capture.body.decode().split("\n")[1:]), "g"), everything=True)
    with archive.reading() as connection:
        after = resolve(connection, f"{work}@2024-01-01#p4")
        assert (after.text, after.shown) == (before.text, before.shown) == (ITEMS[2], True)
        gone = resolve(connection, f"{work}@2024-01-01#p1")
        assert (gone.text, gone.shown) == (menu, False)
        assert set(paragraph_ids(connection, 1).values()) == {(1, 2, 3, 4), (1, 2, 3), (2, 3, 4), (2, 3)}
        with pytest.raises(ArchiveError, match="no such paragraph"):
            resolve(connection, f"{work}@2024-01-01#p9")
        with pytest.raises(ArchiveError, match="is no citation"):
            resolve(connection, f"{work}#3")
