"""Strips: the text of a page between the edges of its elements, hidden text too, as labels and their values stand in it.

Lines (`cleaners.pages.page`) are what a reader sees; strips are what a label is looked for in: every element that is not inline
begins and ends one, each cell of a table is one, and where an inline element begins or ends stands `EDGE`.
"""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

from cleaners.pages.tags import CUT, unescape
from cleaners.pages.tree import Tree


class Strip(NamedTuple):
    """One run of text; `token` is the place among the page's tags of the one it follows."""

    token: int
    text: str


def read_strips(tree: Tree) -> list[Strip]:
    """Give the strips of a page's body in order."""
    body = next((token for token, kind in enumerate(tree.kinds) if kind.name in {"body", "frameset"}), 0)
    marks = [kind.mark for kind in tree.kinds[body:]]
    runs = "".join(chain.from_iterable(zip(marks, tree.texts[body:], strict=True))).split(CUT)
    tokens = [token for token, mark in enumerate(marks, body) if mark is CUT]
    return [Strip(token, unescape(text)) for token, run in zip((body, *tokens), runs, strict=True) if (text := run.strip())]
