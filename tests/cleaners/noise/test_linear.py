"""Every regular expression of the cleaners takes time in proportion to the text: by its form, or by measure where the form does not tell.

The form tells where every repeat is bounded and the ways to divide a text among them are few. Other expressions are timed on texts made
for each of their repeats: what leads up to it, then what it repeats, over and over, then what does not match.
"""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

import cleaners

PARSER = importlib.import_module("re._parser")
SIZES = (16, 32, 256, 1_024)
"""Characters of the texts whose time is looked at first: an expression of exponential time shows by the second, others later."""
QUICK = 0.001
"""Seconds under which the time for a text is not looked at again: an expression of quadratic time takes longer for the longest."""
JUMP = 30
"""Times as long for twice the length: no need to look further, and no time."""
MOST_WAYS = 10_000
"""Ways to divide a text among bounded repeats up to which an expression is known to be linear by its form."""
LONGEST = 400
"""A repeat of at most this many is bounded."""
MISMATCH = "\x01"
EXEMPT = {
    "cleaners.pages.tree._TAG": "meets XML that lxml wrote, where every < that is not written &lt; has its > behind it",
}
"""Expressions that may take longer, and why that cannot hurt."""


def patterns_of(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from patterns_of(tuple(value.values()), depth)
    elif isinstance(value, tuple | list | set | frozenset) and depth < 3:
        for one in value:
            yield from patterns_of(one, depth + 1)


def all_patterns() -> dict[str, list[re.Pattern[str]]]:
    found: dict[str, list[re.Pattern[str]]] = {}
    for module in pkgutil.walk_packages(cleaners.__path__, "cleaners."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if not name.startswith("__") and (patterns := list(patterns_of(value))):
                found[f"{module.name}.{name}"] = patterns
    return found


PATTERNS = all_patterns()
SOURCES = "\n".join(path.read_text("utf-8") for path in Path(cleaners.__path__[0]).rglob("*.py"))


@cache
def parsed(pattern: re.Pattern[str]) -> object:
    return PARSER.parse(pattern.pattern, pattern.flags)


def ways(tree: object) -> float:
    """Count how an expression may divide a text from one place on; endless where a repeat is open."""
    count = 1.0
    for operator, argument in tree:
        name = str(operator)
        if name in {"MAX_REPEAT", "MIN_REPEAT"}:
            low, high, inner = argument
            high = int(high)
            each = ways(inner)
            count *= float("inf") if high > LONGEST else (high - low + 1) * each**high
        elif name == "BRANCH":
            count *= sum(map(ways, argument[1]))
        elif name == "SUBPATTERN":
            count *= ways(argument[3])
        elif name in {"ASSERT", "ASSERT_NOT"}:
            count *= ways(argument[1])
    return count


def sample(tree: object) -> str:
    """Give a short text that an expression matches, or near one."""
    text = ""
    for operator, argument in tree:
        name = str(operator)
        if name == "LITERAL":
            text += chr(argument)
        elif name in {"IN", "NOT_LITERAL", "ANY", "CATEGORY"}:
            text += next(members(operator, argument))
        elif name in {"MAX_REPEAT", "MIN_REPEAT"}:
            text += sample(argument[2]) * argument[0]
        elif name == "BRANCH":
            text += sample(argument[1][0])
        elif name == "SUBPATTERN":
            text += sample(argument[3])
    return text


CATEGORIES = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "a中",
    "CATEGORY_NOT_DIGIT": "a 中",
    "CATEGORY_NOT_SPACE": "a1中",
    "CATEGORY_NOT_WORD": " -",
}


def members(operator: object, argument: object) -> Iterator[str]:
    """Give some characters that an element of one character matches."""
    name = str(operator)
    if name == "LITERAL":
        yield chr(argument)
    elif name == "IN":
        if str(argument[0][0]) == "NEGATE":
            barred = "".join(islice((one for part in argument[1:] for one in members(*part)), 200))
            yield from (one for one in "a 中1.-" if one not in barred)
        else:
            for part in argument:
                yield from islice(members(*part), 3)
    elif name == "RANGE":
        yield chr(argument[0])
    elif name == "CATEGORY":
        yield from CATEGORIES[str(argument)]
    else:
        yield from "a 中1"


def repeats(tree: object, before: str = "") -> Iterator[tuple[str, str]]:
    """Give what leads up to each repeat of an expression, and what it may repeat."""
    for operator, argument in tree:
        name = str(operator)
        if name in {"MAX_REPEAT", "MIN_REPEAT"}:
            inner = argument[2]
            if len(inner) == 1 and str(inner[0][0]) in {"IN", "LITERAL", "ANY", "NOT_LITERAL", "CATEGORY"}:
                yield from ((before, one) for one in islice(members(*inner[0]), 6))
            else:
                yield before, sample(inner)
                yield from repeats(inner, before)
        inside = argument[1] if name == "BRANCH" else [argument[3]] if name == "SUBPATTERN" else []
        for one in inside:
            yield from repeats(one, before)
        before += sample([(operator, argument)])


def texts(pattern: re.Pattern[str]) -> dict[str, None]:
    found = dict.fromkeys((" ", "1", "a", "中"))
    for before, pump in repeats(parsed(pattern)):
        if pump:
            found[pump] = found[before + pump] = None
            found[f"{before}\0{pump}"] = None
    return found


def made(recipe: str, size: int) -> str:
    before, _, pump = recipe.rpartition("\0")
    return before + pump * (size // len(pump)) + MISMATCH


@cache
def methods_of(name: str) -> frozenset[str]:
    """Give the methods that the cleaners call on an expression by its name."""
    return frozenset(re.findall(rf"\b{name.rpartition('.')[2]}\.(\w+)", SOURCES))


def used(name: str) -> str:
    """Give the method by which an expression looks at most of a text: search where it is not known."""
    methods = methods_of(name)
    return "search" if not methods or methods - {"match", "fullmatch"} else "match" if "match" in methods else "fullmatch"


def seconds(pattern: re.Pattern[str], text: str, method: str = "search") -> float:
    subject = text if isinstance(pattern.pattern, str) else text.encode("gb18030", "replace")
    look = getattr(pattern, method)
    start = time.process_time()
    look(subject)
    return time.process_time() - start


def slow_on(pattern: re.Pattern[str], method: str = "search") -> list[str]:
    """Give the recipe of a text on which twice the length takes about four times as long or more, twice in a row: the first such."""
    if ways(parsed(pattern)) <= MOST_WAYS:
        return []
    return [recipe for recipe in texts(pattern) if _is_slow(pattern, recipe, method)][:1]


def _is_slow(pattern: re.Pattern[str], recipe: str, method: str) -> bool:
    def took(size: int) -> float:
        return min(seconds(pattern, made(recipe, size), method) for _ in range(2))

    size = next((size for size in SIZES if seconds(pattern, made(recipe, size), method) > QUICK and took(size) > QUICK), None)
    if size is None:
        return False
    if size == SIZES[1] and took(size) > JUMP * took(SIZES[0]):
        return True
    once, twice = took(size), took(2 * size)
    return twice > 2.6 * once and (twice > JUMP * once or took(4 * size) > 2.6 * twice)


@pytest.mark.parametrize("name", sorted(PATTERNS.keys() - EXEMPT.keys()))
def test_an_expression_takes_linear_time(name):
    slow = [pattern for pattern in PATTERNS[name] if all(slow_on(pattern, used(name)) for _ in range(3))]  # thrice: machines are busy
    assert {pattern.pattern: slow_on(pattern, used(name)) for pattern in slow} == {}


def test_what_is_exempt_says_why_and_needs_it():
    assert EXEMPT.keys() <= PATTERNS.keys()
    assert [
        name
        for name, why in EXEMPT.items()
        if len(why) < 30 or not any(slow_on(pattern, used(name)) for _ in range(4) for pattern in PATTERNS[name])
    ] == []


def test_every_module_is_looked_at():
    assert {
        "cleaners.noise.pageclass.MISSING",
        "cleaners.stated.titles.SEPARATOR",
        "cleaners.attachments.pdf._CATALOG",
        "cleaners.document.dates._FORMS",
    } <= PATTERNS.keys()


def test_the_measure_tells_expressions_that_are_not_linear():
    for pattern in (r"主题词\S*\s+送", r"附件\s*\d*\s*:", r"\s+$"):
        assert any(slow_on(re.compile(pattern)) for _ in range(4)), pattern  # a busy machine hides one now and then
    for pattern in (r"主题词\S{0,40}\s{1,9}送", r"附件\s{0,9}\d{0,3}\s{0,9}:", r"(?:来源|稿源):.*"):
        assert not all(slow_on(re.compile(pattern)) for _ in range(4)), pattern
