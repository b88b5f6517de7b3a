"""A text while it is cleaned: its lines as spans of the uncleaned text, and every span that was taken away.

The uncleaned text is never changed. A line is a list of spans of it and a removal is a span of it, so kept and removed pieces in
order always give it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from cleaners.characters.fold import squeeze, squeeze_lines
from cleaners.noise.matching import LONGEST, Cut, Match
from cleaners.records import Removal
from cleaners.text import Line


@dataclass(slots=True)
class Piece:
    """One line: where it came from, the spans of the uncleaned text it consists of, where it breaks, and its text as it now stands.

    `folded` is the text as rules meet it, empty where it is too long for any; `met` counts the flags known when the rules for any
    place last met it, -1 when they have not; `gone` says that it was taken.
    """

    line: Line
    spans: list[tuple[int, int]]
    stop: int
    text: str
    folded: str
    met: int = -1
    gone: bool = False

    @property
    def is_row(self) -> bool:
        """Whether the line is a row of a table: its cells are content whatever they say."""
        return self.line.kind == "row"

    @property
    def is_links(self) -> bool:
        """Whether most of the line is links."""
        return self.line.links * 2 > len(self.line.text)


class Draft:
    """A text on its way through the steps: the pieces left, what was taken (start, end, rule, category), fields and flags."""

    def __init__(self, lines: Sequence[Line], title: str | None, flags: Mapping[str, str]) -> None:
        self.lines = lines
        self.title = title
        self.uncleaned = "\n".join([line.text for line in lines])
        self.pieces = list(_pieces(lines)) if lines else []
        self.taken: list[tuple[int, int, str, str]] = []
        self.swept = 0
        self.fields: list[tuple[str, str, str]] = []
        self.flags = dict(flags)
        self.before_blank: Line | None = None  # the line that an empty one follows: it may be a title

    def take(self, pieces: Iterable[Piece], rule: str, category: str) -> None:
        """Take lines away, each with the line break behind it (breaks between its spans went when they were joined)."""
        for piece in pieces:
            piece.gone = True
            *before, (start, end) = piece.spans
            self.taken.extend((left, right, rule, category) for left, right in before)
            broken = self.uncleaned[piece.stop : piece.stop + 1] == "\n"
            whole = end == piece.stop
            self.taken.append((start, end + (broken and whole), rule, category))
            if broken and not whole:
                self.taken.append((piece.stop, piece.stop + 1, rule, category))

    def take_match(self, piece: Piece, found: Match) -> None:
        """Take a line away that a rule knows, and note what it says of the notice and of the page."""
        self.fields.extend((name, value, piece.text) for name, value in found.fields)
        if found.rule.flag:
            self.flags.setdefault(found.rule.flag, piece.text)
        self.take([piece], found.rule.name, found.rule.category)

    def cut(self, piece: Piece, cut: Cut) -> None:
        """Take the end of a line away from where a rule knows it, and the blanks before it."""
        keep = len(piece.text[: cut.start].rstrip())
        self.fields.extend((name, value, piece.text[keep:]) for name, value in cut.fields)
        surplus = len(piece.text) - keep
        while surplus:
            start, end = piece.spans.pop()
            at = max(start, end - surplus)
            surplus -= end - at
            self.taken.append((at, end, cut.rule.name, cut.rule.category))
            if at > start:
                piece.spans.append((start, at))
        self._change(piece)

    def join(self, piece: Piece, below: Piece, rule: str) -> None:
        """Join a line with the one below it by taking the line break away."""
        self.taken.append((piece.stop, piece.stop + 1, rule, rule))
        piece.gone = True
        below.spans = [*piece.spans, *below.spans]
        self._change(below)

    def sweep(self) -> None:
        """Leave the pieces behind that were taken."""
        if len(self.taken) > self.swept:
            self.pieces = [piece for piece in self.pieces if not piece.gone]
            self.swept = len(self.taken)

    def _change(self, piece: Piece) -> None:
        piece.text = "".join(self.uncleaned[start:end] for start, end in piece.spans)
        piece.folded = squeeze(piece.text) if len(piece.text) <= LONGEST else ""
        piece.met = -1

    def removals(self) -> Iterator[Removal]:
        """Give what was taken by place, each with its line and its characters in it."""
        starts = list(_starts(self.lines))
        line = 0
        for start, end, rule, category in sorted(self.taken):
            while line + 1 < len(starts) and starts[line + 1] <= start:
                line += 1
            offset = starts[line]
            yield Removal(rule, category, (line, start - offset, end - offset), self.uncleaned[start:end])


def _pieces(lines: Sequence[Line]) -> Iterator[Piece]:
    short = [line.text if len(line.text) <= LONGEST and "\n" not in line.text else "" for line in lines]
    for line, start, folded in zip(lines, _starts(lines), squeeze_lines(short), strict=True):
        stop = start + len(line.text)
        yield Piece(line, [(start, stop)], stop, line.text, folded)


def _starts(lines: Sequence[Line]) -> Iterator[int]:
    return accumulate((len(line.text) + 1 for line in lines[:-1]), initial=0)
