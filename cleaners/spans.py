"""Where a text names persons' contacts and numbers: marked for readers and exports, never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaners.fold import fold_aligned
from cleaners.records import Paragraph, Span

PATTERNS = (
    ("id_card", re.compile(r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])")),
    ("mobile", re.compile(r"(?<![\d-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")),
    ("phone", re.compile(r"(?<![\d-])(?:(?:\(0\d{2,3}\)|0\d{2,3}[- ]{1,3})\d{7,8}(?:-\d{1,5})?|(?:400|800)-\d{3}-?\d{4})(?!\d)")),
    ("email", re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}", re.ASCII)),
    ("qq", re.compile(r"(?i:qq)(?:群|号|客服)? ?[号:]? ?(?P<value>[1-9]\d{4,11})(?!\d)")),
    ("contact_name", re.compile(r"联 ?系 ?人 ?:? ?(?P<value>[\u4e00-\u9fff](?: ?[\u4e00-\u9fff·]){1,3})(?![\u4e00-\u9fff])")),
)
WORTH_A_LOOK = re.compile(r"\d{5}|\d{3}[- －]\d{3}|[@＠联聯]")
LOCAL = re.compile(r"(?:电 ?话|传 ?真|热线)[^\d\n]{0,6}(?P<value>\d{7,8})(?!\d)")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def find_spans(paragraphs: Sequence[Paragraph]) -> tuple[Span, ...]:
    """Mark phones, mobiles, identity numbers (checked by GB 11643-1999), e-mails, QQ numbers and named contacts, in order."""
    return tuple(span for number, paragraph in enumerate(paragraphs) for span in sorted(_spans(number, paragraph.text), key=_start))


def _start(span: Span) -> int:
    return span.start


def _spans(number: int, text: str) -> Iterator[Span]:
    if not WORTH_A_LOOK.search(text):
        return
    folded = fold_aligned(text)
    taken: list[tuple[int, int]] = []
    for kind, pattern in (*PATTERNS, ("phone", LOCAL)):
        for found in pattern.finditer(folded):
            start, end = found.span("value" if "value" in pattern.groupindex else 0)
            if (kind != "id_card" or is_identity_number(folded[start:end])) and all(end <= left or start >= right for left, right in taken):
                taken.append((start, end))
                yield Span(kind, number, start, end)


def is_identity_number(text: str) -> bool:
    """Say whether eighteen characters are a citizen's identity number: the last is a check digit (GB 11643-1999, ISO 7064 MOD 11-2)."""
    if len(text) != 18 or not text[:17].isdecimal():
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, text[:17], strict=True))
    return "10X98765432"[total % 11] == text[17].upper()
