"""The parts of an official document (公文), read from its header table, its title and its text.

Sources: GB/T 9704-2012 《党政机关公文格式》 for the parts and their places, 《党政机关公文处理工作条例》 for the kinds. Nothing is
invented: a number a text cites is not its own, and a date with xx in it is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from cleaners.document import imprint, validity
from cleaners.document.dates import find_dates
from cleaners.document.docnumbers import Number, find_numbers, has_damaged_number, whole_numbers
from cleaners.document.imprint import note_lines
from cleaners.document.kinds import ABOUT_OTHERS, LONGEST_TITLE, kinds, title_organ, title_type
from cleaners.document.signature import Signature, find_signature, is_organ, is_person
from cleaners.records import Evidence, Moment, Paragraph
from cleaners.stated.metatags import FieldFound
from cleaners.stated.pagetags import PageTags

__all__ = ["Number", "Official", "find_numbers", "has_damaged_number", "note_lines", "read_official", "title_type"]

_HEAD = 5  # lines in which a number alone on its line is the document's own
_MOST_ROWS = 3  # rows of a table that only sets names and dates side by side
_BESIDE = re.compile(r"签\s?发\s?人|\s{4,}|　{2,}|\t")
_LETTERHEAD = re.compile(r"(?P<organ>[\u4e00-\u9fff（）()、\s]{4,60}?)\s?文\s?件")
_LONGEST_LABELLED_NUMBER = 40


@dataclass(frozen=True)
class Official:
    """The parts of an official document that could be read; `evidence` is by field name of Notice.

    `attachment_notes` are the lines of the 附件说明 as they stand; `damaged_number` is a line whose number lost some of its characters.
    """

    document_number: str | None = None
    creator: str | None = None
    addressee: str | None = None
    signatory: str | None = None
    created: Moment | None = None
    printed: Moment | None = None
    effective: Moment | None = None
    repealed: Moment | None = None
    type: str | None = None
    validity: str | None = None
    copied_to: str | None = None
    attachment_notes: tuple[str, ...] = ()
    damaged_number: str = ""
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Read:
    """One reading of a part: its value as text, where it was found, and the moment it means where it is a date.

    One without a value says only that something is said: 自发布之日起30日后施行.
    """

    value: str
    place: str
    snippet: str
    moment: Moment | None = None
    precision: str = ""


@dataclass(frozen=True)
class _Document:
    title: str
    lines: tuple[str, ...]
    tags: PageTags

    @cached_property
    def signature(self) -> Signature | None:
        return find_signature(self.lines)

    @cached_property
    def kind(self) -> str | None:
        return title_type(self.title)

    @cached_property
    def speaks_of_itself(self) -> bool:
        """Whether what the text says of coming into force can be about itself: not in news, nor in what explains another."""
        signed = self.signature is not None and bool(self.signature.names)
        return self.kind not in ABOUT_OTHERS and (self.kind is not None or signed)


def read_official(title: str | None, paragraphs: Sequence[Paragraph], tags: PageTags) -> Official:
    """Read the parts of an official document; on a page that is none, most stay empty."""
    lines = tuple(_lines(paragraphs))
    document = _Document(" ".join((title or "")[:LONGEST_TITLE].split()), lines, tags)
    read = {name: tuple(reader(document)) for name, reader in _READERS.items()}
    found = {name: readings for name, readings in read.items() if readings}
    values: dict[str, Any] = {name: readings[0].moment if name in _DATES else readings[0].value for name, readings in found.items()}
    return Official(
        **values,
        attachment_notes=tuple(lines[index].strip() for index in note_lines(lines)),
        damaged_number="" if "document_number" in found else next((line.strip() for line in lines[:_HEAD] if has_damaged_number(line)), ""),
        evidence={name: _evidence(readings) for name, readings in found.items()},
    )


def _lines(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """Give the lines of a text without its tables, but for those of a few rows: names set side by side."""
    for is_row, group in groupby(paragraphs, key=lambda paragraph: paragraph.kind == "row"):
        texts = [paragraph.text for paragraph in group]
        if not is_row or len(texts) <= _MOST_ROWS:
            yield from texts


def _evidence(found: Sequence[_Read]) -> Evidence:
    first = found[0]
    others = tuple(dict.fromkeys((each.value, each.place) for each in found[1:] if each.value and each.value != first.value))
    return Evidence(first.value, first.precision, first.snippet, first.place, others)


def _numbers(document: _Document) -> Iterator[_Read]:
    """Give the document's own numbers: header table, alone on a line at the head, in brackets behind the title."""
    for found in (*document.tags.all("document_number"), *document.tags.all("identifier")):
        for value in _labelled_numbers(found):
            yield _Read(value, found.place, found.snippet)
    if document.kind not in ABOUT_OTHERS:
        for line in document.lines[:_HEAD]:
            for number in whole_numbers(_BESIDE.split(line.strip(), maxsplit=1)[0]):
                yield _Read(number.value, "text", line.strip())
    if titled := _title_number(document.title):
        yield _Read(titled.value, "title", document.title)


