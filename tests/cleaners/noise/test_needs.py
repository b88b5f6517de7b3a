"""What is read from the form of an expression holds of every text it matches, and tells most texts apart."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.noise.needs import key_of, needs_of
from cleaners.rules import default_rules

SHIPPED = [
    pattern for rule in default_rules().boilerplate if not {"head", "tail", "any"}.isdisjoint(rule.where) for pattern in rule.patterns
]
FORMS = (
    r"a?b{0,2}c|\d{2}x",
    r"(?:来源|稿源):.{0,4}",
    r"[(【]?\d+页",
    r"x+?y",
    r"[^a]b",
    r"\w?中",
    r"[0-3]\d\.",
    r"(?P<a>甲|乙{2})?丙",
    r"^a$",
    r"[a-f]z",
    r"",
)


def fits(pattern: str, text: str) -> bool:
    needs = needs_of(pattern)
    begun = needs.begins is None or key_of(text) in needs.begins
    return begun and len(text) <= needs.longest and (needs.holds is None or any(word in text for word in needs.holds))


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_every_match_has_what_its_expression_needs(data):
    pattern = data.draw(st.sampled_from((*SHIPPED, *FORMS)))
    text = data.draw(st.from_regex(re.compile(pattern), fullmatch=True))
    assert fits(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?:来源|稿源):.{0,4}", "各镇人民政府:"),
        (r".{0,60}icp备\d{4}", "请各单位于五月六日前报送。"),
        (r"共\d{1,3}页", "共计二十三万四千五百元"),
        (r"\d{1,3}/\d{1,3}", "第一页"),
        (r"[0-3]\d\.", "a1."),
    ],
)
def test_what_cannot_match_is_told_by_a_look(pattern, text):
    assert not fits(pattern, text)


def test_no_shipped_expression_has_to_meet_every_line():
    assert [pattern for pattern in SHIPPED if (needs := needs_of(pattern)).begins is None and needs.holds is None] == []
