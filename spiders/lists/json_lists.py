"""Lists as JSON: gkmlpt's `articles`, search answers, and any list of tables that hold an address and a title."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from cleaners.records import Entry, Moment
from cleaners.urls import join
from spiders.lists import rowdates
from spiders.lists.rows import folded

CHINA = timezone(timedelta(hours=8))
URLS = ("url", "URL", "DOCPUBURL", "docpuburl", "link", "href", "linkurl", "linkUrl", "docUrl", "infourl", "contentUrl", "pubUrl")
TITLES = ("title", "TITLE", "DOCTITLE", "doctitle", "BT", "name", "infoname", "docTitle", "contentTitle")
DATES = (
    "display_publish_time", "publish_time", "pubtime", "pubDate", "publishDate", "publishTime", "PUBDATE", "FBRQ", "infodate",
    "published_at", "publishedTimeStr", "release_date", "date", "time", "created_at",
)  # fmt: skip
MAX_DEPTH = 6


def load(text: str) -> Any:
    """Read JSON or JSONP; None when the text is neither."""
    candidate = text.strip().lstrip("\ufeff")
    call = re.match(r"[\w.$]{1,60}\s{0,9}\(", candidate)
    if call and candidate.rstrip("; \r\n").endswith(")"):
        candidate = candidate.rstrip("; \r\n")[call.end() : -1]
    if not candidate.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(candidate)
    except (ValueError, RecursionError):
        return None


def fragment(value: Any) -> str | None:
    """Find HTML wrapped in JSON, such as jpaas's `data.html`: a string with links, at most three tables down."""
    for table in _tables(value, 3):
        for part in table.values():
            if isinstance(part, str) and "<a " in part and "href" in part and len(part) > 100:
                return part
    return None


def _tables(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        if depth:
            for part in value.values():
                yield from _tables(part, depth - 1)


def entries(value: Any, url: str) -> tuple[Entry, ...] | None:
    """Give the entries of the longest list of tables with address and title; None when the value holds no list at all."""
    lists = list(_lists(value, MAX_DEPTH))
    if not lists:
        return None
    read = [tuple(dict.fromkeys(entry for part in found if (entry := _entry(part, url)) is not None)) for found in lists]
    return max(read, key=len)


def _lists(value: Any, depth: int) -> Iterator[list[Any]]:
    if isinstance(value, list):
        yield value
    if depth and isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value[:200]:
            yield from _lists(part, depth - 1)


def _entry(table: Any, base: str) -> Entry | None:
    if not isinstance(table, dict):
        return None
    link = next((table[key] for key in URLS if isinstance(table.get(key), str) and table[key]), None)
    title = next((table[key] for key in TITLES if isinstance(table.get(key), str) and table[key]), None)
    address = join(base, link) if link else None
    if address is None or title is None:
        return None
    issued = next((found for key in DATES if (found := moment(table.get(key))) is not None), None)
    return Entry(url=address, title=plain(title), issued=issued)


def plain(title: str) -> str:
    """Give a title without the mark-up that search answers put around the words found."""
    return folded(html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", title)))


def moment(value: Any) -> Moment | None:
    """Read a date of JSON: text with a full date, or seconds or milliseconds since 1970 (UTC) as a time of day in China."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{10}(?:[0-9]{3})?", value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        seconds = value / 1000 if value > 10**11 else value
        return datetime.fromtimestamp(seconds, CHINA) if 10**8 < seconds < 2 * 10**10 else None
    return rowdates.moment(value) if isinstance(value, str) else None
