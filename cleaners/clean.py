"""The pipeline: bytes -> Notice. Pure: no network, no files, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cleaners.decoding.decode import Decoded, decode, encoding_evidence
from cleaners.document.official import Official, read_official
from cleaners.document.spans import find_spans
from cleaners.length import FLAG, first_lines
from cleaners.noise.boilerplate import clean_lines
from cleaners.noise.pageclass import Seen, class_of, classify, flags_of_page
from cleaners.pages.carried import with_carried
from cleaners.pages.markup import DEEPEST
from cleaners.pages.parts import SPLIT, with_parts
from cleaners.pages.vote import LITTLE
from cleaners.paragraphs import paragraphs_of, place_images
from cleaners.readings import Readings
from cleaners.records import Capture, Evidence, Notice, Paragraph
from cleaners.rules import Rules, default_rules
from cleaners.source import read_source
from cleaners.stated.fields import choose_date, choose_text, contradicts

_TEXTS = ("source", "author", "speaker", "publisher", "identifier", "subject", "validity")
_PEOPLE = ("reporter", "editor", "reviewer")
_OFFICIAL = (
    *("created", "printed", "effective", "repealed", "creator", "document_number", "addressee", "signatory"),
    *("copied_to", "attachment_notes", "type"),
)
_LONGEST_SNIPPET = 200


def clean(capture: Capture, rules: Rules | None = None) -> Notice:
    """Read a capture: HTML or plain text by content. Bad pages give a Notice with flags; only bad rules raise (LayoutError)."""
    rules = rules or default_rules()
    decoded = decode(capture.body, capture.headers)
    source = with_carried(read_source(decoded.text, capture, rules), decoded.text, capture)
    lines, left = first_lines(source.lines)
    source = replace(source, lines=lines, left=left)
    known = flags_of_page(source.page.lines, rules.matcher, capture.url)
    cleaned = clean_lines(source.lines, rules.matcher, title=source.title, blank_after=source.blank_after, flags=known)
    source, cleaned = with_parts(source, cleaned, decoded.text, capture, rules)
    paragraphs = paragraphs_of(cleaned)
    readings = Readings(capture, source, cleaned)
    official = read_official(readings.title, paragraphs, source.tags)
    return _notice(readings, official, paragraphs, decoded)


def _notice(readings: Readings, official: Official, paragraphs: tuple[Paragraph, ...], decoded: Decoded) -> Notice:
    source, cleaned = readings.source, readings.cleaned
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    script = readings.script
    values, evidence = _values(readings, official)
    conflict = values.pop("conflict") or contradicts(values["issued"], official.created)
    flags = _flags(readings, official, decoded, text, title=values["title"] or "", script=script, conflict=conflict)
    return Notice(
        **values,
        script=script,
        paragraphs=paragraphs,
        attachments=source.attachments,
        images=place_images(source.images, source.page, cleaned),
        parts=() if "listing" in flags else source.parts,
        removals=cleaned.removals,
        spans=find_spans(paragraphs),
        flags=tuple(sorted(flags)),
        evidence=evidence | _page_evidence(readings, decoded, flags),
        meta=source.tags.meta,
        canonical=source.canonical,
        uncleaned=cleaned.uncleaned,
        reader=source.reader,
        confidence=source.choice.confidence if source.choice else 0.0,
    )


def _values(readings: Readings, official: Official) -> tuple[dict[str, Any], dict[str, Evidence]]:
    """Give the value of every field, whether the dates of issue contradict each other, and the evidence of each."""
    issued, issued_evidence, conflict = choose_date(readings.dates())
    title, title_evidence = choose_text(tuple(readings.titles()))
    named = {name: readings.text(name) for name in _TEXTS}
    named |= {name: choose_text([readings.people[name]]) for name in _PEOPLE if name in readings.people}
    values: dict[str, Any] = {name: value for name, (value, _) in named.items()}
    values |= {name: getattr(official, name) for name in _OFFICIAL}
    values |= {"title": title, "issued": issued, "conflict": conflict, "validity": official.validity or values["validity"]}
    proofs = {name: proof for name, (_, proof) in named.items()} | {"issued": issued_evidence, "title": title_evidence}
    return values, {name: proof for name, proof in proofs.items() if proof} | dict(official.evidence)


def _flags(
    readings: Readings, official: Official, decoded: Decoded, text: str, *, title: str, script: str, conflict: bool
) -> Mapping[str, str]:
    """Give the flags of a page, each with the words it was read from."""
    source, cleaned = readings.source, readings.cleaned
    seen = Seen(
        decoded.text, source.page.lines, text, title, readings.capture.url, source.attachments, len(source.images), source.unsure, script
    )
    return classify(seen) | dict(cleaned.flags) | dict(_more_flags(readings, official, decoded, conflict=conflict))


def _more_flags(readings: Readings, official: Official, decoded: Decoded, *, conflict: bool) -> Iterator[tuple[str, str]]:
    source = readings.source
    for flag in source.flags:
        yield flag, f"depth: elements nest deeper than {DEEPEST} levels" if flag == "parser_limit" else ""
    if source.left:
        yield FLAG, source.left
    if source.parts:
        yield SPLIT, " ".join(source.parts)
    if conflict:
        yield "date_conflict", ""
    if readings.capture.truncated:
        yield "truncated", ""
    if decoded.replacements:
        yield "damaged_characters", ""
    if source.choice is not None and source.choice.little:
        yield LITTLE, source.choice.little
    if official.damaged_number:
        yield "damaged_number", official.damaged_number


def _page_evidence(readings: Readings, decoded: Decoded, flags: Mapping[str, str]) -> dict[str, Evidence]:
    """Give the evidence of what was found of the page itself: its encoding, its flags and class, who found its text."""
    evidence = {flag: Evidence(flag, "", words[:_LONGEST_SNIPPET], "flag") for flag, words in flags.items() if words}
    evidence |= {"encoding": encoding_evidence(decoded), "class": class_of(flags)}
    choice = readings.source.choice
    return evidence if choice is None or choice.evidence is None else evidence | {"text": choice.evidence}
