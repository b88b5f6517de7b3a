"""Account for a page: its lines as kept, removed or outside the text, and its fields with what they were read from."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cleaners.attachments import FileText, read
from cleaners.attachments.kinds import first_kind
from cleaners.decoding.decode import decode
from cleaners.pages.markup import is_markup, parse
from cleaners.pages.page import read_lines
from cleaners.pages.tree import Tree
from cleaners.records import Capture, Evidence, Notice, Paragraph, Removal
from cleaners.rules import Rules
from cleaners.text import flat_lines
from cleaners.worker import is_plain, read_safely

DATES = ("issued", "created", "printed", "effective", "repealed")
FIELDS = (
    "title", "document_number", "identifier", "creator", "publisher", "source", "author", "reporter", "editor", "reviewer", "speaker",
    "addressee", "signatory", "copied_to", "type", "subject", "validity", "script",
)  # fmt: skip
"""The fields of a notice in the order they are shown; dates stand in a table of their own."""
PAGES = frozenset({"html", "html_table", "txt", "csv", "mhtml", "empty", "unknown"})
"""What a file may be by its first bytes and still be a page or a text; `is_file` asks its name as well."""
FILE_ENDINGS = (".csv", ".tsv", ".mht", ".mhtml", ".ceb", ".doc", ".xls", ".wps", ".et")
MOST_COMPARED = 2000
"""Lines of a page that are looked for in a text which was not read line by line; more are all called outside."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line: kept, or removed, with the removal it belongs to."""

    text: str
    removal: Removal | None = None


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line of the text before boilerplate; `kind` and `level` are those of the paragraph it is kept in."""

    pieces: tuple[Piece, ...]
    kind: str = "text"
    level: int = 0

    @property
    def kept(self) -> str:
        """What is left of the line."""
        return "".join(piece.text for piece in self.pieces if piece.removal is None)

    @property
    def removals(self) -> tuple[Removal, ...]:
        """What was taken from the line."""
        return tuple(piece.removal for piece in self.pieces if piece.removal is not None)


@dataclass(frozen=True, slots=True)
class ToldField:
    """One field: its name, its value as shown, and its evidence."""

    name: str
    value: str
    evidence: Evidence | None


@dataclass(frozen=True)
class Account:
    """All there is to tell of one page.

    `outside` holds the page's other lines by the line of the text they stand before, `hidden` those a visitor is not shown;
    `file` is set instead where what was read is no page but a file such as notices link to.
    """

    name: str
    url: str
    notice: Notice
    lines: tuple[ToldLine, ...]
    outside: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    file: FileText | None = None
    size: int = 0
    whole: bool = True  # False: the page is too large to list what stands outside its text

    @property
    def fields(self) -> tuple[ToldField, ...]:
        """The fields that have a value or evidence, dates aside."""
        return tuple(self._told(FIELDS))

    @property
    def dates(self) -> tuple[ToldField, ...]:
        """The dates that have a value or evidence."""
        return tuple(self._told(DATES))

    @property
    def flags(self) -> tuple[tuple[str, str], ...]:
        """The flags with the words on the page that speak for them; those of a file are explained by its reason."""
        return tuple((flag, _snippet(self.notice.evidence.get(flag))) for flag in self.notice.flags)

    @property
    def encoding(self) -> Evidence | None:
        """How the bytes became text: the encoding, the method as its place, what was lost, the labels as candidates."""
        return self.notice.evidence.get("encoding")

    @property
    def page_class(self) -> str:
        """What kind of page it is; empty for a file."""
        found = self.notice.evidence.get("class")
        return found.value if found is not None else ""

    @property
    def reader(self) -> Evidence | None:
        """What the readers of the body saw."""
        return self.notice.evidence.get("text")

    @property
    def removed(self) -> tuple[tuple[str, int], ...]:
        """How often each category was removed, the most frequent first."""
        return tuple(Counter(removal.category for removal in self.notice.removals).most_common())

    @property
    def kept(self) -> int:
        """The number of lines of which anything is kept."""
        return sum(bool(line.kept.strip()) for line in self.lines)

    @property
    def spans(self) -> tuple[tuple[str, str, int], ...]:
        """Persons' contacts and numbers as (kind, text, paragraph from 1)."""
        texts = [paragraph.text for paragraph in self.notice.paragraphs]
        known = (span for span in self.notice.spans if span.paragraph < len(texts))
        return tuple((span.kind, texts[span.paragraph][span.start : span.end], span.paragraph + 1) for span in known)

    def _told(self, names: Sequence[str]) -> Iterator[ToldField]:
        for name in names:
            value, evidence = getattr(self.notice, name), self.notice.evidence.get(name)
            if value or evidence:
                yield ToldField(name, stated(value), evidence)


def _snippet(evidence: Evidence | None) -> str:
    return (evidence.snippet or evidence.value) if evidence else ""


def stated(value: object) -> str:
    """Show a field's value: dates in ISO 8601 to the minute in their own zone, nothing for None."""
    if isinstance(value, date):
        return value.isoformat(" ", "minutes").removesuffix("+08:00") if hasattr(value, "hour") else value.isoformat()  # type: ignore[call-arg]
    return "" if value is None else str(value)


