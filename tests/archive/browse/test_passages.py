"""Removed pieces stand where they stood, whatever the paragraphs were made of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.browse.passages import blocks
from cleaners.records import Notice, Paragraph, Removal

WORDS = st.text("甲乙丙丁ab1 　", min_size=1, max_size=6)
LINE = st.lists(st.tuples(st.booleans(), WORDS), max_size=4)


def solid(text: str) -> str:
    return "".join(text.split())


def build(lines, joined) -> Notice:
    removals, kept = [], []
    for number, line in enumerate(lines):
        at = 0
        for gone, text in line:
            if gone:
                removals.append(Removal("r", "share", (number, at, at + len(text)), text))
            at += len(text)
        kept.append("".join(text for gone, text in line if not gone).strip())
    texts: list[str] = []
    for text, join in zip(filter(None, kept), joined, strict=False):
        if texts and join:
            texts[-1] += text
        else:
            texts.append(text)
    uncleaned = "\n".join("".join(text for _, text in line) for line in lines)
    return Notice(paragraphs=tuple(map(Paragraph, texts)), removals=tuple(removals), uncleaned=uncleaned)


@given(st.lists(LINE, max_size=8), st.lists(st.booleans(), min_size=8, max_size=8))
def test_kept_and_removed_in_the_order_shown_are_the_uncleaned_text(lines, joined):
    notice = build(lines, joined)
    shown = ""
    removed = 0
    for block in blocks(notice):
        shown += "".join(segment.text for segment in block.segments) + "".join(removal.text for removal in block.removals)
        removed += len(block.removals) + sum(segment.removal is not None for segment in block.segments)
    assert solid(shown) == solid(notice.uncleaned)
    assert removed == len(notice.removals)


def test_rows_in_a_row_are_one_table_and_a_removal_between_them_parts_it():
    rows = tuple(Paragraph(text, "row", cells=(text, "1")) for text in ("甲", "乙", "丙"))
    notice = Notice(paragraphs=rows, removals=(Removal("r", "share", (2, 0, 2), "分享"),), uncleaned="甲\n乙\n分享\n丙")
    assert [(block.kind, len(block.table)) for block in blocks(notice)] == [("table", 2), ("removed", 0), ("table", 1)]


def test_a_removal_whose_line_is_unknown_stands_at_the_end():
    notice = Notice(paragraphs=(Paragraph("正文"),), removals=(Removal("r", "share", (9, 0, 2), "分享"),))
    assert [block.kind for block in blocks(notice)] == ["text", "removed"]
