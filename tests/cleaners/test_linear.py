"""The regular expressions that meet the lines of a page take time in proportion to the text, by measure."""

import importlib
import re
import time
from collections.abc import Iterator

import pytest

from cleaners.linear import why_not_linear

SIZE = 2_000
QUICK = 0.004
"""Seconds under which the time for SIZE characters is not looked at again: an expression of quadratic time takes longer."""
MODULES = ("boilerplate", "copies", "draft", "edges", "fold", "linear", "matching", "pageclass", "rules", "script", "titlelines", "titles")
"""The modules that meet every line of a page with expressions of their own."""
PUMPS = (
    *(" ", "\t", "\n", "1", "a", "中", "一", "(", "（", "-", "=", ".", "/", "<", "[", "{", "&", "%", '"', "'", "。", "：", ":", "、", "〔", "《", " 1", "1 ", "1."),
    *("a=", " a", "中 ", "1-", "<a ", "12月", "2020年", "2020-", "第一", "(1)", "a.", "--", "><", "; "),
)  # fmt: skip


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
    for module in MODULES:
        for name, value in vars(importlib.import_module(f"cleaners.{module}")).items():
            if not name.startswith("__") and (patterns := list(patterns_of(value))):
                found[f"cleaners.{module}.{name}"] = patterns
    return found


PATTERNS = all_patterns()


def seconds(pattern: re.Pattern[str], text: str) -> float:
    subject = text if isinstance(pattern.pattern, str) else text.encode("gb18030")
    start = time.process_time()
    pattern.search(subject)
    return time.process_time() - start


def pumped(pattern: re.Pattern[str]) -> Iterator[str]:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    words = list(dict.fromkeys(re.findall(r"(?<!\\)[\u4e00-\u9fffA-Za-z]{1,6}", source)))[:8]
    yield from PUMPS
    yield from words
    yield from (f"{word} " for word in words[:4])


def slow_on(pattern: re.Pattern[str]) -> list[str]:
    """Give the text on which twice the length takes about four times as long, twice in a row: the first such."""
    for pump in pumped(pattern):
        text = pump * (SIZE // len(pump))
        if (first := seconds(pattern, text)) > QUICK:
            second, third = (min(seconds(pattern, text * times) for _ in range(2)) for times in (2, 4))
            if second > 3 * first and third > 3 * second:
                return [pump]
    return []


def test_there_are_expressions_to_look_at():
    assert {"cleaners.pageclass.MISSING", "cleaners.titles.SEPARATOR", "cleaners.matching.NEVER_LEARNED"} <= set(PATTERNS)


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_an_expression_takes_linear_time(name):
    assert {pattern.pattern: slow for pattern in PATTERNS[name] if (slow := slow_on(pattern))} == {}


def test_the_measure_tells_expressions_that_are_not_linear():
    assert why_not_linear(r"主题词\S*\s+送")
    assert slow_on(re.compile(r"主题词\S*\s+送"))
    assert slow_on(re.compile(r"主题词\S{0,40}\s{1,9}送")) == []
