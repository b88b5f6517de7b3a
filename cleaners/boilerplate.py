"""Lines -> the notice's own lines: noise above, below and inside is taken away, and every removal is recorded.

The uncleaned text is never changed. A line is a list of spans of it, a removal is a span of it, so kept and removed pieces in
order always give it back (`restore`). The steps run until nothing more changes, so cleaning a cleaned text does nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

from cleaners.fold import squeeze
from cleaners.matching import LONGEST, Cut, Match, Matcher
from cleaners.records import Removal
from cleaners.text import Line, is_lone_ordinal
from cleaners.titles import is_fragment, is_title_like, read_speaker, same_title

HEAD = 60
"""Lines looked at for a run of words that only repeat the title."""
EDGE = 12
"""Lines looked at, at each end, for evidence of the kind of page."""
REFUSED = "trim_refused"
"""The flag of a text that the rules would have left nothing of although it holds sentences: nothing is taken away then."""
SENTENCE = 15
"""Characters of the shortest sentence that counts."""
LONGEST_HEADING = 24
MOST_PROSE = 40
"""Characters in sentences below a heading of other documents up to which it is one."""
_NO_FLAGS: Mapping[str, str] = MappingProxyType({})
SENTENCES = ("。", "；", "！", "？")


@dataclass(slots=True)
class Piece:
    """One line while it is cleaned: the line it came from, the spans of the uncleaned text it consists of, where it breaks."""

    line: Line
    spans: list[tuple[int, int]]
    stop: int


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
    draft = _Draft(lines, matcher, title, blank_after, flags=dict(flags))
    while draft.step():
        pass
    if not draft.pieces and any(len(line.text) >= SENTENCE and line.text.endswith(SENTENCES) for line in lines):
        untouched = _Draft(lines, matcher, title, flags=dict(flags))
        untouched.flags[REFUSED] = lines[0].text
        return untouched.result()
    return draft.result()


@dataclass(slots=True)
class _Draft:
    """A text on its way through the steps."""

    lines: Sequence[Line]
    matcher: Matcher
    title: str | None
    blank_after: int = -1
    uncleaned: str = ""
    pieces: deque[Piece] = field(default_factory=deque)
    starts: list[int] = field(default_factory=list)
    removed: list[tuple[int, int, str, str]] = field(default_factory=list)
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.uncleaned = "\n".join(line.text for line in self.lines)
        offset = 0
        for line in self.lines:
            self.starts.append(offset)
            self.pieces.append(Piece(line, [(offset, offset + len(line.text))], offset + len(line.text)))
            offset += len(line.text) + 1
        for piece in {id(piece): piece for piece in (*islice(self.pieces, EDGE), *islice(reversed(self.pieces), EDGE))}.values():
            self._read_flags(self.text(piece))

    def _read_flags(self, text: str) -> None:
        for place in ("head", "tail"):
            if flag := self.matcher.flag(text, place):
                self.flags.setdefault(flag, text)

    def text(self, piece: Piece) -> str:
        """Give the text of a line as it now stands."""
        if len(piece.spans) == 1:
            start, end = piece.spans[0]
            return self.uncleaned[start:end]
        return "".join(self.uncleaned[start:end] for start, end in piece.spans)

    def step(self) -> bool:
        """Run every step once and say whether one changed anything."""
        before = len(self.removed)
        self._drop_anywhere()
        self._drop_title_fragments()
        self._drop_head()
        self._drop_tail()
        self._drop_titles()
        self._drop_second_copy()
        self._cut_ends()
        self._join_ordinals()
        return len(self.removed) > before

    def _note(self, piece: Piece, rule: str, category: str) -> None:
        """Note the removal of a line with the line break behind it (breaks between its spans went when they were joined)."""
        *before, (start, end) = piece.spans
        self.removed.extend((left, right, rule, category) for left, right in before)
        broken = self.uncleaned[piece.stop : piece.stop + 1] == "\n"
        whole = end == piece.stop
        self.removed.append((start, end + (broken and whole), rule, category))
        if broken and not whole:
            self.removed.append((piece.stop, piece.stop + 1, rule, category))

    def _take(self, piece: Piece, found: Match, text: str) -> None:
        self.fields.extend((name, value, text) for name, value in found.fields)
        if found.rule.flag:
            self.flags.setdefault(found.rule.flag, text)
        self._note(piece, found.rule.name, found.rule.category)

    def _drop_first(self, rule: str, category: str, count: int = 1) -> None:
        for _ in range(count):
            self._note(self.pieces.popleft(), rule, category)

    def _drop_anywhere(self) -> None:
        kept: deque[Piece] = deque()
        for piece in self.pieces:
            text = self.text(piece)
            found = None if piece.line.kind == "row" else self.matcher.match(text, "any", self.flags)
            if found and found.rule.action == "drop":
                self._take(piece, found, text)
            else:
                kept.append(piece)
        self.pieces = kept

    def _drop_head(self) -> None:
        while self.pieces:
            piece = self.pieces[0]
            text = self.text(piece)
            found = self.matcher.match(text, "head", self.flags)
            if found and found.rule.action == "drop":
                self._take(self.pieces.popleft(), found, text)
            elif not self._drop_leading_title(piece, text) and not self._drop_speaker(text):
                return

    def _drop_leading_title(self, piece: Piece, text: str) -> bool:
        """Drop the title where it is known, or where what stands below shows that the line is one."""
        if self._drop_split_title():
            return True
        if self.title is not None and same_title(text, self.title):
            self._drop_first("title", "title")
            return True
        if self.title is not None and not self._is_titled(1):
            return False
        if not is_title_like(text) or not (self._is_titled(1) or piece.line is self._blank_line()):
            return False
        self.title = self.title or text
        self._drop_first("title", "title")
        return True

    def _blank_line(self) -> Line | None:
        return self.lines[self.blank_after] if 0 <= self.blank_after < len(self.lines) else None

    def _is_titled(self, index: int) -> bool:
        """Say whether the line below a first line is one that stands under titles: a date, a source, a placeholder."""
        if index >= len(self.pieces):
            return False
        found = self.matcher.match(self.text(self.pieces[index]), "head", self.flags)
        return found is not None and found.rule.category in {"date_line", "date_placeholder", "source"} and len(self.pieces) > index + 1

    def _drop_split_title(self) -> bool:
        """Drop a title that two or three lines make up."""
        for count in (2, 3):
            if self.title is None or len(self.pieces) < count:
                return False
            if squeeze("".join(map(self.text, islice(self.pieces, count)))) == squeeze(self.title):
                self._drop_first("title.split", "title", count)
                return True
        return False

    def _drop_speaker(self, text: str) -> bool:
        """Drop the line under a speech's title that names who speaks."""
        if self.title is None or not any(category == "date_placeholder" or rule == "title" for _, _, rule, category in self.removed):
            return False
        speaker = read_speaker(self.title, text)
        if speaker is None:
            return False
        self.fields.append(("speaker", speaker, text))
        self._drop_first("speaker_line", "speaker_line")
        return True

    def _drop_title_fragments(self) -> None:
        """Drop a run of four and more words at the head that the title, subtitle or opening below repeats."""
        head = list(islice(self.pieces, HEAD))
        noise = next((index for index, piece in enumerate(head) if not self.matcher.match(self.text(piece), "head", self.flags)), len(head))
        end = next((index for index in range(noise, len(head)) if not is_fragment(self.text(head[index]))), len(head))
        following = squeeze("".join(map(self.text, head[end : end + 4])))
        run = head[noise:end]
        if len(run) < 4 or sum(squeeze(self.text(piece)) in following for piece in run) < len(run) - 1:
            return
        for piece in run:
            self._note(piece, "title_fragments", "title_fragments")
        self.pieces = deque((*head[:noise], *islice(self.pieces, end, None)))

    def _drop_tail(self) -> None:
        self._drop_rest()
        while self.pieces:
            text = self.text(self.pieces[-1])
            found = self.matcher.match(text, "tail", self.flags)
            if found is None or found.rule.action not in {"drop", "rest"}:
                return
            self._take(self.pieces.pop(), found, text)

    def _drop_rest(self) -> None:
        """Drop a heading of other documents (相关文章) with all below it, when that is no running text."""
        below: list[Piece] = []
        prose = 0
        cut: tuple[int, Match] | None = None
        for piece in reversed(self.pieces):
            text = self.text(piece)
            below.append(piece)
            if (found := self._heading_of_others(piece, text, below)) is not None:
                cut = (len(below), found)
            if piece.line.links * 2 <= len(piece.line.text) and text.endswith(SENTENCES):
                prose += len(text)
            if prose > MOST_PROSE:
                break
        if cut is not None:
            for _ in range(cut[0]):
                self._note(self.pieces.pop(), cut[1].rule.name, cut[1].rule.category)

    def _heading_of_others(self, piece: Piece, text: str, below: Sequence[Piece]) -> Match | None:
        """Give the rule that knows a line as a heading of other documents; a longer one names the first and has links below."""
        if piece.line.kind == "row" or len(text) > (LONGEST if _are_links(below[:-1]) else LONGEST_HEADING):
            return None
        found = self.matcher.match(text, "tail", self.flags)
        if found is None or (len(text) <= LONGEST_HEADING and found.rule.action == "rest"):
            return found
        return found if found.rule.category == "related" and _are_links(below[:-1]) else None

    def _drop_titles(self) -> None:
        """Drop lines in the text that only repeat the title: captions of its pictures."""
        if self.title is None or len(self.title) < 6:
            return
        wanted, longest = squeeze(self.title), 2 * len(self.title) + 10
        kept = deque(islice(self.pieces, 1))
        for piece in islice(self.pieces, 1, None):
            text = self.text(piece)
            if piece.line.kind != "row" and len(text) <= longest and squeeze(text) == wanted:
                self._note(piece, "caption_dup", "caption_dup")
            else:
                kept.append(piece)
        self.pieces = kept

    def _drop_second_copy(self) -> None:
        """Drop the second of two copies of the whole text (hidden, printable or mobile ones)."""
        count = len(self.pieces)
        if count < 2 or count % 2:
            return
        if "".join(self.text(self.pieces[0]).split()) != "".join(self.text(self.pieces[count // 2]).split()):
            return
        texts = ["".join(self.text(piece).split()) for piece in self.pieces]
        if texts[: count // 2] == texts[count // 2 :] and sum(map(len, texts)) >= 80:
            for _ in range(count // 2):
                self._note(self.pieces.pop(), "body_dup", "body_dup")

    def _cut_ends(self) -> None:
        for piece in islice(reversed(self.pieces), 3):
            text = self.text(piece)
            if piece.line.kind != "row" and (cut := self.matcher.cut(text)) and text[: cut.start].strip():
                self._cut(piece, text, cut)

    def _cut(self, piece: Piece, text: str, cut: Cut) -> None:
        keep = len(text[: cut.start].rstrip())
        surplus = len(text) - keep
        while surplus:
            start, end = piece.spans.pop()
            at = max(start, end - surplus)
            surplus -= end - at
            self.removed.append((at, end, cut.rule.name, cut.rule.category))
            if at > start:
                piece.spans.append((start, at))
        self.fields.extend((name, value, text[keep:]) for name, value in cut.fields)

    def _join_ordinals(self) -> None:
        """Join an ordinal alone on its line (五是) with the paragraph below by taking the line break away."""
        joined: deque[Piece] = deque()
        for below in self.pieces:
            piece = joined[-1] if joined else None
            if piece and "row" not in {piece.line.kind, below.line.kind} and is_lone_ordinal(self.text(piece)):
                self.removed.append((piece.stop, piece.stop + 1, "broken_paragraph", "broken_paragraph"))
                joined[-1] = Piece(below.line, [*piece.spans, *below.spans], below.stop)
            else:
                joined.append(below)
        self.pieces = joined

    def result(self) -> Cleaned:
        """Give what is left, its removals by place."""
        kept = tuple((piece.line, self.text(piece)) for piece in self.pieces)
        return Cleaned(kept, tuple(self._removals()), tuple(self.fields), tuple(sorted(self.flags.items())), self.uncleaned)

    def _removals(self) -> Iterable[Removal]:
        line = 0
        for start, end, rule, category in sorted(self.removed):
            while line + 1 < len(self.starts) and self.starts[line + 1] <= start:
                line += 1
            offset = self.starts[line]
            yield Removal(rule, category, (line, start - offset, end - offset), self.uncleaned[start:end])


def _are_links(pieces: Sequence[Piece]) -> bool:
    return bool(pieces) and all(piece.line.links * 2 > len(piece.line.text) for piece in pieces)


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