def account_for(capture: Capture, rules: Rules, name: str) -> Account:
    """Read a capture, a page or a file, and account for all of it."""
    size = len(capture.body)
    if is_file(capture.body, name):
        file = read(capture.body, name=name)
        return Account(name, capture.url, notice_of(file), told_lines(file.text, ()), file=file, size=size)
    notice = read_safely(capture, rules)
    lines = told_lines(notice.uncleaned, notice.removals, notice.paragraphs)
    if not is_plain(capture.body):
        return Account(name, capture.url, notice, lines, size=size, whole=False)
    shown, hidden = page_lines(decode(capture.body, capture.headers).text)
    own = notice.uncleaned.split("\n") if notice.uncleaned else []
    return Account(name, capture.url, notice, lines, outside(shown, own), tuple(_without(hidden, own)), size=size)


def is_file(body: bytes, name: str) -> bool:
    """Say whether bytes are a file such as notices link to (PDF, DOCX, ...), and no page and no plain text."""
    kind = first_kind(body)
    return (kind != "" and kind not in PAGES) or name.lower().endswith(FILE_ENDINGS)


def notice_of(file: FileText) -> Notice:
    """Give a file's text as a notice that says nothing else: its lines are paragraphs, nothing is taken away."""
    paragraphs = tuple(Paragraph(line) for line in file.text.split("\n") if line.strip())
    return Notice(paragraphs=paragraphs, uncleaned=file.text, flags=file.flags, reader=f"attachment:{file.media_type}")


def page_lines(text: str) -> tuple[list[str], list[str]]:
    """Give the lines a visitor of a decoded page is shown, and those that the page holds and does not show."""
    root = parse(text) if is_markup(text) else None
    if root is None:
        return [line.text for line in flat_lines(text)], []
    tree = Tree(root)
    shown = [line.text for line in read_lines(tree).lines]
    return shown, list(_without((line.text for line in read_lines(tree, hidden=True).lines), shown))


def _without(lines: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """Give the lines that are not among others, as often as they are more."""
    left = Counter(known)
    for line in lines:
        if left[line]:
            left[line] -= 1
        else:
            yield line


def told_lines(uncleaned: str, removals: Sequence[Removal], paragraphs: Sequence[Paragraph] = ()) -> tuple[ToldLine, ...]:
    """Cut the uncleaned text into lines and their kept and removed pieces; in order, they are all of it."""
    if not uncleaned:
        return ()
    gone: dict[int, list[Removal]] = {}
    for removal in removals:
        gone.setdefault(removal.position[0], []).append(removal)
    pieces = [tuple(_pieces(line, gone.get(number, ()))) for number, line in enumerate(uncleaned.split("\n"))]
    return tuple(_with_kinds(pieces, paragraphs))


def _pieces(line: str, removals: Sequence[Removal]) -> Iterator[Piece]:
    at = 0
    for removal in sorted(removals, key=lambda removal: removal.position):
        _, start, end = removal.position
        if start > at:
            yield Piece(line[at:start])
        yield Piece(line[start:end], removal)  # the break behind a line is shown by the line's end
        at = max(at, end)
    if at < len(line):
        yield Piece(line[at:])


def _with_kinds(lines: Sequence[tuple[Piece, ...]], paragraphs: Sequence[Paragraph]) -> Iterator[ToldLine]:
    """Say of each line which kind of paragraph it is kept in, as far as both go on together."""
    waiting = list(reversed(paragraphs))
    rest = waiting[-1].text if waiting else ""
    for pieces in lines:
        told = ToldLine(pieces)
        kept = told.kept.strip()
        if not kept or not waiting or not rest.startswith(kept):
            yield told
            continue
        yield ToldLine(pieces, waiting[-1].kind, waiting[-1].level)
        rest = rest[len(kept) :].lstrip()
        if not rest:
            waiting.pop()
            rest = waiting[-1].text if waiting else ""


def outside(page: Sequence[str], body: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Give the lines of a page that are not in its body, by the number of the body's line they stand before.

    The body's lines stand on the page in order; where they do not (a reader that makes its own lines), a line of the page is
    outside when the body does not contain its words. Time is linear in the page but for that case, which is bounded.
    """
    if not body:
        return {0: tuple(page)} if page else {}
    found = _aligned(page, body)
    if not found:
        return _not_contained(page, body)
    out: dict[int, list[str]] = {}
    at = 0
    for index, line in enumerate(page):
        if index in found:
            at = found[index] + 1
        else:
            out.setdefault(at, []).append(line)
    return {place: tuple(lines) for place, lines in out.items()}


def _aligned(page: Sequence[str], body: Sequence[str]) -> dict[int, int]:
    """Give the body's line for each line of the page that is one, from the place on where most of its first lines follow."""
    places: dict[str, list[int]] = {}
    for index, line in enumerate(page):
        places.setdefault(line, []).append(index)
    start = max(places.get(body[0], ()), key=lambda index: _agreement(page, body, index), default=-1)
    found: dict[int, int] = {}
    at = max(start, 0)
    for number, line in enumerate(body):
        here = places.get(line, [])
        index = bisect_left(here, at)
        if index < len(here):
            found[here[index]] = number
            at = here[index] + 1
    return found


def _agreement(page: Sequence[str], body: Sequence[str], start: int) -> int:
    """Count how many of the body's first lines stand below a line of the page, place for place."""
    return sum(mine == theirs for mine, theirs in zip(page[start : start + 20], body[:20], strict=False))


def _not_contained(page: Sequence[str], body: Sequence[str]) -> dict[int, tuple[str, ...]]:
    words = "".join("".join(body).split())
    lines = page if len(page) > MOST_COMPARED else [line for line in page if "".join(line.split()) not in words]
    return {0: tuple(lines)} if lines else {}
