"""Strips: the text of a page between the edges of its elements, hidden text too, as labels and their values stand in it.

Lines (`cleaners.text`) are what a reader sees; strips are what a label is looked for in: every element that is not inline
begins and ends one, each cell of a table is one, and where an inline element begins or ends stands `EDGE`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lxml import etree

from cleaners.labels import EDGE

Element = Any  # an lxml element: its type has no public name

_UNREAD = "script style noscript template select textarea title head option iframe object"
UNREAD = frozenset(_UNREAD.split())
_INLINE = (
    "a abbr b bdi bdo big cite code em font i ins del kbd label mark nobr q s small span strike strong sub sup time tt u var publishtime"
)
INLINE = frozenset(_INLINE.split())


class Strip(NamedTuple):
    """One run of text, with the nearest element around it that is not inline."""

    node: Element
    text: str


class StripReader:
    """Collects strips from the events of a walk over a tree in document order; what stands in no block stands in `root`."""

    def __init__(self, root: Element) -> None:
        self.strips: list[Strip] = []
        self._parts: list[str] = []
        self._blocks: list[Element] = [root]

    def start(self, element: Element, tag: str) -> None:
        """Open an element."""
        if tag in INLINE:
            self._parts.append(EDGE)
        else:
            if self._parts:
                self._cut()
            self._blocks.append(element)
        if element.text:
            self._parts.append(element.text)

    def end(self, element: Element, tag: str) -> None:
        """Close an element that was opened, and take the text after it."""
        if tag in INLINE:
            self._parts.append(EDGE)
        else:
            if self._parts:
                self._cut()
            self._blocks.pop()
        self._after(element)

    def read(self, root: Element) -> None:
        """Read an element and all in it, as far as it is to be read, and the text after it."""
        if not _is_read(root.tag):
            self._pass_over(root)
            return
        walker = etree.iterwalk(root, events=("start", "end"))
        passed: Element = None
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if not _is_read(tag):
                    walker.skip_subtree()
                    passed = element
                else:
                    self.start(element, tag)
            elif element is passed:
                self._pass_over(element)
            else:
                self.end(element, tag)

    def finish(self) -> tuple[Strip, ...]:
        """Give the strips read."""
        self._cut()
        return tuple(self.strips)

    def _pass_over(self, element: Element) -> None:
        self._cut()
        self._after(element)

    def _after(self, element: Element) -> None:
        if element.tail:
            self._parts.append(element.tail)

    def _cut(self) -> None:
        text = "".join(self._parts).strip()
        if text and (EDGE not in text or text.replace(EDGE, "").strip()):
            self.strips.append(Strip(self._blocks[-1], text))
        self._parts.clear()


def _is_read(tag: object) -> bool:
    return isinstance(tag, str) and tag not in UNREAD


def read_strips(tree: Element) -> tuple[Strip, ...]:
    """Give the strips of a page."""
    body = tree.find("body")
    root = tree if body is None else body
    reader = StripReader(root)
    reader.read(root)
    return reader.finish()
