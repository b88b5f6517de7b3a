"""What a list page and the way on from it are, and what pagers are made of.

A pager is a pure function `Page -> Turn | None`: None means "this is not mine", a Turn without `next` means "this is the
last page". When a chain of pages ends is decided by `spiders.walk`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from cleaners.urls import join

FORM = ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
JSON = ("Content-Type", "application/json;charset=UTF-8")


@dataclass(frozen=True, slots=True)
class Next:
    """The request for a list page. Its identity includes the body: a POST that turns pages keeps its address."""

    url: str
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def identity(self) -> str:
        """What tells this page from others: the address, and for a POST the digest of its body (`POST <url> sha256:<16 hex>`)."""
        if self.method == "GET" and not self.body:
            return self.url
        return f"{self.method} {self.url} sha256:{hashlib.sha256(self.body).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Turn:
    """What a pager found: the next page or None, and whether the page itself promises one (a link or a total) or it is a guess.

    A promise without a next page means that the list goes on and the pager cannot tell how. A `frame` is a page whose list is
    read whole from `next` on: rows it shows itself are the first of those, or something else.
    """

    next: Next | None
    promised: bool = True
    frame: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A list page as pagers see it: its text and address, its tree when it is HTML, its value when it is JSON.

    `asked` is the request it answers, where that was more than the address; `rows` the number of rows it lists.
    """

    text: str
    url: str
    tree: etree._Element | None = None
    value: Any = None
    asked: Next | None = None
    rows: int = 0


LAST = Turn(None, promised=False)


def to(base: str, link: str, *, promised: bool = True, frame: bool = False) -> Turn | None:
    """Turn to a link as a page wrote it; None for one that is no address."""
    address = join(base, link)
    return Turn(Next(address), promised, frame) if address else None


def post(url: str, fields: Mapping[str, object]) -> Next:
    """Make the POST of a form."""
    return Next(url, "POST", urlencode({key: str(value) for key, value in fields.items()}).encode("ascii"), (FORM,))


def whole(text: str) -> int | None:
    """Read a page or row number of at most nine digits; None for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def with_query(url: str, values: Mapping[str, object]) -> str:
    """Give the address with these query parameters set, the others left in their order."""
    split = urlsplit(url)
    left = {key: str(value) for key, value in values.items()}
    pairs = [(key, left.pop(key) if key in left else value) for key, value in parse_qsl(split.query, keep_blank_values=True)]
    return urlunsplit((split.scheme, split.netloc, split.path, urlencode([*pairs, *left.items()]), ""))


def query_of(url: str) -> dict[str, str]:
    """Give the query parameters of an address."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def words_of(element: etree._Element) -> str:
    """Give all text inside an element."""
    return "".join(str(part) for part in element.itertext())


POSITION = re.compile(r"(?<!\d)(\d{1,4})\s*/\s*(\d{1,4})(?!\d|/|\s*页?\s*条)")
STATED = re.compile(
    r"第\s{0,9}(\d{1,5})\s{0,9}[页頁]\D{0,6}共\s{0,9}(\d{1,5})\s{0,9}[页頁]|(?<![\d/])(\d{1,5})\s{0,9}/\s{0,9}(\d{1,5})\s{0,9}[页頁]"
    r"|共\s{0,9}\d{1,7}\s{0,9}[条條]\D{0,12}?(\d{1,5})\s{0,9}/\s{0,9}(\d{1,5})(?![\d/])"
)


def says_more(text: str) -> bool:
    """Say whether a pager states in words that this is not the last page ("第1页/共27页", "共530条 1/27")."""
    words = _end_of(text)
    stated = [[int(part) for part in found.groups() if part] for found in STATED.finditer(words)]
    return any(current < total for current, total in stated)


def position(text: str) -> tuple[int, int] | None:
    """Find the position a pager prints ("1/27", "第1页/共27页") as (page, pages)."""
    words = _end_of(text)
    for found in reversed(list(POSITION.finditer(words))):
        current, total = int(found.group(1)), int(found.group(2))
        if 1 <= current <= total:
            return current, total
    found_words = re.search(r"第\s*(\d{1,9})\s*页\D{0,6}共\s*(\d{1,9})\s*页", words)
    return (int(found_words.group(1)), int(found_words.group(2))) if found_words else None


def _end_of(text: str) -> str:
    """Give the words of a page's last part, where pagers stand, without mark-up."""
    return re.sub(r"<[^<>]*>|&nbsp;", " ", text[-20000:])
