"""The names a page gives its text: tags, headings, <title>, the listing; in order of trust."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaners.pages.body import matches_of
from cleaners.pages.layout import Layout
from cleaners.pages.page import Page
from cleaners.pages.tree import Tree
from cleaners.records import Capture
from cleaners.stated.fields import Reading
from cleaners.stated.pagetags import PageTags
from cleaners.stated.titles import (
    heading_of,
    is_frame,
    is_site_name,
    joined_headings,
    without_site,
    wording_of,
)
from cleaners.text import collapse

WEAK = frozenset({"heading", "list", "column"})
"""Places of titles that give way to others, and to the title line of the text itself."""
LONGEST_COLUMN = 8
"""Characters of the longest link that is taken for the name of a column, and a title that says the same for no title."""


def ranked(titles: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Put a heading the page's own title does not repeat, and the listing's shortened title, behind the rest."""
    return tuple(sorted(titles, key=lambda title: title.place in WEAK))


def read_titles(
    tree: Tree, page: Page, tags: PageTags, layouts: Sequence[Layout], *, document_title: str, capture: Capture
) -> Iterator[Reading]:
    """Give the titles of a page: of layouts, tags, headings, `<title>`, the listing that led to it."""
    for layout in layouts:
        if not layout.title or (layout.family and not matches_of(layout.body, page)):
            continue
        if (node := min(matches_of(layout.title, page), default=None)) is not None:
            yield Reading(next((line.text for line in page.lines[slice(*page.range_of(node))]), collapse(tree.text_of(node))), "layout")
    lines = [line for line in page.lines if line.kind != "row" and not line.links]
    texts = [line.text for line in lines]
    joined = list(joined_headings(lines, without_site(document_title)))
    for found in tags.all("title"):
        said = wording_of(collapse(found.value), [*texts, *joined])
        yield Reading(said, "column" if _is_column(said, page) else found.place, found.snippet)
    yield from (Reading(text, "title") for text in joined)
    likely = [line.text for line in lines if not line.seldom]
    if document_title and (heading := heading_of(document_title, likely) or heading_of(document_title, texts)):
        yield Reading(heading, "column" if is_frame(heading) else "title")
    yield from (Reading(line.text, "heading") for line in lines if line.level == 1 and not is_site_name(line.text))
    if capture.entry is not None and capture.entry.title:
        yield Reading(collapse(capture.entry.title), "list")
    if document_title and not is_site_name(own := wording_of(without_site(document_title), texts)):
        yield Reading(own, "column" if is_frame(own) or _is_column(own, page) else "title", document_title)


def _is_column(title: str, page: Page) -> bool:
    """Say whether what a page calls its title is the site's name, or the column a link of the page leads to."""
    if is_site_name(title):
        return True
    short = len(title) <= LONGEST_COLUMN
    return short and any(collapse(page.tree.text_of(node)) == title for _, node in page.anchors)
