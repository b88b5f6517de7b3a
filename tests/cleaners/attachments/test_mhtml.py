"""MHTML: the page inside what Word and Excel save as one file."""

from __future__ import annotations

import quopri

from hypothesis import given
from hypothesis import strategies as st

from cleaners.attachments import read_here

HEAD = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="--x"\r\n\r\n'
PAGE = "<html><body><p>为做好今年防汛工作，现将有关事项通知如下。</p></body></html>"


def part(kind: str, content: bytes) -> bytes:
    return (
        f"----x\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
        + quopri.encodestring(content)
        + b"\r\n"
    )


def test_the_page_is_read_whatever_stands_before_it():
    body = HEAD + part("text/plain", b"another") + part('text/html; charset="gb2312"', PAGE.encode("gb18030")) + b"----x--\r\n"
    found = read_here(body, name="通知.doc")
    assert found.text == "为做好今年防汛工作，现将有关事项通知如下。"
    assert found.media_type == "multipart/related"
    assert found.flags == ("mislabelled",)


def test_one_without_a_page_is_damaged():
    assert read_here(HEAD + b"----x--\r\n").flags == ("damaged",)


def test_a_part_that_is_the_file_again_ends():
    found = read_here(b"x\r\n" + HEAD + b"----x--\r\n")
    assert "RecursionError" not in found.reason
    assert found.flags == ("damaged",)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_record(body):
    assert isinstance(read_here(HEAD + body).text, str)
