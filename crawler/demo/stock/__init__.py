"""The hand-written sentences of the model web, and how they are drawn."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")
_CHOICE = re.compile(r"\[([^\[\]]+)\]")
_SLOT = re.compile(r"\{(\w+)(?::(\d+)-(\d+))?\}")


@cache
def general() -> Mapping[str, list[str]]:
    """Read the stock that every topic shares."""
    return _read("general.toml")


@cache
def cells() -> Mapping[str, str]:
    """Read what stands in tables, by a word of the column's heading."""
    table: Mapping[str, str] = _read("general.toml")["cells"]
    return table


@cache
def topics() -> tuple[Mapping[str, Any], ...]:
    """Read the topics in file order: name, office, code, subject, matters, leads, headings, measures, news, rows."""
    return tuple(_read("topics.toml")["topic"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(name).read_text("utf-8"))


class Deck:
    """Deals sequences without repeating before they are used up, so that two texts share as few sentences as possible."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._left: dict[str, list[Any]] = {}
        self._dealt: dict[str, list[Any]] = {}

    def deal(self, key: str, values: Sequence[T]) -> T:
        """Give the next value of the shuffled sequence kept under `key`."""
        if not self._left.get(key):
            self._left[key] = self._shuffled(values, self._dealt.get(key, []))
        dealt: T = self._left[key].pop()
        self._dealt[key] = [*self._dealt.get(key, []), dealt][-len(values) // 2 :]
        return dealt

    def _shuffled(self, values: Sequence[T], recent: Sequence[T]) -> list[T]:
        """Shuffle, but put what was dealt lately at the end, so that one notice does not say a thing twice."""
        fresh = [value for value in values if value not in recent]
        return [*self.rng.sample(list(recent), len(recent)), *self.rng.sample(fresh, len(fresh))]


def expand(template: str, rng: Random, fixed: Mapping[str, str]) -> str:
    """Draw a sentence: `[a|b]` picks one, `{n:3-9}` a number, `{slot}` the fixed value or a name.

    A named slot keeps its value within the sentence.
    """
    while _CHOICE.search(template):
        template = _CHOICE.sub(lambda found: rng.choice(found.group(1).split("|")), template)
    drawn = {**_drawn(rng), **fixed}
    return _SLOT.sub(lambda found: _slot(found, rng, drawn), template)


def _slot(found: re.Match[str], rng: Random, drawn: Mapping[str, str]) -> str:
    name, low, high = found.groups()
    return str(rng.randint(int(low), int(high))) if low else drawn[name]


def _drawn(rng: Random) -> dict[str, str]:
    """Draw a value for every slot a template may name."""
    stock = general()
    first, second = sorted(rng.sample(range(1, 29), 2))
    village, other = rng.sample(stock["villages"], 2)
    return {
        "town": rng.choice(stock["towns"]),
        "village": village,
        "village2": other,
        "road": rng.choice(stock["roads"]),
        "person": person(rng),
        "age": str(rng.randint(52, 88)),
        "day": str(first),
        "day2": str(second),
    }


def person(rng: Random) -> str:
    """Draw an invented name."""
    stock = general()
    return rng.choice(stock["surnames"]) + rng.choice(stock["given"])
