"""Content codings are undone strictly: nothing cut or altered passes as whole, and nothing whole is lost."""

import gzip
import sys
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.transfer import decode_transfer

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = ("<html><body>" + "".join(f"<p>第{n}条 请各单位认真落实，编号{n * 7919}。</p>" for n in range(400)) + "</body></html>").encode()
CODERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    # streams from servers carry a checksum only where they were asked to: the cut alone has to be seen
    "zstd": lambda body: zstd.compress(body, options={zstd.CompressionParameter.checksum_flag: 1}),
}
LIMIT = 10_000_000


@pytest.mark.parametrize("coding", CODERS)
def test_a_whole_body_is_decoded(coding):
    assert decode_transfer(CODERS[coding](PAGE), coding, LIMIT).body == PAGE


@pytest.mark.parametrize("coding", CODERS)
def test_a_body_cut_anywhere_is_damaged(coding):
    wire = CODERS[coding](PAGE)
    for cut in range(4, len(wire) - 1, max(1, len(wire) // 40)):
        found = decode_transfer(wire[:cut], coding, LIMIT)
        assert found.damaged, f"{coding} cut at {cut} of {len(wire)}"
        assert found.body == wire[:cut], "what is damaged is kept as it was transferred"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_a_wrong_checksum_is_damage(coding):
    wire = bytearray(CODERS[coding](PAGE))
    wire[-5 if coding == "gzip" else -1] ^= 0xFF
    assert decode_transfer(bytes(wire), coding, LIMIT).damaged


def test_a_bare_deflate_stream_is_decoded():
    coder = zlib.compressobj(wbits=-15)
    assert decode_transfer(coder.compress(PAGE) + coder.flush(), "deflate", LIMIT).body == PAGE


@pytest.mark.parametrize("coding", CODERS)
def test_a_plain_page_labelled_as_compressed_is_recovered_and_noted(coding):
    found = decode_transfer(PAGE, coding, LIMIT)
    assert (found.body, found.damaged) == (PAGE, "")
    assert "sent plain" in found.note


def test_a_page_compressed_twice_or_without_a_label_is_recovered_and_noted():
    assert decode_transfer(gzip.compress(gzip.compress(PAGE)), "gzip", LIMIT).note == "compressed twice"
    assert decode_transfer(gzip.compress(PAGE), "", LIMIT).body == PAGE
    assert decode_transfer(gzip.compress(PAGE), "", LIMIT, textual=False).body == gzip.compress(PAGE), "a .gz file is what it is"


def test_codings_are_undone_last_first():
    assert decode_transfer(brotli.compress(gzip.compress(PAGE)), "gzip, br", LIMIT).body == PAGE


def test_gzip_members_follow_one_another():
    assert decode_transfer(gzip.compress(PAGE) + gzip.compress(b"<p>") + b"\0\0", "gzip", LIMIT).body == PAGE + b"<p>"


def test_an_unknown_coding_is_damage():
    assert "compress" in decode_transfer(b"abc", "compress", LIMIT).damaged


@pytest.mark.parametrize("coding", CODERS)
def test_a_bomb_stops_at_the_limit(coding):
    found = decode_transfer(CODERS[coding](b"0" * 20_000_000), coding, 100_000)
    assert found.too_long
    assert "larger than 100000" in found.damaged


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd", "", "identity", "gzip, br", "x"]))
def test_any_bytes_give_an_answer(wire, coding):
    found = decode_transfer(wire, coding, 10_000)
    assert found.body == wire if found.damaged else len(found.body) <= max(10_000, len(wire))


@given(st.binary(max_size=2000), st.sampled_from(sorted(CODERS)))
def test_what_was_compressed_comes_back(body, coding):
    assert decode_transfer(CODERS[coding](body), coding, LIMIT, textual=False).body == body
