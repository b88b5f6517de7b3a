"""Reading a page where it cannot hurt: in this process when it is small and plain, within limits otherwise.

libxml2 takes time quadratic in the attributes of one element and in the cells of one row, so what looks like either is read by a
child process (`cleaners.limits`). A page that goes beyond its time or memory is read again without a parser, its tags only taken off;
what cannot even be read like that is refused. Either way the flag `parser_limit` says so and its evidence says which limit it was.
"""

from __future__ import annotations

from dataclasses import replace

from cleaners.characters.script import detect
from cleaners.clean import clean
from cleaners.decoding.decode import decode, encoding_evidence
from cleaners.errors import LimitError
from cleaners.length import first_lines, too_long, within_length
from cleaners.limits import MEMORY, SECONDS, run_limited
from cleaners.noise.boilerplate import clean_lines
from cleaners.pages.markup import strip_tags
from cleaners.paragraphs import paragraphs_of
from cleaners.plain import LARGEST, is_plain
from cleaners.records import Capture, Evidence, Notice, Paragraph
from cleaners.rules import Rules, default_rules
from cleaners.text import flat_lines

__all__ = ["is_plain", "limited", "read_safely", "read_stripped"]

LARGEST_READ = 16 << 20
"""Bytes; of a larger page only so many are read."""


def read_safely(capture: Capture, rules: Rules | None = None, *, seconds: float = SECONDS, memory: int = MEMORY) -> Notice:
    """Read a capture within limits; a page that goes beyond them gives its bare text and the flag `parser_limit`.

    `seconds` of processor time and `memory` in bytes are what a reading in the child may take; see `cleaners.limits.run_limited`.
    """
    rules = rules or default_rules()
    if is_plain(capture.body) and all(map(is_plain, capture.parts)) and sum(map(len, capture.parts)) <= LARGEST:
        return within_length(clean(capture, rules))
    if len(capture.body) <= LARGEST_READ:
        return _read_limited(capture, rules, seconds, memory)
    cut = replace(capture, body=capture.body[:LARGEST_READ])
    reason = f"size: {len(capture.body)} bytes, of which the first {LARGEST_READ} were read"
    return limited(_read_limited(cut, rules, seconds, memory), reason)


def _read_limited(capture: Capture, rules: Rules, seconds: float, memory: int) -> Notice:
    """Read a capture in a child; else without a parser, else without rules as well, in a child each; else not at all."""
    sent = None if rules is default_rules() else rules  # a child has those of its own
    reason = ""
    for read, step in ((read_whole, ""), (read_stripped, "; without a parser, "), (read_bare, "; without rules, ")):
        arguments = (capture, sent) if read is read_whole else (capture, sent, reason)
        try:
            return run_limited(read, arguments, seconds=seconds if read is read_whole else max(seconds, SECONDS), memory=memory)
        except LimitError as error:
            reason += f"{step}{error.limit}: {error}"
    return limited(Notice(), reason)


def read_whole(capture: Capture, rules: Rules | None = None) -> Notice:
    """Read a capture as it is, and give no more than a notice holds."""
    return within_length(clean(capture, rules))


def read_bare(capture: Capture, rules: Rules | None = None, reason: str = "") -> Notice:  # noqa: ARG001 - called as the others are
    """Read a capture without a parser and without rules: its tags off, every line of it kept."""
    decoded = decode(capture.body, capture.headers)
    lines, left = first_lines(tuple(flat_lines(strip_tags(decoded.text))))
    paragraphs = tuple(Paragraph(line.text) for line in lines)
    notice = Notice(paragraphs=paragraphs, reader="bare", evidence={"encoding": encoding_evidence(decoded)})
    return limited(_so_far(replace(notice, uncleaned=notice.text), left), reason)


def read_stripped(capture: Capture, rules: Rules | None = None, reason: str = "") -> Notice:
    """Read a capture without a parser: tags off, boilerplate off, no fields; `reason` says which limit it went beyond."""
    decoded = decode(capture.body, capture.headers)
    lines, left = first_lines(tuple(flat_lines(strip_tags(decoded.text))))
    cleaned = clean_lines(lines, (rules or default_rules()).matcher)
    notice = Notice(
        paragraphs=paragraphs_of(cleaned),
        removals=cleaned.removals,
        flags=tuple(flag for flag, _ in cleaned.flags),
        uncleaned=cleaned.uncleaned,
        reader="stripped",
        evidence={"encoding": encoding_evidence(decoded)},
    )
    return limited(_so_far(replace(notice, script=detect(notice.text)), left), reason)


def _so_far(notice: Notice, left: str) -> Notice:
    return too_long(notice, left) if left else notice


def limited(notice: Notice, reason: str) -> Notice:
    """Mark a notice as read within limits, and say which."""
    found = notice.evidence.get("parser_limit")
    reason = "; ".join(filter(None, (found.snippet if found else "", reason)))
    evidence = {**notice.evidence, "parser_limit": Evidence("parser_limit", "", reason, "flag")}
    return replace(notice, flags=tuple(sorted({*notice.flags, "parser_limit"})), evidence=evidence)
