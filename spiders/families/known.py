"""The rows of a list whose family is known: by selector in HTML, by name in JSON. The first, cheaper answer to what a page lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cleaners.pages.layout import selector
from cleaners.records import Entry
from cleaners.urls import join
from spiders.families import Answer, Family
from spiders.lists.json_lists import moment, plain
from spiders.lists.rowdates import moment as printed
from spiders.lists.rows import PLAIN_WORDS, Group, Row, entries
from spiders.lists.segments import Element

DEPTH = 6
SURE = 5  # rows, each with a date: nobody else needs to be asked


def html_rows(tree: Element, url: str, family: Family) -> tuple[Entry, ...]:
    """Give the entries of the rows the family is known to have: of several lists of such rows the longest."""
    if not family.rows:
        return ()
    lists: dict[Element, list[Row]] = defaultdict(list)
    for found in selector(family.rows)(tree):
        row = _row(found, url)
        if row is not None:
            lists[found.getparent()].append(row)
    longest = max(lists.values(), key=len, default=[])
    rows = tuple({row.url: row for row in reversed(longest)}.values())[::-1]
    dates = {row.url: printed(row.anchor.get("rq") or "") for row in rows}  # 大汉's 信息公开 tables state it there
    return tuple(replace(entry, issued=entry.issued or dates.get(entry.url)) for entry in entries(Group((), rows))) if rows else ()


def _row(found: Element, url: str) -> Row | None:
    """Give the row's link: of several the one with the longest title."""
    anchors = [found] if found.tag == "a" else list(found.iter("a"))
    for anchor in anchors:
        if anchor.get("mc") and not anchor.get("title"):
            anchor.set("title", anchor.get("mc"))
    rows = [Row(anchor, address) for anchor in anchors if (address := join(url, anchor.get("href") or ""))]
    named = [row for row in rows if row.title and not PLAIN_WORDS.match(row.text)]
    return max(named, key=lambda row: len(row.title), default=None)


def sure(found: tuple[Entry, ...]) -> bool:
    """Say whether rows speak for themselves."""
    return len(found) >= SURE and all(entry.issued is not None for entry in found)


def json_rows(value: Any, base: str, family: Family) -> tuple[Entry, ...]:
    """Give the entries of the longest list of tables with the names the family gives address, title and date."""
    if family.answer is None:
        return ()
    read = [tuple(dict.fromkeys(_entries(rows, base, family.answer))) for rows in _lists(value, DEPTH)]
    return max(read, key=len, default=())


def _lists(value: Any, depth: int) -> Iterator[list[Any]]:
    if isinstance(value, list):
        yield value
    if depth and isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value[:200]:
            yield from _lists(part, depth - 1)


def _entries(rows: list[Any], base: str, answer: Answer) -> Iterator[Entry]:
    for table in rows:
        if not isinstance(table, dict):
            continue
        link, title = _address(table, answer), _first(table, answer.title)
        address = join(base, link) if link else None
        if address and isinstance(title, str) and title.strip():
            yield Entry(address, plain(title), next((found for name in answer.date if (found := moment(_at(table, name)))), None))


def _address(table: Mapping[str, Any], answer: Answer) -> str | None:
    link = _first(table, answer.url)
    if answer.address:
        return answer.address.replace("{}", str(link)) if link is not None and str(link).isalnum() else None
    return link if isinstance(link, str) else None


def _first(table: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((found for name in names if (found := _at(table, name)) not in (None, "")), None)


def _at(table: Mapping[str, Any], name: str) -> Any:
    """Give a value by its name; one inside another by both with a dot between (`tip.dates`)."""
    value: Any = table
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value
