"""What a list page and the way on from it are."""

from __future__ import annotations

import pytest

from spiders.paging import Next, position, with_query


@pytest.mark.parametrize(
    ("text", "expected"),
    [("共12条 1/2 首页", (1, 2)), ("第1页/共27页", (1, 27)), ("2024/05/01", None), ("<b>3</b>/7", (3, 7)), ("9/4", None), ("无", None)],
)
def test_the_position_a_pager_prints(text: str, expected: tuple[int, int] | None):
    assert position(text) == expected


def test_a_post_page_is_another_page_with_another_body():
    assert Next("https://x.example/", "POST", b"page=2") != Next("https://x.example/", "POST", b"page=3")


def test_query_parameters_keep_their_order():
    assert (
        with_query("https://x.example/s?b=1&page=2&a=&c=%E4%B8%AD", {"page": 3, "new": 1})
        == "https://x.example/s?b=1&page=3&a=&c=%E4%B8%AD&new=1"
    )


def test_the_identity_of_a_post_is_its_body_too():
    second, third = (Next("https://x.example/list", "POST", body) for body in (b"page=2", b"page=3"))
    assert second.identity != third.identity
    assert Next("https://x.example/list").identity == "https://x.example/list"
