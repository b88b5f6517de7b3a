"""Which paragraph of one text is which of another: kept, edited, split, joined or moved. Pure; differences and paragraph ids stand on it.

Equal runs are found first (difflib); what lies between is paired in order by likeness (shared pairs of characters, heaviest chain), grown
to splits and joins; what is left over anywhere in both texts and is alike has moved.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from cleaners.characters.fold import fold

ALIKE = 0.4
"""Likeness (Dice over pairs of characters) from which two paragraphs at one place are one that was edited."""
MOVED, MOVED_SHORT = 0.7, 0.9
"""Likeness from which a paragraph at another place is the same one, edited: more is needed where the place does not help, and of a short
one that others are like, too, as the lines of a list are (第二项工作由第二科办理)."""
SHORT, SENTENCE = 8, 40
"""Characters below which an edited paragraph is not looked for at another place, and below which it is a short one."""

_MANY = 2000  # paragraphs from which difflib leaves aside lines that stand everywhere
_CLEARLY = 0.2  # by which a short pair has to be liker than any other
_CANDIDATES = 8  # of one paragraph, in one gap
_WORK = 2_000_000  # comparisons in one gap; beyond that the commonest pairs of characters are left aside
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Link:
    """One paragraph's way from `old` to `new` (both from 0): same, changed, split, joined or moved.

    A paragraph that was split has a link for each of its parts, and one made of several a link for each of them.
    """

    old: int
    new: int
    kind: str


def align(before: Sequence[str], after: Sequence[str]) -> tuple[Link, ...]:
    """Link the paragraphs of two texts, in the order of the old ones; without a link they were removed or are new."""
    steps = equal_runs(before, after)
    equal = (zip(range(a, b), range(c, d), strict=True) for step, a, b, c, d in steps if step == "equal")
    links = [Link(old, new, "same") for run in equal for old, new in run]
    links += _equal_elsewhere(before, after, links)
    olds, news = {link.old for link in links}, {link.new for link in links}
    for step, a, b, c, d in steps:
        if step == "replace":
            links += _pair(_Gap(before, after, set(range(a, b)) - olds, set(range(c, d)) - news))
    links += _alike_elsewhere(before, after, links)
    return tuple(sorted(links, key=lambda link: (link.old, link.new)))


def equal_runs(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Give difflib's steps (equal, replace, delete, insert) from one sequence to another, what both begin and end with cut off first."""
    least = min(len(before), len(after))
    head = next((place for place in range(least) if before[place] != after[place]), least)
    tail = next((place for place in range(least - head) if before[-1 - place] != after[-1 - place]), least - head)
    ends = len(before) - tail, len(after) - tail
    middle = before[head : ends[0]], after[head : ends[1]]
    junk = max(map(len, middle)) > _MANY
    steps = [(step, a + head, b + head, c + head, d + head) for step, a, b, c, d in SequenceMatcher(None, *middle, junk).get_opcodes()]
    edges = [("equal", 0, head, 0, head)], [("equal", ends[0], len(before), ends[1], len(after))]
    return [step for step in (*edges[0], *steps, *edges[1]) if step[2] > step[1] or step[4] > step[3]]


class _Gap:
    """A stretch of both texts in which nothing is equal in place, with the paragraphs' forms made once."""

    def __init__(self, before: Sequence[str], after: Sequence[str], old: Iterable[int], new: Iterable[int]) -> None:
        self.old = {number: _form(before[number]) for number in sorted(old)}
        self.new = {number: _form(after[number]) for number in sorted(new)}
        self.old_pairs = {number: _pairs(form) for number, form in self.old.items()}
        self.new_pairs = {number: _pairs(form) for number, form in self.new.items()}

    def scores(self, least: float) -> dict[tuple[int, int], float]:
        """Give the likeness of all paragraphs that are alike enough."""
        postings: dict[str, list[int]] = {}
        for number, pairs in self.new_pairs.items():
            for pair in pairs:
                postings.setdefault(pair, []).append(number)
        _lighten(postings, Counter(pair for pairs in self.old_pairs.values() for pair in pairs))
        return {(old, new): score for old, pairs in self.old_pairs.items() for score, new in self._best(old, pairs, postings, least)}

    def _best(self, old: int, pairs: frozenset[str], postings: dict[str, list[int]], least: float) -> list[tuple[float, int]]:
        """Give the likest paragraphs, of equally like ones those at the nearest place."""
        shared = Counter(new for pair in pairs for new in postings.get(pair, ()))
        likest = sorted(shared, key=lambda new: (-shared[new] / (len(pairs) + len(self.new_pairs[new])), abs(new - old)))
        scored = [(_dice(pairs, self.new_pairs[new]), new) for new in likest[:_CANDIDATES]]
        return [(score, new) for score, new in scored if score >= least]


