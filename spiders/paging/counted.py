"""Pages with a number among their parameters: in the query of a JSON answer or an HTML fragment, or in the body of a POST."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from spiders.paging import LAST, Next, Page, Turn, query_of, whole, with_query
from spiders.paging.totals import stated

PAGE_KEYS = (
    "page", "pageno", "pagenum", "pagenumber", "pageindex", "currpage", "currentpage", "curpage", "cur_page", "currentpagenum", "pgnum",
    "current", "nowpage", "p", "pn",
)  # fmt: skip
FROM_0 = frozenset(["p", "pn", "pageindex"])  # some servers count these from 0
SIZE_KEYS = ("pagesize", "_pagesize", "perpage", "prepage", "limit", "size", "rows", "n", "num", "cnt")


@dataclass(frozen=True, slots=True)
class Counter:
    """A page number among parameters: its name, its value, and how many rows a page was asked to hold."""

    key: str
    current: int
    size: int | None = None
    first: int | None = None  # the number of the first page, where it is known

    @classmethod
    def of(cls, parameters: Mapping[str, object], first: int | None = None) -> Counter | None:
        """Find the page number among parameters, whatever way its name is written."""
        names = {name.lower(): name for name in reversed(list(parameters))}
        values = {low: whole(str(parameters[name])) for low, name in names.items()}
        key = next((low for low in PAGE_KEYS if values.get(low) is not None), None)
        if key is None:
            return None
        current = values[key] or 0
        size = next((values[low] for low in SIZE_KEYS if low != key and values.get(low)), None)
        known = 0 if current == 0 else first if first is not None else None if key in FROM_0 else 1
        return cls(names[key], current, size, known)

    def goes_on(self, page: Page) -> bool | None:
        """Say whether a page comes after this one, by what the answer says of the whole list; None where that leaves it open."""
        if page.rows == 0:
            return False
        said = {_goes_on(self.current - first, self.size, page) for first in ((0, 1) if self.first is None else (self.first,))}
        return said.pop() if len(said) == 1 else None

    def turn(self, page: Page, following: Next) -> Turn:
        """Turn to the following page unless this is the last."""
        on = self.goes_on(page)
        return LAST if on is False else Turn(following, promised=on is True)


def _goes_on(before: int, size: int | None, page: Page) -> bool | None:
    """Say whether a list goes on after a page that has `before` pages before it. A server may cap the size that was asked for."""
    whole_list = stated(page)
    if whole_list.total is not None and size:
        read = before * size + page.rows
        if read == whole_list.total or page.rows >= size:
            return read < whole_list.total
    if whole_list.pages is not None:
        return before + 1 < whole_list.pages
    if whole_list.total is not None and before == 0:
        return page.rows < whole_list.total
    return None


def json_page(page: Page) -> Turn | None:
    """Count up the page parameter of a JSON address while rows come; a total in the JSON ends it."""
    return _query(page) if page.value is not None else None


def falls_short(page: Page) -> bool:
    """Say whether a JSON answer states more rows or pages than it holds, where its address carries no page number to count up."""
    return page.value is not None and bool(page.rows) and Counter.of(query_of(page.url)) is None and bool(_goes_on(0, None, page))


def query_page(page: Page) -> Turn | None:
    """Count up the page parameter of an HTML fragment's address while rows come; a total in the fragment ends it."""
    return _query(page) if page.value is None else None


def _query(page: Page) -> Turn | None:
    if page.asked is not None and page.asked.method != "GET":
        return None
    counter = Counter.of(query_of(page.url))
    if counter is None:
        return None
    return counter.turn(page, Next(with_query(page.url, {counter.key: counter.current + 1})))


def post_page(page: Page) -> Turn | None:
    """Count up the page number in the body of a POST, a form or JSON, while rows come; a total in the answer ends it."""
    if page.asked is None or page.asked.method != "POST":
        return None
    text = page.asked.body.decode("utf-8", "replace")
    found = _json_body(text) if text.lstrip().startswith("{") else _form_body(text)
    if found is None:
        return None
    counter, body = found
    return counter.turn(page, replace(page.asked, url=page.asked.url, body=body))


def _form_body(text: str) -> tuple[Counter, bytes] | None:
    pairs = parse_qsl(text, keep_blank_values=True)
    counter = Counter.of(dict(pairs))
    if counter is None:
        return None
    following = [(key, str(counter.current + 1) if key == counter.key else value) for key, value in pairs]
    return counter, urlencode(following).encode("ascii")


def _json_body(text: str) -> tuple[Counter, bytes] | None:
    """Count in a JSON body; Epoint's `pageIndex` there is counted from 0."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    for table in _tables(body, 3):
        counter = Counter.of(table, first=0 if "pageIndex" in table else None)
        if counter is not None:
            old = table[counter.key]
            table[counter.key] = str(counter.current + 1) if isinstance(old, str) else counter.current + 1
            return counter, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return None


def _tables(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        if depth:
            for part in list(value.values()):
                yield from _tables(part, depth - 1)
