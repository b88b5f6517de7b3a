"""Servers that would keep a crawler for ever, or fill it: cut at a limit, classified, asked at most three times; other hosts do not notice."""

import asyncio
import gzip
import zlib
from functools import cache

import brotli
import pytest

from crawler.exchanges.exchange import MOST_REDIRECTS
from crawler.exchanges.transfer import zstd

MIB = 1 << 20


def told(*parts, every=0.0, repeat=1):
    """Send these bytes one after the other, `every` so many seconds, the last `repeat` times."""

    async def send(_reader, writer, _asked):
        for part in (*parts, *[parts[-1]] * (repeat - 1)):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(every)

    return send


def drip(data, every=0.2):
    return told(*(data[at : at + 1] for at in range(len(data))), every=every)


@cache
def bomb(coding):
    """Give 16 MiB of nothing, compressed."""
    if coding == "gzip":
        packer, flush = (made := zlib.compressobj(9, wbits=31)).compress, made.flush
    elif coding == "deflate":
        packer, flush = (made := zlib.compressobj(9)).compress, made.flush
    elif coding == "br":
        packer, flush = (made := brotli.Compressor(quality=4)).process, made.finish
    else:
        packer, flush = (made := zstd.ZstdCompressor()).compress, made.flush
    return b"".join(packer(bytes(MIB)) for _ in range(16)) + flush()


def traps(faults):
    """Give (name, answer, outcome, words of the reason, requests at most) of each trap, each on a host of its own."""
    head, reply, whole = faults.head, faults.reply, faults.page().encode()
    yield "drip-head", drip(head(length=9)), "failed", "took longer than", 3
    yield "drip-body", told(head(length=len(whole)), *(bytes([one]) for one in whole[:40]), every=0.2), "failed", "took longer than", 3
    yield "silence", told(b"", every=20), "failed", "took longer than", 3
    yield "silence-after-head", told(head(length=99), b"", every=20), "failed", "took longer than", 3
    yield "endless-body", told(head(), b"x" * MIB, repeat=400), "failed", "larger than", 1
    yield "endless-length", head(length=10**12), "failed", "larger than", 1
    yield (
        "endless-chunks",
        told(head("Transfer-Encoding: chunked"), b"100000\r\n" + b"x" * MIB + b"\r\n", repeat=400),
        "failed",
        "larger than",
        1,
    )
    yield (
        "endless-headers",
        told(b"HTTP/1.1 200 OK\r\n", b"".join(b"X-%d: y\r\n" % n for n in range(5000)), repeat=400),
        "failed",
        "headers larger",
        3,
    )
    yield "endless-header", told(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65536, repeat=400), "failed", "headers larger", 3
    yield "endless-interim", told(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 500, repeat=400), "failed", "headers larger", 3
    yield "endless-chunk-size", told(head("Transfer-Encoding: chunked") + b"1" * 65536, repeat=40), "damaged", "ended before", 3
    for coding in ("gzip", "deflate", "br", "zstd"):
        yield f"bomb-{coding}", reply(bomb(coding), f"Content-Encoding: {coding}"), "damaged", "larger than", 1
    yield "bomb-gzip-in-gzip", reply(gzip.compress(bomb("gzip")), "Content-Encoding: gzip, gzip"), "damaged", "larger than", 1
    yield "bomb-gzip-in-br", reply(brotli.compress(bomb("gzip")), "Content-Encoding: gzip, br"), "damaged", "larger than", 1
    yield "bomb-members", reply(gzip.compress(b"") * 5_000, "Content-Encoding: gzip"), "damaged", "members", 2
    yield "loop-self", reply("", "Location: /n.html", status="302 Found"), "failed", "leads back to itself", 1
    yield "loop-cookie", reply("", "Location: /n.html", "Set-Cookie: CT6T=1", status="302 Found"), "failed", "cookies = true", 1


@pytest.fixture(scope="module")
def ran(faults, server, tmp_path_factory):
    """Crawl one list whose notices each lie on a host of their own that is a trap, beside one that is none."""
    made = list(traps(faults))
    hosts = {name: f"{name}.ceshi.example" for name, *_ in made}
    server.answers = {"/robots.txt": faults.reply("", status="404 Not Found")} | {
        (hosts[name], "/n.html"): answer for name, answer, *_ in made
    }
    server.answers |= {f"/hop/{n}.html": faults.reply("", f"Location: /hop/{n + 1}.html", status="301 x") for n in range(30)}
    server.answers |= {f"/turn/{n}.html": faults.reply("", f"Location: /turn/{(n + 1) % 3}.html", status="302 x") for n in range(3)}
    good = [f"/good/{n}.html" for n in range(20)]
    server.answers |= {target: faults.reply(faults.page(n)) for n, target in enumerate(good)}
    rows = [*good[:10], *(f"http://{host}/n.html" for host in hosts.values()), "/hop/0.html", "/turn/0.html", *good[10:]]
    server.answers["/tzgg/"] = faults.listing(*rows)
    site = faults.site_file(extra=f"allow_offsite = {list(hosts.values())}")
    folder = tmp_path_factory.mktemp("traps")
    return faults.crawl(
        folder,
        server,
        site=site,
        hosts=(faults.host, *hosts.values()),
        CONCURRENT_REQUESTS=64,
        DOWNLOAD_MAXSIZE=2 * MIB,
        DOWNLOAD_TIMEOUT=2.5,
    )


