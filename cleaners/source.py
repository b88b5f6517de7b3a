"""A decoded page, HTML or plain text, before boilerplate: its own lines, where they were found, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from cleaners.attached import find_attachments
from cleaners.body import matches_of
from cleaners.dates import find_dates
from cleaners.fields import Reading
from cleaners.labels import Labelled, is_label, labels_of
from cleaners.layout import Layout, choose
from cleaners.markup import DEEPEST, is_markup, parse, strip_tags
from cleaners.matching import Matcher
from cleaners.page import Page, read_lines
from cleaners.pagetags import PageTags, read_pagetags
from cleaners.pictures import find_images
from cleaners.records import Attachment, Capture, Picture
from cleaners.rules import Rules
from cleaners.text import Line, collapse, flat_lines
from cleaners.titles import (
    BRACKETED_DATE,
    DATED,
    heading_of,
    is_frame,
    is_site_name,
    is_title_like,
    joined_headings,
    without_site,
    wording_of,
)
from cleaners.tree import Element, Tree
from cleaners.vote import Choice, choose_lines
from cleaners.wechat import read_account

WEAK = frozenset({"heading", "list", "column"})
"""Places of titles that give way to others, and to the title line of the text itself."""
LONGEST_COLUMN = 8
"""Characters of the longest link that is taken for the name of a column, and a title that says the same for no title."""
AROUND = 14
"""Lines above the text in which labelled values are looked for."""
ABOVE = 7
"""Lines above the text in which its title and date may stand."""
BELOW = 5
"""Lines below the text in which labelled values are looked for."""
LONGEST_DATE_LINE = 120
LINES_OF_TITLE = 3
TITLE_NAME = re.compile(r"title|biaoti|(?:^|[#._-])(?:bt|tit|tt)(?:$|[\d_-])", re.IGNORECASE)
"""What elements that hold a title are named."""
DATED_LAST = re.compile(
    r"[^\d。；，：:]{2,30}(?:19|20)\d{2} ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2} ?日?(?: ?\d{1,2}:\d{2}(?::\d{2})?)?\W{0,3}"
)
"""A line of a name and the date behind it: 市应急管理局 2024-05-06 10:00."""
END_MARK = re.compile(r"[(（]?(?:本文)?(?:完|全文完|Ends?)[)）]?[/／#]{0,3}", re.IGNORECASE)
DAY_ALONE = re.compile(r"(?:19|20)\d{2} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日 ?(?:[(（](?:星期|周|週)[一二三四五六日天][)）])?")
WRITTEN_DATE = re.compile(r"[\"'](?P<date>(?:19|20)\d{2}[-/年.]\d{1,2}[-/月.]\d{1,2}[^\"'<>]{0,20})[\"']")
ISSUED_NAME = re.compile(r"(?:pub|publish|issue|create|release|fb)\w{0,12}\s{0,4}[=:]\s{0,4}", re.IGNORECASE)
"""What a script calls the variable that holds the date of issue, before its value."""
LONGEST_NAME = 30


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
    root = parse(text)
    tree = Tree(root) if root is not None else None
    if tree is None or (len(tree.tags) > DEEPEST and max(tree.depths) > DEEPEST):
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
    titles = tuple(_titles(tree, page, tags, layouts, document_title=document_title, capture=capture))
    choice = choose_lines(page, layouts, next((title.value for title in titles), ""), text)
    page, first, last = choice.page, choice.first, choice.last
    above = page.lines[max(0, first - ABOVE) : first]
    near = tuple(_near_title(page, max(0, first - ABOVE), first, rules.matcher)) or tuple(_title_within(page, first))
    base = base_of(tree.root, capture.url)
    return Source(
        choice.lines, choice.reader, page, _ranked((*titles, *near)), tags,
        labels_of(_labelled((*page.lines[max(0, first - AROUND) : first], *page.lines[last : last + BELOW]))),
        (*(tuple(_near_dates(above, near)) or _script_dates(text, tags)), *_dates_below(page.lines[last : last + BELOW])),
        find_attachments(page, first, last, base),
        () if choice.node is None else tuple(found for found in find_images(page, choice.node, base) if found[0] <= last),
        tags.canonical,
        choice=choice,
    )  # fmt: skip


def _ranked(titles: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Put a heading the page's own title does not repeat, and the listing's shortened title, behind the rest."""
    return tuple(sorted(titles, key=lambda title: title.place in WEAK))


