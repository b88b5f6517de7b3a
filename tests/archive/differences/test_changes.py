from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from archive.differences.changes import LONG, compare, compare_texts
from cleaners.records import Attachment, Notice, Paragraph

texts = st.text(st.sampled_from("一二三四五，。"), max_size=12)
notices = st.builds(
    Notice,
    title=st.none() | texts,
    issued=st.none() | st.dates(),
    paragraphs=st.lists(st.builds(Paragraph, texts), max_size=6).map(tuple),
)


@given(notices, notices)
def test_both_texts_can_be_read_from_the_comparison(before, after):
    changes = compare(before, after)
    assert changes.before == tuple(p.text for p in before.paragraphs)
    assert changes.after == tuple(p.text for p in after.paragraphs)


@given(notices)
def test_a_notice_does_not_differ_from_itself(notice):
    assert not compare(notice, notice)


def test_an_edit_shows_the_characters_that_changed():
    before = Notice(paragraphs=(Paragraph("第一段。"), Paragraph("会议定于5月23日召开。"), Paragraph("特此通知。")))
    after = Notice(
        paragraphs=(Paragraph("第一段。"), Paragraph("会议定于5月25日召开。"), Paragraph("请准时参加。"), Paragraph("特此通知。"))
    )
    kinds = [paragraph.kind for paragraph in compare(before, after).paragraphs]
    assert kinds == ["same", "changed", "added", "same"]
    changed = compare(before, after).paragraphs[1].pieces
    assert changed == (("会议定于5月2", "same"), ("3", "removed"), ("5", "added"), ("日召开。", "same"))


def test_fields_and_files_that_changed_are_named():
    before = Notice(issued=date(2024, 1, 1), flags=("a",))
    after = Notice(
        issued=date(2024, 1, 2), document_number="临政发〔2024〕1号", attachments=(Attachment("https://x.example/f", "附件"),), flags=("a",)
    )
    assert {(change.name, change.before, change.after) for change in compare(before, after).fields} == {
        ("issued", "2024-01-01", "2024-01-02"),
        ("document_number", "", "临政发〔2024〕1号"),
        ("attachments", "", "附件 https://x.example/f"),
    }


def test_very_long_paragraphs_are_compared_by_sentences_first():
    assert compare_texts("一" * LONG + "甲", "二" * LONG) == (("一" * LONG + "甲", "removed"), ("二" * LONG, "added"))
    sentences = [f"第{number}条按照规定办理。" for number in range(LONG // 5)]
    edited = ["起", *(sentence.replace("规定", "新规定") if number == 7 else sentence for number, sentence in enumerate(sentences)), "止"]
    pieces = compare_texts("".join(sentences), "".join(edited))
    assert [piece for piece in pieces if piece[1] != "same"] == [("起", "added"), ("新", "added"), ("止", "added")]


@given(st.text("一二三。", max_size=20), st.text("一二三。", max_size=20))
def test_no_character_is_lost_between_two_texts(before, after):
    pieces = compare_texts(before, after)
    assert "".join(text for text, kind in pieces if kind != "added") == before
    assert "".join(text for text, kind in pieces if kind != "removed") == after


def test_what_is_equal_by_chance_is_part_of_the_change():
    assert compare_texts("由市财政局负责", "由县住房和城乡建设局负责") == (
        ("由", "same"), ("市财政", "removed"), ("县住房和城乡建设", "added"), ("局负责", "same"),
    )  # fmt: skip


def changed(before, after):
    texts = [Notice(paragraphs=tuple(map(Paragraph, text))) for text in (before, after)]
    return [(change.kind, change.old, change.new) for change in compare(*texts).paragraphs]


LINE = "各单位要加强组织领导，明确责任分工。要按照本通知要求，抓好工作落实，确保取得实效。"


def test_a_moved_paragraph_stands_at_both_places():
    assert changed(["一是加强领导，落实责任。", LINE], [LINE, "一是加强领导，落实责任。"]) == [
        ("moved", 1, 0), ("same", 0, 1), ("moved_away", 1, 0),
    ]  # fmt: skip


def test_splits_and_joins_are_one_change():
    assert changed(["头", LINE], ["头", LINE[:18], LINE[18:]]) == [("same", 0, 0), ("split", 1, 1), ("split", 1, 2)]
    assert changed([LINE[:18], LINE[18:], "尾"], [LINE, "尾"]) == [("joined", 0, 0), ("joined", 1, 0), ("same", 2, 1)]
