"""Nothing but the web, and nothing but the site: no address or scheme that leads elsewhere is connected to, whatever names it.

Every way a server has of naming an address is tried with every form of address. What must not be contacted is stubbed where the
connection is made: the log of connections and the sink's are the ground truth.
"""

import json

import pytest

SINK = [
    "http://127.0.0.2:{sink}/x", "http://127.2:{sink}/x", "http://2130706434:{sink}/x", "http://0x7f000002:{sink}/x", "http://0177.0.0.2:{sink}/x",
    "http://0x7f.2:{sink}/x", "http://127.0.0.2.:{sink}/x", "http://127。0。0。2:{sink}/x", "http://１２７.0.0.2:{sink}/x",
    "http://[::ffff:127.0.0.2]:{sink}/x", "http://[::ffff:7f00:2]:{sink}/x", "http://[::127.0.0.2]:{sink}/x", "http://[64:ff9b::127.0.0.2]:{sink}/x",
    "http://[2002:7f00:2::]:{sink}/x", "http://%31%32%37.0.0.2:{sink}/x", "//127.0.0.2:{sink}/x",
]  # fmt: skip
HOSTILE = [
    "http://localhost:{port}/x", "http://LOCALHOST.:{port}/x", "http://0.0.0.0:{port}/x", "http://0:{port}/x", "http://[::1]:{port}/x", "http://[::]:{port}/x",
    "http://10.0.0.1/x", "http://172.16.5.4/x", "http://192.168.1.1/x", "http://169.254.169.254/latest/meta-data/", "http://0xa9fea9fe/x",
    "http://100.100.100.200/latest/", "http://metadata.google.internal/computeMetadata/v1/", "http://100.64.0.1/x", "http://192.0.2.1/x", "http://198.18.0.1/x",
    "http://224.0.0.1/x", "http://255.255.255.255/x", "http://[fe80::1]/x", "http://[fe80::1%25eth0]/x", "http://[fd00::1]/x", "http://[ff02::1]/x",
    "http://[2001:0:7f00:1::80ff:fffe]/x", "http://[2001:db8::1]/x", "http://256.1.1.1/x", "http://intranet/x", "http://router.lan/x",
    "http://www.ceshi.gov.example@127.0.0.2:{sink}/x", "http://user:secret@www.ceshi.gov.example/x", "http://www.ceshi.gov.example:22/x",
    "http://www.ceshi.gov.example:6379/x", "http://www.ceshi.gov.example:99999/x", "http://[::1/x",
]  # fmt: skip
SCHEMES = ["file:///etc/hostname", "file://localhost/etc/hostname", "data:text/html,x", "ftp://www.ceshi.gov.example/x", "s3://bucket/x", "javascript:alert(1)",
           "gopher://127.0.0.2:{sink}/_x", "about:blank", "view-source:http://127.0.0.2:{sink}/x", "jar:http://127.0.0.2:{sink}/x", "dict://127.0.0.2:{sink}/x"]  # fmt: skip
ELSEWHERE = ["http://other.example/x", "https://www.ceshi.gov.example.evil.example/x", "http://ceshi.gov.example/x"]
ANSWERS = {
    "private": [["10.0.0.1"]], "loopback": [["127.0.0.2"]], "link": [["169.254.169.254"]], "cgnat": [["100.64.0.1"]], "six": [["::1"]],
    "local6": [["fd00::1"]], "mapped": [["::ffff:127.0.0.2"]], "nat64": [["64:ff9b::7f00:2"]], "sixtofour": [["2002:7f00:2::"]], "any": [["0.0.0.0"]],
    "both": [["10.0.0.1", "127.0.0.2"]], "rebind": [["203.0.114.9"], ["127.0.0.2"], ["203.0.114.9"], ["127.0.0.2"]], "rebind6": [["2400:3200::1"], ["::ffff:127.0.0.2"]],
}  # fmt: skip


def vectors(server):
    """Give every address, each with a path of its own: two that are one and the same would be asked for once."""
    given = enumerate((*SINK, *HOSTILE, *SCHEMES, *ELSEWHERE))
    return [one.format(port=server.port, sink=server.sink_port).replace("/x", f"/x{number}") for number, one in given]


def escape(text):
    return text.replace("&", "&amp;").replace('"', "&quot;")


@pytest.fixture(scope="module")
def crawled(faults, server, tmp_path_factory):
    """Crawl a site that names every address in every way."""
    return against(faults, server, tmp_path_factory.mktemp("reach"))


