"""Markup: told from plain text by content, and stripped in linear time where no tree can hold it."""

import time

import pytest

from cleaners.pages.markup import is_markup, strip_tags


def test_what_is_markup() -> None:
    assert is_markup("<!DOCTYPE html><html>")
    assert is_markup("\n <div class=a>文</div>")
    assert not is_markup("根据县委统一部署,3<5且a>b,现公布如下。")


def test_strip_tags_keeps_text_lines_and_entities_and_drops_scripts() -> None:
    text = strip_tags("<p>甲&amp;乙</p><script>var a='<p>';</script><!-- <p>丙 --><p>丁<b>戊</b> 3 < 5</p>")
    assert [line.strip() for line in text.split("\n") if line.strip()] == ["甲&乙", "丁戊 3 < 5"]


@pytest.mark.parametrize("opening", ["<!-- 注", "<script>", "<SCRIPT type=x>", "<a href='", "<div ", "<![CDATA[", "</", "<?xml "])
def test_what_is_never_closed_takes_no_text_along(opening: str) -> None:
    assert "现将有关事项通知如下" in strip_tags(f"<p>甲</p>{opening}现将有关事项通知如下")


def test_raw_elements_end_in_any_case() -> None:
    assert strip_tags("<SCRIPT>a</SCRIPT>甲<script>b</script>乙") == "甲乙"


@pytest.mark.parametrize("pump", ["<div>", "<", "<!--", "<script>", "<p a='", "&amp;", "</", "<!-->", "<script>x</script", "<![CDATA["])
def test_strip_tags_takes_linear_time(pump: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        strip_tags(pump * count)
        return time.process_time() - start

    short, long = min(seconds(4_000) for _ in range(3)), min(seconds(16_000) for _ in range(3))
    assert long < 12 * max(short, 1e-3)
