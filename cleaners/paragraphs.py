"""Cleaned lines -> paragraphs: headings with their level, captions, rows with their cells; pictures before theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaners.document.imprint import note_lines
from cleaners.noise.boilerplate import Cleaned
from cleaners.pages.page import Page
from cleaners.records import Paragraph, Picture
from cleaners.text import CAPTION, LONGEST_HEADING, Line, heading_level, is_sentence


def paragraphs_of(cleaned: Cleaned) -> tuple[Paragraph, ...]:
    """Give the paragraphs of cleaned lines: rows with cells, captions, headings with their level, text.

    Lines of one ordinal's kind right below each other (1. 2. 3.) are a list, and those of the 附件说明 are names of files: no headings.
    """
    texts = [text for _, text in cleaned.lines]
    levels = [heading_level(text) for text in texts]
    listed = {
        index
        for index, level in enumerate(levels)
        if level and level in (*levels[max(0, index - 1) : index], *levels[index + 1 : index + 2])
    }
    listed.update(note_lines(texts))
    return tuple(
        _paragraph(line, text, 0 if index in listed else levels[index], listed=index in listed)
        for index, (line, text) in enumerate(cleaned.lines)
    )


def _paragraph(line: Line, text: str, level: int, *, listed: bool) -> Paragraph:
    if line.kind == "row":
        whole = text == line.text
        return Paragraph(text, "row", 0, line.cells if whole else tuple(text.split("\t")), line.table, line.merged if whole else ())
    if line.kind == "caption":
        return Paragraph(text, "caption", line.level)
    if line.kind == "heading" and not listed and not is_sentence(text):
        return Paragraph(text, "heading", line.level)
    if len(text) <= LONGEST_HEADING and CAPTION.match(text):
        return Paragraph(text, "caption")
    return Paragraph(text, "heading" if level else "text", level)


def place_images(images: Sequence[tuple[int, Picture]], page: Page, cleaned: Cleaned) -> tuple[Picture, ...]:
    """Give pictures, known by the line each stands before, before their paragraphs; one at the end stands behind the last."""
    if not images:
        return ()
    places = {id(line): index for index, line in enumerate(page.lines)}
    kept = [places.get(id(line), -1) for line, _ in cleaned.lines]
    return tuple(replace(picture, paragraph=sum(place < line for place in kept)) for line, picture in images)
