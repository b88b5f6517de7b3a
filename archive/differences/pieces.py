"""Two texts compared by characters: what stayed, what went and what came, so cut that people can read it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from archive.differences.alignment import equal_runs

Piece = tuple[str, str]
"""A stretch of text and what became of it: same, removed or added."""

LONG = 4000
"""Characters from which a stretch that changed is compared by sentences first: difflib's time grows with the product of both."""

_SENTENCES = re.compile(r"[^。！？；;\n]*[。！？；;\n]*")


def compare_texts(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts; the pieces in order give the old one without what was added, and the new one without what was removed."""
    return _joined(_compared(before, after))


def cut(pieces: Iterable[Piece], lengths: Sequence[int], side: str) -> tuple[tuple[Piece, ...], ...]:
    """Cut pieces at the borders of the texts of one side (added: the new one, removed: the old one), given their lengths.

    What stands on the other side alone goes with the text before it.
    """
    rows: list[list[Piece]] = [[] for _ in lengths]
    at, room = 0, lengths[0]
    for text, kind in pieces:
        rest = text
        if kind not in {"same", side}:
            rows[at].append((rest, kind))
            continue
        while len(rest) > room and at < len(lengths) - 1:
            rows[at].append((rest[:room], kind))
            rest, at = rest[room:], at + 1
            room = lengths[at]
        rows[at].append((rest, kind))
        room -= len(rest)
    return tuple(tuple(piece for piece in row if piece[0]) for row in rows)


def _compared(before: str, after: str) -> Iterator[Piece]:
    """Compare what lies between the beginning and the end both share: by characters, or by sentences first where that is long."""
    least = min(len(before), len(after))
    head = next((place for place in range(least) if before[place] != after[place]), least)
    tail = next((place for place in range(least - head) if before[-1 - place] != after[-1 - place]), least - head)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    yield before[:head], "same"
    yield from _middle(old, new)
    yield before[len(before) - tail :], "same"


def _middle(before: str, after: str) -> Iterator[Piece]:
    if not before or not after:
        yield from _whole(before, after)
    elif max(len(before), len(after)) <= LONG:
        yield from _sensible(_steps(before, after))
    else:
        sentences = _SENTENCES.findall(before), _SENTENCES.findall(after)
        for step, a, b, c, d in equal_runs(*sentences):
            old, new = "".join(sentences[0][a:b]), "".join(sentences[1][c:d])
            if step == "equal":
                yield old, "same"
            else:
                yield from _sensible(_steps(old, new)) if max(len(old), len(new)) <= LONG else _whole(old, new)


def _steps(before: str, after: str) -> list[tuple[str, str, str]]:
    """Give what is equal, and what stood and stands in its place, in turns: (same, removed, added)."""
    steps: list[tuple[str, str, str]] = []
    for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        steps.append((before[a:b], "", "") if step == "equal" else ("", before[a:b], after[c:d]))
    return steps


def _sensible(steps: list[tuple[str, str, str]]) -> Iterator[Piece]:
    """Take what is equal by chance (a character between two longer changes) into the change around it."""
    rows: list[tuple[str, str, str]] = []
    for number, (same, old, new) in enumerate(steps):
        between = 0 < number < len(steps) - 1 and same
        if between and len(same) < max(map(len, rows[-1][1:])) and len(same) < max(map(len, steps[number + 1][1:])) and not rows[-1][0]:
            rows[-1] = ("", rows[-1][1] + same, rows[-1][2] + same)
        elif rows and not same and not rows[-1][0]:
            rows[-1] = ("", rows[-1][1] + old, rows[-1][2] + new)
        else:
            rows.append((same, old, new))
    for same, old, new in rows:
        yield same, "same"
        yield from _whole(old, new)


def _whole(before: str, after: str) -> Iterator[Piece]:
    yield from ((text, kind) for text, kind in ((before, "removed"), (after, "added")))


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Leave out empty pieces, and join neighbours of one kind."""
    out: list[Piece] = []
    for text, kind in pieces:
        if text and out and out[-1][1] == kind:
            out[-1] = (out[-1][0] + text, kind)
        elif text:
            out.append((text, kind))
    return tuple(out)
