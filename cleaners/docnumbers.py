"""发文字号: document numbers in a text and their normal form (GB/T 9704-2012, 7.2.5), three grammars over a folded copy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cleaners.fold import fold_aligned
from cleaners.script import detect

_HAN = "\u4e00-\u9fff"
_OPEN = r"[〔\[【(〈《〖‘{]"
_CLOSE = r"[〕\]】)〉》〗’}]"
_BRACKETED = re.compile(
    rf"(?P<code>[{_HAN}A-Za-z]{{1,30}})\s{{0,4}}{_OPEN}\s?(?P<year>(?:19|20)\d{{2}}|\d{{2}})\s?年?\s?{_CLOSE}\s{{0,4}}(?:第\s?)?(?P<n>\d{{1,5}})\s{{0,4}}号"
)
_ORDER = re.compile(
    rf"(?P<code>[{_HAN}]{{0,24}}?(?:令|公告|通告|通报|公报))\s{{0,4}}[(〔\[]?(?:(?P<year>(?:19|20)\d{{2}})\s?年)?\s?"
    r"第\s?(?P<n>\d{1,5}|[一二三四五六七八九十百零〇○]{1,7})\s?号"
)
_BRACKET_FIRST = re.compile(
    rf"[〔\[(](?P<year>(?:19|20)\d{{2}}|\d{{2}})[〕\])]\s?(?P<code>[{_HAN}]{{1,12}}?)(?P<word>字?)\s?第\s?(?P<n>\d{{1,5}})\s?号"
)
_DAMAGED = re.compile(rf"[{_HAN}]〔\d{{5,}}(?!\d*〕)")


@dataclass(frozen=True, slots=True)
class Number:
    """A document number: `value` in normal form, `text` as it stands in text[start:end]."""

    value: str
    start: int
    end: int
    text: str


def find_numbers(text: str) -> tuple[Number, ...]:
    """Find every document number in a text, in order: 国发〔2020〕5号, 国务院令第711号, 〔91〕新出图字第990号.

    The normal form is code〔year〕n号 with the code as written and n without leading zeros; 號 stays as written, and a code in
    Traditional script has it. A number that lost its brackets (〔201746) is none; see `has_damaged_number`.
    """
    folded = fold_aligned(text)
    if "号" not in folded:
        return ()
    taken = bytearray(len(folded))
    found: list[Number] = []
    for number in (*_bracketed(text, folded), *_bracket_first(text, folded), *_orders(text, folded)):
        if not any(taken[number.start : number.end]):
            taken[number.start : number.end] = b"\x01" * (number.end - number.start)
            found.append(number)
    return tuple(sorted(found, key=lambda number: number.start))


def whole_number(text: str) -> Number | None:
    """Give the document number a line consists of, whatever brackets or spaces stand around it."""
    stripped = text.strip().strip("()（）[]【】　 ")
    return next((number for number in find_numbers(stripped) if len(stripped) == number.end - number.start), None)


def has_damaged_number(text: str) -> bool:
    """Say whether a document number lost its closing bracket and 号, as when a symbol font was dropped."""
    return _DAMAGED.search(fold_aligned(text)) is not None


def _bracketed(text: str, folded: str) -> Iterator[Number]:
    for match in _BRACKETED.finditer(folded):
        start = match.start("code") + _lead_in(match["code"])
        code = text[start : match.end("code")]
        if code:
            yield _number(f"{code}〔{match['year']}〕{int(match['n'])}{_mark(code, text[match.end() - 1])}", start, match.end(), text)


def _bracket_first(text: str, folded: str) -> Iterator[Number]:
    for match in _BRACKET_FIRST.finditer(folded):
        code = text[match.start("code") : match.end("word")]
        mark = _mark(code, text[match.end() - 1])
        yield _number(f"〔{match['year']}〕{code}第{int(match['n'])}{mark}", match.start(), match.end(), text)


def _orders(text: str, folded: str) -> Iterator[Number]:
    for match in _ORDER.finditer(folded):
        start = match.start("code") + _lead_in(match["code"])
        code = text[start : match.end("code")]
        serial = str(int(match["n"])) if match["n"].isdecimal() else match["n"]
        year = f"{match['year']}年" if match["year"] else ""
        if code:
            closing = 1 if re.match(r"[)〕\]]", folded[match.end() :]) and re.search(r"[(〔\[]", match[0]) else 0
            yield _number(f"{code}{year}第{serial}{_mark(code, text[match.end() - 1])}", start, match.end() + closing, text)


def _mark(code: str, written: str) -> str:
    """Give 号 or 號, whichever a code is in keeping with; as written where its characters are common to both scripts."""
    return "號" if detect(code) == "Hant" else written


def _number(value: str, start: int, end: int, text: str) -> Number:
    return Number(value, start, end, text[start:end])


def _lead_in(code: str) -> int:
    """Give how many characters of what stands before the year belong to the sentence and not to the code."""
    cut = 0
    for match in _lead_ins().finditer(code):
        # the last word of a code is its own: 中国人民银行公告, 粤科规范字
        if match.end() < len(code):
            cut = match.end()
    return cut


@cache
def _lead_ins() -> re.Pattern[str]:
    words = tomllib.loads(files("cleaners").joinpath("official.toml").read_text(encoding="utf-8"))
    long, short, starts = words["lead_ins"], words["short_lead_ins"], words["code_starts"]
    return re.compile(f"{'|'.join(long)}|(?:{'|'.join(short)})(?=[{starts}])")
