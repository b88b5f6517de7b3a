"""A finding as JSON, for machines: the fields of records under their own names, dates in ISO 8601, nothing left to guess."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cleaners.records import Entry, Notice
from crawler.explain.account import stated
from crawler.probe import scripts
from crawler.probe.finding import Finding
from crawler.probe.terminal import column_address, next_step, paging_word, verdict
from spiders.discovery import Candidate
from spiders.listing import Listing
from spiders.paging import Next

FIELDS = (
    "title", "issued", "created", "printed", "effective", "repealed", "document_number", "identifier", "creator", "publisher", "source",
    "author", "addressee", "signatory", "type", "subject", "text",
)  # fmt: skip
"""What of a notice is told: the parts that a crawl keeps and a reviewer checks."""


def as_json(found: Finding, asked: Sequence[scripts.Answered] | None = None) -> str:
    """Write a finding as one JSON object; `asked` is what the page's scripts asked for, where it was looked at in a browser."""
    row = told(found)
    if asked is not None:
        row |= {"scripts": scripts.rows(asked), "next_step": scripts.next_step(asked, found.url)[0]}
    return json.dumps(row, ensure_ascii=False, indent=2)


def told(found: Finding) -> dict[str, Any]:
    """Give a finding as plain values."""
    return {
        "url": found.url,
        "kind": verdict(found),
        "status": found.page.status,
        "reason": found.reason,
        "site": found.site[0],
        "site_code": found.site_code,
        "division_code": found.division_code,
        "level": found.level,
        "column": found.column[0],
        "column_type": found.marks.column_type,
        "column_url": column_address(found),
        "family_evidence": [list(sign) for sign in found.signs],
        "listing": listing_row(found.listing) if found.listing is not None else None,
        "paging": paging_word(found.listing) if found.listing is not None else "",
        "second": _second(found),
        "entries": [entry_row(entry) for entry in found.entries] if found.listing is None else [],
        "notice": notice_row(found.notice) | {"url": found.sample.url if found.sample else ""} if found.notice is not None else None,
        "candidates": [
            {"name": one.name, "url": one.url, "score": one.score, "evidence": [list(sign) for sign in one.evidence]}
            for one in found.candidates
        ],
        "feeds": [list(feed) for feed in found.feeds],
        "sitemaps": list(found.sitemaps),
        "next_step": next_step(found)[0],
        "asked": found.asked,
    }


def _second(found: Finding) -> dict[str, Any] | None:
    second = found.second
    if second is None:
        return None
    return {"outcome": second.outcome, "entries": second.entries, "fresh": second.fresh, "reason": second.reason}


def candidate_row(candidate: Candidate) -> dict[str, Any]:
    """Give a likely column with what speaks for it."""
    evidence = [list(sign) for sign in candidate.evidence]
    return {"name": candidate.name, "url": candidate.url, "score": candidate.score, "evidence": evidence}


def listing_row(listing: Listing) -> dict[str, Any]:
    """Give what was read of a list page."""
    return {
        "family": listing.family,
        "kind": listing.kind,
        "entries": [entry_row(entry) for entry in listing.entries],
        "next": next_row(listing.next) if listing.next is not None else None,
        "promised": listing.promised,
        "total": listing.total,
        "pages": listing.pages,
        "oldest": next_row(listing.oldest) if listing.oldest is not None else None,
    }


def entry_row(entry: Entry) -> dict[str, Any]:
    """Give an entry as a list shows it."""
    return {"url": entry.url, "title": entry.title, "issued": stated(entry.issued), "pinned": entry.pinned}


def next_row(following: Next) -> dict[str, Any]:
    """Give the request for a further page."""
    return {"url": following.url, "method": following.method, "body": following.body.decode("utf-8", "replace")}


def notice_row(notice: Notice) -> dict[str, Any]:
    """Give the parts of a notice that have a value, its text and its files."""
    row = {name: stated(value) for name in FIELDS if (value := getattr(notice, name))}
    files = [{"url": file.url, "title": file.title} for file in notice.attachments]
    pictures = [picture.url for picture in notice.images]
    more = {"attachments": files, "images": pictures, "parts": list(notice.parts), "flags": list(notice.flags)}
    return row | {name: value for name, value in more.items() if value}
