"""The stop rules: simulated lists of every awkward kind, read to the end without looping and without missing anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.records import Entry
from spiders.paging import Next
from spiders.walk import CHECKS, MARGIN, End, Phase, Seen, Step, Walk, begin, step

TODAY = datetime(2024, 6, 30, tzinfo=UTC)
PAGE = 3


def entry(number: int, issued: date | None = None) -> Entry:
    return Entry(f"https://x.example/{number}.html", f"通知{number}", issued)


def shown(numbers: list[int], page: int, **more: object) -> Seen:
    """Page `page` (from 1) of a list of numbers; the next one is promised while there is more."""
    rows = numbers[(page - 1) * PAGE : page * PAGE]
    following = Next(f"https://x.example/list_{page + 1}.html") if page * PAGE < len(numbers) else None
    return Seen(**{"entries": tuple(map(entry, rows)), "next": following, "promised": following is not None} | more)


TOP = "https://x.example/list_1.html"
RESUMED = Next("https://x.example/list_3.html")


def read(respond: Callable[[int], Seen], *, resume: Next | None = None, since: datetime | None = None) -> tuple[list[str], Walk, Step]:
    """Follow a walk to its end; `respond` is asked for page numbers. Gives all addresses shown, the last walk and what ended it."""
    walk = begin("c", TOP, TODAY, resume=resume, since=since)
    urls: list[str] = []
    for _ in range(400):
        seen = respond(int(walk.at.url.rsplit("_", 1)[1].split(".")[0]))
        seen = replace(seen, again=frozenset(urls).intersection(found.url for found in seen.entries))
        urls += [found.url for found in seen.entries]
        done = step(walk, seen)
        if done.walk is None:
            return urls, walk, done
        assert Walk.load(json.loads(json.dumps(done.walk.dump()))) == done.walk  # a killed run reads it back
        walk = done.walk
    raise AssertionError("the walk did not end")


NUMBERS = list(range(10, 0, -1))


def test_a_plain_list_is_read_to_its_last_page():
    urls, _, done = read(lambda page: shown(NUMBERS, page))
    assert len(set(urls)) == 10
    assert done == Step(None, End.LAST_PAGE, complete=True)


def test_a_whole_list_is_read_again_once_unless_it_says_how_long_it_is():
    urls, walk, _ = read(lambda page: shown(NUMBERS, page))
    assert (len(urls), walk.phase) == (20, Phase.CHECK)
    urls, walk, _ = read(lambda page: shown(NUMBERS, page, total=10))
    assert (len(urls), walk.phase) == (10, Phase.TOP)
    urls, _, _ = read(lambda page: shown(NUMBERS, page, total=11))
    assert len(urls) == 20
    urls, _, _ = read(lambda page: shown(NUMBERS[:PAGE], page))
    assert len(urls) == PAGE


def test_a_list_that_changes_how_long_it_says_it_is_is_read_again():
    numbers, served = list(NUMBERS), 0

    def respond(page: int) -> Seen:
        nonlocal served
        seen = shown(numbers, page, total=len(numbers))
        served += 1
        if served == 2:
            numbers.remove(9)
        return seen

    urls, _, done = read(respond)
    assert {entry(number).url for number in numbers} <= set(urls)
    assert done.complete


def moving(change: Callable[[list[int], int], None]) -> tuple[list[str], Step, list[int]]:
    """Read a list that `change` changes after each page served, given how many were."""
    numbers, served = list(NUMBERS), 0

    def respond(page: int) -> Seen:
        nonlocal served
        seen = shown(numbers, page)
        served += 1
        change(numbers, served)
        return seen

    urls, _, done = read(respond)
    return urls, done, numbers


def test_entries_pulled_up_past_the_reader_are_not_missed():
    urls, done, numbers = moving(lambda numbers, served: numbers.remove(9) if served == 2 else None)
    assert {entry(number).url for number in numbers} <= set(urls)
    assert done.complete


def test_entries_published_while_the_list_is_read_are_not_missed():
    urls, done, numbers = moving(lambda numbers, served: numbers.insert(0, 10 + served) if served < 4 else None)
    assert {entry(number).url for number in numbers} <= set(urls)
    assert done.complete


def test_a_list_that_never_rests_is_read_a_few_times_and_no_more():
    urls, done, _ = moving(lambda numbers, served: numbers.insert(0, 10 + served))
    assert done == Step(None, End.MOVING, complete=True)
    assert len(urls) < len(NUMBERS) * (CHECKS + 1) * 4


def vsb(numbers: list[int], page: int) -> Seen:
    """The list of `numbers` as VSB numbers it: list_1 is the newest, list_101 the oldest page, list_102 the one above that."""
    pages = -(-len(numbers) // PAGE)
    at = pages - (page - 100) + 1 if page > 100 else page
    newer = Next(f"https://x.example/list_{page + 1}.html") if page > 100 and at > 2 else None
    oldest = Next("https://x.example/list_101.html") if page == 1 and pages > 1 else None
    return shown(numbers, at, oldest=oldest, newer=newer)


def test_a_list_with_a_stable_end_is_read_from_there():
    asked: list[int] = []
    urls, _, done = read(lambda page: (asked.append(page), vsb(NUMBERS, page))[1])
    assert asked == [1, 101, 102, 103, 1, 1, 2, 3, 4]
    assert (len(set(urls)), done.complete) == (10, True)


def test_a_broken_stable_end_is_where_the_next_run_goes_on():
    _, _, done = read(lambda page: Seen(content=False) if page == 102 else vsb(NUMBERS, page))
    assert (done.complete, done.resume) == (False, Next("https://x.example/list_102.html"))


def test_only_a_walk_of_the_whole_list_begins_at_the_stable_end():
    asked: list[int] = []
    read(lambda page: (asked.append(page), vsb(NUMBERS, page))[1], since=TODAY)
    assert asked == [1, 2, 3, 4]


def test_a_list_that_says_it_goes_on_and_not_how_is_not_complete():
    _, _, done = read(lambda page: shown(NUMBERS, page, next=None, promised=True))
    assert done == Step(None, End.NO_WAY_ON)


def test_a_page_that_scripts_fill_is_called_so():
    _, _, done = read(lambda page: Seen(shell=True))
    assert done == Step(None, End.NEEDS_JS)


def guess(page: int) -> Next:
    return Next(f"https://x.example/list_{page + 1}.html")


def test_a_list_that_goes_on_by_guessing_ends_where_pages_are_missing():
    _, _, done = read(lambda page: shown(NUMBERS, page, next=guess(page), promised=False) if page < 5 else Seen(missing=True))
    assert done == Step(None, End.MISSING, complete=True)


def test_a_server_that_gives_the_last_page_for_ever_ends_the_list():
    urls, _, done = read(lambda page: shown(NUMBERS, min(page, 4), next=guess(page), promised=False))
    assert done == Step(None, End.REPEATED, complete=True)
    assert len(set(urls)) == 10


def test_a_server_that_ignores_the_page_number_is_a_gap_and_not_an_end():
    _, _, done = read(lambda page: shown(NUMBERS, 1, next=guess(page)))
    assert done == Step(None, End.REPEATED, resume=Next("https://x.example/list_2.html"))


def test_a_shrinking_list_that_shows_only_what_was_seen_ends():
    _, _, done = read(lambda page: shown(NUMBERS, page) if page < 3 else Seen(tuple(map(entry, (5, 6))), next=guess(page)))
    assert done.complete
    assert done.end in {End.NOTHING_NEW, End.REPEATED}


@pytest.mark.parametrize(
    ("bad", "end"),
    [
        (Seen(missing=True), End.MISSING),
        (Seen(size=380), End.NOT_CONTENT),
        (Seen(content=False), End.NOT_CONTENT),
        (Seen(failed=True), End.FAILED),
        (Seen(), End.EMPTY),
    ],
)
def test_a_promised_page_that_does_not_come_breaks_the_chain_and_is_where_the_next_run_goes_on(bad: Seen, end: End):
    urls, _, done = read(lambda page: bad if page == 3 else shown(NUMBERS, page))
    assert len(urls) == 6
    assert done == Step(None, end, resume=Next("https://x.example/list_3.html"))


def test_a_first_page_that_does_not_come_begins_again_at_the_top():
    _, _, done = read(lambda _: Seen(content=False))
    assert done == Step(None, End.NOT_CONTENT)


def test_a_short_json_page_is_an_answer():
    _, _, done = read(lambda page: shown(NUMBERS, page, promised=False, next=guess(page)) if page < 5 else Seen(size=15, structured=True))
    assert (done.end, done.complete) == (End.EMPTY, True)


def resumed(before: Callable[[int], Seen], after: Callable[[int], Seen]) -> tuple[list[str], tuple[bool, Next | None]]:
    """Read from page 3, then (from when page 1 is asked for) from the top."""
    top = False

    def respond(page: int) -> Seen:
        nonlocal top
        top = top or page == 1
        return after(page) if top else before(page)

    urls, _, done = read(respond, resume=RESUMED)
    return urls, (done.complete, done.resume)


def test_a_resumed_chain_reads_the_rest_and_then_the_top_until_they_meet():
    urls, ended = resumed(lambda page: shown(NUMBERS, page), lambda page: shown(NUMBERS, page))
    assert {f"https://x.example/{number}.html" for number in NUMBERS} == set(urls)
    assert ended == (True, None)


def test_what_was_pushed_down_between_the_halves_is_not_missed():
    urls, ended = resumed(lambda page: shown(NUMBERS, page), lambda page: shown([12, 11, *NUMBERS], page))
    assert len(set(urls)) == 12
    assert ended == (True, None)


def test_a_chain_that_breaks_again_goes_on_from_there():
    broken = Seen(content=False)
    urls, ended = resumed(
        lambda page: shown(NUMBERS, page) if page < 4 else broken, lambda page: shown(NUMBERS, page) if page < 4 else broken
    )
    assert len(set(urls)) == 9
    assert ended == (False, Next("https://x.example/list_4.html"))


def test_a_promised_page_missing_in_two_runs_is_the_end():
    missing = Seen(missing=True)
    _, ended = resumed(
        lambda page: shown(NUMBERS, page) if page < 3 else missing, lambda page: shown(NUMBERS, page) if page < 3 else missing
    )
    assert ended == (True, None)


def incremental(numbers: list[int], known: set[int], issued: Callable[[int], date | None]) -> tuple[list[str], Step]:
    def respond(page: int) -> Seen:
        seen = shown(numbers, page)
        rows = tuple(Entry(row.url, row.title, issued(int(row.url.split("/")[-1].split(".")[0]))) for row in seen.entries)
        known_urls = frozenset(f"https://x.example/{number}.html" for number in known)
        return Seen(rows, known_urls, next=seen.next, promised=seen.promised)

    urls, _, done = read(respond, since=TODAY - timedelta(days=1))
    return urls, done


def days(number: int) -> date:
    """The greater the number the newer: number 30 is today's, 0 sixty days old."""
    return TODAY.date() - timedelta(days=(30 - number) * 2)