def against(faults, server, folder, off=(), **settings):
    named = vectors(server)
    hops = {f"/r/{n}.html": faults.reply("", f"Location: {one}", status=f"30{[1, 2, 3, 7, 8][n % 5]} x") for n, one in enumerate(named)}
    hops |= {
        f"/m/{n}.html": faults.reply(f'<html><head><meta http-equiv="refresh" content="0;url={escape(one)}"></head></html>')
        for n, one in enumerate(named)
    }
    links = "".join(f'<p>附件：<a href="{escape(one)}">附件{n}.pdf</a></p><img src="{escape(one)}">' for n, one in enumerate(named))
    notice = faults.page().replace("</div>", f"</div>{links}", 1)
    names = {f"{name}.ceshi.example": answers for name, answers in ANSWERS.items()}
    rows = [*hops, "/a/links.html", *named, *(f"http://{name}/n.html" for name in names), "http://robots.ceshi.example/n.html"]
    server.answers = {
        "/robots.txt": faults.reply("", status="404 Not Found"),
        "/tzgg/": faults.listing(*map(escape, rows)),
        "/a/links.html": faults.reply(notice),
    }
    server.answers |= hops
    inner = f"http://127.0.0.2:{server.sink_port}/"
    server.answers |= {
        f"/start{n}/": faults.reply("", f"Location: {one}", status="302 Found")
        for n, one in enumerate([inner, "file:///etc/hostname", "http://other.example/"])
    }
    server.answers["robots.ceshi.example", "/robots.txt"] = faults.reply("", f"Location: {inner}robots.txt", status="302 Found")
    site = faults.site_file(
        [f"http://{faults.host}/tzgg/", *(f"http://{faults.host}/start{n}/" for n in range(3)), "http://rebind.ceshi.example/list/"],
        f"allow_offsite = {json.dumps([*names, 'robots.ceshi.example'])}",
    )
    hosts = (faults.host, "robots.ceshi.example", "other.example", "ceshi.gov.example")
    return faults.crawl(folder, server, site=site, hosts=hosts, names=names, off=off, **settings)


def test_enough_vectors(server):
    assert len(vectors(server)) + len(ANSWERS) >= 40


def test_nothing_but_the_site_is_connected_to(crawled, server):
    stubbed = {("203.0.114.9", 80), ("2400:3200::1", 80)}  # what the names that change their mind said first
    assert crawled.connected - stubbed == {("127.0.0.1", server.port)}
    assert server.sunk == []
    assert {host for host, _, _ in server.log} <= {"www.ceshi.gov.example", "robots.ceshi.example"}


def test_every_redirect_is_recorded_as_refused_with_its_reason(crawled, server):
    for number, one in enumerate(vectors(server)):
        hop = crawled.of(f"/r/{number}.html")
        assert [capture.status for capture in hop] == [301 + [0, 1, 2, 6, 7][number % 5]], one
        targets = [capture for capture in crawled.captures if capture.outcome == "refused" and capture.url == hop[0].redirected_to]
        refused = targets or [capture for capture in hop if capture.outcome == "refused"]
        assert refused, (one, hop[0].outcome, hop[0].redirected_to)
        assert all(capture.reason and capture.phase in {"guard", "offsite"} for capture in refused)


def test_a_refresh_steers_nobody(crawled, server):
    for number, one in enumerate(vectors(server)):
        assert [capture.outcome for capture in crawled.of(f"/m/{number}.html")] == ["failed"], one
    assert "sends_on" in crawled.of("/m/0.html")[0].reason


def test_names_that_lead_inwards_are_refused_and_not_asked_again(crawled):
    for name in ANSWERS:
        found = [capture for capture in crawled.captures if f"//{name}.ceshi.example/" in capture.url and "rebind" not in name]
        assert {capture.outcome for capture in found} <= {"refused"}, name
        assert found or "rebind" in name, name


def test_redirected_start_addresses_and_robots_are_refused(crawled, server):
    inner = f"http://127.0.0.2:{server.sink_port}/"
    assert [(capture.outcome, capture.phase) for capture in crawled.at(inner)] == [("refused", "guard")]
    assert [(capture.outcome, capture.phase) for capture in crawled.at(inner + "robots.txt")] == [("refused", "guard")]
    assert [(capture.outcome, capture.phase) for capture in crawled.at("http://other.example/")] == [("refused", "offsite")]
    assert [(capture.outcome, capture.reason) for capture in crawled.of("/start1/")] == [("refused", "scheme 'file' is not http or https")]


def test_links_that_lead_elsewhere_are_kept_and_not_asked_for(crawled):
    assert crawled.of("/a/links.html")[0].outcome == "ok"
    kept = {url for (url,) in crawled.rows("select url from entries")}
    assert any(url.startswith("http://10.0.0.1/x") for url in kept)
    assert not any(capture.role == "attachment" for capture in crawled.captures)


def test_a_site_file_cannot_name_an_inner_address_that_is_reached(faults, server, tmp_path):
    """The start address itself: whatever the site file says, the guard and the resolver stand."""
    site = faults.site_file(
        [f"http://{faults.host}/tzgg/", f"http://127.0.0.2:{server.sink_port}/list/", "http://localhost/list/", "http://0x7f000002/list/"]
    )
    ran = faults.crawl(tmp_path, server, site=site)
    assert server.sunk == []
    assert ran.connected <= {("127.0.0.1", server.port)}
    refused = [capture for capture in ran.captures if capture.url.endswith("/list/")]
    assert ran.code != 0
    assert all(capture.outcome == "refused" for capture in refused)
