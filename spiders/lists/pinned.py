"""Which rows of a list are pinned (置顶): kept above newer ones until somebody takes them down."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spiders.lists.segments import Element

MARK = re.compile(r"^\s*[\[【(（<〔]?\s*(置\s?顶|置\s?頂|固顶|顶|頂|TOP)\s*[\]】)）>〕]?\s*[:：]?\s*$", re.IGNORECASE)
LEADING = re.compile(
    r"^\s*(?:[\[【(（<〔]\s*(?:置\s?[顶頂]|固顶|[顶頂]|TOP)\s*[\]】)）>〕]|置[顶頂](?=\s|[:：]))\s*[:：]?\s*", re.IGNORECASE
)
NAME = re.compile(r"(?:^|[\s_-])(?:is-?|set-?)?(?:top|zhiding|zding|zd|pinned|stick|sticky|istop)(?:$|[\s_-])", re.IGNORECASE)
ICON = re.compile(r"(?:^|[/_-])(?:is)?(?:top|zhiding|zding|zd|ding)\d{0,2}\.(?:gif|png|jpe?g|svg|webp)(?:$|\?)|置顶|置頂", re.IGNORECASE)


def pinned(segments: Sequence[tuple[Element, ...]], titles: Sequence[str]) -> list[bool]:
    """Say for each row whether a mark, an icon or a class pins it; what all rows of a list have marks none of them."""
    marks = [bool(LEADING.match(title)) or any(map(_marked, segment)) for segment, title in zip(segments, titles, strict=True)]
    names = [any(map(_named, segment)) for segment in segments]
    marks, names = ([False] * len(found) if all(found) and len(found) > 1 else found for found in (marks, names))
    return [mark or name for mark, name in zip(marks, names, strict=True)]


def without_mark(title: str) -> str:
    """Take the mark off a title: `[置顶]关于…` -> `关于…`."""
    return LEADING.sub("", title) or title


def _marked(part: Element) -> bool:
    """Say whether a part of a row holds a mark of its own, as text or as an icon."""
    if any(MARK.match(str(text)) for text in part.itertext()):
        return True
    return any(ICON.search(image.get(name) or "") for image in part.iter("img") for name in ("src", "alt", "title"))


def _named(part: Element) -> bool:
    return any(NAME.search(element.get("class") or "") for element in part.iter())
