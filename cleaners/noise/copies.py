"""Text that stands twice on a page: copies for the printer or the telephone, nested editors, doubled lines; and broken lines."""

from __future__ import annotations

from itertools import accumulate, pairwise

from cleaners.noise.draft import Draft, Piece
from cleaners.noise.matching import Matcher
from cleaners.text import is_lone_ordinal

LEAST = 80
"""Characters of the shortest text whose copy is taken away."""
OPENING = 12
"""Characters by which the first line of a copy is told."""
LEAST_DOUBLED = 12
"""Characters of the shortest line that may show two copies by turns."""


def drop_doubled_lines(draft: Draft, _: Matcher) -> None:
    """Drop each second line where nearly every line says what the one above it says: the lines of two copies by turns.

    A single line that stands twice stays: its writer may have meant it, and nobody can tell.
    """
    lines = [piece for piece in draft.pieces if len(piece.text) >= LEAST_DOUBLED and not piece.is_row]
    doubled = [below for above, below in pairwise(lines) if above.text == below.text]
    if len(doubled) >= 2 and 5 * len(doubled) >= 2 * len(lines):
        draft.take(doubled, "line_dup", "body_dup")


def drop_second_copy(draft: Draft, _: Matcher) -> None:
    """Drop one of two copies of the text, the shorter where one breaks off: told by the first line standing again further down.

    Blanks and line breaks may differ between them. A few lines of the beginning said again at the end are no copy.
    """
    pieces = draft.pieces
    opening = pieces[0].text[:OPENING] if pieces else ""
    solid = ["".join(piece.text.split()) for piece in pieces]
    text, starts = "".join(solid), list(accumulate(map(len, solid), initial=0))
    for at in range(len(pieces) - 1, 0, -1):
        first, second = starts[at], len(text) - starts[at]  # the lengths of both
        if second < first // 2 or not pieces[at].text.startswith(opening) or pieces[0].is_row is not pieces[at].is_row:
            continue
        if max(LEAST, first // 2) <= second <= first and text.startswith(text[first:]):
            return draft.take(pieces[at:], "body_dup", "body_dup")
        if LEAST <= first <= second and text.startswith(text[:first], first):
            return draft.take(pieces[:at], "body_dup", "body_dup")
    return None


def join_ordinals(draft: Draft, _: Matcher) -> None:
    """Join an ordinal alone on its line (五是) with the paragraph below by taking the line break away."""
    above: Piece | None = None
    for piece in draft.pieces:
        if above and not above.is_row and not piece.is_row and is_lone_ordinal(above.text):
            draft.join(above, piece, "broken_paragraph")
        above = piece
