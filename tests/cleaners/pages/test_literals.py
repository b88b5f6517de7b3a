"""Strings of scripts are read as JavaScript means them, and code that is none costs nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.pages.literals import Literal, read_literals


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("var a = '甲';", [Literal("a", "甲")]),
        ('{"title": "甲", content: "乙"}', [Literal("", "title"), Literal("title", "甲"), Literal("content", "乙")]),
        ("a.b = '甲' + \"乙\" +\n `丙`", [Literal("a.b", "甲乙丙")]),
        (r'x="\u7532\x41\n\/\"\u{4e59}"', [Literal("x", '甲A\n/"乙')]),
        (r"x='\ud83c\udf33'", [Literal("x", "🌳")]),
        ("f('甲','乙')", [Literal("f", "甲"), Literal("", "乙")]),
        ("c = unescape('%u7532%41')", [Literal("c", "甲A")]),
        ("c = decodeURIComponent('%E7%94%B2')", [Literal("c", "甲")]),
        ("// don't\nvar a = '甲'", [Literal("a", "甲")]),
        ("document.write('甲');document.writeln('乙')", [Literal("document.write", "甲乙")]),
        ("var a = '甲", []),
    ],
)
def test_strings_are_read_as_the_script_means_them(script, expected):
    assert list(read_literals(script)) == expected


@given(st.text(max_size=60))
def test_what_json_writes_is_read_back(text):
    (literal,) = read_literals(f"x = {json.dumps(text)};")
    assert literal == Literal("x", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


@given(st.text(alphabet="'\"`\\ux{}%+,() \n甲", max_size=200))
def test_any_text_is_read_to_its_end(text):
    assert sum(len(literal.value) for literal in read_literals(text)) <= 3 * len(text)
