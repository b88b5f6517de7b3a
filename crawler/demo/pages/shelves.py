"""What the list servers have in common: the columns of a site on a day and in a scene, and how requests name pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.demo.content import column_notices
from crawler.demo.pages.exchange import Reply, Request
from crawler.demo.pages.templates import draw
from crawler.demo.records import ModelColumn, ModelNotice, ModelSite
from crawler.demo.scenes import NORMAL, Scene, Slice, pages_of


@dataclass(frozen=True, slots=True)
class Shelves:
    """The columns of a site as its list server sees them when it answers one request."""

    site: ModelSite
    day: int
    scene: Scene = NORMAL

    def published(self, column: ModelColumn) -> tuple[ModelNotice, ...]:
        """Give a column's notices of the day, newest first, whatever is played."""
        return column_notices(self.site, column, self.day)

    def listed(self, column: ModelColumn) -> tuple[ModelNotice, ...]:
        """Give a column's notices in the order of its list at this moment."""
        return self.scene.listed(self.published(column))

    def pages(self, column: ModelColumn) -> int:
        """Give how many list pages a column has at this moment, whatever is printed."""
        return pages_of(len(self.listed(column)), self.site.page_size)

    def cut(self, column: ModelColumn, number: int, size: int = 0) -> Slice | None:
        """Cut page `number` (from 1) out of a column; None where there is none."""
        size = size or self.site.page_size
        return self.scene.window(self.listed(column), (number - 1) * size, size)

    def whole(self, column: ModelColumn) -> Slice:
        """Give a column in one page."""
        listed = self.listed(column)
        return Slice(listed, 1, 1, len(listed))


Lister = Callable[[Shelves, Request], Reply | None]


def page(site: ModelSite, column: ModelColumn, part: Slice | None, template: str = "", **more: object) -> Reply | None:
    """Draw a list page as HTML; None where there is no such page."""
    if part is None:
        return None
    text = draw(template or site.family, site, column=column, part=part, **more)
    return Reply(text.encode(site.encoding, "xmlcharrefreplace"))


def as_json(value: object, media_type: str = "application/json") -> Reply:
    """Write a value as JSON."""
    return Reply(json.dumps(value, ensure_ascii=False).encode(), media_type=media_type)


def number_in(pattern: str, path: str) -> int | None:
    """Match a path against a pattern with one optional number: the number, 0 without one, None where the path is another."""
    found = re.fullmatch(pattern, path)
    return None if found is None else int(found.group(1) or 0)


def number_of(request: Request, key: str, default: int) -> int:
    """Read a parameter that is a number from 1."""
    value = request.query.get(key, "")
    return int(value) if value.isdecimal() and int(value) > 0 else default


def rows_of(part: Slice | None) -> Sequence[ModelNotice]:
    """Give the notices of a page; none where there is no page."""
    return part.notices if part else ()


def nothing_at(shelves: Shelves, column: ModelColumn, number: int, size: int) -> Slice:
    """Give the page beyond the end as servers do that answer any number: no rows, and the totals of the first page."""
    first = shelves.cut(column, 1, size)
    return Slice((), number, first.pages if first else 0, first.rows if first else 0)


def path_of(notice: ModelNotice) -> str:
    """Give a notice's address without scheme and host."""
    return "/" + notice.url.split("/", 3)[3]
