"""The header table of official documents (索引号, 发文字号, ...): which strips are one, and the element around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaners.pages.strips import Strip
from cleaners.pages.tree import Tree
from cleaners.stated.labels import EDGE, Labelled, split_labels

_LONGEST_LINE = 400  # characters; a longer line is prose
_ROWS = frozenset(["tr", "tbody", "thead"])
_LONGEST_GAP = 2  # lines between two labels of one table


class LabelledStrip(NamedTuple):
    """A strip with the labels it holds; `token` is the tag it follows."""

    token: int
    text: str
    labels: tuple[Labelled, ...]


class Places:
    """Where strips stand among the elements of a page that are not inline; -1 is above the root."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def of(self, line: LabelledStrip) -> int:
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

    def holds(self, node: int, line: LabelledStrip) -> bool:
        """Say whether a strip stands in an element."""
        return node <= line.token < self.tree.close_of(node)

    def count(self, node: int) -> int:
        """Give the number of elements right inside one."""
        return sum(1 for _ in self.tree.children(node))

    def _outside(self, node: int) -> int:
        while node >= 0 and self.tree.kinds[node].mark == EDGE:
            node = self.tree.outer(node)
        return node


def label_strip(strip: Strip) -> LabelledStrip:
    """Read the labels of a strip; a long one is prose."""
    return LabelledStrip(strip.token, strip.text, split_labels(strip.text) if len(strip.text) <= _LONGEST_LINE else ())


def find_groups(lines: Sequence[LabelledStrip], places: Places) -> Iterator[tuple[int, ...]]:
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


def _is_table(lines: Sequence[LabelledStrip], places: Places) -> bool:
    """Say whether the labels are those of a header table; the heading row of a list of documents is none."""
    labels = [label for line in lines for label in line.labels]
    strong = {label.label.field for label in labels if label.label.strong}
    fields = {label.label.field for label in labels if label.label.field}
    if len(strong) < 2 and (not strong or len(fields) < 3):
        return False
    rows = [places.outer(places.of(line)) for line in lines if line.labels and line.labels[0].bare and not line.labels[0].value]
    return not any(rows.count(row) > places.count(row) / 2 and places.count(row) > 2 for row in rows if places.name(row) == "tr")


def holder_of(group: Sequence[int], lines: Sequence[LabelledStrip], places: Places) -> int | None:
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


def _lines_of(node: int, group: Sequence[int], lines: Sequence[LabelledStrip], places: Places) -> Sequence[LabelledStrip]:
    """Give the lines inside a node, which stand in one run around the group."""
    start, stop = group[0], group[-1] + 1
    while start > 0 and places.holds(node, lines[start - 1]):
        start -= 1
    while stop < len(lines) and places.holds(node, lines[stop]):
        stop += 1
    return lines[start:stop]
