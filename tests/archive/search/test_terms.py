from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.terms import OLDER, cover, facts_in, facts_of, terms, written_day

days = st.dates()


@given(days, days, st.lists(days, max_size=5))
def test_a_range_of_days_is_covered_exactly(one, other, some):
    since, until = sorted((one, other))
    covering = cover(written_day(since), written_day(until))
    near = [day + timedelta(step) for day in (since, until) for step in (-1, 0, 1) if date.min < day < date.max]
    for day in {*some, *near}:
        held = [prefix for prefix in covering if written_day(day).startswith(prefix)]
        assert len(held) == (since <= day <= until)


@pytest.mark.parametrize(
    ("since", "until", "tokens"),
    [
        ("20240101", "20241231", ["2024"]),
        ("20240301", "20240331", ["202403"]),
        ("20231231", "20240201", ["20231231", "202401", "20240201"]),
        ("00000101", "99991231", list("0123456789")),
    ],
)
def test_a_range_takes_few_tokens(since, until, tokens):
    assert cover(since, until) == tokens


@given(days)
def test_a_range_open_at_one_end_takes_a_bounded_number(day):
    assert len(cover(written_day(day), "99991231")) < 90


def test_what_is_not_stated_is_no_token():
    assert terms(facts_of("", None, None, 1)).split() == ["§", "§00010101", "§000101", "§0001", "§000", "§00", "§0"]
    assert OLDER in terms(facts_of("a", "通知", "财政部", 738000), older=True).split()


@given(
    st.sampled_from(["", "临水", "a-b"]), st.sampled_from(["", "通知"]), st.sampled_from(["", "财", "财政部 税务总局"]), days, st.booleans()
)
def test_facts_can_be_read_back(site, kind, creator, day, older):
    facts = facts_of(site, kind, creator, day.toordinal())
    assert facts_in(terms(facts, older=older)) == facts


def test_an_issuer_is_held_as_pairs_so_that_a_part_of_its_name_finds_it():
    assert terms(facts_of("", "", "财政部", 1)).endswith("§c财政 §c政部 §c部·")
