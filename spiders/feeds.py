"""Sitemaps, RSS and Atom -> addresses and entries; robots.txt -> where the sitemaps are. Pure, for bytes nobody has vouched for.

Formats: sitemaps.org protocol 0.9 (with its index and gzip), RSS 2.0, RSS 1.0 and Atom (RFC 4287). XML is parsed without
entities, DTDs and network, and only so much of it as `LIMIT` allows.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from cleaners.decoding.decode import decode
from cleaners.document.dates import parse_date
from cleaners.pages.markup import parse
from cleaners.records import Entry
from cleaners.urls import join

LIMIT = 10 << 20  # bytes of XML that are read, unpacked
MOST = 50_000  # addresses: what the protocol allows one sitemap
MOST_SITEMAPS = 500
FEED_PATHS = ("/rss.xml", "/atom.xml")
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
_SITEMAP = b"sitemap:"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: pages as entries, and further sitemaps. `whole` is False where it is longer than what is read.

    An entry has a title and a date only where the page's news extension gives them: lastmod is no date of publication.
    """

    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed lists, in its order, and what it is called."""

    title: str = ""
    entries: tuple[Entry, ...] = ()


def robots_sitemaps(body: bytes, url: str) -> tuple[str, ...]:
    """Give the sitemaps a robots.txt names (RFC 9309, section 2.2.4), resolved against its address."""
    lines = (line.strip() for line in body[:LIMIT].splitlines())
    named = (line[len(_SITEMAP) :] for line in lines if line[: len(_SITEMAP)].lower() == _SITEMAP)
    found = (join(url, address.partition(b"#")[0].decode("utf-8", "replace").strip()) for address in named)
    return tuple(dict.fromkeys(address for address in found if address))[:MOST_SITEMAPS]


def feed_links(body: bytes, url: str) -> tuple[tuple[str, str], ...]:
    """Give the feeds a page offers (`<link rel="alternate">`) as (address, title)."""
    root = parse(decode(body).text)
    links = [] if root is None else [link for link in root.iter("link") if "alternate" in (link.get("rel") or "").lower().split()]
    offered = [link for link in links if (link.get("type") or "").strip().lower() in _FEED_TYPES]
    found = {join(url, link.get("href") or ""): " ".join((link.get("title") or "").split()) for link in reversed(offered)}
    return tuple((address, title) for address, title in reversed(found.items()) if address)


def read_sitemap(body: bytes, url: str) -> Sitemap | None:
    """Read a sitemap or a sitemap index, plain or gzipped; None for anything else. Never raises."""
    root, whole = _parse(body)
    if root is None or _name(root) not in {"urlset", "sitemapindex"}:
        return None
    if _name(root) == "sitemapindex":
        links = [join(url, _text(part, "loc")) for part in root if _name(part) == "sitemap"]
        return Sitemap(sitemaps=tuple(dict.fromkeys(link for link in links if link))[:MOST_SITEMAPS], whole=whole)
    entries = [entry for part in root if _name(part) == "url" and (entry := _listed(part, url))]
    return Sitemap(tuple(entries[:MOST]), whole=whole and len(entries) <= MOST)


def _listed(part: etree._Element, url: str) -> Entry | None:
    address = join(url, _text(part, "loc"))
    news = next((child for child in part if _name(child) == "news"), None)
    if address is None or news is None:
        return Entry(address) if address else None
    return Entry(address, _text(news, "title"), read_moment(_text(news, "publication_date")))


def read_feed(body: bytes, url: str) -> Feed | None:
    """Read an RSS or Atom feed; None for anything else. Never raises."""
    root, _ = _parse(body)
    if root is None or _name(root) not in {"rss", "rdf", "feed"}:
        return None
    channel = next((child for child in root if _name(child) == "channel"), root)
    posts = [part for holder in {id(channel): channel, id(root): root}.values() for part in holder if _name(part) in {"item", "entry"}]
    entries = [entry for post in posts[:MOST] if (entry := _posted(post, url))]
    return Feed(_text(channel, "title"), tuple({entry.url: entry for entry in reversed(entries)}.values())[::-1])


def _posted(post: etree._Element, url: str) -> Entry | None:
    links = [link for link in map(str.strip, _links(post)) if link]
    address = join(url, links[0]) if links else None
    moment = next((found for name in ("pubdate", "published", "date", "issued") if (found := read_moment(_text(post, name)))), None)
    return Entry(address, _text(post, "title"), moment) if address else None


def _links(post: etree._Element) -> Iterator[str]:
    """Give what a post links to: Atom's alternate link, RSS's link, or a guid that is an address."""
    for child in post:
        if _name(child) == "link" and (child.get("rel") or "alternate") == "alternate":
            yield child.get("href") or "".join(map(str, child.itertext()))
    guid = _text(post, "guid")
    if guid.startswith(("http://", "https://")):
        yield guid


def read_moment(text: str) -> date | datetime | None:
    """Read a date of a feed: RFC 5322, ISO 8601 or as Chinese pages write them; one without a zone is China's."""
    if not text or len(text) > 100:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        moment = None
    return moment if moment is not None and moment.tzinfo is not None else parse_date(text)


def _parse(body: bytes) -> tuple[etree._Element | None, bool]:
    """Parse XML as far as it goes; says whether that is all of it."""
    plain, whole = _unpacked(body)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(plain.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, whole
    return root, whole


def _unpacked(body: bytes) -> tuple[bytes, bool]:
    """Undo gzip where it is (`.xml.gz`), up to the limit."""
    if not body.startswith(b"\x1f\x8b"):
        return body[:LIMIT], len(body) <= LIMIT
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = unpacker.decompress(body, LIMIT)
    except zlib.error:
        return b"", False
    return plain, unpacker.eof


def _name(element: etree._Element) -> str:
    """Give an element's name without its namespace, in small letters; empty for what is no element."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _text(element: etree._Element, name: str) -> str:
    """Give the words of the first child of a name, white space folded."""
    child = next((child for child in element if _name(child) == name), None)
    return " ".join("".join(map(str, child.itertext())).split()) if child is not None else ""
