"""A notice split over several pages: where its further parts are, and how they are put together again.

Content systems cut long articles into t1.html, t1_2.html, ... (大汉, 帝国CMS, 织梦), with a pager written out, or written by
createPageHTML(3, 0, "t1", "html") (TRS: parts count from 0, its first further one is t1_1.html; 开普 UCAP: from 1), or into ?page=2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from cleaners.decoding.decode import decode
from cleaners.length import first_lines
from cleaners.noise.boilerplate import Cleaned, clean_lines
from cleaners.records import Attachment, Capture, Removal
from cleaners.rules import Rules
from cleaners.source import Source, read_source
from cleaners.text import collapse
from cleaners.urls import join

MOST_PARTS = 100
MARKS = ("_1", "_2", "-1", "-2")
"""What the name of a further part adds: every pager names its second page, one that counts from 0 calls it 1."""
PARAMETERS = frozenset({"page", "p", "pageno", "pageindex", "curpage", "pagenum", "pn"})
REPEATED = "part_repeats"
"""The rule by which lines at the head of a further part go that stood at the head of the first one as well."""
HEAD = 8
"""Lines at the head of a further part that are compared."""
SPLIT = "split"
"""The flag of a notice whose further parts were not read with it."""
_ANCHOR = re.compile(r"<a\b([^<>]{1,2000})>(?:<(?:span|b|font|i|em|strong)\b[^<>]{0,200}>)?([^<]{0,40})", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s{0,3}=\s{0,3}["']?([^"'\s<>]{1,1000})""", re.IGNORECASE)
_PAGED = re.compile(
    r"[\[【(第]?\s?(\d{1,3})\s?[页\])】]?|(?:下一?[页頁]|尾[页頁]|末[页頁]|最后一?[页頁]|余下全文|Next|>>?|»)[^\w]{0,3}", re.IGNORECASE
)
_CALL = re.compile(r"createPageHTML\s{0,3}\(([^()]{1,300})\)")
_NUMBERED = re.compile(r"[_-](\d{1,3})(\.\w{1,8})")


def part_urls(text: str, url: str) -> tuple[str, ...]:
    """Give the addresses of the further parts of a decoded page, in order; none for a page that is whole.

    Only addresses made of the page's own are parts: its name with _2, or its query with page=2. Linear in the page.
    """
    stem, ending, _ = _split(url)
    if not stem or not any(
        sign in text for sign in ("createPageHTML", *(f"{stem}{mark}" for mark in MARKS), f"{stem}{ending}?", '="?', "='?")
    ):
        return ()
    numbers = {number: address for number, address in (*_called(text, url), *_linked(text, url)) if number <= MOST_PARTS}
    own = _own_number(url)
    return tuple(numbers[number] for number in sorted(numbers) if number > own)


def _split(url: str) -> tuple[str, str, str]:
    """Give the name of a page's file, its ending, and the folder before it; empty where it has none."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return "", "", ""
    folder, _, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending, folder) if dot else (name, "", folder)


def _own_number(url: str) -> int:
    """Give the number of a part by its own query; the first part is 0 or 1."""
    try:
        query = dict(parse_qsl(urlsplit(url).query))
    except ValueError:
        return 0
    return next((int(value) for name, value in query.items() if name.lower() in PARAMETERS and value.isdecimal() and len(value) < 4), 0)


def _called(text: str, url: str) -> Iterator[tuple[int, str]]:
    """Read createPageHTML(pages, current, "name", "html"), where the name is the page's own; 开普's first argument is an element."""
    stem, _, _ = _split(url)
    for call in _CALL.finditer(text):
        arguments = [argument.strip().strip("\"'") for argument in call[1].split(",")]
        numbers = [int(argument) for argument in arguments if argument.isdecimal() and len(argument) < 4]
        named = [argument for argument in arguments if not argument.isdecimal()]
        first = 0 if arguments[0].isdecimal() else 1
        if len(numbers) < 2 or len(named) < 2 + first or named[first] != stem:
            continue
        for number in range(first + 1, numbers[0] + first):
            if (address := join(url, f"{stem}_{number}.{named[first + 1]}")) is not None:
                yield number, address


def _linked(text: str, url: str) -> Iterator[tuple[int, str]]:
    """Read a pager written out: links named by a number or 下一页, to the page's own name with a number; gaps are filled."""
    found = dict(_pager(text, url))
    if not found:
        return
    last = max(found)
    known = found[last]
    for number in range(min(found), last + 1):
        yield number, found.get(number) or _renumbered(known, last, number)


def _pager(text: str, url: str) -> Iterator[tuple[int, str]]:
    for anchor in _ANCHOR.finditer(text):
        href = _HREF.search(anchor[1])
        paged = _PAGED.fullmatch(collapse(unescape(anchor[2])))
        if href is None or paged is None or paged[1] == "1":  # 1 leads to the page itself, whatever its address
            continue
        address = join(url, unescape(href[1]))
        if address is not None and (number := _number(address, url)) is not None:
            yield number, address


def _number(address: str, url: str) -> int | None:
    """Give the number of a part by its address; None where it is no part of the page."""
    own, other = urlsplit(url), urlsplit(address)
    if other.netloc.lower() != own.netloc.lower():
        return None
    stem, ending, folder = _split(url)
    if own.path == other.path:
        return _by_query(own.query, other.query)
    if own.query != other.query or not other.path.startswith(f"{folder}/{stem}"):
        return None
    numbered = _NUMBERED.fullmatch(other.path[len(folder) + 1 + len(stem) :])
    return int(numbered[1]) if numbered and numbered[2] == ending else None


