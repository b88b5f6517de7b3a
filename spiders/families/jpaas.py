"""大汉 jpaas 集约化: lists are HTML inside JSON, asked for with the parameters a script of the page names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from cleaners.urls import join
from spiders.paging import Next, Page, Turn, whole, with_query


def build_unit(page: Page) -> Turn | None:
    """Ask jpaas for the next fragment: the page number goes inside `paramJson`, a bare pageNo is ignored by the gateway."""
    split = urlsplit(page.url)
    if "build/unit" in split.path:
        query = dict(parse_qsl(split.query))
        try:
            parameters = json.loads(query.get("paramJson", "{}"))
        except ValueError:
            return None
        if not isinstance(parameters, dict):
            return None
        number = (whole(str(parameters.get("pageNo", 1))) or 1) + 1
        return Turn(Next(_unit(page.url, parameters | {"pageNo": number})), promised=False)
    return _first_unit(page)


def _first_unit(page: Page) -> Turn | None:
    source = re.search(r"url=\"([^\"]{1,300}build/unit[^\"]{0,300})\"[^>]{0,300}queryData=\"\{([^}]{0,2000})\}\"", page.text)
    if source is None:
        return None
    query = dict(re.findall(r"'(\w+)'\s*:\s*'([^']*)'", source.group(2)))
    address = join(page.url, source.group(1))
    return Turn(Next(_unit(with_query(address, query), {"pageNo": 1, "pageSize": 15}))) if address else None


def _unit(address: str, parameters: Mapping[str, object]) -> str:
    return with_query(address, {"paramJson": json.dumps(parameters, separators=(",", ":"))})