def _near_title(page: Page, start: int, stop: int, matcher: Matcher) -> Iterator[Reading]:
    """Give the last line above the text that could be a title, when nothing but noise stands between."""
    for index in range(stop - 1, start - 1, -1):
        line = page.lines[index]
        text = BRACKETED_DATE.sub("", line.text)
        if matcher.match(text, "head") or DATED.match(text) or DATED_LAST.fullmatch(text):
            continue
        if line.links * 2 <= len(text) and is_title_like(text) and not is_site_name(text):
            yield Reading(_whole_title(page, index) or text, "near", line.text)
            return
        if not find_dates(line.text):
            return


def _title_within(page: Page, first: int) -> Iterator[Reading]:
    """Give the title that a text begins with in an element named as one, all its lines (a title broken in two for its looks)."""
    starts = (node for node, start in enumerate(page.first) if start == first and 1 <= page.last[node] - start <= LINES_OF_TITLE)
    named = next((node for node in starts if any(TITLE_NAME.search(name) for name in page.tree.kinds[node].names)), None)
    title = "".join(line.text for line in page.lines[first : page.last[named]]) if named is not None else ""
    if is_title_like(title) and not is_site_name(title):
        yield Reading(title, "near", title)


def _whole_title(page: Page, index: int) -> str:
    """Give all lines of the element named as a title that a line ends; empty where that line is all of it."""
    blocks = (node for node, last in enumerate(page.last) if last == index + 1 and 2 <= last - page.first[node] <= LINES_OF_TITLE)
    named = next((node for node in blocks if any(TITLE_NAME.search(name) for name in page.tree.kinds[node].names)), None)
    return "".join(line.text for line in page.lines[page.first[named] : index + 1]) if named is not None else ""


def _near_dates(above: Sequence[Line], near: Sequence[Reading]) -> Iterator[Reading]:
    """Give dates that open or are a line between the title and the text."""
    for line in reversed(above):
        if near and line.text == near[0].value:
            break
        if len(line.text) <= LONGEST_DATE_LINE and (DATED.match(line.text) or DATED_LAST.fullmatch(line.text)):
            yield Reading(line.text, "near", line.text)


def _dates_below(below: Sequence[Line]) -> Iterator[Reading]:
    """Give the day that press releases set below their end mark: 完, 2031年5月14日（星期三）."""
    ended = False
    for line in below:
        if ended and DAY_ALONE.fullmatch(line.text):
            yield Reading(line.text, "below", line.text)
        ended = ended or END_MARK.fullmatch(line.text) is not None


def _labelled(lines: Sequence[Line]) -> Iterator[str]:
    """Give the texts of lines, a label in a cell or block of its own (发布时间 | 2024-05-06) with the value that follows it."""
    label = ""
    for text in (part for line in lines for part in (line.cells or (line.text,))):
        alone = text.rstrip(":：")
        if is_label(alone):
            label = alone
            continue
        yield f"{label}：{text}" if label and not labels_of((text,)) else text
        label = ""


def _script_dates(text: str, tags: PageTags) -> Iterator[Reading]:
    """Give the date a script writes, where the page shows none itself."""
    if any(found.place != "meta" for found in tags.all("issued")):
        return
    for found in WRITTEN_DATE.finditer(text):
        before = text[max(0, found.start() - LONGEST_NAME) : found.start()]
        if (name := next((name for name in ISSUED_NAME.finditer(before) if name.end() == len(before)), None)) is not None:
            yield Reading(found["date"], "script", name.group() + found.group())
            return


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


def _titles(
    tree: Tree, page: Page, tags: PageTags, layouts: Sequence[Layout], *, document_title: str, capture: Capture
) -> Iterator[Reading]:
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
