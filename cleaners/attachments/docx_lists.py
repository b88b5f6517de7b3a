"""The lists of a .docx: numbering.xml and the styles that number, as the number each paragraph begins with.

Source: ECMA-376-1 17.9 (Numbering), 17.7.4 (Styles). A paragraph's own w:numPr goes before its style's, a style's before the one it
is based on; numId 0 takes numbering away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cleaners.attachments.numbering import LEVELS, Counters, Level
from cleaners.attachments.package import Element, child, children, is_on, local, number, value

_DEEPEST = 20
"""Styles based on one another."""


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str
    number: str | None
    depth: int | None


class Lists:
    """Gives each paragraph of one document its number, in the order they are asked for."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._links: dict[str, str] = {}
        self._of_style: dict[tuple[str, str], int] = {}
        self._numbers: dict[str, str] = {}
        self._overrides: dict[str, dict[int, Level]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._styles: dict[str, _Style] = {}
        self._default = ""
        self._counters = Counters()
        self._read_styles(styles)
        self._read_numbering(numbering)

    def label(self, properties: Element | None) -> str:
        """Give the number that a paragraph with these properties (w:pPr) begins with; empty where it has none."""
        style = value(child(properties, "pStyle")) or self._default
        number_id, depth = self._place(child(properties, "numPr"), style)
        counted = self._numbers.get(number_id)
        if number_id == "0" or counted is None or not 0 <= depth < LEVELS:
            return ""
        counted = self._linked(counted)
        levels = self._levels.get(counted, {}) | self._overrides.get(number_id, {})
        return self._counters.label(counted, levels, depth, self._starts.get(number_id, {}), number_id)

    def _place(self, own: Element | None, style: str) -> tuple[str, int]:
        number_id, depth = value(child(own, "numId")), value(child(own, "ilvl"))
        for name in self._chain(style):
            if number_id is not None:
                break
            number_id = self._styles[name].number
            if number_id is not None and depth is None:
                counted = self._linked(self._numbers.get(number_id, ""))
                depth = str(self._of_style.get((counted, name), self._styles[name].depth or 0))
        return number_id or "0", number(depth)

    def _chain(self, style: str) -> Iterator[str]:
        for _ in range(_DEEPEST):
            if style not in self._styles:
                return
            yield style
            style = self._styles[style].based_on

    def _linked(self, counted: str) -> str:
        """Follow w:numStyleLink: a list that has no levels of its own names the list style that has them."""
        style = self._styles.get(self._links.get(counted, ""))
        return self._numbers.get(style.number or "", counted) if style else counted

    def _read_styles(self, styles: Element | None) -> None:
        for style in children(styles):
            name = value(style, "styleId")
            if local(style) != "style" or not name:
                continue
            place = child(child(style, "pPr"), "numPr")
            depth = value(child(place, "ilvl"))
            based_on = value(child(style, "basedOn")) or ""
            self._styles[name] = _Style(based_on, value(child(place, "numId")), number(depth) if depth else None)
            if value(style, "type") == "paragraph" and value(style, "default") in {"1", "true", "on"}:
                self._default = name

    def _read_numbering(self, numbering: Element | None) -> None:
        for element in children(numbering):
            if local(element) == "abstractNum":
                self._read_abstract(element, value(element, "abstractNumId") or "")
            elif local(element) == "num":
                self._read_number(element, value(element, "numId") or "")

    def _read_abstract(self, element: Element, name: str) -> None:
        self._levels[name] = {}
        for part in children(element):
            if local(part) == "lvl":
                depth = number(value(part, "ilvl"))
                self._levels[name][depth] = _level(part)
                style = value(child(part, "pStyle"))
                if style:
                    self._of_style[name, style] = depth
            elif local(part) == "numStyleLink":
                self._links[name] = value(part) or ""

    def _read_number(self, element: Element, name: str) -> None:
        self._numbers[name] = value(child(element, "abstractNumId")) or ""
        for override in children(element):
            if local(override) != "lvlOverride":
                continue
            depth = number(value(override, "ilvl"))
            start, level = child(override, "startOverride"), child(override, "lvl")
            if start is not None:
                self._starts.setdefault(name, {})[depth] = number(value(start))
            if level is not None:
                self._overrides.setdefault(name, {})[depth] = _level(level)


def _level(element: Element) -> Level:
    restart = value(child(element, "lvlRestart"))
    return Level(
        text=value(child(element, "lvlText")) or "",
        number_format=value(child(element, "numFmt")) or "decimal",
        start=number(value(child(element, "start"))),
        restart=None if restart is None else number(restart),
        suffix=value(child(element, "suff")) or "tab",
        legal=is_on(child(element, "isLgl")),
    )
