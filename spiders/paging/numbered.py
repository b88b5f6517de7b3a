"""Pages with a number in their file name: `index_1.html`, `list_2.shtml`, `x/26.htm`, `2.html`, `pageIndex=2,pageSize=18.json`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cleaners.urls import join
from spiders.paging import LAST, Next, Page, Turn, position, to, whole
from spiders.paging.totals import stated

CREATE_PAGE = re.compile(r"createPage(?:HTML)?\s*\(([^()]*)\)")
INNER = re.compile(r"/([0-9]{1,9})(\.html?)$")
COMPONENT = re.compile(r"maxPageNum(\d{1,12})\s*=\s*['\"]?(\d{1,7})")


def create_page_html(page: Page) -> Turn | None:
    """Read the inline call: TRS `createPageHTML(N, cur from 0, 'index', 'html')`, UCAP `('id', N, cur from 1, 'list', 'shtml', rows)`.

    TRS names page k `index_{k-1}.html`, UCAP `list_k.shtml`. The address says better than the call which page this is.
    """
    call = next((found for found in CREATE_PAGE.findall(page.text) if "," in found and ("'" in found or '"' in found)), None)
    if call is None:
        return None
    arguments = [argument.strip().strip("'\"") for argument in call.split(",")]
    base = 0
    if whole(arguments[0]) is None:
        arguments, base = arguments[1:], 1
    if len(arguments) < 4 or (total := whole(arguments[0])) is None or (current := whole(arguments[1])) is None:
        return None
    name, ending = arguments[2:4]
    base = max(base, _links_from_2(page.text, name, ending))
    in_address = re.search(rf"/{re.escape(name)}_([0-9]{{1,9}})\.{re.escape(ending)}$", urlsplit(page.url).path)
    following = (int(in_address.group(1)) if in_address else max(current, base)) + 1
    if following >= total + base:
        return LAST
    return to(page.url, f"{name}_{following}.{ending}")


def _links_from_2(text: str, name: str, ending: str) -> int:
    """Say whether the page's own links name its second page `_2` (湖南's `wjk_glrb_2.html`) in spite of TRS's call."""
    return int(f"{name}_2.{ending}" in text and f"{name}_1.{ending}" not in text)


def descending(page: Page) -> Turn | None:
    """Follow VSB's countdown: `x.htm`, then `x/{T-1}.htm` down to `x/1.htm`; T from the position "1/27" that the pager prints."""
    path, total = urlsplit(page.url).path, position(page.text)
    inner = INNER.search(path)
    if inner and (total is None or int(inner.group(1)) < total[1]):
        number = int(inner.group(1))
        return to(page.url, path[: inner.start()] + f"/{number - 1}{path[path.rindex('.') :]}") if number > 1 else LAST
    if total is None or "." not in path.rsplit("/", 1)[-1]:
        return None
    stem, ending = path.rsplit(".", 1)
    return to(page.url, f"{stem}/{total[1] - 1}.{ending}") if total[1] > 1 else LAST


def component(page: Page) -> Turn | None:
    """Follow n-path's countdown: `index.html`, then `index_ID_{N-1}.html` down to `index_ID_1.html`; `maxPageNumID=N` in a script."""
    inner = re.search(r"/index_\d{1,12}_(\d{1,7})\.html$", urlsplit(page.url).path)
    if inner:
        number = int(inner[1])
        return to(page.url, f"{page.url[: page.url.rindex('_')]}_{number - 1}.html") if number > 1 else LAST
    found = _component(page)
    if found is None:
        return None
    return to(page.url, f"index_{found[0]}_{found[1] - 1}.html") if found[1] > 1 else LAST


