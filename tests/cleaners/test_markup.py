"""Markup: told from plain text by content, and stripped in linear time where no tree can hold it."""

import time

import pytest

from cleaners.markup import is_markup, strip_tags


def test_what_is_markup() -> None:
    assert is_markup("<!DOCTYPE html><html>")
    assert is_markup("\n <div class=a>文</div>")
    assert not is_markup("根据县委统一部署,3<5且a>b,现公布如下。")


def test_strip_tags_keeps_text_lines_and_entities_and_drops_scripts() -> None:
    text = strip_tags("<p>甲&amp;乙</p><script>var a='<p>';</script><!-- <p>丙 --><p>丁<b>戊</b> 3 < 5</p>")
    assert [line.strip() for line in text.split("\n") if line.strip()] == ["甲&乙", "丁戊 3 < 5"]


@pytest.mark.parametrize("pump", ["<div>", "<", "<!--", "<script>", "<p a='", "&amp;", "</"])
def test_strip_tags_takes_linear_time(pump: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        strip_tags(pump * count)
        return time.process_time() - start

    short, long = min(seconds(4_000) for _ in range(3)), min(seconds(16_000) for _ in range(3))
    assert long < 12 * max(short, 1e-3)
