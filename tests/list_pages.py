"""List pages for the tests of pagers and families: made from text, read, and followed from one to the next."""

from __future__ import annotations

import json

from lxml import html

from spiders.listing import read_listing
from spiders.paging import Next, Page

HOST = "https://www.hewan.gov.example"


def page(text: str, path: str = "/tzgg/", asked: Next | None = None, rows: int = 10) -> Page:
    """A page as pagers see it."""
    value = json.loads(text) if text[:1] in "{[" else None
    return Page(text, HOST + path, html.document_fromstring(text) if value is None else None, value, asked, rows)


def following(found: object) -> str | None:
    """The address a turn leads to, without the host; None at the last page."""
    assert found is not None
    return found.next.url.removeprefix(HOST) if found.next else None


def anchors(paths: list[str], tag: str = "li") -> str:
    """Rows with a title and a date each."""
    return "".join(
        f'<{tag}><a href="{path}" title="关于做好第{path[-9:]}号工作的通知">关于做好第…</a><span>2024-05-{20 - n:02}</span></{tag}>'
        for n, path in enumerate(paths)
    )


def follow(start: Next, answers: dict[str, str], family: str | None = None) -> tuple[list[str], list[str], list[object]]:
    """Read a list from its start on: the paths of the requests in order, those of the entries, and the listings. A page not given is empty."""
    asked, entries, listings, place = [], [], [], start
    while place is not None and len(asked) < 20:
        step = place.identity.replace(HOST, "") if place.method != "GET" else place.url.removeprefix(HOST)
        body = place.body.decode()
        asked.append(f"{step} {body}".strip())
        fitting = [key for key in answers if key in f"{place.url.removeprefix(HOST)} {body}".strip()]
        text = answers[max(fitting, key=len)] if fitting else ""
        listing = read_listing(text.encode(), place.url, family, place)
        entries += [entry.url.removeprefix(HOST) for entry in listing.entries]
        listings.append(listing)
        assert listing.next != place
        place = listing.next
    return asked, entries, listings
