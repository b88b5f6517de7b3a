"""The numbers a word processor writes itself: number formats by their OOXML names.

Source: ECMA-376-1 17.18.59 ST_NumberFormat; the codes of binary Word files are [MS-OSHARED] 2.2.1.3 MSONFC. A format that is
not Chinese, Latin or Roman falls back to decimal.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MSONFC = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "ideographDigital",
    11: "japaneseCounting", 14: "decimalFullWidth", 16: "japaneseLegal", 17: "japaneseDigitalTenThousand",
    18: "decimalEnclosedCircle", 19: "decimalFullWidth2", 22: "decimalZero", 23: "bullet", 26: "decimalEnclosedFullstop",
    27: "decimalEnclosedParen", 28: "decimalEnclosedCircleChinese", 29: "ideographEnclosedCircle", 30: "ideographTraditional",
    31: "ideographZodiac", 33: "taiwaneseCounting", 34: "ideographLegalTraditional", 35: "taiwaneseCountingThousand",
    36: "taiwaneseDigital", 37: "chineseCounting", 38: "chineseLegalSimplified", 39: "chineseCountingThousand",
    57: "numberInDash", 255: "none",
}  # fmt: skip
"""The number formats of [MS-OSHARED] 2.2.1.3 by their OOXML names."""

_LARGEST = 9999
_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_CIRCLE_FIELD = re.compile(r"\s{0,9}eq\s{0,9}\\o\s{0,9}(?:\\a[clr]\s{0,9})?[(（]\s{0,9}[○〇◯]\s{0,9}[,，]([^()]{1,8})[)）]", re.IGNORECASE)
_ROMAN_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")


def numeral(value: int, number_format: str) -> str:
    """Write a list's number: 12 in chineseCountingThousand is 十二; a value beyond a format's range is decimal."""
    if not 0 <= value <= _LARGEST:
        return str(value)
    return _FORMATS.get(number_format, str)(value)


def chinese(value: int, digits: str = _DIGITS, units: str = "千百十", *, bare_ten: bool = True) -> str:
    """Write 0..9999 as a Chinese number: 十二, 一百零一; with `bare_ten` off 一十二."""
    written, gap = "", False
    for place, unit in zip((1000, 100, 10, 1), (*units, ""), strict=True):
        digit = value // place % 10
        if digit:
            written += (digits[0] if gap and written else "") + digits[digit] + unit
        gap = not digit
    if bare_ten and 10 <= value < 20:
        return written[1:]
    return written or digits[0]


def circled(code: str) -> str:
    r"""Give what the field code of a sign in a circle (带圈字符) shows: ⑤ for `eq \o\ac(○,5)`; empty for another code."""
    match = _CIRCLE_FIELD.match(code)
    sign = match[1].strip() if match else ""
    return _circled(int(sign)) if sign.isascii() and sign.isdigit() and len(sign) < 3 else sign


def _positional(value: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value))


def _counting(value: int) -> str:
    return chinese(value) if value < 100 else _positional(value)


def _letters(value: int) -> str:
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if value else "0"


def _roman(value: int) -> str:
    written = ""
    for worth, letters in _ROMAN:
        written += letters * (value // worth)
        value %= worth
    return written + _ROMAN_UNITS[value]


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda value: signs[(value - 1) % len(signs)] if value else "0"


def _run(first: str, count: int) -> Callable[[int], str]:
    """Give the signs that follow one another in Unicode, as far as they go."""
    return lambda value: chr(ord(first) + value - 1) if 1 <= value <= count else str(value)


def _circled(value: int) -> str:
    for first, low, high in (("①", 1, 20), ("㉑", 21, 35), ("㊱", 36, 50)):
        if low <= value <= high:
            return chr(ord(first) + value - low)
    return str(value)


_FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": lambda value: str(value).translate(_WIDE),
    "decimalFullWidth2": lambda value: str(value).translate(_WIDE),
    "upperRoman": lambda value: _roman(value).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerLetter": _letters,
    "numberInDash": lambda value: f"- {value} -",
    "ideographDigital": _positional,
    "taiwaneseDigital": _positional,
    "japaneseDigitalTenThousand": _positional,
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "chineseLegalSimplified": lambda value: chinese(value, _LEGAL, "仟佰拾", bare_ten=False),
    "ideographLegalTraditional": lambda value: chinese(value, _LEGAL_TRADITIONAL, "仟佰拾", bare_ten=False),
    "japaneseLegal": lambda value: chinese(value, _LEGAL_TRADITIONAL, "仟佰拾", bare_ten=False),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographEnclosedCircle": _run("㊀", 10),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _run("⒈", 20),
    "decimalEnclosedParen": _run("⑴", 20),
}