def _component(page: Page) -> tuple[str, int] | None:
    """Give the list's number and how many pages it has; the script says 0 first and the number after."""
    return max(((found[1], int(found[2])) for found in COMPONENT.finditer(page.text)), key=lambda one: one[1], default=None)


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a list numbered from its oldest page goes on for those who read it from there."""

    oldest: Next | None = None
    newer: Next | None = None


def ends(page: Page, pagers: Sequence[str]) -> Ends:
    """Find the stable end of a list that counts down: for VSB on `x.htm` the page `x/1.htm`, on `x/{n}.htm` the page `x/{n+1}.htm`.

    New notices never move a page away from its number there. The last numbered page T-1 has no newer one but `x.htm` itself, so
    `newer` is None there, and wherever T is not printed. The same for n-path, where the numbers are `index_ID_{n}.html`.
    """
    if "component" in pagers and (found := _component(page)):
        return _component_ends(page, *found)
    place = position(page.text) if "descending" in pagers else None
    if place is None or place[1] < 2:
        return Ends()
    path = urlsplit(page.url).path
    inner = INNER.search(path)
    if inner and int(inner.group(1)) < place[1]:
        number = int(inner.group(1)) + 1
        return Ends(newer=_beside(page.url, f"{path[: inner.start()]}/{number}{inner.group(2)}") if number < place[1] else None)
    stem, dot, ending = path.rpartition(".")
    return Ends(oldest=_beside(page.url, f"{stem}/1.{ending}")) if dot and "/" not in ending else Ends()


def _component_ends(page: Page, number: str, pages: int) -> Ends:
    inner = re.search(rf"/index_{number}_(\d{{1,7}})\.html$", urlsplit(page.url).path)
    if inner:
        above = int(inner[1]) + 1
        return Ends(newer=_beside(page.url, f"index_{number}_{above}.html") if above < pages else None)
    return Ends(oldest=_beside(page.url, f"index_{number}_1.html")) if pages > 1 else Ends()


def _beside(base: str, path: str) -> Next | None:
    address = join(base, path)
    return Next(address) if address else None


def numbered(page: Page) -> Turn | None:
    """Count up Epoint's `{k}.html` beside the first page, from the rows and page size its pager script is given."""
    total = re.search(r"(?:total|totalCount|count)\s*[:=]\s*['\"]?([0-9]{1,9})", page.text)
    size = re.search(r"pageSize\s*[:=]\s*['\"]?([0-9]{1,9})", page.text)
    if total is None or size is None or int(size.group(1)) == 0:
        return None
    pages = -(-int(total.group(1)) // int(size.group(1)))
    here = re.search(r"/(\d{1,4})\.html$", page.url)
    following = (int(here.group(1)) if here else 1) + 1
    return to(page.url, f"{following}.html") if following <= pages else LAST


def suffixed(page: Page) -> Turn | None:
    """Count up `name_2.html`, the second page being 2, as far as the page states how many there are."""
    return _second_is_2(page, "_")


def unspaced(page: Page) -> Turn | None:
    """Count up 人民网's `index2.html`, as far as the page states how many there are."""
    return _second_is_2(page, "")


def _second_is_2(page: Page, mark: str) -> Turn | None:
    pages = stated(page).pages
    path = urlsplit(page.url).path
    name, dot, ending = path.rpartition("/")[2].rpartition(".")
    if pages is None or (dot and not re.fullmatch(r"s?html?|jhtml", ending)):
        return None
    inner = re.fullmatch(rf"(.*\D){mark}(\d{{1,6}})" if not mark else rf"(.+){mark}(\d{{1,6}})", name)
    stem, current = (inner[1], int(inner[2])) if inner else (name or "index", 1)
    if current >= pages:
        return LAST
    return to(page.url, f"{stem}{mark}{current + 1}.{ending or 'html'}")


def static_json(page: Page) -> Turn | None:
    """Count up `pageIndex=k` in the path of a static JSON file (`data_itemId=1,pageIndex=2,pageSize=18.json`)."""
    found = re.search(r"(?<=pageIndex=)[0-9]{1,9}(?=[,.])", urlsplit(page.url).path)
    if page.value is None or found is None:
        return None
    size = re.search(r"pageSize=([1-9][0-9]{0,5})\.", page.url)
    total = stated(page).total
    pages = -(-total // int(size[1])) if size and total is not None else None
    if pages is not None and int(found[0]) >= pages:
        return LAST
    following = page.url.replace(f"pageIndex={found[0]}", f"pageIndex={int(found[0]) + 1}", 1)
    return Turn(Next(following), promised=pages is not None)