def _pair(gap: _Gap) -> list[Link]:
    parted = [_exact_parts(gap.old, gap.new, "split"), _turned(_exact_parts(gap.new, gap.old, "joined"))]
    links = _orderly(sorted((link for found in parted for link in found), key=lambda link: (link.old, link.new)))
    olds, news = {link.old for link in links}, {link.new for link in links}
    places = [(link.old, link.new) for link in links]
    scores = {
        pair: score
        for pair, score in gap.scores(ALIKE).items()
        if pair[0] not in olds and pair[1] not in news and _fits(pair, places)
    }  # fmt: skip
    return _grown(
        gap, sorted([*links, *(Link(old, new, "changed") for old, new in _heaviest(scores))], key=lambda link: (link.old, link.new))
    )


def _orderly(links: Iterable[Link]) -> list[Link]:
    """Leave out what would cross an earlier link."""
    kept: list[Link] = []
    for link in links:
        if not kept or link.new > kept[-1].new or (link.new == kept[-1].new and link.kind == "joined"):
            kept.append(link)
    return kept


def _fits(pair: tuple[int, int], places: list[tuple[int, int]]) -> bool:
    """Say whether a pair crosses none of the pairs at these places."""
    at = bisect_left(places, pair)
    return (at == 0 or places[at - 1][1] < pair[1]) and (at == len(places) or places[at][1] > pair[1])


def _exact_parts(wholes: dict[int, str], parts: dict[int, str], kind: str) -> Iterator[Link]:
    """Find paragraphs that stand as several in a row on the other side, to the letter."""
    beginnings: dict[str, list[int]] = {}
    for number, form in parts.items():
        beginnings.setdefault(form[:2], []).append(number)
    taken: set[int] = set()
    for whole, form in wholes.items():
        for first in beginnings.get(form[:2], [])[:_CANDIDATES] if form else ():
            row = _row(form, first, parts)
            if len(row) > 1 and not taken & set(row):
                taken |= set(row)
                yield from (Link(whole, part, kind) for part in row)
                break


def _row(form: str, first: int, parts: dict[int, str]) -> list[int]:
    """Give the numbers of the parts, from one on, that make up a form; empty where they do not."""
    place, number, row = 0, first, []
    while place < len(form) and parts.get(number) and form.startswith(parts[number], place):
        place += len(parts[number])
        row.append(number)
        number += 1
    return row if place == len(form) else []


def _turned(links: Iterable[Link]) -> Iterator[Link]:
    return (Link(link.new, link.old, link.kind) for link in links)