def test_a_run_after_a_complete_one_stops_after_two_pages_known_and_old():
    urls, done = incremental(list(range(30, 0, -1)), set(range(29)), days)
    assert (done.end, done.complete) == (End.ALL_KNOWN, True)
    assert 6 < len(urls) < 20


def test_pinned_entries_do_not_hide_the_new_ones_below():
    pinned = [1, 2, 3]
    urls, _ = incremental([*pinned, *range(30, 3, -1)], set(range(28)), days)
    assert {"https://x.example/30.html", "https://x.example/29.html", "https://x.example/28.html"} <= set(urls)


def test_known_pages_within_the_overlap_are_read_on():
    recent = TODAY.date()
    urls, done = incremental(list(range(30, 0, -1)), set(range(31)), lambda _: recent)
    assert len(urls) == 30
    assert done.end is End.LAST_PAGE


def test_lists_without_dates_stop_after_two_known_pages():
    urls, _ = incremental(list(range(30, 0, -1)), set(range(28)), lambda _: None)
    assert len(urls) == 9


def test_without_a_complete_run_nothing_stops_at_what_is_known():
    numbers = list(range(30, 0, -1))
    known = frozenset(entry(number).url for number in numbers)
    urls, _, _ = read(lambda page: shown(numbers, page, known=known))
    assert len(set(urls)) == 30


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 20), max_size=4), min_size=1, max_size=12), st.booleans())
def test_no_server_makes_a_chain_loop(pages: list[list[int]], promised: bool):
    """Whatever a server answers, a chain ends, and it has read every page before its end."""

    def respond(page: int) -> Seen:
        return Seen(tuple(map(entry, pages[page % len(pages)])), next=guess(page), promised=promised)

    _, walk, done = read(respond)
    assert done.end is not None
    assert walk.page <= 22 + MARGIN


