"""Where a text names persons' contacts and numbers: marked for readers and exports, never changed.

What identifies an organisation or a document is none of these: 统一社会信用代码 (GB 32100-2015), 网站标识码, ICP and project codes,
document numbers, amounts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from cleaners.characters.fold import fold_aligned
from cleaners.document.contacts import column_spans, names_in
from cleaners.records import Paragraph, Span

_WORTH_A_LOOK = re.compile(  # begins with one set of characters, so that all others are passed over at once
    r"[0-9０-９@＠系繫络絡办辦询詢理件经經Qq微ＱｑＸ](?:(?<=[0-9０-９])[0-9０-９*＊xXＸ× \-－\u3000)）]{4}|(?<=[@＠])\w"
    r"|(?<=[系繫络絡办辦询詢理件])\s?人"
    r"|(?<=[经經])[办辦]|(?<=[QqＱｑ])[QqＱｑ]|(?<=微)\s?信)"
)
_NO_LETTER = r"(?<![\dA-Za-z_.-])"
_END = r"(?![\dA-Za-z])"
_MASK = r"[*xX×]"
_EXTENSION = r"(?: ?(?:转|-|—|ext\.? ?) ?\d{1,6})?"
_FURTHER = {
    "phone": re.compile(r" ?(?:[/、,;或] ?(\d{7,8})|/ ?(\d{1,4}))(?![\d.A-Za-z年月日-])"),
    "qq": re.compile(r" ?[/、,;或] ?([1-9]\d{5,11})(?![\d.A-Za-z年月日-])"),
}
_CODE_BEFORE = re.compile(
    r"(?:信用代码|机构代码|标识码|项目代码|项目编号|备案号|备案|许可证号?|证书编?号|登记号|合同号|合同编号|专利号|注册号|索引号|编号|编码|文号|发票号?|订单号|批准文号|招标编号|公告编号|ICP)"
    r"[^\d\n]{0,8}$"
)
_MONEY_BEHIND = re.compile(r" ?(?:余)?(?:万|亿|千|百)?(?:元|美元|吨|人次|平方|公里|人民币|户|亩)")
_LOOK_BACK = 30  # characters
_ID_CONTEXT = re.compile(r"身份证|证件号|公民身份|身份号码")
_BANK_CONTEXT = re.compile(r"银行|账 ?号|帐 ?号|账 ?户|卡 ?号|开户|户 ?名")
_PHONE_CONTEXT = re.compile(r"电 ?话|传 ?真|热 ?线|联系|咨询|手机|举报|监督|办公室")
_LOCAL_CONTEXT = re.compile(r"(?:电 ?话|传 ?真|热 ?线|座 ?机)(?:号码)?[^\d\n]{0,6}$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

Test = Callable[[str, str], bool]
"""Says whether what was found is what it looks like: given it, and the characters before it."""


def is_identity_number(text: str) -> bool:
    """Say whether eighteen characters are a citizen's identity number: the last is a check digit (GB 11643-1999, ISO 7064 MOD 11-2)."""
    if len(text) != 18 or not text[:17].isdecimal():
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text[:17], strict=True))
    return "10X98765432"[total % 11] == text[17].upper()


