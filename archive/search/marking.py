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

WINDOWS = (240, 2000)
"""Characters that are looked at closely for the first hit, from near before it: few as a rule, more where white space parts them."""
MARGIN = 40


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
    start = max(0, _first(text, words) - width // 3)
    pieces = mark(text[start : start + width], words)
    return ((("…", False),) if start else ()) + pieces + ((("…", False),) if start + width < len(text) else ())


def held(form: str, words: Iterable[str]) -> tuple[str, ...]:
    """Give those of some words that stand in a searchable form."""
    return tuple(word for word in words if word in form)


def _first(text: str, words: Sequence[str]) -> int:
    """Give the place of the first of some words in a text; 0 where there is none."""
    form = searchable(text)
    places = [place for word in words if (place := form.find(word)) >= 0]
    if not places:
        return 0
    begins = _near(text, form, min(places))
    for window in WINDOWS:
        around = text[begins : begins + window + max(map(len, words))]
        if starts := [start for start, _ in _found(around, words)]:
            return begins + min(starts)
    return begins


def _near(text: str, form: str, place: int) -> int:
    """Give a place in a text a little before what stands at a place in its form, which is made at the speed of C."""
    guess = max(0, place * len(text) // len(form) - MARGIN)
    if not guess or 1 < place - len(searchable(text[:guess])) < 2 * MARGIN:
        return guess
    steps = range(0, len(text), MARGIN)
    return steps[max(0, bisect_left(steps, place, key=lambda step: len(searchable(text[:step]))) - 2)]


def _found(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    characters = aligned(text)
    form = "".join(character for character, _ in characters)
    spans = (re.finditer(re.escape(word), form) for word in words)
    return [(characters[hit.start()][1], characters[hit.end() - 1][1] + 1) for hits in spans for hit in hits]


def _pieces(text: str, marked: list[bool]) -> Pieces:
    borders = [place for place in range(1, len(text)) if marked[place] != marked[place - 1]]
    cuts = [0, *borders, len(text)]
    return tuple((text[start:end], marked[start]) for start, end in pairwise(cuts) if end > start)