def _labelled_numbers(found: FieldFound) -> Iterator[str]:
    """Give the numbers of a header table's value; one that follows no grammar as it stands, where it is short and has a figure."""
    numbers = whole_numbers(found.value)
    yield from (number.value for number in numbers)
    if numbers or found.name != "document_number" or len(found.value) > _LONGEST_LABELLED_NUMBER or not re.search(r"\d", found.value):
        return
    inside = find_numbers(found.value)
    if len(inside) == 1 and "《" not in found.value:
        yield inside[0].value
    elif not inside and not has_damaged_number(found.value):
        yield found.value


def _title_number(title: str) -> Number | None:
    """Give the number a title ends in; behind 》 or in an explanation it is cited and not its own."""
    numbers = find_numbers(title)
    if not numbers or title[numbers[-1].end :].strip("()（）[]【】〕 ") or re.search(r"解读|问答|图解|读懂", title):
        return None
    before = title[: numbers[-1].start].rstrip(" （([【")
    return None if before.endswith("》") and not before.startswith("《") else numbers[-1]


def _creators(document: _Document) -> Iterator[_Read]:
    for name in ("creator", "publisher"):
        yield from (_Read(found.value, found.place, found.snippet) for found in document.tags.all(name) if found.place == "table")
    if organ := title_organ(document.title):
        yield _Read(organ, "title", document.title)
    for line in document.lines[:_HEAD]:
        if (head := _LETTERHEAD.fullmatch(line.strip())) and all(map(is_organ, head["organ"].replace("、", "　").split())):
            yield _Read(head["organ"].strip(), "text", line.strip())
    if document.signature:
        organs = [name for name in document.signature.names if not is_person(name)]
        if organs:
            yield _Read(" ".join(organs), "signature", document.signature.snippet)


def _addressees(document: _Document) -> Iterator[_Read]:
    if found := imprint.addressee(document.lines):
        yield _Read(found.value, "text", found.snippet)


def _signatories(document: _Document) -> Iterator[_Read]:
    if document.signature and document.signature.names:
        yield _Read(" ".join(document.signature.names), "signature", document.signature.snippet)


def _created(document: _Document) -> Iterator[_Read]:
    yield from _dated(document.tags.all("created"))
    if document.signature and document.signature.created:
        yield _day(document.signature.created, "signature", document.signature.snippet)


def _printed(document: _Document) -> Iterator[_Read]:
    yield from _dated(document.tags.all("printed"))
    if found := imprint.printed(document.lines):
        yield _day(found.day, "text", found.snippet)


def _copied_to(document: _Document) -> Iterator[_Read]:
    if found := imprint.copied_to(document.lines):
        yield _Read(found.value, "text", found.snippet)


def _types_read(document: _Document) -> Iterator[_Read]:
    if document.kind:
        yield _Read(document.kind, "title", document.title)
    yield from (_Read(found.value, found.place, found.snippet) for found in document.tags.all("type") if found.value in kinds())


def _effective(document: _Document) -> Iterator[_Read]:
    """Give the day the document comes into force: of the table, as written, or the day of issue where that is known."""
    yield from _dated([found for found in document.tags.all("effective") if found.place != "meta"])
    terms = list(validity.in_force(document.lines)) if document.speaks_of_itself else []
    yield from (_day(term.day, "text", term.snippet) for term in terms if term.day is not None)
    issued = next(iter(_created(document)), None)
    for term in terms:
        if term.from_issue and issued is not None and issued.moment is not None:
            yield _day(issued.moment, "text", term.snippet)
        elif term.day is None:
            yield _Read("", "text", term.snippet)


def _repealed(document: _Document) -> Iterator[_Read]:
    """Give the day the document ceases to be in force; what it repeals is another's."""
    yield from _dated(document.tags.all("repealed"))
    if (state := validity.state_of_title(document.title)) and find_dates(state):
        yield from _dated_text(state, "title", document.title)
    for state, line in validity.stated(document.lines):
        yield from _dated_text(state, "text", line)
    if document.speaks_of_itself:
        yield from (_day(term.day, "text", term.snippet) for term in validity.until(document.lines) if term.day is not None)


def _validity(document: _Document) -> Iterator[_Read]:
    yield from (_Read(found.value, found.place, found.snippet) for found in document.tags.all("validity"))
    if state := validity.state_of_title(document.title):
        yield _Read(state, "title", document.title)
    yield from (_Read(state, "text", line) for state, line in validity.stated(document.lines))
    if document.speaks_of_itself:
        yield from (_Read(words, "text", line) for words, line in validity.term(document.lines))


def _dated(fields: Sequence[FieldFound]) -> Iterator[_Read]:
    for found in fields:
        yield from _dated_text(found.value, found.place, found.snippet)


def _dated_text(text: str, place: str, snippet: str) -> Iterator[_Read]:
    """Read the first date of a text that is known to the day."""
    for found in find_dates(text):
        if found.value is not None:
            yield _Read(found.value.isoformat(), place, snippet, found.value, found.precision)
            return


def _day(moment: Moment, place: str, snippet: str) -> _Read:
    return _Read(moment.isoformat(), place, snippet, moment, "day")


_DATES = frozenset({"created", "printed", "effective", "repealed"})
_READERS: Mapping[str, Callable[[_Document], Iterator[_Read]]] = {
    "document_number": _numbers,
    "creator": _creators,
    "addressee": _addressees,
    "signatory": _signatories,
    "created": _created,
    "printed": _printed,
    "effective": _effective,
    "repealed": _repealed,
    "type": _types_read,
    "validity": _validity,
    "copied_to": _copied_to,
}
