from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from archive.changes import LONG, compare, compare_texts
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
    assert [p.before for p in changes.paragraphs if p.kind != "added"] == [p.text for p in before.paragraphs]
    assert [p.after for p in changes.paragraphs if p.kind != "removed"] == [p.text for p in after.paragraphs]


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


def test_very_long_paragraphs_are_not_compared_by_characters():
    assert compare_texts("一" * LONG + "甲", "二" * LONG) == (("一" * LONG + "甲", "removed"), ("二" * LONG, "added"))
