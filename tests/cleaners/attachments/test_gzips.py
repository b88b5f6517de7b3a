"""gzip: the file inside, under the name the packer noted."""

from __future__ import annotations

import gzip
import io

from hypothesis import given
from hypothesis import strategies as st

from cleaners.attachments import read_here


def test_the_file_inside_is_read_under_its_name():
    body = io.BytesIO()
    with gzip.GzipFile("notice.txt", "wb", fileobj=body) as packed:
        packed.write("关于防汛的通知".encode())
    found = read_here(body.getvalue(), name="notice.txt.gz")
    assert [(file.name, file.text) for file in found.files] == [("notice.txt", "关于防汛的通知")]
    assert found.text == "notice.txt\n关于防汛的通知"
    assert found.flags == ()


def test_a_bomb_and_a_cut_file_cost_one_record():
    assert read_here(gzip.compress(b"0" * (30 << 20))).files[0].flags == ("too_large",)
    assert read_here(gzip.compress(b"text" * 100)[:-9]).files[0].flags == ("damaged",)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_record(body):
    assert read_here(b"\x1f\x8b\x08" + body).flags
