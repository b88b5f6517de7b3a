"""How many rows and pages a list has in all, where its page or answer says so: what lets a walk know that nothing is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spiders.paging import POSITION, STATED, Page, whole

ROWS = (
    "total",
    "totalCount",
    "totalElements",
    "totalRecord",
    "totalRecords",
    "totalrecord",
    "totalNum",
    "totalRows",
    "totalcount",
    "recordCount",
    "rowCount",
    "count",
    "Total",
    "RowCount",
)
PAGES = ("pageCount", "totalPages", "totalPage", "totalpage", "pages", "total_pages", "pageTotal", "last_page", "PageCount")
DEPTH = 3

UCAP_CALL = re.compile(r"createPageHTML\s*\(\s*['\"][^'\"()]*['\"]\s*,\s*(\d{1,7})\s*,[^()]*,\s*['\"]?(\d{1,9})['\"]?\s*\)")
TRS_CALL = re.compile(r"createPage(?:HTML)?\s*\(\s*['\"]?(\d{1,7})['\"]?\s*,[^()]*\)")
STORE = re.compile(r"<totalrecord>\s*(\d{1,9})\s*</totalrecord>|totalRecord\s*[:=]\s*['\"]?(\d{1,9})", re.IGNORECASE)
STORE_PAGES = re.compile(
    r"<totalpage>\s*(\d{1,9})\s*</totalpage>|\b(?:totalPage(?:s|Count)?|pageCount)['\"]?\s*[:=]\s*['\"]?(\d{1,7})", re.IGNORECASE
)
UNIT = re.compile(r"<\w{1,20}\b(?=[^<>]{0,300}\bclass=['\"]?[\w\s-]{0,60}pag)[^<>]{0,300}\bcount=['\"]?(\d{1,9})", re.IGNORECASE)
CALL = re.compile(
    r"\bpagination\s{0,9}\([^()]{0,400}?\btotal['\"]?\s{0,9}[:=]\s{0,9}['\"]?(\d{1,9})"
)  # $("#page").pagination({total: 530})
ROWS_WRITTEN = (("totalrecord", STORE), ("count=", UNIT), ("pagination", CALL))  # looked for where the word is at all
PRINTED = re.compile(r"共\s{0,9}[计計有]?\s{0,9}(\d{1,9})\s{0,9}[条條]")
BESIDE = re.compile(
    r"[首尾末下上]\s?一?[页頁]|第\s{0,9}\d{1,7}\s{0,9}[页頁]|[页頁]次|共\s{0,9}\d{1,7}\s{0,9}[页頁]|[条條]\s{0,9}\d{1,5}\s?/\s?\d"
)
TURNING = re.compile(r"[首尾末下上]\s?一?[页頁]|[页頁]次")
NEAR = 160  # characters between the number of rows and the words of the pager it belongs to


@dataclass(frozen=True, slots=True)
class Stated:
    """The number of rows and of pages a list has in all, as it says itself; None where it says nothing."""

    total: int | None = None
    pages: int | None = None


def stated(page: Page) -> Stated:
    """Read what a page or a JSON answer says of the whole list."""
    if page.value is not None:
        said = _in_tables(page.value)
        return said if said != Stated() else _in_markup(page.text.replace('\\"', '"'))
    return _in_markup(page.text)


def _in_tables(value: Any) -> Stated:
    total = pages = None
    for table in _tables(value, DEPTH):
        total = _first(table, ROWS) if total is None else total
        pages = _first(table, PAGES) if pages is None else pages
    return Stated(total, pages)


def _tables(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """Give the tables of an answer, the outer ones first; the rows of its lists say nothing of the whole."""
    level = [value]
    for _ in range(depth + 1):
        tables = [table for table in level if isinstance(table, dict)]
        yield from tables
        level = [part for table in tables for part in table.values()]


def _first(table: Mapping[str, Any], keys: tuple[str, ...]) -> int | None:
    numbers = (whole(str(table[key])) for key in keys if isinstance(table.get(key), (int, str)) and not isinstance(table[key], bool))
    return next((number for number in numbers if number is not None), None)


def _in_markup(text: str) -> Stated:
    if call := UCAP_CALL.search(text):
        return Stated(int(call[2]), int(call[1]))
    if call := TRS_CALL.search(text):
        return Stated(_printed(text), int(call[1]))
    lower = text.lower()
    found = (_group(pattern.search(text)) for word, pattern in ROWS_WRITTEN if word in lower)
    total = next((number for number in found if number), None) or _printed(text)
    pages = STORE_PAGES.search(text) if "totalpage" in lower or "pagecount" in lower else None
    return Stated(total, _group(pages) or _place(text))


def _group(found: re.Match[str] | None) -> int | None:
    return next((int(part) for part in found.groups() if part), None) if found else None


def _printed(text: str) -> int | None:
    """Read the rows a pager prints ("共530条 1/27"): only beside the words of a pager, since texts count things too."""
    words = _end_of(text)
    near = (int(found[1]) for found in PRINTED.finditer(words) if BESIDE.search(words, max(0, found.start() - NEAR), found.end() + NEAR))
    return next(near, None)


def _place(text: str) -> int | None:
    """Read the pages a pager prints as its place ("1/27", "第1页/共27页"), beside the words of a pager: texts hold fractions too."""
    words = _end_of(text)
    stated = [[int(part) for part in found.groups() if part] for found in STATED.finditer(words)]
    places = [
        [int(found[1]), int(found[2])]
        for found in POSITION.finditer(words)
        if TURNING.search(words, max(0, found.start() - NEAR), found.end() + NEAR)
    ]
    return next((pages for current, pages in [*stated, *places] if 1 <= current <= pages), None)


def _end_of(text: str) -> str:
    return re.sub(r"<[^<>]*>|&nbsp;", " ", text[-30000:])
