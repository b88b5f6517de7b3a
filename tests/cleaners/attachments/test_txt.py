"""Plain text, in whatever encoding it comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.attachments import read_here

TEXT = "关于做好防汛工作的通知\n各县（区）人民政府：\n现将有关事项通知如下。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_its_encoding(encoding):
    found = read_here(TEXT.replace("\n", "\r\n").encode(encoding), name="通知.txt")
    assert (found.text, found.media_type, found.flags) == (TEXT, "text/plain", ())


def test_broken_characters_are_flagged():
    found = read_here(TEXT.encode("gb18030").replace("防".encode("gb18030"), b"\xff"))
    assert found.flags == ("damaged",)
    assert "人民政府" in found.text


@given(st.binary(max_size=300))
def test_any_bytes_give_text_that_can_be_stored(body):
    found = read_here(body)
    found.text.encode("utf-8")
    assert "\0" not in found.text
    assert found.text or found.flags
