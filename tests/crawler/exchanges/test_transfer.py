"""Content codings are undone strictly: nothing cut or altered passes as whole, and nothing whole is lost."""

import gzip
import subprocess
import sys
import zlib
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.exchanges.transfer import decode_transfer

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


BOMBS = r"""
import gzip, os, resource, time, zlib
import brotli
from crawler.exchanges.transfer import decode_transfer, zstd
MIB, LIMIT = 1 << 20, 32 << 20
packer = {
    "gzip": lambda: zlib.compressobj(1, wbits=31), "deflate": lambda: zlib.compressobj(1), "br": lambda: brotli.Compressor(quality=2),
    "zstd": lambda: zstd.ZstdCompressor(),
}
def pack(coding, size=48):
    made = packer[coding]()
    step = made.process if coding == "br" else made.compress
    return b"".join(step(bytes(MIB)) for _ in range(size)) + (made.finish if coding == "br" else made.flush)()
KINDS = {
    **{coding: lambda coding=coding: (pack(coding), coding) for coding in packer},
    "nested": lambda: (gzip.compress(pack("gzip")), "gzip, gzip"), "gzip-in-br": lambda: (brotli.compress(pack("gzip")), "gzip, br"),
    "members": lambda: (gzip.compress(b"") * 1_600_000, "gzip"), "frames": lambda: (zstd.compress(b"") * 3_000_000, "zstd"),
    "window": lambda: (zstd.compress(bytes(31 * MIB), options={zstd.CompressionParameter.window_log: 27}), "zstd"),
    "layers": lambda: (bytes(32 * MIB), ", ".join(["gzip"] * 1000)),
    "blocks": lambda: (b"\x1f\x8b\x08\0\0\0\0\0\0\3" + b"\0\0\0\xff\xff" * 6_600_000, "gzip"),
}
honest = pack("gzip", 32)
def measured(wire, coding):
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    found = decode_transfer(wire, coding, LIMIT)
    return found, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
for kind, make in KINDS.items():
    if os.fork():
        os.wait()
    else:
        found, seconds, grown = measured(*make())
        print(kind, bool(found.damaged), seconds / measured(honest, "gzip")[1], grown // 1024, flush=True)
        os._exit(0)
"""


def test_a_bomb_costs_no_more_than_an_honest_body_of_the_largest_size():
    """In children, whose memory is their own: 32 MiB decoded take a tenth of a second and 85 MB."""
    told = subprocess.run([sys.executable, "-c", BOMBS], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    rows = [line.split() for line in told.stdout.splitlines()]
    assert len(rows) == 11
    for kind, damaged, times, grown in rows:
        assert damaged == "True", kind
        assert float(times) < 8, (kind, times)
        assert int(grown) < 150, (kind, grown)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd", "", "identity", "gzip, br", "x"]))
def test_any_bytes_give_an_answer(wire, coding):
    found = decode_transfer(wire, coding, 10_000)
    assert found.body == wire if found.damaged else len(found.body) <= max(10_000, len(wire))


@pytest.mark.parametrize("coding", ["gzip", "zstd", "deflate"])
def test_what_follows_the_end_is_noted_and_no_part_of_the_body(coding):
    found = decode_transfer(CODERS[coding](PAGE) + b"<!-- cached -->", coding, LIMIT)
    assert (found.body, found.damaged) == (PAGE, "")
    assert found.note == "15 bytes after the end of the compressed stream"


def test_frames_of_zstd_follow_one_another_and_layers_are_few():
    assert decode_transfer(zstd.compress(PAGE) + zstd.compress(b"<p>"), "zstd", LIMIT).body == PAGE + b"<p>"
    assert "content codings" in decode_transfer(PAGE, "gzip, gzip, gzip, gzip", LIMIT).damaged
    assert "members" in decode_transfer(gzip.compress(b"") * 2000, "gzip", LIMIT).damaged


@given(st.binary(max_size=2000), st.sampled_from(sorted(CODERS)))
def test_what_was_compressed_comes_back(body, coding):
    assert decode_transfer(CODERS[coding](body), coding, LIMIT, textual=False).body == body
