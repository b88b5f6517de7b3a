"""A page that shows little, with what it carries beside its markup: a text in JSON or a script, the file in its viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaners.pages.attached import find_attachments
from cleaners.pages.embedded import Embedded, embedded, is_json
from cleaners.pages.markup import is_markup, strip_tags, tree_of
from cleaners.pages.page import Page, read_lines
from cleaners.pages.pictures import find_images
from cleaners.pages.shells import shell_files
from cleaners.pages.vote import Choice
from cleaners.plain import is_plain
from cleaners.records import Attachment, Capture, Evidence
from cleaners.source import Source
from cleaners.stated.fields import Reading
from cleaners.text import Line, flat_lines
from cleaners.urls import join

LITTLE = 60
"""Characters outside links under which a page is looked through for what it carries."""
SURE = 0.5
"""Confidence in a text that a script would have shown: nothing else on the page speaks for or against it."""


def with_carried(source: Source, text: str, capture: Capture) -> Source:
    """Give a page's source with the text and files it carries, where it shows next to nothing itself; `text` is the page as decoded."""
    if source.reader == "stripped" or (not is_json(text) and (source.reader == "flat" or shown(source.lines) >= LITTLE)):
        return source
    found = embedded(text)
    if found is not None and found.prose >= 2 * shown(source.lines, json=is_json(text)):
        source = _with_text(source, found, capture)
    known = {file.url for file in source.attachments}
    framed = tuple(file for file in shell_files(text, capture.url) if file.url not in known)
    return replace(source, attachments=(*source.attachments, *framed)) if framed else source


def shown(lines: Sequence[Line], *, json: bool = False) -> int:
    """Count the characters outside links; a JSON document read as a page shows none."""
    return 0 if json else sum(len(line.text) - line.links for line in lines)


def _with_text(source: Source, found: Embedded, capture: Capture) -> Source:
    page = _page(found.html)
    lines = tuple(page.lines)
    proof = Evidence(f"{found.reader} {found.key}".strip(), "", f"{found.prose} characters of prose", found.reader)
    titles = tuple(Reading(one.value, one.place, one.snippet) for one in found.fields if one.name == "title")
    files = (replace(file, url=url) for file in found.files if (url := join(capture.url, file.url)) is not None)
    return replace(
        source,
        lines=lines,
        reader=found.reader,
        page=page,
        titles=(*titles, *source.titles),
        tags=replace(source.tags, fields=(*source.tags.fields, *found.fields)),
        attachments=_once((*find_attachments(page, 0, len(lines), capture.url), *files, *source.attachments)),
        images=find_images(page, 0, capture.url) if page.tree.kinds else (),
        choice=Choice(lines, page, 0, len(lines), reader=found.reader, confidence=SURE, evidence=proof),
        blank_after=-1,
    )


def _page(html: str) -> Page:
    tree = tree_of(html) if is_markup(html) and is_plain(html.encode("utf-8", "replace")) else None
    if tree is None:
        return Page.flat(tuple(flat_lines(strip_tags(html) if "<" in html else html)))
    return read_lines(tree)


def _once(files: Sequence[Attachment]) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for file in files:
        found.setdefault(file.url or file.title, file)
    return tuple(found.values())
