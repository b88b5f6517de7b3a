"""Other ways on: buttons, select boxes, forms to be sent, and page numbers that a script puts into an address.

They are tried after the plain links, and only where these lead nowhere. What is written by hand for one site (a call of a function
whose body is in another file) leads nowhere here as well; the page still says that it goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from cleaners.urls import join
from spiders.paging import Next, Page, Turn, post, query_of, whole, with_query, words_of
from spiders.paging.links import OFF, PATH_IN_SCRIPT, WORDS, own_addresses

LINKS = ("a", "button")
LONGEST_SIGN = 20  # characters
SHORT = 4  # characters: an arrow, an icon's number
NEXT_CLASS = re.compile(r"(?:^|[\s_-])(?:next|nextpage|page-?next|laypage-next)(?:$|[\s_-])", re.IGNORECASE)
CALL = re.compile(r"\w\s{0,3}\((?:[^()]{0,80}[,\s'\"])?(\d{1,5})['\"]?\s{0,3}\)")
POST_BACK = re.compile(r"__doPostBack\(\s?'([^'()]{1,200})'\s?,\s?'([^'()]{0,200})'\s?\)")
OPTION = re.compile(r"^\D{0,3}(\d{1,5})\D{0,8}$")
CHOSEN = re.compile(r"['\"]([^'\"]{0,200})['\"]\s?\+\s?(?:this|[\w.$()\[\]]{1,60})\.?(?:value|val\(\))?\s?\+\s?['\"]([^'\"]{0,60})['\"]")
TEMPLATE = re.compile(
    r"(?:location(?:\.href)?|\burl)\s{0,3}=\s{0,3}['\"]([^'\"<>]{0,200}[=_/-])['\"]\s{0,3}\+\s{0,3}[\w.$()]{1,60}"
    r"(?:\s{0,3}\+\s{0,3}['\"]([^'\"<>]{0,100})['\"])?"
)
NUMBERS = {
    "rows": re.compile(
        r"\b(?:count|total|totalData|totalCount|totalRecords?|totalRows?|recordCount)['\"]?\s{0,3}[:=]\s{0,3}['\"]?(\d{1,9})"
    ),
    "size": re.compile(
        r"\b(?:limit|pageSize|pagesize|page_size|showData|perPage|perpage|items_per_page)['\"]?\s{0,3}[:=]\s{0,3}['\"]?(\d{1,4})"
    ),
    "pages": re.compile(r"\b(?:countPage|pageCount|totalPages?|pagecount)['\"]?\s{0,3}[:=]\s{0,3}['\"]?(\d{1,6})"),
    "here": re.compile(r"\b(?:curr|current|currentPage|currPage|curPage|pageNo|pageIndex|nowPage)['\"]?\s{0,3}[:=]\s{0,3}['\"]?(\d{1,6})"),
}
PAGE_KEY = re.compile(r"p|pn|(?:cur|curr|current|now|to|go)?_?page_?(?:no|num|number|index|id)?", re.IGNORECASE)


def forms(page: Page) -> Turn | None:
    """Go on by what is neither a link nor known of the family; None where nothing says how."""
    if page.tree is None:
        return None
    signs = list(_next_signs(page.tree))
    for way in (_named, _chosen, _posted_back, _sent, _called, _counted, _beside):
        address = way(page, signs)
        if address is not None:
            return None if address == Next(page.url) else Turn(address)
    return None


def _next_signs(tree: etree._Element) -> Iterator[etree._Element]:
    """Give the elements that stand for the next page, by their words, picture, class or relation, and are not switched off."""
    for element in tree.iter(*LINKS, "li", "span", "input", "link", "div", "td", "img"):
        if _means_next(element) and not OFF.search(element.get("class") or "") and element.get("disabled") is None:
            yield element


def _means_next(element: etree._Element) -> bool:
    if element.tag in LINKS and NEXT_CLASS.search(element.get("class") or "") and len(words_of(element).strip()) < SHORT:
        return True
    if element.get("rel") == "next":
        return True
    said = (
        element.get("value")
        or element.get("alt")
        or (words_of(element) if element.tag in LINKS else element.text if len(element) == 0 else "")
    )
    return bool(said) and len(said) < LONGEST_SIGN and bool(WORDS.match(said))


def _script(element: etree._Element) -> str:
    return f"{element.get('href') or ''} {element.get('onclick') or ''}"


def _named(page: Page, signs: list[etree._Element]) -> Next | None:
    """Follow a path that an element standing for the next page names: address, script, `data-` attribute, or the link around it."""
    for element in signs:
        link = element.getparent() if element.tag == "img" else element
        if link is None:
            continue
        href = "" if (link.get("href") or "#").startswith("#") else link.get("href")
        script = PATH_IN_SCRIPT.search(_script(link))
        path = link.get("data-url") or link.get("data-href") or (script.group(1) if script else href)
        address = join(page.url, path) if path else None
        if address:
            return Next(page.url if page.tree is not None and address in own_addresses(page.tree, page.url) else address)
    return None


def _chosen(page: Page, _: list[etree._Element]) -> Next | None:
    """Take the option after the chosen one of a select box of pages: a path, or a number for the path its script makes."""
    for box in () if page.tree is None else page.tree.iter("select"):
        options = [option for option in box.iter("option") if OPTION.match(words_of(option).strip())]
        numbers = [int(found[1]) for option in options if (found := OPTION.match(words_of(option).strip()))]
        if len(options) < 2 or numbers != list(range(1, len(numbers) + 1)):
            continue
        here = next((place for place, option in enumerate(options) if option.get("selected") is not None), 0)
        if here + 1 == len(options):
            return Next(page.url)
        made = CHOSEN.search(box.get("onchange") or "")
        value = options[here + 1].get("value") or ""
        path = f"{made[1]}{value}{made[2]}" if made and whole(value) is not None else value
        if whole(path) is None and re.search(r"[./?]", path):
            address = join(page.url, path)
            return Next(address) if address else None
    return None


def _posted_back(page: Page, signs: list[etree._Element]) -> Next | None:
    """Send an ASP.NET page back with the event that its link to the next page names."""
    for element in signs:
        call = POST_BACK.search(_script(element))
        form = next(element.iterancestors("form"), None) if call else None
        form = page.tree.find(".//form") if call and form is None and page.tree is not None else form
        if call and form is not None:
            event = {"__EVENTTARGET": call[1], "__EVENTARGUMENT": call[2]}
            address = join(page.url, form.get("action") or page.url)
            return post(address, _fields(form) | event) if address else None
    return None


def _fields(form: etree._Element) -> dict[str, str]:
    """Give what a form sends as it stands, without its buttons."""
    inputs = [field for field in form.iter("input") if (field.get("type") or "text").lower() in {"hidden", "text"} and field.get("name")]
    return {str(field.get("name")): field.get("value") or "" for field in inputs}


def _sent(page: Page, signs: list[etree._Element]) -> Next | None:
    """Send the form that holds the number of the page, with the next one."""
    if not signs or page.tree is None:
        return None
    for form in page.tree.iter("form"):
        fields = _fields(form)
        key = next((name for name, value in fields.items() if PAGE_KEY.fullmatch(name) and whole(value) is not None), None)
        address = join(page.url, form.get("action") or page.url) if key else None
        if key and address:
            number = _number_in(signs) or int(fields[key]) + 1
            sent = fields | {key: str(number)}
            if (form.get("method") or "get").lower() == "post":
                return post(address, sent)
            return Next(with_query(address, sent))
    return None


def _number_in(signs: list[etree._Element]) -> int | None:
    """Read the page number that a script of the link to the next page is called with."""
    calls = (CALL.search(_script(element)) for element in signs)
    return next((int(call[1]) for call in calls if call and int(call[1]) > 1), None)


def _called(page: Page, signs: list[etree._Element]) -> Next | None:
    """Put the number that the next page's script is called with where an inline script or this page's own address has it."""
    number = _number_in(signs)
    return _numbered(page, number) if number else None


def _counted(page: Page, _: list[etree._Element]) -> Next | None:
    """Count on from the rows, page size and page that the settings of a pager's script state (layui, jQuery)."""
    script = _scripts(page)
    if not (found := TEMPLATE.search(script)):
        return None
    stated = {name: int(match[1]) for name, pattern in NUMBERS.items() if (match := pattern.search(script))}
    pages = stated.get("pages") or (-(-stated["rows"] // stated["size"]) if stated.get("size") and "rows" in stated else 0)
    here = _here(page, found) or stated.get("here", 0)
    return _numbered(page, here + 1) if 0 < here < pages else None


def _scripts(page: Page) -> str:
    """Give the inline scripts that send the reader elsewhere: all others say nothing of pages."""
    scripts = (script.text or "" for script in page.tree.iter("script")) if page.tree is not None else ()
    return "\n".join(script for script in scripts if "location" in script or "url" in script)


def _here(page: Page, template: re.Match[str]) -> int | None:
    """Read this page's number from its own address, where that is made like the others."""
    made = re.search(re.escape(template[1].rpartition("/")[2]) + r"(\d{1,6})", page.url) if template[1].rpartition("/")[2] else None
    return int(made[1]) if made else None


def _numbered(page: Page, number: int) -> Next | None:
    template = TEMPLATE.search(_scripts(page))
    if template:
        address = join(page.url, f"{template[1]}{number}{template[2] or ''}")
        return Next(address) if address else None
    key = next((key for key, value in query_of(page.url).items() if PAGE_KEY.fullmatch(key) and whole(value) is not None), None)
    return Next(with_query(page.url, {key: number})) if key else None


def _beside(page: Page, _: list[etree._Element]) -> Next | None:
    """Name the next file as TRS templates do that write their pager by hand: `countPage`, `currentPage` from 0, `index_{k}.html`."""
    if "countPage" not in page.text:
        return None
    count, here = (re.search(rf"\bvar\s{{1,9}}{name}\s{{0,9}}=\s{{0,9}}(\d{{1,6}})", page.text) for name in ("countPage", "currentPage"))
    if count is None or here is None:
        return None
    name = urlsplit(page.url).path.rpartition("/")[2]
    own = re.fullmatch(r"(\w{1,60}?)(?:_(\d{1,6}))?\.(s?html?)", name)
    number = (int(own[2]) if own and own[2] else int(here[1])) + 1
    ending = re.search(r"\.(shtml|html?)['\"\\>]", page.text[here.start() : here.start() + 3000])
    stem, kind = (own[1], own[3]) if own else ("index", ending[1] if ending else "html")
    address = join(page.url, f"{stem}_{number}.{kind}")
    return (Next(address) if address else None) if number < int(count[1]) else Next(page.url)
