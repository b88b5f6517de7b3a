"""Rules as one value: what is shipped is usable and linear, what is not usable is refused by name."""

import pickle
import re
import time

import pytest

from cleaners.errors import LayoutError
from cleaners.noise.linear import why_not_linear
from cleaners.pages.layout import Layout
from cleaners.rules import Rules, default_rules, read_rules

PATTERNS = sorted({(rule.name, pattern) for rule in default_rules().boilerplate for pattern in rule.patterns})


def seconds(pattern: re.Pattern[str], text: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        pattern.search(text)
        pattern.fullmatch(text)
        best = min(best, time.process_time() - start)
    return best


def pumped(pattern: str) -> list[str]:
    literals = re.findall(r"[\u4e00-\u9fff]{1,6}", pattern)[:3] or ["a"]
    return [*literals, " ", "1", "(", "-", "打印", "<!--", ".a{"]


@pytest.mark.parametrize(("name", "pattern"), PATTERNS)
def test_every_pattern_takes_linear_time(name: str, pattern: str) -> None:
    compiled = re.compile(pattern)
    for pump in pumped(pattern):
        short, long = seconds(compiled, pump * 2_000), seconds(compiled, pump * 8_000)
        assert long < 12 * max(short, 1e-4), f"{name} on {pump!r}"


@pytest.mark.parametrize(
    "pattern", [r"(a+)+", r"(?:\s*\n\s*)+$", r".*x.*", r"(?P<q>a)\1", r"(?=a)b", r"(?:a{1,4}b)*", r"a{300}b*", r"(?<!a)b"]
)
def test_forms_that_may_not_be_linear_are_known(pattern: str) -> None:
    assert why_not_linear(pattern)


@pytest.mark.parametrize("pattern", [r"来源:.{0,40}", r"[^)\]]*", r"(?:a|b){1,3}c?", r"\(.{2,80}\)", r"a\+b\*c+", r"[+*(]x"])
def test_forms_that_are_linear_are_taken(pattern: str) -> None:
    assert why_not_linear(pattern) == ""


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("category='x'\nwhere='tail'", "lacks the key"),
        ("name='n'\ncategory='x'\nwhere='nowhere'", "where"),
        ("name='n'\ncategory='x'\nwhere='tail'\naction='burn'", "action"),
        ("name='n'\ncategory='x'\nwhere='tail'\npatterns=['(a+)+']", "linear"),
        ("name='n'\ncategory='x'\nwhere='tail'\npatterns=['(']", "compile"),
        ("name='n'\ncategory='x'\nwhere='tail'\ncolour='red'", "colour"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_by_name(row: str, said: str) -> None:
    with pytest.raises(LayoutError, match=said):
        read_rules(f"[[rules]]\n{row}\n", "mine.toml")


def test_fingerprint_tells_rules_apart_and_is_the_same_for_the_same() -> None:
    rules = default_rules()
    assert rules.fingerprint == Rules(rules.layouts, rules.boilerplate).fingerprint
    assert re.fullmatch(r"sha256:[0-9a-f]{16}", rules.fingerprint)
    assert rules.with_layouts([Layout(None, "#mine")]).fingerprint != rules.fingerprint
    assert Rules(rules.layouts, rules.boilerplate, ("北岸热线",)).fingerprint != rules.fingerprint


def test_rules_travel_to_another_process() -> None:
    rules = default_rules()
    rules.matcher.match("分享到：", "tail")
    assert pickle.loads(pickle.dumps(rules)) == rules


def test_a_sites_layouts_come_first() -> None:
    own = Layout(None, "#mine")
    assert default_rules().with_layouts([own]).layouts[0] is own
