"""The versions of one address as a pure value: where a reading belongs among them, and what a swapped file makes.

A version is cut when the folded title and text differ from the version in effect at that time (substantive) or the parts
do (metadata). Its permanent name is the address and the capture time of its first capture, so versions stand in the order
of capture times, and a capture that arrives late finds its place among them.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from archive.documents import dump
from archive.record.payloads import digest_of
from archive.times import read_stamp, stamp, write_moment
from cleaners.characters.fold import fold
from cleaners.records import Notice
from cleaners.urls import canonical_url


@dataclass(frozen=True)
class Parts:
    """What makes a metadata version: 文号, issuer, dates and validity by name, and the attached files as (URL, digest or "")."""

    fields: Mapping[str, str]
    files: tuple[tuple[str, str], ...] = ()

    @cached_property
    def digest(self) -> str:
        """`sha256:<hex>` of everything here, unknown digests among them."""
        return digest_of(self._written.encode("utf-8", "surrogatepass"))

    def dump(self) -> str:
        """Write the parts as JSON."""
        return self._written

    @cached_property
    def _written(self) -> str:
        return dump({"fields": dict(sorted(self.fields.items())), "files": self.files})

    def agrees(self, other: Parts) -> bool:
        """Say whether nothing differs; a file whose digest is not known (yet) never counts as a change."""
        return (
            dict(self.fields) == dict(other.fields)
            and len(self.files) == len(other.files)
            and all(map(_same_file, self.files, other.files))
        )

    def with_file(self, url: str, digest: str) -> Parts:
        """Give the parts with the digest of one file set."""
        return replace(self, files=tuple((known, digest if known == url else before) for known, before in self.files))


def parts_of(notice: Notice, known: Mapping[str, str] | None = None) -> Parts:
    """Give the parts of a notice; `known` holds the digests of files captured so far, by canonical URL."""
    values = {
        "document_number": notice.document_number,
        "creator": notice.creator,
        "publisher": notice.publisher,
        "validity": notice.validity,
        "issued": write_moment(notice.issued),
        "created": write_moment(notice.created),
        "effective": write_moment(notice.effective),
    }
    given = {canonical_url(attachment.url): attachment.digest for attachment in notice.files if attachment.url}
    files = tuple((url, digest or (known or {}).get(url, "")) for url, digest in given.items())
    return Parts({name: fold(value) for name, value in values.items() if value}, files)


def load_parts(text: str) -> Parts:
    """Read what `Parts.dump` wrote."""
    document = json.loads(text)
    return Parts(document.get("fields", {}), tuple((url, digest) for url, digest in document.get("files", ())))


@dataclass(frozen=True, slots=True)
class Version:
    """One version: when first captured, by which capture and reading; `kind` is first, substantive or metadata, `number` from 1."""

    captured_at: str
    capture: int
    reading: int
    text_digest: str
    parts: Parts
    kind: str = "first"
    number: int = 1

    def agrees(self, other: Version) -> bool:
        """Say whether both say the same."""
        return self.text_digest == other.text_digest and self.parts.agrees(other.parts)


Timeline = tuple[Version, ...]
"""All versions of one address in the order of capture times."""


def in_effect(timeline: Timeline, captured_at: str) -> Version | None:
    """Give the version that stood at a time."""
    at = bisect_right([version.captured_at for version in timeline], captured_at)
    return timeline[at - 1] if at else None


def place(timeline: Timeline, seen: Version) -> tuple[Timeline, Version, str]:
    """Find the version a reading belongs to, cutting one where it says something new.

    Gives the versions afterwards, the reading's own among them, and the kind: unchanged, first, substantive or metadata.
    """
    at = bisect_right([version.captured_at for version in timeline], seen.captured_at)
    for neighbour in timeline[max(0, at - 1) : at + 1]:
        if neighbour.agrees(seen):
            return timeline, neighbour, "unchanged"
    free = _free(timeline, seen.captured_at)
    cut = seen if free == seen.captured_at else replace(seen, captured_at=free)
    after = _ordered(timeline, cut)
    placed = next(version for version in after if version.captured_at == cut.captured_at)
    return after, placed, placed.kind


def swap(timeline: Timeline, url: str, digest: str, captured_at: str, capture: int) -> Timeline:
    """Take note of an attached file captured at a time: its first known digest is filled in, another one cuts a metadata version."""
    version = in_effect(timeline, captured_at)
    known = dict(version.parts.files).get(url) if version else None
    if version is None or known is None or known == digest:
        return timeline
    parts = version.parts.with_file(url, digest)
    if not known:
        return tuple(replace(each, parts=parts) if each is version else each for each in timeline)
    cut = replace(version, captured_at=_free(timeline, captured_at), capture=capture, parts=parts)
    following = timeline[timeline.index(version) + 1 :]
    return timeline if following and following[0].agrees(cut) else _ordered(timeline, cut)


def _ordered(timeline: Timeline, cut: Version) -> Timeline:
    """Put a new version among those of an address, in order of time and numbered; it and the one after it are classed by what changed.

    The others keep their class: what two rules read differently in two captures is no change between them.
    """
    ordered = sorted((*timeline, cut), key=lambda version: version.captured_at)
    at = ordered.index(cut)
    for place in (at, at + 1):
        if place < len(ordered):
            kind = _kind(ordered[place - 1] if place else None, ordered[place])
            ordered[place] = ordered[place] if ordered[place].kind == kind else replace(ordered[place], kind=kind)
    return tuple(version if version.number == number else replace(version, number=number) for number, version in enumerate(ordered, 1))


def _kind(before: Version | None, version: Version) -> str:
    if before is None:
        return "first"
    return "metadata" if before.text_digest == version.text_digest else "substantive"


def _free(timeline: Timeline, captured_at: str) -> str:
    """Give a capture time no version bears yet: two captures of one moment are told apart by a microsecond."""
    taken = {version.captured_at for version in timeline}
    while captured_at in taken:
        captured_at = stamp(read_stamp(captured_at) + timedelta(microseconds=1))
    return captured_at


def _same_file(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] == other[0] and (one[1] == other[1] or not one[1] or not other[1])
