"""A decoded page, HTML or plain text, before boilerplate: its own lines, where they were found, and what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from cleaners.pages.attached import find_attachments
from cleaners.pages.layout import Layout, choose
from cleaners.pages.markup import is_markup, strip_tags, tree_of
from cleaners.pages.page import Page, read_lines
from cleaners.pages.pictures import find_images
from cleaners.pages.tree import Element, Tree
from cleaners.pages.vote import Choice, choose_lines
from cleaners.records import Attachment, Capture, Picture
from cleaners.rules import Rules
from cleaners.stated.around import dates_below, labelled_texts, near_dates, near_title, script_dates, title_within
from cleaners.stated.fields import Reading
from cleaners.stated.headings import ranked, read_titles
from cleaners.stated.labels import Labelled, labels_of
from cleaners.stated.pagetags import PageTags, read_pagetags
from cleaners.stated.wechat import read_account
from cleaners.text import Line, collapse, flat_lines

AROUND = 14
"""Lines above the text in which labelled values are looked for."""
ABOVE = 7
"""Lines above the text in which its title and date may stand."""
BELOW = 5
"""Lines below the text in which labelled values are looked for."""


@dataclass(frozen=True)
class Source:
    """What was found before anything is taken away."""

    lines: tuple[Line, ...]
    reader: str
    page: Page
    titles: tuple[Reading, ...] = ()
    tags: PageTags = field(default_factory=PageTags)
    labelled: tuple[Labelled, ...] = ()
    dates: tuple[Reading, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    images: tuple[tuple[int, Picture], ...] = ()
    canonical: str = ""
    blank_after: int = -1
    parts: tuple[str, ...] = ()
    choice: Choice | None = None
    flags: tuple[str, ...] = ()
    left: str = ""  # what was left out because it is longer than any notice

    @property
    def unsure(self) -> bool:
        """Whether nothing looked like a text, or most of what did are links."""
        links = sum(line.links * 2 > len(line.text) for line in self.lines)
        return self.reader in {"", "trafilatura"} or links * 2 > len(self.lines)

    @property
    def title(self) -> str | None:
        """The most trusted title."""
        return next((reading.value for reading in self.titles if reading.value), None)


def read_source(text: str, capture: Capture, rules: Rules) -> Source:
    """Read a decoded page by what it is: HTML, plain text, or HTML that no tree holds."""
    if not is_markup(text):
        return read_flat(text)
    tree = tree_of(text)
    if tree is None:
        return Source(tuple(flat_lines(strip_tags(text))), "stripped", Page.flat(()), flags=("parser_limit",))
    return read_page(tree, text, capture, rules)


def read_flat(text: str) -> Source:
    """Read plain text: a line a paragraph; where an empty line follows the first line is noted, for it tells a title."""
    raw = text.splitlines()
    lines = tuple(flat_lines(text))
    first = next((index for index, line in enumerate(raw) if line.strip()), 0)
    blank = len(raw) > first + 1 and not raw[first + 1].strip() and len(lines) > 1
    return Source(lines, "flat", Page.flat(lines), blank_after=0 if blank else -1)


def read_page(tree: Tree, text: str, capture: Capture, rules: Rules) -> Source:
    """Read an HTML page: its tags, the lines of its body and what stands around them."""
    layouts = choose(rules.layouts, capture.captured_at)
    page = read_lines(tree)
    tags = read_pagetags(tree, capture.url)
    if (account := read_account(tree, text)) is not None:
        tags = replace(tags, fields=(*tags.fields, account))
    document_title = collapse(next(("".join(title.itertext()) for title in tree.root.iter("title")), ""))
    if dropped := _dropped(tree, tags, layouts):
        page = read_lines(tree, without=dropped)
    titles = tuple(read_titles(tree, page, tags, layouts, document_title=document_title, capture=capture))
    choice = choose_lines(page, layouts, next((title.value for title in titles), ""), text)
    page, first, last = choice.page, choice.first, choice.last
    above = page.lines[max(0, first - ABOVE) : first]
    near = tuple(near_title(page, max(0, first - ABOVE), first, rules.matcher)) or tuple(title_within(page, first))
    base = base_of(tree.root, capture.url)
    return Source(
        choice.lines, choice.reader, page, ranked((*titles, *near)), tags,
        labels_of(labelled_texts((*page.lines[max(0, first - AROUND) : first], *page.lines[last : last + BELOW]))),
        (*(tuple(near_dates(above, near)) or script_dates(text, tags)), *dates_below(page.lines[last : last + BELOW])),
        find_attachments(page, first, last, base),
        () if choice.node is None else tuple(found for found in find_images(page, choice.node, base) if found[0] <= last),
        tags.canonical,
        choice=choice,
    )  # fmt: skip


def base_of(root: Element, url: str) -> str:
    """Give the address that relative links of a page start from (`<base href>`)."""
    href = next((base.get("href") for base in root.iter("base") if base.get("href")), None)
    try:
        return urljoin(url, href) if href else url
    except ValueError:
        return url


def _dropped(tree: Tree, tags: PageTags, layouts: Sequence[Layout]) -> frozenset[int]:
    """Give the nodes to leave out: header tables, and what a site's own layouts leave out."""
    named = dict.fromkeys(css for layout in layouts if not layout.family for css in layout.drop)
    return frozenset((*tags.tables, *(node for css in named for node in tree.select(css))))
