"""What a probe found, and the pure part of finding it: which kind of page a capture is and what is read in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from cleaners.decoding.decode import decode
from cleaners.errors import LimitError
from cleaners.limits import run_limited
from cleaners.records import Capture, Entry, Notice
from cleaners.worker import is_plain
from crawler.exchanges.challenge import classify
from crawler.probe.marks import Marks, division_of, level_of, read_marks
from crawler.reading import read
from crawler.rules import rules_for
from spiders.discovery import Candidate, columns
from spiders.families import family_of
from spiders.feeds import Feed, Sitemap, read_feed, read_sitemap
from spiders.listing import Listing, read_safely
from spiders.paging import Next

HOMES = frozenset({"", "/", "/index.html", "/index.htm", "/index.shtml", "/index.jsp", "/index.php", "/default.html", "/default.aspx"})
UNPLACED = "http://page.invalid/saved/page.html"
"""Stands for the address of a saved page that names none, so that its links can be told apart (RFC 2606)."""
NO_MARKS = Marks()
KINDS = ("listing", "notice", "home")
_SCRIPTS = {"script_shell": "needs_js", "sends_on": "redirected"}
_SHORT = 80  # characters of text that a page without a list must have to be taken for a notice


@dataclass(frozen=True, slots=True)
class Second:
    """What the second page was: its outcome and kind, how many entries it lists, and how many of them the first page does not."""

    asked: Next
    outcome: str
    entries: int = 0
    fresh: int = 0
    reason: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether the list really goes on there."""
        return self.fresh > 0


@dataclass(frozen=True)
class Finding:
    """All a probe found out about one address.

    `kind` is listing, notice, home, feed, sitemap, needs_js or other, and for a page that did not come what became of it: challenge,
    soft_404, blocked, missing, gone, refused, damaged, failed. `rows` is the capture that holds the list's first rows: the page
    itself, or where it is a frame around a JSON or XML list, that list, read at `rows_url` as the answer to `rows_asked`. `signs` say
    what told the family, as (kind, what was seen). `beside` are the marks of the sample notice and `home` those of the home page,
    which may say what a list page does not.
    """

    url: str
    kind: str
    page: Capture
    reason: str = ""
    marks: Marks = NO_MARKS
    listing: Listing | None = None
    rows: Capture | None = None
    signs: tuple[tuple[str, str], ...] = ()
    second: Second | None = None
    sample: Capture | None = None
    notice: Notice | None = None
    candidates: tuple[Candidate, ...] = ()
    feed: Feed | None = None
    sitemap: Sitemap | None = None
    feeds: tuple[tuple[str, str], ...] = ()
    sitemaps: tuple[str, ...] = ()
    beside: Marks = NO_MARKS
    home: Marks = NO_MARKS
    rows_url: str = ""
    rows_asked: Next | None = None
    visited: bool = False
    asked: int = 0

    @property
    def site(self) -> tuple[str, str]:
        """What the site is called and what says so: name (SiteName) or title; both empty where nothing does."""
        named = next(((marks.site_name, "name") for marks in (self.marks, self.beside, self.home) if marks.site_name), None)
        told = named or self.marks.site()
        home = self.marks if self.kind == "home" else self.home
        return told if told[0] or not home.title else (home.title, "title")

    @property
    def site_code(self) -> str:
        """The SiteIDCode of the page, of the sample notice or of the home page."""
        return self.marks.site_code or self.beside.site_code or self.home.site_code

    @property
    def column(self) -> tuple[str, str]:
        """What the column is called and what says so: name (ColumnName), trail or title; both empty where nothing does."""
        said = [marks.column() for marks in (self.marks, self.beside)]
        return next((column for column in said if column[1] in {"name", "trail"}), said[0])

    @property
    def division_code(self) -> str:
        """The division the site's code begins with (GB/T 2260); empty for a ministry and where there is no code."""
        return division_of(self.site_code)

    @property
    def level(self) -> str:
        """The level the site's code stands for; empty where there is no code."""
        return level_of(self.site_code)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the page lists, whatever it is."""
        if self.listing is not None and self.listing.entries:
            return self.listing.entries
        listed = self.feed or self.sitemap
        return listed.entries if listed is not None else ()


def look(capture: Capture, url: str, kind: str = "") -> Finding:
    """Say what a page is and what stands on it; `url` is the address asked for, `kind` what it is taken for where somebody knows.

    Nothing is asked for; `crawler.probe.asking` looks further.
    """
    if capture.outcome != "ok":
        return Finding(url, _no_page(capture), capture, capture.reason)
    feed, sitemap = read_feed(capture.body, url), read_sitemap(capture.body, url)
    if feed is not None or sitemap is not None:
        return Finding(url, "feed" if feed is not None else "sitemap", capture, feed=feed, sitemap=sitemap)
    listing, marks = read_safely(capture.body, url), read_marks(capture.body, url)
    links = links_of(capture, url)
    kind = kind or _kind(listing, marks, url, links)
    judged = classify(replace(capture, role="notice"))  # lists are not judged so in a crawl: an empty one ends a chain
    if kind not in {"listing", "home"} and judged.outcome != "ok":
        return Finding(url, _no_page(judged), capture, judged.reason, marks)
    return Finding(
        url,
        kind,
        capture,
        listing.trouble,
        marks,
        listing if kind == "listing" else None,
        capture if kind == "listing" else None,
        family_signs(listing.family, capture, url, listing.entries),
        sample=capture if kind == "notice" else None,
        notice=read_notice(capture) if kind == "notice" else None,
        candidates=links if kind in {"home", "other", "needs_js"} else (),
    )


def _no_page(capture: Capture) -> str:
    """Give the kind of what is no page to read: its outcome, but where a script fills the page or sends on."""
    return next((kind for sign, kind in _SCRIPTS.items() if capture.reason.startswith(sign)), capture.outcome)


def links_of(capture: Capture, url: str) -> tuple[Candidate, ...]:
    """Rank the columns a page links to, in a child where the page is large; none where even that is too much."""
    if is_plain(capture.body):
        return columns(capture.body, url)
    try:
        return run_limited(columns, (capture.body, url))
    except LimitError:
        return ()


def _kind(listing: Listing, marks: Marks, url: str, links: tuple[Candidate, ...]) -> str:
    """Decide between the kinds; a page at the root of a host that leads to columns and is none itself is its home page."""
    split = urlsplit(url)
    leads = len(links) > 1 or (links and listing.next is None and not listing.promised)
    if split.path.lower() in HOMES and not split.query and not split.fragment and (leads or marks.column_type == "首页"):
        return "home"
    if listing.kind == "other" and listing.promised:
        return "listing"
    return str(listing.kind)


def read_notice(capture: Capture) -> Notice:
    """Read a notice as a crawl of a site without layouts of its own would."""
    return read(capture, rules_for(None))


def reads_as_notice(notice: Notice) -> bool:
    """Say whether what was read is a notice's text and not the rest of some page."""
    return len(notice.text) >= _SHORT or bool(notice.attachments or notice.images)


def family_signs(family: str, capture: Capture, url: str, entries: Iterable[Entry]) -> tuple[tuple[str, str], ...]:
    """Say what told the family, as (html, mark), (address, the list's) or (notice, an entry's address)."""
    made_by = family_of(family)
    text = decode(capture.body).text
    signs = [("html", mark) for mark in made_by.html if mark in text]
    signs += [("address", url) for pattern in made_by.url if pattern.search(url)]
    signs += [("notice", entry.url) for entry in entries if made_by.is_article(entry.url)][:1]
    return tuple(dict.fromkeys(signs))[:3]