def test_every_reason_is_explained():
    page = (Path(__file__).parents[2] / "docs" / "site-files.md").read_text("utf-8")
    assert not {end for end in End if f"| `{end}` |" not in page}


def wrapping(page: int) -> Seen:
    """A list that promises more for ever and shows its first page for those beyond the end."""
    return shown(NUMBERS, page if page <= 4 else 1, next=guess(page), promised=True)


def test_a_first_page_shown_beyond_the_end_is_the_end_when_it_was_so_twice():
    urls, _, done = read(wrapping)
    assert (len(set(urls)), done.complete, done.resume) == (10, False, Next("https://x.example/list_5.html"))
    urls, _, done = read(wrapping, resume=done.resume)
    assert (len(set(urls)), done.complete) == (10, True)


@pytest.mark.parametrize("since", [None, TODAY - timedelta(days=1)])
def test_a_server_that_ignores_the_page_number_is_never_read_to_its_end(since: datetime | None):
    def respond(page: int) -> Seen:
        return shown(NUMBERS, 1, next=guess(page), promised=True)

    _, _, done = read(respond, since=since)
    assert not done.complete
    _, _, done = read(respond, resume=done.resume, since=since)
    assert not done.complete


@pytest.mark.parametrize("since", [None, TODAY - timedelta(days=1)])
def test_a_first_page_without_rows_does_not_hide_that_the_page_number_is_ignored(since: datetime | None):
    def respond(page: int) -> Seen:
        return Seen(next=guess(page), promised=True) if page == 1 else shown(NUMBERS, 1, next=guess(page), promised=True)

    _, _, done = read(respond, since=since)
    assert (done.end, done.complete) == (End.REPEATED, False)
    _, _, done = read(respond, resume=done.resume, since=since)
    assert (done.end, done.complete) == (End.REPEATED, False)


@pytest.mark.parametrize("nothing", [Seen(missing=True), Seen()])
def test_a_page_that_is_promised_and_never_there_ends_the_list_the_second_time(nothing: Seen):
    def respond(page: int) -> Seen:
        return shown(NUMBERS, page, next=guess(page), promised=True, total=16) if page < 5 else nothing

    urls, _, done = read(respond)
    assert (len(set(urls)), done.complete) == (10, False)
    urls, _, done = read(respond, resume=done.resume)
    assert (len(set(urls)), done.complete) == (10, True)
