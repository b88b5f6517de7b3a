"""大汉 Hanweb JCMS: lists are XML inside the page, further pages come from `dataproxy.jsp`."""

from __future__ import annotations

import re

from cleaners.urls import join
from spiders.paging import LAST, Next, Page, Turn, with_query

MOST_RECORDS = 100  # a page: servers cut off silently what is beyond a few hundred


def records(text: str) -> list[str]:
    """Give the HTML of each `<record>`, in order; empty for a page without any."""
    pieces = text.split("<record>")[1:]
    return [_bare(piece.partition("</record>")[0]) for piece in pieces if "</record>" in piece]


def _bare(piece: str) -> str:
    return piece.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip()


def dataproxy(page: Page) -> Turn | None:
    """Follow Hanweb's `<nextgroup>`, or count records: `dataproxy.jsp?startrecord=&endrecord=&perpage=`, at most 100 a page."""
    _, opened, rest = page.text.partition("<nextgroup>")
    if not opened:
        return None
    link = re.search(r"href=[\"']?([^\"'\s>]+)", rest.partition("</nextgroup>")[0])
    if link is None:
        return LAST
    address = join(page.url, link.group(1).replace("&amp;", "&"))
    if address is None:
        return None
    total, per_page = (_number(page.text, name) for name in ("totalrecord", "perpage"))
    start, end = (_number(address, name) for name in ("startrecord", "endrecord"))
    if total is not None and start is not None and start > total:
        return LAST
    if per_page is not None and total is not None and end is None and "page=" not in address:
        return _records(page, address, total, min(per_page, MOST_RECORDS))
    return Turn(Next(address))


def _number(text: str, name: str) -> int | None:
    found = re.search(rf"{name}\W{{1,4}}([0-9]{{1,9}})", text, re.IGNORECASE)
    return int(found.group(1)) if found else None


def _records(page: Page, address: str, total: int, per_page: int) -> Turn:
    done = (_number(page.url, "endrecord") or page.text.count("<record>")) + 1
    if done > total:
        return LAST
    query = {"startrecord": done, "endrecord": min(done + per_page - 1, total), "perpage": per_page}
    return Turn(Next(with_query(address, query)))
