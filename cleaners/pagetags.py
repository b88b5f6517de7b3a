"""What a page says about itself: the national <meta> names, and the header table of official documents (信息公开).

The 15 names are those of 《政府网站发展指引》 (国办发〔2017〕47号, annex); labels and aliases are data (`labels.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from cleaners.dates import find_dates
from cleaners.labels import EDGE, Labelled, clean_value, meta_fields, split_labels
from cleaners.signature import is_organ
from cleaners.strips import Strip, read_strips
from cleaners.tree import Element, Tree
from cleaners.urls import join

_LONGEST_LINE = 400  # characters; a longer line is prose
_LONGEST_VALUE = 40  # characters of a value set in an element of its own
_SHORTEST_TITLE = 6
_BEFORE_DATE = frozenset(["", "发布于", "发表于", "发布时间", "时间", "日期", "[", "【", "("])
_ROWS = frozenset(["tr", "tbody", "thead"])
_LONGEST_GAP = 2  # lines between two labels of one table
_PLACES = ("table", "json", "label", "script", "meta")


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


@dataclass(frozen=True)
class PageTags:
    """The metadata of a page, in the order found.

    `meta` are the tags as they stand (of one name the first that has a value); `tables` are the nodes that hold nothing
    but a header table, so that the body reader can leave them out; `canonical` is the page's own address, resolved.
    """

    meta: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[FieldFound, ...] = ()
    tables: tuple[int, ...] = ()
    canonical: str = ""

    def all(self, name: str) -> tuple[FieldFound, ...]:
        """Give every reading of a field, the most trusted place first: table, label, meta."""
        return tuple(found for place in _PLACES for found in self.fields if found.place == place and found.name == name)

    def first(self, name: str) -> FieldFound | None:
        """Give the most trusted reading of a field, or None."""
        return next(iter(self.all(name)), None)


class _Line(NamedTuple):
    token: int
    text: str
    labels: tuple[Labelled, ...]


def read_pagetags(tree: Tree, url: str) -> PageTags:
    """Read the meta tags, the header table and the label lines of a page; `url` resolves the address the page names."""
    root = tree.root
    pairs = list(_meta_pairs(root))
    lines = [_line(strip) for strip in read_strips(tree)]
    places = _Places(tree)
    groups = list(_groups(lines, places))
    tables = tuple(node for group in groups if (node := _holder(group, lines, places)) is not None)
    grouped = {index for group in groups for index in group}
    document_title = _plain("".join(text for node in root.iter("title") for text in node.itertext()))
    labelled = _label_fields(lines, grouped, places)
    found = [*_meta_fields(pairs), *_elements(root), *_dateline(lines, document_title), *labelled]
    meta = {name: value for name, value in reversed(pairs) if value}
    return PageTags(meta, tuple(dict.fromkeys(found)), tables, _canonical(root, url, pairs))


class _Places:
    """Where strips stand among the elements of a page that are not inline; -1 is above the root."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def of(self, line: _Line) -> int:
        """Give the element around a strip."""
        return self._outside(self.tree.around(line.token))

    def outer(self, node: int) -> int:
        """Give the element around an element."""
        return self._outside(self.tree.outer(node)) if node >= 0 else -1

    def name(self, node: int) -> str:
        """Give an element's name."""
        return self.tree.kinds[node].name if node >= 0 else ""

    def path(self, node: int) -> Iterator[int]:
        """Give an element and all around it, the innermost first."""
        while node >= 0:
            yield node
            node = self.outer(node)

    def holds(self, node: int, line: _Line) -> bool:
        """Say whether a strip stands in an element."""
        return node <= line.token < self.tree.close_of(node)

    def count(self, node: int) -> int:
        """Give the number of elements right inside one."""
        return sum(1 for _ in self.tree.children(node))

    def _outside(self, node: int) -> int:
        while node >= 0 and self.tree.kinds[node].mark == EDGE:
            node = self.tree.outer(node)
        return node


def _meta_pairs(tree: Element) -> Iterator[tuple[str, str]]:
    for node in tree.iter("meta"):
        name = (node.get("name") or node.get("property") or node.get("itemprop") or "").strip()
        if name:
            yield name, (node.get("content") or "").strip()


def _meta_fields(pairs: Sequence[tuple[str, str]]) -> Iterator[FieldFound]:
    """Give the tags that fill a field, those of the national standard before their aliases."""
    written: dict[str, list[tuple[str, str]]] = {}
    for name, value in pairs:
        written.setdefault(name.lower(), []).append((name, value))
    for alias, field_name in meta_fields().items():
        for name, value in written.get(alias, ()):
            if cleaned := " ".join(value.split()):
                yield FieldFound(field_name, cleaned, "meta", f'<meta name="{name}" content="{value[:200]}">')


def _elements(tree: Element) -> Iterator[FieldFound]:
    """Give what the elements of one CMS name (开普 UCAP): <publishtime> is the date visitors see, <ucaptitle> the title."""
    for tag, name in (("publishtime", "issued"), ("ucaptitle", "title")):
        for node in tree.iter(tag):
            if value := clean_value("".join(node.itertext())):
                yield FieldFound(name, value, "label", f"<{tag}>{value[:200]}")


def _canonical(tree: Element, url: str, pairs: Sequence[tuple[str, str]]) -> str:
    links = [node.get("href") or "" for node in tree.iter("link") if (node.get("rel") or "").lower() == "canonical"]
    named = [value for wanted in ("url", "og:url") for name, value in pairs if name.lower() == wanted]
    return next((address for link in [*links, *named] if link and (address := join(url, link))), "")


def _line(strip: Strip) -> _Line:
    return _Line(strip.token, strip.text, split_labels(strip.text) if len(strip.text) <= _LONGEST_LINE else ())


