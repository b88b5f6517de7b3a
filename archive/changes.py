"""The difference of two readings for people: field by field, paragraph by paragraph, and within a paragraph by characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from archive.times import write_moment
from cleaners.records import Notice

Piece = tuple[str, str]
"""A stretch of text and what became of it: same, removed or added."""

LONG = 4000
"""Characters from which two paragraphs are not compared by characters: difflib's time grows with their product."""

_LIKE = 0.4
_CONTENT = {"paragraphs", "attachments", "images", "parts"}
_PROVENANCE = {"removals", "spans", "evidence", "meta", "uncleaned", "reader", "confidence", "canonical"}
_NOT_FIELDS = _CONTENT | _PROVENANCE


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field whose value differs; values as text, empty where there is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """One paragraph: kind is same, removed, added or changed.

    Its pieces in order give the old text without the added ones, and the new text without the removed ones.
    """

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        """The text as it was."""
        return "".join(text for text, kind in self.pieces if kind != "added")

    @property
    def after(self) -> str:
        """The text as it is."""
        return "".join(text for text, kind in self.pieces if kind != "removed")


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two readings: fields, and all paragraphs in order, unchanged ones among them."""

    fields: tuple[FieldChange, ...]
    paragraphs: tuple[ParagraphChange, ...]

    @property
    def text_changed(self) -> bool:
        """Whether any paragraph differs."""
        return any(paragraph.kind != "same" for paragraph in self.paragraphs)

    def __bool__(self) -> bool:
        return bool(self.fields) or self.text_changed


def compare(before: Notice, after: Notice) -> Changes:
    """Compare two readings of a notice; nothing of either text is lost in the comparison."""
    texts = [paragraph.text for paragraph in before.paragraphs], [paragraph.text for paragraph in after.paragraphs]
    return Changes(tuple(_fields(before, after)), tuple(_paragraphs(*texts)))


def compare_texts(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts by characters."""
    if max(len(before), len(after)) > LONG:
        return _whole(before, after)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return tuple(piece for step, a, b, c, d in steps for piece in _step(step, before[a:b], after[c:d]))


def _fields(before: Notice, after: Notice) -> Iterator[FieldChange]:
    for field in fields(Notice):
        if field.name not in _NOT_FIELDS:
            old, new = _value(getattr(before, field.name)), _value(getattr(after, field.name))
            if old != new:
                yield FieldChange(field.name, old, new)
    old, new = _files(before), _files(after)
    if old != new:
        yield FieldChange("attachments", old, new)


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return value if isinstance(value, str) else write_moment(value) or ""  # type: ignore[arg-type]


def _files(notice: Notice) -> str:
    return "\n".join(f"{attachment.title} {attachment.url} {attachment.digest}".strip() for attachment in notice.files)


def _paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[ParagraphChange]:
    for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            yield from (ParagraphChange("same", ((text, "same"),)) for text in before[a:b])
        else:
            yield from _block(before[a:b], after[c:d])


def _block(before: Sequence[str], after: Sequence[str]) -> Iterator[ParagraphChange]:
    """Pair the paragraphs of a changed stretch in order: like with like, the others as removed or added."""
    old = 0
    for text in after:
        match = next((place for place in range(old, len(before)) if _alike(before[place], text)), None)
        if match is None:
            yield ParagraphChange("added", ((text, "added"),))
            continue
        yield from (ParagraphChange("removed", ((gone, "removed"),)) for gone in before[old:match])
        yield ParagraphChange("changed", compare_texts(before[match], text))
        old = match + 1
    yield from (ParagraphChange("removed", ((gone, "removed"),)) for gone in before[old:])


def _alike(before: str, after: str) -> bool:
    matcher = SequenceMatcher(None, before[:LONG], after[:LONG], autojunk=False)
    return matcher.real_quick_ratio() >= _LIKE and matcher.quick_ratio() >= _LIKE and (len(before) > LONG or matcher.ratio() >= _LIKE)


def _step(step: str, before: str, after: str) -> tuple[Piece, ...]:
    return ((before, "same"),) if step == "equal" else _whole(before, after)


def _whole(before: str, after: str) -> tuple[Piece, ...]:
    return tuple((text, kind) for text, kind in ((before, "removed"), (after, "added")) if text)
