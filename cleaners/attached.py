"""The files a notice links to: in its text and in the lists of attachments beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from cleaners.records import Attachment
from cleaners.text import Element, Page, collapse

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


def find_attachments(page: Page, first: int, last: int, base: str) -> tuple[Attachment, ...]:
    """Give the files linked from lines first to last and from what follows, navigation left out; an address once."""
    seen: dict[str, Attachment] = {}
    for line, anchor in page.anchors:
        if line < first or (line >= last and _is_seldom(page, line)):
            continue
        for attachment in _read(anchor, base):
            seen.setdefault(attachment.url, attachment)
    return tuple(seen.values())


def _is_seldom(page: Page, line: int) -> bool:
    return line < len(page.lines) and page.lines[line].seldom


def _read(anchor: Element, base: str) -> Iterator[Attachment]:
    href = (anchor.get("href") or "").strip()
    if not href or href.lower().startswith(("javascript:", "#", "mailto:")):
        return
    named = collapse("".join(anchor.itertext())) or collapse(anchor.get("title") or "")
    if not FILE.search(href) and not DOWNLOAD.search(href) and not FILE.search(named + "$"):
        return
    try:
        url = urljoin(base, href)
        path = urlsplit(url).path
    except ValueError:  # an address no parser takes is no attachment
        return
    name = unquote(path.rsplit("/", 1)[-1])
    yield Attachment(url, named or name, MEDIA.get(_ending(name) or _ending(named), ""))


def _ending(name: str) -> str:
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""
