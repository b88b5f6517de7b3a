"""The difference of two versions as lines for a terminal, and as a JSON document; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from archive.differences.changes import ParagraphChange, Piece
from archive.works.difference import Difference
from archive.works.naming import NamedVersion, name
from cleaners.words import word

CONTEXT = 1
"""Unchanged paragraphs shown on either side of a change."""

WIDTH = 60
"""Characters of an unchanged paragraph that are shown."""

CAUSES = {
    "source": "the source changed (原文有改动)",
    "cleaner": "our reading changed, the source did not (读法有改进，原文未变)",
    "both": "the source and our reading both changed (原文与读法都有变化)",
    "": "nothing differs (没有差别)",
}

_KINDS = {
    "split": "split 拆分",
    "joined": "joined 合并",
    "moved": "moved here 移至此处",
    "moved_away": "moved away 已移走",
}


def lines(work: str, title: str, found: Difference, *, whole: bool = False, colour: bool = False) -> Iterator[str]:
    """Write a difference: changed paragraphs with their ids and one unchanged one around them, or (`whole`) all of them."""
    yield title
    yield _paint(f"--- {_version(work, found.before)}", "red", colour)
    yield _paint(f"+++ {_version(work, found.after)}", "green", colour)
    yield CAUSES[found.cause]
    for field in found.changes.fields:
        yield ""
        yield _heading(word("fields", field.name), colour)
        yield from _sides(field.before, field.after, colour)
    for url, old, new in found.files:
        yield ""
        yield _heading(f"file swapped 附件被替换  {url}", colour)
        yield from _sides(old, new, colour)
    if found.changes.text_changed or whole:
        yield ""
        yield from _text(found, whole=whole, colour=colour)


def document(work: str, title: str, found: Difference, *, whole: bool = False) -> dict[str, Any]:
    """Give a difference as a JSON object; unchanged paragraphs only where the whole is asked for."""
    return {
        "notice": work,
        "title": title,
        "before": _named(work, found.before),
        "after": _named(work, found.after),
        "cause": found.cause,
        "fields": [{"name": field.name, "before": field.before, "after": field.after} for field in found.changes.fields],
        "files": [{"url": url, "before": old, "after": new} for url, old, new in found.files],
        "paragraphs": [_paragraph(found, change) for change in found.changes.paragraphs if whole or change.kind != "same"],
    }


def _text(found: Difference, *, whole: bool, colour: bool) -> Iterator[str]:
    changes = found.changes.paragraphs
    near = {place + step for place, change in enumerate(changes) if change.kind != "same" for step in range(-CONTEXT, CONTEXT + 1)}
    left = 0
    for place, change in enumerate(changes):
        if not whole and place not in near:
            left += 1
            continue
        if left:
            yield _paint(f"  … {left} unchanged 段未变", "bright_black", colour)
        left = 0
        yield from _change(found.ids(change), change, whole=whole, colour=colour)
    if left:
        yield _paint(f"  … {left} unchanged 段未变", "bright_black", colour)


def _change(ids: tuple[int | None, int | None], change: ParagraphChange, *, whole: bool, colour: bool) -> Iterator[str]:
    mark = _mark(*ids)
    if change.kind == "same":
        yield f"  {mark} {change.after if whole else _shortened(change.after)}"
        return
    if change.kind in _KINDS:
        yield _heading(f"  {mark} {_KINDS[change.kind]}", colour)
    if change.kind == "moved_away":
        yield _paint(f"< {mark} {_shortened(change.before)}", "yellow", colour)
    elif all(kind == "same" for _, kind in change.pieces):
        yield f"> {mark} {change.after}"
    elif colour:
        yield f"~ {mark} {''.join(_painted(piece) for piece in change.pieces)}"
    else:
        yield from _sides(_marked(change.pieces, "added", "[-", "-]"), _marked(change.pieces, "removed", "{+", "+}"), colour, mark)


def _marked(pieces: Sequence[Piece], left_out: str, opening: str, closing: str) -> str:
    """Write one side of a paragraph, what is on it alone in brackets where the rest is on both."""
    alone = all(kind != "same" for _, kind in pieces)
    shown = ((text, kind) for text, kind in pieces if kind != left_out)
    return "".join(text if kind == "same" or alone else f"{opening}{text}{closing}" for text, kind in shown)


def _painted(piece: Piece) -> str:
    text, kind = piece
    if kind == "removed":
        return click.style(text, fg="red", strikethrough=True)
    return click.style(text, fg="green", bold=True) if kind == "added" else text


def _sides(before: str, after: str, colour: bool, mark: str = "") -> Iterator[str]:
    for sign, text, paint in (("-", before, "red"), ("+", after, "green")):
        if text:
            for line in text.split("\n"):
                yield _paint(f"{sign} {mark}{' ' if mark else ''}{line}", paint, colour)


def _heading(text: str, colour: bool) -> str:
    return _paint(text, "cyan", colour)


def _paint(text: str, colour: str, wanted: bool) -> str:
    return click.style(text, fg=colour) if wanted else text


def _mark(old: int | None, new: int | None) -> str:
    given = [f"p{number}" for number in dict.fromkeys((old, new)) if number]
    return "→".join(given).rjust(4)


def _shortened(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"


def _version(work: str, version: NamedVersion) -> str:
    return f"{name(work, version)}  version {version.number} 第{version.number}版  {version.url}"


def _named(work: str, version: NamedVersion) -> dict[str, Any]:
    return {
        "name": name(work, version),
        "number": version.number,
        "captured_at": version.captured_at,
        "url": version.url,
        "kind": version.kind,
    }


def _paragraph(found: Difference, change: ParagraphChange) -> dict[str, Any]:
    old, new = found.ids(change)
    return {
        "kind": change.kind,
        "before": old and f"p{old}",
        "after": new and f"p{new}",
        "pieces": [list(piece) for piece in change.pieces],
    }
