"""What a page says about itself: the national <meta> names and the header table of official documents (信息公开)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True)
class FieldFound:
    """One field as the page states it: `name` is a field of Notice, `place` is meta, table or label."""

    name: str
    value: str
    place: str
    snippet: str


@dataclass(frozen=True)
class PageTags:
    """The metadata of a page, in the order found.

    `meta` are the tags as they stand (the first of a name that has a value); `tables` are the nodes that hold the header table.
    """

    meta: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[FieldFound, ...] = ()
    tables: tuple[HtmlElement, ...] = ()
    canonical: str = ""

    def all(self, name: str) -> tuple[FieldFound, ...]:
        """Give every reading of a field, the most trusted first: table, label, meta."""
        return tuple(found for place in ("table", "label", "meta") for found in self.fields if found.place == place and found.name == name)

    def first(self, name: str) -> FieldFound | None:
        """Give the most trusted reading of a field."""
        return next(iter(self.all(name)), None)


def read_pagetags(tree: HtmlElement, url: str) -> PageTags:
    """Read the meta tags and the header table of a page."""
    pairs = [((node.get("name") or "").strip(), (node.get("content") or "").strip()) for node in tree.iter("meta")]
    meta = {name: content for name, content in reversed(pairs) if name and content}
    return PageTags(meta=meta)
