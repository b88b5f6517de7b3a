from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.decoding.resync import decode_damaged

TEXT = "各乡镇人民政府，县直有关单位：为进一步加强农村公路管理，根据有关法律法规，制定本办法。请认真贯彻执行。"


@pytest.mark.parametrize("at", range(0, 60, 7))
def test_a_lost_byte_costs_one_character(at):
    body = TEXT.encode("gb18030")
    read = decode_damaged(body[:at] + body[at + 1 :], "gb18030")
    assert read.count("\ufffd") == 1
    assert sum(character in TEXT for character in read) >= len(TEXT) - 3


def test_damage_in_several_lines_is_mended_in_each():
    lines = [TEXT.encode("gb18030")] * 5
    read = decode_damaged(b"\n".join(line[1:] for line in lines), "gb18030").split("\n")
    assert [line[1:] for line in read] == [TEXT[1:]] * 5


@given(st.binary(max_size=200), st.sampled_from(["gb18030", "big5hkscs", "utf-8"]))
def test_no_bytes_are_too_broken(body, encoding):
    assert isinstance(decode_damaged(body, encoding), str)


@given(st.text(alphabet="各乡镇人民政府a1 <>，。", max_size=60))
def test_what_is_whole_is_read_as_it_is(text):
    assert decode_damaged(text.encode("gb18030"), "gb18030") == text
