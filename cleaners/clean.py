"""The pipeline: bytes -> Notice. Pure: no network, no files, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from cleaners.boilerplate import Cleaned, clean_lines
from cleaners.decode import Decoded, decode, encoding_evidence
from cleaners.errors import DecodeError
from cleaners.fields import Dated, Reading, choose_date, choose_text, contradicts, read_dates
from cleaners.labels import Labelled, labels_of
from cleaners.markup import DEEPEST
from cleaners.official import Official, note_lines, read_official
from cleaners.pageclass import Seen, class_of, classify, flags_of_page
from cleaners.people import is_author, read_people
from cleaners.records import Capture, Evidence, Notice, Paragraph, Picture
from cleaners.rules import Rules, default_rules
from cleaners.script import detect
from cleaners.source import WEAK, Source, read_source
from cleaners.spans import find_spans
from cleaners.text import CAPTION, Line, heading_level, is_sentence
from cleaners.titles import DOCUMENT
from cleaners.vote import LITTLE

_REASONS = {"parser_limit": f"depth: elements nest deeper than {DEEPEST} levels"}


def clean(capture: Capture, rules: Rules | None = None) -> Notice:
    """Read a capture: HTML or plain text by content. Bad pages give a Notice with flags; only bad rules raise (LayoutError)."""
    rules = rules or default_rules()
    try:
        decoded = decode(capture.body, capture.headers)
    except DecodeError as error:
        return Notice(flags=("undecodable",), evidence={"undecodable": Evidence(str(error), place="body")})
    source = read_source(decoded.text, capture, rules)
    known = flags_of_page(source.page.lines, rules.matcher)
    cleaned = clean_lines(source.lines, rules.matcher, title=source.title, blank_after=source.blank_after, flags=known)
    paragraphs = paragraphs_of(cleaned)
    parts = _Parts(capture, source, cleaned)
    official = read_official(parts.title, paragraphs, source.tags)
    return _notice(parts, official, paragraphs, decoded)


def paragraphs_of(cleaned: Cleaned) -> tuple[Paragraph, ...]:
    """Give the paragraphs of cleaned lines: rows with cells, captions, headings with their level, text.

    Lines of one ordinal's kind right below each other (1. 2. 3.) are a list, and those of the 附件说明 are names of files: no headings.
    """
    paragraphs = [_paragraph(line, text) for line, text in cleaned.lines]
    levels = [0, *(heading_level(paragraph.text) for paragraph in paragraphs), 0]
    listed = {index for index, level in enumerate(levels[1:-1]) if level and level in {levels[index], levels[index + 2]}}
    listed.update(note_lines([paragraph.text for paragraph in paragraphs]))
    return tuple(
        Paragraph(paragraph.text) if index in listed and paragraph.kind == "heading" else paragraph
        for index, paragraph in enumerate(paragraphs)
    )


def _paragraph(line: Line, text: str) -> Paragraph:
    if line.kind == "row":
        whole = text == line.text
        return Paragraph(text, "row", 0, line.cells if whole else tuple(text.split("\t")), line.table, line.merged if whole else ())
    if line.kind == "caption" or (line.kind == "heading" and not is_sentence(text)):
        return Paragraph(text, line.kind, line.level)
    if CAPTION.match(text) and len(text) <= 80:
        return Paragraph(text, "caption")
    level = heading_level(text)
    return Paragraph(text, "heading" if level else "text", level)


@dataclass(frozen=True)
class _Parts:
    """The readings of every field, from the tags, the lines around the text and the lines taken out of it."""

    capture: Capture
    source: Source
    cleaned: Cleaned

    @property
    def title(self) -> str | None:
        return choose_text(tuple(self.titles()))[0]

    @cached_property
    def taken(self) -> tuple[Labelled, ...]:
        """The labelled values of the lines that were taken out of the text."""
        return labels_of(removal.text.strip() for removal in self.cleaned.removals)

    def titles(self) -> Iterator[Reading]:
        """Give the titles, the weak ones behind the title line of the text."""
        removed = [Reading(removal.text.strip(), "text") for removal in self.cleaned.removals if removal.rule == "title"]
        yield from (title for title in self.source.titles if title.place not in WEAK)
        yield from removed
        yield from (Reading(text, "text") for _, text in self.cleaned.lines[:1] if DOCUMENT.fullmatch(text))
        yield from (title for title in self.source.titles if title.place in WEAK)

    def readings(self, name: str) -> Iterator[Reading]:
        found = self.source.tags.all(name)
        yield from (Reading(one.value, one.place, one.snippet) for one in found if one.place != "meta")
        yield from (Reading(one.value, "label", one.snippet) for one in self.source.labelled if one.field == name)
        yield from (Reading(one.value, "label", one.snippet) for one in self.taken if one.field == name and name != "issued")
        yield from (Reading(value, "text", line) for key, value, line in self.cleaned.fields if key == name)
        yield from (Reading(one.value, one.place, one.snippet) for one in found if one.place == "meta")

    def bylines(self) -> Iterator[tuple[str, Reading]]:
        """Split what stands in brackets behind a text, (source source name): the last word is the author."""
        for key, value, line in self.cleaned.fields:
            if key == "byline":
                *houses, author = value.split()
                yield "author", Reading(author, "text", line)
                if houses:
                    yield "source", Reading(" ".join(houses), "text", line)

    @cached_property
    def people(self) -> dict[str, Reading]:
        """Who wrote, edited and checked it: from the lines around the text, those taken out of it, and its first and last ones."""
        around = (*(one.snippet for one in self.source.labelled), *(removal.text for removal in self.cleaned.removals))
        return dict(read_people(around, [text for _, text in self.cleaned.lines]))

    def text(self, name: str) -> tuple[str | None, Evidence | None]:
        own = [reading for key, reading in self.bylines() if key == name]
        said = [*self.readings(name), *own]
        if name == "author":  # an editor is no author; who reports is, where nobody else is named
            said += [self.people["author"]] if "author" in self.people else []
            said = sorted((reading for reading in said if is_author(reading.value)), key=lambda reading: reading.place == "meta")
            said += [self.people["reporter"]] if "reporter" in self.people else []
        return choose_text(said)

    def dates(self) -> list[Dated]:
        lines = (removal.text.strip() for removal in self.cleaned.removals if removal.category == "date_line")
        removed = (Reading(line, "text") for line in lines if len(line) < 200)
        labelled = (Reading(one.value, "label", one.snippet) for one in self.taken if one.field == "issued")
        updated = (Reading(one.value, "updated", one.snippet) for one in (*self.source.labelled, *self.taken) if one.field == "modified")
        return read_dates((*self.readings("issued"), *labelled, *self.source.dates, *removed, *updated), self.capture)


def _notice(parts: _Parts, official: Official, paragraphs: tuple[Paragraph, ...], decoded: Decoded) -> Notice:
    source, cleaned = parts.source, parts.cleaned
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    issued, issued_evidence, conflict = choose_date(parts.dates())
    title, title_evidence = choose_text(tuple(parts.titles()))
    validity = official.validity or parts.text("validity")[0]
    named = {name: parts.text(name) for name in ("source", "author", "speaker", "publisher", "identifier", "subject", "validity")}
    named |= {name: choose_text([parts.people[name]]) for name in ("reporter", "editor", "reviewer") if name in parts.people}
    values: dict[str, Any] = {name: value for name, (value, _) in named.items()} | {"validity": validity}
    script = detect(text)
    seen = Seen(
        decoded.text, source.page.lines, text, title or "", parts.capture.url, source.attachments, len(source.images), source.unsure, script
    )
    conflict = conflict or contradicts(issued, official.created)
    flags = classify(seen) | dict(cleaned.flags) | {flag: _REASONS.get(flag, "") for flag in _flags(parts, decoded, conflict=conflict)}
    if source.choice is not None and source.choice.little:
        flags[LITTLE] = source.choice.little
    if official.damaged_number:
        flags["damaged_number"] = official.damaged_number
    found = {name: proof for name, (_, proof) in named.items()} | {"issued": issued_evidence, "title": title_evidence}
    found["encoding"] = encoding_evidence(decoded)
    evidence = {name: proof for name, proof in found.items() if proof} | dict(official.evidence) | _flag_evidence(flags.items())
    evidence["class"] = class_of(flags)
    if source.choice is not None and source.choice.evidence is not None:
        evidence["text"] = source.choice.evidence
    return Notice(
        title=title,
        issued=issued,
        created=official.created,
        printed=official.printed,
        effective=official.effective,
        repealed=official.repealed,
        creator=official.creator,
        document_number=official.document_number,
        addressee=official.addressee,
        signatory=official.signatory,
        copied_to=official.copied_to,
        attachment_notes=official.attachment_notes,
        type=official.type,
        **values,
        script=script,
        paragraphs=paragraphs,
        attachments=source.attachments,
        images=_images(source, cleaned),
        removals=cleaned.removals,
        spans=find_spans(paragraphs),
        flags=tuple(sorted(flags)),
        evidence=evidence,
        meta=source.tags.meta,
        canonical=source.canonical,
        uncleaned=cleaned.uncleaned,
        reader=source.reader,
        confidence=source.choice.confidence if source.choice else 0.0,
    )


def _images(source: Source, cleaned: Cleaned) -> tuple[Picture, ...]:
    """Give the pictures of a text, each before its paragraph; one at the end stands behind the last."""
    if not source.images:
        return ()
    places = {id(line): index for index, line in enumerate(source.page.lines)}
    kept = [places.get(id(line), -1) for line, _ in cleaned.lines]
    return tuple(replace(picture, paragraph=sum(place < line for place in kept)) for line, picture in source.images)


def _flags(parts: _Parts, decoded: Decoded, *, conflict: bool) -> Iterator[str]:
    yield from parts.source.flags
    if conflict:
        yield "date_conflict"
    if parts.capture.truncated:
        yield "truncated"
    if decoded.replacements:
        yield "damaged_characters"


def _flag_evidence(flags: Iterable[tuple[str, str]]) -> dict[str, Evidence]:
    return {flag: Evidence(flag, "", snippet[:200], "flag") for flag, snippet in flags if snippet}
