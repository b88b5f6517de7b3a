"""Plays of the list servers: pure, deterministic, and each what its name says."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.demo.content import column_notices
from crawler.demo.model import site_named
from crawler.demo.pages import Request, answer
from crawler.demo.scenes import FRESH, PINNED, TAKEN, TOO_MANY, Play, Scene, pages_of

SITE = site_named("model-empire")
NOTICES = column_notices(SITE, SITE.columns[0], 1)
SIZE = SITE.page_size
PAGES = pages_of(len(NOTICES), SIZE)


def rows(scene, number):
    part = scene.window(scene.listed(NOTICES), (number - 1) * SIZE, SIZE)
    return None if part is None else [notice.key for notice in part.notices]


KEYS = [notice.key for notice in NOTICES]
BEGUN = 9


def page_keys(number):
    return KEYS[(number - 1) * SIZE : number * SIZE]


@given(st.sampled_from(Play), st.integers(0, 9), st.integers(-3, 60), st.integers(1, 50))
def test_any_page_of_any_play_holds_published_notices_each_once(play, served, start, size):
    scene = Scene(play, served=served)
    part = scene.window(scene.listed(NOTICES), start, size)
    if part is not None:
        keys = [notice.key for notice in part.notices]
        assert 0 < len(keys) == len(set(keys)) <= size + PINNED
        assert set(keys) <= set(KEYS)


def test_a_normal_list_is_cut_into_its_pages():
    assert [rows(Scene(), number) for number in range(PAGES + 2)] == [None, *map(page_keys, range(1, PAGES + 1)), None]


@pytest.mark.parametrize(("play", "first"), [(Play.SHRINK_TOP, 0), (Play.SHRINK_MIDDLE, 4)])
def test_a_shrinking_list_pulls_up_what_stands_below(play, first):
    assert rows(Scene(play, after=2, served=1), 1) == page_keys(1)
    left = KEYS[:first] + KEYS[first + TAKEN :]
    assert rows(Scene(play, after=2, served=2), 3) == left[2 * SIZE : 3 * SIZE]
    assert [notice.key for notice in Scene(play).lasting(NOTICES, SIZE)] == left


def test_pages_of_what_was_taken_away_are_gone_and_no_others():
    before, after = Scene(Play.SHRINK_TOP, after=2, served=1), Scene(Play.SHRINK_TOP, after=2, served=2)
    for scene, gone in ((before, 0), (after, TAKEN)):
        statuses = [answer(Request(SITE.host, path, path), 1, scene).status for path in (_path(notice) for notice in NOTICES)]
        assert statuses == [404] * gone + [200] * (len(NOTICES) - gone)


def _path(notice):
    return "/" + notice.url.split("/", 3)[3]


def test_pinned_rows_stand_on_top_of_the_first_page_or_of_all():
    assert rows(Scene(Play.PINNED), 1)[:PINNED] == KEYS[-PINNED:]
    assert rows(Scene(Play.PINNED), 2)[:PINNED] != KEYS[-PINNED:]
    for number in range(1, PAGES + 1):
        assert rows(Scene(Play.PINNED_ON_ALL), number)[:PINNED] == KEYS[-PINNED:]


def test_beyond_the_end_a_page_comes_again():
    assert rows(Scene(Play.LAST_AGAIN), PAGES + 7) == page_keys(PAGES)
    assert rows(Scene(Play.FIRST_AGAIN), PAGES + 7) == page_keys(1)
    assert rows(Scene(Play.FIRST_ONLY), 2) == page_keys(1)


def test_what_is_added_pushes_the_others_down():
    assert rows(Scene(Play.ADDED, served=1), 1) == KEYS[FRESH : FRESH + SIZE]
    assert rows(Scene(Play.ADDED, served=BEGUN), 1) == page_keys(1)


def test_the_printed_total_is_too_high():
    part = Scene(Play.OVERSTATED).window(NOTICES, 0, SIZE)
    assert (part.pages, part.rows) == (PAGES + TOO_MANY, len(NOTICES) + TOO_MANY * SIZE)


@pytest.mark.parametrize("play", [Play.STUB, Play.CHALLENGE, Play.ERROR])
def test_one_page_is_spoilt_so_often_and_then_comes_as_it_is(play):
    scene = Scene(play, after=1, times=2)
    assert not scene.spoils("a")
    scene = scene.served_one("a")
    assert scene.spoils("b")
    scene = scene.served_one("b")
    assert scene.spoils("b")
    assert not scene.spoils("c")
    assert not reduce(Scene.served_one, ("c", "b"), scene).spoils("b")


@pytest.mark.parametrize(("play", "status", "length"), [(Play.STUB, 200, 300), (Play.CHALLENGE, 412, None), (Play.ERROR, 500, None)])
def test_spoilt_pages_are_what_they_are_called(play, status, length):
    request = Request(SITE.host, SITE.columns[0].path, SITE.columns[0].path)
    reply = answer(request, 1, Scene(play, after=0))
    assert (reply.status, reply.listing) == (status, True)
    assert length in {None, len(reply.body)}
    assert answer(request, 1, Scene(play, after=0).served_one(request.page)) == answer(request, 1)


@given(st.sampled_from(Play), st.lists(st.sampled_from(["a", "b"]), max_size=6))
def test_a_play_goes_by_the_pages_served_and_by_nothing_else(play, served):
    once, again = (reduce(Scene.served_one, served, Scene(play)) for _ in range(2))
    assert once == again
    assert once.served == len(served)
    assert replace(once, play=Play.NORMAL).listed(NOTICES) == NOTICES
