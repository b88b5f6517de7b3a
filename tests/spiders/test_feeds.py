"""Sitemaps and feeds: what they list, and that no XML does more than be read."""

import gzip
from datetime import UTC, date, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders import feeds
from spiders.feeds import feed_links, read_feed, read_moment, read_sitemap, robots_sitemaps

URL = "http://www.shuiqu.gov.example/sitemap.xml"
SITE = "http://www.shuiqu.gov.example"
MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(*addresses):
    rows = "".join(f"<url><loc>{escape(address)}</loc><lastmod>2026-11-02</lastmod></url>" for address in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{MAP}">{rows}</urlset>'.encode()


def test_rss_atom_and_rdf_are_feeds():
    rss = """<?xml version="1.0" encoding="GB2312"?><rss version="2.0"><channel><title>通知公告</title><link>/</link>
      <item><title>关于清渠的通知</title><link> /tz/1.html </link><pubDate>Mon, 02 Nov 2026 09:30:00 +0800</pubDate></item>
      <item><title>关于停水的通告</title><guid>http://www.shuiqu.gov.example/tz/2.html</guid></item>
      <item><title>没有地址</title></item></channel></rss>""".encode("gb2312")
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>公告</title><entry><title>甲</title>
      <link rel="self" href="/x"/><link href="/tz/3.html"/><updated>2026-11-09T00:00:00Z</updated><published>2026-11-03T08:00:00+08:00</published>
      </entry></feed>""".encode()
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>要闻</title></channel>
      <item><title>乙</title><link>/tz/4.html</link><dc:date>2026年11月4日</dc:date></item></rdf:RDF>""".encode()
    read = {feed.title: feed.entries for body in (rss, atom, rdf) if (feed := read_feed(body, URL))}
    assert [(entry.url.removeprefix(SITE), entry.title) for entry in read["通知公告"]] == [
        ("/tz/1.html", "关于清渠的通知"),
        ("/tz/2.html", "关于停水的通告"),
    ]
    assert read["通知公告"][0].issued == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
    assert read["通知公告"][1].issued is None
    assert [(entry.url.removeprefix(SITE), entry.issued) for entry in read["公告"]] == [("/tz/3.html", datetime(2026, 11, 3, tzinfo=UTC))]
    assert [(entry.title, entry.issued) for entry in read["要闻"]] == [("乙", date(2026, 11, 4))]


def test_a_sitemap_lists_pages_and_no_dates_of_publication():
    found = read_sitemap(sitemap("/a/1.html", "http://b.gov.example/2.html", "javascript:1"), URL)
    assert [(entry.url, entry.issued) for entry in found.entries] == [(f"{SITE}/a/1.html", None), ("http://b.gov.example/2.html", None)]
    assert read_sitemap(gzip.compress(sitemap("/a/1.html")), URL + ".gz").entries == found.entries[:1]
    news = f"""<urlset xmlns="{MAP}" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>/n.html</loc>
      <n:news><n:publication_date>2026-11-05</n:publication_date><n:title>关于修桥的公示</n:title></n:news></url></urlset>""".encode()
    (entry,) = read_sitemap(news, URL).entries
    assert (entry.title, entry.issued) == ("关于修桥的公示", date(2026, 11, 5))


def test_an_index_lists_sitemaps():
    index = f'<sitemapindex xmlns="{MAP}"><sitemap><loc>/s1.xml</loc></sitemap><sitemap><loc>/s2.xml.gz</loc></sitemap></sitemapindex>'
    assert read_sitemap(index.encode(), URL).sitemaps == (f"{SITE}/s1.xml", f"{SITE}/s2.xml.gz")


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>404</body></html>", b"{}", b"\x1f\x8bjunk", b"<datastore><record/></datastore>", b"\x00\xff"]
)
def test_anything_else_is_neither(body):
    assert read_feed(body, URL) is None
    assert read_sitemap(body, URL) is None


def test_a_cut_sitemap_is_read_as_far_as_it_goes():
    whole = sitemap(*(f"/{number}.html" for number in range(50)))
    assert 20 <= len(read_sitemap(whole[:-1000], URL).entries) < 50
    packed = gzip.compress(whole)
    found = read_sitemap(packed[: len(packed) - 60], URL)
    assert found is None or not found.whole


def test_entities_are_not_resolved(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    told = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY l "{"x" * 100}"><!ENTITY m "{"&l;" * 100}">]>'
    feed = read_feed(f"{told}<rss><channel><title>&e;&m;</title></channel></rss>".encode(), URL)
    assert "geheim" not in feed.title
    assert "xxx" not in feed.title
    found = read_sitemap(f"{told}<urlset><url><loc>/&e;1.html</loc></url></urlset>".encode(), URL)
    assert "geheim" not in str(found)


def test_a_bomb_is_read_to_the_limit_only(monkeypatch):
    monkeypatch.setattr(feeds, "LIMIT", 5000)
    bomb = gzip.compress(sitemap(*["/a.html"] * 100_000))
    found = read_sitemap(bomb, URL)
    assert not found.whole
    assert len(found.entries) < 100
    assert not read_sitemap(sitemap(*["/a.html"] * 1000), URL).whole


def test_robots_txt_names_sitemaps():
    robots = (
        b"User-agent: *\nDisallow: /x\nSITEMAP: http://www.shuiqu.gov.example/m.xml # all\nSitemap:/n.xml\nsitemap: ftp://x/y\n\xff\xfe"
    )
    assert robots_sitemaps(robots, SITE + "/robots.txt") == (f"{SITE}/m.xml", f"{SITE}/n.xml")


def test_pages_offer_feeds():
    html = b'<html><head><link rel="alternate stylesheet" href="/a.css"><link rel=Alternate type="application/rss+xml" title="A" href="/rss.xml"></head></html>'
    assert feed_links(html, SITE + "/") == ((f"{SITE}/rss.xml", "A"),)


def test_a_moment_without_a_zone_is_never_taken_for_another_zones():
    assert read_moment("2026-11-02 08:00").utcoffset().total_seconds() == 8 * 3600
    assert read_moment("yesterday") is None
    assert read_moment("9" * 5000) is None


@given(st.lists(st.from_regex(r"/[a-z0-9_/]{1,20}\.html", fullmatch=True), unique=True, max_size=20))
def test_what_is_listed_is_read(paths):
    assert [entry.url for entry in read_sitemap(sitemap(*(SITE + path for path in paths)), URL).entries] == [
        feeds.join(URL, SITE + path) for path in paths
    ]


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=100).map(lambda tail: b"<rss><channel><item><link>" + tail)))
def test_no_bytes_are_too_broken(body):
    read_feed(body, URL)
    read_sitemap(body, URL)
    robots_sitemaps(body, URL)
    feed_links(body, URL)
