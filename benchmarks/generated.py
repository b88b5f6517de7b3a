"""Generated notices: texts of about 2 KB with words as often as their rank says (Zipf), set phrases, punctuation, and what notices state.

The same number and seed give the same notices on every machine. Nothing of it is taken from a page: words are drawn from 3,000
characters, sites and issuers are invented.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
VOCABULARY = 8000
PHRASES = ["扶贫", "通知", "公示", "防汛抗旱", "医疗保障", "营商环境", "非物质文化遗产", "安全生产", "政发〔2024〕5号", "贯彻落实"]
TYPES = ["通知", "公告", "公示", "意见", "批复", "决定", "通告", "通报", "报告", "函", "纪要", "办法", "规定", "方案", ""]
PLACES = [first + second for first in "临青松云白玉金石龙凤" for second in "水山河州城岭浦川源安"]
ISSUERS = [f"{place}县{office}" for place in PLACES for office in ("人民政府", "财政局", "教育局", "卫生健康局", "应急管理局")]
SITES = [f"site{number:03}" for number in range(200)]
FIRST_DAY, A_DAY = date(1990, 1, 1), 80


def vocabulary() -> list[str]:
    """Make words of one to four characters, two as a rule."""
    random_ = random.Random(0)
    return ["".join(random_.choices(HAN, k=random_.choice((1, 2, 2, 2, 2, 3, 4)))) for _ in range(VOCABULARY)]


WORDS = vocabulary()
WEIGHTS = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))


def clause(random_: random.Random, words: int) -> str:
    """Make a clause of so many words."""
    return "".join(random_.choices(WORDS, cum_weights=WEIGHTS, k=words))


def text(random_: random.Random, length: int) -> str:
    """Make a text of about so many characters: clauses of two to seven words, a set phrase in every seventh or so."""
    words = iter(random_.choices(WORDS, cum_weights=WEIGHTS, k=length * 3 // 5 + 8))  # two characters each, nearly
    pieces: list[str] = []
    written = 0
    while written < length and len(pieces) < length:
        piece = "".join(next(words, "") for _ in range(random_.randint(2, 7)))
        piece += random_.choice(PHRASES) if random_.random() < 0.15 else ""
        pieces.append(piece + random_.choice("，。；、"))
        written += len(piece) + 1
    return "".join(pieces)


@dataclass(frozen=True)
class Generated:
    """One notice as it would be read from a page."""

    title: str
    text: str
    site: str
    type: str
    creator: str
    issued: date


def notices(number: int, seed: int = 1) -> Iterator[Generated]:
    """Make notices in the order of their days, `A_DAY` a day, the larger sites having more of them (Zipf)."""
    random_ = random.Random(seed)
    shares = list(accumulate(1 / rank for rank in range(1, len(SITES) + 1)))
    for place in range(number):
        yield Generated(
            title=text(random_, 20),
            text=text(random_, 680),
            site=random_.choices(SITES, cum_weights=shares)[0],
            type=random_.choice(TYPES),
            creator=random_.choice(ISSUERS),
            issued=FIRST_DAY + timedelta(days=place // A_DAY),
        )
