r"""The strings written in a script, found without running it: what stands between quotes, and the name before it.

JavaScript literals by ECMA-262, section 12.9.4 (\uXXXX, \u{X}, \xXX, \n, joined by +); unescape() and decodeURIComponent()
around one are undone. Time is linear: what is not closed is given up at the end of its line, a template at the end of the script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

LONGEST_NAME = 80
"""Characters before a string that are looked at for its name."""
_QUOTE = re.compile("[\"'`]")
_END = {'"': re.compile(r'["\\\n]'), "'": re.compile(r"['\\\n]"), "`": re.compile(r"[`\\]")}
_NAME = re.compile(r"([\w$.]{1,60})[\"'\]]{0,2}\s{0,5}[:=(]\s{0,5}(?:(?:unescape|decodeURI|decodeURIComponent)\s{0,3}\(\s{0,3})?$")
_CODED = re.compile(r"(?:unescape|decodeURI|decodeURIComponent)\s{0,3}\(\s{0,3}$")
_JOINED = re.compile(r"\s{0,200}(?:\+|,|\)\s{0,50};?\s{0,200}document\s{0,3}\.\s{0,3}write(?:ln)?\s{0,3}\()\s{0,200}")
_LONGEST_JOINT = 800
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))")
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


@dataclass(frozen=True, slots=True)
class Literal:
    """One string of a script: the name it is given to or called with (empty where there is none), and what it says."""

    name: str
    value: str


def read_literals(script: str) -> Iterator[Literal]:
    """Give the strings of a script in order; those joined by + or written one after the other are one."""
    name, parts, last = "", list[str](), 0
    for start, end, coded in _raw(script):
        value = _decoded(script[start:end], coded=coded)
        if parts and _is_joint(script, last, start - 1):
            parts.append(value)
        else:
            if parts:
                yield Literal(name, "".join(parts))
            name, parts = _name(script, start - 1), [value]
        last = end + 1
    if parts:
        yield Literal(name, "".join(parts))


def _raw(script: str) -> Iterator[tuple[int, int, bool]]:
    """Give where the inside of each string starts and ends, and whether it is handed to a function that decodes it."""
    at = 0
    while (quote := _QUOTE.search(script, at)) is not None:
        start = quote.end()
        end = _end_of(script, start, _END[quote.group()])
        if end is None:
            return
        if script[end] == "\n":  # no string: an apostrophe in a comment
            at = end + 1
            continue
        yield start, end, _CODED.search(script, max(0, quote.start() - 40), quote.start()) is not None
        at = end + 1


def _end_of(script: str, at: int, ends: re.Pattern[str]) -> int | None:
    while (found := ends.search(script, at)) is not None:
        if found.group() != "\\":
            return found.start()
        at = found.end() + 1
    return None


def _is_joint(script: str, start: int, end: int) -> bool:
    return end - start <= _LONGEST_JOINT and _JOINED.fullmatch(script, start, end) is not None and script[start:end].strip() != ","


def _name(script: str, end: int) -> str:
    found = _NAME.search(script[max(0, end - LONGEST_NAME) : end])
    return found[1] if found else ""


def _decoded(raw: str, *, coded: bool) -> str:
    text = _ESCAPE.sub(_escaped, raw) if "\\" in raw else raw
    if coded and "%" in text:
        text = unquote(_PERCENT_U.sub(lambda found: chr(int(found[1], 16)), text))
    # two halves of one character were escaped apart
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if "\\u" in raw or coded else text


def _escaped(found: re.Match[str]) -> str:
    braced, four, two, single = found.groups()
    if single is not None:
        return _CONTROLS.get(single, single)
    number = int(braced or four or two, 16)
    return chr(number) if number <= 0x10FFFF else "�"
