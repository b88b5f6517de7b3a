"""发文字号: document numbers in a text and their normal form (GB/T 9704-2012, 7.2.5), five grammars over a folded copy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cleaners.characters.fold import fold, fold_aligned
from cleaners.characters.script import detect
from cleaners.document.numerals import ONES, ZEROS, read_numeral

_HAN = "\u4e00-\u9fff"
_OPEN = r"[〔\[【(〈《〖‘{]"
_CLOSE = r"[〕\]】)〉》〗’}]"
_YEAR = rf"(?P<year>(?:19|20)\d{{2}}|\d{{2}}|二[{ZEROS}{ONES}]{{3}})"
_SERIAL = rf"(?P<n>\d{{1,5}}|[{ZEROS}{ONES}十百]{{1,7}})"
_BRACKETED = re.compile(
    rf"(?P<code>[{_HAN}A-Za-z]{{1,30}})\s{{0,4}}{_OPEN}\s?{_YEAR}\s?年?\s?{_CLOSE}\s{{0,4}}(?:第\s?)?{_SERIAL}\s{{0,4}}号"
)
_UNBRACKETED = re.compile(
    rf"(?P<code>[{_HAN}]{{1,20}}[发函规字办])\s?(?P<year>(?:19|20)\d{{2}})\s?(?:年\s?(?:第\s?)?|[-－第]\s?)(?P<n>\d{{1,5}})\s?号(?![线楼院房])"
)
_ORDER = re.compile(
    rf"(?P<code>[{_HAN}]{{0,24}}?(?:令|公告|通告|通报|公报))\s{{0,4}}[(〔\[]?(?:(?P<year>(?:19|20)\d{{2}})\s?年)?\s?第\s?{_SERIAL}\s?号"
)
_ORDER_LAST = re.compile(rf"(?P<code>[{_HAN}]{{2,24}}?)第\s?{_SERIAL}\s?号(?P<word>令)")
_BRACKET_FIRST = re.compile(
    rf"[〔\[(](?P<year>(?:19|20)\d{{2}}|\d{{2}})[〕\])]\s?(?P<code>[{_HAN}]{{1,12}}?)(?P<word>字?)\s?第\s?(?P<n>\d{{1,5}})\s?号"
)
_DAMAGED = re.compile(rf"[{_HAN}]\s?(?:〔\s?\d{{5,}}(?!\d*〕)|[〔\[【(]\s?(?:19|20)\d{{2}}\s?[〕\]】)]\s{{0,4}}第?\s{{0,4}}号)")
_NUMBER_LOST_MARK = re.compile(rf"[{_HAN}A-Za-z]{{1,20}}[发函字规办批复告通决]{_OPEN}(?:19|20)\d{{2}}{_CLOSE}第?\d{{1,5}}")
_WORDS = re.compile(rf"[{_HAN}]{{2}}\s+[{_HAN}]")
_BEFORE = re.compile(r"\s*(?:\d{6}\s+)?(?:(?:内部(?:资料|文件)?|绝密|机密|秘密|特提|特急|加急|平急|急件)(?:[★☆*]\S{0,6})?\s+){0,3}")
_LONGEST_LINE = 120  # characters of a line that is nothing but numbers
_LIKELY = re.compile(r"[号號]|[〔\[［【（(]\s?\d{4}")
_AROUND = "()（）[]【】　 "
_BETWEEN = re.compile(r"[\s、，,;；/]*")


@dataclass(frozen=True, slots=True)
class Number:
    """A document number: `value` in normal form, `text` as it stands in text[start:end]."""

    value: str
    start: int
    end: int
    text: str


def find_numbers(text: str) -> tuple[Number, ...]:
    """Find every document number in a text, in order: 国发〔2020〕5号, 国务院令第711号, 〔91〕新出图字第990号, 省政府第184号令.

    The normal form is code〔year〕n号 with the code as written, year and n in Arabic digits and n without leading zeros (but 令第九号 as
    written); 號 stays as written, and a code in Traditional script has it. What lost its brackets (〔201746) or its serial (〔2017〕号)
    is none; see `has_damaged_number`.
    """
    if "号" not in text and "號" not in text:
        return ()
    folded = fold_aligned(text)
    taken = bytearray(len(folded))
    found: list[Number] = []
    for number in (number for grammar in _GRAMMARS for number in grammar(text, folded)):
        if not any(taken[number.start : number.end]):
            taken[number.start : number.end] = b"\x01" * (number.end - number.start)
            found.append(number)
    return tuple(sorted(found, key=lambda number: number.start))


def whole_numbers(text: str) -> tuple[Number, ...]:
    """Give the document numbers a line consists of: one, or those of several organs that write together; empty where it says more.

    Whatever brackets or blanks stand around and inside, marks of secrecy and urgency before it and a lost 号 behind it do not matter.
    """
    if len(text) > _LONGEST_LINE or not _LIKELY.search(text):
        return ()
    stripped = text[_matched_end(text) :].strip().strip(_AROUND)
    compact = stripped if _WORDS.search(stripped) else "".join(stripped.split())  # only what is set letter by letter is one word
    if _NUMBER_LOST_MARK.fullmatch(fold_aligned(compact)):
        compact += "号"
    numbers = find_numbers(stripped)
    if not _covers(stripped, numbers):
        numbers, stripped = find_numbers(compact), compact
    return numbers if _covers(stripped, numbers) else ()


def has_damaged_number(text: str) -> bool:
    """Say whether a document number lost its closing bracket and 号, or its serial, as when a symbol font was dropped."""
    return ("〔" in text or "号" in text or "號" in text) and _DAMAGED.search(fold_aligned(text)) is not None


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """A document number as a key: equal for every way of writing one number, whoever wrote it.

    `code` is the agency's code or issuer and kind, folded (国发, 国务院令; empty for 第九号, 令 or 公告 where only that is said);
    `year` has four digits, None where the number has none; `kind` is bracketed, order, announcement or bracket_first. A key says
    nothing of the place: 汕府 is written in 汕头 and in 汕尾 (`cleaners.document.authority`).
    """

    code: str
    year: int | None
    serial: int
    kind: str

    @property
    def canonical(self) -> str:
        """The number written out; `parse_key` reads it back."""
        if self.kind == "bracketed":
            return f"{self.code}〔{self.year}〕{self.serial}号"
        if self.kind == "bracket_first":
            return f"〔{self.year}〕{self.code}第{self.serial}号"
        return f"{self.code}{f'{self.year}年' if self.year else ''}第{self.serial}号"


def parse_key(number: str) -> DocumentKey | None:
    """Read a document number, in any of its forms, as a key; the first where several stand (of organs that write together).

    None where there is no number. Brackets, width, blanks, 第, leading zeros, script and Chinese numerals do not matter; two digits
    of a year are those of 1949 to 2048; 第7号令 is 令第7号; and what an announcement bears alone (第九号) is a number here.
    """
    found = whole_numbers(number) or find_numbers(number)
    written = _KEY_BRACKETS.sub(lambda match: "[" if match["open"] else "]", fold(found[0].value if found else number))
    for grammar in _KEYS:
        if (match := grammar.fullmatch(written)) and (serial := read_numeral(match["n"])) > 0:
            return _key(match, serial)
    return None


def _key(match: re.Match[str], serial: int) -> DocumentKey:
    groups = match.groupdict()
    code = ((groups.get("code") or "") + (groups.get("word") or "")).upper().removeprefix("中华人民共和国")
    for name, short in _names().items():
        code = code.replace(name, short)
    year = _four_digits(read_numeral(groups["year"])) if groups["year"] else None
    return DocumentKey(code, year, serial, _kind(code, first=match.re is _KEY_FIRST))


def _kind(code: str, *, first: bool) -> str:
    if first:
        return "bracket_first"
    if code.endswith("令"):
        return "order"
    return "announcement" if not code or code.endswith((*_ANNOUNCED, "届")) else "bracketed"


def _four_digits(year: int) -> int:
    return year if year > 99 else year + (1900 if year >= 49 else 2000)


@cache
def _names() -> dict[str, str]:
    words = tomllib.loads(files("cleaners.document").joinpath("authorities.toml").read_text(encoding="utf-8"))
    return dict(sorted(words["names"].items(), key=lambda pair: -len(pair[0])))


_ANNOUNCED = ("公告", "通告", "通报", "公报")
_KEY_BRACKETS = re.compile(r"(?P<open>[\[【(〈《〖‘{])|[\]】)〉》〗’}]")
_KEY_YEAR = rf"(?P<year>(?:19|20)\d{{2}}|\d{{2}}|二[{ZEROS}{ONES}]{{3}})"
_ORDERED = "|".join(("令", *_ANNOUNCED))
_KEY_FIRST = re.compile(rf"\[{_KEY_YEAR}年?\](?P<code>[{_HAN}A-Za-z]{{1,20}}?)第?{_SERIAL}号")
_KEYS = (
    re.compile(rf"(?P<code>[{_HAN}]{{0,40}}(?:{_ORDERED}))\[?(?:{_KEY_YEAR}年?\]?)?第{_SERIAL}号\]?"),
    re.compile(rf"(?P<code>[{_HAN}]{{0,40}}?)(?:\[?{_KEY_YEAR}年?\]?)?第{_SERIAL}号(?P<word>{_ORDERED})"),
    re.compile(rf"(?P<code>[{_HAN}A-Za-z]{{1,40}})\[{_KEY_YEAR}年?\]第?{_SERIAL}号"),
    _KEY_FIRST,
    re.compile(rf"\[?(?:第?(?P<code>[一二三四五六七八九十]{{1,4}}届)\]?)?(?:{_KEY_YEAR}年)?第{_SERIAL}号\]?"),
)
"""Over a folded number with square brackets: 令第7号 and 公告2020年第3号, 第7号令, 国发[2020]5号, [91]字第9号, and 第九号 alone."""


def _matched_end(text: str) -> int:
    match = _BEFORE.match(text)
    return match.end() if match else 0


def _covers(text: str, numbers: tuple[Number, ...]) -> bool:
    """Say whether numbers are all there is in a text, separators aside."""
    place = 0
    for number in numbers:
        if not _BETWEEN.fullmatch(text[place : number.start]):
            return False
        place = number.end
    return bool(numbers) and place == len(text)


def _bracketed(text: str, folded: str) -> Iterator[Number]:
    for match in (*_BRACKETED.finditer(folded), *_UNBRACKETED.finditer(folded)):
        start = match.start("code") + _lead_in(match["code"])
        code = text[start : match.end("code")]
        if code and (serial := read_numeral(match["n"])) > 0:
            yield _number(
                f"{code}〔{read_numeral(match['year']):02d}〕{serial}{_mark(code, text[match.end() - 1])}", start, match.end(), text
            )


def _bracket_first(text: str, folded: str) -> Iterator[Number]:
    for match in _BRACKET_FIRST.finditer(folded):
        code = text[match.start("code") : match.end("word")]
        mark = _mark(code, text[match.end() - 1])
        yield _number(f"〔{match['year']}〕{code}第{int(match['n'])}{mark}", match.start(), match.end(), text)


def _orders(text: str, folded: str) -> Iterator[Number]:
    for match in _ORDER.finditer(folded):
        start = match.start("code") + _lead_in(match["code"])
        code = text[start : match.end("code")]
        year = f"{match['year']}年" if match["year"] else ""
        if code:
            closing = 1 if re.match(r"[)〕\]]", folded[match.end() :]) and re.search(r"[(〔\[]", match[0]) else 0
            yield _number(f"{code}{year}第{_serial(match)}{_mark(code, text[match.end() - 1])}", start, match.end() + closing, text)


def _orders_last(text: str, folded: str) -> Iterator[Number]:
    for match in _ORDER_LAST.finditer(folded) if "令" in folded else ():
        start = match.start("code") + _lead_in(match["code"])
        code = text[start : match.end("code")]
        if len(code) > 1:
            mark = _mark(code, text[match.end() - 2])
            yield _number(f"{code}第{_serial(match)}{mark}令", start, match.end(), text)


_GRAMMARS = (_bracketed, _bracket_first, _orders, _orders_last)


def _serial(match: re.Match[str]) -> str:
    return str(int(match["n"])) if match["n"].isdecimal() else match["n"]


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
    words = tomllib.loads(files("cleaners.document").joinpath("official.toml").read_text(encoding="utf-8"))
    long, short, starts = words["lead_ins"], words["short_lead_ins"], words["code_starts"]
    return re.compile(f"{'|'.join(long)}|(?<!共)(?:{'|'.join(short)})(?=[{starts}])")
