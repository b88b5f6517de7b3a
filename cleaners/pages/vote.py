"""The vote on where a page's text is: a layout, density and, where both are unsure, trafilatura; who won and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cleaners.noise.pageclass import is_listing
from cleaners.pages.body import Body, find_body, is_empty_by_right, own_lines
from cleaners.pages.fallback import fallback_lines
from cleaners.pages.layout import Layout
from cleaners.pages.page import Page, read_lines
from cleaners.pages.weights import Weights
from cleaners.records import Evidence
from cleaners.text import Line

LITTLE = "little_of_page"
"""The flag of a text that is under half of the prose of its page."""
HALF = 0.5
SHORTEST_PROSE = 100
"""Characters of prose on a page from which on it is compared with that of the text."""


@dataclass(frozen=True)
class Choice:
    """The lines that were chosen, where they stand on the page (first, last + 1, node), by whom, how sure (0..1) and why."""

    lines: tuple[Line, ...]
    page: Page
    first: int
    last: int
    node: int | None = None
    reader: str = ""
    confidence: float = 0.0
    evidence: Evidence | None = None
    little: str = ""  # what is missing, where the page holds more than twice the prose of the text


def choose_lines(page: Page, layouts: Sequence[Layout], title: str, text: str) -> Choice:
    """Choose the lines of a page that are its text; `text` is the page as it was decoded."""
    weights = Weights(page, title)
    body = find_body(weights, layouts)
    if body is None:
        hidden = Weights(read_lines(page.tree, hidden=True), "")
        body = find_body(hidden, layouts)
        weights = weights if body is None else hidden
    page = weights.page
    places = own_lines(page, body) if body else ()
    lines = tuple(page.lines[place] for place in places)
    reader = body.reader if body else ""
    own, seen = weights.prose(lines), weights.prose()
    if _is_unsure(page, body, lines, own, seen) and (other := fallback_lines(text, page)) and weights.prose(other) >= 2 * own:
        lines, own, reader = other, weights.prose(other), "trafilatura"
    first = body.first if body else 0
    last = max(body.last, places[-1] + 1 if places else 0) if body else len(page.lines)
    little = f"{own} of {seen} characters of prose" if seen >= SHORTEST_PROSE and own < HALF * seen else ""
    confidence = _confidence(weights.share(lines), reader, body)
    return Choice(lines, page, first, last, body.node if body else None, reader, confidence, _evidence(reader, own, seen, body), little)


def _is_unsure(page: Page, body: Body | None, lines: Sequence[Line], own: int, seen: int) -> bool:
    """Say whether another reader is worth its time: nothing was found, or prose stands elsewhere on a page no layout knows."""
    if not lines:
        return not (body is not None and is_empty_by_right(page, body)) and not is_listing(page.lines)
    return body is not None and body.reader == "density" and seen >= SHORTEST_PROSE and own < HALF * seen


def _confidence(share: float, reader: str, body: Body | None) -> float:
    """Give the share of a page's weight that a text holds, or that of it on which a layout and density agree, if larger.

    Halved where only the reader of last resort saw a text.
    """
    if reader == "trafilatura":
        return round(share / 2, 2)
    return round(max(share, body.agreement if body else 0.0), 2)


def _evidence(reader: str, own: int, seen: int, body: Body | None) -> Evidence | None:
    if not reader:
        return None
    others = body.others if body is not None else ()
    if body is not None and reader == "trafilatura":
        others = (("", body.reader), *others)
    candidates = tuple((f"{name} {element}".strip(), "page") for name, element in others)
    return Evidence(reader, "", f"{own} of the page's {seen} characters of prose", "page", candidates)