def is_card_number(text: str) -> bool:
    """Say whether sixteen to nineteen digits are a bank card's number by its check digit (ISO/IEC 7812-1, the Luhn formula)."""
    digits = [int(digit) for digit in text if digit.isdecimal()]
    if not 16 <= len(digits) <= 19:
        return False
    doubled = (2 * digit - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


def _any(_found: str, before: str) -> bool:
    return not _CODE_BEFORE.search(before)


def _identity(found: str, before: str) -> bool:
    return is_identity_number(found) and not _CODE_BEFORE.search(before)


def _named_identity(found: str, before: str) -> bool:
    return len(found) in {15, 18} and _ID_CONTEXT.search(before) is not None


def _card(found: str, before: str) -> bool:
    return is_card_number(found) and _BANK_CONTEXT.search(before) is not None and not _CODE_BEFORE.search(before)


def _called(_found: str, before: str) -> bool:
    return _PHONE_CONTEXT.search(before) is not None and not _CODE_BEFORE.search(before)


def _local(_found: str, before: str) -> bool:
    return _LOCAL_CONTEXT.search(before) is not None


class _Kind(NamedTuple):
    kind: str
    pattern: re.Pattern[str]
    test: Test


_KINDS = (
    _Kind("email", re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}", re.ASCII), _any),
    _Kind(
        "id_card",
        re.compile(rf"{_NO_LETTER}[1-9]\d{{5}}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}[\dXx]{_END}"),
        _identity,
    ),
    _Kind("id_card", re.compile(rf"{_NO_LETTER}[1-9]\d{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}{_END}"), _named_identity),
    _Kind("id_card", re.compile(rf"{_NO_LETTER}[1-9]\d{{2,13}}{_MASK}{{3,14}}[\dXx]{{0,4}}(?![\dA-Za-z*])"), _named_identity),
    _Kind("bank_card", re.compile(rf"{_NO_LETTER}[3-9]\d{{3}}(?:\d{{12,15}}|(?: \d{{4}}){{3}}(?: \d{{1,3}})?){_END}"), _card),
    _Kind("mobile", re.compile(rf"(?<![\dA-Za-z_.-])(?:\(?\+?(?:00)?86\)?[- ]?)?1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}{_END}"), _any),
    _Kind("mobile", re.compile(rf"{_NO_LETTER}1[3-9]\d{_MASK}{{4,8}}\d{{0,4}}{_END}"), _any),
    _Kind(
        "phone",
        re.compile(
            rf"(?<![\dA-Za-z-])(?:(?:\+?86[- ]?)?(?:\(0\d{{2,3}}\) ?|0\d{{2,3}}[- ]{{1,3}})\d{{7,8}}{_EXTENSION}"
            rf"|(?:400|800)-\d{{3,4}}-?\d{{3,4}}){_END}"
        ),
        _any,
    ),
    _Kind("phone", re.compile(rf"(?<![\dA-Za-z-])(?:0\d{{9,11}}{_EXTENSION}|400\d{{7}}){_END}"), _called),
    _Kind("phone", re.compile(rf"(?<![\d-])[2-8]\d{{6,7}}{_EXTENSION}(?!\d)"), _local),
    _Kind("qq", re.compile(r"(?i:qq)(?:交流|工作|咨询|服务)?(?:群|号|客服)?(?:号)? ?[号:]? ?(?P<value>[1-9]\d{4,11})(?!\d)"), _any),
    _Kind("wechat", re.compile(r"微 ?信(?:号)? ?: ?(?P<value>[A-Za-z][A-Za-z\d_-]{5,19})(?![\w-])", re.ASCII), _any),
)


def find_spans(paragraphs: Sequence[Paragraph]) -> tuple[Span, ...]:
    """Mark phones, mobiles, identity and card numbers (checked where they have a check digit), e-mails, QQ and WeChat accounts, contacts.

    In order of their place; no two overlap.
    """
    worth = [number for number, paragraph in enumerate(paragraphs) if _WORTH_A_LOOK.search(paragraph.text)]
    if not worth:
        return ()
    folded = fold_aligned("\n".join(paragraphs[number].text for number in worth))
    starts = [0, *accumulate(len(paragraphs[number].text) + 1 for number in worth)]
    found: list[Span] = []
    for kind, start, end in _found(folded):
        place = bisect_right(starts, start) - 1
        found.append(Span(kind, worth[place], start - starts[place], end - starts[place]))
    return tuple(_apart(sorted((*column_spans(paragraphs), *found), key=lambda span: (span.paragraph, span.start, -span.end))))


def _apart(spans: Sequence[Span]) -> Iterator[Span]:
    """Leave out what begins inside the span before it."""
    paragraph, end = -1, 0
    for span in spans:
        if span.paragraph != paragraph or span.start >= end:
            paragraph, end = span.paragraph, span.end
            yield span


def _found(folded: str) -> Iterator[tuple[str, int, int]]:
    """Find everything in a folded text whose lines are paragraphs: what one kind took, no later one does."""
    taken = bytearray(len(folded))
    for kind, start, end in (*_numbers(folded), *(("contact_name", *place) for place in names_in(folded))):
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            yield kind, start, end


def _numbers(folded: str) -> Iterator[tuple[str, int, int]]:
    for kind, pattern, test in _KINDS:
        for match in pattern.finditer(folded):
            start, end = match.span("value" if "value" in pattern.groupindex else 0)
            line = folded.rfind("\n", 0, start) + 1
            before = folded[max(line, start - _LOOK_BACK) : start]
            if test(folded[start:end], before) and (kind in {"email", "wechat"} or not _MONEY_BEHIND.match(folded, end)):
                yield kind, start, end
                if kind in _FURTHER:
                    yield from _further(kind, folded, end)


def _further(kind: str, folded: str, end: int) -> Iterator[tuple[str, int, int]]:
    """Give the further numbers set behind one: 0900-5550123/5550124/25."""
    while more := _FURTHER[kind].match(folded, end):
        start, end = more.span(more.lastindex or 0)
        yield kind, start, end
