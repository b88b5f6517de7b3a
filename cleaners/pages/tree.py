"""A parsed page as the run of its tags and texts, which can be read many times faster than its elements one by one.

The tree is written as XML once and split at its tags, both in C: `tags[i]` is what stands between < and >, `texts[i]` what
follows it, `kinds[i]` what it means. A node is the place among the tags of the one that opens an element; elements themselves
are made only where a selector asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

from lxml import etree

from cleaners.pages.layout import plain_names, selector
from cleaners.pages.tags import COMMON, CUT, kind_of, known, unescape
from cleaners.stated.labels import EDGE

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

    @cached_property
    def depths(self) -> list[int]:
        """The levels of elements open after each tag."""
        return list(accumulate(kind.step for kind in self.kinds))

    def close_of(self, token: int) -> int:
        """Give the tag that closes the element a tag opens; itself for an empty one."""
        return self.depths.index(self.depths[token] - 1, token) if self.kinds[token].step else token

    def outer(self, token: int) -> int:
        """Give the node around a tag; -1 for the root's."""
        depth = self.depths[token] - (self.kinds[token].step > 0)
        return next((node for node in range(token - 1, -1, -1) if self.depths[node] == depth and self.kinds[node].step > 0), -1)

    def around(self, token: int) -> int:
        """Give the node that what follows a tag stands in; -1 outside all."""
        return token if self.kinds[token].step > 0 else self.outer(token)

    def inside(self, node: int) -> range:
        """Give the tags inside an element, its own among them."""
        return range(node, self.close_of(node) + 1)

    def children(self, node: int) -> Iterator[int]:
        """Give the elements right inside an element."""
        child, close = node + 1, self.close_of(node)
        while child < close:
            yield child
            child = self.close_of(child) + 1

    @cached_property
    def named(self) -> Mapping[str, Sequence[int]]:
        """The nodes by `.class` and `#id`, and those of elements HTML does not know by their names, in document order."""
        found: dict[str, list[int]] = {}
        for node, kind in enumerate(self.kinds):
            if kind.names:
                for name in kind.names:
                    found.setdefault(name, []).append(node)
        return found

    @cached_property
    def _nodes(self) -> Mapping[Element, int]:
        """The nodes by element, in document order; made only where a selector asks."""
        opening = (token for token, kind in enumerate(self.kinds) if kind.step >= 0)
        return dict(zip(self.root.iter(), opening, strict=True))

    def select(self, css: str, within: int = 0) -> list[int]:
        """Give the nodes that a CSS selector finds inside a node, in document order."""
        around = next(element for element, node in self._nodes.items() if node == within)
        return [self._nodes[element] for element in selector(css)(around)]

    def find(self, css: str) -> set[int]:
        """Give the nodes that a list of selectors finds; plain ones are looked up by name."""
        simple, others = plain_names(css)
        found = {node for tag, name in simple for node in self.named.get(name or tag, ()) if not tag or self.kinds[node].name == tag}
        tags = {tag for tag, name in simple if not name and tag in COMMON}
        if tags:
            found.update(node for node, kind in enumerate(self.kinds) if kind.name in tags and kind.step >= 0)
        return found | set(self.select(others)) if others else found

    def text_of(self, node: int) -> str:
        """Give all text inside an element."""
        return unescape("".join(self.texts[node : self.close_of(node)]))
