"""The node that holds the text: by what is known of the site or its CMS, then by density, then by trafilatura.

Chinese notices are often one sentence long, so there is no minimum length anywhere; what decides is how much of the text of
a page, weighed by sentence punctuation and with links counted out, stands inside one element.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cleaners.pages.layout import Layout
from cleaners.pages.page import Page
from cleaners.pages.tags import BLOCKS
from cleaners.pages.weights import AFTER, BESIDE, FOOTER, UNSURE, Weights, is_file

SIGNED = re.compile(
    r"(?:19|20)\d{2} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日"
    r"|[二〇○零OＯ一九]{2}[二〇○零OＯ一九三四五六七八]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
ATTACHED = re.compile(r"附件")
LIKELY = re.compile(
    r"content|article|zoom|text|body|detail|news|editor|view|zhengwen|neirong|wenzhang"
    r"|(?:^|[\s_-])(?:con|nr|zw|wz|xl|main|info|art|bt)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
CONTAINERS = BLOCKS - {"p", "tr", "li", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr"} | {"span", "font"}
DOMINANT = 0.72
"""Of the weight of a container: a child that holds as much is where the text is."""
STANDS = 0.55
STANDS_INSIDE = 0.4
"""Of the weight found by density: a family's container that holds as much is believed (or inside it)."""
MANY_LINKS = 6


@dataclass(frozen=True, slots=True)
class Body:
    """Where a page's text is: in lines first to last (exclusive).

    `reader` says which way they were found, `drop` what the family that was recognised leaves out, `own` that a site's own
    layout names the element, which is then believed to the line. `agreement` (0..1) is the share of weight that what the layout
    and what density found have in common; `others` are the readers that lost, with the element each would have read.
    """

    node: int
    first: int
    last: int
    reader: str
    drop: tuple[str, ...] = ()
    own: bool = False
    agreement: float = 0.0
    others: tuple[tuple[str, str], ...] = ()


def find_body(weights: Weights, layouts: Sequence[Layout]) -> Body | None:
    """Find the element that holds the text, or None when nothing looks like one; see the module for the order."""
    page = weights.page
    for layout in layouts:
        if not layout.family and (node := _largest(matches_of(layout.body, page), page, weights)) is not None:
            return replace(_body(page, node, f"layout:{layout.body}"), own=True, agreement=1.0)
    dense = densest(page, weights)
    families = {layout: found for layout in layouts if layout.family and (found := matches_of(layout.body, page))}
    known = _largest(set().union(*families.values()), page, weights)
    if known is None:
        return None if weights.of(dense) < UNSURE else _dense_body(dense, weights)
    agreement = _agreement(known, dense, weights)
    if _is_known(page, known, dense, weights):
        others = (("density", _name(page, dense)),)
        return replace(_known_body(page, known, families), agreement=agreement, others=others)
    if weights.of(dense) < UNSURE:
        return None
    return replace(_dense_body(dense, weights), agreement=agreement, others=(("layout", _name(page, known)),))


def _is_known(page: Page, known: int, dense: int, weights: Weights) -> bool:
    """Say whether the element a family's layout names is believed beside the densest one."""
    if _stands(known, dense, weights) and not _wraps(page, known, dense, weights):
        return True
    return weights.of(dense) < (BESIDE if _is_enclosure(known, page) else UNSURE)


def _agreement(known: int, dense: int, weights: Weights) -> float:
    """Give the weight two elements share, as a share of what they hold together."""
    (first, last), (other_first, other_last) = weights.page.range_of(known), weights.page.range_of(dense)
    shared = weights.between(max(first, other_first), min(last, other_last))
    together = weights.of(known) + weights.of(dense) - shared
    return shared / together if together else 0.0


def _is_enclosure(node: int, page: Page) -> bool:
    """Say whether an element holds pictures, players, frames or files to load down, and no words beside their names."""
    first, last = page.range_of(node)
    if any(line.links * 2 <= len(line.text) and not ATTACHED.match(line.text) for line in page.lines[first:last]):
        return False
    inside = page.tree.inside(node)
    return any(each in inside for each in page.media) or any(each in inside and is_file(page, each) for _, each in page.anchors)


def is_empty_by_right(page: Page, body: Body) -> bool:
    """Say whether a body that has no lines is all there is: its element is known, and pictures or players are what it holds."""
    return body.reader.startswith("layout:") and _is_enclosure(body.node, page)


def _known_body(page: Page, node: int, families: Mapping[Layout, Container[int]]) -> Body:
    """Give the body a family's layout found, with what that family leaves out."""
    drop = (css for layout, found in families.items() if node in found for css in layout.drop)
    first, last = page.range_of(node)
    return Body(node, first, last, f"layout:{_name(page, node)}", tuple(drop))


def own_lines(page: Page, body: Body) -> tuple[int, ...]:
    """Give the places of a body's lines without what its family leaves out, and with those below that belong to it."""
    left_out = {index for css in body.drop for node in page.tree.select(css, body.node) for index in range(*page.range_of(node))}
    first, last = (body.first, body.last) if body.own else (body.first, _end(page, body))
    if body.reader == "density":
        first, last = _trim(page, first, last)
    return tuple(index for index in range(first, last) if index not in left_out)


