"""Lines -> the notice's own lines: noise above, below and inside is taken away, and every removal is recorded.

The steps run until nothing more changes, so cleaning a cleaned text does nothing. Kept and removed pieces in order always give
the uncleaned text back (`restore`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from cleaners.noise.copies import drop_doubled_lines, drop_second_copy, join_ordinals
from cleaners.noise.draft import Draft
from cleaners.noise.edges import cut_ends, drop_anywhere, drop_list, drop_rest, trim_head, trim_tail
from cleaners.noise.matching import Matcher, is_sentence_like
from cleaners.noise.titlelines import drop_captions, drop_fragments
from cleaners.records import Removal
from cleaners.text import Line

EDGE = 12
"""Lines looked at, at each end, for evidence of the kind of page."""
REFUSED = "trim_refused"
"""The flag of a text that the rules would have left too little of although it holds sentences: nothing is taken away then."""
TOO_LITTLE = 40
"""Characters under which what is left may be too little: no more than a signature."""
LEAST_SHARE = 0.15
"""Share of the text's prose under which it is."""
STEPS: tuple[Callable[[Draft, Matcher], None], ...] = (
    drop_anywhere, drop_fragments, trim_head, drop_rest, trim_tail, drop_list, trim_tail, drop_captions,
    drop_doubled_lines, drop_second_copy, cut_ends, join_ordinals,
)  # fmt: skip
_NO_FLAGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left: pairs of line and text, the removals in order, fields the removed lines carried, flags with their evidence."""

    lines: tuple[tuple[Line, str], ...]
    removals: tuple[Removal, ...]
    fields: tuple[tuple[str, str, str], ...]  # name, value, line
    flags: tuple[tuple[str, str], ...]  # flag, the line it was read from
    uncleaned: str


def clean_lines(
    lines: Sequence[Line], matcher: Matcher, *, title: str | None = None, blank_after: int = -1, flags: Mapping[str, str] = _NO_FLAGS
) -> Cleaned:
    """Clean the lines of a body.

    `title` is what the page is known to be called, `blank_after` the line an empty one follows, `flags` what is known of the
    page, each with its evidence: some rules work on such pages only.
    """
    draft = _draft(lines, matcher, title, flags)
    if 0 <= blank_after < len(lines):
        draft.before_blank = lines[blank_after]
    taken = -1
    while len(draft.taken) > taken:
        taken = len(draft.taken)
        for step in STEPS:
            step(draft, matcher)
            draft.sweep()
    if _leaves_too_little(draft):
        draft = _draft(lines, matcher, title, flags)
        draft.flags[REFUSED] = lines[0].text
    kept = tuple((piece.line, piece.text) for piece in draft.pieces)
    return Cleaned(kept, tuple(draft.removals()), tuple(draft.fields), tuple(sorted(draft.flags.items())), draft.uncleaned)


def _leaves_too_little(draft: Draft) -> bool:
    """Say whether sentences were taken away and what is left is hardly anything beside them."""
    left = sum(len(piece.text) for piece in draft.pieces)
    if left >= TOO_LITTLE:
        return False
    prose = sum(len(line.text) for line in draft.lines if is_sentence_like(line.text))
    return left < LEAST_SHARE * prose and not any(is_sentence_like(piece.text) for piece in draft.pieces)


def _draft(lines: Sequence[Line], matcher: Matcher, title: str | None, flags: Mapping[str, str]) -> Draft:
    draft = Draft(lines, title, flags)
    edges = draft.pieces if len(lines) <= 2 * EDGE else (*draft.pieces[:EDGE], *draft.pieces[-EDGE:])
    for piece in edges:
        if flag := matcher.flag(piece.folded):
            draft.flags.setdefault(flag, piece.text)
    return draft


def restore(text: str, removals: Sequence[Removal]) -> str:
    """Give the uncleaned text back from a notice's text and its removals in order.

    A removed line takes its line break along; where the last lines were removed, the break before them is put back.
    """
    restored = _Restored(text)
    for removal in removals:
        line, start, _ = removal.position
        restored.go_to(line, start)
        restored.write(removal.text)
    return restored.rest()


class _Restored:
    """A text being put together again: what was written, where its lines begin, how much of the kept text is used."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.written: list[str] = []
        self.length = 0
        self.starts = [0]

    def write(self, piece: str) -> None:
        """Write a piece and note where lines begin in it."""
        self.starts.extend(self.length + index + 1 for index, character in enumerate(piece) if character == "\n")
        self.written.append(piece)
        self.length += len(piece)

    def go_to(self, line: int, start: int) -> None:
        """Write kept text up to a position."""
        while len(self.starts) <= line:
            end = self.text.find("\n", self.at)
            self.write(self.text[self.at : end + 1] if end >= 0 else self.text[self.at :] + "\n")
            self.at = end + 1 if end >= 0 else len(self.text)
        missing = self.starts[line] + start - self.length
        self.write(self.text[self.at : self.at + missing])
        self.at += missing

    def rest(self) -> str:
        """Write what is left of the kept text and give all."""
        return "".join((*self.written, self.text[self.at :]))
