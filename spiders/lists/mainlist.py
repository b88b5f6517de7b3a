"""Which group of rows is a page's list, and what kind of page it is: a listing, a home page, a notice or something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from lxml import etree

from cleaners.records import Entry
from spiders.families import Family, families, family_of
from spiders.lists.landmarks import Landmarks, heading_of, is_popular, is_related, support
from spiders.lists.rows import entries, folded, groups
from spiders.lists.signs import notice_signs
from spiders.lists.worth import ID_SHAPED, Judged, is_aside, likeliest
from spiders.paging import words_of

Kind = Literal["listing", "home", "notice", "needs_js", "other"]
MIN_WORTH = 4.0
MIN_MEAN = 0.5
HOME_COLUMNS = 4
FRONT_COLUMNS = 3
NOTICE_TEXT = 150  # characters of running text beside links
FEWEST_UNDATED = 4  # rows
MOST_RIVALS = 8  # groups
LEAST_RIVAL = 0.5
NEAR_FOLDER = 3.0
LIKE_LISTS = frozenset({"docshare", "eportal"})  # families whose notices have addresses that lists have too
BODY = re.compile(r"^(zoom\w*|ucap-?content|vsb_content\w*|artcontent|js_content|article-?(content|body)?|mainText|conTxt)$", re.IGNORECASE)
BODY_CLASS = re.compile(
    r"TRS_(UE)?EDITOR|v_news_content|UCAPCONTENT|article[-_]?(content|body|con)\b|pages_content|Custom_UnionStyle", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class MainList:
    """The rows of a page's list and the page's kind; one that is not `sure` is a list only where the page says that it goes on."""

    entries: tuple[Entry, ...]
    kind: Kind
    sure: bool = True


def main_list(tree: etree._Element, url: str, family: Family, *, fragment: bool = False) -> MainList:
    """Choose the page's list; a `fragment` is a list and nothing else."""
    judged = likeliest(groups(tree, url), family.is_article)
    if fragment:
        return MainList(entries(judged[0].group) if judged else (), "listing")
    marks = Landmarks.of(tree)
    columns = _home(marks, judged) if "?" not in url and not marks.turns else []
    judged = _supported(marks, url, judged)
    strong = [one for one in judged if _is_strong(one)]
    if _is_notice(tree, url, strong[0] if strong else None):
        return MainList((), "notice")
    if columns:
        return MainList(_in_order(tree, columns), "home")
    if not strong:
        return MainList((), "other", sure=notice_signs(tree) == 0)
    return _listing(tree, url, marks, strong[0], judged)


def _is_strong(one: Judged) -> bool:
    return one.worth >= MIN_WORTH and _is_titled(one)


def _is_titled(one: Judged) -> bool:
    """Say whether the rows of a group are titles on the whole, or have dates."""
    return one.mean * (1 + 2 * one.dated) >= MIN_MEAN


def _supported(marks: Landmarks, url: str, judged: Sequence[Judged]) -> list[Judged]:
    """Weigh the likeliest groups by where they stand among the landmarks of the page."""
    rivals = [one for one in judged if one.worth >= LEAST_RIVAL and _is_titled(one) and one.container is not None][:MOST_RIVALS]
    weights = support(marks, [one.container for one in rivals])
    near = [_in_folder(one, url) for one in rivals]
    weights = [weight * (NEAR_FOLDER if inside and not all(near) else 1) for weight, inside in zip(weights, near, strict=True)]
    weights = [1.0 if one.worth < MIN_WORTH and is_aside(one.group) else weight for one, weight in zip(rivals, weights, strict=True)]
    weighed = {one.group.path: replace(one, worth=one.worth * weight) for one, weight in zip(rivals, weights, strict=True)}
    return sorted((weighed.get(one.group.path, one) for one in judged), key=lambda one: -one.worth)


def _in_folder(one: Judged, url: str) -> bool:
    """Say whether a list leads into the folder of the list page, where that is no site's root."""
    split = urlsplit(url)
    folder = split.path.rpartition("/")[0] + "/"
    inside = sum(row.url.partition("://")[2].startswith(split.netloc + folder) for row in one.group.rows)
    return folder != "/" and inside > 0.8 * len(one.group.rows)


def _listing(tree: etree._Element, url: str, marks: Landmarks, best: Judged, judged: Sequence[Judged]) -> MainList:
    """Give the best group with those that continue it; rows that can only be followed by a script are left out."""
    found = _in_order(tree, [best, *(one for one in judged if _continues(one, best))])
    return MainList(
        found,
        "listing",
        sure=best.dated > 0 or len(found) >= FEWEST_UNDATED or _own(found, url) or (_is_told(tree, marks) and not is_aside(best.group)),
    )


def _is_told(tree: etree._Element, marks: Landmarks) -> bool:
    """Say whether the page has a pager, or a trail to a column and nothing that speaks for a notice."""
    return marks.turns or (bool(marks.trails) and notice_signs(tree) == 0)


def _own(found: Sequence[Entry], url: str) -> bool:
    """Say whether all rows are notices in the folder of the list page itself, as static sites keep them."""
    folder = urlsplit(url)._replace(query="", fragment="").geturl().rpartition("/")[0] + "/"
    return bool(found) and all(entry.url.startswith(folder) and ID_SHAPED.search(entry.url.removeprefix(folder)) for entry in found)


