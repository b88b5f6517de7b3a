"""What a text must be like for a regular expression to match it whole: how it begins, what stands in it, how long it is at most.

Read from the form of the expression, so that most expressions need not meet most lines. Every answer is a condition that has to
hold, never one that is enough; where the form does not tell, the answer is that anything may match. Knows the expressions that
`cleaners.noise.linear` takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"(?P<escape>\\u[0-9a-fA-F]{4}|\\.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<open>\((?:\?(?:P<\w+>|:))?)|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<repeat>(?:[*+?]|\{(?:\d{1,9},?\d{0,9}|,\d{1,9})\})[?+]?)|(?P<other>.)",
    re.DOTALL,
)
_MEMBER = re.compile(r"\\.|[^\\]", re.DOTALL)
_ENDLESS = 10**6
DIGIT = "0"
"""Stands for every decimal digit of any script."""


@dataclass
class _Part:
    """One character out of `characters` (None: any), or a group with its ways to read on; it may stand `low` to `high` times."""

    characters: frozenset[str] | None = None
    ways: list[list[_Part]] = field(default_factory=list)
    low: int = 1
    high: int = 1


@dataclass(frozen=True, slots=True)
class Needs:
    """What has to hold of a text: the keys of what it begins with, literals of which one stands in it (None: unknown), its most length."""

    begins: frozenset[str] | None
    holds: frozenset[str] | None
    longest: int


def key_of(text: str) -> str:
    """Give what a text begins with, as `Needs.begins` has it: its first character, `DIGIT` for a digit."""
    first = text[:1]
    return DIGIT if first.isdecimal() else first


def needs_of(pattern: str) -> Needs:
    """Read what an expression needs of a text that it is to match whole."""
    ways = _ways(_TOKEN.finditer(pattern))
    begins, empty = _begins(ways)
    return Needs(None if empty else begins, _holds(ways), min(_longest(ways), _ENDLESS))


def _ways(tokens: Iterator[re.Match[str]]) -> list[list[_Part]]:
    """Read the ways of an expression, or of a group up to its end."""
    ways: list[list[_Part]] = [[]]
    for token in tokens:
        kind, text = token.lastgroup, token.group()
        if kind == "close":
            break
        if kind == "bar":
            ways.append([])
        elif kind == "repeat":
            ways[-1][-1].low, ways[-1][-1].high = _times(text)
        elif kind == "open":
            ways[-1].append(_Part(ways=_ways(tokens)))
        else:
            ways[-1].append(_Part(_set(text) if kind == "set" else _character(text)))
    return ways


def _times(repeat: str) -> tuple[int, int]:
    if repeat[0] in "*+?":
        return int(repeat[0] == "+"), 1 if repeat[0] == "?" else _ENDLESS
    repeat = repeat.rstrip("?+")
    low, comma, high = repeat.strip("{}").partition(",")
    return int(low or 0), int(high or _ENDLESS) if comma else int(low)


def _character(text: str) -> frozenset[str] | None:
    if text in ".^$" or (text[0] == "\\" and text[1].isalnum() and text[1] != "d"):
        return None
    return frozenset({DIGIT if text == r"\d" else key_of(text[-1])})


def _set(text: str) -> frozenset[str] | None:
    members = _MEMBER.findall(text[1:-1])
    if members[0] == "^" or any(member == "-" for member in members[1:-1]):
        return _digits(text)
    sets = [_character(member) if member != "." else frozenset(".") for member in members]
    known = [characters for characters in sets if characters is not None]
    return frozenset().union(*known) if len(known) == len(sets) else None


def _digits(text: str) -> frozenset[str] | None:
    """Give the set of digits that a range of them is (`[0-3]`); any other range is taken for any character."""
    return frozenset({DIGIT}) if re.fullmatch(r"\[\d-\d\]", text) else None


def _begins(ways: Sequence[Sequence[_Part]]) -> tuple[frozenset[str] | None, bool]:
    """Give the keys a match may begin with, None for any, and whether it may be empty."""
    keys: set[str] = set()
    any_empty = False
    for way in ways:
        for part in way:
            begins, empty = _begins(part.ways) if part.ways else (part.characters, False)
            if begins is None:
                return None, False
            keys |= begins
            if part.low and not empty:
                break
        else:
            any_empty = True
    return frozenset(keys), any_empty


def _holds(ways: Sequence[Sequence[_Part]]) -> frozenset[str] | None:
    """Give literals of which every match holds one: of each way the longest."""
    found = [max(literals, key=lambda literal: min(map(len, literal)), default=None) for literals in map(_literals, ways)]
    known = [literals for literals in found if literals]
    return frozenset().union(*known) if known and len(known) == len(found) else None


def _literals(way: Sequence[_Part]) -> list[frozenset[str]]:
    """Give what a way has to hold: its runs of single characters, and what its groups hold."""
    literals: list[frozenset[str]] = []
    run = ""
    for part in way:
        single = part.characters is not None and len(part.characters) == 1 and DIGIT not in part.characters and part.low == part.high == 1
        if single and part.characters:
            run += next(iter(part.characters))
            continue
        literals += [frozenset({run})] if run else []
        run = ""
        if part.ways and part.low and (inside := _holds(part.ways)):
            literals.append(inside)
    return [*literals, frozenset({run})] if run else literals


def _longest(ways: Sequence[Sequence[_Part]]) -> int:
    return max(sum(part.high * (_longest(part.ways) if part.ways else 1) for part in way) for way in ways)
