"""What of a text was hit: pieces with the hits marked, and the piece of a text around the first one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

from archive.search.forms import aligned, searchable
from archive.search.language import read_query
from archive.search.trees import wanted

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is a hit."""

WINDOW = 2000
"""Characters around the first hit that are looked at closely."""


def highlight(text: str, query: str) -> Pieces:
    """Cut a text as it stands into pieces, those that a query's words hit marked."""
    return mark(text, wanted(read_query(query).tree))


def snippet(text: str, query: str, width: int = 120) -> Pieces:
    """Give about `width` characters of a text around the first hit, marked; its beginning where nothing hits."""
    return excerpt(text, wanted(read_query(query).tree), width)


def mark(text: str, words: Sequence[str]) -> Pieces:
    """Cut a text into pieces, those that hold one of some words in searchable form marked."""
    marked = [False] * len(text)
    for start, end in _found(text, words):
        marked[start:end] = [True] * (end - start)
    return _pieces(text, marked)


def excerpt(text: str, words: Sequence[str], width: int = 120) -> Pieces:
    """Give about `width` characters of a text around the first of some words in searchable form, marked."""
    at = _near(text, words)
    around = text[max(0, at - WINDOW // 2) : at + WINDOW // 2] if at else text[:WINDOW]
    begins = max(0, at - WINDOW // 2) if at else 0
    first = begins + min((start for start, _ in _found(around, words)), default=0)
    start = max(0, first - width // 3)
    pieces = mark(text[start : start + width], words)
    return ((("…", False),) if start else ()) + pieces + ((("…", False),) if start + width < len(text) else ())


def held(form: str, words: Iterable[str]) -> tuple[str, ...]:
    """Give those of some words that stand in a searchable form."""
    return tuple(word for word in words if word in form)


def _near(text: str, words: Sequence[str]) -> int:
    """Give about where the first of some words stands in a long text: its form is made at the speed of C, places are counted nearby."""
    if len(text) <= WINDOW:
        return 0
    form = searchable(text)
    places = [place for word in words if (place := form.find(word)) >= 0]
    if not places:
        return 0
    steps = range(0, len(text), WINDOW // 8)
    return steps[max(0, bisect_left(steps, min(places), key=lambda step: len(searchable(text[:step]))) - 1)]


def _found(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    characters = aligned(text)
    form = "".join(character for character, _ in characters)
    spans = (re.finditer(re.escape(word), form) for word in words)
    return [(characters[hit.start()][1], characters[hit.end() - 1][1] + 1) for hits in spans for hit in hits]


def _pieces(text: str, marked: list[bool]) -> Pieces:
    borders = [place for place in range(1, len(text)) if marked[place] != marked[place - 1]]
    cuts = [0, *borders, len(text)]
    return tuple((text[start:end], marked[start]) for start, end in pairwise(cuts) if end > start)
