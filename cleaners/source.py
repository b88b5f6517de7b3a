"""A decoded page, HTML or plain text, before boilerplate: its own lines, where they were found, and what stands around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml.html import HtmlElement

from cleaners.attached import find_attachments
from cleaners.body import find_body
from cleaners.fallback import fallback_lines
from cleaners.fields import Reading
from cleaners.infolines import Labelled, labels_of
from cleaners.layout import Layout, choose, selector
from cleaners.markup import is_markup, parse, strip_tags
from cleaners.pagetags import PageTags, read_pagetags
from cleaners.records import Attachment, Capture
from cleaners.rules import Rules
from cleaners.text import Line, Page, collapse, flat_lines, read_lines
from cleaners.titles import heading_of, without_site

AROUND = 14
"""Lines above and below the text in which labelled values are looked for."""


@dataclass(frozen=True)
class Source:
    """What was found before anything is taken away."""

    lines: tuple[Line, ...]
    reader: str
    page: Page
    titles: tuple[Reading, ...] = ()
    tags: PageTags = PageTags()
    labelled: tuple[Labelled, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    images: int = 0
    canonical: str = ""
    blank_after: int = -1
    flags: tuple[str, ...] = ()

    @property
    def title(self) -> str | None:
        """The most trusted title."""
        return next((reading.value for reading in self.titles if reading.value), None)


def read_source(text: str, capture: Capture, rules: Rules) -> Source:
    """Read a decoded page by what it is: HTML, plain text, or HTML that no tree holds."""
    if not is_markup(text):
        return read_flat(text)
    root = parse(text)
    if root is None:
        return Source(tuple(flat_lines(strip_tags(text))), "stripped", Page(), flags=("parser_limit",))
    return read_page(root, text, capture, choose(rules.layouts, capture.captured_at))


def read_flat(text: str) -> Source:
    """Read plain text: a line a paragraph; where an empty line follows the first line is noted, for it tells a title."""
    raw = text.splitlines()
    lines = tuple(flat_lines(text))
    first = next((index for index, line in enumerate(raw) if line.strip()), 0)
    blank = len(raw) > first + 1 and not raw[first + 1].strip() and len(lines) > 1
    return Source(lines, "flat", Page(lines=list(lines)), blank_after=0 if blank else -1)


def read_page(root: HtmlElement, text: str, capture: Capture, layouts: Sequence[Layout]) -> Source:
    """Read an HTML page: its tags, the lines of its body and what stands around them."""
    tags = read_pagetags(root, capture.url)
    document_title = collapse(next((title.text_content() for title in root.iter("title")), ""))
    _drop(root, tags, layouts)
    page = read_lines(root)
    titles = tuple(_titles(root, page, tags, layouts, document_title, capture))
    body = find_body(root, page, layouts, next((title.value for title in titles), ""))
    if body is None:
        page_hidden = read_lines(root, hidden=True)
        body = find_body(root, page_hidden, layouts, "")
        page = page_hidden if body is not None else page
    lines = tuple(page.lines[body.first : body.last]) if body else ()
    reader = body.reader if body else ""
    if not lines and (other := fallback_lines(text)):
        lines, reader = other, "trafilatura"
    first, last = (body.first, body.last) if body else (0, len(page.lines))
    return Source(
        lines, reader, page, titles, tags,
        labels_of(line.text for line in _around(page, first, last)),
        find_attachments(page, first, last, base_of(root, capture.url)),
        sum(first <= line <= last for line, _ in page.images),
        tags.canonical,
    )  # fmt: skip


def base_of(root: HtmlElement, url: str) -> str:
    """Give the address that relative links of a page start from (`<base href>`)."""
    href = next((base.get("href") for base in root.iter("base") if base.get("href")), None)
    try:
        return urljoin(url, href) if href else url
    except ValueError:
        return url


def _drop(root: HtmlElement, tags: PageTags, layouts: Sequence[Layout]) -> None:
    for table in tags.tables:
        _remove(table)
    for layout in layouts:
        for css in layout.drop:
            for node in selector(css)(root):
                _remove(node)


def _remove(node: HtmlElement) -> None:
    """Take an element out and leave the text after it."""
    if node.getparent() is not None:
        node.drop_tree()


def _around(page: Page, first: int, last: int) -> Iterator[Line]:
    yield from page.lines[max(0, first - AROUND) : min(first + AROUND, last)]
    yield from page.lines[max(first + AROUND, last - 4) : last + 4]


def _titles(
    root: HtmlElement, page: Page, tags: PageTags, layouts: Sequence[Layout], document_title: str, capture: Capture
) -> Iterator[Reading]:
    for layout in layouts:
        if layout.title and (node := next(iter(selector(layout.title)(root)), None)) is not None:
            yield Reading(collapse(node.text_content()), "layout")
    yield from (Reading(collapse(found.value), found.place, found.snippet) for found in tags.all("title"))
    lines = [(line.text, line.level) for line in page.lines if line.kind != "row" and not line.links and not line.seldom]
    if document_title and (heading := heading_of(document_title, lines)):
        yield Reading(heading, "title")
    yield from (Reading(text, "heading") for text, level in lines if level == 1)
    if capture.entry is not None and capture.entry.title:
        yield Reading(collapse(capture.entry.title), "list")
    if document_title:
        yield Reading(without_site(document_title), "title", document_title)