def _heaviest(scores: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Give the chain of pairs, both sides in order, whose likeness is greatest in sum of squares: few good pairs beat many poor ones."""
    places = {new: at for at, new in enumerate(sorted({new for _, new in scores}), 1)}
    best: list[tuple[float, tuple[int, int] | None]] = [(0.0, None)] * (len(places) + 1)
    before: dict[tuple[int, int], tuple[int, int] | None] = {}
    for pair in sorted(scores, key=lambda pair: (pair[0], -pair[1])):
        weight, before[pair] = _upto(best, places[pair[1]] - 1)
        _raise(best, places[pair[1]], (weight + scores[pair] ** 2, pair))
    chain, pair = [], _upto(best, len(places))[1]  # type: ignore[assignment]
    while pair is not None:
        chain.append(pair)
        pair = before[pair]  # type: ignore[assignment]
    return chain[::-1]


def _upto(best: list[tuple[float, tuple[int, int] | None]], at: int) -> tuple[float, tuple[int, int] | None]:
    """Ask a Fenwick tree (binary indexed tree) for the heaviest chain that ends at a place or before it."""
    heaviest = best[0]
    while at:
        heaviest = max(heaviest, best[at], key=lambda entry: entry[0])
        at &= at - 1
    return heaviest


def _raise(best: list[tuple[float, tuple[int, int] | None]], at: int, entry: tuple[float, tuple[int, int] | None]) -> None:
    while at < len(best):
        best[at] = max(best[at], entry, key=lambda each: each[0])
        at += at & -at


def _grown(gap: _Gap, links: list[Link]) -> list[Link]:
    """Let a pair take in the free paragraph beside it where that makes the two sides more alike: split or joined, and edited too."""
    olds, news = {link.old for link in links}, {link.new for link in links}
    out: list[Link] = []
    for link in links:
        out.append(link)
        if link.kind == "changed":
            more = [number for number in (link.new - 1, link.new + 1) if number in gap.new and number not in news]
            parts = _taken_in(gap.old_pairs[link.old], gap.new, link.new, more)
            less = [] if parts else [number for number in (link.old - 1, link.old + 1) if number in gap.old and number not in olds]
            wholes = _taken_in(gap.new_pairs[link.new], gap.old, link.old, less)
            if parts or wholes:
                kind = "split" if parts else "joined"
                out[-1] = Link(link.old, link.new, kind)
                out += [Link(link.old, number, kind) for number in parts] + [Link(number, link.new, kind) for number in wholes]
            news |= set(parts)
            olds |= set(wholes)
    return out


def _taken_in(whole: frozenset[str], forms: dict[int, str], pair: int, beside: list[int]) -> list[int]:
    """Give the neighbour that a paragraph was parted from, where both together are clearly more like the whole than one alone."""
    alone = _dice(whole, _pairs(forms[pair]))
    for number in beside:
        form = "".join(forms[each] for each in sorted((pair, number)))
        if forms[number] and _dice(whole, _pairs(form)) > max(ALIKE, alone + 0.1):
            return [number]
    return []


def _equal_elsewhere(before: Sequence[str], after: Sequence[str], links: Sequence[Link]) -> list[Link]:
    """Link paragraphs that stand elsewhere word for word, in order."""
    waiting: dict[str, list[int]] = {}
    for number in reversed(_free(len(after), {link.new for link in links})):
        waiting.setdefault(after[number], []).append(number)
    olds = _free(len(before), {link.old for link in links})
    return [Link(old, waiting[before[old]].pop(), "moved") for old in olds if waiting.get(before[old])]


def _alike_elsewhere(before: Sequence[str], after: Sequence[str], links: Sequence[Link]) -> list[Link]:
    """Link what is left over on both sides and is alike, the likest first."""
    olds = {old for old in _free(len(before), {link.old for link in links}) if len(before[old]) >= SHORT}
    news = {new for new in _free(len(after), {link.new for link in links}) if len(after[new]) >= SHORT}
    scores = _Gap(before, after, olds, news).scores(MOVED) if olds and news else {}
    moved = []
    for old, new in sorted(scores, key=lambda pair: (-scores[pair], pair)):
        short = min(len(before[old]), len(after[new])) < SENTENCE and scores[old, new] < MOVED_SHORT
        if old in olds and new in news and not (short and _has_rival(before, after, (old, new), scores[old, new])):
            olds.remove(old)
            news.remove(new)
            moved.append(Link(old, new, "moved"))
    return moved


def _has_rival(before: Sequence[str], after: Sequence[str], pair: tuple[int, int], score: float) -> bool:
    """Say whether either of a pair is nearly as like another paragraph of the other text."""
    old, new = _pairs_of(before[pair[0]]), _pairs_of(after[pair[1]])
    rivals = [_dice(old, _pairs_of(text)) for number, text in enumerate(after[:_MANY]) if number != pair[1]]
    rivals += [_dice(new, _pairs_of(text)) for number, text in enumerate(before[:_MANY]) if number != pair[0]]
    return max(rivals, default=0.0) > score - _CLEARLY


def _free(length: int, linked: set[int]) -> list[int]:
    return [number for number in range(length) if number not in linked]


def _form(text: str) -> str:
    return _SPACE.sub("", fold(text))


def _pairs(form: str) -> frozenset[str]:
    return frozenset(map(str.__add__, form, form[1:])) or frozenset({form} - {""})


@lru_cache(maxsize=4096)
def _pairs_of(text: str) -> frozenset[str]:
    return _pairs(_form(text))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _lighten(postings: dict[str, list[int]], asked: Counter[str]) -> None:
    """Leave aside pairs of characters that stand everywhere, commonest first, until the rest can be compared."""
    cost = {pair: len(numbers) * asked[pair] for pair, numbers in postings.items()}
    total = sum(cost.values())
    for pair in sorted(cost, key=lambda pair: -cost[pair]):
        if total <= _WORK:
            return
        total -= cost[pair]
        del postings[pair]