def _groups(lines: Sequence[_Line], places: _Places) -> Iterator[tuple[int, ...]]:
    """Give the runs of lines that make a header table: two strong labels, or one and two others, close together."""
    run: list[int] = []
    for index, line in enumerate(lines):
        if not line.labels or not any(label.label.field for label in line.labels):
            continue
        if run and index - run[-1] > _LONGEST_GAP:
            if _is_table([lines[each] for each in run], places):
                yield tuple(run)
            run = []
        run.append(index)
    if _is_table([lines[each] for each in run], places):
        yield tuple(run)


def _is_table(lines: Sequence[_Line], places: _Places) -> bool:
    """Say whether the labels are those of a header table; the heading row of a list of documents is none."""
    labels = [label for line in lines for label in line.labels]
    strong = {label.label.field for label in labels if label.label.strong}
    fields = {label.label.field for label in labels if label.label.field}
    if len(strong) < 2 and (not strong or len(fields) < 3):
        return False
    rows = [places.outer(places.of(line)) for line in lines if line.labels and line.labels[0].bare and not line.labels[0].value]
    return not any(rows.count(row) > places.count(row) / 2 and places.count(row) > 2 for row in rows if places.name(row) == "tr")


def _holder(group: Sequence[int], lines: Sequence[_Line], places: _Places) -> int | None:
    """Give the node around a header table, where it holds little else: half its lines are labels, none is prose."""
    members = [lines[index] for index in group]
    around = (node for node in places.path(places.of(members[0])) if places.name(node) not in _ROWS)
    node = next((node for node in around if all(places.holds(node, line) for line in members)), None)
    if node is None or places.name(node) in {"body", "html"}:
        return None
    inside = _lines_of(node, group, lines, places)
    text = sum(len(line.text) for line in inside if not line.labels)
    labelled = sum(bool(line.labels) for line in inside)
    return node if labelled * 2 >= len(inside) and text <= _LONGEST_LINE else None


def _lines_of(node: int, group: Sequence[int], lines: Sequence[_Line], places: _Places) -> Sequence[_Line]:
    """Give the lines inside a node, which stand in one run around the group."""
    start, stop = group[0], group[-1] + 1
    while start > 0 and places.holds(node, lines[start - 1]):
        start -= 1
    while stop < len(lines) and places.holds(node, lines[stop]):
        stop += 1
    return lines[start:stop]


def _dateline(lines: Sequence[_Line], document_title: str) -> Iterator[FieldFound]:
    """Read the line right below the title that is a date and perhaps a name, with no label: 2020-10-12 示例县第一小学."""
    shortest = max(_SHORTEST_TITLE, len(document_title) / 3)
    for above, line in pairwise(lines):
        if line.labels or len(line.text) > 2 * _LONGEST_VALUE or len(above.text) < shortest:
            continue
        heading = _plain(above.text)
        if len(heading) < shortest or heading not in document_title or is_organ(heading):
            continue
        plain = _plain(line.text)
        found = find_dates(plain)
        if len(found) == 1 and found[0].value and plain[: found[0].start].strip() in _BEFORE_DATE:
            yield FieldFound("issued", found[0].text, "label", plain)
            name = clean_value(plain[found[0].end :])
            known = EDGE in line.text or is_organ(name) or name in document_title
            if name and known and len(name) <= _LONGEST_VALUE and not re.search(r"\d|[，。：]", name):
                yield FieldFound("source", name, "label", plain)
            return


def _plain(text: str) -> str:
    return " ".join(text.replace(EDGE, " ").split())


def _label_fields(lines: Sequence[_Line], grouped: set[int], places: _Places) -> Iterator[FieldFound]:
    labelled_lines = [(index, line) for index, line in enumerate(lines) if line.labels]
    for index, line in labelled_lines:
        following = lines[index + 1] if index + 1 < len(lines) else None
        for position, labelled in enumerate(line.labels):
            label, value = labelled.label, labelled.value
            if not value and following and position == len(line.labels) - 1:
                value = _value_beside(line, following, places, prose=index not in grouped)
            alone = label.ambiguous and len(line.labels) == 1 and not _is_date(value)
            lonely = index not in grouped and (labelled.bare or alone)
            if label.field and value and not lonely:
                yield from _values(label.field, value, "table" if index in grouped else "label", f"{labelled.name}：{value}"[:200])


def _values(name: str, value: str, place: str, snippet: str) -> Iterator[FieldFound]:
    """Give the field of a value; two where a source has a date set behind it (来源：示例日报 2020-09-15)."""
    dates = find_dates(value) if name in {"source", "author", "publishing_unit", "publisher"} else ()
    if dates and dates[-1].value and dates[-1].end == len(value):
        yield FieldFound("issued", dates[-1].text, place, snippet)
        value = clean_value(value[: dates[-1].start])
    if value:
        yield FieldFound(name, value, place, snippet)


def _is_date(value: str) -> bool:
    found = find_dates(value)
    return len(found) == 1 and found[0].start == 0 and len(value) - found[0].end <= 2


def _value_beside(line: _Line, following: _Line, places: _Places, *, prose: bool) -> str:
    """Give the text of the cell or sibling after a label that stands alone; empty where that is a label or prose itself."""
    node, beside = places.of(line), places.of(following)
    if following.labels or places.name(node) == "li" or ":" in following.text[-1:] or "：" in following.text[-1:]:
        return ""
    outer = places.outer(node)
    if outer < 0 or (prose and (places.name(beside) == "p" or len(following.text) > _LONGEST_VALUE or "。" in following.text)):
        return ""
    around = {outer, places.outer(outer)} if places.name(outer) in {"td", "th", "dt"} else {outer}
    near = {places.outer(beside), places.outer(places.outer(beside))}
    return clean_value(following.text) if around & near - {-1} else ""
