"""Lines of text: white space, headings by their ordinals (GB/T 9704), ordinals cut off, plain text read line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e]+")


@dataclass(slots=True)
class Line:
    """One line of a page: `kind`, `level`, `cells`, `table` and `merged` as in Paragraph.

    `links` counts the characters inside links; `seldom` says that it stands in a part of the page that is seldom text.
    """

    text: str
    kind: str = "text"
    level: int = 0
    cells: tuple[str, ...] = ()
    links: int = 0
    seldom: bool = False
    table: int = 0
    merged: tuple[tuple[int, int], ...] = ()


def collapse(text: str) -> str:
    """Collapse each run of white space to one blank and drop characters nobody sees; nothing else of the text is touched."""
    collapsed = " ".join(text.split())
    return collapsed if collapsed.isprintable() else " ".join(INVISIBLE.sub("", collapsed).split())


ORDINALS = (
    (1, re.compile(r"第[一二三四五六七八九十百]{1,5}[章编篇部分]{1,2}(?![^\s]{0,3}规定)|[一二三四五六七八九十]{1,3}\s?、")),
    (2, re.compile(r"第[一二三四五六七八九十百]{1,5}节|[(（][一二三四五六七八九十]{1,3}[)）]")),
    (3, re.compile(r"\d{1,2}\s?[.．、](?!\d)")),
    (4, re.compile(r"[(（]\d{1,2}[)）]")),
)
LONE_ORDINAL = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}(?:是|要|[、,，.．])[,，:：]?|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.．、]|[(（]\d{1,2}[)）]"
    r"|第[一二三四五六七八九十百]{1,5}条)"
)
CAPTION = re.compile(r"(?:图[①-⑩]|△|▲|图为|资料图|[(（]资料图片)|.{2,30}摄[)）]?$")
FULL_STOPS = ("。", "；", ";")
LONGEST_HEADING = 80
SENTENCE_END = tuple("。！？；!?;.：:，,、")


def heading_level(text: str) -> int:
    """Give the level of a heading by its ordinal (一、 （一） 1. （1）: GB/T 9704-2012, 7.3.3), 0 for running text."""
    if len(text) > 40 or text.endswith(SENTENCE_END):
        return 0
    return next((level for level, ordinal in ORDINALS if ordinal.match(text)), 0)


def is_sentence(text: str) -> bool:
    """Say whether a line is running text, whatever element it stands in: too long for a heading, or with a sentence's end."""
    return len(text) > LONGEST_HEADING or text.endswith(FULL_STOPS)


def is_lone_ordinal(text: str) -> bool:
    """Say whether a line is no more than an ordinal (五是, 一、, （一）, 1.) cut off from its paragraph."""
    return len(text) < 10 and LONE_ORDINAL.fullmatch(text.replace(" ", "")) is not None


def flat_lines(text: str) -> Iterator[Line]:
    """Read plain text: a line a paragraph, tabs between the cells of a row; empty lines give none."""
    for raw in text.splitlines():
        cells = tuple(collapse(cell) for cell in raw.strip().split("\t"))
        line = "\t".join(cells).strip()
        if "\t" in line:
            yield Line(line, "row", 0, tuple(line.split("\t")))
        elif line:
            yield Line(line)
