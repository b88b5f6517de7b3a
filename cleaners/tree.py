"""A parsed page as the run of its tags and texts, which can be read many times faster than its elements one by one.

The tree is written as XML once and split at its tags, both in C: `tags[i]` is what stands between < and >, `texts[i]` what
follows it, `kinds[i]` what it means. A node is the number of an element in document order; elements themselves are made only
where a selector asks.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import accumulate, islice
from typing import Any

from lxml import etree

from cleaners.labels import EDGE
from cleaners.layout import selector
from cleaners.tags import CUT, kind_of, known, unescape

Element = Any  # an lxml element: its type has no public name

_TAG = re.compile(r"<([^>]*)>")
UNREAD = ("script", "style", "noscript", "template", "select", "option", "textarea", "svg", "math", "datalist")
"""Elements that hold nothing a visitor reads as text: they are taken out of the tree, the text after them stays."""


class Tree:
    """The tags and texts of a page in order; changes `root`, out of which it takes what is never text."""

    def __init__(self, root: Element) -> None:
        etree.strip_elements(root, *UNREAD, with_tail=False)
        self.root = root
        written = etree.tostring(root, encoding="unicode", with_tail=False)
        for mark in (CUT, EDGE):
            if mark in written:  # &#30; and the like: no characters of a text, and marks of ours
                written = written.replace(mark, "")
        pieces = _TAG.split(written)
        self.tags = pieces[1::2]
        self.texts = pieces[2::2]
        self.kinds = [known(tag) or kind_of(tag) for tag in self.tags]

    @property
    def depth(self) -> int:
        """The levels of the deepest element."""
        return max(accumulate(kind.step for kind in self.kinds), default=0)

    @cached_property
    def elements(self) -> list[Element]:
        """The elements by node."""
        return list(self.root.iter())

    @cached_property
    def nodes(self) -> dict[Element, int]:
        """The nodes by element."""
        return {element: node for node, element in enumerate(self.elements)}

    def select(self, css: str, within: int = 0) -> list[int]:
        """Give the nodes that a CSS selector finds inside a node, in document order."""
        return [self.nodes[element] for element in selector(css)(self.elements[within])]

    def text_of(self, token: int) -> str:
        """Give all text inside the element that a tag opens."""
        depth, parts = 0, []
        for kind, text in islice(zip(self.kinds, self.texts, strict=True), token, None):
            depth += kind.step
            if depth <= 0:
                break
            parts.append(text)
        return unescape("".join(parts))
