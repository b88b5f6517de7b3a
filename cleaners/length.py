"""How much of one page a notice holds: what is longer than any notice is read only so far, and says so.

The limits are several times what the longest notices of government sites have; beyond them a page costs everything after it (comparing,
indexing, showing) more than it can be worth, and its capture has it whole. The flag is `too_long`, its evidence says what was left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from cleaners.records import Evidence, Notice
from cleaners.text import Line

FLAG = "too_long"
MOST_CHARACTERS = 1_000_000
"""Characters of text."""
MOST_LINES = 50_000
MOST_FILES = 5_000
"""Attached files, and as many pictures."""
MOST_TAGS = 1_000
"""<meta> names."""
LONGEST = 20_000
"""Characters of any other field, and of what is said of it."""
_TEXTS = frozenset({"paragraphs", "removals", "spans", "uncleaned", "flags", "evidence", "meta"})


def first_lines(lines: Sequence[Line], before: int = 0) -> tuple[tuple[Line, ...], str]:
    """Give the lines of a page as far as a notice goes, and what was left out, in words; empty where nothing was.

    So many characters were read `before`, in the notice's other parts.
    """
    length = sum(len(line.text) for line in lines)
    left = max(0, MOST_CHARACTERS - before)
    if length <= left and len(lines) <= MOST_LINES:
        return tuple(lines), ""
    kept: list[Line] = []
    for line in lines[:MOST_LINES]:
        if len(line.text) > left:
            kept.extend([Line(line.text[:left])] if left else ())
            break
        kept.append(line)
        left -= len(line.text)
    read = sum(len(line.text) for line in kept)
    return tuple(kept), f"text: {length} characters in {len(lines)} lines, of which the first {read} in {len(kept)} lines were read"


def within_length(notice: Notice) -> Notice:
    """Give a notice with no more files, tags and words in any field than a notice has; its text was cut before (`first_lines`)."""
    cut = {field.name: _cut(getattr(notice, field.name)) for field in fields(Notice) if field.name not in _TEXTS}
    cut["meta"] = {name[:LONGEST]: value[:LONGEST] for name, value in list(notice.meta.items())[:MOST_TAGS]}
    left = [name for name, value in cut.items() if value != getattr(notice, name)]
    short = replace(notice, **cut) if left else notice
    if any(map(_is_long, notice.evidence.values())):
        short = replace(short, evidence={name: _cut_evidence(evidence) for name, evidence in notice.evidence.items()})
    return too_long(short, f"cut: {', '.join(left)}") if left else short


def too_long(notice: Notice, reason: str) -> Notice:
    """Mark a notice as read only so far, and say how far."""
    found = notice.evidence.get(FLAG)
    reason = "; ".join(filter(None, (found.snippet if found else "", reason)))
    return replace(
        notice, flags=tuple(sorted({*notice.flags, FLAG})), evidence={**notice.evidence, FLAG: Evidence(FLAG, "", reason, "flag")}
    )


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value[:LONGEST]
    if isinstance(value, tuple):
        return tuple(map(_cut_row, value[:MOST_FILES]))
    return value


def _cut_row(row: Any) -> Any:
    """Give a file or a picture whose words are no longer than any field; an address is never cut, for it would be another."""
    if isinstance(row, str):
        return row[:LONGEST]
    long = {name: value[:LONGEST] for name in ("title", "caption") if len(value := getattr(row, name, "")) > LONGEST}
    return replace(row, **long) if long else row


def _is_long(evidence: Evidence) -> bool:
    words: Iterable[str] = (evidence.value, evidence.snippet, *(value for value, _ in evidence.candidates))
    return sum(map(len, words)) > LONGEST


def _cut_evidence(evidence: Evidence) -> Evidence:
    if not _is_long(evidence):
        return evidence
    candidates = tuple((value[:100], place) for value, place in evidence.candidates[:20])
    return replace(evidence, value=evidence.value[:LONGEST], snippet=evidence.snippet[:LONGEST], candidates=candidates)
