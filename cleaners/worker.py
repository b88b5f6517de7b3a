"""Reading a page where it cannot hurt: in this process when it is small and plain, in a child with limits otherwise.

libxml2 takes time quadratic in the attributes of one element and in the cells of one row, so what looks like either is read
by a child process that is killed when it takes too long or too much memory; what is then left is the text without its tags.
Nesting depth needs no child: `cleaners.markup` never gives a page to the parser that nests deeper than a tree can hold.
"""

from __future__ import annotations

import multiprocessing
import re
import resource
from dataclasses import replace
from multiprocessing.connection import Connection

from cleaners.boilerplate import clean_lines
from cleaners.clean import clean, paragraphs_of
from cleaners.decode import decode
from cleaners.errors import DecodeError
from cleaners.markup import strip_tags
from cleaners.records import Capture, Notice
from cleaners.rules import Rules, default_rules
from cleaners.script import detect
from cleaners.text import flat_lines

SECONDS = 10.0
MEMORY = 1 << 30
"""Bytes of address space a child may take beyond what it starts with."""
LARGEST = 4 << 20
"""Bytes; a larger page is read by a child."""
MOST_TAGS = 60_000
LONGEST_TAG = 20_000
"""Bytes between < and >: where more stand, an element has thousands of attributes."""
MOST_VALUES = 4_000
"""Equals signs between two <: the same for attributes whose values hold a >."""
MOST_CELLS = 5_000
_LONG_TAG = re.compile(rb"<[^<>]{%d}" % LONGEST_TAG)
_CELL = re.compile(rb"<t[dh]\b", re.IGNORECASE)


def is_plain(body: bytes) -> bool:
    """Say, in one pass, whether a page is small and plain enough to be read in this process."""
    if len(body) > LARGEST or body.count(b"<") > MOST_TAGS or _LONG_TAG.search(body):
        return False
    if max(part.count(b"=") for part in body.split(b"<")) > MOST_VALUES:
        return False
    return sum(1 for _ in _CELL.finditer(body)) <= MOST_CELLS


def read_safely(capture: Capture, rules: Rules | None = None, *, seconds: float = SECONDS, memory: int = MEMORY) -> Notice:
    """Read a capture within limits; a page that goes beyond them gives its bare text and the flag `parser_limit`."""
    rules = rules or default_rules()
    if is_plain(capture.body):
        return clean(capture, rules)
    return _read_in_child(capture, rules, seconds, memory) or read_stripped(capture, rules)


def _read_in_child(capture: Capture, rules: Rules, seconds: float, memory: int) -> Notice | None:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(sender, capture, rules, memory), daemon=True)
    child.start()
    sender.close()
    try:
        notice: Notice | None = receiver.recv() if receiver.poll(seconds) else None
    except (EOFError, OSError):  # the child died: out of memory, or killed
        notice = None
    finally:
        receiver.close()
        child.kill()
        child.join()
    return notice


def _child(sender: Connection, capture: Capture, rules: Rules, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + memory, resource.RLIM_INFINITY))
    sender.send(clean(capture, rules))
    sender.close()


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - a child's first breath
        return int(file.read().split()[0]) * resource.getpagesize()


def read_stripped(capture: Capture, rules: Rules) -> Notice:
    """Read a capture without a parser: tags off, boilerplate off, no fields."""
    try:
        text = decode(capture.body, capture.headers).text
    except DecodeError:
        return Notice(flags=("parser_limit", "undecodable"))
    cleaned = clean_lines(tuple(flat_lines(strip_tags(text))), rules.matcher)
    notice = Notice(paragraphs=paragraphs_of(cleaned), removals=cleaned.removals, uncleaned=cleaned.uncleaned, reader="stripped")
    return replace(notice, flags=("parser_limit",), script=detect(notice.text))
