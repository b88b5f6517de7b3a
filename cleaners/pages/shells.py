"""The files of pages that are no more than a frame around one: PDF viewers, embedded objects, readers started by a script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice
from urllib.parse import parse_qsl, unquote, urlsplit

from cleaners.pages.attached import FILE, media_type
from cleaners.pages.literals import read_literals
from cleaners.records import Attachment
from cleaners.text import collapse
from cleaners.urls import join

LARGEST = 4 << 20
MOST_FRAMES = 200
LONGEST = 1000
"""Characters of the longest address."""
MOST_LITERALS = 20_000
_TAG = re.compile(r"<(?:iframe|frame|embed|object|param|a|button|div|span)\b([^<>]{1,4000})>", re.IGNORECASE)
_FRAME = re.compile(r"<(?:iframe|frame|embed|object|param)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b([\w-]{1,40})\s{0,5}=\s{0,5}(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'>]{1,2000}))""")
_ADDRESSES = frozenset({"src", "data", "value", "data-src", "data-url", "data-pdf", "data-file", "href", "onclick"})
_OPENED = re.compile(r"(?:window\.open|location\.href\s{0,3}=|openPdf|showPdf|viewPdf|openFile|preview)", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b[^<>]{0,2000}>", re.IGNORECASE)
_END = re.compile(r"</script", re.IGNORECASE)
_COMMENT = re.compile(r"<!--")
_PAPER = re.compile(r"\.(?:pdf|ofd|ceb|docx?|wps)(?:$|[?#&])", re.IGNORECASE)
"""What a viewer started by a script shows; other files that scripts name are their own."""
_FLASH = re.compile(r"\.swf(?:$|[?#])", re.IGNORECASE)
_READER = re.compile(r"swffile|flexpaper", re.IGNORECASE)


def shell_files(text: str, url: str) -> tuple[Attachment, ...]:
    """Give the files a decoded page shows in frames, objects and viewers, in the order found, an address once.

    `viewer.html?file=…` gives the file and not the viewer. A paper kept as Flash (.swf) is given where a page names no other file.
    Linear in the page; nothing of a script is run.
    """
    if len(text) > LARGEST:
        return ()
    shown = _without_comments(text)
    found = list(_addresses(shown))
    files = _joined(url, ((named, title) for named, title in found if FILE.search(named)))
    if not files and _READER.search(shown):
        files = _joined(url, ((named, title) for named, title in found if _FLASH.search(named)))
    return tuple(Attachment(address, title or _name(address), media_type(_name(address))) for address, title in files.items())


def _joined(url: str, found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give the addresses resolved, each with the first title it has."""
    files: dict[str, str] = {}
    for named, title in found:
        if (address := join(url, named)) is not None:
            files[address] = files.get(address) or title
    return files


def _without_comments(text: str) -> str:
    parts, at = [], 0
    while (opening := _COMMENT.search(text, at)) is not None:
        parts.append(text[at : opening.start()])
        end = text.find("-->", opening.end())
        if end < 0:  # never closed: browsers read on
            at = opening.end()
            break
        at = end + 3
    return "".join((*parts, text[at:]))


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    """Give every address that a frame, an opening button or a script names, with its title."""
    for tag in islice(_TAG.finditer(text), MOST_FRAMES * 50):
        framed = _FRAME.match(text, tag.start()) is not None
        found = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag[1])}
        title = collapse(found.get("title", ""))
        for name, value in found.items():
            if name == "onclick" and _OPENED.search(value):
                yield from ((address, title) for literal in read_literals(value) for address in _inside(literal.value))
            elif framed and name in _ADDRESSES:
                yield from ((address, title) for address in _inside(value))
    for script in _scripts(text):
        for literal in islice(read_literals(script), MOST_LITERALS):
            if len(literal.value) <= LONGEST and (_PAPER.search(literal.value) or _FLASH.search(literal.value)):
                yield from ((address, "") for address in _inside(literal.value))


def _scripts(text: str) -> Iterator[str]:
    at = 0
    while (tag := _SCRIPT.search(text, at)) is not None:
        closing = _END.search(text, tag.end())
        at = closing.end() if closing else len(text)
        yield text[tag.end() : closing.start() if closing else len(text)]


def _inside(value: str) -> Iterable[str]:
    """Give the address itself, or the one a viewer is asked to show (viewer.html?file=…)."""
    value = value.strip()
    try:
        asked = [inner for _, inner in parse_qsl(urlsplit(value).query) if _is_address(inner)]
    except ValueError:
        return ()
    return asked or ((value,) if _is_address(value) else ())


def _is_address(value: str) -> bool:
    """Say whether a string is the address of a file: it ends like one and says more than the ending."""
    if len(value) > LONGEST or "<" in value or "\n" in value:
        return False
    try:
        path = urlsplit(value).path
    except ValueError:
        return False
    return bool(FILE.search(path) or _FLASH.search(path)) and not path.rpartition("/")[2].startswith(".")


def _name(address: str) -> str:
    return unquote(urlsplit(address).path.rpartition("/")[2])
