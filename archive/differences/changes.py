"""The difference of two readings for people: field by field, paragraph by paragraph, and within a paragraph by characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import groupby

from archive.differences.alignment import Link, align
from archive.differences.pieces import LONG, Piece, compare_texts, cut
from archive.times import write_moment
from cleaners.records import Notice

__all__ = ["LONG", "Changes", "FieldChange", "ParagraphChange", "Piece", "compare", "compare_texts"]

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
    """One paragraph: kind is same, removed, added, changed, split, joined, moved, or moved_away (where a moved one stood).

    Its pieces in order give the old text without the added ones, and the new text without the removed ones. `old` and `new` are its places
    in both texts, from 0. A paragraph that was split has a change for each of its parts, all with the same `old`; one that was joined has
    a change for each of those it was made of, all with the same `new`. A moved one stands twice: with its edit where it is now.
    """

    kind: str
    pieces: tuple[Piece, ...]
    old: int | None = None
    new: int | None = None

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

    @property
    def before(self) -> tuple[str, ...]:
        """The paragraphs as they were, read from the comparison."""
        standing = [change for change in self.paragraphs if change.old is not None and change.kind != "moved"]
        return tuple("".join(change.before for change in group) for _, group in groupby(standing, lambda change: change.old))

    @property
    def after(self) -> tuple[str, ...]:
        """The paragraphs as they are, read from the comparison."""
        standing = [change for change in self.paragraphs if change.new is not None and change.kind != "moved_away"]
        return tuple("".join(change.after for change in group) for _, group in groupby(standing, lambda change: change.new))


def compare(before: Notice, after: Notice) -> Changes:
    """Compare two readings of a notice; nothing of either text is lost in the comparison."""
    texts = [paragraph.text for paragraph in before.paragraphs], [paragraph.text for paragraph in after.paragraphs]
    return Changes(tuple(_fields(before, after)), tuple(_paragraphs(*texts)))


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
    """Go down the new text; what was removed, or has moved away, stands where it stood."""
    links = align(before, after)
    moved = {link.new: link.old for link in links if link.kind == "moved"}
    away = {old: new for new, old in moved.items()}
    staying = sorted((link for link in links if link.kind != "moved"), key=lambda link: (link.new, link.old))
    old = new = 0
    for group in _groups(staying):
        yield from (_left(before[place], place, away) for place in range(old, group[0].old))
        yield from (_arrived(before, after[place], place, moved) for place in range(new, group[0].new))
        yield from _linked(before, after, group)
        old, new = group[-1].old + 1, group[-1].new + 1
    yield from (_left(before[place], place, away) for place in range(old, len(before)))
    yield from (_arrived(before, after[place], place, moved) for place in range(new, len(after)))


def _groups(links: Sequence[Link]) -> Iterator[list[Link]]:
    """Gather the links of one paragraph that was split, or made of several."""
    group: list[Link] = []
    for link in links:
        if group and link.old != group[-1].old and link.new != group[-1].new:
            yield group
            group = []
        group.append(link)
    if group:
        yield group


def _linked(before: Sequence[str], after: Sequence[str], group: list[Link]) -> Iterator[ParagraphChange]:
    olds, news = [sorted({link.old for link in group}), sorted({link.new for link in group})]
    whole = "".join(before[place] for place in olds), "".join(after[place] for place in news)
    if group[0].kind == "same":
        yield ParagraphChange("same", ((whole[0], "same"),), olds[0], news[0])
        return
    pieces = compare_texts(*whole)
    split = len(news) > 1
    parts = cut(pieces, [len(text) for text in ([after[place] for place in news] if split else [before[place] for place in olds])],
                "added" if split else "removed")  # fmt: skip
    for link, part in zip(group, parts, strict=True):
        yield ParagraphChange(link.kind, part, link.old, link.new)


def _left(text: str, place: int, away: dict[int, int]) -> ParagraphChange:
    return ParagraphChange("moved_away" if place in away else "removed", _pieces(text, "removed"), place, away.get(place))


def _arrived(before: Sequence[str], text: str, place: int, moved: dict[int, int]) -> ParagraphChange:
    if place not in moved:
        return ParagraphChange("added", _pieces(text, "added"), None, place)
    return ParagraphChange("moved", compare_texts(before[moved[place]], text), moved[place], place)


def _pieces(text: str, kind: str) -> tuple[Piece, ...]:
    return ((text, kind),) if text else ()
