"""The <meta> names of a page and the elements one CMS names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cleaners.pages.tree import Element
from cleaners.stated.labels import clean_value, meta_fields
from cleaners.urls import join


@dataclass(frozen=True, slots=True)
class FieldFound:
    """One field as the page states it, the value verbatim; `place` is meta, table or label, `snippet` the text it stands in.

    `name` is a field of Notice or one of modified, printed, repealed, openness, keywords, abstract, description, publishing_unit,
    site_name, site_domain, site_code, column_name, column_type, column_description, column_keywords, image, address.
    """

    name: str
    value: str
    place: str
    snippet: str


def meta_pairs(tree: Element) -> Iterator[tuple[str, str]]:
    """Give the names and contents of a page's <meta> tags as they stand."""
    for node in tree.iter("meta"):
        name = (node.get("name") or node.get("property") or node.get("itemprop") or "").strip()
        if name:
            yield name, (node.get("content") or "").strip()


def meta_tag_fields(pairs: Sequence[tuple[str, str]]) -> Iterator[FieldFound]:
    """Give the tags that fill a field, those of the national standard before their aliases."""
    written: dict[str, list[tuple[str, str]]] = {}
    for name, value in pairs:
        written.setdefault(name.lower(), []).append((name, value))
    for alias, field_name in meta_fields().items():
        for name, value in written.get(alias, ()):
            if cleaned := " ".join(value.split()):
                yield FieldFound(field_name, cleaned, "meta", f'<meta name="{name}" content="{value[:200]}">')


def named_elements(tree: Element) -> Iterator[FieldFound]:
    """Give what the elements of one CMS name (开普 UCAP): <publishtime> is the date visitors see, <ucaptitle> the title."""
    for tag, name in (("publishtime", "issued"), ("ucaptitle", "title")):
        for node in tree.iter(tag):
            if value := clean_value("".join(node.itertext())):
                yield FieldFound(name, value, "label", f"<{tag}>{value[:200]}")


def canonical(tree: Element, url: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Give the address a page names as its own, resolved; empty where it names none."""
    links = [node.get("href") or "" for node in tree.iter("link") if (node.get("rel") or "").lower() == "canonical"]
    named = [value for wanted in ("url", "og:url") for name, value in pairs if name.lower() == wanted]
    return next((address for link in [*links, *named] if link and (address := join(url, link))), "")
