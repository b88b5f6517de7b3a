"""落款: the signature and date at the end of an official document (GB/T 9704-2012, 7.3.5), and the words of organs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from cleaners.characters.fold import fold_aligned
from cleaners.document.dates import find_dates
from cleaners.document.moments import day_of

_MOST_SIGNERS = 8
_LONGEST_NAME = 40
_LONGEST_LINE = _LONGEST_NAME + 30
_NO_NAME = re.compile(r"[，。；：！？,;:!?]|^[(（\d]|^[一二三四五六七八九十]+、|^附件?")
_ANNEX = re.compile(r"附\s*件(?:\s*[\d一二三四五六七八九十]+\s*[:：]?)?")  # 附件： alone is the head of a list of them
_AFTER = re.compile(
    r"[(（](?:此件|此文|联\s*系)\S{2,40}[)）]|抄\s*[送报]\s*[:：]|附\s*件|主题词|联\s*系\s*(?:人|电话)|\S{2,30}(?:印发|校对)|签发人"
)
_FURNITURE = "()（）[]【】　 。"
_DATE_ENDS = frozenset("日号號分秒")
_LAST_LINES = 3  # in which names and a date may follow the text's last sentence
_BLANK_RUN = re.compile(r"\s{2,}|[　\t、]")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs and when: names as they stand, from top to bottom, the day, the lines read, and where the date stands."""

    names: tuple[str, ...]
    created: date | None
    snippet: str
    paragraph: int


def find_signature(lines: Sequence[str]) -> Signature | None:
    """Find the signature of a document: the first dated line under a name, else a date that ends the document.

    What follows 附件 alone on a line is annexed text with signatures of its own. A date with xx in it is none.
    """
    end = next((index for index, line in enumerate(lines) if index > 0 and "附" in line and _ANNEX.fullmatch(line.strip())), len(lines))
    dated = [(index, *found) for index in range(end) if _may_be_dated(lines[index]) and (found := _dated_line(lines[index]))]
    for index, day, name in dated:
        names = (name,) if name else _names_above(lines, index)
        if names and index > 0:
            return Signature(names, day, "\n".join((*([] if name else names), lines[index].strip())), index)
    if not dated:
        return _behind_the_text(lines, end)
    index, day, _ = dated[-1]
    names = _names_below(lines, index + 1, end)
    rest = lines[index + 1 + len(names) : end]
    if index > 1 and all(_AFTER.match(line.strip()) for line in rest):
        return Signature(names, day, "\n".join((lines[index].strip(), *names)), index)
    return None


def _may_be_dated(line: str) -> bool:
    """Say whether a line is as short as one of a signature and ends as a date does: a look only."""
    last = line.rstrip(_FURNITURE)[-1:]
    return len(line) <= _LONGEST_LINE and (last in _DATE_ENDS or last.isdecimal())


def _behind_the_text(lines: Sequence[str], end: int) -> Signature | None:
    """Read a name and a date behind the last sentence of the text: 特此通知。示例县人民政府 2020年9月15日."""
    for index in range(max(1, end - _LAST_LINES), end):
        text, stop, tail = lines[index].rstrip(_FURNITURE).rpartition("。")
        found = _dated_line(tail) if stop and text and _may_be_dated(tail) else None
        if found and found[1] and all(_AFTER.match(line.strip()) for line in lines[index + 1 : end]):
            return Signature((found[1],), found[0], tail.strip(), index)
    return None


def is_organ(name: str) -> bool:
    """Say whether a name reads as an organ's: Han and brackets only, ending as organs' names end."""
    plain = re.sub(r"\s", "", fold_aligned(name))
    wrong = plain.endswith(tuple(words()["not_organs"])) or plain.startswith(tuple(words()["not_first"])) or "的" in plain
    return not wrong and bool(_organ().fullmatch(plain))


def _dated_line(line: str) -> tuple[date, str] | None:
    """Read a line that is a date, or a name and then a date; the date to the day."""
    stripped = line.strip().strip(_FURNITURE)
    found = find_dates(stripped) if len(stripped) <= _LONGEST_LINE else ()
    if len(found) != 1 or found[0].end != len(stripped) or found[0].value is None:
        return None
    name = _bare(stripped[: found[0].start])
    return (day_of(found[0].value), name) if not name or is_signer(name) else None


def _bare(name: str) -> str:
    """Give a name without what stands around it; a bracket that belongs to it, （盖章）, stays."""
    bare = name.strip(_FURNITURE)
    return bare if bare.count("（") == bare.count("）") and bare.count("(") == bare.count(")") else name.strip("[]【】　 。")


def _names_above(lines: Sequence[str], index: int) -> tuple[str, ...]:
    names: list[str] = []
    for line in reversed(lines[max(0, index - _MOST_SIGNERS) : index]):
        if not is_signer(line):
            break
        names.insert(0, _bare(line))
    return tuple(names)


def _names_below(lines: Sequence[str], start: int, end: int) -> tuple[str, ...]:
    """Give the names that stand below the date, where nothing else does."""
    below = [line.strip() for line in lines[start:end]]
    return tuple(map(_bare, below)) if 0 < len(below) <= _MOST_SIGNERS and all(map(is_signer, below)) else ()


def is_signer(line: str) -> bool:
    """Say whether a line is nothing but the name of an organ, of several, or of a person with the office held."""
    stripped = line.strip()
    if not stripped or len(stripped) > _LONGEST_NAME or _NO_NAME.search(stripped):
        return False
    parts = [part for part in _BLANK_RUN.split(stripped) if len(part) > 1]
    return is_organ(stripped) or (len(parts) > 1 and all(map(is_organ, parts))) or is_person(stripped)


def is_person(line: str) -> bool:
    """Say whether a line is an office and a name: 市长　王某某."""
    return bool(_person().fullmatch(fold_aligned(line.strip())))


@cache
def words() -> dict[str, list[str]]:
    """Give the words of official documents (official.toml)."""
    table: dict[str, list[str]] = tomllib.loads(files("cleaners.document").joinpath("official.toml").read_text(encoding="utf-8"))
    return table


@cache
def _organ() -> re.Pattern[str]:
    return re.compile(rf"[\u4e00-\u9fff()·“”]{{1,38}}(?:{'|'.join(words()['organs'])})(?:\([\u4e00-\u9fff]{{1,12}}\))?")


@cache
def _person() -> re.Pattern[str]:
    return re.compile(
        rf"[\u4e00-\u9fff]{{0,8}}(?:{'|'.join(words()['offices'])})[\s:：]+[\u4e00-\u9fff·]\s?[\u4e00-\u9fff·]{{1,7}}(?:\s[\u4e00-\u9fff])?"
    )
