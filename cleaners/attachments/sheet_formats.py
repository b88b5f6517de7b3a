"""Number formats of spreadsheets: 0.6 in `0.00` is 0.60, a date in `yyyy"年"m"月"` is 2020年1月.

Source: ECMA-376-1 18.8.30 (numFmt) and 18.8.31 (format codes). A code that is not understood gives None, and the value is then written
without it; exponents are never written, for they hide the digits of numbers that are names.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from cleaners.errors import FileError

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""The formats known by number alone, as Chinese programs show them (18.8.30)."""
Formats = Mapping[tuple[int, int], str]
"""Format codes by row and column, from 0."""

MOST_CELLS = 6_000_000
"""Between the first and the last cell of a sheet: calamine keeps every one of them, the empty ones too."""

_TOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General|AM/PM|A/P|上午/下午|[0#?]+|([ymdhs])\1*|a{3,4}|.', re.IGNORECASE | re.DOTALL)
_PLACES = re.compile(r"[0#?]+")
_LOCALE = re.compile(
    r"\[\$([^\]-]{0,40})(?:-[0-9A-Fa-f]{0,16})?\]"
    r"|\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,3}|黑色|红色)\]",
    re.IGNORECASE,
)
_WEEK = "一二三四五六日"
_LONGEST = 200
_MOST_PLACES = 30


@dataclass(frozen=True, slots=True)
class _Section:
    """A number's format: what stands before and behind it, its places, what it is divided by."""

    before: str
    behind: str
    whole: int
    most: int
    least: int
    grouped: bool
    scale: int


def check_extent(rows: Iterable[int], columns: Iterable[int]) -> None:
    """Refuse a sheet whose cells lie too far apart for the memory of one file."""
    known_rows, known_columns = set(rows) or {0}, set(columns) or {0}
    cells = (max(known_rows) - min(known_rows) + 1) * (max(known_columns) - min(known_columns) + 1)
    if cells > MOST_CELLS:
        raise FileError(f"a sheet spans {cells} cells, more than are read", "too_large")


def written(value: object, code: str) -> str | None:
    """Write a number, a date or a time in a format; None where the format says nothing, or nothing that is known."""
    if len(code) > _LONGEST or code.lower() in {"", "general", "@", "g/通用格式"}:
        return None
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _number(Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value), code)
    return _moment(value, code) if isinstance(value, datetime | date | time) else None


def _number(value: Decimal, code: str) -> str | None:
    sections = _sections(code)
    if not value.is_finite() or not sections:
        return None
    at = 1 if value < 0 and len(sections) > 1 else 2 if not value and len(sections) > 2 else 0
    section = sections[at]
    if section is None:
        return None
    number = abs(value).scaleb(section.scale)
    if number.adjusted() > _MOST_PLACES:
        return None
    digits = format(number.quantize(Decimal(1).scaleb(-section.most), ROUND_HALF_UP), f"{',' if section.grouped else ''}f")
    whole, _, fraction = digits.partition(".")
    while len(fraction) > section.least and fraction.endswith("0"):
        fraction = fraction[:-1]
    whole = whole.zfill(section.whole) if section.whole or whole != "0" else ""
    sign = "-" if value < 0 and at == 0 and (whole.strip("0,") or fraction.strip("0")) else ""
    return f"{section.before}{sign}{whole}{'.' if fraction else ''}{fraction}{section.behind}".strip()


@functools.lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section | None, ...]:
    """Read the up to three sections of a number's format: positive; negative; zero."""
    tokens: list[list[str]] = [[]]
    for match in _TOKEN.finditer(_LOCALE.sub(r"\1", code)):
        if match[0] == ";":
            tokens.append([])
        else:
            tokens[-1].append(match[0])
    return tuple(map(_section, tokens[:3]))


def _section(tokens: list[str]) -> _Section | None:
    places = [at for at, token in enumerate(tokens) if token[0] in "0#?"]
    if not places:
        return None
    first = places[0] - (1 if places[0] and tokens[places[0] - 1] == "." else 0)
    last = places[-1] + 1
    while last < len(tokens) and tokens[last] in {",", "."}:
        last += 1
    middle = "".join(tokens[first:last])
    outer = [_literal(token) for token in (*tokens[:first], *tokens[last:])]
    if not re.fullmatch(r"[0#?,]*(?:\.[0#?]*)?,*", middle) or None in outer:
        return None
    whole, _, fraction = middle.rstrip(",").partition(".")
    percent = tokens.count("%")
    return _Section(
        before="".join(filter(None, outer[:first])),
        behind="".join(filter(None, outer[first:])),
        whole=whole.count("0"),
        most=len(fraction),
        least=fraction.count("0"),
        grouped="," in whole,
        scale=2 * percent - 3 * (len(middle) - len(middle.rstrip(","))),
    )


def _literal(token: str) -> str | None:
    """Give what a token prints; None where it does something."""
    if token.startswith('"'):
        return token.strip('"')
    if token[0] in "_*" and len(token) == 2:
        return ""
    if token[0] == "\\":
        return token[1:]
    return None if token[0] in "[@/eEgG" or (token.isascii() and token.isalpha()) else token


def _moment(value: datetime | date | time, code: str) -> str | None:
    text = _LOCALE.sub(r"\1", code.split(";", maxsplit=1)[0])
    tokens = [match[0] for match in _TOKEN.finditer(text)]
    letters = [token[0].lower() if token[0].lower() in "ymdhs" and token.isascii() else "" for token in tokens]
    halves = any(token.upper() in {"AM/PM", "A/P", "上午/下午"} for token in tokens)
    parts = []
    for at, token in enumerate(tokens):
        part = _moment_part(value, _role(letters, at), token, halves=halves)
        if part is None:
            return None
        parts.append(part)
    return "".join(parts).strip() or None


def _role(letters: list[str], at: int) -> str:
    """Say what a token's letter stands for: m is a minute behind h and before s."""
    if letters[at] != "m":
        return letters[at]
    before = next((letter for letter in reversed(letters[:at]) if letter), "")
    behind = next((letter for letter in letters[at + 1 :] if letter), "")
    return "minute" if before == "h" or behind == "s" else "m"


def _moment_part(value: datetime | date | time, role: str, token: str, *, halves: bool) -> str | None:
    if not role:
        return _half(value, token) if "/" in token else _literal(token)
    names = {"y": "year", "m": "month", "d": "day", "h": "hour", "minute": "minute", "s": "second"}
    number = getattr(value, names[role], None)
    if number is None or (role in "md" and len(token) > 2):
        return None if number is None or role == "m" else f"星期{_WEEK[value.weekday()]}" if isinstance(value, date) else None
    if role == "y":
        return f"{number:04d}"[-2 if len(token) < 3 else 0 :]
    if role == "h" and halves:
        number = (number + 11) % 12 + 1
    return f"{number:0{min(len(token), 2)}d}"


def _half(value: datetime | date | time, token: str) -> str:
    """Give one of AM/PM; a stroke that parts the numbers of a date is itself."""
    morning, _, afternoon = token.partition("/")
    hour = getattr(value, "hour", 0)
    return (morning if hour < 12 else afternoon) or "/"
