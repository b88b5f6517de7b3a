"""Which elements make up one row of a list, whatever tags it is written in."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from spiders.lists.rowdates import FULL_DATE

Element = Any  # an lxml element: its type has no public name
SINGLE_HEIGHT = 4  # elements: how far a row may reach that has no others to bound it
MOST_TEXT = 400  # characters: what follows a row is its date or summary, not an article


def segments(anchors: list[Element]) -> Iterator[tuple[Element, ...]]:
    """Give for each anchor its row: the widest ancestor that holds no other anchor of the list, and what stands beside it.

    Rows of one list begin at one depth: a last row that stands alone in its block is not taken wider than the others.
    """
    count = Counter(element for anchor in anchors for element in (anchor, *anchor.iterancestors()))
    if len(anchors) == 1:
        yield (_single(anchors[0]),)
        return
    widest = [_widest(anchor, count) for anchor in anchors]
    depths = Counter(depth for _, depth in widest)
    usual = max(depths, key=lambda depth: (depths[depth], depth)) if depths else 0
    rows = [_narrowed(row, usual - depth, count) for row, depth in widest]
    leading = _dates_lead(rows, count)
    for row in rows:
        yield (row, *_beside(row, count, before=leading))


def _narrowed(row: Element, levels: int, count: Counter[Element]) -> Element:
    """Go down the levels by which a row reaches wider than the others."""
    for _ in range(levels):
        row = next((child for child in row if count[child]), row)
    return row


def _dates_lead(rows: list[Element], count: Counter[Element]) -> bool:
    """Say whether dates stand before the rows they belong to: one before the first, none in it, and none after the last."""
    before = any(_has_date(element) for element in _beside(rows[0], count, before=True))
    return before and not _has_date(rows[0]) and not any(_has_date(element) for element in _beside(rows[-1], count, before=False))


def _has_date(element: Element) -> bool:
    return bool(FULL_DATE.search(" ".join(str(text) for text in element.itertext())))


def _single(anchor: Element) -> Element:
    """Give the row of an anchor without others like it: the table row or list point around it, else the paragraph."""
    near = list(itertools.islice(anchor.iterancestors(), SINGLE_HEIGHT))
    for tags in (("li", "tr", "dl"), ("p", "div")):
        for element in near:
            if element.tag in tags:
                return element
    return anchor


def _widest(anchor: Element, count: Counter[Element]) -> tuple[Element, int]:
    """Give the widest ancestor that holds no other anchor of the list, with its depth in the page."""
    row, ancestors = anchor, list(anchor.iterancestors())
    depth = len(ancestors)
    for height, element in enumerate(ancestors, 1):
        if count[element] > 1 or element.tag == "body":
            break
        row, depth = element, len(ancestors) - height
    return row, depth


def _beside(row: Element, count: Counter[Element], *, before: bool) -> list[Element]:
    """Give the few elements beside a row that belong to no other row; a table row or list point stands for itself."""
    beside: list[Element] = []
    if row.tag in {"li", "tr"}:
        return beside
    for sibling in row.itersiblings(preceding=before):
        if count[sibling] or len(beside) > 4 or sibling.tag == "br" or _alike(sibling, row) or _is_long(sibling):
            break
        beside.append(sibling)
    return beside


def _alike(one: Element, other: Element) -> bool:
    """Say whether an element looks like a row of its own."""
    return one.tag == other.tag and one.tag not in {"span", "td", "font"} and one.get("class") == other.get("class")


def _is_long(element: Element) -> bool:
    return sum(len(str(text)) for text in element.itertext()) > MOST_TEXT
