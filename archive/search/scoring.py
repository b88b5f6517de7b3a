"""How well hits fit, for the newest of them: BM25 with the statistics of just those, so that its cost is bounded whatever is hit.

S. Robertson and H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.4; a word in the title counts as
`TITLE` of them in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

TITLE = 8
K1, B = 1.2, 0.75

Fields = tuple[str, str]
"""The searchable forms of a hit's title and text."""


def scores(fields: Sequence[Fields], words: Sequence[str]) -> list[float]:
    """Give the score of each of some hits."""
    counts = [[TITLE * title.count(word) + body.count(word) for word in words] for title, body in fields]
    weights = [_weight(sum(1 for each in counts if each[place]), len(counts)) for place in range(len(words))]
    lengths = [len(body) for _, body in fields]
    mean = sum(lengths) / max(1, len(lengths)) or 1.0
    return [
        sum(weight * count * (K1 + 1) / (count + K1 * (1 - B + B * length / mean)) for weight, count in zip(weights, each, strict=True))
        for each, length in zip(counts, lengths, strict=True)
    ]


def _weight(holding: int, of: int) -> float:
    """Give what a word that so many of the hits hold is worth: a rare one more."""
    return log(1 + (of - holding + 0.5) / (holding + 0.5))