def _continues(one: Judged, best: Judged) -> bool:
    """Say whether a group's rows are as good as the best group's and stand singly among them, not in them, or are of their very make."""
    container = best.container
    if one is best or one.mean < best.mean / 2 or one.dated < best.dated / 2 or container is None:
        return False
    if _same_make(one, best):
        return True
    if container.tag in {"body", "html"}:
        return False
    places = [_place(row.anchor, container) for row in one.group.rows]
    taken = {_place(row.anchor, container) for row in best.group.rows}
    return None not in places and len(set(places)) == len(places) and not taken.intersection(places)


def _same_make(one: Judged, best: Judged) -> bool:
    """Say whether two groups are parts of one list in badly nested tables: anchors of one class, and no other named element around."""
    (name, around), (best_name, best_around) = _make(one), _make(best)
    return bool(name) and name == best_name and "td" in one.group.path and (around <= best_around or best_around <= around)


def _make(one: Judged) -> tuple[str, frozenset[str]]:
    named = frozenset(step for step in one.group.path if "#" in step and not step.endswith("#."))
    return (one.group.rows[0].anchor.get("class") or "").strip(), named


def _place(anchor: etree._Element, container: etree._Element) -> etree._Element | None:
    """Give the child of the container that holds the anchor."""
    inner = anchor
    for element in anchor.iterancestors():
        if element is container:
            return inner
        inner = element
    return None


def _in_order(tree: etree._Element, chosen: Sequence[Judged]) -> tuple[Entry, ...]:
    """Give the entries of several groups in the order of the page, each address once."""
    if len(chosen) == 1:
        return entries(chosen[0].group)
    found = {row.anchor: entry for one in chosen for row, entry in zip(one.group.live, entries(one.group), strict=True)}
    ordered = [found[anchor] for anchor in tree.iter("a") if anchor in found]
    return tuple({entry.url: entry for entry in reversed(ordered)}.values())[::-1]


def _home(marks: Landmarks, judged: Sequence[Judged]) -> list[Judged]:
    """Give the columns of a home page; none where one list outweighs the others.

    Three columns are enough for a page that has neither a trail nor a heading with its name.
    """
    strong = [one for one in judged if _is_strong(one) and not _popular(one)]
    columns = [one for one in strong if one.worth >= strong[0].worth / 8]
    full = [one for one in columns if len(one.group.rows) >= 3]
    if len(full) >= HOME_COLUMNS and columns[0].worth < sum(one.worth for one in columns) / 2:
        return columns
    sizes = [one.mean * len(one.group.rows) for one in strong]
    alike = [one for one, size in zip(strong, sizes, strict=True) if size >= max(sizes) / 3 and len(one.group.rows) >= FEWEST_UNDATED]
    listed = len(alike) < FRONT_COLUMNS or marks.trails or marks.headings
    return [] if listed else alike


def _is_notice(tree: etree._Element, url: str, best: Judged | None) -> bool:
    """Say whether the page is one notice: its head or address names one, more speaks for one, or text outweighs the best list."""
    if _named_article(tree) or any(family.is_article(url) for family in families() if family.id not in LIKE_LISTS):
        return True
    dated_list = best is not None and best.dated >= 0.6 and len(best.group.rows) >= 5 and not _related(best)
    signs = notice_signs(tree)
    if signs >= (3 if dated_list else 2):
        return True
    if dated_list:
        return False
    if any(_running_text(body) >= NOTICE_TEXT / 3 for body in _bodies(tree)):
        return True
    listed = sum(len(row.title) for row in best.group.rows) if best else 0
    return _paragraph_text(tree, best) > max(NOTICE_TEXT, listed)


def _related(one: Judged) -> bool:
    return one.container is not None and is_related(heading_of(one.container))


def _popular(one: Judged) -> bool:
    return is_aside(one.group) or (one.container is not None and is_popular(heading_of(one.container)))


def _named_article(tree: etree._Element) -> bool:
    """Say whether the page's head names an article (国办发〔2017〕47号)."""
    metas = (meta for meta in tree.iter("meta") if (meta.get("name") or "").lower() == "articletitle")
    return any((meta.get("content") or "").strip() for meta in metas)


def _bodies(tree: etree._Element) -> list[etree._Element]:
    return [
        element
        for element in tree.iter("div", "td", "ucapcontent", "form")
        if element.tag == "ucapcontent" or BODY.match(element.get("id") or "") or BODY_CLASS.search(element.get("class") or "")
    ]


def _running_text(element: etree._Element) -> int:
    """Count the characters outside links and scripts."""
    linked = sum(len(folded(words_of(part))) for part in element.iter("a", "script", "style", "select"))
    return len(folded(words_of(element))) - linked


def _paragraph_text(tree: etree._Element, best: Judged | None) -> int:
    """Count the characters of paragraphs with at least a sentence, outside the rows of the best list and outside links."""
    rows = {element for segment in best.group.segments for element in segment} if best else set()
    total = 0
    for element in tree.iter("p", "div", "td", "span"):
        text = folded(element.text or "")
        if len(text) >= 25 and ("，" in text or "。" in text):
            around = [element, *element.iterancestors()]
            total += 0 if rows.intersection(around) or any(outer.tag == "a" for outer in around) else len(text)
    return total


def by_articles(urls: Sequence[str]) -> Family:
    """Recognise the family by the shape of the notices' addresses, where most of them agree; `generic` otherwise."""
    for family in families():
        if urls and family.article and family.id != "docshare" and sum(map(family.is_article, urls)) > 0.6 * len(urls):
            return family
    return family_of("generic")