def _by_query(own: str, other: str) -> int | None:
    """Give the page a query asks for, where nothing else in it differs."""
    asked = dict(parse_qsl(other))
    name = next((name for name in asked if name.lower() in PARAMETERS and asked[name].isdecimal() and len(asked[name]) < 4), None)
    if name is None:
        return None
    number = int(asked.pop(name))
    rest = {key: value for key, value in parse_qsl(own) if key != name}
    return number if asked == rest and number > 1 else None


def _renumbered(address: str, last: int, number: int) -> str:
    """Give the address of another part: the last number in it that is this part's, replaced."""
    before, found, after = address.rpartition(str(last))
    return f"{before}{number}{after}" if found else address


def with_parts(source: Source, cleaned: Cleaned, text: str, capture: Capture, rules: Rules) -> tuple[Source, Cleaned]:
    """Put the further parts a capture carries behind what was read in it: lines, removals, pictures and attachments, in order.

    `text` is the page as decoded; the addresses of parts it names beyond those carried are `Source.parts`. Each part is read and
    cleaned like a page of its own. What it repeats of the head of the first one is removed and recorded.
    """
    source = replace(source, parts=part_urls(text, capture.url)[len(capture.parts) :])
    for body in capture.parts[:MOST_PARTS]:
        one = replace(capture, body=body, parts=())
        further = read_source(decode(body, capture.headers).text, one, rules)
        lines, left = first_lines(further.lines, len(cleaned.uncleaned))
        further = replace(further, lines=lines)
        part = clean_lines(lines, rules.matcher, title=source.title, blank_after=further.blank_after, flags=dict(cleaned.flags))
        cleaned = joined(cleaned, _without_head(part, cleaned))
        source = replace(_with_part(source, further), left=source.left or left)
    return source, cleaned


def _with_part(source: Source, part: Source) -> Source:
    above = len(source.page.lines)
    files = {file.url or file.title: file for file in (*part.attachments, *source.attachments)}
    order = dict.fromkeys(file.url or file.title for file in (*source.attachments, *part.attachments))
    attachments: tuple[Attachment, ...] = tuple(files[key] for key in order)
    return replace(
        source,
        lines=(*source.lines, *part.lines),
        page=replace(source.page, lines=[*source.page.lines, *part.page.lines]),
        images=(*source.images, *((above + line, picture) for line, picture in part.images)),
        attachments=attachments,
    )


def _without_head(part: Cleaned, first: Cleaned) -> Cleaned:
    """Take away the first lines of a part that stand at the head of the first one, removed there or kept."""
    head = {"".join(line.split()) for line in first.uncleaned.split("\n")[:HEAD]} - {""}
    count = 0
    while count < min(HEAD, len(part.lines)) and "".join(part.lines[count][1].split()) in head:
        count += 1
    if not count:
        return part
    lines = part.uncleaned.split("\n")
    touched = {removal.position[0] for removal in part.removals}
    whole = [number for number, text in enumerate(lines) if number not in touched][:count]
    if [lines[number] for number in whole] != [text for _, text in part.lines[:count]]:
        return part  # a line cut or joined: nothing is taken away that cannot be put back
    gone = [
        Removal(REPEATED, REPEATED, (number, 0, len(lines[number]) + (number + 1 < len(lines))), _broken(lines, number)) for number in whole
    ]
    removals = tuple(sorted((*part.removals, *gone), key=lambda removal: removal.position))
    return replace(part, lines=part.lines[count:], removals=removals)


def _broken(lines: Sequence[str], number: int) -> str:
    return lines[number] + ("\n" if number + 1 < len(lines) else "")


def joined(first: Cleaned, second: Cleaned) -> Cleaned:
    """Put two cleaned texts one below the other, as if they had been one: `restore` gives both uncleaned texts back."""
    if not second.uncleaned or not first.uncleaned:
        return replace(second if not first.uncleaned else first, flags=_flags(first, second), fields=(*first.fields, *second.fields))
    below = first.uncleaned.count("\n") + 1
    moved = (replace(one, position=(one.position[0] + below, *one.position[1:])) for one in second.removals)
    return Cleaned(
        (*first.lines, *second.lines),
        (*_closed(first), *moved),
        (*first.fields, *second.fields),
        _flags(first, second),
        f"{first.uncleaned}\n{second.uncleaned}",
    )


def _flags(first: Cleaned, second: Cleaned) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((dict(second.flags) | dict(first.flags)).items()))


def _closed(cleaned: Cleaned) -> tuple[Removal, ...]:
    """Give the removals of a text that is no longer the last: a last line that went whole takes the break behind it along."""
    last = cleaned.uncleaned.count("\n")
    length = len(cleaned.uncleaned.rpartition("\n")[2])
    here = [removal for removal in cleaned.removals if removal.position[0] == last]
    if not here or sum(removal.position[2] - removal.position[1] for removal in here) < length:
        return cleaned.removals
    ending = max(here, key=lambda removal: removal.position)
    line, start, end = ending.position
    longer = replace(ending, position=(line, start, end + 1), text=ending.text + "\n")
    return tuple(longer if removal is ending else removal for removal in cleaned.removals)
