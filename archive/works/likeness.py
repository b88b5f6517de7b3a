"""How like two texts are, over all of them: for the few pairs that a number or a title already brought together. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleaners.characters.fold import fold

SHINGLE = 5
LONGEST = 200_000
"""Characters of a text that are looked at."""

_NOT_WORDS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two texts compared by their shingles of five characters.

    `jaccard` is what both have of what either has, `within` what both have of what the shorter has; 0 to 1. `shorter` is the length of
    the shorter one in characters, punctuation apart.
    """

    jaccard: float
    within: float
    shorter: int


def likeness(one: str, other: str) -> Likeness:
    """Compare two texts, width, script, white space and punctuation folded."""
    forms = [_NOT_WORDS.sub("", fold(text[:LONGEST])) for text in (one, other)]
    shorter = min(map(len, forms))
    if forms[0] == forms[1]:
        return Likeness(1.0, 1.0, shorter)
    sets = [{form[place : place + SHINGLE] for place in range(max(1, len(form) - SHINGLE + 1))} for form in forms]
    shared, least = len(sets[0] & sets[1]), min(map(len, sets))
    return Likeness(shared / (len(sets[0]) + len(sets[1]) - shared), shared / least, shorter)
