"""Pages with a number among their parameters."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_pages import HOST, following, page

from spiders.families.jpaas import build_unit
from spiders.paging import FORM, JSON, Next, Page, post, query_of
from spiders.paging.counted import json_page, post_page, query_page


@pytest.mark.parametrize(
    ("text", "path", "expected", "promised"),
    [
        ('{"articles": [1]}', "/gkmlpt/api/all/0?page=2&sid=3", "/gkmlpt/api/all/0?page=3&sid=3", False),
        ('{"content": {"pageCount": 9}}', "/s?curPage=3", "/s?curPage=4", True),
        ('{"content": {"pageCount": 3}}', "/s?curPage=3", None, False),
    ],
)
def test_json_counts_its_page_parameter_up(text: str, path: str, expected: str | None, promised: bool):
    found = json_page(page(text, path))
    assert following(found) == expected
    assert found is not None
    assert found.promised is promised


def test_json_without_a_page_parameter_does_not_go_on():
    assert json_page(page('{"articles": []}', "/list.json")) is None


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1", "", "1.5"])
def test_numbers_that_are_none_do_not_turn_a_page(number: str):
    assert json_page(page("[1]", f"/s?page={number}")) is None
    again = build_unit(Page("{}", f'{HOST}/build/unit?paramJson={{"pageNo":"{number}"}}', value={}, rows=15))
    assert again is not None
    assert again.next is not None
    assert again.next.url.endswith("%22pageNo%22%3A2%7D")


@pytest.mark.parametrize(
    ("said", "query", "rows", "expected", "promised"),
    [
        ({"total": 55}, "page=1&_pageSize=20", 20, "2", True),
        ({"total": 55}, "page=3&_pageSize=20", 15, None, False),
        ({"total": 60}, "page=3&_pageSize=20", 20, None, False),
        ({"total": 100}, "page=2&_pageSize=50", 20, "3", False),  # the server gives 20 whatever is asked for
        ({"totalPages": 3}, "pageNumber=2&pageSize=10", 10, "3", True),
        ({"totalPages": 3}, "pageNumber=3&pageSize=10", 4, None, False),
        ({"totalpage": 3}, "p=0&n=10", 10, "1", True),
        ({"totalpage": 3}, "p=1&n=10", 10, "2", True),
        ({"totalpage": 3}, "p=2&n=10", 10, "3", False),  # the last one, were they counted from 0
        ({"totalpage": 3}, "p=3&n=10", 4, None, False),
        ({"total": 8}, "page=1", 8, None, False),
        ({"total": 250}, "page=1", 100, "2", True),
        ({}, "currpage=4", 15, "5", False),
        ({}, "currpage=4", 0, None, False),
    ],
)
def test_what_an_answer_says_of_the_whole_list_ends_it(said, query: str, rows: int, expected: str | None, promised: bool):
    found = json_page(Page("{}", f"{HOST}/list?{query}", value={"data": said}, rows=rows))
    assert found is not None
    key = query.partition("=")[0]
    assert (query_of(found.next.url)[key] if found.next else None) == expected
    assert found.promised is promised


def test_a_form_counts_in_its_body():
    asked = post(f"{HOST}/cms/JsonList", {"channelCode": "A09", "perPage": 20, "pageno": 2})
    found = post_page(Page("{}", asked.url, value={"list": []}, asked=asked, rows=20))
    assert found is not None
    assert found.next == Next(asked.url, "POST", b"channelCode=A09&perPage=20&pageno=3", (FORM,))
    assert not found.promised
    assert post_page(Page("{}", asked.url, value={"list": []}, asked=asked, rows=0)).next is None


@pytest.mark.parametrize("wrap", [lambda body: body, lambda body: {"token": "", "params": body}])
@pytest.mark.parametrize("kind", [int, str])
def test_epoint_counts_from_0_in_its_json_body(wrap, kind):
    body = {"categorynum": "003001", "pageIndex": kind(1), "pageSize": 20}
    asked = Next(f"{HOST}/EWB-FRONT/rest/lightfrontaction/getgovinfolist", "POST", json.dumps(wrap(body)).encode(), (JSON,))
    found = post_page(Page("{}", asked.url, value={"custom": {"total": 45}}, asked=asked, rows=20))
    assert found is not None
    assert json.loads(found.next.body) == wrap({**body, "pageIndex": kind(2)})
    assert found.promised
    last = post_page(Page("{}", asked.url, value={"custom": {"total": 45}}, asked=found.next, rows=5))
    assert last is not None
    assert last.next is None


def test_a_fragment_counts_in_its_address_and_a_json_answer_is_none():
    text = "<ul></ul><script>Ls.pagination('#p', {pageIndex: 1, pageCount: 3, total: 40})</script>"
    assert (
        following(query_page(page(text, "/site/label/8888?pageIndex=1&pageSize=15", rows=15))) == "/site/label/8888?pageIndex=2&pageSize=15"
    )
    assert query_page(page("{}", "/site/label/8888?pageIndex=1")) is None
    assert post_page(page("<p>x</p>", "/list?page=1")) is None


@given(st.integers(0, 400), st.integers(1, 60), st.booleans(), st.sampled_from(["page", "pageIndex", "p"]))
def test_a_counted_list_is_read_to_its_end_and_not_far_beyond(total: int, size: int, stated: bool, key: str):
    number, read, asked = 1, 0, 0
    while True:
        rows = max(0, min(size, total - (number - 1) * size))
        said = {"total": total} if stated else {}
        turned = json_page(Page("{}", f"{HOST}/list?{key}={number}&pageSize={size}", value=said, rows=rows))
        assert turned is not None
        read, asked = read + rows, asked + 1
        if turned.next is None:
            break
        assert turned.next.url != f"{HOST}/list?{key}={number}&pageSize={size}"
        number += 1
    assert read == total
    assert asked <= total // size + 2
