"""国泰新点 Epoint: the column page names a category, a script of the site names the site, and a POST of both gives the list."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode, urlsplit, urlunsplit

from cleaners.urls import join
from spiders.paging import JSON, Next, Page, Turn, query_of

SITE_GUID = re.compile(r"siteGuid['\"]?\s{0,9}[:=]\s{0,9}['\"]([0-9a-fA-F-]{32,36})['\"]")
PROJECT = re.compile(r"projectName['\"]?\s{0,9}[:=]\s{0,9}['\"](/?[\w./-]{1,60})['\"]")
LIST = "/rest/lightfrontaction/getgovinfolist"
SCRIPT = "/js/webBuilderCommon.js"
COLUMN = re.compile(r"[Gg]ov(Info|Guide)Pub\w*\.html$|/openlist\.html$")
SIZE = 20


def getgovinfolist(page: Page) -> Turn | None:
    """Go from a column to its list: a POST with the column's `categorynum` and the site's `siteGuid`, pages counted from 0.

    Where the page does not name the site, its script does: that is asked for first, with the column kept in the fragment.
    """
    if page.value is not None:
        return None
    column = _column(page.url)
    guid = SITE_GUID.search(page.text)
    if column is None or guid is None:
        return _script(page) if column is not None and guid is None else None
    address = join(page.url, _list(page.text))
    if address is None:
        return None
    body = {**column, "pageIndex": 0, "pageSize": SIZE, "siteGuid": guid[1]}
    return Turn(Next(address, "POST", json.dumps(body, separators=(",", ":")).encode("ascii"), (JSON,)), frame=True)


def _column(url: str) -> dict[str, str] | None:
    """Give the category and department a column's address names, in its query or in the fragment kept on the way."""
    split = urlsplit(url)
    if not COLUMN.search(split.path) and not split.path.endswith(SCRIPT):
        return None
    query = query_of(urlunsplit(split._replace(query=split.fragment))) if split.path.endswith(SCRIPT) else query_of(url)
    number = query.get("categorynum", "")
    return {"deptcode": query.get("deptcode", ""), "categorynum": number} if re.fullmatch(r"\w{1,60}", number) else None


def _script(page: Page) -> Turn | None:
    split = urlsplit(page.url)
    if split.path.endswith(SCRIPT):
        return None
    column = {key: value for key, value in query_of(page.url).items() if key in {"categorynum", "deptcode"}}
    return Turn(Next(urlunsplit((split.scheme, split.netloc, SCRIPT, "", urlencode(column)))), frame=True)


def _list(text: str) -> str:
    """Give the path of the list, as a script names it or under the project it names."""
    at = text.find(LIST)
    named = re.search(r"/[\w-]{1,40}$", text[max(0, at - 41) : at]) if at > 0 else None
    if named:
        return named[0] + LIST
    project = PROJECT.search(text)
    return f"/{project[1].strip('/') if project else 'EWB-FRONT'}{LIST}"
