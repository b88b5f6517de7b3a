"""What a page says about itself: the national <meta> names, and the header table of official documents (信息公开).

The 15 names are those of 《政府网站发展指引》 (国办发〔2017〕47号, annex); labels and aliases are data (`labels.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cleaners.document.dates import find_dates
from cleaners.document.signature import is_organ
from cleaners.pages.strips import read_strips
from cleaners.pages.tree import Tree
from cleaners.stated.headertable import LabelledStrip, Places, find_groups, holder_of, label_strip
from cleaners.stated.labels import EDGE, clean_value
from cleaners.stated.metatags import FieldFound, canonical, meta_pairs, meta_tag_fields, named_elements

_LONGEST_VALUE = 40  # characters of a value set in an element of its own
_SHORTEST_TITLE = 6
_BEFORE_DATE = frozenset(["", "发布于", "发表于", "发布时间", "时间", "日期", "[", "【", "("])
_PLACES = ("table", "json", "label", "script", "meta")


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


def read_pagetags(tree: Tree, url: str) -> PageTags:
    """Read the meta tags, the header table and the label lines of a page; `url` resolves the address the page names."""
    root = tree.root
    pairs = list(meta_pairs(root))
    lines = [label_strip(strip) for strip in read_strips(tree)]
    places = Places(tree)
    groups = list(find_groups(lines, places))
    tables = tuple(node for group in groups if (node := holder_of(group, lines, places)) is not None)
    grouped = {index for group in groups for index in group}
    document_title = _plain("".join(text for node in root.iter("title") for text in node.itertext()))
    labelled = _label_fields(lines, grouped, places)
    found = [*meta_tag_fields(pairs), *named_elements(root), *_dateline(lines, document_title), *labelled]
    meta = {name: value for name, value in reversed(pairs) if value}
    return PageTags(meta, tuple(dict.fromkeys(found)), tables, canonical(root, url, pairs))


def _dateline(lines: Sequence[LabelledStrip], document_title: str) -> Iterator[FieldFound]:
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


def _label_fields(lines: Sequence[LabelledStrip], grouped: set[int], places: Places) -> Iterator[FieldFound]:
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


def _value_beside(line: LabelledStrip, following: LabelledStrip, places: Places, *, prose: bool) -> str:
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