def _trim(page: Page, first: int, last: int) -> tuple[int, int]:
    """Leave out navigation at both ends: lines that are links to pages, and what stands in parts that are seldom text."""
    files = {line for line, anchor in page.anchors if first <= line < last and is_file(page, anchor)}
    noise = [line.seldom or line.links * 2 > len(line.text) for line in page.lines[first:last]]
    if all(noise):
        return first, last
    while noise[0] and first not in files:
        first, noise = first + 1, noise[1:]
    while noise[-1] and last - 1 not in files:
        last, noise = last - 1, noise[:-1]
    return first, last


def _end(page: Page, body: Body) -> int:
    """Give the end of a body with what stands just below and belongs to it: signature and date, and the files attached."""
    last = body.last
    for index in range(body.last, min(body.last + 4, len(page.lines))):
        line = page.lines[index]
        if SIGNED.fullmatch(line.text):
            last = index + 1
            break
        if line.links or line.seldom or len(line.text) > 40 or AFTER.match(line.text) or FOOTER.search(line.text):
            break
    while last < len(page.lines) and last > body.last and ATTACHED.match(page.lines[last].text):
        last += 1
    return last


def _stands(known: int, dense: int, weights: Weights) -> bool:
    (first, last), (outer_first, outer_last) = weights.page.range_of(known), weights.page.range_of(dense)
    share = STANDS_INSIDE if outer_first <= first <= last <= outer_last else STANDS
    return weights.of(known) >= share * weights.of(dense)


def _wraps(page: Page, known: int, dense: int, weights: Weights) -> bool:
    """Say whether a family's container holds, beside the dense one inside it, mostly links to other pages."""
    if dense == known:
        return False
    (first, last), (inner_first, inner_last) = page.range_of(known), page.range_of(dense)
    if not first <= inner_first <= inner_last <= last or weights.of(dense) < 0.85 * weights.of(known):
        return False
    beside = (*page.lines[first:inner_first], *page.lines[inner_last:last])
    return sum(line.links * 2 > len(line.text) for line in beside) >= MANY_LINKS


def _body(page: Page, node: int, reader: str) -> Body:
    first, last = page.range_of(node)
    return Body(node, first, last, reader)


def _dense_body(node: int, weights: Weights) -> Body:
    """Give the body that density found, up to what follows the text where the element holds that too."""
    body = _body(weights.page, node, "density")
    inside = body.first < weights.stop < body.last and weights.between(body.first, weights.stop) >= UNSURE
    return replace(body, last=weights.stop) if inside else body


def _name(page: Page, node: int) -> str:
    names = page.tree.kinds[node].names
    return next((name for name in names if name.startswith("#")), names[0] if names else page.tree.kinds[node].name)


def _largest(matches: Iterable[int], page: Page, weights: Weights) -> int | None:
    """Give the match with the most text, the outermost of equals."""
    return max(sorted(matches), key=lambda node: (weights.of(node), page.count(node)), default=None)


def matches_of(css: str, page: Page) -> set[int]:
    """Give the nodes that a list of selectors finds among the blocks that were read."""
    return {node for node in page.tree.find(css) if page.blocks[node]}


def densest(page: Page, weights: Weights) -> int:
    """Walk down from the root into the child that holds most of the weight, as long as one does."""
    node = 0
    while True:
        best = max(page.children(node), key=weights.of, default=None)
        if best is None or weights.of(best) < DOMINANT * weights.of(node) or not _may_hold(best, node, page, weights):
            return node
        if _says_beside(node, page, weights):
            return node
        node = best


def _says_beside(node: int, page: Page, weights: Weights) -> bool:
    """Say whether an element has sentences right inside it, outside the blocks it holds, and little else there.

    A table or list is part of its text then, however large: 现将名单公示如下 stands above it and how to object below.
    """
    inside = [page.range_of(child) for child in page.children(node) if page.tree.kinds[child].name not in _PARAGRAPHS]
    first, last = page.range_of(node)
    covered = {index for start, stop in inside for index in range(start, stop)}
    prose = sum(len(page.lines[index].text) for index in range(first, last) if index not in covered and weights.is_prose(index))
    return prose > 0 and prose >= sum(len(line.text) for line in page.lines[first:last] if line.seldom or line.links * 2 > len(line.text))


def _may_hold(child: int, parent: int, page: Page, weights: Weights) -> bool:
    """Say whether a child may be the body: a lone paragraph is not one, unless it is named like one or all there is."""
    kind = page.tree.kinds[child]
    if kind.name not in CONTAINERS:
        return _holds_container(child, page)
    if page.count(child) > 1:
        return True
    named = any(LIKELY.search(name[1:]) for name in kind.names)
    return named or page.count(parent) == 1 or weights.of(parent) > 3 * weights.of(child)


def _holds_container(child: int, page: Page) -> bool:
    return page.tree.kinds[child].name in _SCAFFOLD and any(page.tree.kinds[inner].name in CONTAINERS for inner in page.children(child))


_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_SCAFFOLD = frozenset({"tr", "li", "ul", "ol", "dl", "p"})
