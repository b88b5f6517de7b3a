"""Every way a body can be damaged on its way: recognised, asked for once more, kept with a reason, and never a version."""

import asyncio
import gzip
import socket
import struct
import sys
import zlib
from types import SimpleNamespace

import brotli
import pytest

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def squeeze(coding, body):
    if coding == "raw":
        coder = zlib.compressobj(wbits=-15)
        return coder.compress(body) + coder.flush()
    ways = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}
    return ways[coding](body) if coding in ways else zstd.compress(body, options={zstd.CompressionParameter.checksum_flag: 1})


def label(coding):
    return f"Content-Encoding: {'deflate' if coding == 'raw' else coding}"


def chunked(body, size=700):
    return b"".join(f"{len(body[at : at + size]):x}\r\n".encode() + body[at : at + size] + b"\r\n" for at in range(0, len(body), size))


def reset(answer):
    """Send these bytes, and then RST."""

    async def send(_reader, writer, _asked):
        writer.write(answer)
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return send


def flipped(wire, at):
    wire = bytearray(wire)
    wire[at] ^= 0x55
    return bytes(wire)


def damages(faults):
    """Give (name, answer) of every class of damage, made of one page."""
    whole = faults.page().encode()
    reply, head = faults.reply, faults.head
    plain = head(length=len(whole))
    yield "length-too-long", plain + whole[:-300]
    yield "length-too-long-empty", plain
    yield "length-too-short", head(length=len(whole) // 2) + whole
    yield "length-too-short-by-one", head(length=len(whole) - 9) + whole
    yield "length-too-short-at-a-tag", head(length=whole.rfind(b"<div")) + whole
    yield "length-zero", head(length=0) + whole
    yield "length-gzip-too-short", head(label("gzip"), length=200) + squeeze("gzip", whole)
    chunks = head("Transfer-Encoding: chunked")
    yield "chunk-cut", chunks + chunked(whole)[:-350]
    yield "chunk-no-last", chunks + chunked(whole)
    yield "chunk-bad-size", chunks + chunked(whole)[:707] + b"zz\r\n" + chunked(whole)[707:] + b"0\r\n\r\n"
    yield "chunk-size-lies", chunks + b"10\r\n" + whole + b"\r\n0\r\n\r\n"
    yield "chunk-first-only", chunks + f"{len(whole):x}\r\n".encode()
    for share in (10, 35, 60, 85, 99):
        yield f"fin-at-{share}", head() + whole[: len(whole) * share // 100]
        yield f"rst-at-{share}", reset(head() + whole[: len(whole) * share // 100])
        yield f"rst-with-length-at-{share}", reset(plain + whole[: len(whole) * share // 100])
    for coding in ("gzip", "deflate", "raw", "br", "zstd"):
        wire = squeeze(coding, whole)
        for share in (20, 50, 95):
            cut = wire[: len(wire) * share // 100]
            yield f"{coding}-cut-{share}", reply(cut, label(coding))
            yield f"{coding}-cut-{share}-closed", head(label(coding)) + cut
    for coding in ("gzip", "deflate", "zstd"):
        yield f"{coding}-bad-checksum", reply(flipped(squeeze(coding, whole), -7 if coding == "gzip" else -2), label(coding))
    yield "gzip-bad-length", reply(flipped(squeeze("gzip", whole), -2), label("gzip"))
    yield "gzip-broken-inside", reply(flipped(squeeze("gzip", whole), 300), label("gzip"))
    yield "gzip-header-only", reply(squeeze("gzip", whole)[:10], label("gzip"))
    yield "gzip-unlabelled-cut", reply(squeeze("gzip", whole)[:-40])
    yield "gzip-second-member-cut", reply(squeeze("gzip", whole) + squeeze("gzip", whole)[:200], label("gzip"))
    yield "double-cut-inside", reply(gzip.compress(gzip.compress(whole)[:-20]), label("gzip, gzip"))
    yield "coding-unknown", reply(whole, label("x-secret"))
    yield "coding-compress", reply(b"\x1f\x9d\x90" + whole, label("compress"))
    yield "coding-too-many", reply(gzip.compress(gzip.compress(gzip.compress(gzip.compress(whole)))), label("gzip, gzip, gzip, gzip"))
    yield "br-label-on-gzip", reply(gzip.compress(whole), label("br"))
    yield (
        "zstd-large-window",
        reply(
            zstd.compress(whole, options={zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0})[:-9],
            label("zstd"),
        ),
    )
    yield from broken_answers(faults, whole)


def broken_answers(faults, whole):
    """Give (name, answer) where there is no answer to keep, or nothing in it: a failure with its phase."""
    reply, head = faults.reply, faults.head
    yield "status-garbage", b"\x00\x01\x02 garbage\r\n\r\n" + whole
    yield "status-none", whole
    yield "status-words", b"HTTP/1.1 fine OK\r\n\r\n" + whole
    yield "two-lengths", head("Content-Length: 10", length=len(whole)) + whole
    yield "length-negative", head(length=-5) + whole
    yield "length-words", head(length="many") + whole
    yield "coding-of-transfer-unknown", head("Transfer-Encoding: secret") + whole
    yield "closed-before-answer", b""
    yield "closed-in-headers", head(length=3)[:40]
    yield "empty-with-200", reply(b"")
    yield "spaces-with-200", reply(b" \r\n \r\n")
    yield "head-only-with-200", reply("<html><head><title>通知</title></head></html>")
    yield "header-megabyte", head("X-Long: " + "a" * 1_000_000, length=len(whole)) + whole
    yield "header-flood", head(*(f"X-{n}: {'b' * 60}" for n in range(5000)), length=len(whole)) + whole
    yield "cookie-flood", head(*(f"Set-Cookie: c{n}={'b' * 60}" for n in range(5000)), length=len(whole)) + whole


def recovered(faults):
    """Give (name, answer) of what looks damaged and is whole: a version is made, and what was recovered is noted."""
    whole = faults.page().encode()
    yield "gzip-label-on-plain", faults.reply(whole, label("gzip"))
    yield "br-label-on-plain", faults.reply(whole, label("br"))
    yield "plain-label-on-gzip", faults.reply(gzip.compress(whole))
    yield "double-gzip-one-label", faults.reply(gzip.compress(gzip.compress(whole)), label("gzip"))
    yield "gzip-garbage-after", faults.reply(gzip.compress(whole) + b"<!-- cache -->", label("gzip"))
    yield "codings-in-wrong-order", faults.reply(brotli.compress(gzip.compress(whole)), label("br, gzip"))
    yield "zstd-garbage-after", faults.reply(squeeze("zstd", whole) + b"<!-- cache -->", label("zstd"))


def whole_ones(faults):
    """Give (name, answer) of healthy answers in unusual forms: a version, and nothing to note."""
    whole = faults.page().encode()
    yield "closed-at-the-end", faults.head() + whole
    yield "chunked", faults.head("Transfer-Encoding: chunked") + chunked(whole) + b"0\r\n\r\n"
    yield "chunked-trailer", faults.head("Transfer-Encoding: chunked") + chunked(whole, 1) + b"0\r\nX-T: 1\r\n\r\n"
    yield "raw-deflate", faults.reply(squeeze("raw", whole), label("raw"))
    yield "two-codings", faults.reply(brotli.compress(gzip.compress(whole)), label("gzip, br"))
    yield "two-members", faults.reply(gzip.compress(whole[:500]) + gzip.compress(whole[500:]) + b"\0" * 8, label("gzip"))
    yield "interim-answers", b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + faults.reply(whole)
    yield "bad-header-line", faults.head("no colon here", length=len(whole)) + whole
    yield "charset-wrong", faults.reply(whole, kind="text/html; charset=gb2312")
    yield "charset-unknown", faults.reply(whole, kind="text/html; charset=secret")


@pytest.fixture(scope="module")
def ran(faults, server, tmp_path_factory):
    """Crawl one list whose notices are damaged in every way, each on its own address."""
    made = {f"/d/{name}.html": answer for kind in (damages, recovered, whole_ones) for name, answer in kind(faults)}
    server.answers |= made | {"/tzgg/": faults.listing(*made)}
    return faults.crawl(tmp_path_factory.mktemp("damage"), server)


def names(kind):
    """Give the names of the answers of a kind, before there is any fixture."""
    blank = SimpleNamespace(page=lambda: str([n * n % 9973 for n in range(4000)]), reply=lambda *_, **__: b"", head=lambda *_, **__: b"")
    return [name for name, _ in kind(blank)]


def test_enough_classes():
    assert len(names(damages)) >= 30


@pytest.mark.parametrize("name", names(damages))
def test_damage_is_never_a_version_and_has_a_reason(ran, server, name):
    captures = ran.of(f"/d/{name}.html")
    assert captures, ran.log
    assert {capture.outcome for capture in captures} <= {"damaged", "failed"}, [(c.outcome, c.reason) for c in captures]
    assert all(capture.reason and (capture.phase or capture.status == 200) for capture in captures)
    assert f"/d/{name}.html" not in ran.versions()
    if captures[0].outcome == "damaged":
        assert [capture.outcome for capture in captures] == ["damaged"] * 2, "asked for once more"
    assert 1 <= server.counts()[f"/d/{name}.html"] <= 3


@pytest.mark.parametrize("name", names(recovered))
def test_what_can_be_recovered_is_a_version_with_a_note(ran, faults, name):
    (capture,) = ran.of(f"/d/{name}.html")
    assert (capture.outcome, capture.body.decode()) == ("ok", faults.page())
    assert capture.reason
    assert ran.versions()[f"/d/{name}.html"] == 1


@pytest.mark.parametrize("name", names(whole_ones))
def test_unusual_answers_that_are_whole(ran, faults, name):
    (capture,) = ran.of(f"/d/{name}.html")
    assert (capture.outcome, capture.reason, capture.body.decode()) == ("ok", "", faults.page())
    assert ran.versions()[f"/d/{name}.html"] == 1


def test_a_page_that_lost_its_end_since_the_last_run_is_no_new_version(faults, server, tmp_path):
    """Its declared length is what came, and what was left over came too late to be seen: only the page before tells."""
    whole = faults.page(3).encode()
    cut = whole[: whole.rfind(b"<div")]
    server.answers = {
        "/robots.txt": faults.reply("", status="404 Not Found"),
        "/tzgg/": faults.listing("/a/3.html"),
        "/a/3.html": faults.reply(whole),
    }
    faults.crawl(tmp_path, server)
    server.answers["/a/3.html"] = faults.reply(cut)
    ran = faults.crawl(tmp_path, server, variables={"DIBAO_RECHECK": "all"})
    assert [capture.outcome for capture in ran.of("/a/3.html")] == ["ok", "damaged", "damaged"]
    assert f"{len(whole)} bytes came before" in ran.of("/a/3.html")[1].reason
    assert ran.versions() == {"/a/3.html": 1}


def test_a_page_that_is_published_without_its_end_is_a_version_once_it_came_twice_alike(faults, server, tmp_path):
    odd = faults.page(4).removesuffix("</div></body></html>")
    server.answers = {
        "/robots.txt": faults.reply("", status="404 Not Found"),
        "/tzgg/": faults.listing("/a/4.html"),
        "/a/4.html": faults.reply(odd),
    }
    ran = faults.crawl(tmp_path, server)
    assert [capture.outcome for capture in ran.of("/a/4.html")] == ["damaged", "ok"]
    assert ran.versions() == {"/a/4.html": 1}
