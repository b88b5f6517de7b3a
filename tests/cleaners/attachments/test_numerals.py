"""The numbers that lists are written with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.attachments.numerals import MSONFC, chinese, circled, numeral


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (10, "chineseCountingThousand", "十"),
        (12, "chineseCountingThousand", "十二"),
        (20, "chineseCountingThousand", "二十"),
        (101, "chineseCountingThousand", "一百零一"),
        (110, "chineseCountingThousand", "一百一十"),
        (1005, "chineseCountingThousand", "一千零五"),
        (1050, "chineseCountingThousand", "一千零五十"),
        (0, "chineseCountingThousand", "零"),
        (11, "chineseCounting", "十一"),
        (103, "chineseCounting", "一〇三"),
        (10, "ideographDigital", "一〇"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (11, "ideographTraditional", "甲"),
        (12, "ideographZodiac", "亥"),
        (3, "decimalEnclosedParen", "⑶"),
        (21, "decimalEnclosedCircle", "㉑"),
        (51, "decimalEnclosedCircle", "51"),
        (4, "upperRoman", "IV"),
        (1999, "lowerRoman", "mcmxcix"),
        (27, "lowerLetter", "aa"),
        (7, "decimalZero", "07"),
        (15, "decimalFullWidth", "１５"),
        (3, "none", ""),
        (3, "hebrew1", "3"),
        (-1, "chineseCounting", "-1"),
        (10**9, "lowerLetter", "1000000000"),
    ],
)
def test_numbers_are_written_in_their_format(value, number_format, text):
    assert numeral(value, number_format) == text


@given(st.integers(1, 9999))
def test_chinese_numbers_are_told_apart(value):
    digits = {sign: at for at, sign in enumerate("零一二三四五六七八九")}
    total, digit = 0, 0
    for sign in chinese(value).replace("零", ""):
        if sign in digits:
            digit = digits[sign]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
    assert total + digit == value


@given(st.sampled_from(sorted(MSONFC.values())), st.integers())
def test_every_format_writes_every_number(number_format, value):
    assert len(numeral(value, number_format)) < 400


def test_only_the_code_of_a_sign_in_a_circle_gives_one():
    assert circled(r" eq \o\ac(○,甲) ") == "甲"
    assert circled(r"EQ \o(○,３)") == "３"
    assert circled("PAGE") == ""