class _Blank:
    head = reply = staticmethod(lambda *_, **__: b"")
    page = staticmethod(lambda: "x" * 99)


@pytest.mark.parametrize("name", [name for name, *_ in traps(_Blank)])
def test_a_trap_is_cut_classified_and_left(ran, server, faults, name):
    _, _, outcome, words, most = next(trap for trap in traps(_Blank) if trap[0] == name)
    captures = ran.at(f"http://{name}.ceshi.example/n.html")
    assert captures, ran.log[-2000:]
    slow = [capture for capture in captures if "took longer than" in capture.reason and words != "took longer than"]
    kept, captures = captures, [capture for capture in captures if capture not in slow]  # a busy machine cuts by time what is too large
    assert {capture.outcome for capture in captures} == {outcome}, [(c.outcome, c.reason) for c in captures]
    assert all(words in capture.reason for capture in captures), [capture.reason for capture in captures]
    asked = [host for host, target, _ in server.log if host == f"{name}.ceshi.example" and target == "/n.html"]
    assert 1 <= len(asked) <= most + len(slow) <= 5
    assert len(kept) == len(asked), "each exchange is a capture"


def test_chains_of_redirects_end(ran, server):
    hops = [capture for capture in ran.captures if "/hop/" in capture.url]
    assert (hops[-1].outcome, hops[-1].reason) == ("failed", f"redirect loop: more than {MOST_REDIRECTS} redirects")
    assert len(hops) == MOST_REDIRECTS + 1
    turns = [capture for capture in ran.captures if "/turn/" in capture.url]
    assert [capture.outcome for capture in turns] == ["redirected", "redirected", "failed"]
    assert server.counts()["/turn/0.html"] == 1


def test_other_hosts_do_not_notice(ran, server):
    assert {number for target, number in server.counts().items() if target.startswith("/good/")} == {1}
    assert len([target for target in ran.versions() if target.startswith("/good/")]) == 20
    assert not [target for target in ran.versions() if not target.startswith("/good/")]


def test_a_calendar_without_end_is_left_at_the_page_budget(faults, server, tmp_path):
    """A cookie that is asked for by a redirect to the same address is brought, where the site file allows cookies."""

    async def calendar(_reader, writer, asked):
        number = int(asked.split("page=", 1)[1].split(" ")[0]) if "page=" in asked else 0
        page = faults.listing(f"/cal/{number}.html", f"/cal/{number}b.html").replace(
            b"</ul>", f'</ul><a href="/tzgg/?page={number + 1}">下一页</a>'.encode()
        )
        writer.write(faults.reply(page.split(b"\r\n\r\n", 1)[1]))

    async def ct6(_reader, writer, asked):
        whole = (
            faults.reply(faults.page())
            if "CT6T=1" in asked
            else faults.reply("", "Location: /cal/0.html", "Set-Cookie: CT6T=1", status="302 Found")
        )
        writer.write(whole)

    server.answers = {"/robots.txt": faults.reply("", status="404 Not Found"), "/tzgg/": calendar, "/cal/0.html": ct6}
    server.answers |= {f"/tzgg/?page={n}": calendar for n in range(500)} | {
        f"/cal/{n}{b}.html": faults.reply(faults.page(n)) for n in range(1, 500) for b in ("", "b")
    }
    server.answers["/cal/0b.html"] = faults.reply(faults.page(1000))
    site = faults.site_file(extra="cookies = true")
    ran = faults.crawl(tmp_path, server, site=site, CLOSESPIDER_PAGECOUNT=25)
    asked = sum(number for target, number in server.counts().items() if target.startswith(("/cal/", "/tzgg/")))
    assert asked < 60
    assert ran.told[0]["outcome"] == "incomplete"
    assert "closespider_pagecount" in ran.told[0]["reason"]
    assert [capture.outcome for capture in ran.of("/cal/0.html")] == ["redirected", "ok"]
