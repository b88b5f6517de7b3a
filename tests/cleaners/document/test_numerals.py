from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.numerals import read_numeral

ONES = "〇一二三四五六七八九"


def spell(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{ONES[hundreds]}百" if hundreds else ""
    if tens:
        said += f"{ONES[tens] if tens > 1 or hundreds else ''}十"
    elif hundreds and ones:
        said += "零"
    return said + (ONES[ones] if ones or not number else "")


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("", 0),
        ("2020", 2020),
        ("２０", 20),
        ("二〇二〇", 2020),
        ("二OO八", 2008),
        ("一五", 15),
        ("十", 10),
        ("廿一", 21),
        ("廿", 20),
        ("卅", 30),
        ("卅一", 31),
        ("元", 1),
        ("三十", 30),
        ("一百零五", 105),
        ("贰拾", 20),
        ("二 十 三", 23),
        ("初八", -1),
        ("xx", -1),
    ],
)
def test_numerals_as_pages_write_them(numeral, number):
    assert read_numeral(numeral) == number


@given(st.integers(0, 999))
def test_every_number_spelt_is_the_number_read(number):
    assert read_numeral(spell(number)) == number
    assert read_numeral("".join(ONES[int(figure)] for figure in str(number))) == number


@given(st.text(alphabet="〇○零一二三十廿卅百0123456789 x", max_size=12) | st.text(max_size=12))
def test_any_text_is_a_number_or_none(text):
    assert read_numeral(text) >= -1
