"""The values of site files: whatever is written there is taken whole or refused with a reason, and nothing else happens."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from spiders.values import Address, Frequency, Host, SiteIdCode, Window, near

PIECES = st.sampled_from(
    ["http://", "https://", "//", "www.", "gov", ".cn", ".", ":", "80", "0", "99999", "/", "?", "#", "@", "[", "]", " ", "中"]
)
TIMES = st.from_regex(r"[0-2]?[0-9]:[0-6]?[0-9]-[0-2]?[0-9]:[0-6]?[0-9]", fullmatch=True)


def taken(kind: object, value: str) -> bool:
    try:
        kept = TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    assert kept == value
    return True


@given(st.lists(PIECES, max_size=9).map("".join) | st.text(max_size=40).map("http://{}/".format))
def test_an_address_that_is_taken_can_be_asked_for(value: str):
    if taken(Address, value):
        split = urlsplit(value)
        assert split.scheme in {"http", "https"}
        assert split.port != 0
        assert (split.hostname or "").isascii()
        assert not split.username
        assert "." in (split.hostname or "")


@given(st.lists(PIECES, max_size=6).map("".join) | st.text(max_size=30))
def test_a_host_that_is_taken_is_one_and_nothing_more(value: str):
    if taken(Host, value):
        assert urlsplit(f"http://{value}/").hostname == value


@given(TIMES | st.text(max_size=12))
def test_a_window_that_is_taken_has_two_times(value: str):
    if taken(Window, value):
        hours = [int(time.split(":")[0]) * 60 + int(time.split(":")[1]) for time in value.split("-")]
        assert len(set(hours)) == 2
        assert max(hours) < 24 * 60


@given(st.text(max_size=20) | st.lists(st.sampled_from(["*", "0", "59", "60", "1-5", "*/2", "L", "x"]), max_size=6).map(" ".join))
def test_a_frequency_is_taken_or_refused(value: str):
    taken(Frequency, value)


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("6107280000", True),
        ("bm01000001", True),
        ("BM01000001", False),
        ("610728000", False),
        ("61072800000", False),
        ("６１０７２８００００", False),
    ],
)
def test_site_id_codes(value: str, good: bool):
    assert taken(SiteIdCode, value) is good


def test_what_may_have_been_meant_is_only_said_where_something_is_near():
    assert near("dayly", ["daily", "weekly"]) == ", did you mean 'daily'?"
    assert near("xyz", ["daily", "weekly"]) == ""
