"""大汉 jpaas 集约化: lists are HTML inside JSON, asked for with the parameters a script of the page names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from cleaners.urls import join
from spiders.paging import Next, Page, Turn, query_of, to, whole, with_query
from spiders.paging.counted import Counter

SCRIPT = re.compile(r"<script\b[^<>]{0,1500}build/unit[^<>]{0,3000}>")
URL = re.compile(r"\burl=\"([^\"]{1,300}build/unit[^\"]{0,300})\"")
QUERY = re.compile(r"\bqueryData=\"\{([^}]{0,2000})\}\"")
ASIDE = re.compile(r"导航|位置|面包屑|头部|底部|页头|页脚|菜单|nav|menu|head|foot|crumb|position", re.IGNORECASE)
SIZE = 15


def build_unit(page: Page) -> Turn | None:
    """Ask jpaas for the next fragment: the page number goes inside `paramJson`, a bare pageNo is ignored by the gateway.

    A column page frames its unit, whose pages are counted from 1; `count` and `rows` of the fragment say how many there are.
    """
    query = query_of(page.url)
    if "build/unit" not in page.url.partition("?")[0]:
        return _first_unit(page)
    try:
        parameters = json.loads(query.get("paramJson", "{}"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(parameters, dict):
        return None
    number = whole(str(parameters.get("pageNo", 1))) or 1
    size = whole(str(parameters.get("pageSize", SIZE)))
    following = Next(_unit(page.url, parameters | {"pageNo": number + 1}))
    return Counter("pageNo", number, size, 1).turn(page, following)


def _first_unit(page: Page) -> Turn | None:
    """Go to the first page of the column's list: of several units the first that is no navigation."""
    units = [unit for script in SCRIPT.finditer(page.text) if page.value is None and (unit := _parameters(script[0])) is not None]
    chosen = next((unit for unit in units if not ASIDE.search(unit[1].get("tagId", ""))), units[0] if units else None)
    address = join(page.url, chosen[0]) if chosen else None
    if chosen is None or address is None:
        return None
    return to(page.url, _unit(with_query(address, chosen[1]), {"pageNo": 1, "pageSize": SIZE}), frame=True)


def _parameters(script: str) -> tuple[str, dict[str, str]] | None:
    """Give the address and the parameters a unit's script names (single-quoted JSON), of units of columns alone."""
    url, query = URL.search(script), QUERY.search(script)
    parameters = dict(re.findall(r"'(\w+)'\s*:\s*'([^']*)'", query[1])) if query else {}
    if url is None or parameters.get("pageType", "column") != "column":
        return None
    return url[1], {"parseType": "bulidstatic", **parameters}


def _unit(address: str, parameters: Mapping[str, object]) -> str:
    return with_query(address, {"paramJson": json.dumps(parameters, separators=(",", ":"))})
