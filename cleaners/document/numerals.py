"""Numbers in Chinese as dates and document numbers write them: by place (二〇二〇, 一五) or with tens (二十三, 廿一, 卅)."""

from __future__ import annotations

ZEROS = "〇○◯零oOοΟо⭕О0"
"""What pages set for 〇: two circles, the letter O of three alphabets, a digit."""
_TENS = {"十": 10, "拾": 10, "廿": 20, "卅": 30}
_ONES = (ZEROS, "一元正壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {glyph: digit for digit, glyphs in enumerate(_ONES) for glyph in glyphs}
_HUNDRED = "百佰"
_KNOWN = {*_DIGITS, *_TENS, *_HUNDRED}

ONES = "".join(dict.fromkeys("".join(glyph for glyphs in _ONES[1:] for glyph in glyphs if glyph not in "元正两")))
"""The digits from one to nine, plain and as cheques have them."""
TENS = "".join(_TENS)


def read_numeral(numeral: str) -> int:
    """Read Arabic digits or Chinese ones, blanks between them left aside; 0 where empty, -1 where it is no number."""
    compact = "".join(numeral.split())
    if compact.isdecimal():
        return int(compact)
    if not all(glyph.isdecimal() or glyph in _KNOWN for glyph in compact):
        return -1
    return _by_tens(compact) if set(compact) & {*_TENS, *_HUNDRED} else _by_place(compact)


def _by_place(numeral: str) -> int:
    total = 0
    for glyph in numeral:
        total = total * 10 + _digit(glyph)
    return total


def _by_tens(numeral: str) -> int:
    """Read 二十三, 廿一, 一百零五; a zero between is only said."""
    total, last = 0, 0
    for glyph in numeral:
        if glyph in _HUNDRED:
            total, last = total + (last or 1) * 100, 0
        elif glyph in _TENS:
            total, last = total + (last or 1) * 10 if _TENS[glyph] == 10 else total + _TENS[glyph], 0
        else:
            last = last * 10 + _digit(glyph)
    return total + last


def _digit(glyph: str) -> int:
    return int(glyph) if glyph.isdecimal() else _DIGITS[glyph]
