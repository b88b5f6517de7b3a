"""The asking part of a probe: a page, what it goes on with, a sample notice; for a home page its likeliest columns and feeds."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from cleaners.records import Capture
from crawler.probe.finding import Finding, Second, look, read_notice, reads_as_notice
from crawler.probe.marks import read_marks
from crawler.visit import Visit
from spiders.feeds import FEED_PATHS, feed_links, read_feed, read_sitemap, robots_sitemaps
from spiders.listing import read_safely

SAMPLES = 3  # notices tried until one reads well
FRAMES = 2  # requests from a column's page to its rows: gkmlpt and jpaas ask for them by script
COLUMNS = 4  # columns of a home page that are looked at
SITEMAP = "/sitemap.xml"


def probe(visit: Visit, url: str, kind: str = "") -> Finding:
    """Look at an address and at what follows from it, within the visit's bound; `kind` is what it is to be taken for."""
    capture = visit.fetch(url)
    found = look(capture, _address(capture, url), kind)
    if found.kind == "listing":
        found = _with_home(visit, _with_sample(visit, _with_second(visit, _with_rows(visit, found))))
    elif found.kind == "home":
        found = _with_columns(visit, _with_feeds(visit, found))
    elif found.kind == "feed":
        found = _with_sample(visit, found)
    return replace(found, visited=True, asked=len(visit.captures))


def _address(capture: Capture, asked: str) -> str:
    """Give the address a page came from, with the fragment that was asked for: a category of a gkmlpt index stands there."""
    fragment = urlsplit(asked).fragment
    return f"{capture.url}#{fragment}" if fragment and "#" not in capture.url else capture.url


def _with_rows(visit: Visit, found: Finding) -> Finding:
    """Go to the list a page is only a frame of (JSON, or HTML inside it, that its script asks for)."""
    listing, capture, reason, asked, here = found.listing, found.page, "no rows", None, found.url
    for _ in range(FRAMES):
        if listing is None or listing.entries or listing.next is None or not visit.left:
            break
        asked = listing.next
        capture = visit.fetch(asked)
        reason = capture.reason or reason
        here = _address(capture, asked.url)
        listing = read_safely(capture.body, here, listing.family, asked) if capture.outcome == "ok" else None
    if listing is None or not listing.entries:
        return replace(found, kind="other", reason=reason, rows=capture)
    return replace(found, listing=listing, rows=capture, rows_url=here, rows_asked=asked)


def _with_second(visit: Visit, found: Finding) -> Finding:
    """Ask for the second page, to see whether it lists what the first does not."""
    listing = found.listing
    if listing is None or listing.next is None or not visit.left:
        return found
    capture = visit.fetch(listing.next)
    if capture.outcome != "ok":
        return replace(found, second=Second(listing.next, capture.outcome, reason=capture.reason))
    entries = read_safely(capture.body, _address(capture, listing.next.url), listing.family, listing.next).entries
    fresh = {entry.url for entry in entries} - {entry.url for entry in listing.entries}
    return replace(found, second=Second(listing.next, "ok", len(entries), len(fresh)))


def _with_sample(visit: Visit, found: Finding) -> Finding:
    """Read the first notice on the site's own hosts that has a text."""
    near = [entry for entry in found.entries if urlsplit(entry.url).hostname in visit.site.hosts]
    for entry in near[:SAMPLES]:
        if not visit.left:
            break
        capture = visit.fetch(entry.url, role="notice")
        if capture.outcome != "ok":
            continue
        sample = replace(capture, entry=entry)
        notice = read_notice(sample)
        found = replace(found, sample=sample, notice=notice, beside=read_marks(sample.body, sample.url))
        if reads_as_notice(notice):
            break
    return found


def _with_home(visit: Visit, found: Finding) -> Finding:
    """Ask the home page what the site is called and coded, where neither the list nor the notice says it."""
    if (found.site_code and found.site[0]) or found.kind != "listing" or not visit.left:
        return found
    capture = visit.fetch(urljoin(found.page.url, "/"), role="other")
    return replace(found, home=read_marks(capture.body, capture.url)) if capture.outcome == "ok" else found


def _with_feeds(visit: Visit, found: Finding) -> Finding:
    """Look for sitemaps and feeds: those robots.txt and the page name, else where they usually are."""
    robots = next((capture for capture in visit.captures if capture.role == "robots"), None)
    named = robots_sitemaps(robots.body, robots.url) if robots is not None and robots.outcome == "ok" else ()
    asked = named[0] if named else urljoin(found.page.url, SITEMAP)
    capture = visit.fetch(asked, role="other")
    sitemap = read_sitemap(capture.body, capture.url) if capture.outcome == "ok" else None
    feeds = feed_links(found.page.body, found.page.url)
    if not feeds:
        capture = visit.fetch(urljoin(found.page.url, FEED_PATHS[0]), role="other")
        feed = read_feed(capture.body, capture.url) if capture.outcome == "ok" else None
        feeds = ((capture.url, feed.title),) if feed is not None else ()
    return replace(found, sitemap=sitemap, sitemaps=named or ((asked,) if sitemap is not None else ()), feeds=feeds)


def _with_columns(visit: Visit, found: Finding) -> Finding:
    """Look at the likeliest columns for what they call themselves, and rank them again."""
    learned = list(found.candidates)
    for number, candidate in enumerate(found.candidates[:COLUMNS]):
        if not visit.left or urlsplit(candidate.url).hostname not in visit.site.hosts:
            continue
        capture = visit.fetch(candidate.url)
        if capture.outcome != "ok":
            continue
        listing, marks = read_safely(capture.body, _address(capture, candidate.url)), read_marks(capture.body, capture.url)
        listed = len(listing.entries) if listing.kind == "listing" else 0
        learned[number] = candidate.learn(marks.column_name, marks.column_type, listed)
    return replace(found, candidates=tuple(sorted(learned, key=lambda candidate: -candidate.score)))
