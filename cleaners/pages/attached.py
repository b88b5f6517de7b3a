"""The files a notice links to: in its text and in the lists of attachments beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urljoin, urlsplit

from cleaners.pages.page import Page
from cleaners.pages.tags import attributes, href_of
from cleaners.records import Attachment
from cleaners.text import Line, collapse

FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|dps|ofd|ceb|zip|rar|7z|pptx?|csv|txt|rtf)(?:$|[?#&])", re.IGNORECASE)
DOWNLOAD = re.compile(
    r"downfile\.jsp|download\.jsp|downloadfile|DownloadAttachUrl|downloadattach|/attachments?/|fileDownload|/download\?|attachid=|downfile\?",
    re.IGNORECASE,
)
MEDIA = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ofd": "application/ofd",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
}


DEAD = re.compile(r"(?:javascript:|#|about:|$)", re.IGNORECASE)
NAMED_SO = re.compile(r"attach|appendix|insertfile|fujian", re.IGNORECASE)
"""Attributes by which editors mark the links of uploaded files."""
HEADING = re.compile(r"附 ?[件表录錄]? ?[\d一二三四五六七八九十]{0,3} ?[:：]|附 ?件 ?[\d一二三四五六七八九十]{1,3}")
LISTED = re.compile(r"[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）]?[.．、 ]")


def find_attachments(page: Page, first: int, last: int, base: str) -> tuple[Attachment, ...]:
    """Give the files linked from lines first to last and from what follows, navigation left out; an address once.

    A link that leads nowhere (`javascript:;`) counts in the text alone, where its name, its attributes or its place in the
    list of attachments (附件说明) say that it was a file's; such a file has no address.
    """
    listed = frozenset(_listed(page.lines, first, last))
    seen: dict[str, Attachment] = {}
    for line, node in page.anchors[bisect_left(page.anchors, (first, -1)) :]:
        beyond = line >= last
        if beyond and (line >= len(page.lines) or page.lines[line].seldom or not _may_be_file(page, node)):
            continue
        if (attachment := _read(page, node, base, dead=not beyond, listed=line in listed)) is not None:
            seen.setdefault(attachment.url or attachment.title, attachment)
    return tuple(seen.values())


def _listed(lines: Sequence[Line], first: int, last: int) -> Iterator[int]:
    """Give the lines of the list of attachments: 附件：… and the numbered ones right below."""
    inside = False
    for index in range(first, min(last, len(lines))):
        text = lines[index].text
        inside = HEADING.match(text) is not None or (inside and LISTED.match(text) is not None)
        if inside:
            yield index


def _read(page: Page, node: int, base: str, *, dead: bool, listed: bool) -> Attachment | None:
    found = attributes(page.tree.tags[node])
    href = found.get("href", "").strip()
    if DEAD.match(href):
        return _unlinked(page, node, found, listed=listed) if dead else None
    named = collapse(page.tree.text_of(node)) or collapse(found.get("title", ""))
    if not is_file_address(href) and not FILE.search(named):
        return None
    try:
        url = urljoin(base, href)
        path = urlsplit(url).path
    except ValueError:  # an address no parser takes is no attachment
        return None
    name = unquote(path.rsplit("/", 1)[-1])
    return Attachment(url, named or name, media_type(name, named, url))


def _may_be_file(page: Page, node: int) -> bool:
    """Say, before its attributes are read and its words put together, whether a link could be one to a file."""
    href = href_of(page.tree.tags[node])
    return bool(href) and (is_file_address(href) or any("." in text for text in page.tree.texts[node : node + 3]))


def is_file_address(href: str) -> bool:
    """Say whether an address is one of a file to load down, by its ending or by the program that sends files."""
    if FILE.search(href):
        return True
    lowered = href.lower()
    return ("down" in lowered or "attach" in lowered) and DOWNLOAD.search(lowered) is not None


def _unlinked(page: Page, node: int, found: Mapping[str, str], *, listed: bool) -> Attachment | None:
    """Give a file that is named by a link which leads nowhere."""
    named = collapse(page.tree.text_of(node)) or found.get("title", "").strip()
    names = (named, found.get("title", "").strip(), found.get("alt", "").strip())
    ending = next((name for name in names if FILE.search(name)), "")
    marked = any(NAMED_SO.search(f"{name} {value}") for name, value in found.items() if name not in {"href", "onclick", "title"})
    if not named or not (ending or marked or listed):
        return None
    return Attachment("", named, media_type(ending))


def media_type(*names: str) -> str:
    """Give the media type that the ending of a name says, of the first name whose ending is known."""
    endings = (name.rsplit(".", 1)[-1].lower() for name in names)
    return next((MEDIA[ending] for ending in endings if ending in MEDIA), "")
