"""Text -> tree, once a page, and what is left when no tree can hold the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from cleaners.pages.tags import BLOCKS
from cleaners.pages.tree import Element, Tree

MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|p|br|table|span|meta|title|a|h[1-6]|section|article|font|ul|td)\b[^<>]{0,2000}>", re.IGNORECASE
)
TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][\w-]{0,40})")
UNREADABLE = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
RAW = frozenset({"script", "style", "noscript", "textarea", "title"})
DEEPEST = 1500
"""Levels of open elements; libxml2 loses text beyond 2048, and what nests so deep is no page."""


def is_markup(text: str) -> bool:
    """Say whether a text is HTML, by its tags and not by what its sender calls it."""
    return MARKUP.search(text[:20_000]) is not None


def parse(text: str) -> Element | None:
    """Parse HTML; None when it holds no element at all. What nests deeper than `DEEPEST` may have lost text."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    data = text.encode("utf-8", "replace").translate(None, UNREADABLE)
    try:
        root: Element | None = etree.fromstring(data, parser)
    except etree.LxmlError:  # not one element in it
        return None
    return root


def tree_of(text: str) -> Tree | None:
    """Give the tags of an HTML text; None where no tree can hold it without losing text: it is read by `strip_tags` then."""
    root = parse(text)
    tree = Tree(root) if root is not None else None
    return None if tree is None or (len(tree.tags) > DEEPEST and max(tree.depths) > DEEPEST) else tree


def strip_tags(text: str) -> str:
    """Take the tags off in time linear in the page: block tags end lines, scripts and styles go, entities are read.

    Of a comment, script or tag that is never closed only its opening goes: a page cut off there keeps its text.
    """
    return "".join(_pieces(text, _Closings(text)))


class _Closings:
    """Where what was opened is closed; a closing that is nowhere is looked for once, for each search may read to the end of the page."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._nowhere: set[str] = set()

    def after(self, closing: str, at: int) -> int:
        """Give the place behind the next closing, in any case; -1 where there is none any more."""
        found = None if closing in self._nowhere else re.compile(re.escape(closing), re.IGNORECASE).search(self._text, at)
        if found is None:
            self._nowhere.add(closing)
            return -1
        return found.end()


def _pieces(text: str, closings: _Closings) -> Iterator[str]:
    at = 0
    while (start := text.find("<", at)) >= 0:
        yield _unescape(text[at:start])
        tag = TAG.match(text, start)
        name = tag["name"].lower() if tag else ""
        if text.startswith("<!--", start):
            at = max(closings.after("-->", start), start + 4)
        elif tag or text.startswith(("<!", "<?", "</"), start):
            at = max(closings.after(">", start), tag.end() if tag else start + 2)
        else:
            yield "<"
            at = start + 1
        if name in RAW and tag and not tag["close"]:
            at = max(closings.after(f"</{name}", at) - len(name) - 2, at)
        yield "\n" if name in BLOCKS or name == "br" else ""
    yield _unescape(text[at:])


def _unescape(text: str) -> str:
    from html import unescape  # noqa: PLC0415 - a table of two thousand names few pages need

    return unescape(text) if "&" in text else text
