"""A look at a site as it is on the web, column by column: its list page and one notice, asked for as a crawl would."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from cleaners.records import Capture, Entry, Notice
from crawler.probe.finding import look
from crawler.probe.marks import Marks
from crawler.reading import read
from crawler.rules import rules_for
from crawler.visit import Visit
from spiders.listing import Listing, read_safely
from spiders.site import Channel

FRAMES = 2  # requests from a column's page to its rows: gkmlpt and jpaas ask for them by script
PAGES = FRAMES + 2  # of one column: its page, its rows, a notice
_NO_MARKS = Marks()
_NOTHING = Listing()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at a column showed.

    `kind` is what its page looks like, `family` the CMS the page itself shows, `listing` what the crawl of its site reads in it, from
    `rows` where the page is only their frame. `sample` is the page of the first notice on the site's hosts, `notice` what it reads as.
    """

    channel: Channel
    page: Capture
    kind: str = "other"
    family: str = "generic"
    signs: tuple[tuple[str, str], ...] = ()
    marks: Marks = _NO_MARKS
    listing: Listing = _NOTHING
    rows: Capture | None = None
    sample: Capture | None = None
    notice: Notice | None = None

    @property
    def site_name(self) -> str:
        """The SiteName of the list page, or of the notice."""
        return self.marks.site_name or self._said("sitename")

    @property
    def site_code(self) -> str:
        """The SiteIDCode of the list page, or of the notice, in small letters."""
        return (self.marks.site_code or self._said("siteidcode")).lower()

    def _said(self, tag: str) -> str:
        meta = self.notice.meta if self.notice is not None else {}
        return next((value for name, value in meta.items() if name.lower() == tag), "")


def see(visit: Visit, channel: Channel) -> Seen:
    """Visit a column of the visit's site: at most `PAGES` pages."""
    page = visit.fetch(channel.url)
    if page.outcome != "ok":
        return Seen(channel, page)
    found = look(page, channel.url)
    family = found.listing.family if found.listing is not None else read_safely(page.body, channel.url).family
    rows, listing = _rows(visit, page, channel.url)
    seen = Seen(channel, page, found.kind, family, found.signs, found.marks, listing, rows)
    first = next((entry for entry in listing.entries if urlsplit(entry.url).hostname in visit.site.hosts), None)
    return seen if first is None else _with_notice(visit, seen, first)


def _rows(visit: Visit, page: Capture, url: str) -> tuple[Capture, Listing]:
    """Read a column's rows as the crawl of its site would, wherever they come from."""
    listing = read_safely(page.body, url, visit.site.family)
    for _ in range(FRAMES):
        if listing.entries or listing.next is None:
            break
        asked = listing.next
        page = visit.fetch(asked)
        if page.outcome != "ok":
            return page, _NOTHING
        listing = read_safely(page.body, page.url, visit.site.family, asked)
    return page, listing


def _with_notice(visit: Visit, seen: Seen, entry: Entry) -> Seen:
    sample = replace(visit.fetch(entry.url, role="notice"), entry=entry)
    return replace(seen, sample=sample, notice=read(sample, rules_for(visit.site)) if sample.outcome == "ok" else None)
