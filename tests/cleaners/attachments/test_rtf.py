"""RTF: Chinese in every way it is written, and nothing that is not text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.attachments import read_here

HEAD = (
    rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fswiss\fcharset0 Arial;}{\f2\fcharset136 Ming;}}"
)


def quoted(text: str, encoding: str = "gb18030") -> bytes:
    return "".join(f"\\'{byte:02x}" for byte in text.encode(encoding)).encode()


def numbered(text: str) -> bytes:
    return "".join(f"\\u{code - 0x10000 if code > 0x7FFF else code}?" for code in map(ord, text)).encode()


@pytest.mark.parametrize(
    "written",
    [
        rb"\f0 " + quoted("关于防汛的通知"),
        rb"\f0 " + "关于防汛的通知".encode("gb18030"),
        rb"\uc1 " + numbered("关于防汛的通知"),
        rb"\f0 " + quoted("关于") + rb"{\b " + quoted("防汛的") + rb"}" + quoted("通知"),
        rb"\uc2\u20851" + quoted("关") + rb"\u20110" + quoted("于") + rb"\uc0 " + numbered("防汛的通知").replace(b"?", b""),
        rb"\u-24863?".replace(b"-24863", b"20851") + rb"\f0 " + quoted("于防汛的通知"),
    ],
)
def test_chinese_is_read_however_it_is_written(written):
    found = read_here(HEAD + rb"\viewkind4\pard " + written + rb"\par}")
    assert found.text == "关于防汛的通知"
    assert found.media_type == "application/rtf"
    assert found.flags == ()


def test_each_font_has_its_own_code_page():
    body = HEAD + rb"\f0 " + quoted("水") + rb"\f1 caf\'e9 \f2 " + quoted("灣", "big5") + rb"\par}"
    assert read_here(body).text == "水café 灣"


def test_paragraphs_rows_and_signs_are_kept():
    body = HEAD + rb"\f1 a\par\ldblquote b\rdblquote\tab c\par\trowd one\cell two\cell\row x\{y\}\\z\par}"
    assert read_here(body).text == "a\n“b”\tc\none\ttwo\nx{y}\\z"


def test_what_is_no_text_is_left_out():
    hidden = (
        rb"{\*\generator Writer;}{\info{\title Hidden}}{\pict\bin5 }}}}}}{\header top}{\field{\*\fldinst HYPERLINK \\l x}{\fldrslt shown}}"
    )
    assert read_here(HEAD + hidden + rb"\par}").text == "shown"


def test_a_document_named_doc_is_rtf_and_says_so():
    found = read_here(HEAD + quoted("通知") + b"}", "application/msword", "通知.doc")
    assert found.media_type == "application/rtf"
    assert found.flags == ("mislabelled",)


def test_a_cut_document_gives_what_it_has():
    found = read_here(HEAD + quoted("关于防汛的通知") + rb"{\b ")
    assert (found.text, found.flags) == ("关于防汛的通知", ("damaged",))


def test_what_is_late_is_partial():
    found = read_here(HEAD + quoted("关于防汛的通知") + b"{}" * 50_000 + b"}", seconds=0.001)
    assert (found.text, found.flags) == ("关于防汛的通知", ("partial", "time_limit"))


def test_depth_without_end_is_damage():
    assert read_here(b"{\\rtf1 " + b"{" * 200_000).flags == ("damaged",)


@given(
    st.lists(
        st.sampled_from([b"{", b"}", rb"\'b9", rb"\u8", rb"\uc9", rb"\bin9 ", rb"\f3", rb"\*", rb"\fonttbl", b"\\", b"a ", rb"\fcharset7"])
        | st.binary(max_size=9)
    )
)
def test_any_tokens_give_a_record(tokens):
    assert isinstance(read_here(b"{\\rtf1" + b"".join(tokens)).text, str)
